"""What is known of a customer is what their touchpoints say: each trait, and the whole against a second reckoning."""

from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samband.customers.profiles import books, commands, privacy, queries
from samband.customers.profiles.queries import TRAITS, ProfileView
from samband.customers.profiles.traits import Trait
from samband.flows.follow_customers import follow
from samband.kernel.identifier import identifier
from samband.kernel.ids import new_id
from samband.kernel.reach import Reach
from tests.customers.reckoning import reckoned
from tests.customers.touched import KINDS, Told, cookie, customer, day, tell

pytestmark = pytest.mark.django_db

ANNA = cookie("anna")


def bought(order: str | None, worth: int | None, at: float = 0, **more) -> Told:
    currency = more.pop("currency", "EUR" if worth is not None else None)
    return Told(ANNA, "Order Completed", day(at), order=order, worth=worth, currency=currency, **more)


def back(order: str | None, worth: int | None, at: float = 1, **more) -> Told:
    currency = more.pop("currency", "EUR" if worth is not None else None)
    return Told(ANNA, "Order Refunded", day(at), order=order, worth=worth, currency=currency, **more)


def known(*told: Told) -> ProfileView:
    tell(*told)
    follow()
    found = queries.profile(customer(ANNA))
    assert found is not None
    return found


def test_where_somebody_came_from_and_was_last():
    anna = known(
        Told(ANNA, at=day(3), channel="till", place="RVK"),
        Told(ANNA, at=day(1), channel="web"),
        Told(ANNA, at=day(2), channel=""),
        Told(ANNA, at=day(9), channel="chat"),
    )
    assert (anna.first_channel, anna.last_channel, anna.channels) == ("web", "chat", 3)
    assert (anna.first_seen, anna.last_seen) == (day(1), day(9))
    assert (anna.touchpoints, anna.active_days, anna.recency_days(day(12.5))) == (4, 4, 3)


def test_an_order_told_by_the_shop_its_server_and_a_browser_is_one_order_worth_what_the_shop_says():
    anna = known(
        bought("R-1", 990, 1.0, source="browser"),
        bought("R-1", 1_000, 1.1, source="house"),
        bought("R-1", 1_010, 1.2, source="server"),
        bought("R-2", 2_000, 3),
    )
    assert (anna.orders, anna.value, anna.average_order, anna.currency) == (2, 3_000, 1_500, "EUR")
    assert (anna.first_order_at, anna.last_order_at, anna.order_gap_days) == (day(1.1), day(3), 1)


def test_an_order_that_was_changed_is_worth_what_was_said_last():
    changed = Told(ANNA, "Order Updated", day(2), order="R-1", worth=700, currency="EUR")
    assert known(changed, bought("R-1", 900, 1)).value == 700


def test_an_order_that_was_cancelled_is_none():
    anna = known(bought("R-1", 900), bought("R-2", 100), Told(ANNA, "Order Cancelled", day(1), order="R-1"))
    assert (anna.orders, anna.value) == (1, 100)


def test_orders_without_a_number_are_orders_of_their_own():
    assert known(bought(None, 100), bought(None, 100)).orders == 2


def test_what_was_given_back_is_no_value_but_never_more_than_was_paid():
    anna = known(
        bought("R-1", 1_000), back("R-1", 200), back("R-1", 300, 2), back("R-1", 500, source="browser"),
        bought("R-2", 400), back("R-2", None),
        bought("R-3", 100), back("R-3", 900),
        back("R-99", 5_000),
    )  # fmt: skip
    assert (anna.value, anna.refunded, anna.orders) == (500, 1_000, 3)


def test_money_of_two_currencies_is_never_added():
    anna = known(
        bought("R-1", 5_000), bought("R-2", 90_000, 1, currency="ISK"), bought("R-3", 10_000, 2, currency="ISK")
    )
    assert (anna.currency, anna.value, anna.average_order) == ("ISK", 100_000, 50_000)
    assert (anna.spent, anna.orders) == ({"EUR": 5_000, "ISK": 100_000}, 3)


def test_what_they_buy_most_is_their_favourite_whatever_they_look_at():
    cups = {"products": [{"category": "cups"}, {"category": "cups"}, {"category": "sofas"}]}
    looks = [Told(ANNA, "Product Viewed", day(5), category="lamps") for _ in range(5)]
    assert known(*looks).favourite_category == "lamps"
    assert (
        known(bought("R-1", 1, 1, properties=cups), bought("R-2", 1, 2, category="cups")).favourite_category == "cups"
    )


def test_their_store_is_where_they_were_on_most_days():
    many = [Told(ANNA, "Item Scanned", day(1), place="RVK") for _ in range(9)]
    assert known(*many, Told(ANNA, at=day(2), place="AK"), Told(ANNA, at=day(3), place="AK")).preferred_store == "AK"


def test_how_they_pay_and_how_goods_come_to_them():
    ways = [("card", "pickup"), ("card", "parcel"), ("transfer", "parcel")]
    anna = known(
        *(
            bought(f"R-{nth}", 1, nth, properties={"payment_method": paid, "shipping_method": came})
            for nth, (paid, came) in enumerate(ways)
        )
    )
    assert (anna.payment_habit, anna.delivery_habit) == ("card", "parcel")


