from django.apps import AppConfig


class ServiceRequestsConfig(AppConfig):
    name = "mulin.parts.service_requests"
    label = "service_requests"
