"""Customers who may be one person are proposed once, decided once, and parted exactly as they were joined."""

from threading import Thread
from uuid import UUID

import pytest
from django.db import connection

from samband.customers.accounts import commands as accounts
from samband.customers.accounts.rules import Particulars
from samband.customers.identity import commands as identity
from samband.customers.identity import queries as known
from samband.customers.identity.proposing import commands, explaining, queries
from samband.customers.identity.proposing.refusals import MatchingUnderWay, NotARule, RuleNameTaken
from samband.customers.identity.queries import ReviewView
from samband.flows.know_customers import know_everybody
from samband.flows.propose_matches import BY_RULE, Proposed, propose_matches
from samband.flows.what_people_told import told_by
from samband.kernel.identifier import identifier
from samband.kernel.ids import new_id
from samband.kernel.refusal import NotFound
from tests.customers.people import town
from tests.customers.touched import Told, cookie, day, tell

pytestmark = pytest.mark.django_db(transaction=True)

STAFF = new_id()
LIPOWA = Particulars("Anna Kowalska", "Lipowa 12", "Kraków", "PL", "30-702")


@pytest.fixture
def strangers() -> None:
    for one in town(people=80):
        account = accounts.register(
            one.email or f"{one.number}@nobody.example",
            source="shop",
            name=f"{one.given.title()} {one.surname.title()}",
            phone=one.phone,
        )
        accounts.save_address(account, Particulars("Somebody", one.line1, one.city, "GB", "SW1A 1AA"))


@pytest.fixture
def anna(strangers) -> UUID:
    account = accounts.register("anna.kowalska@example.pl", source="shop", name="Anna Kowalska", phone="+48601234567")
    accounts.save_address(account, LIPOWA)
    return account


@pytest.fixture
def guest(anna) -> UUID:
    """The same Anna, who bought as a guest: her mail is another, her telephone number has a slip."""
    accounts.keep_contact("ania84@mail.example", "Ania Kowalska", "+48601234576")
    return identifier("email", "ania84@mail.example").key


def proposed() -> Proposed:
    know_everybody()
    return propose_matches()


def the_pair(one: UUID, other: UUID, state: str = "open") -> ReviewView | None:
    pair = {known.customer_of(one), known.customer_of(other)}
    found = [view for view in known.reviews(state=state) if {view.customer_a, view.customer_b} <= pair]
    assert len(found) <= 1
    return found[0] if found else None


def waiting(one: UUID, other: UUID) -> ReviewView:
    found = the_pair(one, other)
    assert found is not None
    return found


def test_a_guest_with_a_slip_in_her_number_is_proposed_with_the_reasons(anna, guest):
    outcome = proposed()
    view = waiting(anna, guest)
    said = explaining.degrees(explaining.read(view.reasons))
    assert said == {"given": "short", "surname": "same", "email": "other", "phone": "slip"}
    assert outcome.waiting == 1
    assert known.customer_of(anna) != known.customer_of(guest)  # nothing is joined before somebody decides
    run = queries.last_run()
    assert run is not None
    assert (run.records, run.proposed, run.accepted) == (outcome.records, 1, 0)


def test_no_particulars_stand_in_what_is_kept_of_it(anna, guest):
    proposed()
    kept = str(waiting(anna, guest).reasons).casefold()
    assert not [word for word in ("anna", "ania", "kowalska", "48601", "lipowa", "example") if word in kept]


def test_comparing_again_asks_nobody_twice(anna, guest):
    proposed()
    first = waiting(anna, guest)
    again = proposed()
    assert again.waiting == 1
    assert waiting(anna, guest) == first


def test_who_is_accepted_is_one_person_and_taking_it_back_parts_exactly_what_it_joined(anna, guest):
    proposed()
    before = known.customer_of(anna), known.customer_of(guest)
    identity.decide(waiting(anna, guest).id, True, str(STAFF))
    assert known.customer_of(anna) == known.customer_of(guest) == anna
    (decision,) = [one for one in known.assertions(anna) if one.rule == "same"]
    identity.retract(decision.id, str(STAFF), "two people after all")
    assert (known.customer_of(anna), known.customer_of(guest)) == before
    assert proposed().waiting == 0  # what a person took back is not asked again


def test_a_rejected_pair_stays_rejected_until_much_more_speaks_for_it(anna, guest):
    proposed()
    identity.decide(waiting(anna, guest).id, False, str(STAFF))
    assert proposed().waiting == 0
    assert the_pair(anna, guest) is None
    tell(Told(identifier("email", "ania84@mail.example"), "Identified", traits={"birthday": "1984-03-12"}))
    tell(Told(identifier("account", str(anna)), "Identified", day(1), traits={"birthday": "1984-03-12"}))
    assert proposed().waiting == 1
    assert waiting(anna, guest).decided_by == ""


