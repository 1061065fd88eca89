from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "mulin.parts.partners"
    label = "partners"
