"""Signing in is proving an address; whoever guesses is stopped; an erased customer leaves no trace here."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from samband.customers.accounts import chores, commands, privacy, queries, rules
from samband.customers.accounts.commands import Known
from samband.customers.accounts.models import Address, Contact, Customer, SignInCode
from samband.customers.accounts.refusals import (
    AddressIncomplete,
    EmailTaken,
    NotAnEmail,
    NotAPhone,
    TooManyCodes,
    WrongCode,
)
from samband.customers.accounts.rules import Particulars
from samband.kernel.clock import held_at, now
from samband.kernel.reach import Reach
from samband.kernel.refusal import Invalid, NotFound
from samband.timeline import queries as timeline

pytestmark = pytest.mark.django_db

HOME = Particulars(name="Ελένη Γεωργίου", line1="Ερμού 1", city="Αθήνα", country="GR", postcode="10563")


def test_a_code_lets_the_address_in_and_makes_a_customer_the_first_time():
    asked = commands.ask_code(" Anna@Example.IS ", "is")
    first = commands.sign_in("anna@example.is", asked.code, "shop", "is", "IS")
    again = commands.sign_in("ANNA@example.is", commands.ask_code("anna@example.is", "is").code, "shop")
    assert first.customer_id == again.customer_id
    customer = queries.customer(first.customer_id)
    assert (customer.email, customer.language, customer.market) == ("anna@example.is", "is", "IS")
    names = [told.name for told in timeline.of_customer([first.customer_id])]
    assert names == ["accounts.CustomerSignedIn", "accounts.CustomerSignedIn", "accounts.CustomerRegistered"]


def test_a_code_is_good_for_one_sign_in():
    asked = commands.ask_code("anna@example.is", "is")
    commands.sign_in(asked.email, asked.code, "shop")
    with pytest.raises(WrongCode):
        commands.sign_in(asked.email, asked.code, "shop")


def test_a_code_is_good_for_ten_minutes():
    asked = commands.ask_code("anna@example.is", "is")
    with held_at(now() + timedelta(minutes=10, seconds=1)), pytest.raises(WrongCode):
        commands.sign_in(asked.email, asked.code, "shop")


def test_a_code_opens_no_other_address():
    asked = commands.ask_code("anna@example.is", "is")
    commands.ask_code("other@example.is", "is")
    with pytest.raises(WrongCode):
        commands.sign_in("other@example.is", asked.code, "shop")


def test_five_wrong_tries_spoil_a_code_even_for_whoever_has_it():
    asked = commands.ask_code("anna@example.is", "is")
    wrong = f"{(int(asked.code) + 1) % 1_000_000:06}"
    for _ in range(5):
        with pytest.raises(WrongCode):
            commands.sign_in(asked.email, wrong, "shop")
    with pytest.raises(WrongCode):
        commands.sign_in(asked.email, asked.code, "shop")


def test_only_five_codes_an_hour_are_mailed_to_an_address():
    for _ in range(5):
        commands.ask_code("anna@example.is", "is")
    with pytest.raises(TooManyCodes):
        commands.ask_code("anna@example.is", "is")
    commands.ask_code("other@example.is", "is")
    with held_at(now() + timedelta(hours=1, seconds=1)):
        commands.ask_code("anna@example.is", "is")


def test_the_code_itself_is_not_kept():
    asked = commands.ask_code("anna@example.is", "is")
    kept = SignInCode.objects.get()
    assert asked.code not in str(vars(kept))


@pytest.mark.django_db(transaction=True)
def test_asking_for_codes_at_once_does_not_get_around_the_limit():
    answers, together = [], threading.Barrier(10)

    def ask() -> None:
        together.wait()
        try:
            commands.ask_code("anna@example.is", "is")
            answers.append("mailed")
        except TooManyCodes:
            answers.append("refused")
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["mailed"] * 5 + ["refused"] * 5


@pytest.mark.django_db(transaction=True)
def test_signing_in_twice_at_once_with_one_code_lets_one_in():
    asked = commands.ask_code("anna@example.is", "is")
    answers, together = [], threading.Barrier(4)

    def enter() -> None:
        together.wait()
        try:
            commands.sign_in(asked.email, asked.code, "shop")
            answers.append("in")
        except WrongCode:
            answers.append("out")
        connection.close()

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["in", "out", "out", "out"]
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna",
        "anna@",
        "@example.is",
        "a b@example.is",
        "anna@example",
        "a@b..is",
        "x" * 250 + "@a.is",
        "a\x00@b.is",
    ],
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(NotAnEmail):
        commands.ask_code(text, "en")
    assert not SignInCode.objects.exists()


@given(st.text(max_size=80))
def test_reading_an_address_never_crashes_and_is_settled_at_once(text):
    try:
        read = rules.email(text)
    except NotAnEmail:
        return
    assert rules.email(read) == read


@given(st.text(max_size=30), st.sampled_from(["IS", "PL", "LV", "GR", "GB", None]))
def test_reading_a_number_never_crashes_and_gives_e164(text, country):
    try:
        read = rules.phone(text, country)
    except NotAPhone:
        return
    assert read == "" or (read[0] == "+" and read[1:].isdigit())


@pytest.mark.parametrize(
    ("country", "typed", "written"),
    [("PL", "00029", "00-029"), ("LV", "1011", "LV-1011"), ("LV", "lv 1011", "LV-1011"), ("GR", "10563", "105 63"),
     ("GB", "n19gu", "N1 9GU"), ("IS", "101", "101")],
)  # fmt: skip
def test_postcodes_are_put_in_the_countrys_form(country, typed, written):
    given_address = Particulars(name="A", line1="B", city="C", country=country, postcode=typed)
    assert rules.address(given_address).postcode == written


def test_an_incomplete_address_names_every_field():
    with pytest.raises(AddressIncomplete) as refusal:
        rules.address(Particulars(name=" ", line1="", city="Ríga", country="LV", postcode="abc", phone="12"))
    assert refusal.value.details["fields"] == ["line1", "name", "phone", "postcode"]


def test_there_is_one_usual_address_and_it_can_be_another():
    customer = commands.register("anna@example.is", source="shop")
    first = commands.save_address(customer, HOME)
    second = commands.save_address(customer, HOME, default=True)
    assert [(one.id, one.is_default) for one in queries.addresses(customer)] == [(second, True), (first, False)]


def test_nobody_changes_another_customers_address():
    mine = commands.register("anna@example.is", source="shop")
    other = commands.register("other@example.is", source="shop")
    address = commands.save_address(other, HOME)
    with pytest.raises(NotFound):
        commands.save_address(mine, HOME, address_id=address)
    with pytest.raises(NotFound):
        commands.remove_address(mine, address)
    assert len(queries.addresses(other)) == 1


def test_an_address_in_use_by_another_customer_cannot_be_taken():
    mine = commands.register("anna@example.is", source="shop")
    commands.register("other@example.is", source="shop")
    with pytest.raises(EmailTaken):
        commands.change(mine, email="other@example.is")
    with pytest.raises(Invalid):
        commands.change(mine, language="de")


def test_customers_are_brought_in_once_and_known_addresses_are_the_same_person():
    here = commands.register("anna@example.is", source="shop")
    batch = [Known("1", "anna@example.is"), Known("2", None, "Nobody"), Known("3", "new@example.is")]
    first = commands.bring_in("shopify", batch)
    assert first["1"] == here
    assert commands.bring_in("shopify", batch) == first
    assert Customer.objects.count() == 3


def test_an_erased_customer_leaves_no_trace():
    customer = commands.register("anna@example.is", source="shop", name="Anna Plant", phone="+3545551234")
    commands.save_address(customer, HOME)
    commands.keep_address(HOME, customer_id=customer)
    commands.keep_contact("anna@example.is", "Anna Plant", "+3545551234", customer_id=customer)
    commands.keep_contact("anna@example.is", "Anna Plant as a guest", "+3545551234")
    other = commands.keep_contact("other@example.is", "Somebody Else")
    commands.ask_code("anna@example.is", "is")
    reach = privacy.widen(Reach(customer, (customer,), (), (), ("anna@example.is",), ()))
    assert "anna@example.is" in str(privacy.export(reach))
    privacy.erase(reach)
    kept = str([list(model.objects.values()) for model in (Customer, Address, Contact, SignInCode)])
    for trace in ("anna", "Plant", "5551234", "Γεωργίου", "Ερμού", "10563", "105 63"):
        assert trace not in kept
    assert queries.contact(other).name == "Somebody Else"
    with pytest.raises(NotFound):
        commands.change(customer, name="Anna again")


def test_codes_that_nobody_can_use_are_forgotten_with_the_address():
    commands.ask_code("stranger@example.is", "is")
    assert chores.forget_codes() == 0
    with held_at(now() + timedelta(days=1, seconds=1)):
        assert chores.forget_codes() == 1
