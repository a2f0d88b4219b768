from django.apps import AppConfig


class Tills(AppConfig):
    name = "samband.commerce.tills"
    label = "tills"

    def ready(self) -> None:
        from . import deeds  # noqa: F401  puts its chore on the rota
