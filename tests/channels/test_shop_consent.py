"""What a visitor lets us do: asked without a trick, kept word for word, taken back as easily as given."""

import re

import pytest
from django.core import mail

from samband.channels.shop import choices_cookie
from samband.channels.shop.choices_cookie import Choices, made
from samband.channels.shop.forgetting import forget
from samband.customers.consent import asking, links, queries, wordings, writing
from samband.customers.consent.deciding import Address
from samband.customers.consent.models import Entry
from samband.customers.identity import queries as identity
from samband.engagement.messaging.sending import send_due
from samband.flows.may_we import may_we, may_we_write
from samband.flows.say_consent import answer
from samband.kernel.clock import now
from samband.kernel.identifier import identifier
from samband.kernel.languages import LANGUAGES
from samband.timeline import queries as timeline
from tests import worlds
from tests.channels.shopper import Shopper
from tests.worlds import CUP

pytestmark = pytest.mark.django_db(transaction=True)

ANNA = "anna@example.com"
NEWS = "newsletter_email"
OURS = {"HTTP_SEC_FETCH_SITE": "same-origin"}
QUESTION = 'id="ask"'


@pytest.fixture
def shop(transactional_db, settings, tmp_path):
    settings.SEARCH_ROOT = tmp_path / "search"
    worlds.small_world()
    forget()
    queries.forget_remembered()
    yield Shopper()
    forget()
    worlds.fresh_processes()


def decide(shop: Shopper, do: str, **more) -> Shopper:
    return shop.send("privacy/choices/", {"do": do, "from": "dialogue", "back": "c/home/"}, **(OURS | more))


def carried(shop: Shopper) -> Choices | None:
    return choices_cookie.read(shop.client.cookies["samband_choices"].value)


def of_browser(shop: Shopper) -> dict[str, bool]:
    key = identifier("cookie", carried(shop).visitor).key
    return {one.purpose: one.granted for one in queries.standings([key])}


def news(email: str = ANNA) -> bool:
    return may_we_write(identifier("email", email), NEWS).allowed


def link_mailed_to(email: str) -> str:
    send_due()
    letter = [one for one in mail.outbox if email in one.to][-1]
    found = re.search(r"https?://[^/\s]+/en-is/(newsletter/confirm/\S+)", letter.body)
    assert found
    return found[1]


# --- the question


def test_everybody_is_asked_until_they_answer_also_on_pages_kept_for_everybody(shop):
    for path in ("", "c/home/", "p/cup/", "stores/"):
        assert QUESTION in shop.look(path).source or QUESTION in _unpacked(shop, path)
    decide(shop, "refuse")
    assert (shop.status, shop.went_to) == (303, "/en-is/c/home/")
    for path in ("", "c/home/", "p/cup/", "stores/"):
        assert QUESTION not in shop.look(path).source
    assert QUESTION in Shopper().look("c/home/").source, "the next visitor is asked on the same kept page"
    assert "privacy/choices/" in shop.look("").source, "the page of choices is at the foot of every page"


def _unpacked(shop: Shopper, path: str) -> str:
    return shop.client.get(f"/en-is/{path}").content.decode()


def test_refusing_is_as_large_and_as_near_as_agreeing_and_nothing_is_ticked_before(shop):
    shop.look("")
    assert re.findall(r'<button class="([^"]*)" name="do" value="(?:refuse|agree)"', shop.source) == ["button"] * 2
    shop.look("privacy/choices/")
    assert QUESTION not in shop.source
    assert 'type="checkbox"' in shop.source
    assert "checked" not in shop.source


def test_who_refuses_everything_gets_no_number_and_leaves_nothing(shop):
    decide(shop, "refuse")
    assert carried(shop).visitor == ""
    assert not Entry.objects.exists()
    assert not shop.client.cookies["samband_choices"]["httponly"], "scripts must know what they may do"


def test_who_agrees_is_kept_under_the_browsers_number_with_the_words_of_the_question(shop):
    shop.look("")
    decide(shop, "agree", HTTP_HX_REQUEST="true")
    assert shop.status == 204
    assert set(of_browser(shop).values()) == {True}
    entry = queries.newest(1)[0]
    assert entry.wording == wordings.shown("choices", "en").text
    assert (entry.source, entry.channel, entry.kind) == ("dialogue", "shop", "cookie")
    number = carried(shop).visitor
    shop.send("privacy/choices/", {"do": "keep", "statistics": "1"}, **OURS)
    assert carried(shop).visitor == number
    said = of_browser(shop)
    assert [slug for slug, granted in said.items() if granted] == ["analytics"]
    key = identifier("cookie", number).key
    assert queries.history([key])[0].wording in {wordings.shown(one, "en").text for one in choices_cookie.ASKED}
    decide(shop, "refuse")
    assert not any(one.granted for one in queries.standings([key]))
    assert carried(shop).visitor == ""


