"""Changes to partners: one function, one use case, one transaction, with a line in the partner's file and in the audit
trail. Whether the actor may do it (`partners.manage` over the area) is asked by the view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import IntegrityError, transaction

from mulin.identity import audit
from mulin.identity import services as identity
from mulin.identity.access import Actor
from mulin.identity.backends import user_by_name_or_phone
from mulin.identity.models import Grant, User
from mulin.identity.rules import initial_password
from mulin.kernel.clock import COUNTY_TIME_ZONE, Rng, SystemRandomness
from mulin.kernel.errors import Conflict, FieldProblem, InvalidInput, Text, WrongState
from mulin.kernel.identifiers import check_credit_code, normalise_phone
from mulin.parts.partners.models import Partner, PartnerEvent, PartnerMember, ServiceArea, ServiceCategory
from mulin.parts.partners.rules import (
    EventKind,
    PartnerKind,
    PartnerState,
    asks_for_credit_code,
    check_reason,
    may_become,
)

SYSTEM_RANDOMNESS = SystemRandomness()
ROLE = "partner"
NAME = Text(zh="单位或个人名称", en="the name")
CONTACT = Text(zh="联系人姓名", en="the contact's name")


class Place(Protocol):
    """What is needed of a row of areas.Area."""

    @property
    def pk(self) -> Any: ...

    path: Any
    name: Any


@dataclass(frozen=True, slots=True)
class Application:
    """What an applicant says. `area` is the place that answers for it; it serves there if no `service_areas` are given."""

    name: str
    kind: str
    area: Place
    categories: Sequence[str]
    contact_name: str
    phone: str
    uscc: str = ""
    address: str = ""
    introduction: str = ""
    service_areas: Sequence[Place] = ()


def about(partner: Partner) -> str:
    """How a partner stands in the audit trail."""
    return f"partners.partner:{partner.public_id}"


def write_down(
    partner: Partner,
    kind: EventKind,
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
    data: dict[str, object] | None = None,
) -> None:
    """The line in the partner's file and the entry in the audit trail."""
    PartnerEvent.objects.create(
        partner=partner,
        kind=kind,
        at=now,
        actor_id=actor.user_id,
        actor_label=actor.name[:80],
        note=note[:300],
    )
    audit.record(
        actor=actor,
        act=f"partners.partner_{kind.value}",
        about=about(partner),
        area_path=partner.area_path,
        reason=note[:200],
        data=data,
        now=now,
    )


@transaction.atomic
def partner_apply(*, application: Application, actor: Actor, now: datetime) -> Partner:
    """A shop, firm, organisation or person asks to serve. Every field at fault is named at once.

    Raises InvalidInput (name, kind, categories, contact_name, phone, uscc) and Conflict when an organisation with this
    credit code stands in the register already.
    """
    values = checked(application)
    categories = list(ServiceCategory.objects.filter(code__in=set(application.categories)))
    if len(categories) < len(set(application.categories)):
        raise InvalidInput(
            zh="所选的服务类别里有一项已经没有了，请重新选择。",
            en="One of the chosen kinds of service no longer exists. Please choose again.",
            field="categories",
            code="category-unknown",
        )
    partner = Partner(
        **values,
        area_id=application.area.pk,
        area_path=application.area.path,
        state=PartnerState.APPLIED,
        applied_at=now,
    )
    try:
        with transaction.atomic():
            partner.save()
    except IntegrityError:
        raise already_standing() from None
    partner.categories.set(categories)
    ServiceArea.objects.bulk_create(
        ServiceArea(partner=partner, area_id=area.pk, area_path=area.path)
        for area in {area.pk: area for area in application.service_areas or [application.area]}.values()
    )
    write_down(partner, EventKind.APPLIED, actor=actor, now=now)
    return partner


def checked(application: Application) -> dict[str, Any]:
    """The fields in their stored form; raises one InvalidInput with every problem."""
    problems: list[FieldProblem] = []
    values: dict[str, Any] = {
        "name": text_of(application.name, "name", 100, NAME, problems),
        "contact_name": text_of(application.contact_name, "contact_name", 60, CONTACT, problems),
        "address": " ".join(application.address.split())[:200],
        "introduction": application.introduction.strip()[:500],
    }
    if application.kind not in set(PartnerKind):
        problems.append(
            problem("kind", "请选择您属于哪一类。", "Please choose what you are.", "kind-missing")
        )
    if not application.categories:
        problems.append(
            problem(
                "categories",
                "请至少选择一类能提供的服务。",
                "Please choose at least one service.",
                "categories-missing",
            )
        )
    try:
        values["phone"] = normalise_phone(application.phone)
    except InvalidInput as error:
        problems.extend(error.problems)
    try:
        values["uscc"] = credit_code_of(application)
    except InvalidInput as error:
        problems.extend(error.problems)
    if problems:
        raise InvalidInput(problems=problems)
    return values | {"kind": PartnerKind(application.kind), "phone_tail": values["phone"][-4:]}


