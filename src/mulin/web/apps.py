from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "mulin.web"
    label = "web"
