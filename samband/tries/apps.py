from django.apps import AppConfig


class TriesConfig(AppConfig):
    name = "samband.tries"
    label = "tries"

    def ready(self) -> None:
        from . import chores  # noqa: F401  puts them on the rota
