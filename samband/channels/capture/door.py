"""The tracking API as Segment's clients speak it, as one bare WSGI callable: no framework stands on the hot path.

Acknowledged means committed: 200 is answered after the transaction, and nothing else is a yes.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, cast

import msgspec
import structlog

from samband.customers.touchpoints import messages
from samband.customers.touchpoints.shapes import Origin
from samband.flows.take_in_touchpoints import Understood, understand
from samband.kernel.clock import now
from samband.kernel.refusal import KNOWN, Refusal

from . import answering
from .admitting import Admission, Places
from .answering import StartResponse
from .browsers import PREFIX, settings_for
from .keys import Keys
from .reading import LARGEST_BYTES, Environ, body_of, key_of, refuses_sale
from .refusals import BodyTooLarge, NoSuchCall, NothingTaken, NotNow, NotThatWay, UnknownKey
from .storing import Store

log = structlog.get_logger("samband.capture")

CALLS: Mapping[str, str | None] = {
    **{call: call for call in messages.CALLS},
    **{call[0]: call for call in messages.CALLS},
    "batch": None,
    "import": None,
    "b": None,
}
"""What an address says of what is sent there; None is a batch of calls that say so themselves."""

LARGEST_BATCH, LARGEST_EVENT = 500 * 1024, 32 * 1024
LARGEST_OF_RUDDER = 4 * 1024 * 1024
"""Bytes, as the clients themselves count: RudderStack's sends up to 4 MB, whatever an event has."""

assert LARGEST_OF_RUDDER <= LARGEST_BYTES


class Door:
    """Takes calls in through a store. `address` is where browsers reach this door, such as `https://shop.example`.

    `admission` says who comes in when more want to than can be served.
    """

    def __init__(
        self, store: Store, keys: Keys, address: Callable[[], str], admission: Admission | None = None
    ) -> None:
        self._store = store
        self._keys = keys
        self._address = address
        self._admission = admission or Places()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """One request, for a store that promises nothing: its caller waits in this thread."""
        try:
            self.answer(environ, start_response).send(None)
        except StopIteration as said:
            return cast(Iterable[bytes], said.value)
        raise RuntimeError("This store promises what it keeps: await the answer.")

    async def answer(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """One request."""
        try:
            return await self._answer(environ, start_response)
        except Refusal as refusal:
            return answering.refused(start_response, refusal)
        except Exception as error:
            log.exception("capture_failed", error=type(error).__name__)
            return answering.refused(start_response, NotNow())

    async def _answer(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method, asked = environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix(PREFIX).strip("/")
        if method == "OPTIONS":
            return answering.preflight(start_response)
        if asked.startswith("projects/") and asked.endswith("/settings"):
            return self._settings(method, asked.split("/")[1:-1], start_response)
        if asked == "m":  # how a browser's client itself fares, which is nothing of a customer's
            return answering.taken(start_response, ())
        if asked not in CALLS:
            raise NoSuchCall()
        if method != "POST":
            raise NotThatWay()
        return await self._take(environ, CALLS[asked], start_response)

    async def _take(self, environ: Environ, call: str | None, start_response: StartResponse) -> Iterable[bytes]:
        received_at = now()
        origin = self._origin(key_of(environ))
        # All of it is read in any case, before anybody's turn: a client may be slow to send it, and who is not heard
        # to the end does not hear our answer.
        body = body_of(environ, _largest_body(origin))
        if origin is None and (origin := self._origin(messages.write_key(body))) is None:
            raise UnknownKey()
        with self._admission.held(origin.id, len(body)):
            understood = self._understood(origin, body, environ, call, received_at)
            await self._store(origin, understood, len(body))
        return _acknowledged(start_response, understood, call)

    def _understood(
        self, origin: Origin, body: bytes, environ: Environ, call: str | None, received_at: datetime
    ) -> Understood:
        sent = _Sent.read(body, call)
        largest_event = _checked(origin, body, sent, environ)
        return understand(
            origin,
            sent.items,
            largest_event,
            received_at,
            call=call,
            of_all=sent.context,
            sent_at=sent.sent_at,
            gpc=refuses_sale(environ),
        )

    def _origin(self, key: Any) -> Origin | None:
        return self._keys.origin_of(key) if isinstance(key, str) and key else None

    def _settings(self, method: str, named: list[str], start_response: StartResponse) -> Iterable[bytes]:
        """What a browser's client asks before it begins: where to send, and that nothing else is plugged in."""
        if method != "GET":
            raise NotThatWay()
        if len(named) != 1 or self._keys.origin_of(named[0]) is None:
            raise NoSuchCall()
        return answering.told(start_response, settings_for(named[0], self._address()))


class _Sent(msgspec.Struct):
    """What a body holds, still item by item as it was sent."""

    items: list[Any]
    write_key: Any
    context: Any
    sent_at: Any

    @classmethod
    def read(cls, body: bytes, call: str | None) -> "_Sent":
        """Raises NotReadable, TooDeep, NotAnItem."""
        if call is None:
            batch = messages.batch(body)
            return cls(list(batch.batch), batch.write_key, batch.context, batch.sent_at)
        return cls([body], messages.item(body).write_key, None, None)


def _largest_body(origin: Origin | None) -> int:
    """Bytes that are read at all: very many of those alone whose key is a secret, and who say it first."""
    if origin is None or origin.kind == "browser":
        return max(LARGEST_BATCH, origin.largest_batch or 0 if origin else 0)
    return LARGEST_BYTES


def _checked(origin: Origin, body: bytes, sent: _Sent, environ: Environ) -> int:
    """How large one event may be. Raises BodyTooLarge."""
    most, event = LARGEST_BATCH, LARGEST_EVENT
    if origin.largest_batch:
        most, event = origin.largest_batch, max(LARGEST_EVENT, origin.largest_batch)
    elif len(body) > LARGEST_EVENT and _is_rudder(origin, sent, environ):
        most = event = LARGEST_OF_RUDDER
    if len(body) > most:
        raise BodyTooLarge(most=most)
    return event


def _is_rudder(origin: Origin, sent: _Sent, environ: Environ) -> bool:
    """Whether RudderStack's client sent this: by its name, or because it alone leaves its key out of the body."""
    if origin.kind == "browser":
        return False
    agent = environ.get("HTTP_USER_AGENT", "").lower()
    return "rudder" in agent or (agent.startswith("analytics-python/") and sent.write_key is None)


def _acknowledged(start_response: StartResponse, understood: Understood, call: str | None) -> Iterable[bytes]:
    """Of a single call that cannot be taken, or of a batch in which none can, it is said so: nothing was stored."""
    if not understood.rejected or understood.items:
        return answering.taken(start_response, understood.rejected)
    if call is not None:
        raise KNOWN[understood.rejected[0].code]()
    raise NothingTaken(rejected=answering.listed(understood.rejected))
