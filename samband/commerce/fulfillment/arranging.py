"""What the retailer arranges: the ways that carriers go, how fast locations pick, when goods are brought in slots."""

import re
from collections.abc import Mapping, Sequence
from datetime import time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from samband.kernel.geography import TIME_ZONES

from . import conditions
from .models import Lane, Lying, Pace, Slot, SlotRule
from .promise import DAYS, STANDARD
from .refusals import InvalidLane, InvalidPace, InvalidSlotRule, UnknownSlotRule

SERVICE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
POSTCODE = re.compile(r"[0-9A-Z]{1,10}")
LONGEST_TEXT = 100
MOST_DAYS = 60
MOST_PLACES = 10_000
MOST_POSTCODES = 500
LONGEST_NOTICE_MINUTES = 14 * 24 * 60
FARTHEST_AHEAD_DAYS = 90


@transaction.atomic(savepoint=False)
def save_lane(
    origin: str,
    destination: str,
    service: str = STANDARD,
    *,
    carrier: str = "",
    cut_off: time,
    least_days: int,
    most_days: int,
    active: bool = True,
) -> None:
    """Write down how a carrier goes from country to country, in place of what usually holds.

    It comes at `cut_off` on the origin's clocks and takes so many working days (1 to 60). Raises InvalidLane with the
    `field` that cannot be so.
    """
    fit = {
        "origin": origin in TIME_ZONES,
        "destination": destination in TIME_ZONES,
        "service": isinstance(service, str) and SERVICE.fullmatch(service) is not None,
        "carrier": _text(carrier),
        "cut_off": isinstance(cut_off, time) and cut_off.tzinfo is None,
        "least_days": _whole(least_days, 1, MOST_DAYS),
        "most_days": _whole(most_days, 1, MOST_DAYS) and _whole(least_days, 1, most_days),
    }
    for field, fits in fit.items():
        if not fits:
            raise InvalidLane(field=field)
    Lane.objects.update_or_create(
        origin=origin,
        destination=destination,
        service=service,
        defaults={
            "carrier": carrier,
            "cut_off": cut_off,
            "least_days": least_days,
            "most_days": most_days,
            "active": bool(active),
        },
    )
    _read_anew()


@transaction.atomic(savepoint=False)
def set_pace(location: str, units_an_hour: int) -> None:
    """So many units (1 to 100,000) are picked in an hour at a location. Raises InvalidPace."""
    if not _text(location) or not location or not _whole(units_an_hour, 1, 100_000):
        raise InvalidPace()
    Pace.objects.update_or_create(location=location, defaults={"units_an_hour": units_an_hour})
    _read_anew()


@transaction.atomic(savepoint=False)
def note_lying(cents: Mapping[str, Mapping[str, int]]) -> None:
    """What lies where it does not sell, by SKU and location, and how many cents less a unit costs from there.

    Replaces all that was noted before.
    """
    Lying.objects.all().delete()
    Lying.objects.bulk_create(
        Lying(sku=sku, location=location, cents=less)
        for sku, places in sorted(cents.items())
        for location, less in sorted(places.items())
        if less > 0
    )
    _read_anew()


def _read_anew() -> None:
    conditions.forget()
    transaction.on_commit(conditions.forget)


@transaction.atomic(savepoint=False)
def save_slot_rule(
    rule_id: UUID,
    *,
    location: str,
    country: str,
    time_zone: str,
    days: Sequence[str],
    starts: time,
    ends: time,
    capacity: int,
    notice_minutes: int = 120,
    opens_days: int = 7,
    postcodes: Sequence[str] = (),
    active: bool = True,
) -> None:
    """On these days (mon … sun) a location brings goods between two times on its clocks, to so many orders at most.

    Slots are opened `opens_days` ahead (0: on the day itself) and may be ordered until `notice_minutes` before they
    begin. `postcodes` are the beginnings of those it reaches; none reaches the whole country. A change holds for slots
    opened from now on; the capacity also of those that are open, never below what is taken. Raises InvalidSlotRule with
    the `field` that cannot be so.
    """
    reached = [_postcode(one) for one in postcodes]
    fit = {
        "location": _text(location) and bool(location),
        "country": country in TIME_ZONES,
        "time_zone": _zone(time_zone),
        "days": bool(days) and set(days) <= set(DAYS),
        "starts": isinstance(starts, time) and starts.tzinfo is None,
        "ends": isinstance(ends, time) and ends.tzinfo is None and ends > starts,
        "capacity": _whole(capacity, 1, MOST_PLACES),
        "notice_minutes": _whole(notice_minutes, 0, LONGEST_NOTICE_MINUTES),
        "opens_days": _whole(opens_days, 0, FARTHEST_AHEAD_DAYS),
        "postcodes": len(reached) <= MOST_POSTCODES and all(POSTCODE.fullmatch(one) for one in reached),
    }
    for field, fits in fit.items():
        if not fits:
            raise InvalidSlotRule(field=field)
    SlotRule.objects.update_or_create(
        id=rule_id,
        defaults={
            "location": location,
            "country": country,
            "time_zone": time_zone,
            "days": [day for day in DAYS if day in days],
            "starts": starts,
            "ends": ends,
            "capacity": capacity,
            "notice_minutes": notice_minutes,
            "opens_days": opens_days,
            "postcodes": sorted(set(reached)),
            "active": bool(active),
        },
    )
    for slot in Slot.objects.select_for_update().filter(rule_id=rule_id).exclude(capacity=capacity).order_by("id"):
        Slot.objects.filter(pk=slot.pk).update(capacity=max(capacity, slot.taken))


@transaction.atomic(savepoint=False)
def end_slot_rule(rule_id: UUID) -> None:
    """No more slots are opened by this rule; those nobody has taken are closed. Raises UnknownSlotRule."""
    if not SlotRule.objects.filter(pk=rule_id).update(active=False):
        raise UnknownSlotRule(rule=str(rule_id))
    Slot.objects.filter(rule_id=rule_id, taken=0, places__isnull=True).delete()


def _postcode(typed: str) -> str:
    return "".join(str(typed).upper().split())


def _text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and "\x00" not in value


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError):
        return False
    return True
