"""Grids with their workers, and posts, as they stand in the Excel files of a subdistrict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from mulin.identity.access import Actor
from mulin.identity.backends import phone_index
from mulin.identity.models import User
from mulin.identity.services import user_create
from mulin.kernel.errors import Conflict, InvalidInput, MulinError, NotFound
from mulin.kernel.identifiers import normalise_phone
from mulin.parts.areas.models import Area, PostHolding, PostKind
from mulin.parts.areas.rules import FULL_TIME_GRID_WORKER, AreaKind, periods_meet
from mulin.parts.areas.services.posts import post_appoint
from mulin.parts.areas.services.tree_import import Rejected, TreeRow, tree_import


@dataclass(frozen=True, slots=True)
class GridRow:
    """One grid and, if known, its full-time worker."""

    code: str
    name: str
    community_code: str
    household_count: int | None = None
    telephone: str = ""
    supervision_telephone: str = ""
    worker_name: str = ""
    worker_phone: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class PostRow:
    """One person in one post. `post` is the code of a kind of post or its name in either language."""

    area_code: str
    post: str
    holder_name: str
    phone: str = ""
    login_name: str = ""
    valid_from: date | None = None
    line: int = 0


@dataclass(slots=True)
class SheetReport:
    """What became of a sheet. `accounts` counts people who had none before; they sign in once given a password."""

    created: int = 0
    unchanged: int = 0
    accounts: int = 0
    rejected: list[Rejected] = field(default_factory=list)


@transaction.atomic
def grids_import(
    *,
    rows: Sequence[GridRow],
    valid_from: date,
    actor: Actor,
    now: datetime,
    within_paths: Sequence[str] = ("",),
) -> SheetReport:
    """Bring in grids below their communities and appoint the workers named beside them.

    A grid that is there takes on the counts and telephones of its line. A line whose worker cannot be appointed keeps
    its grid and is reported.
    """
    tree = tree_import(
        rows=[TreeRow(row.code, row.name, row.community_code, AreaKind.GRID, row.line) for row in rows],
        valid_from=valid_from,
        actor=actor,
        now=now,
        within_paths=within_paths,
    )
    bad_lines = {rejected.line for rejected in tree.rejected}
    good = [row for row in rows if row.line not in bad_lines]
    describe(good)
    posts = posts_import(
        rows=[
            PostRow(row.code, FULL_TIME_GRID_WORKER, row.worker_name, row.worker_phone, line=row.line)
            for row in good
            if row.worker_name.strip() or row.worker_phone.strip()
        ],
        valid_from=valid_from,
        actor=actor,
        now=now,
        within_paths=within_paths,
    )
    return SheetReport(
        created=tree.created,
        unchanged=tree.unchanged + tree.renamed,
        accounts=posts.accounts,
        rejected=sorted([*tree.rejected, *posts.rejected], key=lambda rejected: rejected.line),
    )


def describe(rows: Sequence[GridRow]) -> None:
    """Write counts and telephones where a line gives them."""
    areas = areas_in_force(row.code.strip() for row in rows)
    for row in rows:
        area = areas[row.code.strip()]
        if row.household_count is not None:
            area.household_count = row.household_count
        area.telephone = row.telephone.strip()[:30] or area.telephone
        area.supervision_telephone = row.supervision_telephone.strip()[:30] or area.supervision_telephone
    Area.objects.bulk_update(
        areas.values(), ["household_count", "telephone", "supervision_telephone"], batch_size=200
    )


@transaction.atomic
def posts_import(
    *,
    rows: Sequence[PostRow],
    valid_from: date,
    actor: Actor,
    now: datetime,
    within_paths: Sequence[str] = ("",),
) -> SheetReport:
    """Appoint the people of a sheet; who has no account yet gets one, without a password.

    A person is known by phone, or else by login name. Appointments that stand already are left. Each bad line is
    rejected by itself.
    """
    report = SheetReport()
    desk = Desk(rows, valid_from, actor, now, within_paths)
    for row in rows:
        try:
            # A savepoint a line: what fails half-way through leaves nothing behind.
            with transaction.atomic():
                taken = desk.take(row)
        except MulinError as error:
            desk.forget_rolled_back()
            report.rejected.append(Rejected(row.line, error.text))
        else:
            desk.remember()
            report.created += taken.is_new_post
            report.unchanged += not taken.is_new_post
            report.accounts += taken.is_new_account
    return report


@dataclass(frozen=True, slots=True)
class Taken:
    """What one line came to."""

    is_new_post: bool
    is_new_account: bool


class Desk:
    """What appointing a sheet's people needs to know, read once for all lines."""

    def __init__(
        self,
        rows: Sequence[PostRow],
        valid_from: date,
        actor: Actor,
        now: datetime,
        within_paths: Sequence[str],
    ) -> None:
        self.valid_from, self.actor, self.now, self.within_paths = valid_from, actor, now, within_paths
        self.kinds = kinds_by_word()
        self.areas = areas_in_force(row.area_code.strip() for row in rows)
        self.users = users_by_mark(rows)
        self.held = periods_held(self.areas.values())
        self.new_account: tuple[list[str], User] | None = None

    def take(self, row: PostRow) -> Taken:
        """Appoint one line's person, or see that the appointment stands already."""
        kind, area = self.kind_of(row), self.area_of(row)
        begins = row.valid_from or self.valid_from
        known = self.user_of(row)
        holder = known or self.account_for(row, area)
        periods = self.held.setdefault((kind.pk, area.pk, holder.pk), [])
        if any(periods_meet((begins, None), period) for period in periods):
            return Taken(is_new_post=False, is_new_account=known is None)
        post_appoint(kind=kind, area=area, holder=holder, valid_from=begins, actor=self.actor, now=self.now)
        periods.append((begins, None))
        return Taken(is_new_post=True, is_new_account=known is None)

    def remember(self) -> None:
        """The line's transaction holds: its new account may be met again further down."""
        if self.new_account:
            marks, user = self.new_account
            self.users.update(dict.fromkeys(marks, user))
        self.new_account = None

    def forget_rolled_back(self) -> None:
        self.new_account = None

    def kind_of(self, row: PostRow) -> PostKind:
        kind = self.kinds.get(row.post.strip().lower())
        if kind is None:
            raise NotFound(
                zh=f"没有“{row.post.strip()[:20]}”这种岗位，请用岗位表里的名称。",
                en=f'There is no post "{row.post.strip()[:20]}"; use a name from the list of posts.',
                code="post-unknown",
            )
        return kind

    def area_of(self, row: PostRow) -> Area:
        area = self.areas.get(row.area_code.strip())
        if area is None or not any(area.path.startswith(path) for path in self.within_paths):
            raise NotFound(
                zh=f"没有编码为 {row.area_code.strip()[:40]} 的现行区域，或不在您管理的范围里。",
                en=f"No area in force has the code {row.area_code.strip()[:40]}, or it lies outside what you manage.",
                code="area-unknown",
            )
        return area

    def user_of(self, row: PostRow) -> User | None:
        marks = marks_of(row)
        if not marks:
            raise InvalidInput(
                zh="请填写手机号或登录名，好认出是哪一位。",
                en="Please give a phone number or login name, so that it is clear who is meant.",
                code="holder-unclear",
            )
        user = next((self.users[mark] for mark in marks if mark in self.users), None)
        if (
            user is not None
            and row.holder_name.strip()
            and user.display_name != " ".join(row.holder_name.split())
        ):
            raise Conflict(
                zh="这个手机号（或登录名）的账号是另一个姓名，请核对。",
                en="The account of this phone (or login name) bears another name; please check.",
                code="holder-name-differs",
            )
        return user

    def account_for(self, row: PostRow, area: Area) -> User:
        login_name = row.login_name.strip() or self.free_login_name(area)
        user = user_create(
            login_name=login_name,
            display_name=row.holder_name,
            phone=row.phone,
            area_path=area.path,
            actor=self.actor,
            now=self.now,
        )
        self.new_account = ([*marks_of(row), user.login_name], user)
        return user

    def free_login_name(self, area: Area) -> str:
        """A name that says nothing of the person; they sign in by phone."""
        number = 1
        while (name := f"{area.kind}-{area.code}-{number}".lower()) in self.users or is_login_name(name):
            number += 1
        return name


