"""Rows in the form in which PostgreSQL copies fastest (COPY, binary: its documentation, "Binary Format")."""

import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from .shapes import Row

BLOCK_ROWS = 500

_HEAD = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
_TAIL = struct.pack(">h", -1)
_NULL = struct.pack(">i", -1)
_FIELDS = 14
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# Each field is its length and its bytes: identifier, device, source, event, occurred_at, received_at, worth. Which of
# them are null is a layout of its own: a row is packed in one go.
_LAYOUTS = {
    (device, worth): struct.Struct(f">hiq{'iq' if device else 'i'}ihiiiqiq{'iq' if worth else 'i'}")
    for device in (True, False)
    for worth in (True, False)
}
_BARE, _OF_DEVICE = _LAYOUTS[False, False].pack, _LAYOUTS[True, False].pack
_WORTH, _WORTH_OF_DEVICE = _LAYOUTS[False, True].pack, _LAYOUTS[True, True].pack
_LENGTH = struct.Struct(">i").pack
_JSON = struct.Struct(">ib").pack
_JSON_VERSION = 1
_ONE_MESSAGE = struct.pack(">hi", 1, 16)


def packed(rows: Sequence[Row], received_at: datetime) -> Iterator[bytes]:
    """What is copied, in blocks: columns in the order of `storing`'s COPY."""
    received = _moment(received_at)
    yield _HEAD
    for first in range(0, len(rows), BLOCK_ROWS):
        yield b"".join(_packed(rows[first : first + BLOCK_ROWS], received))
    yield _TAIL


def _packed(rows: Sequence[Row], received: int) -> list[bytes]:
    """Every row's parts. One loop without calls of ours: each event of the house goes through here."""
    parts: list[bytes] = []
    for row in rows:
        one, device = row.happening, row.device
        occurred, worth, order, payload = (
            (one.occurred_at - _EPOCH) // _MICROSECOND,
            one.worth,
            one.order_ref,
            one.payload,
        )
        if device is None:
            first = (_FIELDS, 8, row.identifier, -1, 2, row.source, 4, row.event, 8, occurred, 8, received)
            fixed = _BARE(*first, -1) if worth is None else _WORTH(*first, 8, worth)
        else:
            of_device = (_FIELDS, 8, row.identifier, 8, device, 2, row.source, 4, row.event, 8, occurred, 8, received)
            fixed = _OF_DEVICE(*of_device, -1) if worth is None else _WORTH_OF_DEVICE(*of_device, 8, worth)
        parts += (
            fixed,
            _texts(one.channel, one.currency, one.place, one.sku, one.category),
            _NULL if order is None else _text(order),
            _JSON(len(payload) + 1, _JSON_VERSION),
            payload,
        )
    return parts


def packed_messages(messages: Sequence[bytes]) -> bytes:
    """Messages, of 16 bytes each, as they are copied."""
    return _HEAD + b"".join([_ONE_MESSAGE + message for message in messages]) + _TAIL


def _moment(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _text(text: str) -> bytes:
    encoded = text.encode()
    return _LENGTH(len(encoded)) + encoded


@lru_cache(maxsize=20_000)
def _texts(*texts: str | None) -> bytes:
    """The same goods of the same shop come again and again."""
    return b"".join([_NULL if text is None else _text(text) for text in texts])
