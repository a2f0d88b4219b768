"""Spots in a store: codes that open until the next edition, visits that end, passes that let out once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from samband.commerce.spots import chores, codes, commands, queries
from samband.commerce.spots.books import findings
from samband.commerce.spots.commands import SpotDraft
from samband.commerce.spots.refusals import (
    CodeAhead,
    CodeForged,
    CodeOld,
    CodeStale,
    InvalidSpot,
    NotForThat,
    NothingToLookAt,
    OnlyOnScreen,
    OtherStore,
    PassLapsed,
    PassUsed,
    TooManyWords,
    UnknownPass,
    UnknownSpot,
    UnknownVisit,
    VisitOver,
    WrongWord,
)
from samband.kernel.clock import held_at
from samband.kernel.ids import new_id
from samband.kernel.refusal import Invalid, KeyReused
from samband.timeline.models import Entry

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with held_at(NOON):
        yield
        assert list(findings()) == []


def table(code: str = "table-7", **more) -> queries.SpotView:
    commands.make("RIX", [SpotDraft(code=code, kind="table", name=code[-1], **more)])
    return next(one for one in queries.spots("RIX") if one.code == code)


def shelf(sku: str = "CUP") -> queries.SpotView:
    commands.make("RIX", [SpotDraft(code="shelf-1", kind="shelf", name="Cups", sku=sku)])
    return next(one for one in queries.spots("RIX") if one.code == "shelf-1")


def told(name: str) -> int:
    return Entry.objects.filter(name=name).count()


# --- codes


def test_a_table_is_made_once_and_its_code_opens_it():
    one = table()
    assert (one.place, one.kind, one.edition, one.revoked_at) == ("RIX/table-7", "table", 1, None)
    assert queries.scanned(queries.code_of(one)) == queries.Scanned(one, from_screen=False)
    assert commands.make("RIX", [SpotDraft(code="table-7", kind="seat", name="other")]) == ()
    assert queries.spot(one.number) == one
    assert told("spots.SpotMade") == 1


def test_many_are_made_at_once_and_told_in_their_order():
    made = commands.make("RIX", [SpotDraft(code=f"table-{n}", kind="table", name=str(n)) for n in range(1, 21)])
    assert [one.code for one in made] == [f"table-{n}" for n in range(1, 21)]
    assert told("spots.SpotMade") == 20
    assert [one.name for one in queries.spots("RIX")] == [str(n) for n in range(1, 21)]


def test_stores_do_not_share_their_tables():
    table()
    commands.make("RVK", [SpotDraft(code="table-7", kind="table", name="7")])
    here, there = queries.spots("RIX")[0], queries.spots("RVK")[0]
    assert queries.scanned(queries.code_of(there)).spot.location == "RVK"
    assert here.number != there.number


def test_what_cannot_be_leaves_nothing_behind():
    with pytest.raises(InvalidSpot), transaction.atomic():
        commands.make("RIX", [SpotDraft(code="a", kind="table", name="A"), SpotDraft(code="b", kind="hall", name="B")])
    with pytest.raises(Invalid), transaction.atomic():
        commands.make("RIX", [SpotDraft(code="c", kind="shelf", name="C", sku="no\x00sku")])
    assert queries.spots("RIX") == ()


def test_an_address_with_the_token_in_it_is_as_good_as_the_token():
    one = table()
    token = queries.code_of(one)
    for scanned in (codes.address(token), f"https://other.name.example/k/{token}/", f" {token}\n"):
        assert queries.scanned(scanned).spot == one


def test_the_code_of_an_earlier_edition_opens_nothing():
    one = table()
    old = queries.code_of(one)
    assert commands.rotate(one.number).edition == 2
    with pytest.raises(CodeOld) as refused:
        queries.scanned(old)
    assert refused.value.details == {"location": "RIX", "kind": "table", "sku": None}
    assert queries.scanned(queries.code_of(queries.spot(one.number))).spot.edition == 2


def test_editions_begin_again_after_the_last():
    one = table()
    with connection.cursor() as cursor:
        cursor.execute("update spots_spot set edition = 65535")
    assert commands.rotate(one.number).edition == 1


def test_a_revoked_spot_opens_nothing_until_there_is_a_new_edition():
    one = table()
    token = queries.code_of(one)
    commands.revoke(one.number)
    commands.revoke(one.number)
    with pytest.raises(CodeOld):
        queries.scanned(token)
    commands.rotate(one.number)
    with pytest.raises(CodeOld):
        queries.scanned(token)
    assert queries.scanned(queries.code_of(queries.spot(one.number))).spot.revoked_at is None


def test_a_shelf_keeps_its_code_when_other_goods_are_put_there():
    one = shelf()
    token = queries.code_of(one)
    commands.point(one.number, "LAMP")
    assert queries.scanned(token).spot.sku == "LAMP"


def test_a_table_sells_nothing_by_itself_and_what_is_not_there_cannot_be_told_anything():
    one = table()
    with pytest.raises(InvalidSpot), transaction.atomic():
        commands.point(one.number, "LAMP")
    for deed in (commands.rotate, commands.revoke, lambda number: commands.point(number, "CUP"), queries.spot):
        with pytest.raises(UnknownSpot), transaction.atomic():
            deed(4711)


def test_a_screen_shows_codes_that_last_minutes_and_its_paper_opens_nothing():
    one = table(on_screen=True)
    token = queries.code_of(one)
    assert queries.scanned(token).from_screen
    assert queries.scanned(token, NOON + timedelta(minutes=2, seconds=59)).from_screen
    with pytest.raises(CodeStale):
        queries.scanned(token, NOON + timedelta(minutes=3))
    with pytest.raises(CodeAhead):
        queries.scanned(token, NOON - timedelta(minutes=2))
    with pytest.raises(OnlyOnScreen):
        queries.scanned(codes.printed(one.number, one.edition))
    commands.rotate(one.number)
    with pytest.raises(CodeOld):
        queries.scanned(token)


def test_a_code_of_ours_for_a_spot_that_never_was_is_no_better_than_a_forged_one():
    with pytest.raises(CodeForged):
        queries.scanned(codes.printed(4711, 1))


def test_codes_signed_before_the_secret_changed_open_for_as_long_as_the_old_one_is_honoured(settings):
    one = table()
    token = queries.code_of(one)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another secret"
    assert queries.scanned(token).spot == one
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(CodeForged):
        queries.scanned(token)


def test_a_pass_is_no_spot_and_a_spot_no_pass():
    with pytest.raises(NotForThat):
        queries.scanned(codes.exit_pass(new_id()))
    with pytest.raises(NotForThat):
        queries.pass_said(queries.code_of(table()))


# --- the word of the day


def test_the_word_changes_at_midnight_in_the_store_and_when_staff_turns_it():
    today = queries.word_of_the_day("RIX", "Europe/Riga")
    late = datetime(2026, 11, 23, 21, 59, tzinfo=UTC)
    assert queries.word_of_the_day("RIX", "Europe/Riga", late) == today
    assert queries.word_of_the_day("RIX", "Europe/Riga", late + timedelta(minutes=1)) != today
    assert queries.word_of_the_day("RVK", "Europe/Riga") != today
    assert commands.turn_word("RIX").edition == 2
    turned = queries.word_of_the_day("RIX", "Europe/Riga")
    assert turned != today
    assert commands.turn_word("RIX").edition == 3
    assert queries.word_of_the_day("RIX", "Europe/Riga") not in (today, turned)


def test_ten_wrong_words_close_the_ear_for_an_hour_even_for_the_right_one():
    for left in range(9, -1, -1):
        with pytest.raises(WrongWord) as refused:
            commands.check_word("00000", "12345", "RIX", "198.51.100.7")
        assert refused.value.details == {"tries_left": left}
    with pytest.raises(TooManyWords):
        commands.check_word("12345", "12345", "RIX", "198.51.100.7")
    commands.check_word("12345", "12345", "RIX", "198.51.100.8")
    commands.check_word("12345", "12345", "RVK", "198.51.100.7")
    with held_at(NOON + timedelta(hours=1, seconds=1)):
        commands.check_word("12345", "12345", "RIX", "198.51.100.7")
        with pytest.raises(WrongWord) as refused:
            commands.check_word("00000", "12345", "RIX", "198.51.100.7")
        assert refused.value.details == {"tries_left": 9}


def test_who_tried_is_kept_as_nobody_s_address_and_forgotten_after_a_day():
    with pytest.raises(WrongWord):
        commands.check_word("00000", "12345", "RIX", "198.51.100.7")
    with connection.cursor() as cursor:
        cursor.execute("select encode(who, 'escape') from spots_wrongwords")
        assert "198.51" not in cursor.fetchone()[0]
    assert chores.forget_wrong_words() == 0
    with held_at(NOON + timedelta(days=1, seconds=1)):
        assert chores.forget_wrong_words() == 1


# --- visits


def visit(**more):
    visit_id, spot = new_id(), table().number
    given = {"location": "RIX", "place": "RIX/table-7", "purpose": "serve", "presence": "word"} | more
    commands.open_visit(visit_id, spot=spot, good_until=NOON + timedelta(hours=4), **given)
    return visit_id


def test_a_visit_lasts_some_hours_and_knows_its_cart():
    visit_id, cart_id = visit(), new_id()
    commands.give_cart(visit_id, cart_id)
    assert queries.visit(visit_id).cart_id == cart_id
    assert queries.visit(visit_id, NOON + timedelta(hours=3, minutes=59)).place == "RIX/table-7"
    with pytest.raises(VisitOver) as refused:
        queries.visit(visit_id, NOON + timedelta(hours=4))
    assert refused.value.details == {"location": "RIX", "place": "RIX/table-7"}


def test_a_visit_ends_when_they_leave():
    visit_id = visit()
    commands.end_visit(visit_id)
    commands.end_visit(visit_id)
    with pytest.raises(VisitOver):
        queries.visit(visit_id)


def test_nobody_s_visit_is_no_visit():
    for deed in (queries.visit, commands.end_visit, lambda one: commands.give_cart(one, new_id())):
        with pytest.raises(UnknownVisit):
            deed(new_id())


@pytest.mark.parametrize("more", [{"purpose": "look"}, {"presence": "trust"}])
def test_a_visit_without_a_reason_is_refused(more):
    with pytest.raises(Invalid), transaction.atomic():
        visit(**more)


def test_a_visit_that_is_over_before_it_begins_is_refused():
    with pytest.raises(Invalid), transaction.atomic():
        commands.open_visit(new_id(), "RIX", 1, "RIX/a", "serve", "word", NOON)


# --- exit passes


def issued():
    return commands.issue_pass(new_id(), "RIX", 3, NOON + timedelta(hours=8)).pass_id


def test_a_pass_is_checked_once():
    pass_id = issued()
    assert queries.pass_said(codes.address(codes.exit_pass(pass_id))) == pass_id
    door = new_id()
    assert commands.check_pass(pass_id, "RIX", door).checked_by == door
    with held_at(NOON + timedelta(minutes=1)), pytest.raises(PassUsed) as refused, transaction.atomic():
        commands.check_pass(pass_id, "RIX", door)
    assert refused.value.details == {"at": NOON.isoformat()}
    assert queries.exit_pass(pass_id).state == "checked"
    assert told("spots.ExitPassChecked") == 1


def test_asking_twice_with_one_key_is_asking_once_and_another_pass_needs_another_key():
    one, other = issued(), issued()
    first = commands.check_pass(one, "RIX", key="door-1")
    assert commands.check_pass(one, "RIX", key="door-1") == first
    with pytest.raises(KeyReused), transaction.atomic():
        commands.check_pass(other, "RIX", key="door-1")


def test_the_door_of_another_store_lets_nobody_out():
    pass_id = issued()
    with pytest.raises(OtherStore) as refused, transaction.atomic():
        commands.check_pass(pass_id, "RVK")
    assert refused.value.details == {"location": "RIX"}
    assert commands.check_pass(pass_id, "RIX")


def test_a_pass_that_no_door_saw_lapses_once_and_then_opens_no_door():
    pass_id = issued()
    assert queries.due_to_lapse(NOON + timedelta(hours=7)) == ()
    later = NOON + timedelta(hours=8)
    assert queries.due_to_lapse(later) == (pass_id,)
    with held_at(later):
        commands.lapse_pass(pass_id)
        for deed in (lambda: commands.lapse_pass(pass_id), lambda: commands.check_pass(pass_id, "RIX")):
            with pytest.raises(PassLapsed) as refused, transaction.atomic():
                deed()
            assert refused.value.details == {"at": later.isoformat()}
        assert queries.due_to_lapse(later) == ()


def test_a_pass_that_was_checked_does_not_lapse():
    pass_id = issued()
    commands.check_pass(pass_id, "RIX")
    with pytest.raises(PassUsed), transaction.atomic():
        commands.lapse_pass(pass_id)


def test_an_order_has_one_pass():
    order_id = new_id()
    pass_id = commands.issue_pass(order_id, "RIX", 1, NOON + timedelta(hours=1)).pass_id
    with pytest.raises(Invalid), transaction.atomic():
        commands.issue_pass(order_id, "RIX", 1, NOON + timedelta(hours=1))
    found = queries.pass_of_order(order_id)
    assert found
    assert found.id == pass_id
    assert queries.pass_of_order(new_id()) is None


def test_a_bag_is_looked_into_every_so_often_and_a_full_one_more_often():
    drawn = {pieces: sum(_drawn(pieces) for _ in range(200)) for pieces in (1, 15)}
    assert 0 < drawn[1] < drawn[15] < 120


def _drawn(pieces):
    return commands.issue_pass(new_id(), "RIX", pieces, NOON + timedelta(hours=1)).looked_at


def test_nobody_s_pass_opens_nothing():
    for deed in (
        lambda: commands.check_pass(new_id(), "RIX"),
        lambda: commands.lapse_pass(new_id()),
        lambda: commands.note_look(new_id(), "RIX", "right"),
        lambda: queries.exit_pass(new_id()),
    ):
        with pytest.raises(UnknownPass), transaction.atomic():
            deed()


def test_what_came_of_looking_into_the_bag_is_noted_once_and_only_after_the_door():
    pass_id = issued()
    with pytest.raises(NothingToLookAt), transaction.atomic():
        commands.note_look(pass_id, "RIX", "right")
    commands.check_pass(pass_id, "RIX")
    with pytest.raises(OtherStore), transaction.atomic():
        commands.note_look(pass_id, "RVK", "right")
    with pytest.raises(Invalid), transaction.atomic():
        commands.note_look(pass_id, "RIX", "perhaps")
    commands.note_look(pass_id, "RIX", "differs")
    assert queries.exit_pass(pass_id).found == "differs"
    with pytest.raises(NothingToLookAt), transaction.atomic():
        commands.note_look(pass_id, "RIX", "right")


def test_the_latest_passes_of_a_store_come_first():
    first = issued()
    with held_at(NOON + timedelta(minutes=1)):
        second = issued()
    assert [one.id for one in queries.passes("RIX", NOON)] == [second, first]
    assert queries.passes("RVK", NOON) == ()


@pytest.mark.parametrize(
    "written",
    [
        "update spots_exitpass set state = 'open', checked_at = null",
        "update spots_exitpass set location = 'RVK'",
        "delete from spots_exitpass",
    ],
)
def test_the_database_itself_keeps_a_checked_pass_checked(written):
    commands.check_pass(issued(), "RIX")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(written)
    assert queries.passes("RIX", NOON)[0].state == "checked"


def test_books_find_what_cannot_be():
    pass_id = issued()
    visit()
    with connection.cursor() as cursor:
        cursor.execute("update spots_exitpass set good_until = %s", [NOON - timedelta(days=2)])
        cursor.execute("update spots_visit set location = 'RVK'")
    assert [one.split(" ")[0:2] for one in findings()] == [["Exit", "pass"], ["Visit", str(_visit_id())]]
    assert str(pass_id) in next(iter(findings()))
    with connection.cursor() as cursor:
        cursor.execute("update spots_exitpass set good_until = %s", [NOON + timedelta(days=2)])
        cursor.execute("update spots_visit set location = 'RIX'")


def _visit_id():
    with connection.cursor() as cursor:
        cursor.execute("select id from spots_visit")
        return cursor.fetchone()[0]
