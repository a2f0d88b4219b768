"""Pages kept as they were written, for as long as what they say is true."""

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

MOST_KEPT = 300


@dataclass(frozen=True, slots=True)
class Kept:
    """A page that is the same for everybody, plain and packed, with what it was true of."""

    truth: object
    body: bytes
    tag: str
    packed: bytes = field(repr=False)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page, packed if the browser can unpack it, or word that the browser has it already."""
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        if request.headers.get("If-None-Match") == self.tag:
            response: HttpResponse = HttpResponseNotModified()
        else:
            response = HttpResponse(self.packed if packed else self.body)
            if packed:
                response.headers["Content-Encoding"] = "gzip"
        response.headers["ETag"] = self.tag
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Vary"] = "Cookie, Accept-Encoding, HX-Request"
        return response


class Shelf:
    """The pages of one process that were asked for last."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self.most = most
        self._pages: OrderedDict[tuple[object, ...], Kept] = OrderedDict()

    def find(self, key: tuple[object, ...], truth: object) -> Kept | None:
        """The page under this key, if what it says is still true."""
        kept = self._pages.get(key)
        if kept is None or kept.truth != truth:
            return None
        try:
            self._pages.move_to_end(key)
        except KeyError:
            return kept  # another thread has just let it go
        return kept

    def put(self, key: tuple[object, ...], truth: object, text: str) -> Kept:
        body = text.encode()
        tag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        kept = self._pages[key] = Kept(truth, body, tag, gzip.compress(body, 5))
        while len(self._pages) > self.most:
            self._pages.popitem(last=False)
        return kept
