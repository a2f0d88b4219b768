"""One promise everywhere: every channel is asked the same at the same moment, and each difference needs a reason.

A door says what it would tell somebody who asks it for one piece of something at a store: how many there are, what a
piece costs, how it may be had and by when, how it may be paid, how long it may be returned. Where two doors say
different things, the reason must be one that the retailer stated (stock kept for a channel, a price or an offer for a
place or a channel, a way that a channel does not offer); anything else is a fault.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import connection, transaction

from samband.commerce.catalog import queries as catalog
from samband.commerce.inventory import allocation
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import LocationView
from samband.commerce.payments import queries as payments
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.live import live
from samband.kernel.clock import held_at, now
from samband.kernel.money import Money

from .shop_window import Offer, ShopWindow

AT_ONCE = 200

NOT_PUBLISHED, NO_PRICE = "not_published", "no_price"
NOT_OFFERED = "-"


@dataclass(frozen=True, slots=True)
class Question:
    """One piece of a SKU, asked for at a store by somebody whom nobody knows, at a moment."""

    sku: str
    slug: str
    location: str
    market: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What a door would tell. Without a price it is not sold there; then nothing else counts.

    `here` are the units at the store, `everywhere` those at all places. `ways` tells for each way that the door offers
    until when the goods would be had (None: they cannot be had that way now). `methods` tells for each way to pay what
    hinders it (nothing: it can be had). `lists` and `promotions` are where the price comes from.
    """

    price: Money | None
    regular: Money | None = None
    lists: frozenset[str] = frozenset()
    promotions: frozenset[str] = frozenset()
    here: int = 0
    everywhere: int = 0
    ways: Mapping[str, datetime | None] = field(default_factory=dict)
    methods: Mapping[str, str] = field(default_factory=dict)
    return_days: int = 0


def told_of(window: ShopWindow, offer: Offer, question: Question, channel: str, ways: Sequence[str]) -> Said:
    """What a door tells that shows goods in a shop window. An offer of another SKU is none of this."""
    if offer.piece is None or offer.variant.sku != question.sku:
        return Said(None)
    here = next((store for store in offer.stores if store.site.code == question.location), None)
    until = {
        "carry": question.at if here and here.available else None,
        "pickup": here.promise.latest if here and here.promise else None,
        "ship": offer.sending.promise.latest if offer.sending else None,
    }
    price = offer.piece.unit
    return Said(
        price,
        regular=offer.piece.regular,
        lists=frozenset({offer.piece.tag.price_list}),
        promotions=frozenset(offer.piece.promotions),
        here=here.available if here else 0,
        everywhere=offer.available,
        ways={way: until[way] for way in ways},
        methods={one.method: one.reason for one in payments.methods(question.market, channel, price, ways[:1])},
        return_days=window.page.return_days,
    )


Door = Callable[[Question], Said]


@dataclass(frozen=True, slots=True)
class Difference:
    """Doors that say different things of one aspect. `told` has what each says; without a `reason` it is a fault."""

    sku: str
    location: str
    aspect: str
    told: Mapping[str, str]
    reason: str

    @property
    def is_fault(self) -> bool:
        """Whether nobody ever stated why."""
        return not self.reason

    def __str__(self) -> str:
        told = ", ".join(f"{channel} {text or 'yes'}" for channel, text in self.told.items())
        return f"{self.reason or 'FAULT'}: {self.sku} at {self.location}, {self.aspect}: {told}"


@dataclass
class Summary:
    """Differences counted by what they are about and why, with the first of each kind to show."""

    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: dict[tuple[str, str], Difference] = field(default_factory=dict)

    def of(self, differences: Iterable[Difference]) -> Iterator[Difference]:
        """The same differences, counted as they pass."""
        for one in differences:
            kind = (one.aspect, one.reason)
            self.found[kind] += 1
            self.first.setdefault(kind, one)
            yield one

    @property
    def faults(self) -> int:
        """How many of them nobody stated a reason for."""
        return sum(count for (_, reason), count in self.found.items() if not reason)

    def lines(self) -> Iterator[str]:
        """One line for each kind with a reason, and the sum of all."""
        for kind, count in sorted(self.found.items()):
            if kind[1]:
                yield f"{count} × {self.first[kind]}"
        total = self.found.total()
        yield f"{total} differences, {self.faults} of them faults" if total else "every door says the same"


_doors: dict[str, Door] = {}


def plug(channel: str, door: Door) -> None:
    """Have this door asked as well."""
    _doors[channel] = door


def channels() -> tuple[str, ...]:
    """The channels that are asked."""
    return tuple(_doors)


