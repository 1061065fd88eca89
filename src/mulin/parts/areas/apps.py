from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "mulin.parts.areas"
    label = "areas"
