"""What is promised can be kept: never on a closed day, never before the carrier or the staff could have done it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from samband.commerce.fulfillment.promise import (
    CUT_OFF,
    DAYS,
    TRANSIT_DAYS,
    USUAL_LANES,
    Lane,
    Origin,
    Promise,
    departure,
    is_holiday,
    is_working_day,
    promise,
)
from samband.commerce.fulfillment.refusals import InvalidOpening, NoPromise
from samband.kernel.geography import TIME_ZONES
from samband.kernel.refusal import Invalid

WEEKDAYS = dict.fromkeys(DAYS[:5], ("10:00", "18:00")) | {"sat": ("11:00", "16:00")}


def origin(country: str, opening: dict | None = None) -> Origin:
    return Origin(country, TIME_ZONES[country], WEEKDAYS if opening is None else opening)


def there(country: str, *parts: int) -> datetime:
    """A moment on the country's clocks."""
    return datetime(*parts, tzinfo=ZoneInfo(TIME_ZONES[country]))


# Pickup


@pytest.mark.parametrize(
    ("ordered", "begun", "ready"),
    [
        ((2026, 3, 4, 11, 0), (2026, 3, 4, 11, 0), (2026, 3, 4, 13, 0)),
        ((2026, 3, 4, 11, 0, 30, 250_000), (2026, 3, 4, 11, 1), (2026, 3, 4, 13, 1)),
        ((2026, 3, 4, 16, 0), (2026, 3, 4, 16, 0), (2026, 3, 4, 18, 0)),
        ((2026, 3, 4, 16, 0, 0, 1), (2026, 3, 4, 16, 1), (2026, 3, 5, 10, 1)),
        ((2026, 3, 4, 17, 30), (2026, 3, 4, 17, 30), (2026, 3, 5, 11, 30)),
        ((2026, 3, 4, 7, 15), (2026, 3, 4, 10, 0), (2026, 3, 4, 12, 0)),
        ((2026, 3, 7, 15, 0), (2026, 3, 7, 15, 0), (2026, 3, 9, 11, 0)),
        ((2026, 4, 1, 19, 0), (2026, 4, 4, 11, 0), (2026, 4, 4, 13, 0)),
    ],
    ids=[
        "at once",
        "within a minute",
        "just in time",
        "a moment too late",
        "over night",
        "before opening",
        "over Sunday",
        "over Maundy Thursday and Good Friday",
    ],
)
def test_a_pickup_is_ready_after_two_open_hours(ordered, begun, ready):
    assert promise("pickup", origin("IS"), there("IS", *ordered)) == Promise(
        "pickup", there("IS", *begun), there("IS", *ready)
    )


def test_an_hour_is_an_hour_when_the_clocks_change():
    """At three in the morning of 29 March 2026 it is four in Athens; on 25 October three o'clock comes twice."""
    night = origin("GR", {"sun": ("01:00", "23:00")})
    spring = promise("pickup", night, there("GR", 2026, 3, 29, 2, 30))
    assert (spring.latest.hour, spring.latest.minute) == (5, 30)
    autumn = promise("pickup", night, there("GR", 2026, 10, 25, 2, 30))
    assert (autumn.latest.hour, autumn.latest.minute) == (3, 30)
    for each in (spring, autumn):
        assert each.latest.astimezone(UTC) - each.earliest.astimezone(UTC) == timedelta(hours=2)


def test_a_store_that_never_opens_promises_nothing():
    for opening in ({}, {"mon": None}, {"mon": ()}):
        with pytest.raises(NoPromise):
            promise("pickup", origin("IS", opening), there("IS", 2026, 3, 4, 11, 0))
    for opening in ({"wed": ("ten", "18:00")}, {"wed": ("10:00",)}):
        with pytest.raises(InvalidOpening):
            promise("pickup", origin("IS", opening), there("IS", 2026, 3, 4, 11, 0))


def test_a_store_may_be_open_until_midnight():
    late = promise("pickup", origin("IS", {"wed": ("20:00", "24:00")}), there("IS", 2026, 3, 4, 22, 0))
    assert late.latest == there("IS", 2026, 3, 5, 0, 0)


# Parcels


@pytest.mark.parametrize(
    ("ordered", "leaves"),
    [
        ((2026, 3, 4, 15, 59), date(2026, 3, 4)),
        ((2026, 3, 4, 16, 0), date(2026, 3, 5)),
        ((2026, 3, 6, 16, 0), date(2026, 3, 9)),
        ((2026, 3, 7, 9, 0), date(2026, 3, 9)),
        ((2026, 4, 2, 16, 0), date(2026, 4, 7)),
        ((2026, 12, 24, 17, 0), date(2026, 12, 29)),
    ],
    ids=["before the cut-off", "at the cut-off", "Friday evening", "Saturday", "before Easter", "Christmas Eve"],
)
def test_a_parcel_leaves_london_on_the_next_day_the_carrier_comes(ordered, leaves):
    assert departure(origin("GB"), there("GB", *ordered)) == leaves