def parity(skus: Iterable[str] | None = None, locations: Sequence[str] | None = None) -> Iterator[Difference]:
    """Every difference between what the doors say of these SKUs (all that are sold) at these stores (all of them).

    All doors are asked of the books as they were at one moment, with the clock standing still.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic(), held_at(now()):
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
        stores = [site for site in inventory.locations().values() if site.kind == "store"]
        asked = [site for site in stores if locations is None or site.code in locations]
        everything = iter(sold_somewhere() if skus is None else skus)
        while batch := list(islice(everything, AT_ONCE)):
            for question in _questions(batch, asked):
                yield from compare(question, {channel: door(question) for channel, door in _doors.items()})


def sold_somewhere() -> list[str]:
    """Every SKU that is shown on some channel now, in order."""
    at = now()
    return sorted({sku for channel in _doors for sku in catalog.skus_on(channel, at)})


def _questions(skus: Sequence[str], sites: Sequence[LocationView]) -> Iterator[Question]:
    items, at = catalog.items(skus), now()
    for sku in skus:
        for site in sites:
            if sku in items and site.market in pricing.markets():
                yield Question(sku, items[sku].slug, site.code, site.market, at)


def compare(question: Question, said: Mapping[str, Said]) -> Iterator[Difference]:
    """The differences between what was said of one question, each with its reason or as a fault."""
    sold = {channel: one for channel, one in said.items() if one.price is not None}
    if len(sold) not in (0, len(said)):
        told = {channel: "yes" if channel in sold else "no" for channel in said}
        yield _differ(question, "sold", told, _why_not_sold(question, said))
    if not sold:
        return
    yield from _prices(question, sold)
    stock = _stock(question, sold)
    if stock:
        yield stock
    # When something comes follows from where it lies: what explains the units explains the promise made of them.
    ways = {channel: one.ways for channel, one in sold.items()}
    yield from _by_key(question, "ways", ways, "way_not_offered", stock.reason if stock else "")
    methods = {channel: one.methods for channel, one in sold.items()}
    yield from _by_key(question, "methods", methods, "", "")
    days = {channel: str(one.return_days) for channel, one in sold.items()}
    if len(set(days.values())) > 1:
        yield _differ(question, "returns", days, "")


def _why_not_sold(question: Question, said: Mapping[str, Said]) -> str:
    """Not published there, or without a price there: both are what somebody entered."""
    item = catalog.items([question.sku])[question.sku]
    hidden = {channel for channel in said if not item.published(channel, question.at)}
    missing = {channel for channel, one in said.items() if one.price is None}
    if missing <= hidden:
        return NOT_PUBLISHED
    priceless = {
        channel
        for channel in missing - hidden
        if question.sku not in pricing.tags([question.sku], question.market, channel, None, question.at)
    }
    return NO_PRICE if missing <= hidden | priceless else ""


def _prices(question: Question, said: Mapping[str, Said]) -> Iterator[Difference]:
    """Another price is a price list of that channel, or an offer that holds only there."""
    told = {channel: _amounts(one) for channel, one in said.items()}
    if len(set(told.values())) == 1:
        return
    lists, offers = pricing.price_lists(), live(None).by_code
    apart = {
        name
        for one in said.values()
        for name in one.lists | one.promotions
        if any(name not in other.lists | other.promotions for other in said.values())
    }
    bound = {
        name
        for name in apart
        if (name in lists and lists[name].channel)
        or (name in offers and (offers[name].channels or offers[name].places))
    }
    yield _differ(question, "price", told, f"bound:{','.join(sorted(bound))}" if bound else "")


def _amounts(one: Said) -> str:
    amounts = [amount for amount in (one.price, one.regular) if amount]
    return " / ".join(f"{amount.decimal} {amount.currency}" for amount in amounts)


def _stock(question: Question, said: Mapping[str, Said]) -> Difference | None:
    """Stock kept for a channel is what makes the numbers differ, and it must explain them to the unit."""
    told = {channel: f"{one.here} / {one.everywhere}" for channel, one in said.items()}
    if len(set(told.values())) == 1:
        return None
    kept = [fence for fence in allocation.fences(sku=question.sku).rows if fence.sku == question.sku]
    free = set()
    for channel, one in said.items():
        elsewhere = [fence for fence in kept if fence.channel != channel]
        here = sum(fence.left for fence in elsewhere if fence.location == question.location)
        free.add((one.here + here, one.everywhere + sum(fence.left for fence in elsewhere)))
    return _differ(question, "available", told, "fenced" if len(free) == 1 and kept else "")


def _by_key(
    question: Question, aspect: str, said: Mapping[str, Mapping[str, object]], absent: str, because: str
) -> Iterator[Difference]:
    """Each way, or method, apart: whoever offers it says the same of it, or says why not.

    `absent` is why a door may not offer it, `because` why doors may say different things of it.
    """
    for key in sorted({key for one in said.values() for key in one}):
        told = {channel: str(one[key]) if key in one else NOT_OFFERED for channel, one in said.items()}
        offered = {text for text in told.values() if text != NOT_OFFERED}
        if len(offered) > 1:
            yield _differ(question, f"{aspect}:{key}", told, because or _hindrances(aspect, offered))
        elif NOT_OFFERED in told.values():
            yield _differ(question, f"{aspect}:{key}", told, absent)


def _hindrances(aspect: str, told: Collection[str]) -> str:
    """A method that is had on one channel and hindered on another says what hinders it."""
    return ",".join(sorted(text for text in told if text)) if aspect == "methods" else ""


def _differ(question: Question, aspect: str, told: Mapping[str, str], reason: str) -> Difference:
    return Difference(question.sku, question.location, aspect, dict(told), reason)
