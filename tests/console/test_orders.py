"""Orders in the console: found, seen as their shopper saw them, cancelled and paid back."""

from datetime import timedelta

import pytest

from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.inventory import queries as inventory
from samband.commerce.orders import queries as orders
from samband.commerce.payments import asking
from samband.commerce.payments import commands as payment_commands
from samband.commerce.payments import queries as payments
from samband.engagement.messaging.sending import send_due
from samband.flows.audit import audit
from samband.kernel.clock import held_at, now
from samband.kernel.ids import new_id
from samband.timeline.delivering import deliver
from tests.commerce.paying import CARD, a_token
from tests.console.counter import Counter, bought
from tests.worlds import CUP, LAMP, SOFA


def at(number: str) -> str:
    return f"/console/orders/{number}/"


def test_an_order_is_found_by_number_mail_and_name(admin: Counter) -> None:
    jon = bought(CUP)
    anna = bought(LAMP, email="anna@customer.example", name="Anna Sól")
    for text in (jon.number, jon.number.lower().replace("-", ""), jon.number[:7], "jon@customer.example", "Jón"):
        page = admin.words(admin.get(f"/console/orders/?q={text}"))
        assert jon.number in page, text
        assert anna.number not in page, text
    assert "No order matches." in admin.words(admin.get("/console/orders/?q=nobody"))


def test_a_state_narrows_what_is_found(admin: Counter) -> None:
    declined, placed = bought(CUP, number="4000000000000002"), bought(CUP)
    assert declined.state == "declined"
    for state, there, gone in (("placed", placed, declined), ("cancelled", declined, placed)):
        for text in ("", "jon@customer.example"):
            page = admin.words(admin.get(f"/console/orders/?state={state}&q={text}"))
            assert there.number in page
            assert gone.number not in page


def test_the_list_is_paged_by_the_last_order_of_the_page_before(admin: Counter, monkeypatch) -> None:
    monkeypatch.setattr("samband.console.views.orders.A_PAGE", 2)
    numbers = [bought(CUP).number for _ in range(5)][::-1]
    for query in ("", "q=jon@customer.example"):
        seen, address = [], f"/console/orders/?{query}"
        while address:
            page = admin.get(address).content.decode()
            seen += [number for number in numbers if f"/console/orders/{number}/" in page]
            _, more, rest = page.partition('rel="next" href="')
            address = "/console/orders/" + rest.partition('"')[0].replace("&amp;", "&") if more else ""
        assert seen == numbers


def test_an_order_shows_what_the_shopper_saw(admin: Counter) -> None:
    order = bought(SOFA, CUP, CUP)
    deliver()
    page = admin.words(admin.get(at(order.number)))
    for said in (
        "Sofa, Grár", "Cup", "ISK132,880", "Price list Regular price", "24% VAT of IS included", "Web shop", "Íslenska",
        "free of charge", "Ordered for ISK132,880", "ISK132,880 paid", "Jón Jónsson", "jon@customer.example",
        "promised", "Order confirmation", "Set aside", "Taken",
    ):  # fmt: skip
        assert said in page, said


def test_an_order_is_cancelled_once_however_often_the_button_is_pressed(admin: Counter) -> None:
    order = bought(CUP)
    admin.twice(at(order.number), "cancel", reason="customer")
    view = orders.order(order.order_id)
    assert (view.state, view.reason) == ("cancelled", "customer")
    deliver()
    (intent,) = payments.of_order(order.order_id)
    assert intent.state == "refunded"
    assert [one.kind for one in payments.movements(intent.id)].count("refund") == 1
    assert {place.held for place in inventory.available([CUP])[CUP]} == {0}
    assert list(audit()) == []
    assert "cancel" not in admin.deeds(at(order.number))


def test_what_is_over_is_not_cancelled_again(admin: Counter) -> None:
    order = bought(CUP)
    form = admin.form(at(order.number), "cancel")
    admin.do(at(order.number), "cancel", reason="customer")
    late = admin.client.post(at(order.number), {**form, "reason": "retailer"})
    assert late.status_code == 409
    assert "completed or cancelled already" in admin.words(late)
    assert orders.order(order.order_id).reason == "customer"


@pytest.mark.parametrize("reason", ["", "because", "declined"])
def test_a_cancellation_says_why(admin: Counter, reason: str) -> None:
    order = bought(CUP)
    refused = admin.do(at(order.number), "cancel", reason=reason)
    assert refused.status_code == 422
    assert "Reason: please choose one." in admin.words(refused)
    assert orders.order(order.order_id).state == "placed"


def test_a_part_of_the_money_goes_back_once(admin: Counter) -> None:
    order = bought(LAMP)
    admin.twice(at(order.number), "refund", amount="4900", reason="damaged")
    deliver()
    (intent,) = payments.of_order(order.order_id)
    assert (intent.state, intent.refunded.amount) == ("partly_refunded", 4_900)
    assert orders.order(order.order_id).refunded.amount == 4_900
    assert "ISK4,900" in admin.words(admin.get(at(order.number)))


