"""Consents in the console: how many agree, in which words they are asked, and saying it for somebody at the counter."""

import pytest

from samband.customers.accounts import commands as accounts
from samband.customers.consent import queries, wordings
from samband.customers.consent.models import Entry
from samband.flows.may_we import may_we_write
from samband.flows.say_consent import answer
from samband.kernel.identifier import identifier
from samband.kernel.ids import new_id
from tests.console.counter import Counter

CONSENTS = "/console/customers/consents/"
NEWS = "newsletter_email"
ANNA = identifier("email", "anna@example.com")


@pytest.fixture(autouse=True)
def fresh():
    wordings.forget()
    yield
    wordings.forget()


@pytest.fixture
def service(world) -> Counter:
    return Counter("service")


@pytest.fixture
def anna(world):
    return accounts.register(ANNA.value, source="shop", name="Anna Jónsdóttir", phone="+3545551234", language="is")


def test_whoever_sees_customers_sees_what_they_agree_to_and_nobody_else(world, service):
    answer(ANNA, {NEWS: True}, "en", source="account", channel="shop")
    page = service.words(service.get(CONSENTS))
    assert wordings.shown(NEWS, "en").text in page
    assert "in their account" in page
    assert ANNA.value not in page, "the log names nobody"
    assert Counter("cashier").get(CONSENTS).status_code == 403


def test_words_of_the_retailers_own_are_asked_from_then_on_and_can_be_taken_back(service):
    service.do(CONSENTS, "write", holding={"about": NEWS}, **{"text-en": "Yes, please", "text-is": "Já, takk"})
    assert wordings.shown(NEWS, "is").text == "Já, takk"
    assert wordings.shown(NEWS, "is").version == "own 1"
    assert wordings.shown(NEWS, "pl").version == wordings.SHIPPED_VERSION
    service.do(CONSENTS, "write", holding={"about": NEWS}, **{"text-en": "", "text-is": ""})
    assert wordings.shown(NEWS, "is").version == wordings.SHIPPED_VERSION


def test_what_somebody_says_at_the_counter_is_kept_with_the_words_that_were_read_out(service, anna):
    address = f"/console/customers/{anna}/consents/"
    form = service.form(address, "say", purpose=NEWS) | {"granted": "yes"}
    assert service.client.post(address, form).status_code == 303
    assert service.client.post(address, form).status_code == 303
    (entry,) = queries.history([ANNA.key])
    assert (entry.source, entry.channel, entry.account) == ("staff", "console", anna)
    assert (entry.wording, entry.language) == (wordings.shown(NEWS, "is").text, "is")
    assert entry.by
    assert may_we_write(ANNA, NEWS).allowed
    service.do(address, "say", holding={"purpose": NEWS}, granted="no")
    assert not may_we_write(ANNA, NEWS).allowed
    page = service.words(service.get(address + "?in=el"))
    assert "told to our staff" in page
    assert wordings.shown(NEWS, "el").text in page


def test_staff_say_nothing_for_addresses_and_people_that_are_not_there(service, anna):
    address = f"/console/customers/{anna}/consents/"
    form = service.form(address, "say", purpose=NEWS) | {"granted": "yes", "address": str(new_id())}
    assert service.client.post(address, form).status_code == 404
    for wrong, status in (({"purpose": "spam"}, 422), ({"granted": "maybe"}, 422), ({"purpose": "offers_sms"}, 422)):
        form = service.form(address, "say", purpose=NEWS) | {"granted": "yes"} | wrong
        assert service.client.post(address, form).status_code == status
    assert service.get(f"/console/customers/{new_id()}/consents/").status_code == 404
    assert not Entry.objects.exists()
