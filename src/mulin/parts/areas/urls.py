"""Addresses of the pages of areas, below /work/areas/."""

from django.urls import path

from mulin.parts.areas.views import browse, changes, posts, staffing

app_name = "areas"
urlpatterns = [
    path("", browse.area_list, name="list"),
    path("create/", changes.create, name="create_top"),
    path("staffing/", staffing.staffing, name="staffing"),
    path("points/", staffing.points, name="points"),
    path("boundaries/", changes.boundaries, name="boundaries"),
    path("posts/<str:public_id>/leave/", posts.leave, name="leave"),
    path("posts/<str:public_id>/cover/", posts.cover, name="cover"),
    path("posts/<str:public_id>/hand-over/", posts.hand_over, name="hand_over"),
    path("bodies/<str:public_id>/dissolve/", posts.dissolve, name="dissolve"),
    path("<str:public_id>/", browse.area_page, name="area"),
    path("<str:public_id>/create/", changes.create, name="create"),
    path("<str:public_id>/appoint/", posts.appoint, name="appoint"),
    path("<str:public_id>/bodies/", posts.establish, name="establish"),
    path("<str:public_id>/notice/", browse.notice, name="notice"),
    path("<str:public_id>/change/<str:step>/", changes.change, name="change"),
]