def credit_code_of(application: Application) -> str:
    """The checked code; only who is no organisation may leave it out."""
    given = application.uscc.strip()
    is_organisation = application.kind in set(PartnerKind) and asks_for_credit_code(
        PartnerKind(application.kind)
    )
    return check_credit_code(given, field="uscc").code if given or is_organisation else ""


def text_of(text: str, field: str, length: int, what: Text, problems: list[FieldProblem]) -> str:
    text = " ".join(text.split())
    if not 1 < len(text) <= length:
        zh = f"请填写{what.zh}，2 到 {length} 个字。"
        problems.append(
            problem(field, zh, f"Please enter {what.en}, 2 to {length} characters.", f"{field}-length")
        )
    return text


def problem(field: str, zh: str, en: str, code: str) -> FieldProblem:
    return InvalidInput(zh=zh, en=en, field=field, code=code).problems[0]


def already_standing() -> Conflict:
    return Conflict(
        zh="这个统一社会信用代码已经有一份申请或档案，不用再申请。想问进度请打电话给社区。",
        en="There is an application or a file for this credit code already. To ask how it stands, call the community.",
        code="partner-exists",
        field="uscc",
    )


def put_into(
    partner: Partner,
    wanted: PartnerState,
    kind: EventKind,
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
    **changes: Any,
) -> Partner:
    """The one way a partner changes its state. Raises WrongState, or Conflict when somebody was quicker."""
    before = PartnerState(partner.state)
    if not may_become(before, wanted):
        raise WrongState(
            zh="这家合伙人现在的状态不能办这一步，请刷新查看。",
            en="This step is not possible in the partner's present state. Please reload the page.",
            code=f"cannot-become-{wanted.value}-from-{before.value}",
        )
    changes |= {"state": wanted, "state_reason": note}
    try:
        with transaction.atomic():
            won = Partner.objects.filter(pk=partner.pk, state=before).update(**changes)
    except IntegrityError:
        raise already_standing() from None
    if not won:
        raise Conflict
    for name, value in changes.items():
        setattr(partner, name, value)
    write_down(partner, kind, actor=actor, now=now, note=note)
    return partner


@transaction.atomic
def partner_admit(*, partner: Partner, actor: Actor, now: datetime, note: str = "") -> Partner:
    """From now on it is offered requests; also ends a suspension."""
    is_back = partner.state == PartnerState.SUSPENDED
    kind = EventKind.RESUMED if is_back else EventKind.ADMITTED
    admitted_at = partner.admitted_at or now
    note = " ".join(note.split())[:200]
    return put_into(
        partner, PartnerState.ADMITTED, kind, actor=actor, now=now, note=note, admitted_at=admitted_at
    )


@transaction.atomic
def partner_refuse(*, partner: Partner, reason: str, actor: Actor, now: datetime) -> Partner:
    """Not admitted, with a reason that the applicant is told."""
    return put_into(
        partner, PartnerState.REFUSED, EventKind.REFUSED, actor=actor, now=now, note=check_reason(reason)
    )


@transaction.atomic
def partner_suspend(*, partner: Partner, reason: str, actor: Actor, now: datetime) -> Partner:
    """It is offered nothing more until it is admitted again; what it has taken it still finishes."""
    return put_into(
        partner, PartnerState.SUSPENDED, EventKind.SUSPENDED, actor=actor, now=now, note=check_reason(reason)
    )


@transaction.atomic
def partner_reopen(*, partner: Partner, reason: str, actor: Actor, now: datetime) -> Partner:
    """An application that was refused, or a partner that left, is looked at anew."""
    return put_into(
        partner, PartnerState.APPLIED, EventKind.REOPENED, actor=actor, now=now, note=check_reason(reason)
    )


