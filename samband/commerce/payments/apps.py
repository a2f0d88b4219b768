from django.apps import AppConfig
from django.conf import settings


class Payments(AppConfig):
    name = "samband.commerce.payments"
    label = "payments"

    def ready(self) -> None:
        from . import gift_cards, gift_codes, noticing, providers, reconciling  # noqa: F401  their chores go on the rota
        from .providers.by_hand import Cash, OnDelivery
        from .providers.gift_card import GiftCards
        from .providers.sandbox import Sandbox
        from .providers.transfer import Transfer

        # Where real cards are taken, test cards are not: what the sandbox bank began it may end.
        live = bool(settings.STRIPE_SECRET_KEY)
        if live:
            from .providers.stripe import Stripe  # half a second to load: only for who needs it

            providers.register(Stripe())
        providers.register(Sandbox(), retired=live)
        for provider in (GiftCards(), Transfer(), OnDelivery(), Cash()):
            providers.register(provider)