def test_the_words_are_those_that_stood_on_the_page_even_if_others_were_written_meanwhile(shop):
    shop.look("")
    before = shop.field("shown_choices")
    writing.write_wording("choices", {"en": "New words"}, by="gudrun")
    shop.send("privacy/choices/", {"do": "agree", "from": "dialogue", "shown_choices": before}, **OURS)
    assert queries.newest(1)[0].wording != "New words"
    forget()
    assert Shopper().look("c/home/").says("New words"), "a kept page is written anew with the new words"


def test_the_browsers_own_refusal_is_heeded_and_said(shop):
    decide(shop, "agree", HTTP_SEC_GPC="1")
    said = of_browser(shop)
    assert said == {
        "personalisation": True,
        "analytics": True,
        "profiling": True,
        "advertising": False,
        "sharing": False,
    }
    assert {one.source for one in queries.newest() if not one.granted} == {"gpc"}
    assert shop.look("privacy/choices/", HTTP_SEC_GPC="1").says("Global Privacy Control")
    assert not shop.look("privacy/choices/").says("Global Privacy Control")
    assert shop.look("privacy/choices/", HTTP_DNT="1").says("Do Not Track")


@pytest.mark.parametrize(
    "headers",
    [{"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_SEC_FETCH_SITE": "same-site"}, {"HTTP_ORIGIN": "https://evil.example"},
     {"HTTP_ORIGIN": "null"}, {}],
)  # fmt: skip
def test_nobody_elses_page_agrees_for_a_visitor(shop, headers):
    shop.send("privacy/choices/", {"do": "agree"}, **headers)
    assert shop.status == 403
    assert "samband_choices" not in shop.client.cookies
    assert not Entry.objects.exists()


def test_an_older_browser_says_it_by_origin(shop):
    shop.send("privacy/choices/", {"do": "agree"}, HTTP_ORIGIN="http://testserver")
    assert carried(shop).agreed


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "\\\\evil", "a\r\nSet-Cookie: x=1", "x" * 5_000]
)
def test_nobody_is_led_away(shop, back):
    shop.send("privacy/choices/", {"do": "refuse", "from": "dialogue", "back": back}, **OURS)
    assert shop.status == 303
    assert shop.went_to.startswith("/en-is/")
    assert carried(shop) is not None


@pytest.mark.parametrize(
    "value", ["", "1", "1.111", "1.112.5", "2.000.5", "1.000.5." + "a" * 32, "1.111.5.<script>", "x" * 9_000]
)
def test_a_cookie_that_is_none_of_ours_is_asked_about_anew(value):
    assert choices_cookie.read(value) is None


def test_the_cookie_says_what_was_said():
    for agreed in ([], ["statistics"], list(choices_cookie.ASKED)):
        choices = made(agreed, now().replace(microsecond=0), None)
        assert choices_cookie.read(str(choices)) == choices
        assert bool(choices.visitor) is bool(agreed)


# --- letters


def test_a_newsletter_takes_two_steps_and_one_to_stop(shop):
    shop.send("newsletter/", {"to": "  Anna@Example.com "})
    assert shop.status == 200
    assert not news()
    assert identity.find(identifier("email", ANNA)) is None, "an address nobody confirmed is not kept"
    path = link_mailed_to(ANNA)
    assert shop.look(path).says(wordings.shown(NEWS, "en").text)
    assert not news(), "looking at the link agrees to nothing"
    shop.send(path)
    assert news()
    assert identity.find(identifier("email", ANNA)) is not None
    assert shop.follow().says("From now on we write to this address")
    entry = queries.history([identifier("email", ANNA).key])[0]
    assert entry.wording == wordings.shown(NEWS, "en").text
    assert entry.proof.startswith("asking:")
    stop = links.to_stop(Address.of(identifier("email", ANNA)), NEWS).split("/unsubscribe/")[1]
    shop._read(shop.client.get(f"/unsubscribe/{stop}"))
    assert shop.status == 302
    assert news(), "a program that looks at links stops nothing"
    assert shop.follow().says("You followed the link to stop")
    shop.send(f"letters/{stop}/", {"do": "stop"})
    assert not news()
    assert timeline.latest()[0].name == "consent.ConsentWithdrawn"


