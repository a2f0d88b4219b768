"""The basket of a visit: putting in, changing, and what is different since it was last looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samband.commerce.cart import commands
from samband.commerce.cart.rules import Change
from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.views import Item
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.quotes import PricedLine
from samband.commerce.pricing.refusals import NotForSale
from samband.commerce.spots import queries as spots
from samband.commerce.spots.queries import SpotView
from samband.flows.basket import BasketLine
from samband.flows.by_phone import Here, check_left, look_here, step_to
from samband.kernel.clock import now
from samband.kernel.money import Money
from samband.kernel.refusal import Refusal

from . import reading, tries
from .explaining import OfferSaid, applied_said
from .pages import CHANNEL, go, page, render
from .refusal_texts import sentence
from .visitors import Visitor
from .words import Words

MOST_OF_ONE = 99
PARTS = {"/kiosk/scan/": "scan_inside.html"}
"""Pages that show the basket among other things, and the part of them that does."""


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the basket in words. `was` is the price of one before it was reduced."""

    sku: str
    name: str
    label: str
    image: str | None
    quantity: int
    most: int
    priced: PricedLine | None
    was: Money | None
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BasketSaid:
    """The whole basket in words, as it stands here and now."""

    here: Here
    lines: tuple[LineView, ...]
    offers: tuple[OfferSaid, ...]
    pieces: int

    @property
    def total(self) -> Money | None:
        return self.here.basket.quote.total if self.here.basket.quote else None

    @property
    def version(self) -> int:
        return self.here.basket.cart.version

    @property
    def hindered(self) -> bool:
        """Whether something in it cannot be had, so that it must be settled before paying."""
        gone = any(isinstance(change.now, int) for change in self.here.basket.changes)
        return gone or bool(self.here.left) or self.here.basket.quote is None


def basket_of(visitor: Visitor) -> BasketSaid | None:
    """The basket, if there is anything in it."""
    if visitor.cart is None or not visitor.cart.lines:
        return None
    here = look_here(visitor.on_visit(), visitor.cart, visitor.group, visitor.customer_id)
    words = Words(visitor.language)
    quote = here.basket.quote
    priced = {line.sku: line for line in quote.lines} if quote else {}
    lines = tuple(_line(line, priced.get(line.sku), here, words) for line in here.basket.lines)
    return BasketSaid(here, lines, applied_said(quote, words) if quote else (), here.basket.cart.pieces)


def _line(line: BasketLine, priced: PricedLine | None, here: Here, words: Words) -> LineView:
    told = [change_said(change, words) for change in here.basket.changes if change.sku == line.sku]
    left = here.left.get(line.sku)
    if left is not None and not told:
        told.append(_left_said(left))
    return LineView(
        sku=line.sku,
        name=words.text(line.item.names) if line.item else line.sku,
        label=words.text(line.item.variant_labels) if line.item else "",
        image=line.item.image if line.item else None,
        quantity=line.quantity,
        most=MOST_OF_ONE,
        priced=priced,
        was=line.tag.regular if line.tag else None,
        told=tuple(told),
    )


def _left_said(left: int) -> str:
    if left == 0:
        return _("There is none left here.")
    return ngettext("There is only %(left)s left here.", "There are only %(left)s left here.", left) % {"left": left}


def change_said(change: Change, words: Words) -> str:
    """A change in a sentence."""
    match change.code, change.was, change.now:
        case "price_up", Money() as was, Money() as is_now:
            return _("The price went up from %(was)s to %(now)s.") % {
                "was": words.money(was),
                "now": words.money(is_now),
            }
        case "price_down", Money() as was, Money() as is_now:
            return _("The price went down from %(was)s to %(now)s.") % {
                "was": words.money(was),
                "now": words.money(is_now),
            }
        case "short", int() as was, int() as is_now:
            return _("You want %(was)s, but only %(now)s are left.") % {"was": was, "now": is_now}
        case "sold_out", _was, _now:
            return _("This has sold out.")
        case _other:
            return _("This is not sold any more.")


def note_seen(visitor: Visitor, said: BasketSaid) -> None:
    """They have been told of these prices now."""
    fresh = {change.sku: change.now for change in said.here.basket.changes if isinstance(change.now, Money)}
    if fresh:
        commands.note_seen(said.here.basket.cart.id, fresh)


# --- what can be done


def have(visitor: Visitor, item: Item, quantity: int) -> None:
    """Have exactly so many of it in the basket; none takes it out.

    Raises VisitOver, NotForSale, NotEnoughHere, and what the cart refuses.
    """
    visit = visitor.on_visit()
    had = count(visitor, item.sku)
    if quantity <= had:
        if visitor.cart is not None:
            commands.put(visitor.cart.id, item.sku, quantity)
    else:
        if not item.published(CHANNEL, now()):
            raise NotForSale(sku=item.sku)
        price = _price(visitor, item)
        check_left(visit, item.sku, quantity)
        commands.put(visitor.open_cart().id, item.sku, quantity, None if had else price)
    visitor.look_again()


