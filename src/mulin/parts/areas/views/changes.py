"""Founding an area and every way in which one changes, each a form of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mulin.identity.access import Actor
from mulin.kernel.errors import InvalidInput, NotFound
from mulin.kernel.geometry import Crs
from mulin.parts.areas import selectors, services
from mulin.parts.areas.forms import Field, count_of, day_of, degrees_of, parts_of
from mulin.parts.areas.models import Area
from mulin.parts.areas.rules import AreaKind, may_stand_below
from mulin.parts.areas.views import words
from mulin.parts.areas.views.answering import Asked, answer
from mulin.parts.areas.views.posts import around, by, done
from mulin.web.pages import page
from mulin.web.typed import Typed

MANAGE = "areas.manage"


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """A new area below the one named, or a root for who may manage the whole."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    parent = selectors.area_for(actor, public_id, MANAGE) if public_id else None
    if parent is None and not actor.may(MANAGE, ""):
        raise NotFound
    kinds = [kind for kind in AreaKind if may_stand_below(kind, AreaKind(parent.kind) if parent else None)]

    def act(form: Typed) -> str:
        area = services.area_create(
            code=form.text("code"),
            name=form.text("name"),
            kind=kind_of(form, kinds),
            parent=parent,
            valid_from=day_of(form, "valid_from"),
            facts=facts_of(form),
            **by(request),
        )
        return done(area)

    place = around(request, parent) if parent else {"crumb": [], "back_url": reverse("areas:list")}
    return answer(
        request,
        Asked(
            route="areas:create" if parent else "areas:create_top",
            title=_("在%(parent)s下新建区域") % {"parent": parent.name} if parent else _("新建顶级区域"),
            fields=[
                Field(
                    "kind",
                    _("级别"),
                    "select",
                    options=[(kind.value, words.kind_name(kind)) for kind in kinds],
                ),
                Field(
                    "code",
                    _("编码"),
                    hint=_("社区 12 位、网格 15 位官方编码；没有的，用县里自己的编码。"),
                    longest=40,
                ),
                Field("name", _("名称"), longest=80),
                Field("valid_from", _("从哪天起"), "date"),
                *describing_fields(),
            ],
            initial={"code": parent.code if parent else "", "valid_from": request.clock.today().isoformat()},  # type: ignore[attr-defined]
            button=_("新建"),
            act=act,
            **place,
        ),
    )


def kind_of(form: Typed, kinds: list[AreaKind]) -> AreaKind:
    if form.text("kind") not in kinds:
        raise InvalidInput(
            zh="请选择级别。", en="Please choose the level.", code="area-level-missing", field="kind"
        )
    return AreaKind(form.text("kind"))


def describing_fields() -> list[Field]:
    return [
        Field("address", _("地址"), required=False),
        Field("telephone", _("公开电话"), hint=_("有人接的电话，会印在公示上。"), required=False, longest=30),
        Field("supervision_telephone", _("监督电话"), required=False, longest=30),
        Field("household_count", _("户数"), required=False, longest=7),
        Field("longitude", _("经度"), hint=_("WGS-84 或天地图坐标，单位为度。"), required=False, longest=20),
        Field("latitude", _("纬度"), required=False, longest=20),
    ]


def facts_of(form: Typed) -> dict[str, object]:
    return {
        "address": form.text("address").strip()[:200],
        "telephone": form.text("telephone").strip()[:30],
        "supervision_telephone": form.text("supervision_telephone").strip()[:30],
        "household_count": count_of(form, "household_count"),
        "longitude": degrees_of(form, "longitude", 180),
        "latitude": degrees_of(form, "latitude", 90),
    }


@dataclass(frozen=True)
class Step:
    """One way in which an area changes: its form, and the service that does it."""

    title: str
    button: str
    fields: list[Field]
    act: Callable[[Typed], Area]
    intro: str = ""
    initial: dict[str, Any] = field(default_factory=dict)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    if step not in STEPS:
        raise Http404(step)
    area = selectors.area_for(request.actor, public_id, MANAGE)  # type: ignore[attr-defined]
    chosen = STEPS[step](request, area)
    return answer(
        request,
        Asked(
            route="areas:change",
            title=chosen.title,
            intro=chosen.intro,
            fields=chosen.fields,
            initial=chosen.initial | {"on": request.clock.today().isoformat()},  # type: ignore[attr-defined]
            button=chosen.button,
            act=lambda form: done(chosen.act(form)),
            **around(request, area),
        ),
    )


def dated() -> list[Field]:
    return [
        Field("on", _("从哪天起生效"), "date", hint=_("今天或以前。")),
        Field("document", _("依据的文件"), required=False),
    ]


def when(request: HttpRequest, form: Typed) -> dict[str, Any]:
    on: date = day_of(form, "on")
    return {"on": on, "document": form.text("document").strip()[:200], **by(request)}


def other(request: HttpRequest, form: Typed, name: str) -> Area:
    """The area in force that a code stands for, among those the actor manages. Raises InvalidInput."""
    area = selectors.area_by_code(form.text(name))
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if area is None or not actor.may(MANAGE, area.path):
        raise InvalidInput(
            zh="没有这个编码的现行区域，或不归您管理。请核对编码。",
            en="No area in force has this code, or you do not manage it. Please check the code.",
            code="area-unknown",
            field=name,
        )
    return area


