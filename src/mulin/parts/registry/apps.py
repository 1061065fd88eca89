from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "mulin.parts.registry"
    label = "registry"
