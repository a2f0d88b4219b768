"""Noting what a door sees that no event tells of: a scan, an arrival, a cart on another device.

A door never fails for it: whoever stands there wants their goods, not our records.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError, connection, transaction

from samband.customers.touchpoints.shapes import HOUSE, Note
from samband.flows.may_we import may_we
from samband.flows.take_in_touchpoints import note
from samband.kernel.clock import now
from samband.kernel.identifier import Identifier, NotAnIdentifier, identifier
from samband.kernel.ids import new_id

log = structlog.get_logger("samband.touchpoints")


def saw(
    event: str,
    channel: str,
    who: Sequence[Identifier],
    properties: Mapping[str, Any] | None = None,
    *,
    place: str | None = None,
    message: str = "",
    at: datetime | None = None,
    rule: str = "same_event",
) -> None:
    """Note that this was seen. `message` is its id, if there is one by which the same would be seen again.

    Not inside a transaction that somebody else's work hangs on: what cannot be written is logged and left.
    """
    seen = Note(
        message=message or str(new_id()),
        event=event,
        identifiers=tuple(who),
        occurred_at=at or now(),
        channel=channel,
        properties=properties or {},
        place=place,
        rule=rule,
    )
    try:
        with connection.wrap_database_errors, transaction.atomic():
            note(HOUSE, seen)
    except DatabaseError as error:
        log.warning("touchpoint_not_noted", event_name=event, error=type(error).__name__)


def account(customer_id: UUID | None) -> tuple[Identifier, ...]:
    """A customer as an identifier; nobody for nobody."""
    return () if customer_id is None else (Identifier("account", str(customer_id)),)


def who_agreed(customer_id: UUID | None) -> tuple[Identifier, ...]:
    """The customer, if what they do may be kept under their name without their buying anything; else nobody."""
    if customer_id is None or not may_we(customer_id, "analytics").allowed:
        return ()
    return account(customer_id)


def cookie(value: str | None) -> tuple[Identifier, ...]:
    """A browser as an identifier, if it carries a name that it may carry."""
    try:
        return (identifier("cookie", value or ""),)
    except NotAnIdentifier:
        return ()


def seen_together(customer_id: UUID, browser: str | None, channel: str, how: str) -> None:
    """A browser that may be known is this account's: said by us, who let them in, never by the browser itself.

    `how`: signed_in or ordered. A browser without a name that it may carry is left alone.
    """
    if known := cookie(browser):
        saw("Identified", channel, [*account(customer_id), *known], {"how": how}, rule="signed_in")