def test_a_parcel_travels_on_working_days_of_the_country_it_goes_to():
    """Left on Friday 3 April; Good Friday by the Greek calendar is the 10th, Easter Monday the 13th."""
    promised = promise("ship", origin("PL"), there("PL", 2026, 4, 3, 9, 0), "GR")
    assert promised == Promise("ship", there("GR", 2026, 4, 9, 8), there("GR", 2026, 4, 15, 20))


def test_the_cut_off_is_read_on_the_clocks_of_the_origin_not_of_the_shopper():
    """17:59 in Athens is 15:59 in London: the carrier has not come yet."""
    assert departure(origin("GB"), there("GR", 2026, 3, 4, 17, 59)) == date(2026, 3, 4)
    assert departure(origin("GB"), there("GR", 2026, 3, 4, 18, 0)) == date(2026, 3, 5)


def test_where_no_carrier_goes_nothing_is_promised():
    with pytest.raises(NoPromise) as refusal:
        promise("ship", origin("IS"), there("IS", 2026, 3, 4, 11, 0), "NO")
    assert refusal.value.details == {"reason": "no_carrier", "country": "NO"}
    with pytest.raises(Invalid):
        promise("drone", origin("IS"), there("IS", 2026, 3, 4, 11, 0), "IS")


def test_every_country_reaches_every_country():
    assert TRANSIT_DAYS.keys() == {(one, other) for one in TIME_ZONES for other in TIME_ZONES}
    assert CUT_OFF.keys() == TIME_ZONES.keys()
    assert all(1 <= least <= most for least, most in TRANSIT_DAYS.values())


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("IS", date(2026, 6, 17)),
        ("IS", date(2026, 12, 24)),
        ("PL", date(2026, 11, 11)),
        ("LV", date(2026, 11, 18)),
        ("GR", date(2026, 10, 28)),
        ("GB", date(2026, 8, 31)),
        ("GB", date(2026, 4, 6)),
    ],
)
def test_national_holidays_are_known(country, day):
    assert is_holiday(day, country)
    assert not is_working_day(day, country)


# Whatever is asked

countries = st.sampled_from(sorted(TIME_ZONES))
moments = st.datetimes(datetime(2025, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))
clocks = st.times().map(lambda clock: clock.strftime("%H:%M"))
openings = st.dictionaries(
    st.sampled_from(DAYS), st.tuples(clocks, clocks).map(sorted).map(tuple).filter(lambda hours: hours[0] < hours[1])
)


def near_a_change_of_clocks(year: int, hours: float) -> datetime:
    """Around one in the morning UTC of the last Sunday of March or October."""
    last = date(year, 3 if hours < 0 else 10, 31)
    last -= timedelta(days=(last.weekday() + 1) % 7)
    return datetime.combine(last, time(1), UTC) + timedelta(hours=abs(hours) - 4)


at_any_time = moments | st.builds(near_a_change_of_clocks, st.integers(2025, 2029), st.floats(-8, 8))


@settings(max_examples=400, deadline=None)
@given(countries, countries, at_any_time)
def test_a_parcel_is_never_promised_on_a_closed_day_or_sooner_than_the_cut_off_allows(one, other, at):
    leaves = departure(origin(one), at)
    promised = promise("ship", origin(one), at, other)
    local = at.astimezone(ZoneInfo(TIME_ZONES[one]))

    assert is_working_day(leaves, one)
    assert leaves >= local.date()
    if local.time() >= CUT_OFF[one]:
        assert leaves > local.date()

    assert promised.earliest <= promised.latest
    for moment, least in zip((promised.earliest, promised.latest), TRANSIT_DAYS[one, other], strict=True):
        assert moment.tzinfo == ZoneInfo(TIME_ZONES[other])
        assert is_working_day(moment.date(), other)
        passed = [leaves + timedelta(days=n) for n in range(1, (moment.date() - leaves).days + 1)]
        assert sum(is_working_day(day, other) for day in passed) == least
    assert promised.earliest > at


