from django.apps import AppConfig


class SpotsConfig(AppConfig):
    name = "samband.commerce.spots"
    label = "spots"

    def ready(self) -> None:
        from . import chores  # noqa: F401  on the rota
