"""Races for what is on a gift card: spent over shop, till and API at once, while it is adjusted and closed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from tests.promises.races_books import wrong
from tests.promises.races_world import PLENTY, PRICE_OF_PLENTY
from tests.promises.racing import Strike, every, raced
from tests.promises.told import Told

PIECES = 4
TWICE = 2 * PIECES * PRICE_OF_PLENTY
"""What is on a card: enough for two of those who race."""


def issue(rounds: int) -> list[dict[str, str]]:
    """A card for each round."""
    from samband.commerce.payments import gift_cards
    from samband.kernel.ids import new_id
    from samband.kernel.money import Money

    cards = [gift_cards.issue_gift_card(new_id(), Money(TWICE, "ISK"), reason="goodwill") for _ in range(rounds)]
    return [{"id": str(card.card_id), "code": card.code} for card in cards]


def adjust(card: str, by: int) -> Callable[[], str]:
    """Somebody of the staff puts something on the card, or takes it off."""
    from samband.commerce.payments import gift_cards
    from samband.kernel.money import Money

    def deed() -> str:
        gift_cards.adjust_gift_card(UUID(card), Money(by, "ISK"), "mistake", key=str(uuid4()))
        return "done: adjusted"

    return deed


def close(card: str) -> Callable[[], str]:
    """Somebody of the staff closes the card."""
    from samband.commerce.payments import gift_cards

    def deed() -> str:
        gift_cards.cancel_gift_card(UUID(card), "lost")
        return "done: closed"

    return deed


def gift_cards(attempts: int) -> Told:
    """Eight buyers pay with one card, which has enough on it for two of them; one is refunded meanwhile."""
    return raced(attempts, "races_gift_cards:issue", _buyers, wrong())


def _buyers(card: dict[str, str]) -> list[Strike]:
    paid = {"lines": {PLENTY: PIECES}, "gift_card": card["code"]}
    doors = ("api", "flow") * 4
    if every(3):  # pages take longest to get to
        doors = ("api", "flow", "till", "shop", "flow", "api", "flow", "till")
    return [*((f"races_doors:by_{door}", paid) for door in doors), ("races_stock:cancel_latest", {"sku": PLENTY})]


def gift_cards_adjusted(attempts: int) -> Told:
    """The same, while the staff adjusts and closes the card, and events are delivered."""
    return raced(attempts, "races_gift_cards:issue", _adjusted, wrong())


def _adjusted(card: dict[str, str]) -> list[Strike]:
    paid = {"lines": {PLENTY: PIECES}, "gift_card": card["code"]}
    staff: list[tuple[str, dict[str, Any]]] = [
        ("races_gift_cards:adjust", {"card": card["id"], "by": -PRICE_OF_PLENTY}),
        ("races_gift_cards:adjust", {"card": card["id"], "by": PRICE_OF_PLENTY}),
        ("races_stock:deliver", {}), ("races_stock:cancel_latest", {"sku": PLENTY}),
        *((("races_gift_cards:close", {"card": card["id"]}),) if every(3) else ()),
    ]  # fmt: skip
    return [*((f"races_doors:by_{door}", paid) for door in ("api", "flow", "till", "flow", "flow")), *staff]
