from django.apps import AppConfig


class Staff(AppConfig):
    name = "samband.staff"
    label = "staff"

    def ready(self) -> None:
        from . import chores  # noqa: F401  puts them on the rota
