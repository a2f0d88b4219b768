from django.apps import AppConfig


class Consent(AppConfig):
    name = "samband.customers.consent"
    label = "consent"

    def ready(self) -> None:
        from . import asking  # noqa: F401  puts forgetting on the rota
