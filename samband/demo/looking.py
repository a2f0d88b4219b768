"""The demo's visitors look around: what they saw in the shop and in the stores, what they agreed to, and segments."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import msgspec

from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.tagging import PriceTag
from samband.customers.accounts import queries as accounts
from samband.customers.consent.purposes import PREFERENCES, STATISTICS
from samband.customers.identity import commands as identity
from samband.customers.segments import commands as segments
from samband.customers.segments import filling, writing
from samband.customers.segments import queries as segments_known
from samband.customers.touchpoints import queries as touchpoints
from samband.customers.touchpoints.reading import noted
from samband.customers.touchpoints.shapes import HOUSE, Note
from samband.flows.follow_customers import follow
from samband.flows.say_consent import answer
from samband.flows.take_in_touchpoints import note, take_in
from samband.flows.telling import own_pages
from samband.kernel.clock import held_at, now
from samband.kernel.identifier import Identifier, identifier
from samband.timeline.delivering import deliver

from .assortment import Assortment, Product
from .people import Person

SEED = 20261122
STRANGERS = 160
DAYS = 90
AT_ONCE = 1000
SEGMENTS = Path(__file__).with_name("segments.yaml")
_BROWSERS = UUID("0196a0de-0000-7000-8000-5a3b0000de31")
_STORES = {"IS": "RVK", "PL": "WAW", "LV": "RIX", "GR": "ATH"}


def look_around(assortment: Assortment, crowd: list[Person]) -> None:
    """Three months of visits by the demo's customers and by strangers; nobody comes a second time."""
    if segments_known.listed():  # they are opened last of all
        return
    dice = random.Random(SEED)
    while deliver():  # what they bought is told first
        pass
    today = now()
    prices = _Prices(assortment)
    waiting: list[tuple[str, Note]] = []
    for nth, person in enumerate(crowd):
        waiting += _customer(person, nth, assortment, prices, today, dice)
    for nth in range(STRANGERS):
        waiting += _visits(f"stranger-{nth}", dice.choice(crowd).market, assortment, prices, today, dice)
    _take_in(waiting)
    for person in crowd:
        _say_what_they_agreed_to(person, today)
    while deliver() or identity.resolve() or follow():
        pass
    segments.apply(writing.read(SEGMENTS.read_text(encoding="utf-8")), by="demo")
    while filling.fill_next():
        pass


class _Prices:
    """What goods cost in each market, asked once."""

    def __init__(self, assortment: Assortment) -> None:
        self._skus = [variant.sku for product in assortment.products for variant in product.variants]
        self._known: dict[str, dict[str, PriceTag]] = {}

    def of(self, sku: str, market: str) -> PriceTag | None:
        if market not in self._known:
            self._known[market] = pricing.tags(self._skus, market, "shop")
        return self._known[market].get(sku)


def _customer(
    person: Person, nth: int, assortment: Assortment, prices: _Prices, today: datetime, dice: random.Random
) -> Iterator[tuple[str, Note]]:
    """Most of them look at home, some also on a telephone; now and then they are seen in the store."""
    account = accounts.by_email(person.email)
    browsers = [f"customer-{nth}-{screen}" for screen in ("home", "phone")[: dice.choice((1, 1, 2))]]
    for browser in browsers:
        yield from _visits(browser, person.market, assortment, prices, today, dice)
        if account and dice.random() < 0.8:
            at = today - timedelta(days=dice.uniform(0, DAYS))
            both = (Identifier("account", str(account.id)), _cookie(browser))
            yield (
                HOUSE,
                _note(f"{browser}-known", "Identified", at, both, "shop", {"how": "signed_in"}, rule="signed_in"),
            )
    if account and dice.random() < 0.3 and person.market in _STORES:
        at = today - timedelta(days=dice.uniform(0, DAYS))
        known = (Identifier("account", str(account.id)),)
        yield HOUSE, _note(f"{browsers[0]}-store", "Store Visited", at, known, "pos", {}, place=_STORES[person.market])


def _visits(
    browser: str, market: str, assortment: Assortment, prices: _Prices, today: datetime, dice: random.Random
) -> Iterator[tuple[str, Note]]:
    """A browser's visits: most look at a few things of one kind, some put one in the cart."""
    who = (_cookie(browser),)
    for visit in range(dice.choice((1, 1, 2, 3, 5))):
        at = today - timedelta(days=DAYS * dice.random() ** 1.5)
        liked: Product = dice.choice(assortment.products)
        near = [one for one in assortment.products if one.category == liked.category]
        yield (
            "shop",
            _note(f"{browser}-{visit}-list", "Product List Viewed", at, who, "shop", {"category": liked.category}),
        )
        for step in range(dice.choice((1, 2, 2, 3, 4))):
            at += timedelta(seconds=dice.uniform(8, 90))
            seen = dice.choice(near)
            sku = dice.choice(seen.variants).sku
            said = {"sku": sku, "category": seen.category, **_price(prices.of(sku, market))}
            yield "shop", _note(f"{browser}-{visit}-{step}", "Product Viewed", at, who, "shop", said)
            if dice.random() < 0.12:
                at += timedelta(seconds=dice.uniform(5, 40))
                yield (
                    "shop",
                    _note(f"{browser}-{visit}-{step}-add", "Product Added", at, who, "shop", {**said, "quantity": 1}),
                )


def _price(tag: PriceTag | None) -> dict[str, object]:
    return {} if tag is None else {"price": float(tag.unit.decimal), "currency": tag.unit.currency}


def _note(
    name: str, event: str, at: datetime, who: tuple[Identifier, ...], channel: str, said: dict[str, object],
    place: str | None = None, rule: str = "same_event",
) -> Note:  # fmt: skip
    return Note(message=f"demo-{name}", event=event, identifiers=who, occurred_at=min(at, now()), channel=channel,
                properties=said, place=place, rule=rule)  # fmt: skip


def _cookie(browser: str) -> Identifier:
    return identifier("cookie", str(uuid5(_BROWSERS, browser)))


def _take_in(waiting: list[tuple[str, Note]]) -> None:
    """What the house saw, and what browsers told whose visitors agreed to statistics."""
    own_pages.open_source()
    waiting.sort(key=lambda one: one[1].occurred_at)
    note(HOUSE, *(told for where, told in waiting if where == HOUSE))
    shop = touchpoints.origin(own_pages.SOURCE)
    agreed = {STATISTICS: True, PREFERENCES: True}
    told = [msgspec.structs.replace(noted(one, shop), categories=agreed) for where, one in waiting if where != HOUSE]
    for start in range(0, len(told), AT_ONCE):
        take_in(shop, told[start : start + AT_ONCE])


def _say_what_they_agreed_to(person: Person, today: datetime) -> None:
    """Two in three are asked for the newsletter; half of these want it, and a few think better of it later.

    Everybody has dice of their own: opened again, they say what they said.
    """
    who = uuid5(_BROWSERS, person.email)
    dice = random.Random(f"{SEED}:{who}")
    asked, wanted, later, days = (dice.random() for _ in range(4))
    if asked > 0.66:
        return
    address = identifier("email", person.email)
    at = today - timedelta(days=1 + days * (DAYS - 2))
    said = [(wanted < 0.6, at)] + [(False, at + timedelta(days=1))] * (later < 0.1)
    for step, (granted, moment) in enumerate(said):
        with held_at(moment):
            answer(
                address, {"newsletter_email": granted}, person.language, source="shop", channel="shop",
                key=f"demo-{who}-{step}",
            )  # fmt: skip
