"""The first step of a checkout: one transaction holds the goods, writes the order down and starts its payments."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import msgspec
from django.db import transaction

from samband.commerce.cart import queries as carts
from samband.commerce.cart.refusals import CartClosed, CartEdited
from samband.commerce.cart.rules import CartView
from samband.commerce.catalog import queries as catalog
from samband.commerce.fulfillment import slotting
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as stock
from samband.commerce.orders import commands as order_commands
from samband.commerce.orders import queries as orders
from samband.commerce.orders.rules import Draft, DraftGroup, DraftLine
from samband.commerce.pricing import commands as pricing
from samband.commerce.pricing.quoting import Quote
from samband.customers.accounts import commands as accounts
from samband.events.fulfillment import SlotReserved
from samband.events.orders import OrderDrafted
from samband.kernel.clock import now
from samband.kernel.goods import Line, Position
from samband.kernel.ids import new_id
from samband.kernel.languages import pick
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid
from samband.timeline import claim, told_at_once

from .. import delivery
from ..basket import Basket, look_at
from . import paying
from .paying import Started
from .settling import call_off
from .sharing import Share, check_parts, main_way, share, ways_of
from .wishes import (
    HERE_AND_NOW,
    LONGEST_HOLD,
    SHIP,
    BasketChanged,
    BasketEmpty,
    Checkout,
    NotYourCart,
    Part,
)


@dataclass(frozen=True)
class Agreed:
    """What was agreed a moment ago, so that nothing of it has to be read again."""

    cart: CartView
    draft: Draft
    number: str
    started: tuple[Started, ...]


def agree(wish: Checkout, key: str) -> Agreed | OrderDrafted:
    """What is agreed now; or, if the key was used before, what was drafted then."""
    with transaction.atomic(), told_at_once():
        # Tokens are left out of what the key stands for: the same card typed again is another token.
        # One attempt of a cart at a time: each sees, and calls off, the draft of the one before. It is not the cart's
        # row that is locked, for whoever places an order comes to that last, with the payment in hand.
        asked = replace(wish, tenders=paying.without_tokens(wish.tenders))
        claimed = claim("check_out", key, asked, alone=str(wish.cart_id))
        if isinstance(claimed.earlier, OrderDrafted):
            return claimed.earlier
        cart = carts.cart(wish.cart_id)
        _check(cart, wish)
        if _gave_up_parts(cart):
            cart = carts.cart(cart.id)  # what was paid all the same has left it
            _check(cart, wish)
        _give_up_earlier(cart.id)
        basket = look_at(
            cart,
            wish.channel,
            wish.group,
            main_way(wish.parts),
            ways=ways_of(wish.parts),
            place=wish.place,
            segments=wish.segments,
            customer_id=wish.customer_id,
        )
        quote = _as_seen(basket, wish)
        shares = share(basket, wish.parts)
        order_id = new_id()
        gifts = _gifts(quote, shares, wish.channel)
        contact_id, address_ids = _particulars(shares, wish, basket)
        groups = tuple(_groups(order_id, shares, address_ids, gifts, basket))
        positions = tuple(at for one in shares for at in one.positions) + gifts
        paying.check_methods(wish.tenders, wish.channel, quote.total, [part.kind for part in wish.parts])
        lasts = max(wish.lasts, paying.takes_up_to(wish.tenders, quote.total))
        if quote.uses:
            pricing.reserve_uses(order_id, quote.uses, wish.customer_id)
        draft = _draft(order_id, basket, quote, groups, gifts, wish, contact_id)
        drafted = order_commands.draft(draft, key=claimed)
        started = paying.start(order_id, wish.tenders, quote.total, whole=not wish.patient)
        # Last of all: whoever wants the same goods waits from here until we have committed, and no longer.
        inventory.hold(order_id, positions, now() + lasts, channel=wish.channel)
        return Agreed(cart, draft, drafted.number, started)


def _check(cart: CartView, wish: Checkout) -> None:
    if cart.customer_id is not None and cart.customer_id != wish.customer_id:
        raise NotYourCart()
    if cart.state != "open":
        raise CartClosed(state=cart.state)
    if wish.version is not None and cart.version != wish.version:
        raise CartEdited(version=cart.version)
    if not cart.lines:
        raise BasketEmpty()
    if not wish.tenders and not wish.patient and wish.seen_total:
        raise Invalid("Say how it is to be paid.", fields=["tenders"])
    if not 0 < wish.lasts.total_seconds() <= LONGEST_HOLD.total_seconds():
        raise Invalid("Goods are held for two weeks at most.")
    check_parts(wish.parts)


def _gave_up_parts(cart: CartView) -> bool:
    """What a guest began to pay before their cart became part of this one is called off: the same goods are in here.

    Whether there was any. Only carts of customers have parts.
    """
    parts = carts.parts(cart.id) if cart.customer_id else ()
    drafts = orders.drafts_of_cart(*parts) if parts else ()
    for order_id in drafts:
        call_off(order_id, "abandoned")
    return bool(drafts)


def _give_up_earlier(cart_id: UUID) -> None:
    """An attempt of this cart that was not paid is called off: the shopper begins anew.

    Raises CartClosed if it was placed while we came to it: nobody pays twice for one cart.
    """
    for order_id in orders.drafts_of_cart(cart_id):
        call_off(order_id, "abandoned")
        if orders.order(order_id).state in ("placed", "completed"):
            raise CartClosed(state="ordered")


def _as_seen(basket: Basket, wish: Checkout) -> Quote:
    """The quote, if it is what the shopper saw."""
    quote = basket.quote
    if quote is None or basket.changes or quote.total != wish.seen_total:
        raise BasketChanged(
            changes=[
                {"code": one.code, "sku": one.sku, "was": _plain(one.was), "now": _plain(one.now)}
                for one in basket.changes
            ],
            total=_plain(quote.total) if quote else None,
        )
    return quote


def _plain(value: Money | int) -> dict[str, object] | int:
    return {"amount": value.amount, "currency": value.currency} if isinstance(value, Money) else value


def _gifts(quote: Quote, shares: Sequence[Share], channel: str) -> tuple[Position, ...]:
    """Free samples, as far as they lie where other goods are taken from: nothing travels for a gift alone."""
    if not quote.gifts:
        return ()
    free = stock.available(sorted({gift.sku for gift in quote.gifts}), channel)
    taken: Counter[tuple[str, str]] = Counter()
    for at in (at for one in shares for at in one.positions):
        taken[at.location, at.sku] += at.quantity
    given = []
    for gift in quote.gifts:
        for location in dict.fromkeys(at.location for one in shares for at in one.positions):
            there = sum(place.available for place in free[gift.sku] if place.location == location)
            if there - taken[location, gift.sku] >= gift.quantity:
                taken[location, gift.sku] += gift.quantity
                given.append(Position(location, gift.sku, gift.quantity))
                break
    return tuple(given)


def _groups(
    order_id: UUID,
    shares: Sequence[Share],
    address_ids: Mapping[Part, UUID],
    gifts: Sequence[Position],
    basket: Basket,
) -> Iterator[DraftGroup]:
    waiting = list(gifts)
    for one in shares:
        slot = slotting.reserve_slot(one.part.slot_id, order_id) if one.part.slot_id else None
        for location, goods in _by_location(one.positions).items():
            goods += [Line(gift.sku, gift.quantity) for gift in waiting if gift.location == location]
            waiting = [gift for gift in waiting if gift.location != location]
            yield _group(one.part, location, goods, address_ids.get(one.part), slot, basket)


def _by_location(positions: Sequence[Position]) -> dict[str, list[Line]]:
    places: dict[str, list[Line]] = {}
    for at in positions:
        places.setdefault(at.location, []).append(Line(at.sku, at.quantity))
    return places


def _group(
    part: Part,
    location: str,
    goods: Sequence[Line],
    address_id: UUID | None,
    slot: SlotReserved | None,
    basket: Basket,
) -> DraftGroup:
    if slot:
        earliest, latest = slot.starts_at, slot.ends_at
    elif part.kind in HERE_AND_NOW:
        earliest = latest = basket.at
    else:
        promise = delivery.promised(part.kind, location, basket.country, basket.at)
        earliest, latest = (promise.earliest, promise.latest) if promise else (basket.at, basket.at)
    return DraftGroup(
        kind=part.kind,
        location=location,
        goods=tuple(goods),
        address_id=address_id,
        promised_from=earliest,
        promised_until=latest,
        slot_id=part.slot_id,
        place=part.place,
    )


def _particulars(shares: Sequence[Share], wish: Checkout, basket: Basket) -> tuple[UUID | None, Mapping[Part, UUID]]:
    """Whom to tell, and where each part that is sent goes. Somebody who stands before the goods need not say who they
    are."""
    here = all(part.kind in HERE_AND_NOW for part in wish.parts) and wish.sold_at
    if here and not (wish.email or wish.name or wish.phone):
        return None, {}
    sent = {one.part: one.part.address for one in shares if one.part.kind == SHIP and one.part.address}
    contact_id, address_ids = accounts.keep_particulars(
        wish.email,
        wish.name,
        wish.phone,
        tuple(sent.values()),
        customer_id=wish.customer_id,
        country=basket.country,
    )
    return contact_id, dict(zip(sent, address_ids, strict=True))


def _draft(
    order_id: UUID,
    basket: Basket,
    quote: Quote,
    groups: tuple[DraftGroup, ...],
    gifts: Sequence[Position],
    wish: Checkout,
    contact_id: UUID | None,
) -> Draft:
    items = {line.sku: line.item for line in basket.lines if line.item}
    lines = tuple(
        DraftLine(
            sku=line.sku,
            name=_name(items[line.sku].names, items[line.sku].variant_labels, wish.language),
            quantity=line.quantity,
            unit=line.unit.amount,
            total=line.total.amount,
            net=line.net.amount,
            vat=line.vat.amount,
            vat_basis_points=line.vat_basis_points,
            discount=line.discount.amount,
        )
        for line in quote.lines
    )
    return Draft(
        order_id=order_id,
        customer_id=wish.customer_id,
        contact_id=contact_id,
        cart_id=wish.cart_id,
        channel=wish.channel,
        market=basket.cart.market,
        language=wish.language,
        currency=quote.currency,
        total=quote.total.amount,
        total_net=quote.total_net.amount,
        total_vat=quote.total_vat.amount,
        shipping=quote.shipping.amount,
        shipping_vat=quote.shipping_vat.amount,
        lines=(*lines, *_given(gifts, wish.language)),
        groups=groups,
        quote=msgspec.to_builtins(quote),
        patient=wish.patient,
        sold_at=wish.sold_at,
        sold_by=wish.sold_by,
    )


def _given(gifts: Sequence[Position], language: str) -> tuple[DraftLine, ...]:
    """Gifts as lines that cost nothing."""
    if not gifts:
        return ()
    items = catalog.items([gift.sku for gift in gifts])
    return tuple(
        DraftLine(
            sku=gift.sku,
            name=_name(items[gift.sku].names, items[gift.sku].variant_labels, language)
            if gift.sku in items
            else gift.sku,
            quantity=gift.quantity,
            unit=0,
            total=0,
            net=0,
            vat=0,
            vat_basis_points=0,
        )
        for gift in gifts
    )


def _name(names: Mapping[str, str], labels: Mapping[str, str], language: str) -> str:
    label = pick(labels, language)
    return f"{pick(names, language)}, {label}" if label else pick(names, language)
