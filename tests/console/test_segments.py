"""Segments in the console: written row by row or as text, counted meanwhile, changed, looked back at, removed."""

from datetime import date

import pytest
from django.http import HttpResponse

from samband.console import segment_form
from samband.console.segment_form import Fields
from samband.console.views.segments import KINDS_OF_TRAITS
from samband.customers.segments import queries, writing
from samband.customers.segments.definitions import (
    Agreed,
    Amount,
    Bought,
    Condition,
    Definition,
    Did,
    Doing,
    Trait,
    Visited,
    When,
)
from tests.console.counter import Counter
from tests.customers.segmenting import Done, World, define, settle
from tests.customers.touched import cookie, day, email

LIST, NEW = "/console/customers/segments/", "/console/customers/new-segment/"
ROWS, COUNT = "/console/customers/segment-rows/", "/console/customers/segment-count/"

EVERYTHING = (
    Condition(
        did=Did(
            "Product Viewed", 30, None, None, ("shop",), ("RVK",), ("CUP",), ("home",), Amount("EUR", 150, None), 2, 5,
            Amount("ISK", 100, 900), When(longer_ago_than_days=9), When(since=date(2026, 1, 1)),
        )
    ),
    Condition(did_not=Doing("", since=date(2026, 1, 1), until=date(2026, 1, 31), worth=Amount("EUR", -50, 999))),
    Condition(bought=Bought(("CUP", "LAMP"), ("sofas",), 0, 2, None, 90, channel=("pos",), place=("RIX",))),
    Condition(place=Visited(("RVK", "RIX"), 3, within_days=7)),
    Condition(trait=Trait("orders", 1, 9)),
    Condition(trait=Trait("value", 12_345, None, "EUR")),
    Condition(trait=Trait("country", value=("IS", "NO"))),
    Condition(trait=Trait("has_email", value=False)),
    Condition(trait=Trait("last_order_at", within_days=90, longer_ago_than_days=30)),
    Condition(trait=Trait("favourite_category", known=False)),
    Condition(consent=Agreed("newsletter_email", "unknown")),
    Condition(group=("club", "staff")),
    Condition(known_by=("email", "cookie")),
    Condition(any=(Condition(within="lookers"), Condition(not_in="lookers"))),
)  # fmt: skip


@pytest.fixture
def clerk(world) -> Counter:
    """Somebody in service, three customers, and a segment of two of them."""
    told = World()
    looks = [Done(one, at=day(1), category="home") for one in (cookie("anna"), email("bert"))]
    told.tell(*looks, Done(cookie("cleo"), "Order Completed", day(2)))
    define("lookers", Condition(did=Did(event="Product Viewed")), names={"en": "Lookers", "is": "Skoðendur"})
    settle()
    return Counter("service")


def sent(definition: Definition) -> dict[str, list[str]]:
    """What a browser sends of the form that shows this."""
    fields = segment_form.fields(definition)
    assert fields is not None
    return fields.held


def htmx(clerk: Counter, address: str, **fields: object) -> HttpResponse:
    csrf = clerk.client.cookies["csrftoken"].value
    return clerk.client.post(address, {"csrfmiddlewaretoken": csrf, **fields}, headers={"HX-Request": "true"})


@pytest.mark.parametrize("one", EVERYTHING, ids=lambda one: writing.write([Definition(segment="x", who=one)]))
def test_what_the_form_shows_is_what_it_reads_back(one):
    fields = segment_form.fields(Definition(segment="x", who=one))
    assert segment_form.read(fields, KINDS_OF_TRAITS) == one


def test_a_group_in_a_group_is_for_the_text_alone():
    inner = Condition(any=(Condition(all=(Condition(did=Did()),)),))
    assert segment_form.fields(Definition(segment="x", who=Condition(all=(inner,)))) is None


@pytest.mark.django_db
def test_a_segment_is_begun_in_the_form_and_kept_as_it_was_typed(clerk):
    form = clerk.form(NEW, "save")
    typed = {
        "slug": "all-of-it",
        "names-en": "All of it",
        **sent(Definition(segment="x", who=Condition(any=EVERYTHING))),
    }
    answers = [clerk.client.post(NEW, {**form, **typed}) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303], clerk.words(answers[0])
    saved = queries.segment("all-of-it").definition
    assert saved.who == Condition(any=EVERYTHING)
    assert saved.names == {"en": "All of it"}
    settle()
    page = clerk.words(clerk.get(f"{LIST}all-of-it/"))
    assert "in the last 30 days" in page
    assert "kept up to date" in page
    again = clerk.form(f"{LIST}all-of-it/", "save")
    assert (again["c0.event"], again["c0.at_least"], again["c5.at_least"]) == ("Product Viewed", "2", "123.45")


@pytest.mark.django_db
def test_the_list_tells_who_is_in_each_and_how_many(clerk):
    page = clerk.words(clerk.get(LIST))
    assert "Lookers lookers Looked at a product 2" in page
    one = clerk.words(clerk.get(f"{LIST}lookers/"))
    assert "bert@customer.example" in one
    assert "Without a name" in one


