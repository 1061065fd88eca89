"""The pages and the JSON list of the bare project; the list is open to all, as in the shortest example of ninja."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import path
from ninja import NinjaAPI, Schema

from bench.peers.plain import same
from bench.peers.plain.models import RequestType, ServiceRequest

api = NinjaAPI(docs_url=None)
OTHER_PAGES = (
    "home", "new", "statistics", "messages", "search", "partners", "registry", "areas", "users", "imports", "audit",
    "operations", "account", "sign_out", "export",
)  # fmt: skip


class RequestOut(Schema):
    public_id: str
    number: str
    title: str
    type: str
    type_en: str
    status: str
    area: str
    place: str
    requester: str
    holder: str
    raised_at: datetime
    due_at: datetime | None
    channel: str
    return_count: int

    @staticmethod
    def resolve_type(row):
        return row.type.name_zh

    @staticmethod
    def resolve_type_en(row):
        return row.type.name_en

    @staticmethod
    def resolve_area(row):
        return row.area.name

    @staticmethod
    def resolve_requester(row):
        return row.requester_name

    @staticmethod
    def resolve_holder(row):
        return row.holder_label


def newest():
    return ServiceRequest.objects.select_related("type", "area").order_by("-raised_at", "-id")[:25]


@login_required
def page(request):
    words = {
        "rows": newest(),
        "types": RequestType.objects.order_by("code"),
        "statuses": ServiceRequest._meta.get_field("status").choices,
        "channels": ServiceRequest._meta.get_field("channel").choices,
    }
    return render(request, "list.html", words)


@api.get("/requests", response=list[RequestOut])
def requests(request):
    return newest()


urlpatterns = [
    path("requests/", page),
    path("requests/<str:public_id>/", page, name="one"),
    path("api/", api.urls),
    path("same/requests/", same.page, name="same"),
    path("same/requests/<str:public_id>/", same.page, name="same_one"),
    *(path(f"{name}/", page, name=name) for name in OTHER_PAGES),
]
