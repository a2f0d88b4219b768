"""Selling at a till while its line is up: the customer's cart, some of it carried away and some sent, paid in any mix.

The till asks for nothing else than any other channel does: the same basket, the same checkout. What is its own is the
drawer: cash goes into the one that stands under the device, and is counted the moment it is taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from samband.commerce.cart import commands as cart_commands
from samband.commerce.cart import queries as carts
from samband.commerce.cart.rules import CartView
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.promise import Promise
from samband.commerce.fulfillment.queries import SlotView
from samband.commerce.fulfillment.refusals import CannotRoute
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import AtLocation, LocationView
from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderView
from samband.commerce.payments import queries as payments
from samband.commerce.payments.queries import IntentView, MethodView
from samband.commerce.pricing import queries as pricing
from samband.commerce.tills.queries import DeviceView, DrawerView
from samband.commerce.tills.refusals import DrawerInOtherCurrency, DrawerNeeded
from samband.customers.accounts import queries as accounts
from samband.customers.accounts.rules import Particulars
from samband.kernel.goods import Line, Position
from samband.kernel.money import Money
from samband.kernel.refusal import Conflict, Invalid, NotFound
from samband.staff.queries import Cashier

from . import count_cash, delivery, pay_link
from .basket import STORE_ONLY, Basket, look_at
from .cart_handover import take_over
from .check_out import Checkout, Outcome, Part, Tender, call_off, check_out, come_back, how_it_stands, pay
from .check_out.wishes import CARRY, PICKUP, SHIP
from .till_snapshot import CHANNEL

LINK_LASTS = pay_link.LONGEST
WAYS = (CARRY, SHIP, PICKUP)


class GivenTooLittle(Invalid):
    """What the customer gave is less than what is to be paid in cash."""

    code = "given_too_little"


class NotSoldHere(Conflict):
    """This order was not sold at a till of this store."""

    code = "not_sold_here"


@dataclass(frozen=True, slots=True)
class Counter:
    """Where and by whom something is sold."""

    device: DeviceView
    cashier: Cashier
    drawer: DrawerView | None

    @property
    def site(self) -> LocationView:
        """The store."""
        return inventory.location(self.device.location)


@dataclass(frozen=True, slots=True)
class WayOf:
    """How a line's goods are to be had: carried away, sent (perhaps in a slot), or picked up at another store."""

    kind: str = CARRY
    location: str | None = None
    slot_id: UUID | None = None


Ways = Mapping[str, WayOf]
"""By SKU; what is not named is carried away."""


@dataclass(frozen=True, slots=True)
class Coming:
    """When goods that are not carried away will be there."""

    kind: str
    location: str | None
    promise: Promise


@dataclass(frozen=True, slots=True)
class Look:
    """A cart at a till: what it costs going these ways, what cannot go the way it should, and when the rest comes.

    `here` is the store it is looked at in.
    """

    basket: Basket
    ways: Ways
    short: tuple[str, ...]
    coming: tuple[Coming, ...]

    here: str

    @property
    def cart(self) -> CartView:
        """The cart itself."""
        return self.basket.cart


@dataclass(frozen=True, slots=True)
class Handed:
    """A tender, and for cash what the customer handed over."""

    tender: Tender
    given: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What a cashier agreed with a customer. Whoever carries everything away need not say who they are."""

    cart_id: UUID
    version: int | None
    seen_total: Money
    ways: Ways
    tenders: tuple[Handed, ...]
    address: Particulars | None = None
    email: str = ""
    name: str = ""
    phone: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Sold:
    """Where a sale stands, how it is being paid, and the change that the customer gets (or, called off, gets back)."""

    outcome: Outcome
    order: OrderView
    intents: tuple[IntentView, ...]
    change: Money | None = None


# --- the cart


def open_cart(counter: Counter, customer_id: UUID | None = None) -> CartView:
    """A new cart, or the customer's own that they filled at home, in the market of this store."""
    if customer_id is not None:
        customer_id = accounts.customer(customer_id).id
    return _of_this_market(counter, cart_commands.open_cart(counter.site.market, customer_id))


