"""Any order of the same touchpoints, in any batches, gives the same customers: through the way in that clients use."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samband.customers.identity import books, commands, queries
from samband.customers.touchpoints import commands as sources
from samband.customers.touchpoints import queries as touchpoints
from samband.flows.take_in_touchpoints import take_in, understand
from tests.customers.graphs import whole

pytestmark = pytest.mark.django_db
RECEIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)

users = st.sampled_from(["u-1", "u-2", "u-3", None])
browsers = st.sampled_from(["b-1", "b-2", "b-3", "b-4", None])
mails = st.sampled_from(["anna@customer.example", "Anna@Customer.example", "bjorn@customer.example", "x@y.example"])
phones = st.sampled_from(["+354 581 1234", "+3545811234", "+371 2612 3456"])


@st.composite
def messages(draw: st.DrawFn) -> dict[str, Any]:
    call = draw(st.sampled_from(["identify", "track", "alias", "page"]))
    told: dict[str, Any] = {"type": call, "userId": draw(users), "anonymousId": draw(browsers)}
    match call:
        case "identify":
            told["traits"] = draw(st.fixed_dictionaries({}, optional={"email": mails, "phone": phones}))
        case "track":
            told["event"] = "Product Viewed"
        case "alias":
            told["previousId"] = draw(browsers)
    if draw(st.integers(0, 4)) == 0:
        told["context"] = {"device": {"id": draw(st.sampled_from(["d-1", "d-2"]))}}
    return told


requests = st.lists(st.tuples(st.sampled_from(["crm", "app"]), messages()), min_size=1, max_size=12)


@pytest.fixture(autouse=True)
def opened():
    for slug in ("crm", "app"):
        sources.open_source(slug, slug, "server")


def customers(batches: Sequence[Sequence[tuple[str, dict[str, Any]]]]) -> dict[UUID, tuple[UUID, bool]]:
    """Whose everything is once these were sent, and who did what: in a house of their own."""
    try:
        with transaction.atomic():
            for batch in batches:
                for slug in ("crm", "app"):
                    origin = touchpoints.origin(slug)
                    sent = [msgspec.json.encode(told) for source, told in batch if source == slug]
                    take_in(origin, understand(origin, sent, 32_000, RECEIVED).items)
                commands.resolve()
            assert list(books.findings()) == []
            kept = {key: (customer, shared) for key, (customer, shared) in whole().items()}
            known = {one.key: one.number for members in queries.members_of(c for c, _ in kept.values()).values()
                     for one in members}  # fmt: skip
            assert known.keys() == kept.keys(), "everybody who is known is somebody's"
            raise Undone
    except Undone:
        return kept


class Undone(Exception):
    """So that the next house is empty again."""


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(requests, st.data())
def test_any_order_of_the_same_touchpoints_gives_the_same_customers(told, data):
    numbered = [(source, {**one, "messageId": f"m-{nth}"}) for nth, (source, one) in enumerate(told)]
    wanted = customers([numbered])
    turned = data.draw(st.permutations(numbered))
    cuts = sorted({0, len(told), *data.draw(st.lists(st.integers(0, len(told)), max_size=4))})
    again = data.draw(st.lists(st.sampled_from(numbered), max_size=3))
    assert customers([*(turned[start:end] for start, end in pairwise(cuts)), again]) == wanted


def test_a_browser_becomes_somebodys_when_they_say_who_they_are_and_what_it_did_before_is_theirs():
    browsed = ("crm", {"type": "page", "anonymousId": "b-1", "messageId": "1"})
    identified = ("crm", {"type": "identify", "userId": "u-1", "anonymousId": "b-1", "messageId": "2",
                          "traits": {"email": "anna@customer.example"}})  # fmt: skip
    first, other = customers([[browsed], [identified]]), customers([[identified], [browsed]])
    assert first == other
    assert len({customer for customer, _ in first.values()}) == 1
    assert len(first) == 3
