from django.apps import AppConfig
from django.conf import settings


class Fulfillment(AppConfig):
    name = "samband.commerce.fulfillment"
    label = "fulfillment"

    def ready(self) -> None:
        from . import chores, noticing, providers  # noqa: F401  on the rota from here on
        from .providers.sandbox import Sandbox

        providers.register(Sandbox())
        if settings.EASYPOST_API_KEY:
            from .providers.easypost import EasyPost  # half a second to load: only for who needs it

            providers.register(EasyPost())
