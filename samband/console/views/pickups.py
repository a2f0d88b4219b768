"""Pickups and parcels: what a location has to pick, what waits at its counter, and what is on the way."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.refusals import NoSuchProduct
from samband.commerce.fulfillment import commands, labels, queries
from samband.commerce.fulfillment.queries import FulfillmentView
from samband.commerce.fulfillment.refusals import NotOrdered
from samband.commerce.inventory import queries as inventory
from samband.commerce.orders import queries as orders
from samband.customers.accounts import queries as accounts
from samband.flows import finish_order
from samband.kernel.clock import now
from samband.kernel.refusal import Refusal

from .. import reading
from ..doors import CUSTOMER, about, me, opens
from ..pages import Done, answer, page, words_for
from . import parcels

WAITS = timedelta(days=7)
"""How long goods wait at the counter unless somebody says otherwise."""

WITH_US = ("requested", "picking", "ready")
CARRIERS = {
    "IS": ("Pósturinn", "Dropp"),
    "PL": ("Poczta Polska", "InPost", "DPD"),
    "LV": ("Latvijas Pasts", "Omniva", "DPD"),
    "GR": ("ΕΛΤΑ", "ACS", "Speedex"),
    "GB": ("Royal Mail", "DPD", "Evri"),
}
"""Offered while typing; any other can be typed."""


@opens("pickups", sees=CUSTOMER)
def desk(request: HttpRequest) -> HttpResponse:
    """Everything that a location has on its hands."""
    sites = inventory.locations()
    code = request.GET.get("location", "") or me(request).location
    code = code if code in sites else next(iter(sites), "")

    def show(refusal: Refusal | None = None) -> HttpResponse:
        picking = queries.pick_list(code)
        ready, sent = queries.pickups(code), queries.parcels(code)
        everything = (*picking.fulfillments, *ready, *sent)
        about(request, *(f"order:{one.order_id}" for one in everything))
        return page(
            request,
            "pickups.html",
            refusal=refusal,
            site=sites.get(code),
            sites=sites.values(),
            picking=picking,
            items=catalog.items([one.sku for one in picking.goods]),
            ready=ready,
            sent=sent,
            names=_names(everything),
            trouble=_trouble(code),
            now=now(),
        )

    def find(request: HttpRequest) -> Done:
        typed = reading.needed(request.POST, "code", 40)
        found = queries.by_code(code, typed)
        # The code rides in the session and not in the address, which others keep.
        request.session["pickup"] = [str(found.id), typed]
        return Done("", reverse("console:fulfillment", args=[found.id]))

    return answer(request, show, {"find": find})


def _trouble(location: str) -> tuple[FulfillmentView, ...]:
    """Parcels of a location that their carrier is in trouble with."""
    found = [one.fulfillment_id for one in labels.in_trouble([location])]
    return queries.fulfillments(found) if found else ()


def _names(views: Iterable[FulfillmentView]) -> Mapping[UUID, str]:
    """For whom each of these is, by the id of the order; two statements."""
    cards = orders.cards(list({one.order_id for one in views}))
    contacts = accounts.contacts({card.contact_id for card in cards.values() if card.contact_id})
    return {card.id: contacts[card.contact_id].name for card in cards.values() if card.contact_id in contacts}


@opens("pickups", sees=CUSTOMER)
def fulfillment(request: HttpRequest, fulfillment_id: UUID) -> HttpResponse:
    """One pickup or parcel, and the next step for it."""
    view = queries.fulfillment(fulfillment_id)

    def start(request: HttpRequest) -> Done:
        commands.start_picking(view.id, key=reading.key(request))
        return Done(_("Picking has begun."))

    def pick(request: HttpRequest) -> Done:
        _pick(view, _picked(request, view))
        return Done("" if request.POST.get("scan") else _("The basket is noted."))

    def pick_all(request: HttpRequest) -> Done:
        _pick(view, {line.sku: line.quantity for line in view.lines})
        return Done(_("Everything is in the basket."))

    def ready(request: HttpRequest) -> Done:
        if view.kind == "serve":
            finish_order.check_paid(view, "picking")
            commands.ready_to_serve(view.id, key=reading.key(request))
            return Done(_("Ready to be brought there."))
        until = reading.end_of_day(request.POST, "day", inventory.location(view.location).time_zone)
        finish_order.make_ready(view.id, until, key=reading.key(request))
        return Done(_("The goods are ready; the customer is told by mail and gets a code."))

    def hand_over(request: HttpRequest) -> Done:
        code = reading.needed(request.POST, "code", 40) if view.kind == "pickup" else ""
        finish_order.hand_over(view.id, code, key=reading.key(request))
        return Done(_("Handed over."))

    def ship(request: HttpRequest) -> Done:
        carrier = reading.needed(request.POST, "carrier", 100)
        tracking = reading.text(request.POST, "tracking", 100)
        finish_order.ship(view.id, carrier, tracking, key=reading.key(request))
        return Done(_("The parcel is with the carrier; the customer is told by mail."))

    def deliver(request: HttpRequest) -> Done:
        commands.deliver(view.id, key=reading.key(request))
        return Done(_("Delivered."))

    def cancel(request: HttpRequest) -> Done:
        finish_order.cancel_order(view.order_id, "retailer", key=reading.key(request))
        return Done(_("The order is cancelled. The goods are free again, and what was paid goes back."))

    def show(refusal: Refusal | None = None) -> HttpResponse:
        return _show(request, queries.fulfillment(view.id) if refusal else view, refusal)

    steps = {"start": start, "pick": pick, "pick-all": pick_all, "ready": ready, "hand-over": hand_over}
    steps |= {"ship": ship, "deliver": deliver, "cancel": cancel}
    return answer(request, show, {**steps, **parcels.deeds(view)})


def _picked(request: HttpRequest, view: FulfillmentView) -> dict[str, int]:
    """How many of each line are in the basket: what was typed and, on top, one of what was scanned.

    The form says how many there were when it was made, so that the same form sent twice counts a scan once.
    """
    given = request.POST
    lines = {line.sku: line for line in view.lines}
    picked = {
        given[f"sku-{row}"]: reading.whole(given, f"quantity-{row}")
        for row in reading.numbered(given, "sku")
        if given[f"sku-{row}"] in lines
    }
    if scanned := reading.text(given, "scan", 64):
        sku = scanned if scanned in lines else _sku_of(scanned)
        if sku not in lines:
            raise NotOrdered(sku=scanned)
        picked[sku] = picked.get(sku, lines[sku].picked) + 1
    return picked


def _sku_of(scanned: str) -> str:
    try:
        return catalog.by_gtin(scanned).sku if scanned.isdigit() else ""
    except NoSuchProduct:
        return ""


@transaction.atomic
def _pick(view: FulfillmentView, picked: Mapping[str, int]) -> None:
    """All lines or, if one is refused, none."""
    for sku, quantity in sorted(picked.items()):
        commands.pick(view.id, sku, quantity)


def _show(request: HttpRequest, view: FulfillmentView, refusal: Refusal | None) -> HttpResponse:
    words = words_for(me(request))
    site = inventory.locations().get(view.location)
    about(request, f"order:{view.order_id}")
    siblings = queries.of_order(view.order_id)
    held = request.session.pop("pickup", None) if "pickup" in request.session else None
    wait_until = now() + WAITS
    all_picked = all(line.picked >= line.quantity for line in view.lines)
    return page(
        request,
        "fulfillment.html",
        refusal=refusal,
        words=words,
        one=view,
        site=site,
        number=view.number.rpartition("-")[0],
        items=catalog.items([line.sku for line in view.lines]),
        places=inventory.available([line.sku for line in view.lines]),
        name=_names([view]).get(view.order_id, ""),
        address=accounts.address(view.address_id) if view.address_id else None,
        all_picked=all_picked,
        **parcels.shown(request, view, all_picked),
        typed_code=held[1] if held and held[0] == str(view.id) else "",
        wait_until=f"{wait_until:%Y-%m-%d}",
        carriers=CARRIERS.get(site.country if site else "", ()),
        cancellable=all(one.state in (*WITH_US, "cancelled") for one in siblings) and view.state in WITH_US,
        siblings=[one for one in siblings if one.id != view.id],
    )
