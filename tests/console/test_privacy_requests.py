"""What customers ask about their data, seen to by staff: written down by one, done by another who may."""

import io
import json
import zipfile
from datetime import timedelta

import pytest

from samband.commerce.cart import commands as carts
from samband.commerce.cart import queries as cart_queries
from samband.commerce.cart.refusals import NoSuchCart
from samband.commerce.orders import queries as orders
from samband.customers.accounts import commands as accounts
from samband.customers.accounts import queries as account_queries
from samband.customers.rights import queries as rights
from samband.customers.rights.models import Request
from samband.customers.rights.rules import USUAL
from samband.flows.audit import audit
from samband.flows.export_customer import ask_for_export
from samband.flows.finish_order import cancel_order
from samband.flows.keep_no_longer import DEEDS, keep_no_longer, preview
from samband.kernel.clock import held_at, now
from samband.timeline.delivering import deliver
from tests.console.counter import Counter, bought
from tests.worlds import CUP, REYKJAVIK

JON = "jon@customer.example"
REQUESTS, KEEPING = "/console/privacy/", "/console/privacy/keeping/"


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def agent(world) -> Counter:
    return Counter("service", location=REYKJAVIK)


@pytest.fixture
def jon(world):
    return accounts.register(JON, source="shop", name="Jón Jónsson", language="is", market="IS")


def asked(counter: Counter, kind: str, who: str = JON) -> str:
    done = counter.do(REQUESTS, "ask", who=who, kind=kind, ground="in_writing")
    assert done.status_code == 303, counter.words(done)
    return str(done.headers["Location"])


def test_what_one_writes_down_another_does(agent, admin, jon):
    at = asked(agent, "erasure")
    assert "Somebody whose role may erase has to look at this." in agent.words(agent.get(at))
    assert "agree" not in agent.deeds(at)
    form = {**agent.form(at, "withdraw"), "deed": "agree"}
    assert agent.client.post(at, form).status_code == 403
    assert not account_queries.customer(jon).erased_at
    assert JON in admin.words(admin.get(at)), "whoever does it sees whom it is about"
    assert "The customer is erased." in admin.told(admin.do(at, "agree"))
    assert account_queries.customer(jon).erased_at
    assert JON not in admin.words(admin.get(at))
    (request,) = rights.requests()
    assert (request.by, request.ground, request.state) == ("staff", "in_writing", "done")


def test_nobody_is_written_down_who_is_not_known_and_nothing_personal_is_kept_of_them(agent, world):
    refused = agent.do(REQUESTS, "ask", who="nobody@customer.example", kind="export", ground="by_phone")
    assert refused.status_code == 404
    assert "Nothing is kept about such a person." in agent.words(refused)
    nonsense = agent.do(REQUESTS, "ask", who="nobody", kind="export", ground="by_phone")
    assert nonsense.status_code == 422
    assert rights.requests() == ()


def test_their_data_is_put_together_for_staff_and_fetched_by_whoever_may(agent, admin, jon):
    at = asked(agent, "export")
    admin.told(admin.do(at, "agree"))
    assert "Fetch the file" not in agent.words(agent.get(at))
    assert agent.get(f"{at}file/").status_code == 403
    fetched = admin.get(f"{at}file/")
    pack = zipfile.ZipFile(io.BytesIO(b"".join(fetched.streaming_content)))
    assert json.loads(pack.read("data.json"))["accounts"]["customer"][0]["email"] == JON
    assert fetched.headers["Cache-Control"] == "no-store"


def test_an_export_that_a_customer_asked_for_is_theirs_to_fetch(admin, jon):
    request = ask_for_export(jon, by="customer", account=jon)
    assert admin.get(f"{REQUESTS}{request}/file/").status_code == 404


def test_orders_under_way_are_named_and_erasing_waits_for_them(agent, admin, world):
    outcome = bought(CUP)
    at = asked(agent, "erasure")
    assert outcome.number in admin.words(admin.get(at))
    assert "as soon as their orders under way have ended" in admin.told(admin.do(at, "agree"))
    assert "Waits for orders to end" in admin.words(admin.get(at))
    cancel_order(outcome.order_id, "customer", key="off")
    while deliver():
        pass
    assert "The customer is erased." in admin.told(admin.do(at, "again"))


def test_a_late_request_stands_out(agent, jon):
    asked(agent, "erasure")
    assert " late " not in agent.words(agent.get(REQUESTS))
    (request,) = rights.requests()
    Request.objects.update(deadline=now() - timedelta(minutes=1))
    assert " late " in agent.words(agent.get(REQUESTS))
    assert rights.request(request.id).is_late


def test_every_rule_of_keeping_can_be_carried_out_and_is_shown(admin, world):
    assert set(DEEDS) == set(USUAL)
    page = admin.get(KEEPING)
    assert "Carts of people who did not sign in" in admin.words(page)
    assert [one.count for one in preview()] == [0] * len(USUAL)


def test_old_carts_of_nobody_are_counted_and_let_go_and_others_stay(admin, agent, world):
    old, own = carts.open_cart("IS").id, carts.open_cart("IS", accounts.register(JON, source="shop")).id
    with held_at(now() + timedelta(days=40)):
        young = carts.open_cart("IS").id
    with held_at(now() + timedelta(days=61)):
        assert [one.count for one in preview() if one.keeping.rule.code == "guest_carts"] == [1]
        assert keep_no_longer("guest_carts") == {"guest_carts": 1}
        assert keep_no_longer("guest_carts") == {}
    with pytest.raises(NoSuchCart):
        cart_queries.cart(old)
    assert cart_queries.cart(own)
    assert cart_queries.cart(young)


def test_a_rule_is_changed_by_whoever_may_and_never_below_what_is_needed(admin, agent, world):
    assert agent.deeds(KEEPING) == set()
    done = admin.do(KEEPING, "keep", {"rule": "guest_carts"}, days="5")
    assert "The rule is changed." in admin.told(done)
    assert next(one for one in rights.keeping() if one.rule.code == "guest_carts").days == 5
    assert admin.do(KEEPING, "keep", {"rule": "contacts_of_orders"}, days="3").status_code == 422
    admin.told(admin.do(KEEPING, "keep", {"rule": "guest_carts"}, days=""))
    carts.open_cart("IS")
    with held_at(now() + timedelta(days=3000)):
        assert "guest_carts" not in keep_no_longer()


def test_whom_an_order_was_for_goes_in_time_and_what_was_sold_stays(world, monkeypatch):
    """A few at a time, and going on where it stopped; drafts that came to nothing long before orders that were kept."""
    monkeypatch.setattr("samband.flows.keep_no_longer.AT_ONCE", 1)
    placed = [bought(CUP).order_id for _ in range(3)]
    draft = bought(CUP, number="4000000000000002").order_id
    for one in placed:
        cancel_order(one, "customer", key=f"off-{one}")
    while deliver():
        pass

    def names() -> list[str]:
        return [account_queries.contact(orders.order(one).contact_id).name for one in (*placed, draft)]

    with held_at(now() + timedelta(days=31)):
        assert keep_no_longer("contacts_of_drafts") == {"contacts_of_drafts": 1}
        assert names() == ["Jón Jónsson"] * 3 + [""]
        assert keep_no_longer("contacts_of_orders") == {}
    with held_at(now() + timedelta(days=2600)):
        assert keep_no_longer("contacts_of_orders") == {"contacts_of_orders": 3}
        assert names() == [""] * 4
        assert keep_no_longer("contacts_of_orders") == {}
    assert orders.order(placed[0]).total.amount > 0
    assert list(audit()) == []
