"""Pages of partners who take requests on."""

from django.urls import path

from mulin.parts.service_requests.views import partner, partner_work

urlpatterns = [
    path("partner/", partner.home, name="partner_home"),
    path("partner/history/", partner.history, name="partner_history"),
    path("partner/work/<str:public_id>/", partner_work.work, name="partner_work"),
    path("partner/work/<str:public_id>/photos/<str:photo_id>/", partner_work.photo, name="partner_photo"),
]