@pytest.mark.django_db
def test_the_size_is_told_while_it_is_written_with_some_who_are_in_it(clerk):
    asked = sent(Definition(segment="x", who=Condition(did=Did(event="Product Viewed"))))
    counted = htmx(clerk, COUNT, **asked)
    assert counted.status_code == 200
    assert "2 customers" in clerk.words(counted)
    assert "bert@customer.example" in clerk.words(counted)
    wrong = htmx(clerk, COUNT, **{**asked, "c0.within_days": "0"})
    assert (wrong.status_code, "must be 1 to 3,650" in clerk.words(wrong)) == (200, True)
    as_text = htmx(clerk, COUNT, deed="text", text="segment: x\nwho: {none: [{in: lookers}]}")
    assert "1 customer" in clerk.words(as_text)
    assert htmx(clerk, COUNT, deed="text", text="segment: [").status_code == 200
    assert [one.slug for one in queries.listed()] == ["lookers"]


@pytest.mark.django_db
def test_rows_come_and_go_with_and_without_scripts(clerk):
    more = htmx(clerk, ROWS, **{"rows": "add:", "how": "any", "c0.kind": "trait", "c0.trait": "country"})
    page = more.content.decode()
    assert 'name="c1.kind"' in page
    assert 'name="c0.words"' in page
    assert more.headers["HX-Trigger-After-Settle"] == "rows-changed"
    inner = htmx(clerk, ROWS, **{"rows": "add:0", "c0.kind": "several", "c0-0.kind": "consent"}).content.decode()
    assert 'name="c0-0.purpose"' in inner
    assert 'name="c0-1.kind"' in inner
    gone = htmx(clerk, ROWS, **{"rows": "out:0", "c0.kind": "several", "c0-0.kind": "consent", "c1.kind": "did"})
    assert 'name="c0' not in gone.content.decode()
    form = clerk.form(NEW, "save")
    plain = clerk.client.post(NEW, {**form, "slug": "half-typed", "deed": "add:"})
    assert (plain.status_code, 'name="c1.kind"' in plain.content.decode()) == (200, True)
    assert clerk.client.post(NEW, {**form, "deed": "nonsense"}).status_code == 404


@pytest.mark.django_db
def test_what_makes_no_sense_comes_back_as_it_was_typed_with_the_reason(clerk):
    form = clerk.form(f"{LIST}lookers/", "save")
    refused = clerk.client.post(f"{LIST}lookers/", {**form, "c0.within_days": "4000"})
    assert refused.status_code == 422
    assert "who.did.within_days: must be 1 to 3,650" in clerk.words(refused)
    assert 'value="4000"' in refused.content.decode()
    typed = clerk.client.post(f"{LIST}lookers/", {**form, "c0.at_least": "many"})
    assert (typed.status_code, queries.segment("lookers").version) == (422, 1)


@pytest.mark.django_db
def test_it_is_changed_as_text_and_every_version_stays_to_be_read(clerk):
    address = f"{LIST}lookers/?as=text"
    text = clerk.form(address, "text")["text"].replace("Product Viewed", "Order Completed")
    assert "is changed" in clerk.told(clerk.do(address, "text", text=text))
    settle()
    assert queries.segment("lookers").size == 1
    history = clerk.words(clerk.get(f"{LIST}lookers/?as=history"))
    assert "Ordered" in history
    assert "Looked at a product" in history
    other = clerk.do(address, "text", text=text.replace("segment: lookers", "segment: others"))
    assert (other.status_code, clerk.do(address, "text", text="segment: [").status_code) == (422, 422)


@pytest.mark.django_db
def test_all_of_them_are_taken_out_as_text_and_brought_in_again(clerk):
    text = clerk.get("/console/customers/segments.yaml").content.decode()
    assert text == writing.write([queries.segment("lookers").definition])
    both = f"{text}---\nsegment: others\nwho: {{not_in: lookers}}\n"
    assert "1 segment is new or different" in clerk.told(clerk.do(LIST, "apply", text=both))
    assert [one.slug for one in queries.listed()] == ["lookers", "others"]
    refused = clerk.do(LIST, "apply", text="segment: third\nwho: {in: nobody}\n")
    assert (refused.status_code, "segment: third" in refused.content.decode()) == (422, True)


@pytest.mark.django_db
def test_one_that_others_ask_about_stays_and_any_other_goes(clerk):
    define("others", Condition(not_in="lookers"))
    assert "remove" not in clerk.deeds(f"{LIST}lookers/")
    assert clerk.told(clerk.do(f"{LIST}others/", "remove")).count("The segment is removed.") == 1
    assert clerk.do(f"{LIST}lookers/", "remove").status_code == 303
    assert (queries.listed(), clerk.get(f"{LIST}lookers/").status_code) == ((), 404)


@pytest.mark.django_db
def test_a_page_of_a_segment_takes_no_more_statements_for_more_members(clerk):
    clerk.get(f"{LIST}lookers/")
    few = clerk.statements(f"{LIST}lookers/")
    World().tell(*(Done(cookie(f"more-{nth}"), at=day(3)) for nth in range(30)))
    settle()
    assert queries.segment("lookers").size == 32
    assert clerk.statements(f"{LIST}lookers/") == few


def test_fields_of_a_form_are_taken_in_their_order():
    held = Fields(
        {"c10.kind": ["did"], "c2.kind": ["group"], "c2-11.kind": ["did"], "c2-3.kind": ["in"], "c3.x": ["1"]}
    )
    assert (held.rows(), held.rows("2"), held.add(), held.add("2")) == (["2", "10"], ["2-3", "2-11"], "11", "2-12")
    held.take_out("2")
    assert held.rows() == ["10", "11"]
