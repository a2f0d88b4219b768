"""What a listing is asked for, read from its address, and the addresses of what could be asked instead."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from samband.commerce.catalog.search import Ask
from samband.kernel.money import MINOR_DIGITS

from . import reading
from .storefronts import CHANNEL, Storefront

PER_PAGE = 24
FILTER = "f."
SORTS = ("relevance", "newest", "price", "price_desc", "name")
MOST_CHOSEN = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked; prices in minor units. `page` 1 and the usual order leave no trace in the address."""

    text: str
    chosen: tuple[tuple[str, str], ...]
    low: int | None
    high: int | None
    sort: str
    page: int

    @property
    def narrowed(self) -> bool:
        return bool(self.chosen) or self.low is not None or self.high is not None

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(code for code, _ in self.chosen)

    def ask(self, front: Storefront, category: str | None) -> Ask:
        """The same for the search."""
        filters: dict[str, tuple[str, ...] | tuple[float | None, float | None]] = {}
        for code in dict.fromkeys(code for code, _ in self.chosen):
            filters[code] = tuple(value for each, value in self.chosen if each == code)
        if self.low is not None or self.high is not None:
            filters["price"] = (self.low, self.high)
        return Ask(
            channel=CHANNEL,
            market=front.market,
            language=front.language,
            text=self.text,
            category=category,
            filters=filters,
            sort=self.sort,  # type: ignore[arg-type]
            page=self.page,
            per_page=PER_PAGE,
        )

    def without(self, code: str, value: str) -> "Asked":
        return replace(self, chosen=tuple(one for one in self.chosen if one != (code, value)), page=1)

    def without_price(self) -> "Asked":
        return replace(self, low=None, high=None, page=1)

    def without_any(self) -> "Asked":
        return replace(self, chosen=(), low=None, high=None, page=1)

    def on(self, page: int) -> "Asked":
        return replace(self, page=page)

    def worded(self, text: str) -> "Asked":
        return replace(self, text=text, page=1)

    def query(self, currency: str) -> str:
        """As it stands behind the address, with its question mark, if there is anything to say."""
        said = urlencode(list(self._said(currency)))
        return f"?{said}" if said else ""

    def _said(self, currency: str) -> Iterator[tuple[str, str]]:
        if self.text:
            yield "q", self.text
        for code, value in self.chosen:
            yield f"{FILTER}{code}", value
        for name, bound in (("from", self.low), ("to", self.high)):
            if bound is not None:
                yield name, major(bound, currency)
        if self.sort != "relevance":
            yield "sort", self.sort
        if self.page > 1:
            yield "page", str(self.page)


def major(minor: int, currency: str) -> str:
    """Minor units as somebody types them."""
    digits = MINOR_DIGITS[currency]
    whole, rest = divmod(minor, 10**digits)
    return f"{whole}.{rest:0{digits}}" if digits and rest else str(whole)


def read(sent: QueryDict, front: Storefront, *, searching: bool) -> Asked:
    """Raises Invalid for what cannot be read. An order we do not know is the usual one."""
    chosen = tuple(
        dict.fromkeys(
            (name.removeprefix(FILTER)[:64], value[:64])
            for name, values in sent.lists()
            if name.startswith(FILTER)
            for value in values
            if value.isprintable()
        )
    )[:MOST_CHOSEN]
    sort = sent.get("sort", "")
    return Asked(
        text=reading.text(sent, "q", 200) if searching else "",
        chosen=chosen,
        low=reading.price(sent, "from", front.currency),
        high=reading.price(sent, "to", front.currency),
        sort=sort if sort in SORTS else "relevance",
        page=reading.whole(sent, "page", 1, reading.LAST_PAGE, otherwise=1),
    )
