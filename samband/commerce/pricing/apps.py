from django.apps import AppConfig


class Pricing(AppConfig):
    name = "samband.commerce.pricing"
    label = "pricing"

    def ready(self) -> None:
        from . import chores  # noqa: F401  puts the chores on the rota
