"""Customers in the console: found, known by their whole story, and put right."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.test import Client

from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.orders import commands as orders
from samband.commerce.orders.rules import DraftLine, Historic
from samband.customers.accounts import commands as accounts
from samband.customers.accounts import queries
from samband.customers.accounts.rules import Particulars
from samband.customers.identity import queries as who
from samband.engagement.messaging.sending import send_due
from samband.flows.check_out import come_back
from samband.flows.customer_story import IMPORTED, KINDS, customer_story
from samband.flows.follow_customers import follow
from samband.kernel.event import KNOWN
from samband.kernel.identifier import Identifier, identifier
from samband.kernel.ids import new_id
from samband.kernel.refusal import Invalid
from samband.timeline import queries as timeline
from samband.timeline.delivering import deliver
from tests.console.counter import HOME, Counter, bought
from tests.console.test_pickups import at, ready
from tests.customers.touched import Told, cookie, day, email, same, tell
from tests.worlds import CUP, REYKJAVIK, SOFA


@pytest.fixture
def agent(world) -> Counter:
    return Counter("service", location=REYKJAVIK)


@pytest.fixture
def jon(world) -> UUID:
    customer_id = accounts.register(
        "jon@customer.example", source="shop", name="Jón Jónsson", language="is", market="IS"
    )
    accounts.save_address(customer_id, HOME, default=True)
    return customer_id


def of(customer_id: UUID, query: str = "") -> str:
    return f"/console/customers/{customer_id}/{query}"


def all_is_said() -> None:
    while deliver() or send_due():
        pass


def long_ago(customer_id: UUID, *references: str) -> None:
    """Orders that another system took, a day apart."""
    line = DraftLine("OLD", "Something old", 1, 1_000, 1_000, 1_000, 0, 0)
    orders.write_history(
        [
            Historic(
                source="shopify", reference=reference, kind="sale", state="completed", customer_id=customer_id,
                channel="shop", market="IS", language="is", currency="ISK", total=1_000, total_net=1_000, total_vat=0,
                shipping=0, shipping_vat=0, placed_at=datetime(2020, 1, day, tzinfo=UTC), lines=(line,),
            )
            for day, reference in enumerate(references, 1)
        ]
    )  # fmt: skip


def test_a_customer_is_found_by_name_mail_and_reference(agent: Counter, jon: UUID) -> None:
    accounts.bring_in("shopify", [accounts.Known("S-1", "anna@customer.example", "Anna Sól")])
    for text, there in (("Jón", "Jón Jónsson"), ("anna@", "Anna Sól"), ("S-1", "Anna Sól")):
        page = agent.words(agent.get(f"/console/customers/?q={text}"))
        assert there in page
        assert ("Jón Jónsson" in page) != ("Anna Sól" in page)
    assert "No customer matches." in agent.words(agent.get("/console/customers/?q=nobody"))


def test_customers_are_paged(agent: Counter, jon: UUID, monkeypatch) -> None:
    monkeypatch.setattr("samband.console.views.customers.A_PAGE", 1)
    accounts.register("anna@customer.example", source="shop", name="Anna Sól")
    first = agent.get("/console/customers/").content.decode()
    _, _, rest = first.partition('rel="next" href="')
    second = agent.get("/console/customers/" + rest.partition('"')[0].replace("&amp;", "&")).content.decode()
    assert ["Anna Sól" in first, "Jón Jónsson" in first] == [True, False]
    assert ["Anna Sól" in second, "Jón Jónsson" in second] == [False, True]


def test_the_whole_way_of_a_pickup_stands_on_the_customers_timeline(agent: Counter, jon: UUID) -> None:
    order = bought(SOFA, customer_id=jon, number="4000000000003220")
    assert order.state == "action_required"
    _confirm(order.url)
    assert come_back(order.order_id).state == "placed"
    (one,) = fulfillments.of_order(order.order_id)
    code = ready(agent, one.id)
    all_is_said()
    agent.do(at(one.id), "hand-over", code=code)
    all_is_said()
    told = list(_sentences(agent, of(jon)))
    assert [one.partition(" until ")[0] for one in told] == list(WHOLE_WAY)


WHOLE_WAY = (
    "Order completed",
    "Handed over at Samband RVK",
    "Mail sent: Ready for pickup",
    "Mail sent: Order confirmation",
    "Ready for pickup at Samband RVK",
    "Being picked",
    "Pickup asked of Samband RVK",
    "Ordered for ISK129,900",
    "ISK129,900 paid",
    "ISK129,900 set aside",
    "The bank asked for a second factor",
    "Went to pay ISK129,900; the goods are held",
    "Particulars changed",
    "Became a customer: Web shop",
)


def _confirm(url: str) -> None:
    """The customer types the code that the bank sent them."""
    path = "/" + url.split("://", 1)[-1].split("/", 1)[1] if "://" in url else url
    answer = Client().post(path, {"code": "1234", "decision": "approve"})
    assert answer.status_code < 400


def _sentences(agent: Counter, address: str) -> Iterator[str]:
    page = agent.get(address).content.decode()
    story = page[page.index('<ol class="story">') : page.index("</ol>")]
    for item in story.split("</time>")[1:]:
        yield item.partition("<")[0].strip()


def test_a_timeline_is_narrowed_by_kind(agent: Counter, jon: UUID) -> None:
    bought(CUP, customer_id=jon)
    all_is_said()
    for kind, there, gone in (
        ("orders", "Ordered for", "paid"),
        ("payments", "paid", "Ordered for"),
        ("goods", "Pickup asked of", "paid"),
        ("messages", "Mail sent: Order confirmation", "paid"),
        ("account", "Became a customer", "paid"),
    ):
        said = " ".join(_sentences(agent, of(jon, f"?kind={kind}")))
        assert there in said
        assert gone not in said
    assert agent.get(of(jon, "?kind=zzz")).status_code == 200
    assert agent.get(of(jon, "?before=zzz")).status_code == 422


def test_a_mail_stands_once_on_the_timeline_as_far_as_it_has_come(agent: Counter, jon: UUID) -> None:
    bought(CUP, customer_id=jon)
    deliver()
    assert "Mail will be sent: Order confirmation" in list(_sentences(agent, of(jon)))
    all_is_said()
    mails = [one for one in _sentences(agent, of(jon)) if "Order confirmation" in one]
    assert mails == ["Mail sent: Order confirmation"]


def test_history_from_elsewhere_stands_where_it_happened(jon: UUID) -> None:
    long_ago(jon, "A", "B")
    bought(CUP, customer_id=jon)
    story = customer_story(jon, "orders")
    codes = [moment.code for moment in story.moments]
    assert codes == ["orders.OrderPlaced", "orders.OrderDrafted", IMPORTED, IMPORTED]
    assert [moment.at.day for moment in story.moments[-2:]] == [2, 1]
    assert story.before == ""


@pytest.mark.parametrize("most", [1, 2, 3, 5])
def test_a_timeline_read_by_pages_is_the_whole_one(jon: UUID, most: int) -> None:
    long_ago(jon, "A", "B", "C")
    bought(CUP, customer_id=jon)
    all_is_said()
    whole = customer_story(jon, most=500)
    assert whole.before == ""
    read, before = [], ""
    while True:
        page = customer_story(jon, before=before, most=most)
        read += page.moments
        if not page.before:
            break
        before = page.before
    assert tuple(read) == whole.moments
    assert len(whole.moments) > 8


def test_another_customers_story_is_another(agent: Counter, jon: UUID) -> None:
    anna = accounts.register("anna@customer.example", source="shop", name="Anna Sól")
    bought(CUP, customer_id=jon)
    all_is_said()
    assert list(_sentences(agent, of(anna))) == ["Became a customer: Web shop"]


def test_every_event_has_a_kind_or_is_for_the_house_alone() -> None:
    told = {name for names in KINDS.values() for name in names}
    about_customers = {
        name for name, event in KNOWN.items()
        if name.split(".")[0]
        in ("orders", "fulfillment", "payments", "messaging", "accounts", "consent", "identity", "segments")
    }  # fmt: skip
    for_the_house = {
        "orders.OrderImported", "payments.PaymentStarted",
        "payments.PaymentHistoryImported", "accounts.SignInCodeAsked",
        "payments.GiftCardIssued", "payments.GiftCardAdjusted", "payments.GiftCardCancelled",
        "payments.GiftCardExpired",
        "fulfillment.SlotReserved", "fulfillment.SlotFreed", "fulfillment.LabelBought", "fulfillment.LabelRefused",
        "fulfillment.LabelVoided", "fulfillment.FulfillmentExtended", "fulfillment.FulfillmentReduced",
        "fulfillment.FulfillmentRedirected", "consent.WordingWritten", "consent.ConsentAsked",
        "identity.ReviewDecided", "identity.CustomerForgotten", "segments.SegmentFilled", "segments.SegmentChanged",
        "segments.SegmentRemoved",
    }  # fmt: skip
    assert about_customers - told == for_the_house
    assert told <= set(KNOWN)


def test_a_kind_that_is_none_is_refused(jon: UUID) -> None:
    with pytest.raises(Invalid):
        customer_story(jon, "gossip")


def test_particulars_are_put_right(agent: Counter, jon: UUID) -> None:
    agent.twice(of(jon), "correct", name="Jón  Á. Jónsson", phone="555 1234", language="el", group="club")
    view = queries.customer(jon)
    assert (view.name, view.phone, view.language, view.group) == ("Jón Á. Jónsson", "+3545551234", "el", "club")
    assert view.email == "jon@customer.example"
    agent.do(of(jon), "correct", group="")
    assert queries.customer(jon).group is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": "no address"}, "That is not an e-mail address."),
        ({"phone": "call me"}, "That is not a telephone number."),
        ({"name": ""}, "Please check: Name."),
        ({"language": "tlh"}, "Language: please choose one."),
        ({"email": "anna@customer.example"}, "Another customer has this e-mail address."),
    ],
)
def test_particulars_that_cannot_be_are_refused_and_stay_typed(
    agent: Counter, jon: UUID, fields: dict[str, str], said: str
) -> None:
    accounts.register("anna@customer.example", source="shop")
    before = queries.customer(jon)
    refused = agent.do(of(jon), "correct", **{"group": "typed", **fields})
    assert refused.status_code in (409, 422)
    assert said in agent.words(refused)
    assert 'value="typed"' in refused.content.decode()
    assert queries.customer(jon) == before


def test_an_address_is_put_right(agent: Counter, jon: UUID) -> None:
    agent.twice(of(jon), "address", line1="Skólavörðustígur 3", postcode="101")
    (address,) = queries.addresses(jon)
    assert address.given == Particulars("Jón Jónsson", "Skólavörðustígur 3", "Reykjavík", "IS", "101")
    refused = agent.do(of(jon), "address", postcode="1", city="")
    assert "Please check: Town, Postcode." in agent.words(refused)
    other = accounts.save_address(accounts.register("anna@customer.example", source="shop"), HOME)
    stolen = agent.do(of(jon), "address", address=str(other))
    assert stolen.status_code == 404


def test_a_customer_who_is_not_there_is_told_so(agent: Counter) -> None:
    assert agent.get(of(new_id())).status_code == 404


def test_nothing_personal_is_logged(agent: Counter, jon: UUID, capsys, caplog) -> None:
    agent.do(of(jon), "correct", email="no address")
    agent.get("/console/customers/?q=jon@customer.example")
    Counter().sign_in("jon@customer.example", "not their password")
    written = "".join(capsys.readouterr()) + caplog.text
    assert "jon" not in written.lower()


def test_the_statements_of_a_customers_page_are_counted(agent: Counter, jon: UUID) -> None:
    bought(CUP, customer_id=jon)
    all_is_said()
    agent.get(of(jon))
    assert agent.statements("/console/customers/") == 5
    assert agent.statements(of(jon)) == 24
    assert timeline.backlog().waiting == 0


WEB, MAIL, STRANGER = cookie("web"), email("jon"), cookie("stranger")


@pytest.fixture
def seen(jon: UUID) -> Identifier:
    """Jón, seen on the web in January, in a chat in March and in the store in June; a browser joins him to it."""
    account = identifier("account", str(jon))
    tell(
        Told(WEB, "Product Added", day(10), "web", "browser", properties={"name": "Sofa Hallormur"}, category="sofas"),
        Told(MAIL, "Conversation Started", day(75), "chat"),
        Told(account, "Order Completed", day(160), "pos", order="T-1", worth=129_900, currency="ISK", place=REYKJAVIK),
        Told(STRANGER, "Page Viewed", day(11), "web", "browser", properties={"title": "Cups"}),
    )
    same((account, MAIL), rule="verified")
    same((MAIL, WEB), rule="stated")
    follow()
    return account


def test_a_cart_on_the_web_a_chat_and_a_purchase_at_the_till_months_later_are_one_journey(
    agent: Counter, jon: UUID, seen: Identifier
) -> None:
    told = list(_sentences(agent, of(jon)))
    assert told[-3:] == ["Ordered: ISK129,900", "Began a conversation", "Put into the cart: Sofa Hallormur"]
    assert "Became a customer: Web shop" in told
    page = agent.words(agent.get(of(jon)))
    for fact in ("Customer since 1 January 2026", "First channel Another web site", "Favourite category Sofas"):
        assert fact in page
    assert "Value ISK129,900" in page
    assert "signed in with a mailed code on 1 January 2026" in page


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("?kind=visits", ["Put into the cart: Sofa Hallormur"]),
        ("?kind=messages", ["Began a conversation"]),
        ("?kind=orders", ["Ordered: ISK129,900"]),
        ("?channel=chat", ["Began a conversation"]),
        ("?from=2026-03-01&to=2026-03-31", ["Began a conversation"]),
        ("?from=2026-03-17&to=2026-03-17", ["Began a conversation"]),
        ("?from=2026-03-18&to=2026-03-31", []),
        ("?from=2026-01-01&to=2026-04-01&channel=web", ["Put into the cart: Sofa Hallormur"]),
    ],
)
def test_a_timeline_is_narrowed_by_kind_channel_and_time(
    agent: Counter, jon: UUID, seen: Identifier, query: str, there: list[str]
) -> None:
    if there:
        assert list(_sentences(agent, of(jon, query))) == there
    else:
        assert "Nothing of this kind yet." in agent.words(agent.get(of(jon, query)))


def test_a_date_that_is_none_narrows_nothing(agent: Counter, jon: UUID, seen: Identifier) -> None:
    assert list(_sentences(agent, of(jon, "?from=soon&to=2026-99-99"))) == list(_sentences(agent, of(jon)))


def test_somebody_of_whom_only_a_browser_is_known_has_a_page_too(agent: Counter, seen: Identifier) -> None:
    page = agent.words(agent.get(of(STRANGER.key)))
    assert "Somebody without a name" in page
    assert "Looked at a page: Cups" in page
    assert "Browser cookie-stranger" in page
    assert agent.deeds(of(STRANGER.key)) == {"decide", "share"}


def test_any_id_they_ever_had_leads_to_the_customer(agent: Counter, jon: UUID, seen: Identifier) -> None:
    for key in (WEB.key, MAIL.key):
        sent_on = agent.get(of(key, "?kind=orders"))
        assert (sent_on.status_code, sent_on.headers["Location"]) == (302, of(jon, "?kind=orders"))


@pytest.mark.parametrize("text", ["jon@customer.example", "JON@Customer.example", "9354-0012"])
def test_a_customer_is_found_by_what_they_are_known_by(agent: Counter, jon: UUID, seen: Identifier, text: str) -> None:
    same((seen, identifier("loyalty", "9354 0012")), rule="user")
    follow()
    found = agent.get(f"/console/customers/?q={text}").content.decode()
    assert found.count(of(jon)) == 1
    assert "Jón Jónsson" in found


def test_a_customer_is_found_by_the_number_of_an_order(agent: Counter, jon: UUID) -> None:
    order = bought(CUP, customer_id=jon)
    found = agent.get(f"/console/customers/?q={order.number}").content.decode()
    assert (of(jon) in found, "by order number" in found) == (True, True)


def test_what_joined_two_is_taken_back_with_a_reason_and_restored(agent: Counter, jon: UUID, seen: Identifier) -> None:
    numbers = who.numbers([MAIL.key, WEB.key])
    (said,) = (one for one in who.assertions(jon) if {one.a, one.b} == set(numbers.values()))
    its = {"assertion": str(said.id)}
    agent.twice(of(jon), "take-back", its, reason="His sister's computer")
    page = agent.words(agent.get(of(jon)))
    assert "Taken back on" in page
    assert "His sister's computer" in page
    assert "Put into the cart" not in page
    assert "Put into the cart: Sofa Hallormur" in agent.words(agent.get(of(WEB.key)))
    assert "Favourite category" not in page
    agent.twice(of(jon), "restore", its)
    assert "Favourite category Sofas" in agent.words(agent.get(of(jon)))
    refused = agent.client.post(of(jon), {"deed": "take-back", "assertion": "9" * 17, "reason": "x", "key": "k",
                                          **_token(agent, of(jon))})  # fmt: skip
    assert refused.status_code == 404


def _token(agent: Counter, address: str) -> dict[str, str]:
    form = agent.form(address, "decide")
    return {"csrfmiddlewaretoken": form["csrfmiddlewaretoken"]}


def test_taking_back_wants_a_reason(agent: Counter, jon: UUID, seen: Identifier) -> None:
    before = everybody()
    assert agent.do(of(jon), "take-back", reason="").status_code == 422
    assert everybody() == before


def test_two_are_decided_to_be_the_same_person_or_not(agent: Counter, jon: UUID, seen: Identifier) -> None:
    anna = accounts.register("anna@customer.example", source="shop", name="Anna Sól")
    same((identifier("account", str(anna)), email("anna")), rule="verified")
    follow()
    deed = {"who": "anna@customer.example", "reason": "She married him"}
    agent.twice(of(jon), "decide", None, **deed, decision="same")
    assert who.customer_of(anna) == who.customer_of(jon)
    page = agent.words(agent.get(of(min(jon, anna))))
    assert "a person decided that it is the same person" in page
    assert "She married him" in page
    assert (
        "jon@customer.example, anna@customer.example" in page or "anna@customer.example, jon@customer.example" in page
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nobody@customer.example", "Nobody is known by that."),
        ("Jón", "These are one and the same already."),
        ("customer.example", "Nobody is known by that."),
        ("Sól", "That may be several people."),
    ],
)
def test_who_is_meant_must_be_clear(agent: Counter, jon: UUID, seen: Identifier, text: str, said: str) -> None:
    for nth in range(2):
        accounts.register(f"sol-{nth}@customer.example", source="shop", name=f"Anna Sól {nth}")
    refused = agent.do(of(jon), "decide", who=text, decision="same", reason="x")
    assert said in agent.words(refused)
    assert "Somebody decided" not in agent.words(refused)


def test_what_many_use_is_marked_and_joins_nobody(agent: Counter, jon: UUID, seen: Identifier) -> None:
    agent.do(of(jon), "share", {"identifier": str(WEB.key)})
    assert who.customer_of(WEB.key) != jon
    assert "many use it" in agent.words(agent.get(of(WEB.key)))
    agent.do(of(WEB.key), "share", {"identifier": str(WEB.key)})
    assert who.customer_of(WEB.key) == jon


def everybody() -> dict[str, tuple[UUID | None, ...]]:
    return {"who": tuple(who.customer_of(one.key) for one in (WEB, MAIL, STRANGER))}


def test_touchpoints_of_the_vocabulary_have_words() -> None:
    from samband.console import touch_texts
    from samband.customers.touchpoints.vocabulary import OURS, SPOKEN
    from samband.flows.story_kinds import TOUCHES

    told = {*SPOKEN, *OURS, *(name for names in TOUCHES.values() for name in names)}
    assert told - set(touch_texts.TEXTS) == set()
