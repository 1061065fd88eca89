"""The record of acts and of looks at personal data, for whoever watches over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mulin.identity.models import AuditEntry
from mulin.identity.selectors import audit_list
from mulin.portals.forms import AuditFilter
from mulin.portals.names import ACTS
from mulin.portals.paging import ROWS, Paging, asked_page, with_total
from mulin.web.pages import page


@dataclass(frozen=True)
class AuditPage:
    entries: list[AuditEntry]
    fields: list[dict[str, Any]]
    hidden: list[tuple[str, str]]
    problems: list[str]
    paging: Paging
    is_filtered: bool
    total: int
    acts: dict[str, Any]


@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """Filtered by kind of act, thing, person (by public id) and days, both included."""
    form = AuditFilter(request.GET)
    problems = [] if form.is_valid() else [str(error) for errors in form.errors.values() for error in errors]
    words = form.cleaned_data
    paging = asked_page(request)
    found = audit_list(
        request.actor,
        act=words.get("act") or "",
        about=words.get("about") or "",
        who=words.get("who") or "",
        since=start_of(words.get("since")),
        until=start_of(words.get("until"), days=1),
        offset=paging.offset,
        limit=ROWS,
    )
    context = AuditPage(
        entries=found.rows,
        fields=filter_fields(form),
        hidden=[("who", words["who"])] if words.get("who") else [],
        problems=problems,
        paging=with_total(request, paging, len(found.rows), found.total),
        is_filtered=any(words.values()) or bool(problems),
        total=found.total,
        acts=ACTS,
    )
    return page(request, "portals/audit.html", context)


def start_of(day: Any, days: int = 0) -> datetime | None:
    """Midnight in the county at the beginning of a day."""
    return (
        make_aware(datetime.combine(day + timedelta(days=days), time.min))
        if day and day.year < 9000
        else None
    )


def filter_fields(form: AuditFilter) -> list[dict[str, Any]]:
    value = form.data.get
    acts = [
        ("", _("全部")),
        ("identity.sign_in", _("登录")),
        ("identity.user", _("账号")),
        ("identity.grant", _("授权")),
        ("identity.token", _("程序令牌")),
        ("identity.password", _("密码")),
        ("areas.", _("区域和岗位")),
        ("registry.", _("居民底册")),
        ("partners.", _("合伙人")),
        ("service_requests.", _("事项")),
        ("look.", _("查看电话")),
        ("requests.", _("导出")),
        ("base.", _("运行")),
    ]
    return [
        {"name": "act", "label": _("哪类操作"), "kind": "select", "value": value("act", ""), "options": acts},
        {"name": "about", "label": _("对象编号"), "kind": "text", "value": value("about", "")},
        {"name": "since", "label": _("从哪天"), "kind": "date", "value": value("since", "")},
        {"name": "until", "label": _("到哪天"), "kind": "date", "value": value("until", "")},
    ]