def count(visitor: Visitor, sku: str) -> int:
    """How many of it are in the basket."""
    lines = visitor.cart.lines if visitor.cart else ()
    return next((line.quantity for line in lines if line.sku == sku), 0)


def item_of(sku: str) -> Item:
    """Raises NotForSale for what is not in the catalog."""
    item = catalog.items([sku]).get(sku)
    if item is None:
        raise NotForSale(sku=sku)
    return item


def _price(visitor: Visitor, item: Item) -> Money:
    site = visitor.site
    assert site is not None
    tag = pricing.tags({item.sku: item.vat_class}, site.market, CHANNEL, visitor.group).get(item.sku)
    if tag is None:
        raise NotForSale(sku=item.sku)
    return tag.unit


@page("POST")
def change(visitor: Visitor) -> HttpResponse:
    """Have exactly so many of something in the basket; none takes it out. Raises VisitOver."""
    sent = visitor.request.POST
    return _done(visitor, lambda: _change(visitor, reading.sku(sent), reading.whole(sent, "quantity", 0, MOST_OF_ONE)))


def _change(visitor: Visitor, sku: str, quantity: int) -> None:
    if quantity == 0 and visitor.cart is not None:  # what is not sold any more can still be taken out
        commands.put(visitor.cart.id, sku, 0)
        visitor.look_again()
    elif quantity:
        have(visitor, item_of(sku), quantity)


@page("POST")
def add(visitor: Visitor) -> HttpResponse:
    """Put something in that they stand before; with the code of its shelf, if they scanned it. Raises VisitOver."""
    sent = visitor.request.POST
    return _done(visitor, lambda: _add(visitor, reading.sku(sent), reading.text(sent, "token", 80)))


def _add(visitor: Visitor, sku: str, token: str) -> None:
    have(visitor, item_of(sku), count(visitor, sku) + 1)
    if token:
        stand_before(visitor, spots.scanned(token).spot)


def stand_before(visitor: Visitor, spot: SpotView) -> None:
    """They are before this shelf now: its offers hold from here on, if the basket costs no more by it."""
    if visitor.cart is not None:
        visitor.visit = step_to(visitor.on_visit(), spot, visitor.cart, visitor.group, visitor.customer_id)


@page("POST")
def settle(visitor: Visitor) -> HttpResponse:
    """Take the basket down to what can be had here: fewer of what is short, none of what is gone."""
    return _done(visitor, lambda: _settle(visitor))


def _settle(visitor: Visitor) -> None:
    said = basket_of(visitor)
    for line in said.lines if said else ():
        most = said.here.left.get(line.sku, line.quantity) if said and line.priced else 0
        if said and most < line.quantity:
            commands.put(said.here.basket.cart.id, line.sku, most)
    visitor.look_again()


@page("POST")
def coupon(visitor: Visitor) -> HttpResponse:
    """Enter a coupon, or take one out again. Raises VisitOver."""
    sent = visitor.request.POST
    return _done(visitor, lambda: _coupon(visitor, reading.text(sent, "coupon", 40), out=bool(sent.get("out"))))


def _coupon(visitor: Visitor, code: str, *, out: bool) -> None:
    if not out:
        tries.coupons.count(str(visitor.on_visit().id))
        commands.enter_coupon(visitor.open_cart().id, code)
    elif visitor.cart is not None:
        commands.drop_coupon(visitor.cart.id, code)
    visitor.look_again()


def _done(visitor: Visitor, deed: Callable[[], None]) -> HttpResponse:
    """Do it, and show the basket (or the page it was done on) as it is then. A refusal is told there."""
    visitor.on_visit()
    refusal: Refusal | None = None
    try:
        deed()
    except Refusal as refused:
        refusal = refused
        visitor.look_again()
    back = visitor.request.POST.get("back", "")
    if visitor.by_htmx:
        return _show(visitor, PARTS.get(back, "basket_inside.html"), refusal)
    if refusal is not None:
        return show(visitor, refusal)
    return go(back if back in PARTS else "/kiosk/basket/")


@page()
def basket(visitor: Visitor) -> HttpResponse:
    """What is in it, what it costs and why, and what has changed. Raises VisitOver."""
    visitor.on_visit()
    return show(visitor)


def show(visitor: Visitor, refusal: Refusal | None = None) -> HttpResponse:
    return _show(visitor, "basket.html", refusal)


def _show(visitor: Visitor, template: str, refusal: Refusal | None) -> HttpResponse:
    said = basket_of(visitor)
    response = render(
        visitor,
        template,
        # htmx puts an answer in its place whatever its status; a script that reads it sees none of an error's.
        200 if refusal is None or visitor.by_htmx else refusal.status,
        **context(visitor, said),
        told=sentence(refusal) if refusal else "",
        latest=None,
        again="/kiosk/basket/",
    )
    if said is not None:
        note_seen(visitor, said)
    return response


def context(visitor: Visitor, said: BasketSaid | None) -> dict[str, Any]:
    """What every page with a basket on it speaks of."""
    quote = said.here.basket.quote if said else None
    return {
        "visit": visitor.on_visit(),
        "site": visitor.site,
        "said": said,
        "quote": quote,
        "coupons": quote.coupons if quote else (),
    }
