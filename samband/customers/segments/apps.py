from django.apps import AppConfig


class Segments(AppConfig):
    name = "samband.customers.segments"
    label = "segments"

    def ready(self) -> None:
        from . import chores  # noqa: F401  puts the chores on the rota
