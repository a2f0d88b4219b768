"""Carts at the till, and the customers they belong to."""

from uuid import UUID

from samband.commerce.cart import commands
from samband.commerce.cart import queries as carts
from samband.commerce.inventory import queries as inventory
from samband.commerce.payments import gift_codes
from samband.commerce.pricing import queries as pricing
from samband.flows import cart_handover, find_customer, sell_at_till
from samband.flows.sell_at_till import WayOf, Ways
from samband.kernel.refusal import Invalid

from . import shapes, showing, telling, tries
from .door import Asked, Sent, needs
from .refusals import NotPermittedHere


def ways_of(given: dict[str, shapes.WayWish]) -> Ways:
    """The ways as the house knows them."""
    return {sku: WayOf(way.kind, way.location, way.slot_id) for sku, way in given.items()}


def _shown(asked: Asked, cart_id: UUID | str) -> showing.Shown:
    """The cart as it stands now. Whoever sees its prices has seen them: it is noted for the next time."""
    cart = carts.cart(UUID(str(cart_id)))
    look = sell_at_till.look(asked.counter, cart, ways_of(asked.body.ways))
    shown = showing.cart(look)
    if cart.state == "open":
        seen = {line.sku: line.tag.unit for line in look.basket.lines if line.tag}
        commands.note_seen(cart.id, seen)
    return shown


@needs(asks=shapes.NewCart, keyed=True)
def open_cart(asked: Asked) -> Sent:
    """A new cart; or a customer's own, with these lines added. Raises NotFound, CartFull, TooManyOfOne."""

    def do() -> str:
        cart = sell_at_till.open_cart(asked.counter, asked.body.customer_id)
        for line in asked.body.lines:
            commands.add(cart.id, line.sku, line.quantity)
        return str(cart.id)

    cart_id = asked.once("open-cart", do)
    telling.came(asked, asked.body.customer_id, cart_id)
    return Sent(_shown(asked, cart_id), status=201)


@needs(asks=shapes.Look)
def look(asked: Asked, cart: UUID) -> showing.Shown:
    """The cart as it stands now. Raises NoSuchCart, Invalid for a way that is none."""
    return _shown(asked, cart)


@needs(asks=shapes.LineWish, keyed=True)
def put_line(asked: Asked, cart: UUID) -> showing.Shown:
    """So many of a SKU, or so many more. Raises NoSuchCart, CartClosed, CartFull, TooManyOfOne, Invalid."""
    wish = asked.body
    if (wish.quantity is None) == (wish.add is None):
        raise Invalid("Say how many there shall be, or how many more.", fields=["quantity"])

    def do() -> str:
        if wish.add is not None:
            commands.add(cart, wish.sku, wish.add)
        else:
            commands.put(cart, wish.sku, wish.quantity)
        return str(cart)

    return _shown(asked, asked.once("line", do))


@needs(asks=shapes.CouponWish, keyed=True)
def enter_coupon(asked: Asked, cart: UUID) -> showing.Shown:
    """A coupon is entered; the cart tells what became of it."""
    return _shown(asked, asked.once("coupon", lambda: str(commands.enter_coupon(cart, asked.body.code).id)))


@needs(asks=shapes.CouponWish, keyed=True)
def drop_coupon(asked: Asked, cart: UUID) -> showing.Shown:
    """A coupon is taken out."""
    return _shown(asked, asked.once("drop-coupon", lambda: str(commands.drop_coupon(cart, asked.body.code).id)))


@needs(asks=shapes.CustomerWish, keyed=True, noted="did")
def give_to(asked: Asked, cart: UUID) -> showing.Shown:
    """The till's cart becomes part of the customer's own. Raises NotFound, NotYourCart, CartClosed, CartFull."""
    customer_id = asked.body.customer_id
    if customer_id is None:
        raise NotPermittedHere("A customer's cart stays theirs: open a new one.")
    given = asked.once("customer", lambda: str(sell_at_till.give_to(asked.counter, cart, customer_id).id))
    telling.came(asked, customer_id, given)
    return _shown(asked, given)


@needs(asks=shapes.TakeOver, keyed=True)
def take_over(asked: Asked) -> showing.Shown:
    """The cart that a phone shows. Raises HandoverRefused, NoSuchCart, CartClosed, NotYourCart, CartFull."""
    wish = asked.body
    taken = asked.once("take-over", lambda: str(sell_at_till.take(asked.counter, wish.token, wish.customer_id).id))
    telling.took_over(asked, taken)
    return _shown(asked, taken)


@needs(asks=shapes.Nothing)
def hand_out(asked: Asked, cart: UUID) -> showing.Shown:
    """A code by which a phone takes this cart. Raises NoSuchCart, CartClosed."""
    token, until = cart_handover.hand_out(cart)
    url = cart_handover.link_to(token)
    return {"token": token, "url": url, "qr": showing.qr(url), "expires_at": until}


@needs(asks=shapes.SlotsWish)
def slots(asked: Asked, cart: UUID) -> showing.Shown:
    """The delivery slots that reach an address. Raises NoSuchCart."""
    found = sell_at_till.slots(asked.counter, carts.cart(cart), asked.body.country, asked.body.postcode)
    return {
        "slots": [
            {
                "id": one.id,
                "location": one.location,
                "starts_at": one.starts_at,
                "ends_at": one.ends_at,
                "order_until": one.order_until,
                "left": one.left,
            }
            for one in found
        ]
    }


@needs(asks=shapes.MethodsWish)
def methods(asked: Asked, cart: UUID) -> showing.Shown:
    """Every way to pay this cart, or what is left to pay of it. Raises NoSuchCart."""
    seen = sell_at_till.look(asked.counter, carts.cart(cart), ways_of(asked.body.ways))
    due = asked.body.amount.money if asked.body.amount else None
    return {"methods": [showing.method(one) for one in sell_at_till.methods(asked.counter, seen, due)]}


@needs(asks=shapes.FindWish, noted="saw")
def find(asked: Asked) -> showing.Shown:
    """Whoever a mail address, number or phone's code belongs to. Raises CustomerCodeRefused, Invalid, TooMany."""
    tries.finding.count(str(asked.device.id))
    country = pricing.markets()[inventory.location(asked.device.location).market].country
    found = find_customer.find(asked.body.by, country)
    asked.about.extend(f"customer:{one.customer.id}" for one in found)
    return {"customers": [showing.customer(one) for one in found]}


@needs(asks=shapes.GiftCardWish)
def gift_card(asked: Asked) -> showing.Shown:
    """What is left on a gift card. Raises UnknownGiftCard, TooManyCodes."""
    card = gift_codes.look_at(asked.body.code, f"till:{asked.device.id}")
    return {"balance": card.balance, "last4": card.last4, "state": card.state, "expires_at": card.expires_at}
