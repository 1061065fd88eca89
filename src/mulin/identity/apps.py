from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "mulin.identity"
    label = "identity"
