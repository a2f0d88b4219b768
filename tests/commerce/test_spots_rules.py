"""What a code says, when it is good, and who is in the store: rules that hold for whatever comes in."""

import base64
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samband.commerce.spots import rules, signing
from samband.commerce.spots.refusals import CodeAhead, CodeForged, CodeStale, InvalidSpot
from samband.commerce.spots.signing import LARGEST_EDITION, LARGEST_SPOT, Passing, Printed, Shown
from samband.kernel.geography import Place

KEY, OTHER = signing.key_of("the house"), signing.key_of("another house")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

spots = st.integers(0, LARGEST_SPOT)
editions = st.integers(0, LARGEST_EDITION)
minutes = st.integers(0, 2**32 - 1)
said = st.one_of(
    st.builds(Printed, spots, editions), st.builds(Shown, spots, editions, minutes), st.builds(Passing, st.uuids())
)


@given(said)
def test_what_was_written_is_read(one):
    assert signing.read(signing.token(one, KEY), [KEY]) == one


@given(said)
def test_a_key_that_is_kept_on_still_opens_and_another_house_s_does_not(one):
    token = signing.token(one, KEY)
    assert signing.read(token, [OTHER, KEY]) == one
    with pytest.raises(CodeForged):
        signing.read(token, [OTHER])


@given(said, st.data())
def test_no_letter_of_a_code_can_be_altered(one, data):
    token = signing.token(one, KEY)
    where = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
    altered = token[:where] + letter + token[where + 1 :]
    if altered == token:
        assert signing.read(altered, [KEY]) == one
        return
    with pytest.raises(CodeForged):
        signing.read(altered, [KEY])


@given(st.one_of(st.text(max_size=90), st.binary(max_size=60).map(lambda b: base64.urlsafe_b64encode(b).decode())))
def test_whatever_else_comes_in_is_refused(text):
    with pytest.raises(CodeForged):
        signing.read(text, [KEY])


@given(said)
def test_each_code_has_one_spelling(one):
    token = signing.token(one, KEY)
    for other in (f"{token}=", f"{token} ", token.replace("-", "+"), token.replace("_", "/"), token[:-1], f"A{token}"):
        if other != token:
            with pytest.raises(CodeForged):
                signing.read(other, [KEY])


def test_a_code_on_paper_is_short_enough_for_an_old_phone():
    assert len(signing.token(Printed(LARGEST_SPOT, LARGEST_EDITION), KEY)) == 23
    assert len(signing.token(Shown(LARGEST_SPOT, LARGEST_EDITION, 2**31), KEY)) == 28
    assert len(signing.token(Passing(UUID(int=2**128 - 1)), KEY)) <= signing.LONGEST


def test_a_code_of_one_kind_is_none_of_another():
    """A printed code with a minute behind it, signed for a printed one, would be read as neither."""
    printed = base64.urlsafe_b64decode(signing.token(Printed(7, 1), KEY) + "=")
    moved = bytes([signing.SHOWN]) + printed[1:7] + b"\0\0\0\0" + printed[7:]
    with pytest.raises(CodeForged):
        signing.read(base64.urlsafe_b64encode(moved).rstrip(b"=").decode(), [KEY])


@given(st.integers(-600, 600))
def test_a_code_from_a_screen_is_good_for_three_minutes(seconds):
    shown = Shown(1, 1, rules.minute_of(NOON))
    at = NOON + timedelta(seconds=seconds)
    if seconds >= 180:
        with pytest.raises(CodeStale):
            rules.check_fresh(shown, at)
    elif seconds < -60:
        with pytest.raises(CodeAhead):
            rules.check_fresh(shown, at)
    else:
        rules.check_fresh(shown, at)


OPENING = {"mon": ("10:00", "18:00"), "tue": ("00:00", "24:00")}


