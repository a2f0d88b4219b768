from django.apps import AppConfig


class Inventory(AppConfig):
    name = "samband.commerce.inventory"
    label = "inventory"

    def ready(self) -> None:
        from . import chores  # noqa: F401  (puts its chores on the rota)
