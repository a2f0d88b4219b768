"""What payments know of a person: with what they paid their orders. Of a card no more is known than its last digits."""

from typing import Any

from samband.kernel.reach import Reach

from .models import GiftCard, Intent, Movement, Operation, Payout, SandboxCharge, StripeDeed, Transfer


def export(reach: Reach) -> dict[str, Any]:
    """Payments of their orders, gift cards these sold and money owed back, as plain values without our secrets."""
    intents = Intent.objects.filter(order_id__in=reach.orders).order_by("created_at")
    ids = list(intents.values_list("pk", flat=True))
    cards = GiftCard.objects.filter(order_id__in=reach.orders).order_by("created_at")
    payouts = Payout.objects.filter(intent_id__in=ids).order_by("owed_at")
    return {
        "payments": list(
            intents.values(
                "id", "order_id", "amount", "currency", "method", "provider", "plan", "state", "paid_with", "captured",
                "refunded", "created_at", "changed_at",
            )
        ),
        "movements": list(
            Movement.objects.filter(intent_id__in=ids).order_by("at").values("intent_id", "kind", "amount", "at")
        ),
        "gift_cards_bought": list(
            cards.values("order_id", "last4", "currency", "balance", "state", "expires_at", "created_at")
        ),
        "paid_back_by_hand": list(payouts.values("intent_id", "amount", "currency", "owed_at", "paid_at")),
    }  # fmt: skip


def erase(reach: Reach) -> int:
    """Where the payer was sent to prove themselves, and what a person wrote beside money given back by transfer."""
    ids = list(Intent.objects.filter(order_id__in=reach.orders).values_list("pk", flat=True))
    keys = list(Operation.objects.filter(intent_id__in=ids).values_list("key", flat=True))
    done = Intent.objects.filter(pk__in=ids).exclude(challenge_url="").update(challenge_url="")
    done += Payout.objects.filter(intent_id__in=ids).exclude(reference="").update(reference="")
    for asked in (SandboxCharge, Transfer, StripeDeed):
        done += asked.objects.filter(key__in=keys).exclude(return_url="").update(return_url="")
    return int(done)
