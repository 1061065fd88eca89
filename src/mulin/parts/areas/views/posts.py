"""Appointing, leaving, cover and hand-over; bodies founded and dissolved."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mulin.parts.areas import selectors, services
from mulin.parts.areas.forms import Field, chosen, day_of, optional_day_of, user_of
from mulin.parts.areas.models import Area, PostHolding
from mulin.parts.areas.views import words
from mulin.parts.areas.views.answering import Asked, answer
from mulin.web.typed import Typed

MANAGE_POSTS, MANAGE_AREAS = "posts.manage", "areas.manage"


def by(request: HttpRequest) -> dict[str, Any]:
    """By whom and when."""
    return {"actor": request.actor, "now": request.clock.now()}  # type: ignore[attr-defined]


def around(request: HttpRequest, area: Area) -> dict[str, Any]:
    """Where a form stands and where it leads back to."""
    crumb = words.crumb(selectors.ancestors(area), request.actor)  # type: ignore[attr-defined]
    return {"crumb": crumb, "back_url": words.url_of(area)}


def done(area: Area) -> str:
    return f"{words.url_of(area)}?done=1"


def holder_field(label: str) -> Field:
    return Field("holder", label, hint=_("填登录名或手机号。还没有账号的，先到“账号”里开通。"), longest=60)


def reason_field() -> Field:
    return Field("reason", _("原因或文件"), required=False)


@require_http_methods(["GET", "POST"])
def appoint(request: HttpRequest, public_id: str) -> HttpResponse:
    area = selectors.area_for(request.actor, public_id, MANAGE_POSTS)  # type: ignore[attr-defined]
    kinds = selectors.post_kinds_for(area)

    def act(form: Typed) -> str:
        services.post_appoint(
            kind=chosen(kinds, form.text("kind"), "kind"),
            area=area,
            holder=user_of(form),
            valid_from=day_of(form, "valid_from"),
            valid_to=optional_day_of(form, "valid_to"),
            reason=form.text("reason")[:200],
            **by(request),
        )
        return done(area)

    return answer(
        request,
        Asked(
            route="areas:appoint",
            title=_("任命：%(area)s") % {"area": area.name},
            intro=_("任命当天起，本人在这里就有这个岗位的权限；离任时权限一起收回。"),
            fields=[
                Field(
                    "kind", _("岗位"), "select", options=[(kind.code, words.name_of(kind)) for kind in kinds]
                ),
                holder_field(_("任职人")),
                Field("valid_from", _("从哪天起"), "date"),
                Field("valid_to", _("到哪天止"), "date", hint=_("长期任职不用填。"), required=False),
                reason_field(),
            ],
            initial={"kind": request.GET.get("kind", ""), "valid_from": request.clock.today().isoformat()},  # type: ignore[attr-defined]
            button=_("任命"),
            act=act,
            **around(request, area),
        ),
    )


def held(request: HttpRequest, public_id: str) -> PostHolding:
    return selectors.holding_for(request.actor, public_id, MANAGE_POSTS)  # type: ignore[attr-defined]


def about(holding: PostHolding) -> dict[str, str]:
    return {
        "area": holding.area.name,
        "post": words.name_of(holding.kind),
        "holder": holding.holder.display_name,
    }


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, public_id: str) -> HttpResponse:
    holding = held(request, public_id)

    def act(form: Typed) -> str:
        services.post_leave(
            holding=holding,
            last_day=day_of(form, "last_day"),
            reason=form.text("reason")[:200],
            **by(request),
        )
        return done(holding.area)

    return answer(
        request,
        Asked(
            route="areas:leave",
            title=_("离任：%(holder)s，%(area)s%(post)s") % about(holding),
            intro=_("过了最后一天，这个岗位带来的权限就收回；代岗也一起结束。"),
            fields=[Field("last_day", _("最后一天"), "date"), reason_field()],
            initial={"last_day": request.clock.today().isoformat()},  # type: ignore[attr-defined]
            button=_("离任"),
            act=act,
            **around(request, holding.area),
        ),
    )


@require_http_methods(["GET", "POST"])
def cover(request: HttpRequest, public_id: str) -> HttpResponse:
    holding = held(request, public_id)

    def act(form: Typed) -> str:
        services.post_cover(
            holding=holding,
            cover=user_of(form),
            valid_from=day_of(form, "valid_from"),
            valid_to=day_of(form, "valid_to"),
            reason=form.text("reason")[:200],
            **by(request),
        )
        return done(holding.area)

    return answer(
        request,
        Asked(
            route="areas:cover",
            title=_("代岗：%(area)s%(post)s，%(holder)s休假") % about(holding),
            intro=_("代岗期间新来的事派给代岗人；本人的岗位和权限不变。"),
            fields=[
                holder_field(_("代岗人")),
                Field("valid_from", _("从哪天起"), "date"),
                Field("valid_to", _("到哪天止"), "date"),
                reason_field(),
            ],
            initial={"valid_from": request.clock.today().isoformat()},  # type: ignore[attr-defined]
            button=_("安排代岗"),
            act=act,
            **around(request, holding.area),
        ),
    )


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, public_id: str) -> HttpResponse:
    holding = held(request, public_id)

    def act(form: Typed) -> str:
        services.post_hand_over(
            holding=holding,
            to=user_of(form),
            last_day=day_of(form, "last_day"),
            reason=form.text("reason")[:200],
            **by(request),
        )
        return done(holding.area)

    return answer(
        request,
        Asked(
            route="areas:hand_over",
            title=_("交接：%(area)s%(post)s，现任%(holder)s") % about(holding),
            intro=_("现任做到最后一天，接任人从第二天起任职，中间不空岗。"),
            fields=[
                holder_field(_("接任人")),
                Field("last_day", _("现任的最后一天"), "date"),
                reason_field(),
            ],
            initial={"last_day": request.clock.today().isoformat()},  # type: ignore[attr-defined]
            button=_("交接"),
            act=act,
            **around(request, holding.area),
        ),
    )


@require_http_methods(["GET", "POST"])
def establish(request: HttpRequest, public_id: str) -> HttpResponse:
    area = selectors.area_for(request.actor, public_id, MANAGE_AREAS)  # type: ignore[attr-defined]
    kinds = selectors.body_kinds_for(area)

    def act(form: Typed) -> str:
        services.body_establish(
            kind=chosen(kinds, form.text("kind"), "kind"),
            area=area,
            name=form.text("name"),
            leader_name=form.text("leader_name"),
            address=form.text("address"),
            valid_from=day_of(form, "valid_from"),
            **by(request),
        )
        return done(area)

    return answer(
        request,
        Asked(
            route="areas:establish",
            title=_("登记组织：%(area)s") % {"area": area.name},
            fields=[
                Field(
                    "kind",
                    _("哪一种"),
                    "select",
                    options=[(kind.code, words.name_of(kind)) for kind in kinds],
                ),
                Field("name", _("名称"), longest=80),
                Field("leader_name", _("负责人"), required=False, longest=60),
                Field("address", _("地址"), required=False),
                Field("valid_from", _("成立日期"), "date"),
            ],
            initial={"kind": request.GET.get("kind", ""), "valid_from": request.clock.today().isoformat()},  # type: ignore[attr-defined]
            button=_("登记"),
            act=act,
            **around(request, area),
        ),
    )


@require_http_methods(["GET", "POST"])
def dissolve(request: HttpRequest, public_id: str) -> HttpResponse:
    body = selectors.body_for(request.actor, public_id, MANAGE_AREAS)  # type: ignore[attr-defined]

    def act(form: Typed) -> str:
        services.body_dissolve(body=body, last_day=day_of(form, "last_day"), **by(request))
        return done(body.area)

    return answer(
        request,
        Asked(
            route="areas:dissolve",
            title=_("撤销组织：%(name)s") % {"name": body.name},
            fields=[Field("last_day", _("最后一天"), "date")],
            initial={"last_day": request.clock.today().isoformat()},  # type: ignore[attr-defined]
            button=_("撤销"),
            act=act,
            **around(request, body.area),
        ),
    )
