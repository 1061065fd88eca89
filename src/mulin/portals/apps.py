from django.apps import AppConfig


class PortalsConfig(AppConfig):
    name = "mulin.portals"
    label = "portals"

    def ready(self) -> None:
        from mulin.portals.registrations import register

        register()