@pytest.mark.parametrize(
    ("at", "closes"),
    [
        ("2026-11-23T07:59", None), ("2026-11-23T08:00", "2026-11-23T16:00"), ("2026-11-23T15:59", "2026-11-23T16:00"),
        ("2026-11-23T16:00", None), ("2026-11-23T22:00", "2026-11-24T22:00"), ("2026-11-24T21:59", "2026-11-24T22:00"),
        ("2026-11-25T12:00", None),
    ],
)  # fmt: skip
def test_a_store_is_open_on_its_own_clocks(at, closes):
    """Rīga is two hours ahead of UTC in November."""
    found = rules.closes_at(OPENING, "Europe/Riga", datetime.fromisoformat(at).replace(tzinfo=UTC))
    assert (found and found.strftime("%Y-%m-%dT%H:%M")) == closes


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)))
def test_a_visit_ends_with_the_day(moment):
    at = moment.replace(tzinfo=ZoneInfo("Europe/Riga")).astimezone(UTC)
    closes = rules.closes_at(dict.fromkeys(rules.DAYS, ("08:00", "20:00")), "Europe/Riga", at)
    if closes is not None:
        until = rules.good_until(at, closes)
        assert at < until <= min(at + rules.VISIT_LASTS, closes + rules.AFTER_CLOSING)


STORE = Place(56.9547, 24.1216)


@pytest.mark.parametrize(
    ("phone", "accuracy", "near"),
    [
        (STORE, 10, True),
        (Place(56.9567, 24.1216), 10, True),  # 222 m north
        (Place(56.9587, 24.1216), 10, False),  # 445 m
        (Place(56.9587, 24.1216), 250, True),  # and unsure
        (Place(56.9587, 24.1216), 301, False),  # too unsure to say
        (STORE, 5_000, False),
        (STORE, -1, False),
        (STORE, float("nan"), False),
        (Place(-56.9547, -24.1216), 10, False),
    ],
)
def test_who_is_near_is_in_the_store(phone, accuracy, near):
    assert rules.is_near(STORE, phone, accuracy) == near


def test_a_store_that_knows_no_place_of_its_own_takes_nobody_s_word_for_it():
    assert not rules.is_near(None, STORE, 1)


@given(st.dates(), st.integers(1, 9))
def test_the_word_is_five_digits_and_another_one_each_day_store_and_edition(day, edition):
    word = rules.word_of_the_day(KEY, "RIX", edition, day)
    assert len(word) == 5
    assert word.isdigit()
    assert rules.is_the_word(word, word)
    assert word == rules.word_of_the_day(KEY, "RIX", edition, day)


def test_words_do_not_repeat_over_a_month_of_stores():
    words = {
        rules.word_of_the_day(KEY, store, edition, date(2026, 11, day))
        for store in ("RIX", "RVK", "ATH")
        for edition in (1, 2)
        for day in range(1, 31)
    }
    assert len(words) >= 178


@pytest.mark.parametrize("typed", ["04217", "04 217", "0-4-2-1-7", "٠٤٢١٧", " 04217\n"])
def test_the_word_may_be_typed_in_any_way(typed):
    assert rules.is_the_word(typed, "04217")


@pytest.mark.parametrize("typed", ["", "4217", "042170", "04218", "²²²²²", "o4217", "04217 04217"])
def test_another_word_is_none(typed):
    assert not rules.is_the_word(typed, "04217")


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("kind", {"kind": "kitchen"}), ("code", {"code": "Table 7"}), ("code", {"code": "-7"}), ("code", {"code": ""}),
        ("code", {"code": "x" * 40}), ("name", {"name": " "}), ("name", {"name": "a\nb"}), ("name", {"name": "x" * 61}),
        ("sku", {"sku": "CUP"}), ("sku", {"kind": "shelf"}), ("category", {"kind": "door", "category": "cafe"}),
    ],
)  # fmt: skip
def test_a_spot_that_cannot_be_is_refused_by_the_field(field, fields):
    whole = {"kind": "table", "code": "table-7", "name": "7", "sku": None, "category": ""} | fields
    with pytest.raises(InvalidSpot) as refused:
        rules.check_spot(**whole)
    assert refused.value.details == {"field": field}


@given(st.integers(0, 99), st.integers(1, 40))
def test_who_carries_much_is_looked_at_at_least_as_often(drawn, pieces):
    assert rules.is_looked_at(drawn, pieces + 1) >= rules.is_looked_at(drawn, pieces)
