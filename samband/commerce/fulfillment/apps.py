from django.apps import AppConfig


class Fulfillment(AppConfig):
    name = "samband.commerce.fulfillment"
    label = "fulfillment"

    def ready(self) -> None:
        from . import chores  # noqa: F401  on the rota from here on