@settings(max_examples=400, deadline=None)
@given(countries, openings, at_any_time)
def test_a_pickup_is_promised_only_within_open_hours_and_after_two_of_them(country, opening, at):
    store = origin(country, opening)
    try:
        promised = promise("pickup", store, at)
    except NoPromise:
        # Only a store that is open less than two hours in all the days we look ahead promises nothing.
        week = sum(
            (
                datetime.strptime(ends, "%H:%M") - datetime.strptime(begins, "%H:%M")
                for begins, ends in opening.values()
            ),
            timedelta(),
        )
        assert week < timedelta(minutes=30)
        return
    zone = ZoneInfo(store.time_zone)
    for moment in (promised.earliest, promised.latest):
        assert moment.tzinfo == zone
        day = moment.date()
        assert not is_holiday(day, country)
        begins, ends = (datetime.combine(day, time.fromisoformat(c), zone) for c in opening[DAYS[day.weekday()]])
        assert begins.astimezone(UTC) <= moment.astimezone(UTC) <= ends.astimezone(UTC)
    begun, ready = promised.earliest.astimezone(UTC), promised.latest.astimezone(UTC)
    assert begun >= at
    assert ready - begun >= timedelta(hours=2)


@settings(max_examples=200, deadline=None)
@given(countries, countries, at_any_time, st.integers(0, 10 * 24 * 60))
def test_who_orders_later_is_never_promised_sooner(one, other, at, minutes):
    assume(minutes)
    later = at + timedelta(minutes=minutes)
    for kind in ("ship", "pickup"):
        early, late = (promise(kind, origin(one), moment, other) for moment in (at, later))
        assert early.earliest.astimezone(UTC) <= late.earliest.astimezone(UTC)
        assert early.latest.astimezone(UTC) <= late.latest.astimezone(UTC)


# What waits, and what the retailer wrote down


def busy(country: str, hours: float, opening: dict | None = None) -> Origin:
    return replace(origin(country, opening), backlog=timedelta(hours=hours))


def test_a_store_with_its_hands_full_needs_longer_than_two_hours():
    """Of a Wednesday's eight hours: an hour of work in hand changes nothing, three hours do."""
    at = there("IS", 2026, 3, 4, 11, 0)
    assert promise("pickup", busy("IS", 1), at).latest == there("IS", 2026, 3, 4, 13, 0)
    assert promise("pickup", busy("IS", 3), at).latest == there("IS", 2026, 3, 4, 14, 30)
    assert promise("pickup", busy("IS", 8), at).latest == there("IS", 2026, 3, 5, 11, 30)


def test_a_parcel_misses_the_carrier_if_it_cannot_be_packed_before():
    at = there("GB", 2026, 3, 4, 13, 0)
    assert departure(busy("GB", 0.5), at) == date(2026, 3, 4)
    assert departure(busy("GB", 2.5), at) == date(2026, 3, 4)
    assert departure(busy("GB", 3), at) == date(2026, 3, 5)
    assert departure(busy("GB", 12, {}), at) == date(2026, 3, 5), "around the clock"


def test_however_much_waits_something_can_be_promised():
    far = promise("ship", busy("PL", 1e6), there("PL", 2026, 3, 4, 9, 0), "PL")
    assert there("PL", 2026, 3, 13, 8) < far.earliest < there("PL", 2026, 4, 1, 8)


def test_a_lane_that_is_written_down_holds_instead_of_the_usual():
    lanes = {
        **USUAL_LANES,
        ("GB", "GB", "standard"): Lane("Night Mail", time(19), 2, 3),
        ("GB", "GB", "express"): Lane("Night Mail", time(12), 1, 1),
    }
    at = there("GB", 2026, 3, 4, 18, 0)
    assert promise("ship", origin("GB"), at, "GB").earliest == there("GB", 2026, 3, 6, 8)
    assert promise("ship", origin("GB"), at, "GB", lanes=lanes) == Promise(
        "ship", there("GB", 2026, 3, 6, 8), there("GB", 2026, 3, 9, 20)
    )
    express = promise("ship", origin("GB"), at, "GB", service="express", lanes=lanes)
    assert (express.earliest, express.latest) == (there("GB", 2026, 3, 6, 8), there("GB", 2026, 3, 6, 20))
    with pytest.raises(NoPromise):
        promise("ship", origin("GB"), at, "IS", service="express", lanes=lanes)


@settings(max_examples=300, deadline=None)
@given(countries, openings, at_any_time, st.floats(0, 200), st.floats(0, 200))
def test_who_orders_where_more_waits_is_never_promised_sooner(country, opening, at, one, other):
    less, more = sorted((one, other))
    for kind in ("pickup", "ship"):
        try:
            late = promise(kind, busy(country, more, opening), at, country)
        except NoPromise:
            continue
        early = promise(kind, busy(country, less, opening), at, country)
        assert early.latest.astimezone(UTC) <= late.latest.astimezone(UTC)
