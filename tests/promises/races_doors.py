"""Buying through every door of the running server, and past all doors by the flow itself.

Each function fills a cart and goes as far as the last step; what it returns takes that step and says how it ended:
"won: …", "refused: …" or "broken: …".
"""

import os
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import cache
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.promises.races_world import known
from tests.worlds import REYKJAVIK, card

Deed = Callable[[], str]
Lines = Mapping[str, int]

CONTACT = {"email": "anna@example.com", "name": "Anna Jónsdóttir"}

place: ContextVar[int] = ContextVar("place", default=0)
"""Whose turn it is to get ready: nobody else in this process has the same place in this race."""

_kept: dict[tuple[str, int], Any] = {}


def own(name: str, make: Callable[[], Any]) -> Any:
    """Something that whoever races at this place keeps, such as a till; made when it is first asked for."""
    at = (name, place.get())
    if at not in _kept:
        _kept[at] = make()
    return _kept[at]


@cache
def token() -> str:
    """Stands for a card that pays."""
    return card()


def ended(status: int, code: str = "") -> str:
    """How an answer over HTTP is told."""
    if status >= 500:
        return f"broken: {status} {code}"
    return f"refused: {code or status}"


class Browser:
    """A browser that talks to the running server as Django's test client does to none."""

    def __init__(self, **_: Any) -> None:
        self.http = httpx.Client(base_url=os.environ["RACE_ADDRESS"], timeout=120)
        self.cookies = _Cookies(self.http)

    def get(self, path: str, headers: Any = None, **_: Any) -> Any:
        return _as_django(self.http.get(path, headers=headers))

    def post(self, path: str, data: Any = None, content_type: str = "", headers: Any = None, **_: Any) -> Any:
        headers = dict(headers or {})
        if content_type:
            return _as_django(self.http.post(path, content=data, headers={**headers, "Content-Type": content_type}))
        fields = {"csrfmiddlewaretoken": self.http.cookies.get("csrftoken", ""), **(data or {})}
        return _as_django(self.http.post(path, data=fields, headers=headers))


class _Cookies:
    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def __contains__(self, name: str) -> bool:
        return name in self.http.cookies

    def __getitem__(self, name: str) -> Any:
        return SimpleNamespace(value=self.http.cookies[name])

    def __setitem__(self, name: str, value: str) -> None:
        self.http.cookies.set(name, value)


def _as_django(response: httpx.Response) -> Any:
    headers = httpx.Headers({k: v for k, v in response.headers.items() if k.lower() != "content-encoding"})
    return SimpleNamespace(status_code=response.status_code, content=response.content, headers=headers)


# --- the API


def api() -> httpx.Client:
    """A program with a key that opens everything."""
    return own("api", lambda: httpx.Client(
        base_url=f"{os.environ['RACE_ADDRESS']}/api/v1",
        headers={"Authorization": f"Bearer {known('api_key')}"}, timeout=120,
    ))  # fmt: skip


def ask(path: str, body: Any = None, key: str = "", method: str = "POST", **headers: str) -> httpx.Response:
    """One request of a program's."""
    headers |= {"Idempotency-Key": key} if key else {}
    return api().request(method, path, json=body, headers=headers)


def said(response: httpx.Response) -> str:
    """How the API's answer is told."""
    body = response.json() if response.content else {}
    if response.status_code < 300:
        return f"won: {body.get('state', 'done')}"
    return ended(response.status_code, body.get("code", ""))


def by_api(
    lines: Lines,
    coupon: str = "",
    cart: str = "",
    key: str = "",
    gift_card: str = "",
    customer: str = "",
) -> Deed:
    """Through the programs' door."""
    if not cart:
        wanted = [{"sku": sku, "quantity": quantity} for sku, quantity in lines.items()]
        opened = ask("/carts", {"market": "IS", "method": "pickup", "lines": wanted})
        if opened.status_code != 201:
            return lambda: said(opened)
        cart = opened.json()["id"]
    if coupon:
        ask(f"/carts/{cart}/coupons", {"code": coupon})
    seen = ask(f"/carts/{cart}?method=pickup", method="GET").json().get("seen_total")
    tender = {"method": "gift_card", "token": gift_card} if gift_card else {"method": "card", "token": token()}
    wish = {
        "parts": [{"kind": "pickup", "location": REYKJAVIK}], "seen_total": seen, "contact": CONTACT,
        "tenders": [tender],
    }  # fmt: skip
    wish |= _of(customer)
    if not seen:
        return lambda: "too late: nothing to be had"
    return lambda: _placed(ask(f"/carts/{cart}/checkout", wish, key or str(uuid4())))


def _of(customer: str) -> dict[str, str]:
    return {"customer_id": customer} if customer else {}


def _placed(response: httpx.Response) -> str:
    if response.status_code < 300:
        state = response.json()["state"]
        return "won: placed" if state == "placed" else f"refused: {state}"
    return said(response)


# --- the shop


