"""Where touchpoints come from: a source is opened once, its key shown once, what is rejected is counted and visible."""

from samband.customers.touchpoints import queries
from samband.customers.touchpoints.shapes import Note
from samband.flows.take_in_touchpoints import note
from samband.kernel.clock import now
from samband.kernel.identifier import identifier
from tests.channels.capture_client import Client, track
from tests.console.counter import Counter

AT, LIVE = "/console/sources/", "/console/sources/live/"


def opened(admin: Counter, **more: str) -> str:
    """The key that the page shows."""
    page = admin.do(AT, "open", **{"name": "Web shop", "slug": "web", "kind": "browser", **more}).content.decode()
    return page.split('class="secret"')[1].split(">")[1].split("<")[0]


def test_a_source_is_opened_and_its_key_is_shown_once(admin: Counter) -> None:
    key = opened(admin)
    assert Client(key).batch(track(1)).status == 200
    later = admin.get(AT).content.decode()
    assert key not in later
    assert "Web shop" in later
    assert queries.source("web").needs_consent


def test_a_server_says_who_it_was_without_asking_a_browser(admin: Counter) -> None:
    opened(admin, slug="erp", kind="server", namespace="house")
    source = queries.source("erp")
    assert (source.needs_consent, source.namespace, source.kind) == (False, "house", "server")


def test_what_cannot_be_a_source_is_said_and_the_form_keeps_what_was_typed(admin: Counter) -> None:
    answer = admin.do(AT, "open", name="Web shop", slug="Web Shop!", kind="browser")
    assert answer.status_code == 422
    assert "Web Shop!" in answer.content.decode()
    opened(admin)
    again = admin.do(AT, "open", name="Web shop", slug="web", kind="browser")
    assert "There is a source with this short name already." in admin.words(again)


def test_a_source_is_closed_and_opened_again(admin: Counter) -> None:
    key = opened(admin)
    admin.do(AT, "close", {"source": "web"})
    assert Client(key).batch(track(1)).status == 401
    admin.do(AT, "open-again", {"source": "web"})
    assert Client(key).batch(track(1)).status == 200


def test_another_key_is_shown_once_and_the_old_one_opens_nothing(admin: Counter) -> None:
    key = opened(admin)
    page = admin.do(AT, "change-key", {"source": "web"}).content.decode()
    fresh = page.split('class="secret"')[1].split(">")[1].split("<")[0]
    assert fresh != key
    assert Client(key).batch(track(1)).status == 401
    assert Client(fresh).batch(track(1)).status == 200


def test_what_was_not_taken_in_is_counted_by_reason_and_nothing_of_it_is_shown(admin: Counter) -> None:
    client = Client(opened(admin))
    client.batch(track(1), {"type": "track", "userId": "secret-person"}, {"type": "track", "userId": "secret-person"})
    page = admin.words(admin.get(AT))
    assert "It did not say what happened." in page
    assert "secret-person" not in page


def test_the_live_view_shows_the_latest_and_leads_to_the_customer(admin: Counter) -> None:
    opened(admin)
    mail = identifier("email", "anna@mail.is")
    note("house", Note(message="1", event="Store Visited", identifiers=(mail,), occurred_at=now(), channel="pos"))
    note("house", Note(message="2", event="Item Scanned", identifiers=(), occurred_at=now(), channel="pos", sku="CUP"))
    page = admin.get(LIVE)
    words = admin.words(page)
    assert words.index("Item Scanned") < words.index("Store Visited")
    assert "CUP" in words
    assert "anna@mail.is" not in page.content.decode()
    assert f"/console/customers/{mail.key}/" in page.content.decode()
    assert "Store Visited" not in admin.words(admin.get(f"{LIVE}?source=web"))


def test_an_analyst_looks_and_changes_nothing(world) -> None:
    analyst = Counter("analyst")
    note("house", Note(message="1", event="Store Visited", identifiers=(identifier("email", "a@b.is"),),
                       occurred_at=now(), channel="pos"))  # fmt: skip
    assert "Open a source" not in analyst.words(analyst.get(AT))
    assert "/console/customers/" not in analyst.get(LIVE).content.decode()
