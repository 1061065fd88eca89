"""Pages of residents."""

from django.urls import path

from mulin.parts.service_requests.views import resident, resident_matter, resident_new

urlpatterns = [
    path("c/", resident.choose, name="choose"),
    path("c/<str:page_code>/", resident.code_page, name="code_page"),
    path("c/<str:page_code>/new/", resident_new.new, name="new"),
    path("r/<str:secret>/", resident_matter.by_secret, name="by_secret"),
    path("r/<str:secret>/slip/", resident_matter.slip, name="slip"),
    path("r/<str:secret>/photos/<str:public_id>/", resident_matter.photo, name="photo"),
    path("requests/find/", resident.find, name="find"),
    path("requests/draft-photos/<str:public_id>/", resident.draft_photo, name="draft_photo"),
    path("me/", resident.me, name="me"),
    path("me/<str:public_id>/", resident.mine, name="mine"),
]
