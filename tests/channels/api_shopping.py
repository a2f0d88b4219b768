"""How programs shop in the tests: carts, wishes and what stands afterwards."""

from typing import Any

from samband.commerce.inventory import queries as stock
from samband.commerce.payments.providers.sandbox import tokenise
from tests.worlds import REYKJAVIK

ANNA = {"email": "anna@example.com", "name": "Anna Jónsdóttir"}
HOME = {"name": "Anna Jónsdóttir", "line1": "Laugavegur 12", "city": "Reykjavík", "country": "IS", "postcode": "101"}
PICKUP = {"kind": "pickup", "location": REYKJAVIK}


def isk(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "ISK"}


def card(number: str = "4242424242424242", amount: dict[str, Any] | None = None) -> dict[str, Any]:
    """A tender by card; this one pays."""
    paid = {"amount": amount} if amount else {}
    return {"method": "card", "token": tokenise(number, "12/99", "123"), **paid}


def opened(
    api, lines: dict[str, int], method: str | None = "pickup", market: str = "IS", **more: Any
) -> dict[str, Any]:
    wished = [{"sku": sku, "quantity": quantity} for sku, quantity in lines.items()]
    return api.post("/carts", {"market": market, "lines": wished, "method": method, **more}).body


def checked_out(api, cart, key: str = "order", parts=(PICKUP,), tenders=(), **more: Any):
    """Check out in parts and with tenders."""
    asked = {"seen_total": cart["seen_total"], "contact": ANNA, "parts": list(parts), "tenders": list(tenders), **more}
    return api.post(f"/carts/{cart['id']}/checkout", {name: one for name, one in asked.items() if one is not None}, key)


def bought(api, lines: dict[str, int], key: str = "order", **more: Any) -> dict[str, Any]:
    """The outcome of a cart that was paid by card and is picked up."""
    answer = checked_out(api, opened(api, lines), key, tenders=[card()], **more)
    assert answer.status == 201, answer
    return answer.body


def held(sku: str, location: str = REYKJAVIK) -> int:
    return next(place.held for place in stock.available([sku])[sku] if place.location == location)


def gift_card(api, amount: int, key: str = "card", currency: str = "ISK") -> dict[str, Any]:
    wished = {"amount": {"amount": amount, "currency": currency}, "reason": "goodwill"}
    return api.post("/gift-cards", wished, key).body
