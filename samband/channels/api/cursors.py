"""Lists page by page. A cursor says where the last page ended; it is opaque, signed, and good for one question only."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from django.conf import settings
from django.http import HttpRequest
from ninja import Query

from .answers import Answer
from .refusals import BadCursor

T = TypeVar("T")
Row = TypeVar("Row")

SIGNATURE_BYTES = 9

Cursor = Annotated[str, Query(max_length=400, description="Where to go on: `next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]


class Pages:
    """A list that is read page by page."""

    def __init__(self, request: HttpRequest, cursor: str) -> None:
        self.request = request
        self.cursor = cursor

    def after(self, kind: type[T]) -> T | None:
        """Where the last page ended; None on the first. Raises BadCursor."""
        if not self.cursor:
            return None
        try:
            raw = base64.urlsafe_b64decode(self.cursor + "=" * (-len(self.cursor) % 4))
            content, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
            if not hmac.compare_digest(signature, self._sign(content)):
                raise BadCursor()
            return msgspec.json.decode(content, type=kind)
        except (binascii.Error, ValueError):
            raise BadCursor() from None

    def cut(self, rows: Sequence[Row], limit: int, last: Callable[[Row], Any]) -> tuple[Sequence[Row], str | None]:
        """The rows of this page out of those read (one more than it holds), and the cursor of the next if any."""
        shown = rows[:limit]
        return shown, self.next(last(shown[-1])) if len(rows) > limit else None

    def next(self, last: Any) -> str:
        """The cursor for what comes after this."""
        content = msgspec.json.encode(last)
        return base64.urlsafe_b64encode(content + self._sign(content)).decode().rstrip("=")

    def answer(self, body: Any, following: str | None) -> Answer:
        """A page, with a Link to the next one."""
        if following is None:
            return Answer(body)
        query = self.request.GET.copy()
        query["cursor"] = following
        return Answer(body, headers={"Link": f'<{self.request.path}?{query.urlencode()}>; rel="next"'})

    def _sign(self, content: bytes) -> bytes:
        asked = sorted((name, self.request.GET.getlist(name)) for name in self.request.GET if name not in _PAGING)
        about = msgspec.json.encode([self.request.path, asked])
        key = hashlib.sha256(b"api-cursor" + settings.SECRET_KEY.encode()).digest()
        return hashlib.blake2b(about + b"\x00" + content, key=key, digest_size=SIGNATURE_BYTES).digest()


_PAGING = frozenset({"cursor", "limit"})
