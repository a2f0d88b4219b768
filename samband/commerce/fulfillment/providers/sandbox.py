"""A carrier of its own to try everything on, steered by the second line of an address.

It keeps no address: a number, a service and the country are all its books know. Each deed is one statement that commits
by itself, so that it stands apart from our transactions as a real carrier would.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection

from samband.kernel.clock import now
from samband.kernel.ids import new_id

from ..carriage import Answer, Bought, Notice, Rate, Refused, Unclear, Wish
from ..refusals import Forged

CARRIER = "Sandbox Post"
CURRENCY = "EUR"
SERVICES = {"standard": (Decimal("4.90"), Decimal("1.20"), 2), "express": (Decimal("12.50"), Decimal("2.10"), 1)}
"""A parcel, every further kilogram, and days on the way."""

ABROAD = 3
HEAVIEST_GRAMS = 70_000
REFUSES, NEVER_ANSWERS, IN_TROUBLE, TELLS_TWICE = (
    "SANDBOX REFUSE",
    "SANDBOX TIME OUT",
    "SANDBOX TROUBLE",
    "SANDBOX TWICE",
)
"""What the second line of the receiver's address makes it do."""

RETRY_SECONDS = 30
MOST_TRIES = 50

TRIP = (
    ("on_the_way", timedelta(hours=2)),
    ("out_for_delivery", timedelta(hours=20)),
    ("delivered", timedelta(hours=24)),
)
"""What it tells of a parcel, and how long after its label was bought; express takes half of that."""

_BUY = """
with bought as (
    insert into fulfillment_sandboxparcel (key, reference, tracking, service, amount, state, bought_at)
    values (%(key)s, %(reference)s, %(tracking)s, %(service)s, %(amount)s, 'bought', %(now)s::timestamptz)
    on conflict (key) do nothing
    returning reference
)
insert into fulfillment_sandboxnotice (id, parcel, mark, owed, tries, at, due_at)
select notice.id, bought.reference, notice.mark, %(owed)s::int, 0, notice.at, notice.at
from bought, unnest(%(ids)s::uuid[], %(marks)s::text[], %(times)s::timestamptz[]) as notice (id, mark, at)
"""

_CANCEL = """
with cancelled as (
    update fulfillment_sandboxparcel parcel set state = 'cancelled'
    where reference = %(reference)s and state = 'bought' and not exists (
        select from fulfillment_sandboxnotice notice
        where notice.parcel = parcel.reference and notice.at <= %(now)s::timestamptz)
    returning reference
), silent as (
    update fulfillment_sandboxnotice notice set owed = 0 from cancelled where notice.parcel = cancelled.reference
)
select count(*) from cancelled
"""


