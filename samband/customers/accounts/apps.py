from django.apps import AppConfig


class Accounts(AppConfig):
    name = "samband.customers.accounts"
    label = "accounts"

    def ready(self) -> None:
        from . import chores  # noqa: F401  puts them on the rota
