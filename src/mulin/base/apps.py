from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "mulin.base"
    label = "base"
