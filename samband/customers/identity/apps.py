from django.apps import AppConfig


class Identity(AppConfig):
    name = "samband.customers.identity"
    label = "identity"

    def ready(self) -> None:
        from . import chores  # noqa: F401  puts them on the rota
