"""What goes into the record by the console's door, and who may read it."""

from uuid import UUID

import pytest

from samband.customers.accounts import commands as accounts
from samband.staff import recorded
from samband.staff.recorded import Asked, Noted
from tests.console.counter import Counter, bought
from tests.worlds import CUP, REYKJAVIK, SOFA


@pytest.fixture
def agent(world) -> Counter:
    return Counter("service", location=REYKJAVIK)


@pytest.fixture
def jon(world) -> UUID:
    return accounts.register("jon@customer.example", source="shop", name="Jón Jónsson", language="is", market="IS")


def notes(**asked: object) -> list[Noted]:
    return list(recorded.found(Asked(**asked), None, 100))  # type: ignore[arg-type]


def test_whoever_looks_at_a_customer_is_on_record_and_shown_to_an_admin(agent, admin, jon) -> None:
    agent.get(f"/console/customers/{jon}/")
    [look] = notes(about=[f"customer:{jon}"], outcome="saw")
    assert (look.deed, look.door) == ("console:customer", "console")
    assert look.actor.startswith("member:")
    page = admin.words(admin.get(f"/console/customers/{jon}/"))
    assert "Who looked" in page
    assert "Test service" in page
    assert "Who looked" not in agent.words(agent.get(f"/console/customers/{jon}/"))


def test_a_search_notes_whom_it_showed_and_never_what_was_typed(agent, jon) -> None:
    agent.get("/console/customers/?q=jon@customer.example")
    [look] = notes(outcome="saw")
    assert f"customer:{jon}" in look.about
    assert "jon@" not in str(look)


def test_an_order_is_noted_with_its_customer(agent, jon) -> None:
    order = bought(CUP, customer_id=jon)
    agent.get(f"/console/orders/{order.number}/")
    [look] = notes(outcome="saw")
    assert {f"order-number:{order.number}", f"order:{order.order_id}", f"customer:{jon}"} <= set(look.about)


def test_a_deed_is_noted_once_with_its_refusal_and_without_its_values(agent) -> None:
    order = bought(SOFA)
    address = f"/console/orders/{order.number}/"
    refused = agent.do(address, "refund", amount="99999999")
    assert refused.status_code >= 400
    [deed] = [one for one in notes() if one.deed.startswith("console:order ")]
    assert (deed.deed, deed.outcome, bool(deed.code)) == ("console:order refund", "refused", True)
    assert "99999999" not in str(deed)
    assert any(one.startswith("intent:") for one in deed.about)


def test_a_page_that_shows_nobody_costs_no_note(admin) -> None:
    admin.get("/console/stock/")
    assert notes(outcome="saw") == []


def test_a_door_that_stayed_shut_is_noted(agent) -> None:
    assert agent.get("/console/staff/").status_code == 403
    [note] = [one for one in notes(outcome="refused") if one.code == "forbidden"]
    assert note.deed == "console:staff"


def test_an_admin_reads_the_record_by_whom_about_what_and_when(agent, admin, jon) -> None:
    agent.get(f"/console/customers/{jon}/")
    for query, said in (
        ("", True),
        (f"?about={jon}", True),
        ("?outcome=saw", True),
        ("?outcome=refused&who=nobody", False),
        ("?about=AAAAA-AAAAA", False),
        ("?about=jon%40customer.example", False),
        ("?to=2020-01-01", False),
        ("?from=2020-01-01", True),
        ("?from=nonsense&before=nonsense&who=%00", True),
    ):
        page = admin.get(f"/console/record/{query}")
        assert page.status_code == 200
        assert ("console:customer" in admin.words(page).split("Search")[-1]) == said, query
    assert agent.get("/console/record/").status_code == 403