def give_to(counter: Counter, cart_id: UUID, customer_id: UUID) -> CartView:
    """The till's cart becomes part of the customer's own. Raises NotFound, NotYourCart, CartClosed, CartFull."""
    customer_id = accounts.customer(customer_id).id
    joined = cart_commands.join(cart_id, customer_id).cart_id
    return _of_this_market(counter, carts.cart(joined))


def take(counter: Counter, token: str, customer_id: UUID | None) -> CartView:
    """The cart that a phone shows. Raises HandoverRefused, NoSuchCart, CartClosed, NotYourCart, CartFull."""
    return _of_this_market(counter, take_over(token, customer_id))


def _of_this_market(counter: Counter, cart: CartView) -> CartView:
    """Goods are paid in the currency of the store where they are bought."""
    market = counter.site.market
    return cart if cart.market == market else cart_commands.change_market(cart.id, market)


def look(counter: Counter, cart: CartView, ways: Ways) -> Look:
    """A cart as it stands now at this till. Raises Invalid for a way that is none."""
    _check(ways)
    basket = look_at(
        cart,
        CHANNEL,
        group_of(cart.customer_id),
        CARRY,
        ways={sku: way.kind for sku, way in ways.items()},
        place=counter.device.location,
    )
    spread = _Spread(counter, basket, ways)
    return Look(basket, ways, spread.short(), spread.coming(), counter.device.location)


def group_of(customer_id: UUID | None) -> str | None:
    """The group that a customer belongs to, if any."""
    found = accounts.customers([customer_id]).get(customer_id) if customer_id else None
    return found.group if found else None


def _check(ways: Ways) -> None:
    for sku, way in ways.items():
        if way.kind not in WAYS:
            raise Invalid("Goods are carried away, shipped or picked up.", fields=["ways"], sku=sku[:64])
        if way.kind == PICKUP and way.location not in inventory.locations():
            raise Invalid("Choose a store to pick up at.", fields=["ways"], sku=sku[:64])


class _Spread:
    """The lines of a basket over the ways they go, and whether they can."""

    def __init__(self, counter: Counter, basket: Basket, ways: Ways) -> None:
        self.here = counter.device.location
        self.basket = basket
        self.by_way: dict[WayOf, list[Line]] = {}
        for line in basket.lines:
            way = replace(ways.get(line.sku, WayOf()), slot_id=None)
            self.by_way.setdefault(way, []).append(Line(line.sku, line.quantity))

    def short(self) -> tuple[str, ...]:
        """SKUs of which there are too few on their way, or that do not go it."""
        lacking = [sku for way, lines in self.by_way.items() for sku in self._lacking(way, lines)]
        order = [line.sku for line in self.basket.lines]
        return tuple(sorted(set(lacking), key=order.index))

    def _lacking(self, way: WayOf, lines: Sequence[Line]) -> Sequence[str]:
        if way.kind == SHIP:
            return self._not_sent(lines)
        location = self.here if way.kind == CARRY else str(way.location)
        return [line.sku for line in lines if units_at(self.basket.stock.get(line.sku, ()), location) < line.quantity]

    def _not_sent(self, lines: Sequence[Line]) -> Sequence[str]:
        classes = {line.sku: line.item.shipping_class for line in self.basket.lines if line.item}
        if fixed := [line.sku for line in lines if classes.get(line.sku) == STORE_ONLY]:
            return fixed
        try:
            self._parcels(lines)
        except CannotRoute as refusal:
            return [short["sku"] for short in refusal.details["short"]]
        return []

    def _parcels(self, lines: Sequence[Line]) -> tuple[Position, ...]:
        return delivery.parcels(lines, self.basket.stock, self.basket.country, self.basket.items)

    def coming(self) -> tuple[Coming, ...]:
        """When what is not carried away will be there, where that can be promised."""
        found = (self._coming(way, lines) for way, lines in self.by_way.items() if way.kind != CARRY)
        return tuple(one for one in found if one)

    def _coming(self, way: WayOf, lines: Sequence[Line]) -> Coming | None:
        if self._lacking(way, lines):
            return None
        country, at = self.basket.country, self.basket.at
        if way.kind == PICKUP:
            site = inventory.location(str(way.location))
            promise = delivery.promised(PICKUP, site.code, site.country, at)
        else:
            places = sorted({spot.location for spot in self._parcels(lines)})
            promise = delivery.last_of(delivery.promised(SHIP, place, country, at) for place in places)
        return Coming(way.kind, way.location, promise) if promise else None


