"""Pages of partners: the register for staff, the application, a partner's own profile."""

from django.urls import path

from mulin.parts.partners.views import join, profile, work

app_name = "partners"
urlpatterns = [
    path("work/partners/", work.list_partners, name="list"),
    path("work/partners/new/", work.new, name="new"),
    path("work/partners/<str:public_id>/", work.one, name="one"),
    path("work/partners/<str:public_id>/look/", work.look, name="look"),
    path("work/partners/<str:public_id>/decide/", work.decide, name="decide"),
    path("work/partners/<str:public_id>/account/", work.account, name="account"),
    path("partners/join/", join.join, name="join"),
    path("partners/join/sent/", join.join_sent, name="join_sent"),
    path("partner/profile/", profile.profile, name="profile"),
]
