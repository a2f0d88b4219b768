from django.apps import AppConfig


class Tills(AppConfig):
    name = "samband.commerce.tills"
    label = "tills"

    def ready(self) -> None:
        from . import chores  # noqa: F401  puts them on the rota
