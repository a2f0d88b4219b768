"""Which of several prices holds, and what the price tag says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from samband.kernel.money import Money

from .vat import vat_on, vat_within

Params = dict[str, str | int | tuple[str | int, ...]]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an amount is what it is, without words of any language.

    Codes on a line: `price_list` (price_list and, where they decided, customer_group, channel, valid_until),
    `instead_of` (price_list, amount, currency), `vat_included` and `vat_added` (basis_points, country; the latter
    with unit_net and currency). Codes on shipping: see `quoting`.
    """

    code: str
    params: Params


class Candidate(NamedTuple):
    """A price that a shopper could get: its list and the amount in minor units, with or without VAT."""

    price_list: str
    amount: int
    includes_vat: bool
    customer_group: str | None = None
    channel: str | None = None
    market: str | None = None
    priority: int = 0
    valid_until: datetime | None = None

    def gross(self, basis_points: int) -> int:
        """What a shopper pays for one, VAT included."""
        return self.amount if self.includes_vat else self.amount + vat_on(self.amount, basis_points)

    def net(self, basis_points: int) -> int:
        """The same without VAT."""
        return self.amount - vat_within(self.amount, basis_points) if self.includes_vat else self.amount


@dataclass(frozen=True, slots=True)
class Announced:
    """What one unit comes to with promotions that come off by themselves: `unit` includes VAT. Names by language."""

    unit: Money
    promotions: tuple[str, ...]
    names: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class PriceTag:
    """What one unit costs: `unit` includes VAT, `net` does not.

    `regular` is what everybody pays without an end in sight, where that is more. `includes_vat` tells which of
    the two amounts the list holds, and so which one is multiplied. `announced` is what promotions make of `unit`, where
    they take something off by themselves. Where there is a reduction, of either kind, `lowest_30` is the lowest price
    of the thirty days before it began; only who asks for it is told (`queries.tags`, `terms(lowest=True)`).
    """

    sku: str
    unit: Money
    net: Money
    vat_basis_points: int
    price_list: str
    includes_vat: bool
    regular: Money | None
    reasons: tuple[Reason, ...]
    announced: Announced | None = None
    lowest_30: Money | None = None


def choose(candidates: Iterable[Candidate], basis_points: int) -> Candidate | None:
    """The price that holds: the most specific (group, then channel, then market), then the highest priority,
    then the lowest for the shopper, then the list's code. The order they come in does not matter."""
    return min(candidates, key=lambda one: _rank(one, basis_points), default=None)


def _rank(one: Candidate, basis_points: int) -> tuple[bool, bool, bool, int, int, str]:
    return (
        one.customer_group is None,
        one.channel is None,
        one.market is None,
        -one.priority,
        one.gross(basis_points),
        one.price_list,
    )


@dataclass(frozen=True, slots=True)
class Taxed:
    """Where a tag hangs, and the reasons already worded there: many tags of one answer share theirs."""

    country: str
    currency: str
    said: dict[object, Reason] = field(default_factory=dict)


def tag(sku: str, candidates: list[Candidate], basis_points: int, where: Taxed) -> PriceTag | None:
    """The price tag of a SKU, or None when nothing is asked for it: then it is not for sale."""
    chosen = candidates[0] if len(candidates) == 1 else choose(candidates, basis_points)
    if chosen is None:
        return None
    unit = chosen.gross(basis_points)
    regular = _regular(chosen, unit, candidates, basis_points)
    return PriceTag(
        sku=sku,
        unit=Money(unit, where.currency),
        net=Money(chosen.net(basis_points), where.currency),
        vat_basis_points=basis_points,
        price_list=chosen.price_list,
        includes_vat=chosen.includes_vat,
        regular=None if regular is None else Money(regular.gross(basis_points), where.currency),
        reasons=_reasons(chosen, regular, basis_points, where),
    )


def _regular(chosen: Candidate, unit: int, candidates: list[Candidate], basis_points: int) -> Candidate | None:
    """What everybody pays without an end in sight, if that is more than what was chosen."""
    lasting = [one for one in candidates if one.customer_group is None and one.valid_until is None]
    if not lasting or lasting == [chosen]:
        return None
    regular = choose(lasting, basis_points)
    return regular if regular and regular.gross(basis_points) > unit else None


def _reasons(chosen: Candidate, regular: Candidate | None, basis_points: int, where: Taxed) -> tuple[Reason, ...]:
    of_list = where.said.get(chosen.price_list)
    if of_list is None:
        of_list = where.said[chosen.price_list] = Reason("price_list", _what_decided(chosen))
    of_vat = _of_vat(chosen, basis_points, where)
    if regular is None:
        return of_list, of_vat
    amount = regular.gross(basis_points)
    instead: Params = {"price_list": regular.price_list, "amount": amount, "currency": where.currency}
    return of_list, Reason("instead_of", instead), of_vat


def _what_decided(chosen: Candidate) -> Params:
    decided: Params = {"price_list": chosen.price_list}
    if chosen.customer_group is not None:
        decided["customer_group"] = chosen.customer_group
    if chosen.channel is not None:
        decided["channel"] = chosen.channel
    if chosen.valid_until is not None:
        decided["valid_until"] = chosen.valid_until.isoformat()
    return decided


def _of_vat(chosen: Candidate, basis_points: int, where: Taxed) -> Reason:
    rate: Params = {"basis_points": basis_points, "country": where.country}
    if not chosen.includes_vat:
        return Reason("vat_added", {**rate, "unit_net": chosen.amount, "currency": where.currency})
    included = where.said.get(basis_points)
    if included is None:
        included = where.said[basis_points] = Reason("vat_included", rate)
    return included