class Sandbox:
    """The sandbox carrier."""

    name = "sandbox"
    signature_header = "X-Sandbox-Signature"

    def rates(self, wish: Wish) -> tuple[Rate, ...]:
        if wish.grams > HEAVIEST_GRAMS:
            return ()
        return tuple(
            Rate(service, CARRIER, _amount(service, wish), CURRENCY, days) for service, (_, _, days) in SERVICES.items()
        )

    def buy(self, wish: Wish) -> Answer:
        """Do what the second line of the address says. Raises TimeoutError for the one that is never answered."""
        behaviour = wish.receiver.line2.strip().upper()
        if behaviour == NEVER_ANSWERS:
            raise TimeoutError
        if behaviour == REFUSES:
            return Refused("address_not_served")
        if wish.grams > HEAVIEST_GRAMS:
            return Refused("too_heavy")
        service = wish.service or "standard"
        if service not in SERVICES:
            return Refused("unknown_service")
        at, trip = now(), _trip(service, behaviour)
        _do(
            _BUY,
            {
                "key": wish.key,
                "reference": f"sp_{secrets.token_urlsafe(18)}",
                "tracking": f"SB{secrets.randbelow(10**9):09}IS",
                "service": service,
                "amount": _amount(service, wish),
                "now": at,
                "owed": 2 if behaviour == TELLS_TWICE else 1,
                "ids": [new_id() for _ in trip],
                "marks": [mark for mark, _ in trip],
                "times": [at + after for _, after in trip],
            },
        )
        return self.look_up(wish.key) or Unclear()

    def look_up(self, key: str) -> Answer | None:
        row = _one("select reference, tracking, service, amount from fulfillment_sandboxparcel where key = %s", [key])
        if row is None:
            return None
        reference, tracking, service, amount = row
        return Bought(reference, tracking, CARRIER, service, amount, CURRENCY)

    def cancel(self, reference: str) -> bool:
        """A label is taken back until the parcel is seen for the first time."""
        return bool(_one(_CANCEL, {"reference": reference, "now": now()})[0])

    def track(self, reference: str) -> tuple[Notice, ...]:
        with connection.cursor() as cursor:
            cursor.execute(
                "select id, mark, at from fulfillment_sandboxnotice n where parcel = %s and at <= %s::timestamptz"
                " and exists (select from fulfillment_sandboxparcel p where p.reference = n.parcel and p.state ="
                " 'bought') order by at, id",
                [reference, now()],
            )
            return tuple(Notice(str(notice), reference, mark, at) for notice, mark, at in cursor.fetchall())

    def read_notice(self, body: bytes, signature: str) -> Notice:
        if not hmac.compare_digest(sign(body).encode(), signature.encode(errors="replace")):
            raise Forged()
        try:
            told = msgspec.json.decode(body, type=_Letter)
        except msgspec.DecodeError:
            raise Forged("The notice cannot be read.") from None
        return Notice(told.id, told.reference, told.mark, told.at)


class _Letter(msgspec.Struct):
    """What a notice of this carrier says."""

    id: str
    reference: str
    mark: str
    at: datetime


def _amount(service: str, wish: Wish) -> str:
    first, more, _ = SERVICES[service]
    price = first + more * max(-(-wish.grams // 1000) - 1, 0)
    return str(price * ABROAD if wish.sender.country != wish.receiver.country else price)


def _trip(service: str, behaviour: str) -> list[tuple[str, timedelta]]:
    trip = [(mark, after / 2 if service == "express" else after) for mark, after in TRIP]
    return [*trip[:1], ("trouble", trip[1][1])] if behaviour == IN_TROUBLE else trip


def sign(body: bytes) -> str:
    """HMAC-SHA256 of the raw body with the carrier's secret, in hexadecimal."""
    return hmac.new(settings.CARRIER_SANDBOX_SECRET.encode(), body, hashlib.sha256).hexdigest()


# Notices ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwedNotice:
    """A notice that is due, as it goes over the wire."""

    id: UUID
    body: bytes
    signature: str


def due_notices(most: int = 100) -> list[OwedNotice]:
    """The notices that are due now, signed. One that is owed twice comes again after `was_sent`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, parcel, mark, at from fulfillment_sandboxnotice where owed > 0 and due_at <= %s::timestamptz"
            " order by due_at, id limit %s",
            [now(), most],
        )
        due = cursor.fetchall()
    return [_owed(notice_id, _Letter(str(notice_id), parcel, mark, at)) for notice_id, parcel, mark, at in due]


def _owed(notice_id: UUID, letter: _Letter) -> OwedNotice:
    body = msgspec.json.encode(letter)
    return OwedNotice(notice_id, body, sign(body))


def was_sent(notice_id: UUID, taken: bool) -> None:
    """A notice was taken, or has to be tried again later (up to fifty times)."""
    _do(
        "update fulfillment_sandboxnotice set"
        " owed = case when %(taken)s::bool then owed - 1 when tries >= %(most)s::int then 0 else owed end,"
        " tries = tries + 1, due_at = %(again)s::timestamptz where id = %(id)s::uuid and owed > 0",
        {
            "taken": taken,
            "most": MOST_TRIES,
            "again": now() if taken else now() + timedelta(seconds=RETRY_SECONDS),
            "id": notice_id,
        },
    )


def _one(statement: str, values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


def _do(statement: str, values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
