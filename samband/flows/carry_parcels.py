"""Parcels and their carriers: a label is bought once a parcel is packed, and what the carrier tells moves it on.

The carrier is asked between transactions. Whatever dies in between is asked about again with the same key; a label that
nobody needs any more is given back.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from samband.commerce.catalog import queries as catalog
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import labelling, labels, providers
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.carriage import ON_THE_WAY, Postal, Rate, Wish
from samband.commerce.fulfillment.labels import LabelView
from samband.commerce.fulfillment.queries import FulfillmentView
from samband.commerce.fulfillment.refusals import CarrierRefused, CarrierSilent
from samband.commerce.inventory import queries as inventory
from samband.customers.accounts import queries as accounts
from samband.events.fulfillment import FulfillmentCancelled, ParcelSeen, ParcelShipped
from samband.kernel.clock import now
from samband.kernel.refusal import Conflict, Refusal
from samband.timeline import on
from samband.timeline.chores import every

from . import finish_order

log = structlog.get_logger("samband.fulfillment")

USUAL_GRAMS = 1_000
"""What a unit weighs of which nobody wrote it down."""

SILENT_FOR = timedelta(hours=24)


class NoAddress(Conflict):
    """The parcel has no address to go to."""

    code = "parcel_without_address"


@dataclass(frozen=True)
class Offered:
    """A carrier's service for a parcel."""

    carrier: str
    rate: Rate


def rates(fulfillment_id: UUID) -> tuple[Offered, ...]:
    """What carriers ask for this parcel, each carrier's cheapest first; one that does not answer is left out.

    Raises UnknownFulfillment, NoAddress.
    """
    wish = _wish(fulfillments.fulfillment(fulfillment_id), f"rates-{fulfillment_id}", "")
    found = []
    for carrier in providers.offered():
        answer = providers.asked(carrier.name, lambda carrier=carrier: carrier.rates(wish))  # type: ignore[misc]
        if isinstance(answer, tuple):
            found += [Offered(carrier.name, rate) for rate in answer]
    return tuple(found)


def buy_label(fulfillment_id: UUID, carrier: str, service: str = "", *, label_id: UUID) -> LabelView:
    """Buy a label for a parcel that is packed. Asking twice with one id is asking once.

    `service` is the carrier's name for it; without one it is the carrier's cheapest. Raises UnknownCarrier,
    UnknownFulfillment, NothingIsPaid, NotPermitted, NotAllPicked, LabelExists, NoAddress, CarrierRefused with its
    `reason`, and CarrierSilent if it has not answered yet: then a later turn finds out.
    """
    chosen, view = providers.named(carrier), fulfillments.fulfillment(fulfillment_id)
    finish_order.check_paid(view, "picking")
    _address(view)
    labelling.begin(label_id, fulfillment_id, chosen.name, service)
    label = labels.label(label_id)
    if label.state == "asked":
        _ask(label, view)
        label = labels.label(label_id)
    if label.state == "refused":
        raise CarrierRefused(carrier=carrier, reason=label.reason)
    if label.state == "asked":
        raise CarrierSilent(carrier=carrier)
    return label


def _ask(label: LabelView, view: FulfillmentView) -> None:
    wish, carrier = _wish(view, label.key, label.service), providers.named(label.carrier)
    labelling.note(label.id, providers.asked(label.carrier, lambda: carrier.buy(wish)))


def _wish(view: FulfillmentView, key: str, service: str) -> Wish:
    items = catalog.items([line.sku for line in view.lines])
    grams = sum(
        line.quantity * ((items[line.sku].weight_grams if line.sku in items else None) or USUAL_GRAMS)
        for line in view.lines
    )
    return Wish(key, view.number, service, _sender(view.location), _address(view), grams)


def _sender(location: str) -> Postal:
    site = inventory.location(location)
    given = site.address
    return Postal(
        name=site.name,
        line1=given.get("line1", ""),
        line2=given.get("line2", ""),
        city=given.get("city", ""),
        postcode=given.get("postcode", ""),
        country=site.country,
        phone=given.get("phone", ""),
    )


def _address(view: FulfillmentView) -> Postal:
    if view.address_id is None:
        raise NoAddress(fulfillment=str(view.id))
    given = accounts.address(view.address_id).given
    return Postal(given.name, given.line1, given.line2, given.city, given.postcode, given.country, given.phone)


def give_to_carrier(fulfillment_id: UUID, *, key: str) -> ParcelShipped:
    """The carrier has collected the parcel that its label is on. Raises NoLabel, and what `finish_order.ship` does."""
    label = labels.bought(fulfillment_id)
    return finish_order.ship(fulfillment_id, label.carrier_name, label.tracking, key=key)


# --- what carriers tell


def hear_carrier(carrier: str, body: bytes, signature: str) -> ParcelSeen | None:
    """Take a carrier's notice in, once; what follows for the parcel follows from the event that is recorded.

    Returns None for what was told before, is no news, or is not ours. Raises UnknownCarrier, Forged.
    """
    return labelling.hear(carrier, labels.read_notice(carrier, body, signature))


@on(ParcelSeen)
def follow_parcel(event: ParcelSeen) -> None:
    """What the carrier has seen is on the way, and what it has delivered is delivered, whatever we knew before."""
    if event.mark not in (*ON_THE_WAY, "delivered"):
        return
    view = fulfillments.fulfillment(event.fulfillment_id)
    if view.state == "picking":
        if finish_order.all_money_went_back(view):
            log.warning("parcel_left_unpaid", fulfillment=str(view.id))
            return
        label = labels.label(event.label_id)
        finish_order.ship(view.id, label.carrier_name, label.tracking, key=f"seen-{event.label_id}")
    if event.mark == "delivered" and fulfillments.fulfillment(view.id).state == "shipped":
        fulfillment.deliver(view.id, key=f"seen-{event.label_id}")


@on(FulfillmentCancelled)
def give_label_back(event: FulfillmentCancelled) -> None:
    """A parcel that does not go needs no label."""
    labelling.unwanted(event.fulfillment_id)


# --- what nobody waits for


@every(30)
def look_after_labels() -> int:
    """Labels that should have been answered by now are asked about, unwanted ones given back; returns how many."""
    due = labels.to_look_after(now())
    for label in due:
        labelling.postpone(label.id, label.looks + 1)
        try:
            _look_after(label)
        except Refusal as refusal:
            log.warning("label_not_looked_after", label=str(label.id), code=refusal.code)
    return len(due)


def _look_after(label: LabelView) -> None:
    carrier = providers.named(label.carrier)
    if label.state == "bought" and label.unwanted:
        taken_back = providers.asked(label.carrier, lambda: carrier.cancel(label.reference))
        if isinstance(taken_back, bool):
            labelling.note_voided(label.id, taken_back)
        return
    answer = providers.asked(label.carrier, lambda: carrier.look_up(label.key))
    if answer is not None:
        labelling.note(label.id, answer)
    else:
        _ask(label, fulfillments.fulfillment(label.fulfillment_id))


@every(600)
def ask_after_parcels() -> int:
    """Parcels of which nothing was heard for a day are asked after; returns how many."""
    silent = labels.silent_since(now() - SILENT_FOR)
    for label in silent:
        carrier = providers.named(label.carrier)
        seen = providers.asked(label.carrier, lambda carrier=carrier, label=label: carrier.track(label.reference))  # type: ignore[misc]
        for notice in seen if isinstance(seen, tuple) else ():
            labelling.hear(label.carrier, notice)
    return len(silent)
