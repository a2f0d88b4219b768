"""What else is done with a parcel or pickup: labels, substitutes, and changes until it is picked."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.refusals import NoSuchProduct
from samband.commerce.fulfillment import labels, queries, substitutions
from samband.commerce.fulfillment.queries import FulfillmentView
from samband.commerce.inventory import queries as inventory
from samband.customers.accounts import queries as accounts
from samband.customers.accounts.rules import Particulars
from samband.flows import carry_parcels, change_order, substitute
from samband.kernel.goods import Line
from samband.kernel.refusal import NotFound

from .. import label_drawing, reading
from ..doors import CUSTOMER, me, opens
from ..pages import Deed, Done, words_for


def deeds(view: FulfillmentView) -> dict[str, Deed]:
    """What the page of a parcel or pickup can be told besides its steps."""
    return {**_label_deeds(view), **_substitute_deeds(view), **_change_deeds(view)}


def _label_deeds(view: FulfillmentView) -> dict[str, Deed]:
    def label(request: HttpRequest) -> Done:
        given = request.POST
        carrier, service = reading.needed(given, "carrier", 40), reading.text(given, "service", 100)
        # The form's key is also the label's id, so that the form sent twice asks for the same label.
        carry_parcels.buy_label(view.id, carrier, service, label_id=reading.uuid(given, "key"))
        return Done(_("The label is bought. Print it and stick it on."))

    def give(request: HttpRequest) -> Done:
        carry_parcels.give_to_carrier(view.id, key=reading.key(request))
        return Done(_("The parcel is with the carrier; the customer is told by mail."))

    return {"label": label, "give": give}


def _substitute_deeds(view: FulfillmentView) -> dict[str, Deed]:
    def propose(request: HttpRequest) -> Done:
        given = request.POST
        substitute.propose(
            view.id,
            Line(reading.needed(given, "sku", 64), reading.whole(given, "many", 1)),
            _sku(reading.needed(given, "substitute", 64)),
            substitution_id=reading.uuid(given, "key"),
            missing=reading.ticked(given, "missing"),
        )
        return Done(_("Proposed, and held until the customer answers."))

    def agree(request: HttpRequest) -> Done:
        substitute.agree(reading.uuid(request.POST, "substitution"), by="counter", key=reading.key(request))
        return Done(_("Replaced. If it costs less, the difference goes back."))

    def decline(request: HttpRequest) -> Done:
        substitute.decline(reading.uuid(request.POST, "substitution"), by="counter", key=reading.key(request))
        return Done(_("Not wanted; the substitute is free again."))

    def leave_out(request: HttpRequest) -> Done:
        given = request.POST
        goods = Line(reading.needed(given, "sku", 64), reading.whole(given, "many", 1))
        missing = reading.ticked(given, "missing")
        left_out = substitute.leave_out(view.id, goods, key=reading.key(request), missing=missing)
        if left_out.cancelled:
            return Done(_("That was all of it: the order is cancelled, and what was paid goes back."))
        return Done(_("Left out; its money goes back to the customer."))

    return {"propose": propose, "agree": agree, "decline": decline, "leave-out": leave_out}


def _sku(typed: str) -> str:
    try:
        return catalog.by_gtin(typed).sku if typed.isdigit() else typed
    except NoSuchProduct:
        return typed


def _change_deeds(view: FulfillmentView) -> dict[str, Deed]:
    def fewer(request: HttpRequest) -> Done:
        given = request.POST
        sku, many = reading.needed(given, "sku", 64), reading.whole(given, "many", 1)
        if change_order.fewer(view.id, sku, many, key=reading.key(request)).cancelled:
            return Done(_("That was all of it: the order is cancelled, and what was paid goes back."))
        return Done(_("Taken off; its money goes back to the customer."))

    def slot(request: HttpRequest) -> Done:
        wanted = reading.uuid(request.POST, "slot") if request.POST.get("slot") else None
        change_order.change_slot(view.id, wanted, key=reading.key(request))
        return Done(_("It comes at another time."))

    def address(request: HttpRequest) -> Done:
        given = request.POST
        names = ("name", "line1", "city", "postcode", "line2", "phone")
        typed = {name: reading.text(given, name, 200) for name in names}
        country = accounts.address(view.address_id).given.country if view.address_id else ""
        change_order.change_address(view.id, Particulars(**typed, country=country), key=reading.key(request))
        return Done(_("It goes to another address."))

    return {"fewer": fewer, "slot": slot, "address": address}


def shown(request: HttpRequest, view: FulfillmentView, all_picked: bool) -> dict[str, Any]:
    """What the page shows of labels, substitutes and changes."""
    known = labels.of_fulfillment(view.id) if view.kind == "ship" else ()
    label = known[0] if known else None
    asks = view.kind == "ship" and view.state == "picking" and all_picked and not _bought(label)
    substitutes = substitutions.of_fulfillment(view.id) if view.state not in ("requested", "shipped") else ()
    return {
        "label": label,
        "marks": labels.marks(label.id) if label else (),
        "offers": carry_parcels.rates(view.id) if asks and request.GET.get("carriers") else (),
        "asks_carriers": asks,
        "substitutes": substitutes,
        "substitute_items": catalog.items([one.substitute for one in substitutes]) if substitutes else {},
        "changes": change_order.changes_of(view),
    }


def _bought(label: labels.LabelView | None) -> bool:
    return label is not None and label.state in ("bought", "asked")


@opens("pickups", sees=CUSTOMER)
def label(request: HttpRequest, fulfillment_id: UUID) -> HttpResponse:
    """The label of a parcel, to print: the carrier's own, or one that is drawn here."""
    view, bought = queries.fulfillment(fulfillment_id), labels.bought(fulfillment_id)
    if bought.label_url.startswith("https://"):
        return HttpResponseRedirect(bought.label_url)
    if view.address_id is None:
        raise NotFound()
    words, site = words_for(me(request)), inventory.location(view.location)
    sender = [site.name, site.address.get("line1", ""), _town(site.address), site.country]
    receiver = words.address(accounts.address(view.address_id).given)
    service = f"{bought.carrier_name} {bought.service}"
    drawing = label_drawing.drawn(sender, receiver, view.number, bought.tracking, service)
    return HttpResponse(drawing, content_type="image/svg+xml")


def _town(address: Mapping[str, str]) -> str:
    return f"{address.get('postcode', '')} {address.get('city', '')}".strip()
