"""Children that die at a chosen step, or at some moment, of what moves money or goods; then it is asked for again."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.promises.kill_deeds import CARDS
from tests.promises.kill_house import House, Victims, dice, opened, sentences
from tests.promises.told import Told

SECONDS = 0.15
"""About how long a deed takes with a machine of its own: some moments lie after its end."""


def checkout(kills: int) -> Told:
    """Shoppers die while they pay, by any card, and are there again: one order each, paid once."""
    name = "checkout"
    with opened("checkout") as house, Victims(house) as victims:
        throw, acknowledged, wrong = dice(name), dict[str, str](), list[str]()
        seen: Counter[str] = Counter()
        first = victims.do("buy", cart=_cart(victims, "whole"), key="whole")
        steps, whole = first["steps"], first["answer"]["order"]
        number = 0
        while victims.kills < kills:
            number += 1
            wish = {
                "cart": _cart(victims, f"{name}-{throw.random()}"), "key": f"{name}-{number}",
                "card": throw.choice(CARDS), "way": throw.choice(("ship", "pickup")),
            }  # fmt: skip
            for _ in range(throw.choice((1, 1, 2))):
                victims.killed("buy", throw, steps, SECONDS, **wish)
            if throw.random() < 0.2:
                seen["never came back"] += 1
                continue
            told = _again(victims, "buy", wish)
            seen[told.get("refused") or told["answer"]["state"]] += 1
            if told["answer"] and told["answer"]["state"] == "placed":
                acknowledged[wish["key"]] = told["answer"]["order"]
        after = house.after()
        wrong += after["wrong"]
        wrong += [f"{key} was told of order {order}, which does not stand." for key, order in acknowledged.items()
                  if order not in after["placed"]]  # fmt: skip
        unsaid = set(after["placed"]) - {*acknowledged.values(), whole}
        if len(unsaid) > seen["never came back"] + seen["action_required"] + seen["processing"]:
            wrong.append(f"{len(unsaid)} orders stand of which nobody was told.")
        return Told(victims.kills, len(acknowledged), sentences(wrong, name), seen)


def payments(kills: int) -> Told:
    """Refunds, captures, voids and whole cancellations die half way: the bank and the books say the same, once each."""
    name = "payments"
    with opened("payments") as house, Victims(house) as victims:
        throw, wrong, done = dice(name), list[str](), 0
        seen: Counter[str] = Counter()
        steps = 40
        while victims.kills < kills:
            deed = throw.choice(("refund", "capture", "let_go", "cancel"))
            seed = f"{name}-{throw.random()}"
            made = victims.do("bought" if deed in ("refund", "cancel") else "set_aside", seed=seed)["answer"]
            part = throw.randint(1, made["amount"])
            wish = _payment_wish(deed, made, part, seed)
            for _ in range(throw.choice((1, 2, 3))):
                victims.killed(deed, throw, steps, SECONDS, **wish)
            told = victims.do(deed, **wish)
            steps = max(20, min(60, told["steps"] + 10))
            seen[f"{deed} {told.get('refused', 'done')}"] += 1
            done += "refused" not in told
            wrong += _moved(house, made["intent"], deed, part, made["amount"])
            if deed == "let_go":  # an order whose money was let go of does not stand by itself any more
                victims.do("cancel", order=made["order"], key=f"after-{seed}")
        return Told(victims.kills, done, sentences([*wrong, *house.after()["wrong"]], name), seen)


def _payment_wish(deed: str, made: dict[str, Any], part: int, seed: str) -> dict[str, Any]:
    match deed:
        case "refund":
            return {"order": made["order"], "amount": part, "currency": made["currency"], "key": seed}
        case "capture":
            return {"intent": made["intent"], "amount": part, "currency": made["currency"], "key": seed}
        case "let_go":
            return {"intent": made["intent"], "key": seed}
        case _:
            return {"order": made["order"], "key": seed}


_AT_THE_BANK = """
select b.captured, b.refunded, b.voided from payments_sandboxcharge b join payments_operation o using (key)
where o.intent_id = %s::uuid and o.kind = 'authorise'
"""


def _moved(house: House, intent: str, deed: str, part: int, whole: int) -> list[str]:
    """What the bank did, beside what was asked for once."""
    ((captured, refunded, voided),) = house.rows(_AT_THE_BANK, intent)
    expected = {
        "refund": (whole, part, 0), "capture": (part, 0, 0), "let_go": (0, 0, whole), "cancel": (whole, whole, 0),
    }[deed]  # fmt: skip
    if (captured, refunded, voided) == expected:
        return []
    return [f"{deed} of {part} of {whole}: the bank took {captured}, gave back {refunded}, let go of {voided}."]


def hand_overs(kills: int) -> Told:
    """Whoever picks, packs and hands over dies half way and begins again: goods leave the house once."""
    name = "hand overs"
    with opened("hand_overs") as house, Victims(house) as victims:
        throw, wrong, done = dice(name), list[str](), 0
        until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
        seen: Counter[str] = Counter()
        while victims.kills < kills:
            seed, way = f"{name}-{throw.random()}", throw.choice(("ship", "pickup"))
            for fulfillment in victims.do("bought", seed=seed, way=way)["answer"]["fulfillments"]:
                about = {"fulfillment_id": fulfillment, "key": fulfillment}
                for _ in range(throw.choice((1, 2))):
                    victims.killed("get_ready", throw, 40, SECONDS, **about, until=until)
                code = victims.do("get_ready", **about, until=until)["answer"]["code"]
                for _ in range(throw.choice((1, 2))):
                    victims.killed("give", throw, 25, SECONDS, **about, code=code)
                state = victims.do("give", **about, code=code)["answer"]
                seen[state] += 1
                done += 1
        wrong += house.after()["wrong"]
        left = "select count(*) from fulfillment_fulfillment where state not in ('shipped', 'handed_over')"
        if waiting := house.one(left):
            wrong.append(f"{waiting} are still with us, though all were handed over.")
        wrong += [f"{order} left the house with {gone} units of {sku}, but has {wanted}."
                  for order, sku, gone, wanted in house.rows(_GONE)]  # fmt: skip
        return Told(victims.kills, done, sentences(wrong, name), seen)


_GONE = """
with wanted as (
    select f.order_id::text as order_id, l.sku, sum(l.quantity) as units
    from fulfillment_fulfillment f join fulfillment_fulfillmentline l on l.fulfillment = f.id group by 1, 2
), gone as (
    select reference as order_id, sku, -sum(quantity) as units from inventory_move where kind = 'issue' group by 1, 2
)
select coalesce(w.order_id, g.order_id), coalesce(w.sku, g.sku), coalesce(g.units, 0), coalesce(w.units, 0)
from wanted w full join gone g using (order_id, sku) where coalesce(g.units, 0) <> coalesce(w.units, 0)
"""


def till_sales(kills: int) -> Told:
    """A server dies while it takes in what a till sold without its line: each sale is one order."""
    name = "till sales"
    with opened("till_sales") as house, Victims(house) as victims:
        throw, wrong = dice(name), list[str]()
        seen: Counter[str] = Counter()
        sequence = 0
        while victims.kills < kills:
            sequence += 1
            wish = {"device": house.given["device"], "told": _sale(house, sequence, throw)}
            for _ in range(throw.choice((1, 2))):
                victims.killed("sold_at_till", throw, 45, SECONDS, **wish)
            first, second = (victims.do("sold_at_till", **wish)["answer"] for _ in range(2))
            if first != second:
                wrong.append(f"Sale {sequence} was answered in two ways.")
            seen[first["state"]] += 1
        after = house.after()
        wrong += after["wrong"]
        taken = sum(number for state, number in seen.items() if state.startswith("taken"))
        if len(after["placed"]) != taken:
            wrong.append(f"{taken} sales were taken in, but {len(after['placed'])} orders stand.")
        return Told(victims.kills, taken, sentences(wrong, name), seen)


def _sale(house: House, sequence: int, throw: random.Random) -> dict[str, Any]:
    from tests.commerce.till import Till  # which needs Django to be set up
    from tests.worlds import CUP, LAMP

    till = Till(house.given["device"], "", house.given["cashier"], house.given["drawer"])
    return till.sells(
        (throw.choice((CUP, LAMP)), throw.randint(1, 3)),
        sequence=sequence,
        sale_id=str(uuid4()),
        allotment_id=throw.choice((None, house.given["allotment"])),
    )


def capture(kills: int) -> Told:
    """The door for capture dies while it takes a batch in, and the client sends again: each message once."""
    from tests.promises.capture_victim import SHARED

    name = "capture"
    with opened("capture") as house, Victims(house) as victims:
        throw, wrong = dice(name), list[str]()
        number, key = 0, house.given["write_key"]
        seen: Counter[str] = Counter()
        while victims.kills < kills:
            number += 1
            for _ in range(throw.choice((1, 2))):
                victims.killed("send", throw, 14, SECONDS, number=number, key=key)
            status = victims.do("send", number=number, key=key)["answer"]
            seen[str(status)] += 1
        victims.do("send", number=number, key=key)
        wrong += house.after()["wrong"]
        wrong += messages_wrong(house, 30 * number + SHARED)
        return Told(victims.kills, number, sentences(wrong, name), seen)


def messages_wrong(house: House, expected: int) -> list[str]:
    """Each message was seen once, and is one touchpoint that belongs to somebody."""
    counts = house.rows(
        "select (select count(*) from touchpoints_seen), count(*), count(*) filter (where identifier = 0)"
        " from touchpoints_touchpoint where source = (select id from touchpoints_source where slug = 'erp')"
    )
    if counts == [(expected, expected, 0)]:
        return []
    return [f"{expected} messages were sent; seen, kept and nobody's are {counts[0]}."]


def _cart(victims: Victims, seed: str) -> str:
    cart: str = victims.do("open_cart", seed=seed)["answer"]["cart"]
    return cart


def _again(victims: Victims, deed: str, wish: dict[str, Any]) -> dict[str, Any]:
    """Asked again with the same words: the same answer each time."""
    first, second = victims.do(deed, **wish), victims.do(deed, **wish)
    if (first["answer"], first.get("refused")) != (second["answer"], second.get("refused")):
        raise RuntimeError(f"{deed} {wish} was answered by {first} and then by {second}.")
    return first