@pytest.mark.parametrize(
    ("amount", "reason", "status", "said"),
    [
        ("14901", "other", 409, "more than was taken"),
        ("0.5", "other", 422, "Amount: please give an amount"),
        ("-5", "other", 422, "Amount: please give an amount"),
        ("twelve", "other", 422, "Amount: please give an amount"),
        ("9" * 40, "other", 422, "Amount: please give an amount"),
        ("100", "", 422, "Reason: please choose one."),
        ("100", "for Anna Jónsdóttir", 422, "Reason: please choose one."),
        ("100", "stray", 422, "Reason: please choose one."),
    ],
)
def test_a_refund_that_cannot_be_is_refused_and_what_was_typed_stays(
    admin: Counter, amount: str, reason: str, status: int, said: str
) -> None:
    order = bought(LAMP)
    refused = admin.do(at(order.number), "refund", amount=amount, reason=reason)
    assert refused.status_code == status
    assert said in admin.words(refused)
    assert f'value="{amount}"' in refused.content.decode()
    (intent,) = payments.of_order(order.order_id)
    assert intent.refunded.amount == 0


def test_nobody_pays_back_by_another_orders_payment(admin: Counter) -> None:
    mine, other = bought(LAMP), bought(CUP)
    (theirs,) = payments.of_order(other.order_id)
    refused = admin.do(at(mine.number), "refund", intent=str(theirs.id), amount="10", reason="other")
    assert refused.status_code == 404
    assert payments.intent(theirs.id).refunded.amount == 0


def test_money_that_is_only_set_aside_can_be_taken(admin: Counter) -> None:
    order = bought(LAMP)
    (paid,) = payments.of_order(order.order_id)
    asking.undo(paid.id)
    intent_id = new_id()
    payment_commands.start(intent_id, order.order_id, 14_900, "ISK", "card", "sandbox", "manual")
    asking.ask_to_authorise(intent_id, a_token(), "/back")
    admin.twice(at(order.number), "capture", {"intent": str(intent_id)}, amount="10000")
    assert payments.intent(intent_id).captured.amount == 10_000
    over = admin.do(at(order.number), "capture", {"intent": str(intent_id)}, amount="4901")
    assert over.status_code == 409
    assert "more than was set aside" in admin.words(over)


def test_an_analyst_looks_and_changes_nothing(world) -> None:
    order = bought(LAMP)
    analyst = Counter("analyst")
    assert analyst.deeds(at(order.number)) == set()
    csrf = analyst.client.cookies["csrftoken"].value
    sent = {"csrfmiddlewaretoken": csrf, "deed": "cancel", "key": str(new_id()), "reason": "customer"}
    assert analyst.client.post(at(order.number), sent).status_code == 403
    assert orders.order(order.order_id).state == "placed"


def test_an_order_that_is_not_there_is_told_so(admin: Counter) -> None:
    for number in ("ZZZZZ-ZZZZZ", "%00", "x" * 500):
        assert admin.get(f"/console/orders/{number}/").status_code == 404
    assert admin.get(f"/console/orders/{new_id()}/").status_code == 404
    order = bought(CUP)
    assert admin.get(f"/console/orders/{order.order_id}/").headers["Location"] == at(order.number)


def test_a_deed_that_the_page_does_not_know_does_nothing(admin: Counter) -> None:
    order = bought(CUP)
    form = admin.form(at(order.number), "cancel")
    assert admin.client.post(at(order.number), {**form, "deed": "vanish"}).status_code == 404
    assert admin.client.post(at(order.number), {**form, "key": "", "reason": "customer"}).status_code == 422
    assert orders.order(order.order_id).state == "placed"


def test_what_needs_a_look_is_listed(admin: Counter) -> None:
    assert "Every payment is settled." in admin.words(admin.get("/console/orders/unsettled/"))
    silent = bought(CUP, number=CARD["time_out"])
    assert silent.state == "processing"
    page = admin.words(admin.get("/console/orders/unsettled/"))
    assert silent.number in page
    assert "to set money aside" in page
    assert "1 payment unsettled" in admin.words(admin.get("/console/"))


def test_the_statements_of_an_orders_page_are_counted(admin: Counter) -> None:
    order = bought(SOFA, CUP)
    deliver()
    admin.get(at(order.number))
    assert admin.statements("/console/orders/") == 5
    assert admin.statements(at(order.number)) == 13


def test_a_mail_that_could_not_be_sent_is_listed_with_what_it_is_about(admin: Counter, monkeypatch) -> None:
    one = bought(CUP)
    (pickup,) = fulfillments.of_order(one.order_id)
    admin.do(f"/console/pickups/{pickup.id}/", "start")
    admin.do(f"/console/pickups/{pickup.id}/", "pick-all")
    admin.do(f"/console/pickups/{pickup.id}/", "ready")
    deliver()
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", _no_post_today)
    start = now()
    for hours in range(8):
        with held_at(start + timedelta(hours=3 * hours)):
            send_due()
    page = admin.get("/console/orders/unsettled/")
    for said in ("Order confirmation", "Ready for pickup", "ConnectionError"):
        assert said in admin.words(page)
    assert f'href="/console/pickups/{pickup.id}/"' in page.content.decode()
    assert "jon@customer.example" not in page.content.decode()
    assert "2 messages failed" in admin.words(admin.get("/console/"))


def _no_post_today(*_: object, **__: object) -> int:
    raise ConnectionError
