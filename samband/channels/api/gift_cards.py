"""Gift cards over HTTP. A code is never part of an address: addresses are written down by whoever passes them on."""

from uuid import UUID, uuid5

from django.http import HttpRequest

from samband.commerce.payments import gift_cards, gift_codes, gift_ledger
from samband.commerce.payments.gift_cards import HandedOut
from samband.commerce.payments.gift_ledger import GiftCardView
from samband.commerce.payments.refusals import (
    GiftCardClosed,
    GiftCardExists,
    GiftCardInUse,
    GiftCardShort,
    OtherCurrency,
    TooManyCodes,
    UnknownGiftCard,
)
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, KeyReused
from samband.staff.queries import Key

from .answers import Answer
from .operations import Door
from .shapes import gift_cards as shapes
from .shapes import words
from .shapes.words import shown

CARDS = UUID("6e0b9a52-6d0a-4f0e-8c0f-1d7a8f5b3a10")
"""From this and an idempotency key the id of the card is made that is issued under it."""

door = Door(
    "Gift cards",
    "Cards that stand for money, with a ledger each. To pay with one, give its code as the `token` of a tender with "
    "the method `gift_card`.",
)


@door.post(
    "/gift-cards",
    scope="payments:write",
    once=True,
    asks=shapes.GiftCardWish,
    answers=shapes.GiftCardIssued,
    status=201,
    refuses=(Invalid,),
)
def issue_gift_card(request: HttpRequest, ask: shapes.GiftCardWish, key: str) -> Answer:
    """Issue a gift card and have its code, this once.

    We keep no code, so a code that was lost on the way cannot be told again: cancel the card and issue another.
    """
    card_id = uuid5(CARDS, key)
    amount = Money(ask.amount.amount, ask.amount.currency)
    try:
        issued = gift_cards.issue_gift_card(card_id, amount, reason=ask.reason, expires_at=ask.expires_at)
    except GiftCardExists:
        raise KeyReused() from None
    if not issued.code:
        _check_same(issued, ask)
    told = shapes.GiftCardIssued(gift_card=_card(gift_ledger.card(card_id)), code=issued.code)
    return Answer(told, headers={} if issued.code else {"Idempotency-Replayed": "true"})


def _check_same(issued: HandedOut, ask: shapes.GiftCardWish) -> None:
    """Raises KeyReused if the key stands for another card than is asked for."""
    first = gift_ledger.entries(issued.card_id)[-1]
    if (first.reason, issued.expires_at) != (ask.reason, ask.expires_at):
        raise KeyReused()


@door.post(
    "/gift-cards/look-up",
    scope="payments:write",
    asks=shapes.GiftCardCode,
    answers=shapes.GiftCard,
    refuses=(UnknownGiftCard, TooManyCodes),
)
def look_gift_card_up(request: HttpRequest, ask: shapes.GiftCardCode) -> shapes.GiftCard:
    """Read what is on the gift card with a code."""
    caller: Key = request.auth  # type: ignore[attr-defined]  # the door lets nobody in without
    return _card(gift_codes.look_at(ask.code, f"api:{caller.prefix}:{ask.asker}"))


@door.get("/gift-cards/{uuid:card}", scope="payments:write", answers=shapes.GiftCardBooks, refuses=(UnknownGiftCard,))
def get_gift_card(request: HttpRequest, card: UUID) -> shapes.GiftCardBooks:
    """Read a gift card and everything that happened on it."""
    entries = gift_ledger.entries(card)
    return shapes.GiftCardBooks(
        gift_card=_card(gift_ledger.card(card)), entries=tuple(shown(one, shapes.GiftCardEntry) for one in entries)
    )


@door.post(
    "/gift-cards/{uuid:card}/adjustments",
    scope="payments:write",
    once=True,
    asks=shapes.GiftCardChange,
    answers=shapes.GiftCard,
    refuses=(UnknownGiftCard, OtherCurrency, GiftCardShort, GiftCardClosed, Invalid),
)
def adjust_gift_card(request: HttpRequest, card: UUID, ask: shapes.GiftCardChange, key: str) -> Answer:
    """Put money on a gift card, or take it off."""
    headers = {"Idempotency-Replayed": "true"} if gift_ledger.entry(f"{card}:adjust:{key}") else {}
    gift_cards.adjust_gift_card(card, Money(ask.amount.amount, ask.amount.currency), ask.reason, key=key)
    return Answer(_card(gift_ledger.card(card)), headers=headers)


@door.post(
    "/gift-cards/{uuid:card}/cancellation",
    scope="payments:write",
    asks=shapes.GiftCardEnd,
    answers=shapes.GiftCard,
    refuses=(UnknownGiftCard, GiftCardInUse, Invalid),
)
def cancel_gift_card(request: HttpRequest, card: UUID, ask: shapes.GiftCardEnd) -> shapes.GiftCard:
    """Cancel a gift card; what is left on it is gone with it. Cancelling twice is cancelling once."""
    gift_cards.cancel_gift_card(card, ask.reason)
    return _card(gift_ledger.card(card))


@door.get("/gift-card-goods", scope="catalog:read", answers=shapes.GiftCardGoodsList)
def list_gift_card_goods(request: HttpRequest) -> shapes.GiftCardGoodsList:
    """Read which SKUs are gift cards."""
    found = gift_cards.gift_card_products()
    return shapes.GiftCardGoodsList(items=tuple(shown(one, shapes.GiftCardGoods) for one in found))


@door.put(
    "/gift-card-goods/{path:sku}",
    scope="catalog:write",
    asks=shapes.GiftCardGoodsWish,
    answers=shapes.GiftCardGoods,
    refuses=(Invalid,),
)
def save_gift_card_goods(request: HttpRequest, sku: str, ask: shapes.GiftCardGoodsWish) -> shapes.GiftCardGoods:
    """Have a SKU be a gift card where it is sold in this currency.

    Whoever has paid for one is mailed its code.
    """
    worth = Money(ask.worth.amount, ask.worth.currency)
    gift_cards.save_gift_card_product(sku, worth, ask.lasts_days)
    return shapes.GiftCardGoods(sku=sku, worth=shown(worth, words.Money), lasts_days=ask.lasts_days)


def _card(view: GiftCardView) -> shapes.GiftCard:
    return shown(view, shapes.GiftCard)
