"""What an event on a timeline says, in one short sentence."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samband.flows.customer_story import IMPORTED
from samband.kernel.money import Money

from . import state_words as say
from .words import Words

Payload = Mapping[str, Any]
Text = Callable[[Payload, Words], str]


def sentence(name: str, payload: Payload, words: Words) -> str:
    """The event in words; one that has none is shown by its name."""
    text = TEXTS.get(name)
    return text(payload, words) if text else name


def _money(payload: Payload, words: Words, field: str = "amount") -> str:
    return words.money(Money(int(payload[field]), str(payload["currency"])))


def _ordered(payload: Payload, words: Words) -> str:
    return _("Ordered for %(total)s") % {"total": _money(payload, words, "total")}


def _drafted(payload: Payload, words: Words) -> str:
    return _("Went to pay %(total)s; the goods are held") % {"total": _money(payload, words, "total")}


def _cancelled(payload: Payload, words: Words) -> str:
    reason = say.word(say.CANCEL_REASONS, str(payload["reason"]))
    if payload.get("was_placed"):
        return _("Order cancelled: %(reason)s") % {"reason": reason}
    return _("Did not come to an order: %(reason)s") % {"reason": reason}


def _requested(payload: Payload, words: Words) -> str:
    place = words.place(str(payload["location"]))
    return _ASKED[str(payload["kind"])]() % {"place": place}


_ASKED: dict[str, Callable[[], str]] = {
    "pickup": lambda: _("Pickup asked of %(place)s"),
    "ship": lambda: _("Parcel asked of %(place)s"),
    "carry": lambda: _("To be taken along from %(place)s"),
    "serve": lambda: _("To be served at %(place)s"),
}


def _ready(payload: Payload, words: Words) -> str:
    location = str(payload["location"])
    until = words.day(datetime.fromisoformat(str(payload["wait_until"])), words.zone_of(location))
    return _("Ready for pickup at %(place)s until %(day)s") % {"place": words.place(location), "day": until}


def _handed_over(payload: Payload, words: Words) -> str:
    return _("Handed over at %(place)s") % {"place": words.place(str(payload["location"]))}


def _shipped(payload: Payload, words: Words) -> str:
    told = {"place": words.place(str(payload["location"])), "carrier": payload["carrier"]}
    if payload.get("tracking"):
        return _("Sent from %(place)s with %(carrier)s, %(tracking)s") % {**told, "tracking": payload["tracking"]}
    return _("Sent from %(place)s with %(carrier)s") % told


def _expired(payload: Payload, words: Words) -> str:
    return _("Nobody came to %(place)s; the goods go back to the shelf") % {
        "place": words.place(str(payload["location"]))
    }


def _taken_off(payload: Payload, words: Words) -> str:
    told = {"quantity": words.number(int(payload["quantity"])), "sku": payload["sku"]}
    return _("%(quantity)s of %(sku)s taken off the order") % told


def _replaced(payload: Payload, words: Words) -> str:
    return _("%(substitute)s instead of %(sku)s") % {"substitute": payload["substitute"], "sku": payload["sku"]}


def _proposed(payload: Payload, words: Words) -> str:
    told = {"substitute": payload["substitute"], "sku": payload["sku"]}
    return _("Asked whether %(substitute)s will do instead of %(sku)s") % told


_ANSWERS: dict[str, Callable[[], str]] = {
    "agreed": lambda: _("The substitute was agreed to"),
    "declined": lambda: _("The substitute was declined"),
    "lapsed": lambda: _("Nobody answered about the substitute"),
}
_MARKS: dict[str, Callable[[], str]] = {
    "announced": lambda: _("The carrier knows of the parcel"),
    "on_the_way": lambda: _("The parcel is on its way"),
    "out_for_delivery": lambda: _("The parcel is out for delivery"),
    "delivered": lambda: _("The carrier says that it was delivered"),
    "trouble": lambda: _("The carrier has trouble with the parcel"),
    "returned": lambda: _("The parcel comes back"),
}


def _answered(payload: Payload, words: Words) -> str:
    text = _ANSWERS.get(str(payload["answer"]))
    return text() if text else str(payload["answer"])


def _seen(payload: Payload, words: Words) -> str:
    text = _MARKS.get(str(payload["mark"]))
    return text() if text else str(payload["mark"])


def _declined(payload: Payload, words: Words) -> str:
    return _("Payment declined (%(reason)s)") % {"reason": payload["reason"]}


def _message(said: Callable[[], str]) -> Text:
    return lambda payload, words: said() % {"message": say.word(say.MESSAGES, str(payload["kind"]))}


def _registered(payload: Payload, words: Words) -> str:
    return _("Became a customer: %(source)s") % {"source": say.word(say.SOURCES, str(payload["source"]))}


def _signed_in(payload: Payload, words: Words) -> str:
    return _("Signed in: %(channel)s") % {"channel": say.word(say.CHANNELS, str(payload["channel"]))}


def _consent(said: Callable[[], str]) -> Text:
    return lambda payload, words: said() % {"purpose": say.word(say.PURPOSES, str(payload["purpose"]))}


def _joined(payload: Payload, words: Words) -> str:
    count = len(payload["joined"])
    return ngettext(
        "Known to be the same person as %(count)s other", "Known to be the same person as %(count)s others", count
    ) % {"count": words.number(count)}


def _parted(payload: Payload, words: Words) -> str:
    reason = _PARTED.get(str(payload["because"]), _PARTED["learnt"])()
    return _("Parted again: %(reason)s") % {"reason": reason}


_PARTED: dict[str, Callable[[], str]] = {
    "taken_back": lambda: _("what joined them was taken back"),
    "said_different": lambda: _("a person said that they are two"),
    "marked_shared": lambda: _("many use what joined them"),
    "erased": lambda: _("what joined them was erased"),
    "learnt": lambda: _("more became known"),
}


def _marked(payload: Payload, words: Words) -> str:
    return (
        _("Something they are known by is used by many")
        if payload["shared"]
        else _("Something they are known by is theirs alone after all")
    )


def _segment(said: Callable[[], str]) -> Text:
    return lambda payload, words: said() % {"segment": payload["segment"]}


TEXTS: dict[str, Text] = {
    IMPORTED: lambda payload, words: _("Ordered, before Samband"),
    "orders.OrderImported": lambda payload, words: _("Taken over from another system"),
    "orders.OrderDrafted": _drafted,
    "orders.OrderPlaced": _ordered,
    "orders.OrderCancelled": _cancelled,
    "orders.OrderCompleted": lambda payload, words: _("Order completed"),
    "orders.LineTakenOff": _taken_off,
    "orders.LineReplaced": _replaced,
    "orders.GroupRedirected": lambda payload, words: _("Another address or another time was chosen"),
    "fulfillment.FulfillmentRequested": _requested,
    "fulfillment.PickingStarted": lambda payload, words: _("Being picked"),
    "fulfillment.PickupReady": _ready,
    "fulfillment.ServingReady": lambda payload, words: _("Ready to be served"),
    "fulfillment.GoodsHandedOver": _handed_over,
    "fulfillment.ParcelShipped": _shipped,
    "fulfillment.ParcelSeen": _seen,
    "fulfillment.SubstituteProposed": _proposed,
    "fulfillment.SubstituteAnswered": _answered,
    "fulfillment.ParcelDelivered": lambda payload, words: _("Delivered"),
    "fulfillment.PickupExpired": _expired,
    "fulfillment.FulfillmentCancelled": lambda payload, words: _("Pickup or parcel called off"),
    "payments.PaymentStarted": lambda payload, words: (
        _("Payment of %(amount)s begun") % {"amount": _money(payload, words)}
    ),
    "payments.PaymentChallenged": lambda payload, words: _("The bank asked for a second factor"),
    "payments.PaymentAuthorised": lambda payload, words: _("%(amount)s set aside") % {"amount": _money(payload, words)},
    "payments.PaymentCaptured": lambda payload, words: _("%(amount)s paid") % {"amount": _money(payload, words)},
    "payments.PaymentDeclined": _declined,
    "payments.TransferNoted": lambda payload, words: (
        _("%(amount)s came by transfer") % {"amount": _money(payload, words)}
    ),
    "payments.PaymentVoided": lambda payload, words: _("%(amount)s let go") % {"amount": _money(payload, words)},
    "payments.PaymentRefunded": lambda payload, words: _("%(amount)s given back") % {"amount": _money(payload, words)},
    "messaging.MessageQueued": _message(lambda: _("Mail will be sent: %(message)s")),
    "messaging.MessageSent": _message(lambda: _("Mail sent: %(message)s")),
    "messaging.MessageFailed": _message(lambda: _("Mail could not be sent: %(message)s")),
    "accounts.CustomerRegistered": _registered,
    "accounts.CustomerSignedIn": _signed_in,
    "accounts.CustomerChanged": lambda payload, words: _("Particulars changed"),
    "consent.ConsentGiven": _consent(lambda: _("Agreed: %(purpose)s")),
    "consent.ConsentWithdrawn": _consent(lambda: _("Refused: %(purpose)s")),
    "identity.CustomersJoined": _joined,
    "identity.CustomersParted": _parted,
    "identity.AssertionRetracted": lambda payload, words: _("What made them one person was taken back"),
    "identity.AssertionRestored": lambda payload, words: _("What makes them one person holds again"),
    "identity.DeclaredSame": lambda payload, words: _("Somebody decided: the same person"),
    "identity.DeclaredDifferent": lambda payload, words: _("Somebody decided: two persons"),
    "identity.IdentifierMarkedShared": _marked,
    "segments.SegmentEntered": _segment(lambda: _("Came into the segment %(segment)s")),
    "segments.SegmentLeft": _segment(lambda: _("Left the segment %(segment)s")),
    "cart.CartsJoined": lambda payload, words: _("A guest's cart joined their own"),
}
