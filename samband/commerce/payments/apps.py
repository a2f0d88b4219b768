from django.apps import AppConfig


class Payments(AppConfig):
    name = "samband.commerce.payments"
    label = "payments"

    def ready(self) -> None:
        from . import noticing, providers, reconciling  # noqa: F401  their chores go on the rota
        from .providers.sandbox import Sandbox

        providers.register(Sandbox())