@transaction.atomic
def partner_leave(*, partner: Partner, reason: str, actor: Actor, now: datetime) -> Partner:
    """It no longer serves; its people's memberships and their grants end in the same moment."""
    put_into(partner, PartnerState.LEFT, EventKind.LEFT, actor=actor, now=now, note=check_reason(reason))
    members = PartnerMember.objects.filter(partner=partner, ended_at__isnull=True)
    users = list(members.values_list("user_id", flat=True))
    members.update(ended_at=now)
    for grant in Grant.objects.filter(
        user_id__in=users, role_id=ROLE, area_path=partner.area_path, ended_at__isnull=True
    ).select_related("user", "role"):
        identity.grant_end(grant=grant, actor=actor, now=now, reason="合伙人已退出")
    return partner


@transaction.atomic
def partner_change(
    *,
    partner: Partner,
    contact_name: str,
    phone: str,
    address: str,
    introduction: str,
    actor: Actor,
    now: datetime,
) -> Partner:
    """Correct how a partner is reached and what it says of itself. Raises InvalidInput (contact_name, phone)."""
    problems: list[FieldProblem] = []
    partner.contact_name = text_of(contact_name, "contact_name", 60, CONTACT, problems)
    partner.address, partner.introduction = " ".join(address.split())[:200], introduction.strip()[:500]
    try:
        partner.phone = normalise_phone(phone)
    except InvalidInput as error:
        problems.extend(error.problems)
    if problems:
        raise InvalidInput(problems=problems)
    partner.phone_tail = partner.phone[-4:]
    partner.save(update_fields=["contact_name", "phone", "phone_tail", "address", "introduction"])
    write_down(partner, EventKind.CHANGED, actor=actor, now=now)
    return partner


@transaction.atomic
def member_add(*, partner: Partner, user: User, actor: Actor, now: datetime) -> PartnerMember:
    """Let an account act for an admitted partner; the role comes with it.

    Raises WrongState when the partner is not admitted, Conflict when the account acts for a partner already.
    """
    if partner.state not in {PartnerState.ADMITTED, PartnerState.SUSPENDED}:
        raise WrongState(
            zh="审核通过以后才能开通账号。",
            en="An account can be opened once the partner is admitted.",
            code="not-admitted",
        )
    User.objects.select_for_update().get(pk=user.pk)
    if PartnerMember.objects.filter(user=user, ended_at__isnull=True).exists():
        raise Conflict(
            zh="这个账号已经在替一家合伙人办事，不能再加一家。",
            en="This account acts for a partner already.",
            code="member-already",
        )
    member, _ = PartnerMember.objects.update_or_create(
        partner=partner, user=user, defaults={"ended_at": None, "created_at": now}
    )
    if not Grant.objects.filter(
        user=user, role_id=ROLE, area_path=partner.area_path, ended_at__isnull=True
    ).exists():
        identity.grant_give(
            user=user,
            role_code=ROLE,
            area_path=partner.area_path,
            valid_from=now.astimezone(COUNTY_TIME_ZONE).date(),
            reason="合伙人账号",
            actor=actor,
            now=now,
        )
    write_down(partner, EventKind.MEMBER_ADDED, actor=actor, now=now, data={"user": user.public_id})
    return member


@dataclass(frozen=True, slots=True)
class OpenedAccount:
    """How the contact signs in; `password` is empty when they had an account before."""

    login_name: str
    password: str


@transaction.atomic
def account_open(
    *, partner: Partner, actor: Actor, now: datetime, rng: Rng = SYSTEM_RANDOMNESS
) -> OpenedAccount:
    """Give the partner's contact an account, or join the one that has this phone already.

    The first password is told once, kept nowhere, and changed at the first sign-in.
    """
    user = user_by_name_or_phone(partner.phone)
    password = ""
    if user is None:
        password = initial_password(rng)
        user = identity.user_create(
            login_name=f"partner.{partner.public_id[:10].lower()}",
            display_name=partner.contact_name,
            phone=partner.phone,
            password=password,
            area_path=partner.area_path,
            actor=actor,
            now=now,
        )
    member_add(partner=partner, user=user, actor=actor, now=now)
    return OpenedAccount(login_name=user.login_name, password=password)


@transaction.atomic
def phone_look(*, partner: Partner, reason: str, actor: Actor, now: datetime) -> str:
    """The contact's phone in full. Raises InvalidInput without a reason; the look is on record before it is shown."""
    audit.record(
        actor=actor,
        act="look.partner_phone",
        about=about(partner),
        area_path=partner.area_path,
        reason=check_reason(reason),
        now=now,
    )
    return partner.phone