def test_what_nothing_speaks_for_any_more_is_withdrawn(anna, guest):
    proposed()
    assert the_pair(anna, guest)
    accounts.change(anna, name="Zofia Lewandowska", phone="+48777000111")
    outcome = proposed()
    assert (outcome.waiting, outcome.withdrawn) == (0, 1)
    assert the_pair(anna, guest) is None


def test_two_of_whom_somebody_said_that_they_differ_are_not_proposed(anna, guest):
    know_everybody()
    identity.declare_different(anna, guest, str(STAFF), "sisters")
    assert proposed().waiting == 0


@pytest.fixture
def visitor(anna) -> UUID:
    """Anna once more, known by a browser alone: she told her birthday and her door there."""
    traits = {"name": "Anna Kowalska", "birthday": "1984-03-12", "address": {"street": "Lipowa 12", "city": "Kraków"}}
    tell(Told(cookie("anna"), "Identified", traits=traits))
    tell(Told(identifier("account", str(anna)), "Identified", day(1), traits={"birthday": "1984-03-12"}))
    return cookie("anna").key


def test_a_rule_takes_two_for_one_and_is_taken_back_like_any_decision(anna, visitor):
    commands.set_rule("born the same day", 0.99, ["born"], True, STAFF)
    outcome = proposed()
    assert (outcome.accepted, outcome.waiting) == (1, 0)
    assert known.customer_of(visitor) == anna
    decided = the_pair(anna, visitor, "accepted")
    assert decided is not None
    assert decided.decided_by == f"{BY_RULE}born the same day"
    (decision,) = [one for one in known.assertions(anna) if one.rule == "same"]
    identity.retract(decision.id, str(STAFF), "a namesake")
    assert known.customer_of(visitor) == visitor
    assert (proposed().accepted, known.customer_of(visitor)) == (0, visitor)  # nor does the rule decide it again


def test_without_a_rule_the_same_two_wait_for_a_person(anna, visitor):
    outcome = proposed()
    assert (outcome.accepted, outcome.waiting) == (0, 1)
    assert known.customer_of(visitor) == visitor


def test_a_rule_that_asks_for_something_else_decides_nothing(anna, visitor):
    commands.set_rule("same number", 0.9, ["phone"], False, STAFF)
    assert proposed().accepted == 0


def test_a_rule_never_joins_two_accounts(anna):
    other = accounts.register("anna@other.example", source="shop", name="Anna Kowalska")
    accounts.save_address(other, LIPOWA)
    commands.set_rule("same door", 0.9, ["address"], False, STAFF)
    outcome = proposed()
    assert outcome.accepted == 0
    assert known.customer_of(anna) != known.customer_of(other)
    assert waiting(anna, other).decided_by == ""


def test_a_rule_has_a_name_of_its_own_and_ends():
    commands.set_rule("same number", 0.9, ["phone"], False, STAFF)
    with pytest.raises(RuleNameTaken):
        commands.set_rule("same  number", 0.95, ["email"], True, STAFF)
    commands.end_rule(queries.rules()[0].id, STAFF)
    assert queries.rules() == ()
    with pytest.raises(NotFound):
        commands.end_rule(0, STAFF)


@pytest.mark.parametrize(
    ("name", "least", "agreeing"),
    [("", 0.99, ["email"]), ("x", 0.5, ["email"]), ("x", 1.0, ["email"]), ("x", 0.99, []), ("x", 0.99, ["given"])],
)
def test_a_rule_that_asks_for_nothing_is_none(name, least, agreeing):
    with pytest.raises(NotARule):
        commands.set_rule(name, least, agreeing, True, STAFF)


def test_nobody_compares_while_somebody_compares(strangers):
    refused: list[bool] = []

    def second() -> None:
        try:
            propose_matches()
        except MatchingUnderWay:
            refused.append(True)
        finally:
            connection.close()

    with commands.alone():
        thread = Thread(target=second)
        thread.start()
        thread.join()
    assert refused == [True]


def test_what_people_told_is_found_under_whoever_they_are_now(anna, guest):
    know_everybody()
    told = told_by([anna, guest])
    assert [one.line1 for one in told[anna]] == ["Lipowa 12"]
    assert [(one.where, one.name) for one in told[guest]] == [("guest", "Ania Kowalska")]
