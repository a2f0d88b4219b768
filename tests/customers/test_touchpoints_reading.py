"""Whatever a client sends is either understood or refused, the same each time; nothing else ever happens."""

import json
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from samband.customers.touchpoints import messages, moments, vocabulary
from samband.customers.touchpoints.packing import _packed, packed_messages
from samband.customers.touchpoints.parts import SECRETS
from samband.customers.touchpoints.reading import Reader
from samband.customers.touchpoints.shapes import Happening, Origin, Row
from samband.flows.take_in_touchpoints import understand
from samband.flows.take_in_touchpoints.remembering import Recent
from samband.kernel.refusal import Refusal

ORIGIN = Origin(3, "erp", "ERP", "server", "erp", False, None)
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)

plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
anything = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = [field.encode_name for field in msgspec.structs.fields(messages.Item)]
PARTS = [field.encode_name for field in msgspec.structs.fields(messages.Context)]
contexts = st.dictionaries(st.sampled_from(PARTS), anything, max_size=5) | anything
items = st.dictionaries(st.sampled_from(NAMES), anything, max_size=8).flatmap(
    lambda item: st.fixed_dictionaries(
        {"type": st.sampled_from([*messages.CALLS, "dance", None, 7]), "event": st.sampled_from(["A", "", None, 5])},
        optional={"context": contexts},
    ).map(lambda more: {**item, **more})
)


def read(item, at=AT, **more):
    return understand(ORIGIN, [json.dumps(item).encode()], 32_768, at, **more)


@given(items)
@settings(max_examples=400, deadline=None)
def test_every_item_is_understood_or_refused_and_each_time_the_same(item):
    once, again = read(item), read(item)
    assert once == again
    assert len(once.items) + len(once.rejected) == 1
    for one in once.items:
        assert one.occurred_at <= AT
        assert b"\\u0000" not in one.payload.replace(b"\\\\", b"")
        told = json.loads(one.payload)
        assert SECRETS.isdisjoint(told.get("properties", {}))
        assert SECRETS.isdisjoint(told.get("traits", {}))
        assert len(one.message) == 16


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_batch_or_a_refusal(body):
    try:
        read_batch = messages.batch(body)
    except Refusal as refusal:
        status = refusal.status
    else:
        status = 400 if read_batch.batch is None else 200
    assert status in (200, 400)


@given(st.text(max_size=40), st.integers(1, 32_000), st.integers(1, 32_000))
def test_messages_of_two_sources_are_never_the_same(said, one, other):
    def message(number):
        origin = Origin(number, "s", "S", "server", "s", False, None)
        return Reader(origin, AT).read(messages.Item(type="track", event="A", message_id=f"x{said}")).message

    assert (message(one) == message(other)) == (one == other)


amounts = st.integers(-(10**14), 10**14) | st.floats(allow_nan=True, allow_infinity=True) | st.decimals(
    -(10**9), 10**9, places=2
).map(str)  # fmt: skip


@given(amounts, st.sampled_from(["EUR", "ISK", "KWD", "USD"]))
@settings(max_examples=500)
def test_amounts_are_what_decimal_arithmetic_says(value, currency):
    digits = vocabulary.DIGITS.get(currency, 2)
    exact = Decimal(str(value)).scaleb(digits)
    found = vocabulary.minor(value, currency)
    if not exact.is_finite() or abs(exact) > vocabulary.LARGEST_WORTH:
        assert found is None
    else:
        assert found == int(exact.to_integral_value(ROUND_HALF_EVEN))


moment = st.datetimes(timezones=st.just(UTC)) | st.none()


@given(moment, moment)
def test_nothing_happened_after_we_heard_of_it_or_before_anybody_could_have_told(told, sent):
    found = moments.corrected(told, moments.skew(sent, AT), AT)
    assert AT - moments.OLDEST <= found <= AT


@given(st.datetimes(min_value=datetime(2010, 1, 1), max_value=datetime(2040, 1, 1)), st.integers(0, 10**6))
def test_a_wrong_clock_does_not_change_how_long_ago_it_was(clock, seconds):
    clock = clock.replace(tzinfo=UTC)
    told = clock - timedelta(seconds=seconds)
    found = moments.corrected(told, moments.skew(clock, AT), AT)
    assert abs((AT - found) - timedelta(seconds=seconds)) <= moments.HEEDED


@given(st.text(max_size=30))
def test_a_moment_is_read_or_it_is_none(text):
    found = moments.parsed(text)
    assert found is None or found.tzinfo is UTC


def test_moments_as_clients_write_them():
    for text in (
        "2026-06-01T12:00:00Z",
        "2026-06-01T12:00:00.000000+00:00",
        "2026-06-01T14:00:00+02:00",
        1780315200,
        1780315200000,
    ):
        assert moments.parsed(text) == AT


def test_what_was_used_lately_is_remembered_and_the_rest_is_not():
    recent: Recent[int, int] = Recent(10)
    for nth in range(100):
        recent.update({nth: nth})
        recent.get(0)
    assert recent.get(0) == 0
    assert recent.get(99) == 99
    assert recent.get(50) is None
    assert len(recent.young) + len(recent.old) <= 22


def test_rows_are_copied_with_all_their_fields():
    happening = Happening(message=b"0" * 16, event="A", occurred_at=AT, channel="pos", payload=b"{}", sku="ÞÍÐ")
    for device in (None, 9):
        packed = b"".join(_packed([Row(happening, 1, 2, 3, device)], 0))
        fields, at = int.from_bytes(packed[:2], "big"), 2
        for _ in range(fields):
            length = int.from_bytes(packed[at : at + 4], "big", signed=True)
            at += 4 + max(0, length)
        assert at == len(packed), "every field has the length that it says"
    assert packed_messages([b"0" * 16]).count(b"0" * 16) == 1
