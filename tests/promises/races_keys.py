"""Races with one key: asked twice at once, asked for something else, used in two places; and codes to sign in with."""

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tests.promises.races_books import wrong
from tests.promises.races_world import PLENTY, PRICE_OF_PLENTY, known
from tests.promises.racing import Strike, raced
from tests.promises.told import Told
from tests.worlds import REYKJAVIK

if TYPE_CHECKING:
    from tests.promises.racing import House

MOST_TIMES_SENT = 2_000
GUESSES = 10
TRIES_A_CODE = 5


# --- one key of the API


def carts_and_keys(rounds: int) -> list[dict[str, str]]:
    """A key for each round, and two carts that both want to be ordered with it."""
    from samband.commerce.cart import commands

    staged = []
    for _ in range(rounds):
        made = {}
        for name, pieces in (("one", 1), ("other", 2)):
            cart = commands.open_cart("IS")
            commands.put(cart.id, PLENTY, pieces)
            made[name] = str(cart.id)
        staged.append({"key": f"race-{uuid4()}", **made})
    return staged


def order_with(key: str, cart: str, pieces: int) -> Callable[[], str]:
    """A program orders this cart with this key, and says which order came of it."""
    from tests.promises.races_doors import CONTACT, ask, said, token

    wish = {
        "parts": [{"kind": "pickup", "location": REYKJAVIK}], "contact": CONTACT,
        "seen_total": {"amount": pieces * PRICE_OF_PLENTY, "currency": "ISK"},
        "tenders": [{"method": "card", "token": token()}],
    }  # fmt: skip

    def deed() -> str:
        answer = ask(f"/carts/{cart}/checkout", wish, key)
        if answer.status_code < 300:
            replayed = " again" if answer.headers.get("Idempotency-Replayed") else ""
            return f"won: {answer.json()['state']}{replayed}"
        return said(answer)

    return deed


def keys(attempts: int) -> Told:
    """Twelve requests at once with one key: seven want one cart ordered, five another. One order comes of it."""
    return raced(attempts, "races_keys:carts_and_keys", _same_key, wrong(_one_order_a_key))


def _same_key(staged: dict[str, str]) -> list[Strike]:
    one = {"key": staged["key"], "cart": staged["one"], "pieces": 1}
    other = {"key": staged["key"], "cart": staged["other"], "pieces": 2}
    return [("races_keys:order_with", other if nth % 5 in (1, 3) else one) for nth in range(12)]


def _one_order_a_key(house: "House") -> Iterator[str]:
    for key, times in house.rows(
        "select key, count(*) from timeline_entry where key is not null group by key having count(*) > 1"
    ):
        yield f"What was asked for with the key {key} was done {times} times."


# --- stock and gift cards by key


def names(rounds: int) -> list[str]:
    """A name for each round."""
    return [f"race-{uuid4()}" for _ in range(rounds)]


def issue_card(key: str, amount: int) -> Callable[[], str]:
    """A program issues a gift card with this key."""
    from tests.promises.races_doors import ask, said

    wish = {"amount": {"amount": amount, "currency": "ISK"}, "reason": "goodwill"}
    return lambda: said(ask("/gift-cards", wish, key))


def receive(key: str, quantity: int) -> Callable[[], str]:
    """A program books goods in with this key."""
    from tests.promises.races_doors import ask, said

    wish = {"location": REYKJAVIK, "lines": [{"sku": PLENTY, "quantity": quantity}], "reference": key}
    return lambda: said(ask("/stock/receipts", wish, key))


def keys_of_goods_and_cards(attempts: int) -> Told:
    """Twelve requests at once with one key: goods are booked in and a gift card is issued, each once."""
    return raced(attempts, "races_keys:names", _deeds, wrong(_one_order_a_key, _booked_once))


def _deeds(key: str) -> list[Strike]:
    cards: list[Strike] = [("races_keys:issue_card", {"key": key, "amount": 1_000 + (nth == 3)}) for nth in range(6)]
    goods: list[Strike] = [("races_keys:receive", {"key": key, "quantity": 1 + (nth == 2)}) for nth in range(6)]
    return [strike for pair in zip(cards, goods, strict=True) for strike in pair]


def _booked_once(house: "House") -> Iterator[str]:
    for reference, times in house.rows(
        "select reference, count(*) from inventory_move where reference like 'race-%%' and kind = 'receive'"
        " group by reference having count(*) > 1"
    ):
        yield f"The delivery {reference} was booked in {times} times."


# --- codes to sign in with


def codes(rounds: int) -> list[dict[str, str]]:
    """Somebody new for each round, to whom a code was mailed."""
    from samband.customers.accounts import commands

    staged = []
    for _ in range(rounds):
        asked = commands.ask_code(f"{uuid4().hex}@example.com", "is")
        staged.append({"email": asked.email, "code": asked.code})
    return staged


def sign_in(email: str, code: str) -> Callable[[], str]:
    """Somebody enters the code."""
    from samband.flows import sign_in as flow

    def deed() -> str:
        flow.sign_in(email, code, "shop", "is", "IS")
        return "won: in"

    return deed


def sign_in_codes(attempts: int) -> Told:
    """A code is entered in eight browsers at once, and lets one in."""
    return raced(attempts, "races_keys:codes", _browsers, wrong(_in_once))


def _browsers(staged: dict[str, str]) -> list[Strike]:
    return [("races_keys:sign_in", staged)] * 8


