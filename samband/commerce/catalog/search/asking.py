"""What a shopper asks of the search, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from samband.kernel.languages import LANGUAGES

from ..attributes import Kind
from ..refusals import BadAsk

Sort = Literal["relevance", "price", "price_desc", "newest", "name"]
SORTS: tuple[Sort, ...] = ("relevance", "price", "price_desc", "newest", "name")
PRICE = "price"
LONGEST_TEXT = 200
MOST_PER_PAGE = 100
LAST_PAGE = 10_000
MOST_FILTERS = 30
MOST_VALUES = 50

Wanted = tuple[str, ...] | tuple[float | None, float | None]
"""Codes of a choice ("true" or "false" of a flag) any of which will do; or, for a number and `price`, from … to, both
included and either left open, or ranges written `from..to`. Prices are in minor units of the market's currency."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to the search. Attributes are joined by and, the values of one by or."""

    channel: str
    market: str
    language: str
    text: str = ""
    category: str | None = None
    filters: Mapping[str, Wanted] = field(default_factory=dict)
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = 24

    def key(self) -> tuple[object, ...]:
        """Equal for equal questions."""
        filters = tuple(sorted((code, tuple(wanted)) for code, wanted in self.filters.items()))
        return (
            self.channel, self.market, self.language, self.text, self.category, filters, self.sort, self.page,
            self.per_page,
        )  # fmt: skip

    def check(self) -> None:
        """Raises BadAsk."""
        if self.language not in LANGUAGES:
            raise BadAsk("We do not speak that language.", language=self.language[:8])
        if self.sort not in SORTS:
            raise BadAsk("There is no such order.", sort=str(self.sort)[:20])
        if not 1 <= self.page <= LAST_PAGE or not 1 <= self.per_page <= MOST_PER_PAGE:
            raise BadAsk("There is no such page.", page=self.page)
        if len(self.filters) > MOST_FILTERS or any(len(wanted) > MOST_VALUES for wanted in self.filters.values()):
            raise BadAsk("Too many filters at once.")


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet: how many of the products found (but for this facet's own filter) have it."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """An attribute to filter by. For a number: the values are ranges, and `low` and `high` span what there is."""

    code: str
    kind: Kind
    name: str
    unit: str
    values: tuple[FacetValue, ...]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class PriceRange:
    """The span of prices found, but for the price filter, in minor units; and what was asked for."""

    low: int
    high: int
    chosen_low: int | None = None
    chosen_high: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of what was found. `did_you_mean` is the text with its likely misspellings put right, when they were."""

    product_ids: tuple[UUID, ...]
    total: int
    facets: tuple[Facet, ...]
    price_range: PriceRange | None
    did_you_mean: str | None = None


def read_ranges(code: str, wanted: Wanted) -> tuple[tuple[float | None, float | None], ...]:
    """The ranges asked of a number. Raises BadAsk."""
    if all(isinstance(bound, str) for bound in wanted):
        return tuple(_range(code, str(text)) for text in wanted)
    if len(wanted) != 2:
        raise BadAsk("A range is from … to.", filter=code)
    low, high = wanted
    return ((_bound(code, low), _bound(code, high)),)


def _range(code: str, text: str) -> tuple[float | None, float | None]:
    low, dots, high = text.partition("..")
    return _bound(code, low or None), _bound(code, (high if dots else low) or None)


def _bound(code: str, bound: str | float | None) -> float | None:
    if bound is None:
        return None
    try:
        number = float(bound)
    except (TypeError, ValueError) as error:
        raise BadAsk("A range is from one number to another.", filter=code[:64]) from error
    if not -1e15 < number < 1e15:
        raise BadAsk("A range is from one number to another.", filter=code[:64])
    return number