def is_login_name(name: str) -> bool:
    return User.objects.filter(login_name=name).exists()


def kinds_by_word() -> dict[str, PostKind]:
    kinds = {}
    for kind in PostKind.objects.all():
        kinds.update({word.lower(): kind for word in (kind.code, kind.name_zh, kind.name_en)})
    return kinds


def areas_in_force(codes: Iterable[str]) -> dict[str, Area]:
    wanted = set(codes)
    areas = Area.objects.filter(valid_to__isnull=True).defer("boundary")
    if len(wanted) <= 500:
        areas = areas.filter(code__in=wanted)
    return {area.code: area for area in areas if area.code in wanted}


def marks_of(row: PostRow) -> list[str]:
    """By what a line's person is known: the phone's blind index, the login name. Raises InvalidInput (phone)."""
    marks = [phone_index(normalise_phone(row.phone))] if row.phone.strip() else []
    return marks + ([row.login_name.strip().lower()] if row.login_name.strip() else [])


def users_by_mark(rows: Sequence[PostRow]) -> dict[str, User]:
    """Accounts by phone index and by login name, those of the sheet and those whose names a new one could get."""
    users: dict[str, User] = {}
    for user in User.objects.all() if len(rows) > 200 else users_named(rows):
        users[user.login_name] = user
        if user.phone_index:
            users[user.phone_index] = user
    return users


def users_named(rows: Sequence[PostRow]) -> Iterable[User]:
    marks: set[str] = set()
    for row in rows:
        try:
            marks.update(marks_of(row))
        except InvalidInput:
            # Said again, to the person, when the line itself is taken.
            continue
    return [*User.objects.filter(phone_index__in=marks), *User.objects.filter(login_name__in=marks)]


def periods_held(areas: Iterable[Area]) -> dict[tuple[str, int, int], list[tuple[date, date | None]]]:
    held: dict[tuple[str, int, int], list[tuple[date, date | None]]] = {}
    ids = [area.pk for area in areas]
    holdings = PostHolding.objects.all() if len(ids) > 500 else PostHolding.objects.filter(area__in=ids)
    for kind, area, holder, begins, ends in holdings.values_list(
        "kind_id", "area_id", "holder_id", "valid_from", "valid_to"
    ):
        held.setdefault((kind, area, holder), []).append((begins, ends))
    return held