def guessed_codes(attempts: int) -> Told:
    """Somebody guesses ten codes at once: no more than five are looked at."""
    return raced(attempts, "races_keys:codes", _guesses, wrong(_in_once))


def _guesses(staged: dict[str, str]) -> list[Strike]:
    wrong_codes = [f"{(int(staged['code']) + nth) % 1_000_000:06}" for nth in range(1, GUESSES + 1)]
    return [("races_keys:sign_in", {"email": staged["email"], "code": code}) for code in wrong_codes]


def _in_once(house: "House") -> Iterator[str]:
    for email_codes, in_with in house.rows(
        "select count(distinct c.id), count(*) from accounts_signincode c join accounts_customer a on a.email = c.email"
        " join timeline_entry e on e.name = 'CustomerSignedIn' and e.customer_id = a.id"
        " group by a.id having count(*) > count(distinct c.id)"
    ):
        yield f"{email_codes} codes let somebody in {in_with} times."
    for looked_at, times in house.rows(
        f"select attempts, count(*) from accounts_signincode where attempts > {TRIES_A_CODE} group by attempts"
    ):
        yield f"{times} codes were tried {looked_at} times."


# --- messages of one id


def messages(rounds: int) -> list[str]:
    """The id of a message for each round."""
    return [f"race-{uuid4()}" for _ in range(rounds)]


def capture(message: str, beside: int) -> Callable[[], str]:
    """A client sends a message again, by itself or in a batch with others of its own."""
    import httpx

    from tests.promises.races_doors import Browser, own

    item = {"type": "track", "event": "Product Viewed", "anonymousId": message, "messageId": message}
    others = [{**item, "messageId": f"{message}-{uuid4()}"} for _ in range(beside)]
    http: httpx.Client = own("capture", lambda: Browser().http)

    def deed() -> str:
        path, body = ("/v1/batch", {"batch": [*others, item, item]}) if beside else ("/v1/track", item)
        return _until_taken(
            lambda: http.post(path, content=json.dumps(body), auth=(known("write_key"), "")).status_code
        )

    return deed


def take_in_history(message: str) -> Callable[[], str]:
    """An import brings the same message."""
    from samband.channels.capture.storing import alone
    from tests.channels.capture_client import Client

    client = Client(known("write_key"), alone)
    item = {"type": "track", "event": "Product Viewed", "anonymousId": message, "messageId": message}

    return lambda: _until_taken(lambda: client.batch(item).status)


def _until_taken(send: Callable[[], int]) -> str:
    """As every client of the vocabulary does: whoever hears 429 sends the same again."""
    for _ in range(MOST_TIMES_SENT):
        status = send()
        if status == 200:
            return "won: taken"
        if status != 429:
            return f"broken: {status}"
    return "broken: never taken"


def captured_messages(attempts: int) -> Told:
    """One message is sent by ten at once, alone, in batches, grouped and not: it is kept once, and nothing is lost."""
    return raced(attempts, "races_keys:messages", _senders, wrong(_kept_once))


def _senders(message: str) -> list[Strike]:
    sent: list[Strike] = [("races_keys:capture", {"message": message, "beside": nth % 3}) for nth in range(8)]
    return [*sent, *[("races_keys:take_in_history", {"message": message})] * 4]


def _kept_once(house: "House") -> Iterator[str]:
    for identifier, kept in house.rows(
        "with sent as (select i.id, i.value from identity_identifier i where i.value like 'race-%%')"
        " select sent.value, count(*) from sent join touchpoints_touchpoint t on t.identifier = sent.id"
        " group by sent.value having count(*) <> 8"
    ):
        yield f"Of visitor {identifier} {kept} touchpoints are kept, and not the 8 that were sent."


# --- people who turn out to be one


def two_people(rounds: int) -> list[dict[str, str]]:
    """Two customers for each round, one with a cart and a coupon of their own."""
    from samband.commerce.cart import commands as carts
    from tests.promises.races_vouchers import customer

    staged = []
    for _ in range(rounds):
        one, other = customer(), customer()
        cart = carts.open_cart("IS", UUID(one))
        carts.put(cart.id, PLENTY, 1)
        staged.append({"one": one, "other": other, "cart": str(cart.id)})
    return staged


def declare(one: str, other: str, same: bool) -> Callable[[], str]:
    """Somebody decides that two are one person, or are not."""
    from samband.flows import decide_who

    decide: Callable[..., Any] = decide_who.same if same else decide_who.different

    def deed() -> str:
        decide(UUID(one), UUID(other), "races", "they say so", key=str(uuid4()))
        return "done: decided"

    return deed


def merges(attempts: int) -> Told:
    """A customer pays, while it is decided and undecided that they are somebody else too, and profiles follow."""
    return raced(attempts, "races_keys:two_people", _deciders, wrong())


def _deciders(staged: dict[str, str]) -> list[Strike]:
    both = {"one": staged["one"], "other": staged["other"]}
    swapped = {"one": staged["other"], "other": staged["one"]}
    pays = {"lines": {}, "cart": staged["cart"], "customer": staged["one"]}
    return [
        ("races_keys:declare", {**both, "same": True}), ("races_doors:by_flow", pays),
        ("races_keys:declare", {**swapped, "same": True}), ("races_doors:by_api", pays),
        ("races_keys:declare", {**swapped, "same": False}), ("races_stock:deliver", {}),
        ("races_keys:declare", {**both, "same": False}), ("races_stock:deliver", {}),
    ]  # fmt: skip