def units_at(places: Sequence[AtLocation], location: str) -> int:
    """Units that may be promised at a location."""
    return next((place.available for place in places if place.location == location), 0)


def slots(counter: Counter, cart: CartView, country: str, postcode: str) -> tuple[SlotView, ...]:
    """The delivery slots that reach an address."""
    seen = look_at(cart, CHANNEL, group_of(cart.customer_id), SHIP, place=counter.device.location)
    return fulfillments.slots(country, postcode, seen.at, list(inventory.locations()))


def methods(counter: Counter, seen: Look, due: Money | None = None) -> tuple[MethodView, ...]:
    """Every way to pay this cart, or `due` of it, with its plans; where one cannot be had, why not."""
    kinds = {seen.ways.get(line.sku, WayOf()).kind for line in seen.basket.lines}
    quote = seen.basket.quote
    if due is None:
        due = quote.total if quote else Money(0, pricing.markets()[seen.cart.market].currency)
    return payments.methods(seen.cart.market, CHANNEL, due, tuple(sorted(kinds)))


# --- the sale


def sell(counter: Counter, sale: Sale, *, key: str, return_url: str = "/") -> Sold:
    """Sell what is in a cart. Asking twice with one key is asking once.

    Without tenders it waits to be paid by link. Raises what `check_out` refuses, DrawerNeeded, DrawerInOtherCurrency
    and GivenTooLittle; then nothing has changed.
    """
    cart = carts.cart(sale.cart_id)
    tenders = _tenders(counter, sale.tenders, sale.seen_total)
    known = accounts.customers([cart.customer_id]).get(cart.customer_id) if cart.customer_id else None
    wish = Checkout(
        cart_id=cart.id,
        version=sale.version,
        customer_id=cart.customer_id,
        channel=CHANNEL,
        language=sale.language,
        email=sale.email or (known.email or "" if known else ""),
        # Whoever has an account need not have told us a name yet: then it is that of the door where it is brought.
        name=sale.name or (known.name if known else "") or (sale.address.name if sale.address else ""),
        phone=sale.phone or (known.phone if known else "") or (sale.address.phone if sale.address else ""),
        parts=_parts(counter, cart, sale),
        tenders=tenders,
        seen_total=sale.seen_total,
        group=known.group if known else None,
        sold_at=counter.device.location,
        sold_by=counter.cashier.id,
        place=counter.device.location,
        patient=True,
    )
    outcome = check_out(wish, key=key, return_url=return_url)
    return _sold(outcome, _change(sale.tenders, outcome))


def pay_more(
    counter: Counter, order_id: UUID, handed: Sequence[Handed], *, key: str, language: str, return_url: str = "/"
) -> Sold:
    """Pay what an order still waits for, or some of it. Asking twice with one key is asking once.

    Raises NotSoldHere, what `check_out.pay` refuses, DrawerNeeded, DrawerInOtherCurrency and GivenTooLittle.
    """
    order = sold_here(counter, order_id)
    left = how_it_stands(order_id).left or order.total
    tenders = _tenders(counter, handed, left)
    outcome = pay(order_id, tenders, key=key, return_url=return_url, language=language)
    return _sold(outcome, _change(handed, outcome))


