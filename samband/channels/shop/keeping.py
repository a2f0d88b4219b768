"""Pages kept as they were written, for as long as what they say is true.

A page that is the same for everybody, but for the badge of the cart, is asked about at most once a second in each
process: what a list says of price and stock was true a second ago. Whatever somebody decides by (product page, cart,
checkout) is never kept.
"""

import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import ResolverMatch

from samband.kernel.packing import takes_gzip

from .badges import PLACE, badge

MOST_KEPT = 2_000
"""Some fifty megabytes a process."""
PACKED_HOW_WELL = 1
"""Of nine: an eighth larger than the best, in a third of its time."""
VARY = "Cookie, Accept-Encoding, HX-Request"
OF_THE_PAGE = frozenset({"ETag", "Cache-Control", "Vary", "Content-Encoding", "Content-Length", "Content-Type"})
TRUSTED_SECONDS = 1.0
"""How long a page is given out without looking whether it is still true."""

Look = Callable[[], float | None]
"""Whether a page is still true, found out without putting it together: since when it may be untrue, or None."""


class KeptAnswer(HttpResponse):
    """A kept page on its way to somebody who has nothing of their own."""

    def __init__(self, kept: "Kept", body: bytes, headers: Mapping[str, str]) -> None:
        super().__init__(body, headers=headers)
        self.kept = kept


@dataclass(slots=True, weakref_slot=True, eq=False)
class Kept:
    """A page that is the same for everybody, with what it was true of, as it stands before and after the badge.

    `empty` is the badge of whoever has no cart. `looked_at` is since when it may be untrue, and `look` finds that out
    anew. `around` is what our layers say of such a page, and `route` where it was found: known once it was answered.
    """

    truth: object
    before: bytes
    empty: bytes
    after: bytes
    tag: str
    address: str
    looked_at: float
    look: Look = field(default=lambda: None, repr=False)
    around: Mapping[str, str] = field(default_factory=dict)
    route: ResolverMatch | None = None
    _packed: bytes = field(default=b"", repr=False)

    def is_true(self) -> bool:
        """Whether it was true a moment ago, or turns out to be now."""
        if time.monotonic() < self.looked_at + TRUSTED_SECONDS:
            return True
        since = self.look()
        if since is not None:
            self.looked_at = since
        return since is not None

    def with_badge(self, shown: bytes) -> bytes:
        return b"".join((self.before, shown, self.after))

    def packed(self) -> bytes:
        """For whoever has no cart and can unpack it; packed when the first of them asks."""
        if not self._packed:
            self._packed = gzip.compress(self.with_badge(self.empty), PACKED_HOW_WELL)
        return self._packed

    def for_one(self, shown: str) -> HttpResponse:
        """The page with somebody's own badge on it. It is theirs, so it is not packed: its size tells nothing."""
        body = self.with_badge(shown.encode())
        headers = {"Content-Length": str(len(body)), "Cache-Control": "private, no-cache", "Vary": VARY}
        return HttpResponse(body, headers=headers)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page, packed if the browser can unpack it, or word that the browser has it already."""
        headers = {**self.around, "ETag": self.tag, "Cache-Control": "private, no-cache", "Vary": VARY}
        if request.META.get("HTTP_IF_NONE_MATCH") == self.tag:
            return HttpResponseNotModified(headers=headers)
        if takes_gzip(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            headers["Content-Encoding"] = "gzip"
            body = self.packed()
        else:
            body = self.with_badge(self.empty)
        headers["Content-Length"] = str(len(body))
        return KeptAnswer(self, body, headers)

    def note_around(self, answered: HttpResponse, route: ResolverMatch | None) -> None:
        """Note what our layers said of the page beside what it says itself: the same goes for whoever asks next."""
        self.around = {name: value for name, value in answered.headers.items() if name not in OF_THE_PAGE}
        self.route = route


class Shelf:
    """The pages of one process that were asked for last."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self.most = most
        self._pages: OrderedDict[tuple[object, ...], Kept] = OrderedDict()

    def true(self, key: tuple[object, ...]) -> Kept | None:
        """The page under this key, if it was true a moment ago, or turns out to be now."""
        kept = self._pages.get(key)
        return kept if kept and kept.is_true() else None

    def find(self, key: tuple[object, ...], truth: object, since: float, look: Look | None = None) -> Kept | None:
        """The page under this key, if what it says is true; `since` when the oldest of that was looked up."""
        kept = self._pages.get(key)
        if kept is None or kept.truth != truth:
            return None
        kept.looked_at = since
        kept.look = partial(self._look, key, look)
        self._is_asked_for(key)
        return kept

    def _look(self, key: tuple[object, ...], look: Look | None) -> float | None:
        since = look() if look else None
        if since is not None:
            self._is_asked_for(key)
        return since

    def _is_asked_for(self, key: tuple[object, ...]) -> None:
        with suppress(KeyError):  # another thread may just have let it go
            self._pages.move_to_end(key)

    def forget(self) -> None:
        """Write every page anew."""
        self._pages.clear()

    def put(
        self,
        key: tuple[object, ...],
        truth: object,
        text: str,
        since: float,
        address: str = "",
        look: Look | None = None,
    ) -> Kept:
        """Keep a page that was just written of what is true."""
        before, _, after = text.encode().partition(PLACE.encode())
        empty = str(badge(0)).encode() if after else b""
        tag = f'W/"{hashlib.blake2b(before + empty + after, digest_size=12).hexdigest()}"'
        kept = Kept(truth, before, empty, after, tag, address, since, partial(self._look, key, look))
        self._pages[key] = kept
        while len(self._pages) > self.most:
            self._pages.popitem(last=False)
        return kept
