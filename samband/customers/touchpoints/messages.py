"""What a client of Segment's tracking API says, decoded: only what we look at or keep is read at all.

Shapes are those of the tracking API. Of a context there is no address on the net, no advertising id and no name that
somebody gave a device, because there is no field for them. Careless fields are left out, so that an event need not be
thrown away for one of them.
"""

import re
from collections.abc import Callable
from typing import Any, TypeVar, get_args

import msgspec

from .refusals import NotAnItem, NotReadable, TooDeep

CALLS = ("track", "identify", "page", "screen", "group", "alias")

Text = str | None
Name = str | int | None
Moment = str | int | float | None
Things = dict[str, Any] | None
NOT_SENT, _NULL = msgspec.Raw(), msgspec.Raw(b"null")


class _Part(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """A part of a context that is kept as it is."""


class Page(_Part):
    """Where on a site."""

    path: Text = None
    title: Text = None
    url: Text = None
    referrer: Text = None


class Campaign(_Part):
    """What brought somebody here, as the address said (utm)."""

    name: Text = None
    source: Text = None
    medium: Text = None
    term: Text = None
    content: Text = None


class Program(_Part):
    """An app, a system."""

    name: Text = None
    version: Text = None


class Device(_Part):
    """A machine. Its id is an identifier and not kept here."""

    id: Name = None
    type: Text = None
    manufacturer: Text = None
    model: Text = None


class Consent(_Part, rename="camel"):
    """What the person allowed, as consent managers tell it."""

    category_preferences: Things = None


class Context(msgspec.Struct, kw_only=True, rename="camel", gc=False):
    """Around a call. Its page is read in `parts`."""

    page: msgspec.Raw = NOT_SENT
    campaign: Campaign | None = None
    app: Program | None = None
    os: Program | None = None
    device: Device | None = None
    consent: Consent | None = None
    traits: Things = None
    locale: Text = None
    timezone: Text = None
    user_agent: Text = None
    group_id: Name = None


class Item(msgspec.Struct, kw_only=True, rename="camel", gc=False):
    """One call as it was sent. Its properties are read in `parts`."""

    type: Text = None
    message_id: Name = None
    user_id: Name = None
    anonymous_id: Name = None
    previous_id: Name = None
    group_id: Name = None
    event: Text = None
    name: Text = None
    category: Text = None
    channel: Text = None
    properties: msgspec.Raw = NOT_SENT
    traits: Things = None
    context: Context | None = None
    timestamp: Moment = None
    original_timestamp: Moment = None
    sent_at: Moment = None
    write_key: Text = None


class Batch(msgspec.Struct, kw_only=True, rename="camel", gc=False):
    """Many calls at once; `context` is of all that do not say otherwise."""

    batch: list[Item]
    context: Context | None = None
    sent_at: Moment = None
    write_key: Text = None


class Keyed(msgspec.Struct, kw_only=True, rename="camel", gc=False):
    """Of a batch or a call, who sent it."""

    write_key: Text = None


class OneByOne(msgspec.Struct, kw_only=True, rename="camel", gc=False):
    """The same, each call still as it was sent: at least one of them is not as it should be."""

    batch: list[msgspec.Raw]
    context: Context | None = None
    sent_at: Moment = None
    write_key: Text = None


S = TypeVar("S", bound=msgspec.Struct)
T = TypeVar("T")

_item = msgspec.json.Decoder(Item)
_batch = msgspec.json.Decoder(Batch)
_one_by_one = msgspec.json.Decoder(OneByOne)
_keyed = msgspec.json.Decoder(Keyed)
_things = msgspec.json.Decoder(dict[str, Any])
_page = msgspec.json.Decoder(Page)

_HALF = re.compile(
    rb"(?<!\\)((?:\\\\)*)(?:(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
_NOTHING = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


def write_key(body: bytes) -> str | None:
    """The key that a body names, whatever else is in it: most of it is only passed over."""
    try:
        return _keyed.decode(body).write_key
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None


def batch(body: bytes) -> Batch | OneByOne:
    """A batch. Raises NotReadable, TooDeep."""
    try:
        return _batch.decode(body)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        pass  # again, and more patiently
    try:
        return _decoded(body, _one_by_one, OneByOne)
    except RecursionError as error:
        raise TooDeep() from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise NotReadable() from error


def item(raw: bytes | msgspec.Raw) -> Item:
    """One call. Raises NotAnItem, TooDeep."""
    try:
        return _item.decode(raw)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        pass  # again, and more patiently
    try:
        return _decoded(raw, _item, Item)
    except RecursionError as error:
        raise TooDeep() from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise NotAnItem() from error


def page(raw: bytes) -> Page | None:
    """A context's page; None if it is none. Raises NotAnItem, TooDeep."""
    return _patiently(raw, lambda: _decoded(raw, _page, Page))


def things(raw: bytes) -> dict[str, Any] | None:
    """A call's properties; None if they are none. Raises NotAnItem, TooDeep."""
    return _patiently(raw, lambda: _mended_things(raw))


def _patiently(raw: bytes, read: Callable[[], T]) -> T | None:
    if raw[:1] != b"{":
        return None
    try:
        return read()
    except RecursionError as error:
        raise TooDeep() from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise NotAnItem() from error


def _mended_things(raw: bytes) -> dict[str, Any]:
    try:
        return _things.decode(raw)
    except msgspec.DecodeError:
        return _things.decode(_mended(raw))


def _decoded(raw: bytes | msgspec.Raw, decoder: "msgspec.json.Decoder[S]", shape: type[S]) -> S:
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError:
        return _as_far_as_it_fits(msgspec.json.decode(raw), shape)
    except msgspec.DecodeError:
        mended = _mended(bytes(raw))
        try:
            return decoder.decode(mended)
        except msgspec.ValidationError:
            return _as_far_as_it_fits(msgspec.json.decode(mended), shape)


def _as_far_as_it_fits(told: Any, shape: type[S]) -> S:
    """What of it has the right form; the rest was never said. What cannot be left out still has to be right."""
    if not isinstance(told, dict):
        return msgspec.convert(told, shape)
    kept: dict[str, Any] = {}
    for field in msgspec.structs.fields(shape):
        value = told.get(field.encode_name)
        if value is None:
            continue
        try:
            kept[field.name] = msgspec.convert(value, field.type)
        except msgspec.ValidationError:
            if field.required:
                raise
            if isinstance(value, dict) and (inner := _struct_in(field.type)):
                kept[field.name] = _as_far_as_it_fits(value, inner)
    return shape(**kept) if kept.keys() >= _required(shape) else msgspec.convert(told, shape)


def _required(shape: type[msgspec.Struct]) -> set[str]:
    return {field.name for field in msgspec.structs.fields(shape) if field.required}


def _struct_in(kind: Any) -> type[msgspec.Struct] | None:
    return next((one for one in get_args(kind) if isinstance(one, type) and issubclass(one, msgspec.Struct)), None)


def _mended(text: bytes) -> bytes:
    """Halves of characters, which JavaScript leaves when it cuts a text, become the sign for what cannot be read."""
    return _HALF.sub(lambda found: found[1] + (found[2] or rb"\ufffd"), text)


def without_nothing(payload: bytes) -> bytes:
    """JSON as PostgreSQL keeps it: without the sign of code 0."""
    if b"\\" not in payload:  # as nearly always, and found out in no time
        return payload
    return _NOTHING.sub(rb"\1", payload) if rb"\u0000" in payload else payload


def merged(context: Context | None, of_all: Context) -> Context:
    """An item's context, with what the batch says where the item says nothing."""
    if context is None:
        return of_all
    for name in Context.__struct_fields__:
        if getattr(context, name) in (None, NOT_SENT, _NULL):
            setattr(context, name, getattr(of_all, name))
    return context