def _parts(counter: Counter, cart: CartView, sale: Sale) -> tuple[Part, ...]:
    """Who goes which way: the goods that are not carried away by name, the rest with the customer."""
    _check(sale.ways)
    goods: dict[WayOf, list[Line]] = {}
    for line in cart.lines:
        way = sale.ways.get(line.sku, WayOf())
        goods.setdefault(way, []).append(Line(line.sku, line.quantity))
    parts = []
    for way, lines in goods.items():
        location = counter.device.location if way.kind == CARRY else way.location
        parts.append(
            Part(
                kind=way.kind,
                location=None if way.kind == SHIP else location,
                address=sale.address if way.kind == SHIP else None,
                slot_id=way.slot_id,
                goods=None if len(goods) == 1 else tuple(lines),
            )
        )
    return tuple(parts) or (Part(kind=CARRY, location=counter.device.location),)


def _tenders(counter: Counter, handed: Sequence[Handed], due: Money) -> tuple[Tender, ...]:
    """The tenders as the house takes them: cash goes into the drawer under this device."""
    named = Money(0, due.currency)
    for one in handed:
        named += one.tender.amount or Money(0, due.currency)
    found = []
    for one in handed:
        tender = one.tender
        if tender.method == count_cash.CASH:
            tender = replace(tender, provider=count_cash.CASH, token=str(drawer_of(counter, due).id))
            amount = tender.amount or due - named
            if one.given is not None and one.given < amount:
                raise GivenTooLittle(amount={"amount": amount.amount, "currency": amount.currency})
        found.append(tender)
    return tuple(found)


def drawer_of(counter: Counter, due: Money) -> DrawerView:
    """The drawer under the till, for cash of this currency. Raises DrawerNeeded, DrawerInOtherCurrency."""
    if counter.drawer is None:
        raise DrawerNeeded()
    if counter.drawer.float.currency != due.currency:
        raise DrawerInOtherCurrency(currency=counter.drawer.float.currency)
    return counter.drawer


def _change(handed: Sequence[Handed], outcome: Outcome) -> Money | None:
    """What the customer gets back of the cash they gave."""
    given = [one for one in handed if one.given is not None and one.tender.method == count_cash.CASH]
    taken = [
        intent.amount
        for intent in payments.of_order(outcome.order_id)
        if intent.provider == count_cash.CASH and intent.wanted and intent.captured
    ]
    if not given or not taken:
        return None
    change = Money(0, taken[0].currency)
    for one, amount in zip(given, taken[-len(given) :], strict=False):
        if one.given is not None:
            change += one.given - amount
    return change


def _sold(outcome: Outcome, change: Money | None = None) -> Sold:
    count_cash.count(outcome.order_id)
    order = orders.order(outcome.order_id)
    return Sold(outcome, order, payments.of_order(order.id), change)


def status(counter: Counter, order_id: UUID) -> Sold:
    """How a sale stands: whoever has to is asked, and it goes on from there. Raises NotSoldHere, OrderNotFound."""
    sold_here(counter, order_id)
    return _sold(come_back(order_id))


def call_it_off(counter: Counter, order_id: UUID) -> Sold:
    """A sale that waits to be paid is off; what was paid goes back, the cash out of this drawer.

    Raises NotSoldHere, OrderNotFound.
    """
    sold_here(counter, order_id)
    call_off(order_id, "abandoned")
    outcome = how_it_stands(order_id)
    back = None
    if outcome.state in ("cancelled", "declined"):
        count_cash.count(order_id)
        drawer_id = counter.drawer.id if counter.drawer else None
        back = count_cash.give_back(order_id, drawer_id, counter.cashier.id)
    return _sold(outcome, back)


def link(counter: Counter, order_id: UUID, language: str) -> str:
    """The address at which the customer pays the rest on their own phone. Raises NotSoldHere, OrderNotFound."""
    order = sold_here(counter, order_id)
    return pay_link.link_to_pay(order_id, language, order.market)


def sold_here(counter: Counter, order_id: UUID) -> OrderView:
    """An order of this store's tills. Raises OrderNotFound, NotSoldHere."""
    order = orders.order(order_id)
    if order.sold_at != counter.device.location:
        raise NotSoldHere(order=str(order_id))
    return order


def order_if_here(counter: Counter, order_id: UUID) -> OrderView | None:
    """An order of this store's tills; None for one of elsewhere."""
    try:
        return sold_here(counter, order_id)
    except (NotSoldHere, NotFound):
        return None
