"""Finding products: a page of them, how many there are, and what they can be narrowed by.

On the path of every listing page, so it asks the index as little as it can: one search, one aggregation for all facets
together and one for each facet that is filtered by. It asks the database nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from tantivy import DocAddress, Query

from samband.kernel.clock import now
from samband.kernel.languages import LANGUAGES, pick

from ..attributes import Definition
from ..refusals import BadAsk
from .asking import LONGEST_TEXT, PRICE, Ask, Facet, FacetValue, Listing, PriceRange, Wanted, read_ranges
from .fields import price_field
from .matching import Attempt, attempts, put_right
from .ranges import Span, spans_of
from .reading import ASC, DESC, MUST, SHOULD, Opened, current, mended
from .wording import YES_NO

MOST_TOKENS = 2000
READ_FOR_SPELLING = 5


def find(ask: Ask, at: datetime | None = None) -> Listing:
    """The products on the channel at a moment (now) that fit the question. Raises BadAsk.

    With prices known, products that have none in the market are left out: they cannot be bought there. Without words,
    relevance means the newest first.
    """
    ask.check()
    moment = int((at or now()).timestamp() * 1_000_000)
    return mended(lambda opened: _kept(opened, ask, moment))


def find_ids(ask: Ask, most: int, at: datetime | None = None) -> tuple[UUID, ...]:
    """The same products from the first on, at most so many, without counting what they can be narrowed by.

    For whoever looks through many at once: one pass over the index, however many it is. Raises BadAsk.
    """
    ask.check()
    moment = int((at or now()).timestamp() * 1_000_000)
    return mended(lambda opened: _Finding(opened, replace(ask, page=1, per_page=most), moment).ids())


def standing(channel: str, at: datetime | None = None) -> tuple[int, tuple[int, int]]:
    """Equal for as long as whatever is asked on the channel has the same answer in this process."""
    opened = current()
    return opened.number, opened.span(channel, int((at or now()).timestamp() * 1_000_000))


def _kept(opened: Opened, ask: Ask, moment: int) -> Listing:
    """The answer of last time, as long as neither the index nor what is visible has changed."""
    key = (ask.key(), opened.span(ask.channel, moment))
    known: Listing | None = opened.known(key)
    if known is None:
        known = _Finding(opened, ask, moment).listing()
        opened.keep(key, known)
    return known


class _Finding:
    """One question on its way through the index."""

    def __init__(self, opened: Opened, ask: Ask, moment: int) -> None:
        self.opened = opened
        self.ask = ask
        self.definitions = opened.state.definitions
        self.priced = opened.state.shape.has_price(ask.market, ask.channel)
        self.price = price_field(ask.market, ask.channel)
        self.filters = {code: self._filter(code, wanted) for code, wanted in ask.filters.items() if wanted}
        self.base = [opened.visible(ask.channel, moment)]
        if self.priced:
            self.base.append(opened.between(self.price, 0, None))
        if ask.category is not None:
            self.base.append(Query.term_query(opened.schema, "category", ask.category, "basic"))

    def ids(self) -> tuple[UUID, ...]:
        (addresses, _), _, _ = self._found()
        return self.opened.ids(addresses)

    def listing(self) -> Listing:
        (addresses, total), words, unknown = self._found()
        facets, price_range = self._facets(words)
        return Listing(self.opened.ids(addresses), total, facets, price_range, self._did_you_mean(unknown, addresses))

    def _found(self) -> tuple[tuple[list[DocAddress], int], list[Query], tuple[str, ...]]:
        """What the first attempt finds that finds anything, how many there are, its words and those nothing knows."""
        unknown: tuple[str, ...] = ()
        words: list[Query] = []
        found = None
        for attempt in self._attempts():
            words, unknown = [attempt.query], attempt.unknown
            found = self._search(self._narrowed(words))
            if found[1]:
                break
        if found is None:
            found = self._search(self._narrowed(words))
        return found, words, unknown

    def _attempts(self) -> Iterable[Attempt]:
        return attempts(self.opened, self.ask.text[:LONGEST_TEXT], self.ask.language) if self.ask.text else ()

    def _filter(self, code: str, wanted: Wanted) -> Query:
        if code == PRICE:
            if not self.priced:
                raise BadAsk("There are no prices in that market.", market=self.ask.market[:8])
            bounds = read_ranges(code, wanted)
            return _any(
                self.opened.between(self.price, None if low is None else int(low), None if high is None else int(high))
                for low, high in bounds
            )
        definition = self.definitions.get(code)
        if definition is None or not definition.facet:
            raise BadAsk("There is nothing to filter by under that name.", filter=code[:64])
        if definition.kind == "number":
            return _any(self._number_between(code, low, high) for low, high in read_ranges(code, wanted))
        return _any(Query.term_query(self.opened.schema, "facet", f"{code}={value}", "basic") for value in wanted)

    def _number_between(self, code: str, low: float | None, high: float | None) -> Query:
        bounds = f"[{'*' if low is None else repr(low)} TO {'*' if high is None else repr(high)}]"
        if low is None and high is None:
            return Query.all_query()
        return self.opened.index.parse_query(f"number.{code}:{bounds}", ["facet"])

    def _narrowed(self, words: Sequence[Query], but: str | None = None) -> Query:
        """Everything asked for, except one filter."""
        filters = [query for code, query in self.filters.items() if code != but]
        parts = [*words, *(Query.const_score_query(query, 0.0) for query in (*self.base, *filters))]
        return Query.boolean_query([(MUST, query) for query in parts])

    def _search(self, query: Query) -> tuple[list[DocAddress], int]:
        ask = self.ask
        options: dict[str, Any] = {}
        match ask.sort:
            case "price" | "price_desc":
                if not self.priced:
                    raise BadAsk("There are no prices in that market.", market=ask.market[:8])
                options = {"order_by_field": self.price, "order": ASC if ask.sort == "price" else DESC}
            case "name":
                options = {"order_by_field": f"sort_{ask.language}", "order": ASC}
            case "newest":
                options = {"order_by_field": "newest", "order": DESC}
            case "relevance" if not ask.text:
                options = {"order_by_field": "newest", "order": DESC}
        result = self.opened.searcher.search(
            query, ask.per_page, count=True, offset=(ask.page - 1) * ask.per_page, **options
        )
        return [address for _, address in result.hits], int(result.count)  # type: ignore[attr-defined]

    def _facets(self, words: Sequence[Query]) -> tuple[tuple[Facet, ...], PriceRange | None]:
        """What the products found can be narrowed by. Each facet is counted as if it were not filtered by itself."""
        counts = self._count(self._narrowed(words), None)
        for code in self.filters:
            counts.update(self._count(self._narrowed(words, but=code), code))
        facets = []
        for definition in self.definitions.values():
            if definition.facet and (facet := self._facet(definition, counts.get(definition.code))):
                facets.append(facet)
        return tuple(facets), self._price_range(counts.get(PRICE))

    def _count(self, query: Query, only: str | None) -> dict[str, Any]:
        """By attribute: counts by code, or for numbers the ranges with their counts. Of one attribute, or of all."""
        spans = self._spans()
        asked: dict[str, Any] = {}
        if only is None or (only != PRICE and self.definitions[only].kind != "number"):
            terms: dict[str, Any] = {"field": "facet", "size": MOST_TOKENS}
            if only is not None:
                terms["include"] = f"{only}=.*"
            asked["facet"] = {"terms": terms}
        for code, span in spans.items():
            if only in (None, code):
                asked[f"number.{code}"] = span.aggregation(code)
        if self.priced and only in (None, PRICE):
            asked["low"] = {"min": {"field": self.price}}
            asked["high"] = {"max": {"field": self.price}}
        return _counts(self.opened.searcher.aggregate(query, asked)) if asked else {}

    def _spans(self) -> Mapping[str, Span]:
        """The ranges into which each number is cut: those of the whole category, so they stay while one filters."""
        key = (self.ask.category, self.ask.channel, self.ask.market)
        known: Mapping[str, Span] | None = self.opened.ranges.get(key)
        if known is None:
            codes = [code for code, one in self.definitions.items() if one.facet and one.kind == "number"]
            query = Query.boolean_query([(MUST, part) for part in self.base])
            known = self.opened.ranges[key] = spans_of(self.opened.searcher, query, codes)
        return known

    def _facet(self, definition: Definition, counted: Mapping[str, int] | None) -> Facet | None:
        chosen = {str(value) for value in self.ask.filters.get(definition.code, ())}
        span = self._spans().get(definition.code)
        if span is not None:
            return self._number_facet(definition, span, counted or {}, chosen)
        if not counted and not chosen:
            return None
        values = tuple(
            FacetValue(code, label, (counted or {}).get(code, 0), code in chosen)
            for code, label in self._labels(definition)
            if code in chosen or (counted or {}).get(code)
        )
        return Facet(definition.code, definition.kind, self._name(definition), "", values) if values else None

    def _number_facet(
        self, definition: Definition, span: Span, counted: Mapping[str, int], chosen: set[str]
    ) -> Facet | None:
        values = tuple(
            FacetValue(value, label, counted.get(value, 0), value in chosen)
            for value, label in span.labels(definition.unit, self.ask.language)
            if counted.get(value) or value in chosen
        )
        if not values and not chosen:
            return None
        return Facet(definition.code, "number", self._name(definition), definition.unit, values, span.low, span.high)

    def _labels(self, definition: Definition) -> Iterable[tuple[str, str]]:
        language = self.ask.language
        if definition.kind == "flag":
            return YES_NO[language]
        return ((code, pick(labels, language) or code) for code, labels in definition.choices.items())

    def _name(self, definition: Definition) -> str:
        return pick(definition.names, self.ask.language) or definition.code

    def _price_range(self, counted: Mapping[str, int] | None) -> PriceRange | None:
        if not counted:
            return None
        chosen: tuple[float | None, float | None] = (None, None)
        if wanted := self.ask.filters.get(PRICE):
            chosen = read_ranges(PRICE, wanted)[0]
        low, high = (None if bound is None else int(bound) for bound in chosen)
        return PriceRange(counted["low"], counted["high"], low, high)

    def _did_you_mean(self, unknown: Sequence[str], addresses: Sequence[DocAddress]) -> str | None:
        if not unknown:
            return None
        languages = [self.ask.language, *(other for other in LANGUAGES if other != self.ask.language)]
        documents = [self.opened.searcher.doc(address) for address in addresses[:READ_FOR_SPELLING]]
        for language in languages:
            said = [str(document.get_first(f"said_{language}")) for document in documents]
            if better := put_right(self.ask.text[:LONGEST_TEXT], unknown, said):
                return better
        return None


def _any(queries: Iterable[Query]) -> Query:
    several = list(queries)
    return several[0] if len(several) == 1 else Query.boolean_query([(SHOULD, query) for query in several])


def _counts(answer: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for name, part in answer.items():
        if name == "facet":
            for bucket in part["buckets"]:
                code, _, value = bucket["key"].partition("=")
                counts.setdefault(code, {})[value] = bucket["doc_count"]
        elif name.startswith("number."):
            counts[name.removeprefix("number.")] = {
                bucket["key"]: bucket["doc_count"] for bucket in part["buckets"] if bucket["doc_count"]
            }
        elif part["value"] is not None:
            counts.setdefault(PRICE, {})[name] = int(part["value"])
    return counts
