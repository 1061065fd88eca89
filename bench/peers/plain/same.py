"""The queue page with all that stands on ours, the way a Django project would build it: forms, querysets, templates.

Rows of the places that the user is granted, names masked, saved views with their counts, the filter form, the rail.
Nothing is slowed down: no Paginator, whose count of all rows ours does not ask for either, and each query once.
"""

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from bench.peers.plain.models import CHANNELS, STATUSES, Area, Grant, RequestType, ServiceRequest, Telling

PAGE_ROWS = 25
OPEN = ["raised", "accepted", "dispatched", "taken", "handled", "confirmed", "returned"]
LATE = ["raised", "accepted", "dispatched", "taken", "returned"]
ANY = [("", "不限")]
APART = ("tell", "all")
VIEWS = {
    "waiting": ("待办", lambda user, now: Q(status__in=["raised", "accepted", "returned"])),
    "mine": ("我的", lambda user, now: Q(holder_user_id=user.pk, status__in=OPEN)),
    "running": ("办理中", lambda user, now: Q(status__in=["dispatched", "taken"])),
    "overdue": ("超时", lambda user, now: Q(status__in=LATE, due_at__lte=now)),
    "confirming": ("待确认", lambda user, now: Q(status="handled")),
    "tell": (
        "待告知",
        lambda user, now: Q(pk__in=Telling.objects.filter(told_at__isnull=True).values("request")),
    ),
    "all": ("全部", lambda user, now: Q()),
}
PLACES = (
    ("今天", "house", "home", "requests.view"), ("代为登记", "phone", "new", "requests.take_in"),
    ("事项统计", "chart-column", "statistics", "requests.statistics"), ("导入留言", "upload", "messages", "requests.import"),
    ("查找", "search", "search", "requests.view"), ("合伙人", "handshake", "partners", "partners.view"),
    ("居民底册", "users", "registry", "registry.view"), ("区域和岗位", "map-pin", "areas", "areas.view"),
    ("账号", "user", "users", "users.view"), ("导入表格", "upload", "imports", "requests.import"),
    ("操作记录", "history", "audit", "audit.view"), ("运行状况", "wrench", "operations", "operations.view"),
)  # fmt: skip


class Filters(forms.Form):
    words = forms.CharField(label="编号或几个字", required=False, max_length=60)
    status = forms.ChoiceField(label="状态", required=False, choices=ANY + STATUSES)
    type = forms.ChoiceField(label="类别", required=False)
    channel = forms.ChoiceField(label="来源", required=False, choices=ANY + CHANNELS)
    area = forms.ChoiceField(label="区域", required=False)
    since = forms.DateField(label="从哪天", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="到哪天", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data, types, areas):
        super().__init__(data)
        self.fields["type"].choices = ANY + [(kind.code, kind.name_zh) for kind in types]
        self.fields["area"].choices = ANY + [(area.public_id, area.name) for area in areas]


def within(grants, field="area_path"):
    rows = Q(pk__in=[])
    for grant in grants:
        path = grant.area_path
        rows |= Q(**{f"{field}__gte": path, f"{field}__lt": path[:-1] + "0"})  # "0" comes next after "/"
    return rows


def filtered(rows, asked):
    words = asked["words"]
    if words:
        rows = rows.filter(Q(number=words) | Q(title__icontains=words) | Q(place__icontains=words))
    exact = {"status": "status", "type": "type_id", "channel": "channel", "area": "area__public_id"}
    days = {"since": "raised_at__date__gte", "until": "raised_at__date__lte"}
    return rows.filter(**{field: asked[name] for name, field in (exact | days).items() if asked[name]})


@login_required
def page(request):
    now, user = timezone.now(), request.user
    today = timezone.localdate(now)
    in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    grants = list(
        Grant.objects.filter(
            in_force, user=user, ended_at__isnull=True, valid_from__lte=today
        ).select_related("role")
    )
    permissions = {permission for grant in grants for permission in grant.role.permissions}
    if "requests.view" not in permissions:
        raise Http404
    grants = [grant for grant in grants if "requests.view" in grant.role.permissions]
    seen = ServiceRequest.objects.filter(Q(holder_user_id=user.pk) | within(grants))
    form = Filters(
        request.GET,
        RequestType.objects.filter(is_active=True).order_by("order", "code"),
        Area.objects.filter(within(grants, "path"), valid_to__isnull=True, kind__in=["subdistrict", "community"]).order_by("path"),
    )  # fmt: skip
    form.is_valid()
    view = request.GET.get("view", "waiting")
    rows = seen.filter(VIEWS[view][1](user, now)).select_related("type", "area")
    rows = filtered(rows, {name: form.cleaned_data.get(name) for name in form.fields})
    found = list(rows.order_by("-raised_at", "-id")[: PAGE_ROWS + 1])
    counts = seen.filter(status__in=OPEN).aggregate(
        **{
            code: Count("pk", filter=rule(user, now))
            for code, (_, rule) in VIEWS.items()
            if code not in APART
        }
    )
    # Counted apart, as ours is: one condition more would keep the database from its indexes.
    counts["tell"] = seen.filter(VIEWS["tell"][1](user, now)).count()
    words = {
        "rows": found[:PAGE_ROWS],
        "has_next": len(found) > PAGE_ROWS,
        "form": form,
        "view": view,
        "views": [(code, label, counts.get(code)) for code, (label, _) in VIEWS.items()],
        "counts": counts,
        "places": [
            (label, icon, reverse(name)) for label, icon, name, needed in PLACES if needed in permissions
        ],
        "may_take_in": "requests.take_in" in permissions,
        "may_export": "requests.export" in permissions,
        "now": now,
        "icons": static("vendor/icons.svg"),
    }
    return render(request, "same.html", words)
