"""From what somebody typed to a query, and from a misspelt word to the word that was meant.

Every word must be found: as it is, by its stem, as the beginning of a word if it is the last one, or as a code. A word
that nothing knows is looked for with mistakes. If together they find nothing, first every word may have mistakes, then
any one of the words will do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tantivy import Query

from samband.kernel.languages import LANGUAGES

from . import folding
from .reading import MUST, SHOULD, Opened

MOST_WORDS = 12
SHORTEST_PREFIX = 2
SHORTEST_CODE = 4


@dataclass(frozen=True, slots=True)
class Attempt:
    """A query to try, and the words in it that nothing knows as they are."""

    query: Query
    unknown: tuple[str, ...]


def attempts(opened: Opened, text: str, language: str) -> Iterator[Attempt]:
    """Queries to try one after the other until one finds something; none if there is no word in the text."""
    typed = folding.words(text)[:MOST_WORDS]
    if not typed:
        return
    matcher = _Matcher(opened, language)
    unknown = tuple(word for place, word in enumerate(typed) if not matcher.knows(word, place == len(typed) - 1))
    code = matcher.code(text)
    exact = [
        matcher.word(word, last=place == len(typed) - 1, loose=word in unknown) for place, word in enumerate(typed)
    ]
    yield Attempt(_any([_all(exact), *code]), unknown)
    loose = [matcher.word(word, last=place == len(typed) - 1, loose=True) for place, word in enumerate(typed)]
    if len(unknown) < len(typed):
        yield Attempt(_all(loose), tuple(typed))
    if len(typed) > 1:
        yield Attempt(_any(loose), unknown)


def _all(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(MUST, query) for query in queries])


def _any(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(SHOULD, query) for query in queries])


class _Matcher:
    """Makes queries for single words: the reader's own language counts most, names more than descriptions."""

    def __init__(self, opened: Opened, language: str) -> None:
        self.schema = opened.schema
        self.searcher = opened.searcher
        self.language = language
        self.name, self.stem, self.body = f"name_{language}", f"stem_{language}", f"body_{language}"

    def knows(self, word: str, last: bool) -> bool:
        """Whether any product has the word as it is or, if it is the last one typed, a word that begins so."""
        stem = folding.stem(word, self.language)
        count = self.searcher.doc_freq
        if count(self.name, word) or count(self.body, word) or count("any", word):
            return True
        if count(self.stem, stem) or count(self.body, stem) or count("code", word):
            return True
        if last and len(word) >= SHORTEST_PREFIX:
            return any(self.searcher.terms_with_prefix(field, word, limit=1) for field in (self.name, self.body, "any"))
        return any(count("any", other) for other in self._stems(word))

    def _stems(self, word: str) -> list[str]:
        return list(dict.fromkeys(folding.stem(word, language) for language in LANGUAGES))

    def word(self, word: str, *, last: bool, loose: bool) -> Query:
        stem = folding.stem(word, self.language)
        ways = [
            self._term(self.name, word, 10.0),
            self._term(self.stem, stem, 6.0),
            self._term(self.body, word, 2.0),
            self._term(self.body, stem, 1.5),
            self._term("any", word, 3.0),
            *(self._term("any", other, 1.5) for other in self._stems(word) if other != word),
        ]
        if len(word) >= SHORTEST_CODE and any(letter.isdigit() for letter in word):
            ways.append(self._term("code", folding.code(word), 10.0))
        if last and len(word) >= SHORTEST_PREFIX:
            ways += [self._near(field, word, 0, 1.0, prefix=True) for field in (self.name, self.body, "any")]
        if loose and (mistakes := folding.allowed_distance(word)):
            ways += [
                self._near(self.name, word, mistakes, 1.0),
                self._near(self.body, word, mistakes, 0.3),
                self._near("any", word, mistakes, 0.5),
            ]
        return Query.disjunction_max_query(ways, 0.1)

    def code(self, text: str) -> list[Query]:
        """The whole text taken for a SKU or GTIN, or the beginning of one."""
        code = folding.code(text)
        if len(code) < SHORTEST_CODE:
            return []
        return [self._term("code", code, 30.0), self._near("code", code, 0, 5.0, prefix=True)]

    def _term(self, field: str, word: str, boost: float) -> Query:
        return Query.boost_query(Query.term_query(self.schema, field, word, "basic"), boost)

    def _near(self, field: str, word: str, mistakes: int, score: float, *, prefix: bool = False) -> Query:
        near = Query.fuzzy_term_query(self.schema, field, word, mistakes, True, prefix)
        return Query.const_score_query(near, score)


def put_right(text: str, unknown: Sequence[str], said: Sequence[str]) -> str | None:
    """The text with its unknown words replaced by the nearest words that were said; None unless each has one."""
    candidates = {folded: word for sentence in said for word in _surface(sentence) for folded in folding.words(word)}
    better = []
    for word in _surface(text):
        folded = "".join(folding.words(word))
        if folded in unknown and folded not in candidates:
            nearest = _nearest(folded, candidates)
            if nearest is None:
                return None
            better.append(candidates[nearest].lower())
        else:
            better.append(word)
    corrected = " ".join(better)
    return corrected if folding.fold(corrected) != folding.fold(text) else None


def _nearest(word: str, candidates: dict[str, str]) -> str | None:
    allowed = folding.allowed_distance(word)
    near = [(folding.distance(word, other), other) for other in candidates if abs(len(other) - len(word)) <= allowed]
    best = min(near, default=(allowed + 1, ""))
    return best[1] if 0 < best[0] <= allowed else None


def _surface(text: str) -> list[str]:
    return [word.strip(".,;:!?()[]{}\"'«»„”“") for word in text.split()]
