"""Delivery of events, the staff, and the keys of programs."""

import pytest
from django.db import transaction

from samband.events.accounts import CustomerChanged
from samband.kernel.clock import now
from samband.kernel.ids import new_id
from samband.staff import commands, queries
from samband.staff.refusals import UnknownKey
from samband.timeline import queries as timeline
from samband.timeline.delivering import PAUSES_SECONDS, deliver
from samband.timeline.models import Delivery
from samband.timeline.reacting import REACTIONS, _listening
from samband.timeline.recording import record
from tests.console.counter import Counter
from tests.worlds import RIGA

# --- delivery


class Stubborn:
    """A reaction that will not, until it is mended."""

    def __init__(self) -> None:
        self.mended = False
        self.heard = 0

    def __call__(self, event: CustomerChanged) -> None:
        if not self.mended:
            raise RuntimeError("jon@customer.example")
        self.heard += 1


@pytest.fixture
def stubborn(transactional_db):
    reaction = Stubborn()
    REACTIONS["tests.stubborn"] = reaction
    others = _listening.get(CustomerChanged.name, [])
    _listening[CustomerChanged.name] = ["tests.stubborn"]
    yield reaction
    del REACTIONS["tests.stubborn"]
    _listening[CustomerChanged.name] = others


def happened(times: int = 1) -> None:
    for _ in range(times):
        with transaction.atomic():
            record(CustomerChanged(customer_id=new_id()))


def given_up() -> None:
    """Every pause goes by, and each try fails."""
    for _ in range(len(PAUSES_SECONDS) + 1):
        Delivery.objects.update(due_at=now())
        deliver()


def test_what_waits_and_what_was_set_aside_is_shown_with_its_error_and_nobodys_data(admin: Counter, stubborn) -> None:
    deliver()
    happened()
    assert "1 delivery waits" in admin.words(admin.get("/console/delivery/"))
    given_up()
    page = admin.words(admin.get("/console/delivery/"))
    for said in ("1 set aside", "accounts.CustomerChanged", "tests.stubborn", "RuntimeError", "8 tries"):
        assert said in page
    assert "jon@customer.example" not in page
    assert "1 event set aside" in admin.words(admin.get("/console/"))


def test_one_is_tried_again_when_somebody_has_mended_it(admin: Counter, stubborn) -> None:
    happened(2)
    given_up()
    first, second = timeline.owed(set_aside=True)
    stubborn.mended = True
    admin.twice("/console/delivery/", "retry", {"delivery": str(second.id)})
    deliver()
    assert stubborn.heard == 1
    assert [one.id for one in timeline.owed(set_aside=True)] == [first.id]


def test_all_are_tried_again(admin: Counter, stubborn) -> None:
    happened(3)
    given_up()
    stubborn.mended = True
    answer = admin.do("/console/delivery/", "retry-all")
    assert "3 will be tried again." in admin.told(answer)
    deliver()
    assert (stubborn.heard, timeline.backlog().set_aside) == (3, 0)
    assert "Everything is delivered." in admin.words(admin.get("/console/delivery/"))


def test_a_delivery_that_is_no_number_is_refused(admin: Counter, stubborn) -> None:
    happened()
    given_up()
    for delivery in ("", "x", "-1", "9" * 30):
        assert admin.do("/console/delivery/", "retry", delivery=delivery).status_code == 422


# --- staff


def test_somebody_is_taken_on_once_and_can_come_in(admin: Counter) -> None:
    admin.twice(
        "/console/staff/",
        "add",
        name="Zofia Nowak",
        email="Zofia@Samband.example",
        role="stock",
        location=RIGA,
        language="pl",
        password="dwanaście-koni",
    )
    (zofia,) = [one for one in queries.colleagues() if one.name == "Zofia Nowak"]
    assert (zofia.email, zofia.role, zofia.location, zofia.language) == ("zofia@samband.example", "stock", RIGA, "pl")
    counter = Counter()
    assert counter.sign_in("zofia@samband.example", "dwanaście-koni").status_code == 303
    assert '<html lang="pl">' in counter.get("/console/").content.decode()


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"name": ""}, 422, "Name is missing."),
        ({"email": "nobody"}, 422, ""),
        ({"email": "admin@samband.example"}, 409, "Somebody of the staff has this e-mail already."),
        ({"role": "king"}, 422, "Role: please choose one."),
        ({"language": "tlh"}, 422, "Language: please choose one."),
        ({"password": "short"}, 422, "too easy to guess"),
        ({"password": "password12"}, 422, "too easy to guess"),
        ({"key": "not an id"}, 404, ""),
    ],
)
def test_nobody_is_taken_on_who_cannot_be(admin: Counter, fields: dict[str, str], status: int, said: str) -> None:
    good = {"name": "Zofia", "email": "zofia@samband.example", "role": "stock", "password": "dwanaście-koni"}
    refused = admin.do("/console/staff/", "add", **{**good, **fields})
    assert refused.status_code == status
    assert said in admin.words(refused)
    assert "dwanaście-koni" not in refused.content.decode()
    assert len(queries.colleagues()) == 1