def test_a_mail_program_stops_letters_with_one_click(shop):
    to = identifier("email", ANNA)
    answer(to, {NEWS: True}, "en", source="account", channel="shop")
    address = links.headers(Address.of(to), NEWS)["List-Unsubscribe"].strip("<>").split("8000")[-1]
    program = Shopper(enforce_csrf_checks=True)
    for _ in range(2):
        program._read(program.client.post(address, {"List-Unsubscribe": "One-Click"}))
        assert program.status == 200
        assert not program.client.cookies
    assert not news()
    assert [one.source for one in queries.history([to.key])] == ["one_click", "account"]
    program._read(program.client.post("/unsubscribe/nonsense", {"List-Unsubscribe": "One-Click"}))
    assert program.status == 404
    program._read(program.client.get("/unsubscribe/nonsense"))
    assert program.follow().status == 404


def test_what_cannot_be_written_to_is_told_and_a_flood_is_stopped(shop):
    for nonsense in ("", "anna", "a@b", "x" * 300, "a\nb@c.is", "<script>@x.is"):
        assert shop.send("newsletter/", {"email": nonsense}).status == 422, nonsense
    assert not mail.outbox
    for _ in range(asking.AN_HOUR):
        assert shop.send("newsletter/", {"email": ANNA}).status == 200
    assert shop.send("newsletter/", {"email": ANNA}).status == 429


def test_a_link_from_a_letter_chooses_for_its_address_alone(shop):
    to = identifier("email", ANNA)
    answer(to, {NEWS: True}, "en", source="account", channel="shop")
    token = links.token_for(Address.of(to))
    assert shop.look(f"letters/{token}/").source.count("checked") == 1
    shop.send(f"letters/{token}/", {"surveys": "1"})
    assert {one.purpose: one.granted for one in queries.standings([to.key])} == {NEWS: False, "surveys": True}
    shop.send(f"letters/{token}/", {"surveys": "1"})
    assert len(queries.history([to.key])) == 3, "what was said already is not said again"
    shop.send(f"letters/{token}/", {"do": "nothing"})
    assert not any(one.granted for one in queries.standings([to.key]))
    assert shop.look("letters/nonsense/").status == 404
    assert shop.look("newsletter/confirm/nonsense/").status == 404


def test_ordering_signs_nobody_up_unasked_and_asks_a_guest_by_mail(shop):
    shop.put(CUP)
    asked = shop.wish()
    assert not re.search(r'name="letters"[^>]*checked', shop.source)
    shop.send("checkout/", asked)
    assert shop.status == 303
    assert not Entry.objects.exists()
    shop.put(CUP)
    shop.send("checkout/", shop.wish(letters="1"))
    assert shop.status == 303
    assert not news()
    shop.send(link_mailed_to(ANNA))
    assert news()


def test_who_proved_the_address_by_signing_in_needs_no_second_step(shop):
    shop.sign_in(ANNA).put(CUP)
    shop.send("checkout/", shop.wish(letters="1"))
    assert news()
    assert queries.newest(1)[0].source == "checkout"


# --- one's own page


def test_a_customer_sees_and_changes_what_holds_and_everything_they_said(shop):
    assert shop.look("account/consents/").went_to == "/en-is/sign-in/?next=account/"
    shop.sign_in(ANNA)
    shop.look("account/consents/")
    assert "checked" not in shop.source
    assert shop.says(ANNA)
    shop.send("account/consents/", {f"email_{NEWS}": "1", "statistics": "1"})
    assert news()
    customer = identity.customer_of(identifier("email", ANNA).key)
    assert shop.follow().source.count(" checked") == 2
    assert shop.says("You have not said anything yet") is False
    assert shop.says(wordings.shown(NEWS, "en").text)
    entries = Entry.objects.count()
    shop.send("account/consents/", {f"email_{NEWS}": "1", "statistics": "1"})
    assert Entry.objects.count() == entries, "keeping what stands says nothing new"
    shop.send("account/consents/", {"statistics": "1"})
    assert not news()
    assert customer is not None


def test_a_browsers_refusal_comes_along_with_whoever_it_turns_out_to_be(shop):
    """The account agrees, the browser refuses: once they are one customer, nothing is agreed; apart again, all is."""
    account, browser = identifier("account", "0192a000-0000-7000-8000-000000000001"), identifier("cookie", "b-1")
    answer(account, {"analytics": True}, "en", source="account", channel="shop")
    answer(browser, {"analytics": False}, "en", source="choices", channel="shop")
    assert may_we(account.key, "analytics").allowed
    assert queries.may([account.key, browser.key], "analytics").because == "refused"
    assert may_we(account.key, "analytics").allowed


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_there_in_every_language(shop, language):
    visitor = Shopper(f"{language}-is")
    token = links.token_for(Address.of(identifier("email", ANNA)), NEWS)
    for path in ("privacy/choices/", "newsletter/", f"letters/{token}/?stop", "privacy/"):
        assert visitor.look(path).status == 200
        assert f'<html lang="{language}"' in visitor.source
