"""Stock: what lies where, how it came there, who has a claim on it, and the forms that change it."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.gtins import is_gtin
from samband.commerce.catalog.refusals import NoSuchProduct
from samband.commerce.inventory import commands
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import AtLocation, LevelPage, LevelView
from samband.commerce.orders import queries as orders
from samband.commerce.tills import queries as tills
from samband.kernel.goods import MOST_OF_ONE, Line, Position
from samband.kernel.refusal import NotFound, Refusal

from .. import goods, reading, state_words, stock_texts
from ..doors import me, opens
from ..pages import Deed, Done, answer, page

REASONS = tuple(reason for reason in state_words.ADJUST_REASONS if reason != "counted")
MOVES_A_PAGE = 50


def here(request: HttpRequest, everywhere: bool = False) -> str:
    """The location that was asked for, else where the member stands; `all` means none of them."""
    sites = inventory.locations()
    asked = request.GET.get("location", "")
    if everywhere and asked == "all":
        return ""
    for code in (asked, me(request).location):
        if code in sites:
            return code
    return ""


def site_in(request: HttpRequest, name: str) -> str:
    """The location that a field names. Raises NotRead."""
    return reading.chosen(request.POST, name, tuple(inventory.locations()))


def device_names() -> dict[str, str]:
    """The tills' names by how allotments call them."""
    return {str(device.id): device.name for device in tills.devices()}


@opens("stock")
def levels(request: HttpRequest) -> HttpResponse:
    """What lies where. A text is the beginning of a SKU, a GTIN, or part of a product's name."""
    sites = inventory.locations()
    location = here(request, everywhere=True)
    text, number = reading.asked(request), reading.page_number(request)
    found = _levels(text, location or None, number)
    return page(
        request,
        "stock.html",
        q=text,
        location=location,
        sites=sites,
        found=found,
        items=catalog.items([row.sku for row in found.rows]),
        again={"q": text, "location": location or "all"},
    )


def _levels(text: str, location: str | None, number: int) -> LevelPage:
    found = inventory.levels(location, text or None, number)
    if found.rows or not text or number > 1:
        return found
    skus = [sku for row in catalog.console_products(text).rows for sku in row.skus]
    if is_gtin(text):
        try:
            skus = [catalog.by_gtin(text).sku]
        except NoSuchProduct:
            skus = []
    rows = [
        LevelView(at.location, sku, at.on_hand, at.held, at.safety, at.available, at.fenced)
        for sku, places in (inventory.available(skus) if skus else {}).items()
        for at in places
        if location in (None, at.location)
    ]
    return LevelPage(tuple(rows[:200]), 1, more=False)


@opens("stock")
def receive(request: HttpRequest) -> HttpResponse:
    """Goods come in."""

    def deed(request: HttpRequest) -> Done:
        given = request.POST
        location = site_in(request, "location")
        lines = tuple(Line(sku, many) for sku, many in sorted(goods.read(given).items()))
        commands.receive(location, lines, reading.text(given, "reference", 200), key=reading.key(request))
        return _booked(location, _("Received."))

    return _form(request, "receive", deed)


@opens("stock")
def move(request: HttpRequest) -> HttpResponse:
    """Goods go from one location to another."""

    def deed(request: HttpRequest) -> Done:
        given = request.POST
        location, to = site_in(request, "location"), site_in(request, "to_location")
        if location == to:
            raise reading.NotRead(field="to_location", want="choice")
        lines = tuple(Line(sku, many) for sku, many in sorted(goods.read(given).items()))
        commands.transfer(location, to, lines, reading.text(given, "reference", 200), key=reading.key(request))
        return _booked(to, _("Moved."))

    return _form(request, "move", deed)


@opens("stock")
def adjust(request: HttpRequest) -> HttpResponse:
    """The books are put right by differences, with a reason."""

    def deed(request: HttpRequest) -> Done:
        given = request.POST
        location = site_in(request, "location")
        reason = reading.chosen(given, "reason", REASONS)
        changes = _positions(location, goods.read(given, least=-MOST_OF_ONE))
        commands.adjust(location, changes, reason, reading.text(given, "reference", 200), key=reading.key(request))
        return _booked(location, _("Adjusted."))

    return _form(request, "adjust", deed)


@opens("stock")
def count(request: HttpRequest) -> HttpResponse:
    """What is on hand is set to what was counted."""

    def deed(request: HttpRequest) -> Done:
        given = request.POST
        location = site_in(request, "location")
        found = _positions(location, goods.read(given, least=0))
        event = commands.count(location, found, reading.text(given, "reference", 200), key=reading.key(request))
        if not event.positions:
            return _booked(location, _("Counted; the books were right."))
        return _booked(location, _("Counted; the books are put right."))

    return _form(request, "count", deed)


@opens("stock")
def of_sku(request: HttpRequest, sku: str) -> HttpResponse:
    """One SKU: its levels, its ledger, and which orders have a claim on it."""
    sku = reading.sku(sku)
    before = reading.cursor(request)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        item = catalog.items([sku]).get(sku)
        places = inventory.available([sku])[sku]
        if item is None and not places:
            raise NotFound()
        moves = inventory.ledger(sku, before=before, most=MOVES_A_PAGE + 1)
        claims = {at.location: inventory.claims(at.location, sku) for at in places if at.held}
        cards = orders.cards(sorted({one for ids in claims.values() for one in ids}))
        others = {one for ids in claims.values() for one in ids} - cards.keys()
        return page(
            request,
            "sku_stock.html",
            refusal=refusal,
            sku=sku,
            item=item,
            places=places,
            moves=moves[:MOVES_A_PAGE],
            before=moves[MOVES_A_PAGE - 1].id if len(moves) > MOVES_A_PAGE else None,
            claims=claims,
            cards=cards,
            devices=_devices() if others else {},
            fences=[one for one in inventory.fences(sku=sku).rows if one.sku == sku] if _any_fenced(places) else [],
            rules=stock_texts.rules,
        )

    def safety(request: HttpRequest) -> Done:
        location = site_in(request, "location")
        commands.set_safety(location, sku, reading.whole(request.POST, "safety"))
        return Done(_("The safety stock is set."))

    return answer(request, show, {"safety": safety})


def _any_fenced(places: Sequence[AtLocation]) -> bool:
    return any(at.fenced for at in places)


def _devices() -> dict[UUID, str]:
    """The names of tills by what was given to them to sell."""
    names = device_names()
    return {one.id: names.get(one.device, one.device) for one in inventory.allotments()}


def _form(request: HttpRequest, kind: str, deed: Deed) -> HttpResponse:
    rows = goods.ROWS

    def show(refusal: Refusal | None = None, rows: int = rows) -> HttpResponse:
        sent = [row + 1 for row in reading.numbered(request.POST, "code")] if request.method == "POST" else []
        return page(
            request,
            "stock_form.html",
            refusal=refusal,
            kind=kind,
            here=here(request),
            part="stock",
            sites=inventory.locations(),
            rows=max([rows, *sent]),
            reasons=REASONS,
            prefilled=request.GET.get("sku", "")[:64],
        )

    return answer(request, show, {kind: deed})


def _positions(location: str, many: dict[str, int]) -> tuple[Position, ...]:
    return tuple(Position(location, sku, quantity) for sku, quantity in sorted(many.items()))


def _booked(location: str, text: str) -> Done:
    return Done(text, f"{reverse('console:stock')}?{urlencode({'location': location})}")
