"""Where each part's pages are mounted."""

from django.urls import include, path

from mulin.config.api import api

urlpatterns = [
    path("", include("mulin.portals.urls")),
    path("", include("mulin.parts.service_requests.urls")),
    path("", include("mulin.parts.partners.urls")),
    path("work/areas/", include("mulin.parts.areas.urls")),
    path("work/registry/", include("mulin.parts.registry.urls")),
    path("api/v1/", api.urls),
]

handler400 = "mulin.web.errors.bad_request"
handler403 = "mulin.web.errors.forbidden"
handler404 = "mulin.web.errors.not_found"
handler500 = "mulin.web.errors.server_error"