def test_country_and_language_are_those_told_last():
    anna = known(
        Told(ANNA, at=day(1), context={"locale": "pl-PL"}, traits={"country": "PL"}),
        Told(ANNA, at=day(3), context={"locale": "is_IS"}, traits={"address": {"country": "is"}}),
        Told(ANNA, at=day(4), context={"locale": "tlh"}, traits={"country": "Qo'noS"}),
    )
    assert (anna.country, anna.language) == ("IS", "is")


def test_goods_that_came_back_are_counted_by_order():
    told = [Told(ANNA, name, day(2), order="R-1") for name in ("Return Requested", "Return Received")]
    assert known(bought("R-1", 5), *told, Told(ANNA, "Return Received", day(3), order="R-2")).returns == 2


def test_a_customer_of_whom_nothing_was_told_has_a_profile_too():
    from samband.customers.identity import commands as identity

    card = identifier("loyalty", "9354 1")
    identity.know([card], day(0))
    assert commands.rebuild() == 1
    found = queries.profile(customer(card))
    assert (found.touchpoints, found.has_loyalty, found.has_account, found.last_seen) == (0, True, False, None)


def test_what_is_no_customer_any_more_is_forgotten():
    anna = known(Told(ANNA))
    with connection.cursor() as cursor:
        cursor.execute("update profiles_profile set customer = %s", [new_id()])
    assert list(books.findings())
    assert commands.rebuild() == 2
    assert queries.profile(anna.customer) == anna
    assert list(books.findings()) == []


def test_books_find_a_trait_that_somebody_touched():
    anna = known(Told(ANNA))
    assert list(books.findings()) == []
    with connection.cursor() as cursor:
        cursor.execute("update profiles_profile set orders = 7")
    assert [str(anna.customer) in one for one in books.findings()] == [True]
    assert commands.rebuild() == 1
    assert commands.rebuild() == 0
    assert queries.profile(anna.customer) == anna


def test_what_still_waits_to_be_followed_is_no_finding():
    known(Told(ANNA))
    tell(Told(ANNA, at=day(2)))
    assert list(books.findings()) == []
    follow()
    assert queries.profile(customer(ANNA)).touchpoints == 2


def test_every_trait_is_a_column_of_the_relation_and_told():
    with connection.cursor() as cursor:
        cursor.execute(f"select * from {queries.RELATION} limit 0")
        columns = {column.name for column in cursor.description}
    assert columns == {"customer", "spent", *TRAITS}
    assert {one.kind for one in TRAITS.values()} == {"count", "money", "moment", "text", "flag"}
    assert all(isinstance(one, Trait) and one.means for one in TRAITS.values())


def test_an_erased_customer_leaves_no_profile():
    anna = known(Told(ANNA))
    reach = Reach(anna.customer, (), (), (), (), ())
    assert privacy.export(reach)["profile"][0]["touchpoints"] == 1
    privacy.erase(reach)
    assert privacy.export(reach) == {"profile": []}


def test_the_unfollowed_have_no_profile_yet():
    tell(Told(ANNA))
    assert queries.profile(customer(ANNA)) is None
    assert queries.profile(UUID(int=5)) is None


MOMENTS = st.sampled_from([day(nth / 3) for nth in range(9)])
WORDS = st.sampled_from(["", "a", "b", "Ö", "z"])
MAYBE = st.none() | WORDS
PRODUCTS = st.lists(st.fixed_dictionaries({"category": WORDS}), max_size=3)
EVENTS = ["Page Viewed", "Product Viewed", "Order Completed", "Order Completed", "Order Updated", "Order Cancelled",
          "Order Refunded", "Return Requested", "Return Received"]  # fmt: skip


@st.composite
def tellings(draw: st.DrawFn, whose: tuple = (ANNA,)) -> Told:
    """Something told of one of these, by any source, in any state of order and disorder."""
    worth = draw(st.none() | st.integers(-5, 2_000))
    return Told(
        draw(st.sampled_from(whose)),
        draw(st.sampled_from(EVENTS)),
        draw(MOMENTS),
        draw(WORDS),
        draw(st.sampled_from(KINDS)),
        draw(MAYBE),
        draw(MAYBE),
        draw(st.sampled_from(["R-1", "R-2", "R-3", None])),
        worth,
        draw(st.sampled_from(["EUR", "ISK", None])),
        draw(
            st.fixed_dictionaries(
                {}, optional={"payment_method": WORDS, "shipping_method": WORDS, "products": PRODUCTS}
            )
        ),
        draw(st.fixed_dictionaries({}, optional={"country": st.sampled_from(["is", "PL", "Ísland", ""])})),
        draw(st.fixed_dictionaries({}, optional={"locale": st.sampled_from(["is-IS", "pl", "tlh", "EN_us", ""])})),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(tellings(), min_size=1, max_size=14))
def test_the_statement_says_what_reckoning_by_hand_says(told):
    _forget_everything()
    found = known(*told)
    expected = reckoned(told)
    assert {name: getattr(found, name) for name in expected} == expected


def _forget_everything() -> None:
    """The beginning of another example in the same test."""
    with connection.cursor() as cursor:
        cursor.execute("truncate touchpoints_touchpoint, touchpoints_touched, profiles_profile, identity_moved")