def test_nobody_shuts_out_themselves_or_the_last_admin(admin: Counter) -> None:
    form = {**admin.form("/console/staff/", "add"), "deed": "deactivate", "email": "admin@samband.example"}
    refused = admin.client.post("/console/staff/", form)
    assert refused.status_code == 409
    assert "cannot shut out yourself" in admin.words(refused)
    unknown = admin.client.post("/console/staff/", {**form, "email": "nobody@samband.example"})
    assert unknown.status_code == 404
    assert all(one.is_active for one in queries.colleagues())


# --- keys


def issued(page: str) -> str:
    return page.partition('class="secret" tabindex="0">')[2].partition("<")[0]


def test_a_key_is_shown_once_and_made_once(admin: Counter) -> None:
    form = {**admin.form("/console/keys/", "issue"), "name": "The till", "scope": ["orders:read", "stock:write"]}
    first, again = (admin.client.post("/console/keys/", form) for _ in range(2))
    whole = issued(first.content.decode())
    assert whole == issued(again.content.decode())
    assert queries.api_key(whole).scopes == {"orders:read", "stock:write"}
    assert len([one for one in queries.api_keys() if one.name == "The till"]) == 1
    page = admin.get("/console/keys/").content.decode()
    assert "The till" in page
    assert whole not in page
    other = admin.client.post("/console/keys/", {**form, "name": "Another"})
    assert other.status_code == 422


def test_every_form_makes_a_key_of_its_own(admin: Counter) -> None:
    wholes = set()
    for _ in range(3):
        form = {**admin.form("/console/keys/", "issue"), "name": "The till", "scope": ["orders:read"]}
        wholes.add(issued(admin.client.post("/console/keys/", form).content.decode()))
    assert len(wholes) == 3


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "", "scope": ["orders:read"]}, "Name is missing."),
        ({"name": "The till", "scope": []}, "please choose one"),
        ({"name": "The till", "scope": ["everything"]}, "Choose what the key may open."),
        ({"name": "The till", "scope": ["orders:read"], "key": ""}, "is missing"),
    ],
)
def test_a_key_that_cannot_be_is_not_made(admin: Counter, fields: dict[str, object], said: str) -> None:
    before = queries.api_keys()
    refused = admin.client.post("/console/keys/", {**admin.form("/console/keys/", "issue"), **fields})
    assert refused.status_code == 422
    assert said in admin.words(refused)
    assert queries.api_keys() == before


def test_a_revoked_key_opens_nothing_and_is_not_issued_again(admin: Counter) -> None:
    form = {**admin.form("/console/keys/", "issue"), "name": "The till", "scope": ["orders:read"]}
    whole = issued(admin.client.post("/console/keys/", form).content.decode())
    prefix = whole.split("_")[1]
    admin.twice("/console/keys/", "revoke", {"prefix": prefix})
    with pytest.raises(UnknownKey):
        queries.api_key(whole)
    admin.client.post("/console/keys/", form)
    with pytest.raises(UnknownKey):
        queries.api_key(whole)
    revoke = {**form, "deed": "revoke", "prefix": "nothing"}
    assert admin.client.post("/console/keys/", revoke).status_code == 404


def test_the_statements_of_housekeeping_are_counted(admin: Counter) -> None:
    deliver()
    commands.issue_key("One more", ["orders:read"])
    admin.get("/console/")
    assert admin.statements("/console/") == 7
    assert admin.statements("/console/delivery/") == 5
    assert admin.statements("/console/staff/") == 6
    assert admin.statements("/console/keys/") == 3
