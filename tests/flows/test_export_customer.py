"""Everything kept about somebody, given to them: complete, for programs to read, and nothing of anybody else."""

import io
import json
import tracemalloc
import zipfile
from datetime import timedelta

import pytest

from samband.customers.accounts import commands as accounts
from samband.customers.identity import commands as identity
from samband.customers.identity.rules import Pair
from samband.customers.rights import queries as rights
from samband.customers.rights.refusals import FileGone, NotYours
from samband.engagement.messaging.models import Message
from samband.flows import export_customer as flow
from samband.flows import files_of_customer as files
from samband.flows.export_customer import ask_for_export, fetch, link_token, make_exports
from samband.flows.reach_customer import reach_of, rooms
from samband.kernel.clock import held_at, now
from samband.kernel.identifier import identifier
from samband.kernel.languages import LANGUAGES
from samband.timeline import queries as timeline
from tests.channels.capture_client import Client, server_source, track
from tests.flows.test_customer_orders import bought_as_guest
from tests.flows.test_erase_customer import ANNA, anna, settled
from tests.promises.planted import MAIL, NAME, plant
from tests.promises.where_nobody_is import NOT_A_ROOM_OF_PEOPLE
from tests.worlds import small_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = settings.HOME / "mail"
    return settings.HOME


@pytest.fixture
def world(home):
    return small_world()


def told(request) -> dict:
    with zipfile.ZipFile(files.folder(files.EXPORTS) / rights.request(request).file) as pack:
        return json.loads(pack.read("data.json"))


def test_every_room_has_its_part_and_what_was_planted_is_in_it(home):
    planted = plant(small_world(), home)
    given = told(ask_for_export(planted.account, by="staff", ground="in_writing"))
    assert set(given) == {"about", *(label for label, _ in rooms())}
    assert not set(given) & set(NOT_A_ROOM_OF_PEOPLE)
    for room in ("accounts", "orders", "payments", "fulfillment", "cart", "tills", "spots", "identity", "touchpoints",
                 "messaging", "timeline", "rights", "consent"):  # fmt: skip
        assert any(given[room].values()), f"nothing of {room}"
    orders = {one["id"] for one in given["orders"]["orders"]}
    assert {str(one) for one in planted.orders.values()} <= orders
    whole = json.dumps(given, ensure_ascii=False)
    for trace in (MAIL, NAME, "Fræbraut", "visa 4242", "Cart Viewed", "#7001"):
        assert trace in whole, trace


def test_secrets_of_the_house_are_not_given_out(home):
    planted = plant(small_world(), home)
    given = json.dumps(told(ask_for_export(planted.account, by="staff", ground="in_writing")))
    for secret in ("code_hash", "token_hash", "password"):
        assert secret not in given


def test_nothing_of_anybody_else_is_in_it(world):
    customer = anna()
    bought_as_guest("other@example.is")
    accounts.register("bo@example.is", source="shop", name="Bo the Other")
    whole = json.dumps(told(ask_for_export(customer, by="customer", account=customer)))
    assert ANNA in whole
    for trace in ("other@example.is", "bo@example.is", "Bo the Other"):
        assert trace not in whole


def test_an_address_that_was_only_typed_somewhere_gives_nothing_of_its_holder_away(world):
    """Anybody can type anybody's address into a form: that joins what is counted, not what is handed out."""
    theirs = bought_as_guest("victim@example.is")
    settled()
    customer = anna()
    mine, stated = identifier("account", str(customer)), identifier("email", "victim@example.is")
    numbers = identity.know([mine, stated], now())
    identity.assert_pairs([Pair(*sorted((numbers[mine.key], numbers[stated.key])), "stated", "web", now())])
    identity.resolve()
    whole = json.dumps(told(ask_for_export(customer, by="customer", account=customer)))
    assert theirs.number not in whole
    by_staff = json.dumps(told(ask_for_export(customer, by="staff", ground="at_store")))
    assert theirs.number in by_staff, "staff have looked at who stands there"


def test_a_link_is_for_whoever_asked_and_lapses_and_every_fetching_is_written_down(world):
    customer = anna()
    request = ask_for_export(customer, by="customer", account=customer)
    token = link_token(request, "shop:anna")
    assert fetch(token, "shop:anna", "customer").is_file()
    with pytest.raises(NotYours):
        fetch(token, "shop:bo", "customer")
    for forged in ("", "x" * 40, token[:-1] + ("a" if token[-1] != "a" else "b")):
        with pytest.raises(FileGone):
            fetch(forged, "shop:anna", "customer")
    names = [one.name for one in timeline.of_subject(f"request:{request}")]
    assert names == ["rights.DataFetched", "rights.DataHandedOut", "rights.RightAsked"]
    with held_at(now() + timedelta(days=8)), pytest.raises(FileGone):
        fetch(link_token(request, "shop:anna"), "shop:anna", "customer")


def test_the_file_is_for_nobody_else_on_the_machine(world):
    customer = anna()
    request = ask_for_export(customer, by="customer", account=customer)
    path = files.folder(files.EXPORTS) / rights.request(request).file
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_much_is_written_by_a_chore_and_told_by_mail(world, monkeypatch):
    monkeypatch.setattr(flow, "AT_ONCE", 3)
    customer = anna()
    known = identifier("account", str(customer))
    numbers = identity.know([known], now())
    assert numbers
    client = Client(server_source("shopper", namespace=""))
    for turn in range(5):
        client.batch(track(turn, userId="u-9", context={"traits": {"email": ANNA}}))
    email = identifier("email", ANNA)
    both = identity.know([known, email], now())
    identity.assert_pairs([Pair(*sorted((both[known.key], both[email.key])), "verified", "shop", now())])
    settled()
    identity.resolve()
    request = ask_for_export(customer, by="customer", account=customer, language="is")
    assert rights.request(request).state == "agreed"
    assert make_exports() == 1
    assert rights.request(request).file
    assert Message.objects.filter(kind="data_ready", email=ANNA, language="is").count() == 1
    assert len(told(request)["touchpoints"]["touchpoints"]) >= 5
    assert make_exports() == 0


def test_a_long_life_is_written_piece_by_piece(world, monkeypatch):
    """A hundred thousand events do not have to be in memory at once."""

    def many():
        yield from ({"position": nth, "payload": {"words": "x" * 200}} for nth in range(100_000))

    customer = anna()
    story = dict(rooms())["timeline"]
    monkeypatch.setattr(story, "export", lambda reach: {"events": many()})
    tracemalloc.start()
    target = io.BytesIO()
    flow.write(reach_of(customer), target, "en")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    with zipfile.ZipFile(target) as pack:
        assert len(json.loads(pack.read("data.json"))["timeline"]["events"]) == 100_000
    assert peak < 15_000_000, f"{peak:,} bytes for twenty megabytes of events"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_for_people_names_every_part(world, language):
    target = io.BytesIO()
    flow.write(reach_of(anna()), target, language)
    with zipfile.ZipFile(target) as pack:
        page = pack.read("README.txt").decode()
    for label, _ in rooms():
        assert f"{label}:" in page
    assert set(flow.TITLES) == {label for label, _ in rooms()}
