"""The record: what staff and programs did and saw."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from samband.commerce.orders import queries as orders
from samband.commerce.orders.refusals import OrderNotFound
from samband.flows.known_customer import known_customer
from samband.kernel.refusal import Refusal
from samband.staff import queries as staff
from samband.staff import record, recorded
from samband.staff.recorded import Asked, Noted

from .. import reading, record_words
from ..doors import me, opens
from ..pages import page, words_for
from ..words import Words

A_PAGE = 60
LONGEST = 120


@opens("record")
def found(request: HttpRequest) -> HttpResponse:
    """The newest notes, or those that are asked for: by whom, on whom or what, and when."""
    words, given = words_for(me(request)), request.GET
    outcome = given.get("outcome", "")
    wanted: dict[str, str] = {
        "who": reading.asked(request, "who", LONGEST),
        "outcome": outcome if outcome in record_words.OUTCOMES else "",
        "about": reading.asked(request, "about", LONGEST),
        "from": reading.asked(request, "from", 10),
        "to": reading.asked(request, "to", 10),
    }
    notes = recorded.found(_asked(wanted, words), _before(given.get("before", "")), A_PAGE + 1)
    shown = notes[:A_PAGE]
    return page(
        request,
        "record.html",
        words=words,
        notes=shown,
        wanted=wanted,
        colleagues=staff.colleagues(),
        keys=staff.api_keys(),
        actors=(record.COMMAND_LINE, record.NOBODY),
        say_record=record_words,
        names=actors(shown),
        older=f"?{urlencode({**wanted, 'before': str(shown[-1].id)})}" if len(notes) > A_PAGE else "",
    )


def actors(notes: Iterable[Noted]) -> dict[str, str]:
    """What the colleagues in these notes are called, by how the record calls them; one statement."""
    said = {one for note in notes for one in (note.actor, *note.about) if one.startswith("member:")}
    names = staff.names({UUID(one.removeprefix("member:")) for one in said})
    return {record.member(member_id): name for member_id, name in names.items()}


def subjects_of(text: str) -> tuple[str, ...]:
    """Under what the record may speak of what somebody typed: a customer's id or mail, an order's number, an id."""
    if ":" in text and "@" not in text:
        return (text,)
    if number := text.upper().strip():
        try:
            view = orders.by_number(number)
            return (f"order-number:{view.number}", f"order:{view.id}")
        except OrderNotFound:
            pass
    try:
        wanted = UUID(text)
    except ValueError:
        return (record.email(text),) if "@" in text else (text,)
    return subjects_of_id(wanted)


def subjects_of_id(wanted: UUID) -> tuple[str, ...]:
    """The same for an id, with every other id that the customer is known by, if it is one's."""
    ids = {wanted}
    try:
        known = known_customer(wanted)
        ids |= {known.customer, *known.account_ids}
    except Refusal:
        pass
    kinds = ("customer", "account", "member", "order", "privacy-request", "fulfillment", "cart")
    return tuple(f"{kind}:{one}" for one in sorted(ids) for kind in kinds)


def _asked(wanted: dict[str, str], words: Words) -> Asked:
    last = _midnight(wanted["to"], words.zone)
    return Asked(
        actor=wanted["who"],
        outcome=wanted["outcome"],
        about=subjects_of(wanted["about"]) if wanted["about"] else (),
        since=_midnight(wanted["from"], words.zone),
        until=last + timedelta(days=1) if last else None,
    )


def _midnight(text: str, zone: str) -> datetime | None:
    try:
        return datetime.combine(datetime.fromisoformat(text).date(), time(), ZoneInfo(zone)) if text else None
    except (ValueError, OverflowError):
        return None


def _before(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 18 else None
