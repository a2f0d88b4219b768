"""Two steps to come in, proving it once more, one's own sign-in, and sessions that end."""

import pyotp
import pytest

from samband.console import browsers
from samband.console.sessions import COOKIE
from samband.kernel.clock import held_at, in_future, now
from samband.staff import commands as staff
from samband.staff import factors, passkeys, queries, recovery, totp
from samband.staff.models import Session
from samband.staff.passkeys import Site
from samband.staff.session_store import SessionStore
from tests.console.counter import PASSWORD, Counter
from tests.staff.authenticator import Authenticator

pytestmark = pytest.mark.django_db
ANNA = "anna@samband.example"
MINE, SECOND, SURE = "/console/my-sign-in/", "/console/sign-in/second/", "/console/sure/"
SITE = Site("testserver", "http://testserver")


@pytest.fixture
def anna():
    return staff.add_member(ANNA, "Anna", "admin", PASSWORD)


@pytest.fixture
def app(anna) -> pyotp.TOTP:
    """Her phone, set up a while ago."""
    totp.begin(anna.id)
    phone = pyotp.TOTP(totp.waiting(anna.id))
    with held_at(in_future(minutes=-10)):
        totp.confirm(anna.id, phone.at(now()))
    return phone


def code(app: pyotp.TOTP) -> str:
    return app.at(now())


def came_in(counter: Counter) -> bool:
    return counter.get("/console/").status_code == 200


def test_with_a_second_factor_the_password_alone_opens_nothing(anna, app) -> None:
    counter = Counter()
    assert counter.sign_in(ANNA, onward="/console/orders/").headers["Location"] == SECOND
    assert not came_in(counter)
    assert counter.get(MINE).status_code == 302
    wrong = counter.do(SECOND, "code", code="000000" if code(app) != "000000" else "111111")
    assert (wrong.status_code, came_in(counter)) == (403, False)
    right = counter.do(SECOND, "code", code=code(app))
    assert (right.status_code, right.headers["Location"]) == (303, "/console/orders/")
    assert came_in(counter)


def test_the_second_step_waits_ten_minutes_and_for_whoever_gave_the_password(anna, app) -> None:
    assert Counter().get(SECOND).headers["Location"] == "/console/sign-in/"
    counter = Counter()
    counter.sign_in(ANNA)
    with held_at(in_future(minutes=10, seconds=1)):
        assert counter.get(SECOND).headers["Location"] == "/console/sign-in/"


def test_a_recovery_code_and_a_passkey_are_second_factors_too(anna, app) -> None:
    codes, key = recovery.draw(anna.id), Authenticator(SITE, anna.id.bytes)
    passkeys.keep(anna.id, key.make(passkeys.ask_to_make(anna.id, SITE)), "Phone", SITE)
    first = Counter()
    first.sign_in(ANNA)
    assert first.do(SECOND, "recovery", code=codes[3]).status_code == 303
    second = Counter()
    second.sign_in(ANNA)
    form = second.form(SECOND, "passkey")
    asked = second.client.post("/console/sign-in/passkey/", {**form, "deed": "second"})
    assert asked.headers["Content-Type"] == "application/json"
    assert second.client.post(SECOND, {**form, "credential": key.sign(asked.content.decode())}).status_code == 303
    assert came_in(first)
    assert came_in(second)


def test_a_passkey_alone_comes_in(anna) -> None:
    key = Authenticator(SITE, anna.id.bytes)
    passkeys.keep(anna.id, key.make(passkeys.ask_to_make(anna.id, SITE)), "Phone", SITE)
    counter = Counter()
    form = counter.form("/console/sign-in/", "passkey")
    asked = counter.client.post("/console/sign-in/passkey/", {**form, "deed": "sign-in"}).content.decode()
    answer = {**form, "credential": key.sign(asked)}
    assert counter.client.post("/console/sign-in/", answer).status_code == 303
    assert came_in(counter)
    again = Counter()
    form = again.form("/console/sign-in/", "passkey")
    assert again.client.post("/console/sign-in/", {**form, "credential": answer["credential"]}).status_code == 403
    assert not came_in(again)


def test_whose_role_needs_one_sets_it_up_before_anything_opens(anna) -> None:
    counter = Counter()
    assert counter.sign_in(ANNA).status_code == 303
    for address in ("/console/", "/console/customers/", "/console/staff/", "/console/record/"):
        assert counter.get(address).headers["Location"] == MINE
    page = counter.get(MINE).content.decode()
    assert "Your role needs a second factor" in page
    assert 'href="/console/customers/"' not in page
    assert counter.do(MINE, "begin-app").status_code == 303
    assert "<svg" in counter.get(MINE).content.decode()
    shown = counter.do(MINE, "confirm-app", code=code(pyotp.TOTP(totp.waiting(anna.id))))
    assert shown.status_code == 200
    words = counter.words(shown)
    assert "Your recovery codes" in words
    assert factors.standing(anna.id).codes == 10
    assert came_in(counter)
    assert "Your recovery codes" not in counter.words(counter.get(MINE))


