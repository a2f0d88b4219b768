from django.apps import AppConfig


class Catalog(AppConfig):
    name = "samband.commerce.catalog"
    label = "catalog"

    def ready(self) -> None:
        from .search import chores  # noqa: F401