def by_shop(lines: Lines, coupon: str = "", gift_card: str = "") -> Deed:
    """With a browser, form by form."""
    from tests.channels.shopper import Shopper

    shopper = Shopper()
    shopper.client = Browser()  # type: ignore[assignment]
    shopper.look("")
    for sku, quantity in lines.items():
        shopper.look(f"p/{sku.lower()}/").send("cart/add/", {"sku": sku, "quantity": quantity})
        if shopper.status != 303:
            return lambda: ended(shopper.status, "not added")
    if coupon:
        shopper.look("cart/").send("cart/coupon/", {"coupon": coupon})
    shopper.look("checkout/")
    if shopper.status != 200:
        return lambda: ended(shopper.status, "no checkout")
    wish = shopper.wish()
    if gift_card:
        shopper.send("checkout/", {**wish, "do": "gift", "gift_code": gift_card})
        wish |= {name: shopper.field(name) for name in ("gift", "share_pickup") if f'name="{name}"' in shopper.source}

    def pay() -> str:
        shopper.send("checkout/", wish)
        if shopper.status == 303 and shopper.went_to.endswith("?placed"):
            return "won: placed"
        return ended(shopper.status, "shop") if shopper.status != 303 else "refused: led elsewhere"

    return pay


# --- the till


def till() -> Any:
    """A till of one's own: enrolled, with a cashier signed in and a drawer."""

    def ready() -> Any:
        from tests.channels.till_client import TillClient
        from tests.commerce import till as tills

        client = TillClient(tills.till(f"Till {uuid4().hex[:8]}"))
        browser = Browser()
        browser.cookies["samband_device"] = client.till.token  # type: ignore[union-attr]
        client.client = browser  # type: ignore[assignment]
        return client.sign_in()

    return own("till", ready)


def by_till(lines: Lines, coupon: str = "", gift_card: str = "", cart: str = "") -> Deed:
    """At the counter, where a card is tapped and the goods are carried away."""
    from samband.commerce.payments.providers.sandbox import tap

    at = till()
    wanted = [{"sku": sku, "quantity": quantity} for sku, quantity in lines.items()]
    shown = at.post("carts", {"lines": wanted}) if not cart else at.post(f"carts/{cart}/look", {})
    if at.status >= 300:
        return lambda status=at.status, told=shown: ended(status, told.get("code", ""))  # type: ignore[misc]
    if coupon:
        shown = at.post(f"carts/{shown['id']}/coupons", {"code": coupon})
    if not shown.get("seen_total"):
        return lambda: "too late: nothing to be had"
    paid = {"method": "gift_card", "token": gift_card} if gift_card else _tapped(tap)
    wish = {"version": shown["version"], "seen_total": shown["seen_total"], "tenders": [paid]}

    def pay() -> str:
        told = at.post(f"carts/{shown['id']}/checkout", wish)
        if at.status < 300:
            return "won: placed" if told.get("state") == "placed" else f"refused: {told.get('state')}"
        return ended(at.status, told.get("code", "") if isinstance(told, dict) else "")

    return pay


def _tapped(tap: Callable[[str], str]) -> dict[str, str]:
    return {"method": "card_present", "token": tap("4242424242424242")}


# --- a phone in the store


def by_phone(lines: Lines, coupon: str = "") -> Deed:
    """Scan and go: goods are scanned with a phone in the store, and paid for on it."""
    from samband.commerce.spots import queries
    from tests.channels.phone import CARD, Phone

    phone = Phone()
    phone.client = Browser()  # type: ignore[assignment]
    spot = next(one for one in queries.spots(REYKJAVIK) if one.code == "shelf-1")
    code, word = queries.code_of(spot), queries.word_of_the_day(REYKJAVIK, "Atlantic/Reykjavik")
    phone.get(f"/k/{code}?begin")
    phone.send("/kiosk/arrive/", token=code, word=word)
    for sku, quantity in lines.items():
        for _ in range(quantity):
            phone.send("/kiosk/basket/add/", sku=sku, token="", back="/kiosk/scan/")
    if coupon:
        phone.touch("/kiosk/basket/coupon/", coupon=coupon)
    phone.get("/kiosk/pay/")
    if phone.status != 200:
        return lambda: ended(phone.status, "nothing to pay")
    form = {name: phone.field(name) for name in ("key", "version", "agreed")}

    def pay() -> str:
        phone.send("/kiosk/pay/", **form, **CARD)
        if phone.status == 303 and "/kiosk/order/" in phone.went_to:
            return "won: placed"
        return ended(phone.status, "kiosk")

    return pay


# --- no door at all


def by_flow(
    lines: Lines, coupon: str = "", cart: str = "", gift_card: str = "", customer: str = "", key: str = "",
    channel: str = "shop",
) -> Deed:  # fmt: skip
    """The flow itself, called by a process of ours with a connection of its own."""
    from samband.commerce.cart import commands as carts
    from samband.commerce.cart import queries
    from samband.flows.basket import look_at
    from samband.flows.check_out import Checkout, Part, Tender, check_out

    buyer = UUID(customer) if customer else None
    cart_id = UUID(cart) if cart else carts.open_cart("IS").id
    for sku, quantity in {} if cart else lines.items():
        carts.put(cart_id, sku, quantity)
    if coupon:
        carts.enter_coupon(cart_id, coupon)
    basket = look_at(queries.cart(cart_id), channel, None, "pickup", customer_id=buyer)
    if basket.quote is None:
        return lambda: "too late: nothing to be had"
    tender = Tender(method="gift_card", token=gift_card) if gift_card else Tender(method="card", token=token())
    wish = Checkout(
        cart_id=cart_id, version=None, customer_id=buyer, channel=channel, language="is", email="anna@example.com",
        name="Anna", parts=(Part(kind="pickup", location=REYKJAVIK),), tenders=(tender,),
        seen_total=basket.quote.total,
    )  # fmt: skip
    key = key or str(uuid4())

    def pay() -> str:
        state = check_out(wish, key=key).state
        return "won: placed" if state == "placed" else f"refused: {state}"

    return pay
