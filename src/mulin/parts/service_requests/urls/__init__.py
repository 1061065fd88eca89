"""Pages of requests: the resident's, the workbench's, the partner's."""

from mulin.parts.service_requests.urls import partner, resident, work

app_name = "service_requests"
urlpatterns = [*resident.urlpatterns, *work.urlpatterns, *partner.urlpatterns]
