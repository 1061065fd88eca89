"""The application `config`: it has no tables, it joins the parts when all of them are there."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "mulin.config"
    label = "config"

    def ready(self) -> None:
        from mulin.config.registrations import register_all

        register_all()
