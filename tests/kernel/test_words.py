"""The words every room uses: goods, ids, events, refusals, and how things are written in each language."""

from dataclasses import fields
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samband.events import learn_all
from samband.kernel import event, ids, wording
from samband.kernel.clock import held_at, now
from samband.kernel.geography import Place, distance_km
from samband.kernel.goods import Line, gathered
from samband.kernel.languages import LANGUAGES, pick
from samband.kernel.money import MINOR_DIGITS, Money
from samband.kernel.refusal import KNOWN as REFUSALS
from samband.kernel.refusal import Invalid

skus = st.from_regex(r"[A-Z0-9][A-Z0-9-]{0,10}", fullmatch=True)


@pytest.mark.parametrize("sku", ["", " A", "A\x00", "A" * 65, "ó", None, 7])
def test_what_is_no_sku_is_refused(sku):
    with pytest.raises(Invalid):
        Line(sku, 1)


@pytest.mark.parametrize("quantity", [0, -1, 1.0, True, "1", None, 10**9])
def test_what_is_no_quantity_is_refused(quantity):
    with pytest.raises(Invalid):
        Line("SOFA", quantity)


@given(st.lists(st.builds(Line, skus, st.integers(1, 100)), max_size=30))
def test_gathering_keeps_every_unit_and_the_order_in_which_all_lock(lines):
    together = gathered(lines)
    assert [line.sku for line in together] == sorted({line.sku for line in lines})
    assert sum(line.quantity for line in together) == sum(line.quantity for line in lines)


def test_later_ids_sort_after_earlier_ones():
    drawn = [ids.new_id() for _ in range(1000)]
    assert drawn == sorted(drawn)
    assert len(set(drawn)) == 1000


def test_codes_for_people_have_no_letters_that_look_alike():
    assert not set("01IOL") & set(ids.READABLE)
    assert len(ids.readable_code(6)) == 6


def test_every_event_can_be_written_and_read_again():
    learn_all()
    assert len(event.KNOWN) > 25
    for name, kind in event.KNOWN.items():
        if not name.startswith("test"):
            assert kind.about in kind.__dataclass_fields__, name
    sample = event.KNOWN["accounts.CustomerSignedIn"](customer_id=UUID(int=7), channel="shop")
    assert event.from_payload(sample.name, event.to_payload(sample)) == sample
    assert sample.subject == f"customer:{UUID(int=7)}"


def test_events_carry_no_personal_data():
    learn_all()
    personal = {"email", "name", "phone", "address", "line1", "postcode", "city"}
    for name, kind in event.KNOWN.items():
        told = {field.name for field in fields(kind) if field.type is not UUID}  # a keyed hash tells nobody's address
        assert not personal & told, name


def test_every_refusal_has_a_code_of_its_own_and_a_status_that_fits():
    for code, kind in REFUSALS.items():
        assert code.replace("_", "").isalnum()
        assert 400 <= kind.status < 600, code


def test_the_clock_can_be_held():
    moment = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    with held_at(moment):
        assert now() == moment
    assert now() != moment


def test_a_missing_text_falls_back_to_english():
    assert pick({"en": "Sofa", "is": "Sófi"}, "is") == "Sófi"
    assert pick({"en": "Sofa"}, "lv") == "Sofa"
    assert pick({}, "lv") == ""


def test_reykjavik_is_as_far_from_athens_as_the_atlas_says():
    assert distance_km(Place(64.1466, -21.9426), Place(37.9838, 23.7275)) == pytest.approx(4170, rel=0.01)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "€1,234.50"),
        ("is", "1.234,50\xa0EUR"),
        ("pl", "1\xa0234,50\xa0€"),
        ("lv", "1\xa0234,50\xa0€"),
        ("el", "1.234,50\xa0€"),
    ],
)
def test_amounts_are_written_as_each_language_writes_them(language, written):
    assert wording.money(Money(123450, "EUR"), language) == written


@given(st.integers(0, 10**9), st.sampled_from(sorted(MINOR_DIGITS)), st.sampled_from(sorted(LANGUAGES)))
def test_every_amount_can_be_written_in_every_language_with_all_its_digits(amount, currency, language):
    written = wording.money(Money(amount, currency), language)
    digits = "".join(letter for letter in written if letter.isdigit())
    assert int(digits) == amount


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_percent_and_measures_can_be_written_in_every_language(language):
    moment = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
    assert "29" in wording.day(moment, language, "Europe/Riga")
    assert "2026" in wording.day(moment.date(), language, weekday=False)
    assert "%" in wording.percent(2550, language)
    assert "228" in wording.measure(228, "cm", language)
    assert wording.measure(5, "W", language) == "5 W"
    assert wording.hour(moment, language, "Europe/Athens")[:1] in "13"
