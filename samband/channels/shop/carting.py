"""The cart: putting in, changing, and what has changed since the shopper looked."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from samband.commerce.cart import commands
from samband.commerce.cart.rules import Change
from samband.commerce.catalog import queries as catalog
from samband.commerce.inventory import queries as inventory
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.quoting import PricedLine
from samband.commerce.pricing.refusals import NotForSale
from samband.flows.basket import Basket, BasketLine, look_at, most_available
from samband.kernel.clock import now
from samband.kernel.languages import pick
from samband.kernel.money import Money
from samband.kernel.refusal import Conflict

from . import reading
from .cards import picture
from .explaining import quote_explained
from .pages import go, page, render
from .savings import coupon_views, savings
from .storefronts import CHANNEL, Storefront
from .visits import Visit
from .wording import Words

MOST_AT_ONCE = 99


class NotSoMany(Conflict):
    """There are not that many of it left."""

    code = "not_so_many"


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the cart in words."""

    sku: str
    href: str
    name: str
    label: str
    image: str
    quantity: int
    most: int
    priced: PricedLine | None
    regular: Money | None
    changes: tuple[str, ...]
    buyable: bool

    @property
    def full_name(self) -> str:
        return f"{self.name}, {self.label}" if self.label else self.name


@page()
def cart(visit: Visit) -> HttpResponse:
    """What is in the cart, what it costs and why, and what has changed. Four statements, one more
    for coupons, and one to note a change."""
    return show(visit)


@page("POST")
def add(visit: Visit) -> HttpResponse:
    """Put something in; a cart filled in another market comes along, and that is told.

    Raises NotForSale, NotSoMany, and what the cart refuses.
    """
    sent = visit.request.POST
    sku = reading.sku(sent)
    quantity = reading.whole(sent, "quantity", 1, MOST_AT_ONCE, otherwise=1)
    seen = reading.money(sent, "seen", visit.front.currency)
    item = catalog.items([sku]).get(sku)
    if item is None or not item.published(CHANNEL, now()):
        raise NotForSale(sku=sku)
    tag = pricing.tags({sku: item.vat_class}, visit.front.market, CHANNEL, visit.group).get(sku)
    if tag is None:
        raise NotForSale(sku=sku)
    left = most_available(inventory.available([sku])[sku])
    held = visit.open_cart()
    had = next((line.quantity for line in held.lines if line.sku == sku), 0)
    if had + quantity > left:
        raise NotSoMany(sku=sku, left=left, had=had)
    moves = held.market != visit.front.market
    if moves:
        commands.change_market(held.id, visit.front.market)
    moved = moves and bool(held.lines)
    commands.add(held.id, sku, quantity, seen or tag.unit)
    name = pick(item.names, visit.front.language)
    if not visit.by_htmx:
        return go(visit.front.at(f"cart/?added={sku}{'&moved' if moved else ''}"))
    return render(
        visit,
        "added.html",
        name=name,
        label=pick(item.variant_labels, visit.front.language),
        image=picture(item.image),
        price=tag.unit,
        quantity=quantity,
        count=held.pieces + quantity,
        moved=moved,
    )


@page("POST")
def line(visit: Visit) -> HttpResponse:
    """Have exactly so many of something in the cart; none takes it out."""
    sku = reading.sku(visit.request.POST)
    quantity = reading.whole(visit.request.POST, "quantity", 0, 999)
    if visit.cart is not None:
        commands.put(visit.cart.id, sku, quantity)
        del visit.cart
    return show(visit) if visit.by_htmx else go(visit.front.at("cart/"))


@page("POST")
def settle(visit: Visit) -> HttpResponse:
    """Take the cart down to what can be had: fewer of what is short, none of what is gone."""
    if visit.cart is not None:
        basket = look_at(visit.cart, CHANNEL, visit.group)
        for change in basket.changes:
            if isinstance(change.now, int):
                commands.put(visit.cart.id, change.sku, change.now)
        del visit.cart
    return show(visit) if visit.by_htmx else go(visit.front.at("cart/"))


@page("POST")
def move(visit: Visit) -> HttpResponse:
    """Shop in this storefront's market with what is in the cart."""
    if visit.cart is not None:
        commands.change_market(visit.cart.id, visit.front.market)
    return go(visit.front.at("cart/?moved"))


def show(visit: Visit, told: str = "", coupon_told: str = "", status: int = 200) -> HttpResponse:
    """The cart as it stands; what the shopper sees of prices now is noted as seen."""
    template = "cart_inside.html" if visit.by_htmx else "cart.html"
    if visit.cart is None or not visit.cart.lines:
        return render(visit, template, status, basket=None, told=told, elsewhere=None, count=0)
    basket = look_at(visit.cart, CHANNEL, visit.group)
    context = inside(visit, basket)
    note_seen(visit, basket)
    context["taken"] = "taken" in visit.request.GET
    added = visit.request.GET.get("added", "")
    context["moved"] = "moved" in visit.request.GET and not context["elsewhere"]
    context["added"] = next((one.name for one in context["lines"] if one.sku == added), "")
    return render(visit, template, status, told=told, coupon_told=coupon_told, **context)


def inside(visit: Visit, basket: Basket) -> dict[str, Any]:
    """What the cart shows."""
    front = visit.front
    elsewhere = None
    if basket.cart.market != front.market:
        elsewhere = Storefront(front.language, basket.cart.market)
    words = Words(front.language)
    sent = basket.quoted("ship")
    lines = line_views(basket, front)
    names = {line.sku: line.full_name for line in lines}
    made = sent or basket.quote
    return {
        "basket": basket,
        "lines": lines,
        "made": quote_explained(made, names, words) if made else (),
        "quote": basket.quote,
        "saved": savings(basket.quote, words) if basket.quote else None,
        "coupons": coupon_views(basket.cart.coupons, sent or basket.quote, words),
        "sent": sent,
        "ways": basket.ways() if basket.quote else (),
        "elsewhere": elsewhere,
        "hindered": any(isinstance(change.now, int) for change in basket.changes),
        "count": basket.cart.pieces,
    }


def line_views(basket: Basket, front: Storefront) -> list[LineView]:
    words = Words(front.language)
    priced = {line.sku: line for line in basket.quote.lines} if basket.quote else {}
    told: dict[str, list[str]] = {}
    for change in basket.changes:
        told.setdefault(change.sku, []).append(change_said(change, words))
    return [_line(line, priced.get(line.sku), tuple(told.get(line.sku, ())), front) for line in basket.lines]


def _line(line: BasketLine, priced: PricedLine | None, told: tuple[str, ...], front: Storefront) -> LineView:
    item = line.item
    return LineView(
        sku=line.sku,
        href=front.product(item.slug, line.sku) if item else "",
        name=pick(item.names, front.language) if item else line.sku,
        label=pick(item.variant_labels, front.language) if item else "",
        image=picture(item.image if item else None),
        quantity=line.quantity,
        most=max(min(line.available, MOST_AT_ONCE), line.quantity),
        priced=priced,
        regular=line.tag.regular if line.tag else None,
        changes=told,
        buyable=priced is not None,
    )


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


def note_seen(visit: Visit, basket: Basket) -> None:
    """The shopper has been told of these prices. A browser that only fetches ahead has told nobody."""
    fresh = {change.sku: change.now for change in basket.changes if isinstance(change.now, Money)}
    ahead = "prefetch" in visit.request.headers.get("Sec-Purpose", "")
    if fresh and not ahead and basket.cart.market == visit.front.market:
        commands.note_seen(basket.cart.id, fresh)
