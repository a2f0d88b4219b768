"""What a SKU cost when, out of what was changed when; and the lowest price before a reduction.

Directive 98/6/EC, article 6a (by Directive (EU) 2019/2161): beside a reduction stands the lowest price that was asked
in the thirty days before it began. A reduction that was deepened without a break began when its first step did.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

from .announcing import announced, announcing
from .holding import Asker, holds_for
from .promotions import Promotion
from .tagging import Candidate, Taxed, tag

LOOK_BACK = timedelta(days=30)


class ListTerms(msgspec.Struct, frozen=True):
    """Whom, where and when a list was for."""

    currency: str
    market: str | None
    channel: str | None
    customer_group: str | None
    includes_vat: bool
    valid_from: datetime | None
    valid_until: datetime | None
    priority: int

    def for_whom(self, asker: Asker, currency: str) -> bool:
        """Whether its prices are for somebody, at some time."""
        return (
            self.currency == currency
            and self.market in (None, asker.market)
            and self.channel in (None, asker.channel)
            and self.customer_group in (None, asker.group)
        )

    def holds_at(self, at: datetime) -> bool:
        """Whether they hold at this moment."""
        return (self.valid_from is None or self.valid_from <= at) and (
            self.valid_until is None or at < self.valid_until
        )


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that moved the price of one SKU, each with the moment from which it was so, in that order.

    `prices` by list (None: out of it); `lists`; `promotions` (None: over); `rates` of VAT in basis points.
    """

    sku: str
    category: str
    prices: Sequence[tuple[str, int | None, datetime]]
    lists: Sequence[tuple[str, ListTerms, datetime]]
    promotions: Sequence[tuple[str, Promotion | None, datetime]]
    rates: Sequence[tuple[int, datetime]]


@dataclass(frozen=True, slots=True)
class Step:
    """A time during which one unit cost the same: `amount` in minor units, VAT included; None: it was not for sale.

    `regular` is what it would have cost without the reduction, if there was one.
    """

    since: datetime
    amount: int | None
    regular: int | None
    price_list: str | None
    promotions: tuple[str, ...]


def steps(changes: Changes, asker: Asker, country: str, currency: str, until: datetime) -> list[Step]:
    """How the price went, from the first change until a moment."""
    found: list[Step] = []
    changes = _about(changes, asker)
    for moment in _turns(changes, until):
        step = _step(changes, asker, country, currency, moment)
        if not found or _told(found[-1]) != _told(step):
            found.append(step)
    return found


def _told(step: Step) -> tuple[object, ...]:
    return step.amount, step.regular, step.price_list, step.promotions


def _about(changes: Changes, asker: Asker) -> Changes:
    """The same with only those lists and promotions that ever had to do with the SKU and whoever asks."""
    listed = {code for code, _, _ in changes.prices}
    said = [one for _, one, _ in changes.promotions if one and holds_for(one, asker)]
    told = announcing([changes.sku], {changes.sku: changes.category}, said).get(changes.sku, [])
    codes = {one.code for one in told}
    return replace(
        changes,
        lists=[one for one in changes.lists if one[0] in listed],
        promotions=[one for one in changes.promotions if one[0] in codes],
    )


def _turns(changes: Changes, until: datetime) -> list[datetime]:
    """Every moment at which the price may have moved."""
    moments = {at for _, _, at in (*changes.prices, *changes.lists, *changes.promotions)}
    moments.update(at for _, at in changes.rates)
    windows = [(one.valid_from, one.valid_until) for _, one, _ in changes.lists]
    windows += [(one.valid_from, one.valid_until) for _, one, _ in changes.promotions if one]
    moments.update(at for window in windows for at in window if at is not None)
    first = min((at for _, _, at in changes.prices), default=until)
    return sorted(moment for moment in moments if first <= moment <= until)


def _step(changes: Changes, asker: Asker, country: str, currency: str, at: datetime) -> Step:
    lists = {code: terms for code, terms, since in changes.lists if since <= at}
    prices = {code: amount for code, amount, since in changes.prices if since <= at}
    rate = next((rate for rate, since in reversed(changes.rates) if since <= at), 0)
    candidates = [
        Candidate(
            code, amount, terms.includes_vat, terms.customer_group, terms.channel, terms.market, terms.priority,
            terms.valid_until,
        )
        for code, amount in prices.items()
        if amount is not None and (terms := lists.get(code)) and terms.for_whom(asker, currency) and terms.holds_at(at)
    ]  # fmt: skip
    price_tag = tag(changes.sku, candidates, rate, Taxed(country, currency)) if candidates else None
    if price_tag is None:
        return Step(at, None, None, None, ())
    lower = announced(price_tag, changes.category, list(_announcing(changes, asker, at)))
    regular = price_tag.regular or (price_tag.unit if lower else None)
    return Step(
        since=at,
        amount=(lower.unit if lower else price_tag.unit).amount,
        regular=regular.amount if regular else None,
        price_list=price_tag.price_list,
        promotions=lower.promotions if lower else (),
    )


def _announcing(changes: Changes, asker: Asker, at: datetime) -> Iterator[Promotion]:
    """The promotions that lowered the price then. One that comes and goes within a week counts as there throughout."""
    known = {code: promotion for code, promotion, since in changes.promotions if since <= at}
    there = [one for one in known.values() if one and holds_for(one, asker)]
    for one in announcing([changes.sku], {changes.sku: changes.category}, there).get(changes.sku, ()):
        if (one.valid_from is None or one.valid_from <= at) and (one.valid_until is None or at < one.valid_until):
            yield one


def lowest_before(found: Sequence[Step], at: datetime) -> int | None:
    """The lowest price in the thirty days before the reduction that holds at a moment began; None without one.

    Goods that had no price before are compared with what they cost without the reduction.
    """
    past = [step for step in found if step.since <= at]
    if not past or past[-1].regular is None or past[-1].amount is None:
        return None
    began = past[-1].since
    for earlier, later in reversed(list(pairwise(past))):
        if earlier.regular is None or earlier.amount is None or later.amount is None or earlier.amount < later.amount:
            break
        began = earlier.since
    return min(_asked_between(past, began - LOOK_BACK, began), default=past[-1].regular)


def _asked_between(past: Sequence[Step], first: datetime, last: datetime) -> Iterator[int]:
    ends = [step.since for step in past[1:]]
    for step, end in zip(past, [*ends, None], strict=True):
        if step.amount is not None and step.since < last and (end is None or end > first):
            yield step.amount
