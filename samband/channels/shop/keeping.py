"""Pages kept as they were written, for as long as what they say is true.

A page that is the same for everybody, but for the badge of the cart, is asked about at most once a second in each
process: what a list says of price and stock was true a second ago. Whatever somebody decides by (product page, cart,
checkout) is never kept.
"""

import gzip
import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from .badges import PLACE, badge

MOST_KEPT = 300
VARY = "Cookie, Accept-Encoding, HX-Request"
TRUSTED_SECONDS = 1.0
"""How long a page is given out without looking whether it is still true."""


@dataclass(slots=True)
class Kept:
    """A page that is the same for everybody, with what it was true of: as it stands before and after the badge, and
    packed for whoever has no cart."""

    truth: object
    before: bytes
    after: bytes
    packed: bytes = field(repr=False)
    tag: str
    address: str
    looked_at: float = field(default_factory=time.monotonic)

    def with_badge(self, shown: str) -> bytes:
        return b"".join((self.before, shown.encode(), self.after))

    def for_one(self, shown: str) -> HttpResponse:
        """The page with somebody's own badge on it. It is theirs, so it is not packed: its size tells nothing."""
        body = self.with_badge(shown)
        headers = {"Content-Length": str(len(body)), "Cache-Control": "private, no-cache", "Vary": VARY}
        return HttpResponse(body, headers=headers)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page, packed if the browser can unpack it, or word that the browser has it already."""
        headers = {"ETag": self.tag, "Cache-Control": "private, no-cache", "Vary": VARY}
        if request.headers.get("If-None-Match") == self.tag:
            return HttpResponseNotModified(headers=headers)
        body = self.packed
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
        else:
            body = self.with_badge(badge(0) if self.after else "")
        return HttpResponse(body, headers=headers | {"Content-Length": str(len(body))})


class Shelf:
    """The pages of one process that were asked for last."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self.most = most
        self._pages: OrderedDict[tuple[object, ...], Kept] = OrderedDict()

    def trusted(self, key: tuple[object, ...]) -> Kept | None:
        """The page under this key, if it was true a moment ago."""
        kept = self._pages.get(key)
        return kept if kept and time.monotonic() < kept.looked_at + TRUSTED_SECONDS else None

    def find(self, key: tuple[object, ...], truth: object) -> Kept | None:
        """The page under this key, if what it says is true now."""
        kept = self._pages.get(key)
        if kept is None or kept.truth != truth:
            return None
        kept.looked_at = time.monotonic()
        try:
            self._pages.move_to_end(key)
        except KeyError:
            return kept  # another thread has just let it go
        return kept

    def forget(self) -> None:
        """Write every page anew."""
        self._pages.clear()

    def put(self, key: tuple[object, ...], truth: object, text: str, address: str = "") -> Kept:
        before, _, after = text.partition(PLACE)
        body = before + (str(badge(0)) if after else "") + after
        tag = f'W/"{hashlib.blake2b(body.encode(), digest_size=12).hexdigest()}"'
        packed = gzip.compress(body.encode(), 5)
        kept = self._pages[key] = Kept(truth, before.encode(), after.encode(), packed, tag, address)
        while len(self._pages) > self.most:
            self._pages.popitem(last=False)
        return kept