def describe(request: HttpRequest, area: Area) -> Step:
    return Step(
        _("改资料：%(area)s") % {"area": area.name},
        _("保存"),
        describing_fields(),
        lambda form: services.area_describe(area=area, facts=facts_of(form), **by(request)),
        initial={name: value for name in facts_of(Typed()) if (value := getattr(area, name)) is not None},
    )


def rename(request: HttpRequest, area: Area) -> Step:
    return Step(
        _("改名：%(area)s") % {"area": area.name},
        _("改名"),
        [Field("name", _("新名称"), longest=80), *dated()],
        lambda form: services.area_rename(area=area, name=form.text("name"), **when(request, form)),
        intro=_("旧名称留在沿革里。"),
    )


def recode(request: HttpRequest, area: Area) -> Step:
    return Step(
        _("改编码：%(area)s") % {"area": area.name},
        _("改编码"),
        [Field("code", _("新编码"), longest=40), *dated()],
        lambda form: services.area_recode(area=area, code=form.text("code"), **when(request, form)),
        intro=_("这里的人、事和授权都跟着新编码走；旧编码留在沿革里。"),
        initial={"code": area.code},
    )


def move(request: HttpRequest, area: Area) -> Step:
    return Step(
        _("换上级：%(area)s") % {"area": area.name},
        _("换上级"),
        [Field("parent", _("新上级的编码"), longest=40), *dated()],
        lambda form: services.area_move(
            area=area, parent=other(request, form, "parent"), **when(request, form)
        ),
        intro=_("它的下级、这里的人、事和授权都一起换到新上级下面。"),
    )


def merge(request: HttpRequest, area: Area) -> Step:
    return Step(
        _("并入别的区域：%(area)s") % {"area": area.name},
        _("并入"),
        [Field("into", _("并入哪个区域（编码）"), longest=40), *dated()],
        lambda form: services.area_merge(
            areas=[area], into=other(request, form, "into"), **when(request, form)
        ),
        intro=_("这个区域从生效日起撤销，岗位随之结束；它的下级、人、事和授权归到并入的区域。"),
    )


def split(request: HttpRequest, area: Area) -> Step:
    def act(form: Typed) -> Area:
        return services.area_split(
            area=area,
            parts=parts_of(form.text("parts")),
            rest_to=form.text("rest_to").strip(),
            **when(request, form),
        )[0]

    return Step(
        _("拆分：%(area)s") % {"area": area.name},
        _("拆分"),
        [
            Field(
                "parts",
                _("拆成哪几个"),
                hint=_(
                    "每行一个：编码、名称、归它的下级编码，用空格隔开。写上原编码的那一行就是保留的本区域。"
                ),
                rows=5,
                longest=20_000,
            ),
            Field("rest_to", _("其余的归哪一个（编码）"), longest=40),
            *dated(),
        ],
        act,
    )


def end(request: HttpRequest, area: Area) -> Step:
    return Step(
        _("撤销：%(area)s") % {"area": area.name},
        _("撤销"),
        [Field("on", _("最后一天"), "date"), Field("reason", _("原因"))],
        lambda form: services.area_end(
            area=area, last_day=day_of(form, "on"), reason=form.text("reason").strip()[:200], **by(request)
        ),
        intro=_("没有下级的区域才能撤销。要把人和事交给别的区域，请用“并入”。"),
    )


STEPS: dict[str, Callable[[HttpRequest, Area], Step]] = {
    "describe": describe,
    "rename": rename,
    "recode": recode,
    "move": move,
    "merge": merge,
    "split": split,
    "end": end,
}


@dataclass(frozen=True)
class BoundariesPage:
    """Words of areas/boundaries.html."""

    form: Typed
    systems: list[tuple[str, str]]
    stored: int
    mended: int
    unchanged: int
    rejected: list[dict[str, str]]
    is_done: bool
    form_errors: bool


@require_http_methods(["GET", "POST"])
def boundaries(request: HttpRequest) -> HttpResponse:
    """Boundaries from a GeoJSON file."""
    form, report = Typed(), None
    if request.method == "POST":
        form = Typed.sent(request)
        try:
            report = take_boundaries(request, form)
        except InvalidInput as error:
            form.refuse(error)
    context = BoundariesPage(
        form=form,
        systems=[
            (Crs.WGS84, _("WGS-84、国家 2000 或天地图")),
            (Crs.GCJ02, _("高德、腾讯地图（GCJ-02）")),
            (Crs.BD09, _("百度地图（BD-09）")),
        ],
        stored=report.stored if report else 0,
        mended=report.mended if report else 0,
        unchanged=report.unchanged if report else 0,
        rejected=[{"label": label, "reason": words.said(text)} for label, text in report.rejected]
        if report
        else [],
        is_done=report is not None,
        form_errors=form.is_bad,
    )
    return page(request, "areas/boundaries.html", context, status=422 if form.is_bad else 200)


def take_boundaries(request: HttpRequest, form: Typed) -> services.BoundaryReport:
    sent = request.FILES.get("file")
    if sent is None:
        raise InvalidInput(zh="请选择文件。", en="Please choose a file.", code="file-missing", field="file")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    crs = form.text("crs")
    return services.boundaries_import(
        content=sent.read(services.LONGEST_FILE_BYTES + 1),
        crs=Crs(crs) if crs in set(Crs) else Crs.WGS84,
        within_paths=actor.paths(MANAGE),
        **by(request),
    )
