"""Who may be one person is found in spite of slips, with the reasons, the same every time; strangers are left alone."""

import pytest

from samband.customers.identity.proposing.comparing import Match
from samband.customers.identity.proposing.matching import Found, find
from samband.customers.identity.proposing.records import SPILL, Record, lay_out, workshop
from tests.customers.people import ANNA, JON, again, town

MARRIED = again(ANNA, "married", name="Anna Nowak", email="anna.nowak@example.com")
SLIPPED = again(
    ANNA, "slipped", name="Anna Kowalksa", email="anna.kowalska@mail.example.com", phone="", born="19841203"
)
TURNED = again(JON, "turned", name="Þórsson Jón", email="thor@example.is", phone="+3546912354")
EVA = Record(0, "eva", name="Eva Berg", email="evaberg1971@example.is")
ELSEWHERE = again(EVA, "elsewhere", email="eva.berg1971@mail.example.com")
SISTER = again(ANNA, "sister", name="Ewa Kowalska", email="ewa@example.pl", born="19870707")
NAMESAKE = Record(0, "namesake", name="Anna Kowalska", email="ak@example.org", born="19550101", city="Gdańsk")


@pytest.fixture(scope="module")
def found() -> Found:
    return find(town(ANNA, JON, MARRIED, SLIPPED, TURNED, EVA, ELSEWHERE, SISTER, NAMESAKE), 0.9, 100)


def between(found: Found, one: str, other: str) -> Match | None:
    return next((match for match in found.likely if set(match.groups) == {one, other}), None)


def agreeing(match: Match) -> dict[str, str]:
    return {one.field: one.degree for one in match.agreements}


def test_another_surname_and_mail_but_the_same_telephone_birthday_and_door(found):
    match = between(found, "anna", "married")
    assert match is not None
    assert match.probability > 0.99
    said = agreeing(match)
    assert (said["given"], said["surname"], said["email"]) == ("same", "other", "other")
    assert (said["phone"], said["born"], said["address"]) == ("same", "same", "same")
    bits = {one.field: one.bits for one in match.agreements}
    assert bits["phone"] > 5 > 0 > bits["surname"]


def test_slips_in_the_name_and_day_and_month_that_changed_places(found):
    match = between(found, "anna", "slipped")
    assert match is not None
    said = agreeing(match)
    assert (said["surname"], said["born"]) == ("slip", "slip")
    assert "phone" not in said  # one of them told none: that speaks neither for nor against
    assert "email" not in said  # the same letters at another provider, but they are those of the name


def test_a_mail_with_a_number_of_ones_own_speaks_for_one_person_at_any_provider(found):
    match = between(found, "eva", "elsewhere")
    assert match is not None
    assert agreeing(match) == {"surname": "both", "email": "mailbox"}


def test_names_in_the_wrong_order_and_a_number_with_two_digits_that_changed_places(found):
    match = between(found, "jon", "turned")
    assert match is not None
    said = agreeing(match)
    assert (said["given"], said["surname"], said["phone"]) == ("crossed", "crossed", "slip")


def test_a_sister_at_the_same_door_with_the_same_telephone_is_not_proposed(found):
    assert between(found, "anna", "sister") is None


def test_somebody_of_the_same_name_elsewhere_is_not_proposed(found):
    assert between(found, "anna", "namesake") is None


def test_strangers_are_left_alone(found):
    planted = {"anna", "jon", "married", "slipped", "turned", "eva", "elsewhere", "sister", "namesake"}
    assert not [match.groups for match in found.likely if not set(match.groups) <= planted]
    assert found.compared > 50


def test_the_same_people_in_any_order_are_judged_the_same(found):
    people = town(ANNA, JON, MARRIED, SLIPPED, TURNED, EVA, ELSEWHERE, SISTER, NAMESAKE)
    assert find(people, 0.9, 100) == found
    assert find(reversed(people), 0.9, 100).likely == found.likely


def test_records_of_one_customer_are_never_a_pair_and_fill_each_other_s_gaps():
    young = again(ANNA, "both", email="", phone="", name="A. Kowalska")
    with_phone = Record(0, "both", name="Anna", phone=ANNA.phone)
    found = find(town(ANNA, young, with_phone), 0.9, 100)
    match = between(found, "anna", "both")
    assert match is not None
    assert agreeing(match)["phone"] == "same"
    assert all(one != other for one, other in (match.groups for match in found.likely))


def test_a_rare_surname_says_more_than_a_common_one():
    smiths = [Record(0, f"smith {nth}", name=f"{given} Smith") for nth, given in enumerate(("Ada", "Bo", "Cy", "Di"))]
    people = town(*smiths, *(again(one, f"more {one.group}") for one in smiths), people=100)
    rare = (Record(0, "rare", name="Ada Zvyagintseva"), Record(0, "rare too", name="Ada Zvyagintseva"))
    found = find([*people, *(again(one, one.group, number=1000 + nth) for nth, one in enumerate(rare))], 0.0, 10_000)
    common = between(found, "smith 0", "more smith 0")
    seldom = between(found, "rare", "rare too")
    assert common is not None
    assert seldom is not None
    assert agreeing(common)["surname"] == agreeing(seldom)["surname"] == "both"
    surname = [{one.field: one.bits for one in match.agreements}["surname"] for match in (common, seldom)]
    assert surname[0] < surname[1]


@pytest.mark.parametrize(
    "people", [[], [ANNA], [ANNA, again(ANNA, "anna", number=1)], [Record(0, "a"), Record(1, "b")]]
)
def test_nobody_to_compare(people):
    assert find(people, 0.9, 100).likely == ()


def test_only_so_many_are_proposed_the_likeliest():
    people = town(ANNA, JON, MARRIED, SLIPPED, TURNED)
    every, one = find(people, 0.9, 100).likely, find(people, 0.9, 1).likely
    assert len(every) > 2
    assert one == every[:1]
    assert [match.weight for match in every] == sorted((match.weight for match in every), reverse=True)


def test_nothing_is_left_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    killed = tmp_path / f"{SPILL}999999999-x"
    killed.mkdir()
    (killed / "spilled").write_text("Anna")
    with workshop(memory_mb=100) as session:
        lay_out(session, town(ANNA))
        assert [folder.name.startswith(SPILL) for folder in tmp_path.iterdir()] == [True]
    assert list(tmp_path.iterdir()) == []


def test_there_is_no_way_to_the_network():
    with workshop() as session, pytest.raises(Exception, match=r"httpfs|disabled|extension"):
        session.execute("select * from read_csv('https://127.0.0.1:9/x.csv')").fetchall()
