from django.apps import AppConfig


class PortalsConfig(AppConfig):
    name = "mulin.portals"
    label = "portals"
