"""What a carrier told of a parcel on its way, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from samband.commerce.fulfillment import labels
from samband.commerce.fulfillment.queries import FulfillmentView
from samband.commerce.fulfillment.refusals import NoLabel

from .wording import Words

SENT = ("shipped", "delivered")


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a parcel was seen, and when."""

    when: str
    what: str


def seen(one: FulfillmentView, zone: str, words: Words) -> tuple[Seen, ...]:
    """All of it, the latest first. Two statements for a parcel that was sent with a label of ours, else one or none."""
    if one.kind != "ship" or one.state not in SENT:
        return ()
    try:
        label = labels.bought(one.id)
    except NoLabel:
        return ()
    told = [Seen(words.moment(mark.at, zone), said) for mark in labels.marks(label.id) if (said := _said(mark.mark))]
    return tuple(reversed(told))


def _said(mark: str) -> str:
    match mark:
        case "announced":
            return _("The carrier knows of it.")
        case "on_the_way":
            return _("With the carrier, on its way.")
        case "out_for_delivery":
            return _("The courier has it and comes today.")
        case "delivered":
            return _("Delivered.")
        case "trouble":
            return _("Something hinders the carrier. We look after it.")
        case "returned":
            return _("On its way back to us.")
        case _:
            return ""
