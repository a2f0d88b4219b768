"""Which of several prices holds, and what the price tag says."""

from collections.abc import Iterable
from dataclasses import dataclass
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
class PriceTag:
    """What one unit costs: `unit` includes VAT, `net` does not.

    `regular` is what everybody pays without an end in sight, where that is more. `includes_vat` tells which of
    the two amounts the list holds, and so which one is multiplied.
    """

    sku: str
    unit: Money
    net: Money
    vat_basis_points: int
    price_list: str
    includes_vat: bool
    regular: Money | None
    reasons: tuple[Reason, ...]


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


def tag(sku: str, candidates: list[Candidate], basis_points: int, country: str, currency: str) -> PriceTag | None:
    """The price tag of a SKU, or None when nothing is asked for it: then it is not for sale."""
    chosen = candidates[0] if len(candidates) == 1 else choose(candidates, basis_points)
    if chosen is None:
        return None
    regular = _regular(chosen, candidates, basis_points)
    return PriceTag(
        sku=sku,
        unit=Money(chosen.gross(basis_points), currency),
        net=Money(chosen.net(basis_points), currency),
        vat_basis_points=basis_points,
        price_list=chosen.price_list,
        includes_vat=chosen.includes_vat,
        regular=Money(regular.gross(basis_points), currency) if regular else None,
        reasons=tuple(_reasons(chosen, regular, basis_points, country, currency)),
    )


def _regular(chosen: Candidate, candidates: list[Candidate], basis_points: int) -> Candidate | None:
    """What everybody pays without an end in sight, if that is more than what was chosen."""
    if len(candidates) == 1:
        return None
    lasting = (one for one in candidates if one.customer_group is None and one.valid_until is None)
    regular = choose(lasting, basis_points)
    if regular and regular.gross(basis_points) > chosen.gross(basis_points):
        return regular
    return None


def _reasons(
    chosen: Candidate, regular: Candidate | None, basis_points: int, country: str, currency: str
) -> Iterable[Reason]:
    decided: Params = {"price_list": chosen.price_list}
    if chosen.customer_group is not None:
        decided["customer_group"] = chosen.customer_group
    if chosen.channel is not None:
        decided["channel"] = chosen.channel
    if chosen.valid_until is not None:
        decided["valid_until"] = chosen.valid_until.isoformat()
    yield Reason("price_list", decided)
    if regular:
        amount = regular.gross(basis_points)
        yield Reason("instead_of", {"price_list": regular.price_list, "amount": amount, "currency": currency})
    if chosen.includes_vat:
        yield Reason("vat_included", {"basis_points": basis_points, "country": country})
    else:
        yield Reason(
            "vat_added",
            {"basis_points": basis_points, "country": country, "unit_net": chosen.amount, "currency": currency},
        )