def test_what_is_dangerous_wants_a_proof_of_the_last_quarter_of_an_hour(anna, app) -> None:
    counter = Counter()
    counter.sign_in(ANNA)
    counter.do(SECOND, "code", code=code(app))
    staff.add_member("jon@samband.example", "Jón", "stock", PASSWORD)
    form = counter.form("/console/staff/", "deactivate", email="jon@samband.example")
    before = counter.client.cookies[COOKIE].value
    with held_at(in_future(minutes=16)):
        assert counter.get("/console/staff/").status_code == 200
        asked = counter.client.post("/console/staff/", form)
        assert asked.headers["Location"] == f"{SURE}?next=%2Fconsole%2Fstaff%2F"
        assert {one.email for one in queries.colleagues() if one.is_active} == {ANNA, "jon@samband.example"}
        assert counter.do(asked.headers["Location"], "password", password="wrong-wrong-wrong").status_code == 403
        proved = counter.do(asked.headers["Location"], "password", password=PASSWORD)
        assert proved.headers["Location"] == "/console/staff/"
        assert counter.client.cookies[COOKIE].value != before
        assert counter.client.post("/console/staff/", form).status_code == 303
    assert {one.email for one in queries.colleagues() if one.is_active} == {ANNA}


def test_the_factor_proves_it_too(anna, app) -> None:
    counter = Counter()
    counter.sign_in(ANNA)
    counter.do(SECOND, "code", code=code(app))
    with held_at(in_future(minutes=20)):
        assert counter.do(f"{SURE}?next=/console/keys/", "code", code=code(app)).headers["Location"] == "/console/keys/"
        assert counter.do("/console/keys/", "issue", name="Till", scope="stock:read").status_code == 200


def test_a_session_ends_after_half_an_hour_without_anybody_and_after_twelve_hours(anna) -> None:
    counter = Counter("stock")
    for minutes in range(29, 12 * 60, 29):
        with held_at(in_future(minutes=minutes)):
            assert came_in(counter)
    with held_at(in_future(hours=12, seconds=1)):
        assert not came_in(counter)
    other = Counter("service")
    with held_at(in_future(minutes=31)):
        assert not came_in(other)


def test_whoever_reads_the_table_of_sessions_cannot_take_one_over() -> None:
    counter = Counter("stock")
    row = Session.objects.get()
    held = counter.client.cookies[COOKIE].value
    assert held not in f"{bytes(row.hash).hex()} {row.data} {row.agent}"
    for stolen in (bytes(row.hash).hex(), row.data):
        thief = Counter()
        thief.client.cookies[COOKIE] = stolen
        assert not came_in(thief)


def test_one_signs_out_there_and_everywhere() -> None:
    first, second, third = Counter("stock"), Counter(), Counter()
    for other in (second, third):
        assert other.sign_in("stock@samband.example").status_code == 303
    theirs = [one.name for one in queries.sittings(queries.colleagues()[0].id)]
    assert len(theirs) == 3
    assert first.do(MINE, "end-session").status_code == 303
    assert [came_in(one) for one in (first, second, third)].count(True) == 2
    assert first.do(MINE, "end-sessions").headers["Location"] == "/console/sign-in/"
    assert [came_in(one) for one in (first, second, third)] == [False, False, False]


def test_another_password_takes_the_old_one_and_ends_every_session() -> None:
    first, second = Counter("stock"), Counter()
    second.sign_in("stock@samband.example")
    new = "quite another secret"
    assert first.do(MINE, "change-password", old="wrong-wrong-wrong", new=new).status_code == 403
    assert first.do(MINE, "change-password", old=PASSWORD, new="short").status_code == 422
    assert first.do(MINE, "change-password", old=PASSWORD, new=new).status_code == 303
    assert not came_in(first)
    assert not came_in(second)
    assert Counter().sign_in("stock@samband.example").status_code == 403
    assert Counter().sign_in("stock@samband.example", new).status_code == 303


def test_a_new_role_or_a_reset_ends_sessions_and_nobody_raises_themselves() -> None:
    admin, stock = Counter("admin"), Counter("stock")
    who = {"email": "stock@samband.example"}
    assert admin.do("/console/staff/", "role", who, role="service").status_code == 303
    assert not came_in(stock)
    form = {**admin.form("/console/staff/", "role", **who), "email": "admin@samband.example", "role": "stock"}
    own = admin.client.post("/console/staff/", form)
    assert (own.status_code, came_in(admin)) == (409, True)
    assert {one.email: one.role for one in queries.colleagues()} == {
        "admin@samband.example": "admin",
        "stock@samband.example": "service",
    }


def test_a_browser_that_signed_in_before_is_known_by_a_signed_cookie() -> None:
    counter = Counter("stock")
    cookie = counter.client.cookies[browsers.COOKIE]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/console/", "Strict", True)
    assert "stock@samband.example" not in cookie.value
    request = type("Request", (), {"COOKIES": {browsers.COOKIE: cookie.value}, "META": {"REMOTE_ADDR": "192.0.2.1"}})()
    assert browsers.whence(request, "stock@samband.example").device
    assert not browsers.whence(request, "other@samband.example").device
    request.COOKIES[browsers.COOKIE] = cookie.value + "x"
    assert not browsers.whence(request, "stock@samband.example").device


@pytest.mark.parametrize(
    ("agent", "address", "said"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "192.0.2.77", "192.0.2.0/24"),
        ("", "2001:db8:1:2::3", "2001:db8:1::/48"),
        ("", "no address", ""),
    ],
)
def test_from_where_is_said_roughly(rf, agent: str, address: str, said: str) -> None:
    request = rf.get("/", headers={"user-agent": agent}, REMOTE_ADDR=address)
    assert browsers.roughly(request) == said
    assert browsers.described(request) == ("Firefox · Linux" if agent else "")


def test_a_session_that_ended_meanwhile_does_not_come_back() -> None:
    counter = Counter("stock")
    store = SessionStore(counter.client.cookies[COOKIE].value)
    store.load()
    Session.objects.all().delete()
    assert counter.get("/console/").status_code == 302
    assert not Session.objects.exists()
