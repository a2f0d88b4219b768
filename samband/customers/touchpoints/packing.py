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

# Each field is its length and its bytes: identifier, device, source, event, occurred_at, received_at.
_WITH_DEVICE = struct.Struct(">h iq iq ih ii iq iq".replace(" ", ""))
_WITHOUT = struct.Struct(">h iq i ih ii iq iq".replace(" ", ""))
_WORTH = struct.Struct(">iq")
_LENGTH = struct.Struct(">i")


def packed(rows: Sequence[Row], received_at: datetime) -> Iterator[bytes]:
    """What is copied, in blocks: columns in the order of `storing`'s COPY."""
    received = _moment(received_at)
    yield _HEAD
    for first in range(0, len(rows), BLOCK_ROWS):
        parts: list[bytes] = []
        for row in rows[first : first + BLOCK_ROWS]:
            _pack(row, received, parts)
        yield b"".join(parts)
    yield _TAIL


def packed_messages(messages: Sequence[bytes]) -> bytes:
    """Messages, of 16 bytes each, as they are copied."""
    one = struct.pack(">hi", 1, 16)
    return b"".join([_HEAD, *(part for message in messages for part in (one, message)), _TAIL])


def _pack(row: Row, received: int, parts: list[bytes]) -> None:
    one = row.happening
    occurred = _moment(one.occurred_at)
    device = row.device
    of_device = (-1,) if device is None else (8, device)
    layout = _WITHOUT if device is None else _WITH_DEVICE
    parts.append(
        layout.pack(_FIELDS, 8, row.identifier, *of_device, 2, row.source, 4, row.event, 8, occurred, 8, received)
    )
    payload = one.payload
    parts += (
        _NULL if one.worth is None else _WORTH.pack(8, one.worth),
        _texts(one.channel, one.currency, one.place, one.sku, one.category),
        _NULL if one.order_ref is None else _text(one.order_ref),
        _LENGTH.pack(len(payload) + 1),
        b"\x01",  # the version of jsonb's form
        payload,
    )


def _moment(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _text(text: str) -> bytes:
    encoded = text.encode()
    return _LENGTH.pack(len(encoded)) + encoded


@lru_cache(maxsize=20_000)
def _texts(*texts: str | None) -> bytes:
    """The same goods of the same shop come again and again."""
    return b"".join(_NULL if text is None else _text(text) for text in texts)
