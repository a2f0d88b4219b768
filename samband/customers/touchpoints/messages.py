"""What a client of Segment's tracking API says, decoded: lenient in what does not matter, so that a whole batch need
not be thrown away for one careless field.

Shapes are those of the tracking API (`type`, `userId`, `anonymousId`, `messageId`, `properties`, `traits`, `context`);
see README for what is done with each.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from .refusals import NotAnItem, NotReadable, TooDeep

CALLS = ("track", "identify", "page", "screen", "group", "alias")


class Item(msgspec.Struct, kw_only=True, rename="camel", gc=False):
    """One call as it was sent."""

    type: Any = None
    message_id: Any = None
    user_id: Any = None
    anonymous_id: Any = None
    previous_id: Any = None
    group_id: Any = None
    event: Any = None
    name: Any = None
    category: Any = None
    channel: Any = None
    properties: Any = None
    traits: Any = None
    context: Any = None
    timestamp: Any = None
    original_timestamp: Any = None
    sent_at: Any = None
    write_key: Any = None


class Batch(msgspec.Struct, kw_only=True, rename="camel", gc=False):
    """Many calls at once, each still as it was sent; `context` is of all that do not say otherwise."""

    batch: list[msgspec.Raw]
    context: Any = None
    sent_at: Any = None
    write_key: Any = None


_item = msgspec.json.Decoder(Item)
_batch = msgspec.json.Decoder(Batch)

_HALF = re.compile(
    rb"(?<!\\)((?:\\\\)*)(?:(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
_NOTHING = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


def batch(body: bytes) -> Batch:
    """A batch. Raises NotReadable, TooDeep."""
    try:
        try:
            return _batch.decode(body)
        except msgspec.ValidationError as error:
            raise NotReadable() from error
        except msgspec.DecodeError:
            return _batch.decode(_mended(body))
    except RecursionError as error:
        raise TooDeep() from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotReadable() from error


def item(raw: bytes | msgspec.Raw) -> Item:
    """One call. Raises NotAnItem, TooDeep."""
    try:
        try:
            return _item.decode(raw)
        except msgspec.ValidationError as error:
            raise NotAnItem() from error
        except msgspec.DecodeError:
            return _item.decode(_mended(bytes(raw)))
    except RecursionError as error:
        raise TooDeep() from error
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
        raise NotAnItem() from error


def _mended(text: bytes) -> bytes:
    """Halves of characters, which JavaScript leaves when it cuts a text, become the sign for what cannot be read."""
    return _HALF.sub(lambda found: found[1] + (found[2] or rb"\ufffd"), text)


def without_nothing(payload: bytes) -> bytes:
    """JSON as PostgreSQL keeps it: without the sign of code 0."""
    return _NOTHING.sub(rb"\1", payload) if rb"\u0000" in payload else payload


def merged(context: Any, of_all: Mapping[str, Any]) -> Mapping[str, Any]:
    """An item's context, with what the batch says where the item says nothing."""
    return {**of_all, **context} if isinstance(context, dict) else of_all
