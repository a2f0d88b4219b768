"""A cart keeps what was put into it: nothing lost, nothing doubled; what cannot be is refused and changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samband.commerce.cart import commands, markets, queries
from samband.commerce.cart.books import findings
from samband.commerce.cart.models import Cart, CartLine
from samband.commerce.cart.refusals import (
    CartClosed,
    CartEdited,
    CartEmpty,
    CartFull,
    NoSuchCart,
    NoSuchMarket,
    NotYourCart,
    OtherCurrency,
    TooManyOfOne,
)
from samband.commerce.cart.rules import CartLineView
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, KeyReused, Refusal
from samband.timeline.models import Entry
from tests.undefended import undefend

pytestmark = pytest.mark.django_db

properties = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(autouse=True)
def currencies(monkeypatch):
    monkeypatch.setattr(markets, "currency_of", {"LV": "EUR", "GR": "EUR", "IS": "ISK"}.get)


@contextmanager
def refused(kind: type[Refusal]) -> Iterator[pytest.ExceptionInfo]:
    """It is refused, and no cart is different afterwards."""
    before = everything()
    with pytest.raises(kind) as info, transaction.atomic():
        yield info
    assert everything() == before


def everything() -> tuple[list, list]:
    return list(Cart.objects.order_by("id").values()), list(CartLine.objects.order_by("cart", "sku").values())


def lines(cart_id: UUID) -> dict[str, int]:
    return {line.sku: line.quantity for line in queries.cart(cart_id).lines}


def filled(goods: dict[str, int], customer_id: UUID | None = None, market: str = "LV") -> UUID:
    cart = commands.open_cart(market, customer_id)
    for sku, quantity in goods.items():
        commands.put(cart.id, sku, quantity)
    return cart.id


class TestLines:
    def test_put_sets_and_add_adds(self):
        cart_id = filled({"CHAIR": 2})
        assert commands.add(cart_id, "CHAIR", 3).quantity == 5
        assert commands.put(cart_id, "CHAIR", 4).quantity == 4
        assert lines(cart_id) == {"CHAIR": 4}
        assert queries.count(cart_id) == queries.cart(cart_id).pieces == 4

    def test_none_of_a_thing_takes_it_out(self):
        cart_id = filled({"CHAIR": 2, "SOFA": 1})
        assert commands.put(cart_id, "CHAIR", 0).quantity == 0
        assert lines(cart_id) == {"SOFA": 1}

    def test_taking_out_what_is_not_in_changes_nothing(self):
        cart_id = filled({"CHAIR": 2})
        before = everything()
        commands.put(cart_id, "SOFA", 0)
        assert everything() == before

    def test_lines_keep_the_order_in_which_they_came(self):
        cart_id = filled({"SOFA": 1, "CHAIR": 1, "BALL": 1})
        commands.add(cart_id, "SOFA", 1)
        assert list(lines(cart_id)) == ["SOFA", "CHAIR", "BALL"]

    def test_a_cart_is_opened_with_all_its_lines_in_one_statement(self, django_assert_num_queries):
        blank = commands.blank("LV")
        lines_of = tuple(CartLineView(sku, 2, Money(500, "EUR")) for sku in ("SOFA", "CHAIR", "BALL"))
        with django_assert_num_queries(1):
            opened = commands.open_filled(replace(blank, lines=lines_of))
        assert queries.cart(blank.id) == opened
        assert opened.version == 3
        assert commands.add(blank.id, "CHAIR", 1).version == 4

    @pytest.mark.parametrize(
        ("line", "refusal"),
        [
            (CartLineView("SOFA", 1000, None), TooManyOfOne),
            (CartLineView("SOFA", 0, None), Invalid),
            (CartLineView("no\nsku", 1, None), Invalid),
            (CartLineView("SOFA", 1, Money(1, "ISK")), OtherCurrency),
            (CartLineView("CHAIR", 1, None), Invalid),
        ],
    )
    def test_a_cart_is_not_opened_with_a_line_that_cannot_be(self, line, refusal):
        blank = commands.blank("LV")
        with pytest.raises(refusal):
            commands.open_filled(replace(blank, lines=(CartLineView("CHAIR", 1, None), line)))
        with pytest.raises(NoSuchCart):
            queries.cart(blank.id)

    def test_every_edit_moves_the_version_and_tells_it(self):
        cart_id = filled({})
        told = [commands.put(cart_id, "CHAIR", 1), commands.add(cart_id, "CHAIR", 1), commands.put(cart_id, "CHAIR", 0)]
        assert [edit.version for edit in told] == [1, 2, 3]
        assert queries.cart(cart_id).version == 3

    def test_the_price_seen_is_kept_until_another_is_seen(self):
        cart_id = filled({})
        commands.put(cart_id, "CHAIR", 1, Money(500, "EUR"))
        commands.add(cart_id, "CHAIR", 1)
        assert queries.cart(cart_id).lines[0].seen == Money(500, "EUR")
        commands.put(cart_id, "CHAIR", 2, Money(450, "EUR"))
        assert queries.cart(cart_id).lines[0].seen == Money(450, "EUR")

    def test_noting_what_was_seen_is_no_edit(self):
        cart_id = filled({"CHAIR": 1, "SOFA": 1})
        version = queries.cart(cart_id).version
        commands.note_seen(cart_id, {"CHAIR": Money(500, "EUR"), "ELSEWHERE": Money(1, "EUR")})
        commands.note_seen(cart_id, {})
        cart = queries.cart(cart_id)
        assert [line.seen for line in cart.lines] == [Money(500, "EUR"), None]
        assert cart.version == version

    def test_another_market_has_other_prices(self):
        cart_id = filled({})
        commands.put(cart_id, "CHAIR", 1, Money(500, "EUR"))
        cart = commands.change_market(cart_id, "IS")
        assert (cart.market, cart.currency, cart.lines[0].seen) == ("IS", "ISK", None)
        assert cart.version == 2
        commands.put(cart_id, "CHAIR", 1, Money(70_000, "ISK"))
        assert commands.change_market(cart_id, "IS").lines[0].seen == Money(70_000, "ISK")

    def test_edits_and_reads_are_one_statement_each(self, django_assert_num_queries):
        cart_id = filled({f"SKU{i}": 1 for i in range(30)})
        for asked in (
            lambda: commands.put(cart_id, "CHAIR", 1, Money(5, "EUR")),
            lambda: commands.add(cart_id, "CHAIR", 1),
            lambda: commands.put(cart_id, "CHAIR", 0),
            lambda: commands.note_seen(cart_id, {"SKU1": Money(5, "EUR")}),
            lambda: queries.cart(cart_id),
            lambda: queries.count(cart_id),
            lambda: queries.open_of(new_id()),
            lambda: commands.open_cart("LV"),
        ):
            with django_assert_num_queries(1):
                asked()

    def test_the_order_command_is_one_statement_and_its_event(self, django_assert_num_queries):
        cart = queries.cart(filled({"CHAIR": 1}))
        with django_assert_num_queries(2):
            commands.order(cart.id, cart.version, new_id())


class TestBadInput:
    @pytest.mark.parametrize("quantity", [-1, True, False, 1.0, 0.0, "1", None, 2.5])
    def test_a_quantity_is_a_whole_number(self, quantity):
        cart_id = filled({"CHAIR": 2})
        for edit in (commands.put, commands.add):
            with refused(Invalid):
                edit(cart_id, "CHAIR", quantity)

    def test_nothing_more_is_nothing_to_add(self):
        with refused(Invalid):
            commands.add(filled({}), "CHAIR", 0)

    @pytest.mark.parametrize("quantity", [1000, 10**9, 10**30])
    def test_a_cart_holds_so_many_of_one_thing(self, quantity):
        cart_id = filled({"CHAIR": 999})
        for edit in (commands.put, commands.add):
            with refused(TooManyOfOne) as info:
                edit(cart_id, "CHAIR", quantity)
        assert info.value.details == {"sku": "CHAIR", "most": 999}

    def test_adding_up_to_too_many_is_refused(self):
        cart_id = filled({"CHAIR": 998})
        with refused(TooManyOfOne):
            commands.add(cart_id, "CHAIR", 2)
        assert commands.add(cart_id, "CHAIR", 1).quantity == 999

    @pytest.mark.parametrize("sku", ["", " ", "Á", "A\x00", "A" * 65, None, 5, "A\nB", "-A"])
    def test_a_sku_looks_like_one(self, sku):
        cart_id = filled({"CHAIR": 1})
        for quantity in (0, 1):
            with refused(Invalid):
                commands.put(cart_id, sku, quantity)
        with refused(Invalid):
            commands.note_seen(cart_id, {sku: Money(1, "EUR")})

    def test_a_price_in_another_currency_was_seen_elsewhere(self):
        cart_id = filled({"CHAIR": 1})
        for edit in (
            lambda: commands.put(cart_id, "CHAIR", 1, Money(1, "PLN")),
            lambda: commands.add(cart_id, "SOFA", 1, Money(1, "ISK")),
            lambda: commands.note_seen(cart_id, {"CHAIR": Money(1, "GBP")}),
            lambda: commands.note_seen(cart_id, {"CHAIR": Money(1, "EUR"), "SOFA": Money(1, "GBP")}),
        ):
            with refused(OtherCurrency):
                edit()

    @pytest.mark.parametrize("seen", [Money(-1, "EUR"), 5, "5 EUR", 1.5])
    def test_a_price_seen_is_an_amount(self, seen):
        cart_id = filled({"CHAIR": 1})
        with refused(Invalid):
            commands.put(cart_id, "CHAIR", 1, seen)

    def test_a_full_cart_takes_more_of_what_it_holds_and_nothing_else(self):
        cart_id = filled({f"SKU{i}": 1 for i in range(200)})
        for edit in (commands.put, commands.add):
            with refused(CartFull):
                edit(cart_id, "CHAIR", 1)
        assert commands.add(cart_id, "SKU7", 1).quantity == 2

    def test_a_cart_that_is_not_there_is_not_found(self):
        for ask in (
            lambda: commands.put(new_id(), "CHAIR", 1),
            lambda: commands.put(new_id(), "CHAIR", 0),
            lambda: commands.add(new_id(), "CHAIR", 1),
            lambda: commands.note_seen(new_id(), {"CHAIR": Money(1, "EUR")}),
            lambda: commands.change_market(new_id(), "LV"),
            lambda: commands.join(new_id(), new_id()),
            lambda: commands.order(new_id(), 0, new_id()),
            lambda: queries.cart(new_id()),
        ):
            with refused(NoSuchCart):
                ask()
        assert queries.count(new_id()) == 0
        assert queries.open_of(new_id()) is None

    def test_a_closed_cart_does_not_change(self):
        cart_id = filled({"CHAIR": 1})
        commands.order(cart_id, 1, new_id())
        for ask in (
            lambda: commands.put(cart_id, "CHAIR", 2),
            lambda: commands.put(cart_id, "CHAIR", 0),
            lambda: commands.add(cart_id, "SOFA", 1),
            lambda: commands.note_seen(cart_id, {"CHAIR": Money(1, "EUR")}),
            lambda: commands.change_market(cart_id, "IS"),
            lambda: commands.join(cart_id, new_id()),
            lambda: commands.order(cart_id, 1, new_id()),
        ):
            with refused(CartClosed):
                ask()
        assert queries.count(cart_id) == 0

    @pytest.mark.parametrize("market", ["XX", "", None, "lv", 5, ["LV"]])
    def test_a_market_where_we_do_not_sell_is_refused(self, market):
        cart_id = filled({"CHAIR": 1})
        with refused(NoSuchMarket):
            commands.open_cart(market)
        with refused(NoSuchMarket):
            commands.change_market(cart_id, market)


class TestCustomersCart:
    def test_is_one_wherever_it_is_opened(self):
        me = new_id()
        first = filled({"CHAIR": 1}, me)
        again = commands.open_cart("IS", me)
        assert (again.id, again.market, again.pieces) == (first, "LV", 1)
        assert queries.open_of(me) == again

    def test_starts_anew_after_an_order(self):
        me = new_id()
        first = filled({"CHAIR": 1}, me)
        commands.order(first, 1, new_id(), me)
        assert queries.open_of(me) is None
        assert commands.open_cart("LV", me).lines == ()


GOODS = st.dictionaries(st.sampled_from(["A", "B", "C", "D", "E"]), st.integers(1, 999), max_size=5)


def larger(*carts: dict[str, int]) -> dict[str, int]:
    return {sku: max(cart.get(sku, 0) for cart in carts) for sku in {sku for cart in carts for sku in cart}}


class TestJoining:
    @given(own=st.none() | GOODS, guest=GOODS, again=st.integers(0, 2))
    @properties
    def test_any_two_carts_lose_and_double_nothing_however_often_they_are_joined(self, own, guest, again):
        with transaction.atomic():
            me = new_id()
            if own is not None:
                filled(own, me)
            guest_cart = filled(guest)
            event = commands.join(guest_cart, me, key="sign-in")
            for _ in range(again):
                assert commands.join(guest_cart, me) == event
            assert lines(event.cart_id) == larger(own or {}, guest)
            assert queries.open_of(me).id == event.cart_id
            assert queries.cart(guest_cart).state == "joined"
            assert lines(guest_cart) == guest
            assert Entry.objects.filter(subject=f"cart:{event.cart_id}").count() == 1
            assert list(findings()) == []
            transaction.set_rollback(True)

    @given(own=GOODS, one=GOODS, other=GOODS)
    @properties
    def test_the_order_of_joining_does_not_matter(self, own, one, other):
        ends = []
        for first, second in ((one, other), (other, one)):
            with transaction.atomic():
                me = new_id()
                filled(own, me)
                carts = filled(first), filled(second)
                for cart_id in (*carts, carts[0]):
                    commands.join(cart_id, me)
                ends.append(lines(queries.open_of(me).id))
                transaction.set_rollback(True)
        assert ends[0] == ends[1] == larger(own, one, other)

    def test_a_cart_that_went_to_somebody_else_is_refused(self):
        mine = filled({"CHAIR": 1})
        commands.join(mine, new_id())
        with refused(NotYourCart):
            commands.join(mine, new_id())
        with refused(NotYourCart):
            commands.join(filled({"CHAIR": 1}, new_id()), new_id())

    def test_ones_own_cart_stays_as_it_is_and_nothing_is_recorded(self):
        me = new_id()
        mine = filled({"CHAIR": 1}, me)
        before = everything(), Entry.objects.count()
        assert commands.join(mine, me).cart_id == mine
        assert (everything(), Entry.objects.count()) == before

    def test_an_empty_cart_follows_the_shopper_to_their_market(self):
        me = new_id()
        commands.open_cart("LV", me)
        guest = commands.open_cart("IS").id
        commands.put(guest, "CHAIR", 1, Money(70_000, "ISK"))
        own = queries.cart(commands.join(guest, me).cart_id)
        assert (own.market, own.currency, own.lines[0].seen) == ("IS", "ISK", Money(70_000, "ISK"))

    def test_a_price_seen_in_another_market_is_forgotten(self):
        me = new_id()
        commands.put(commands.open_cart("LV", me).id, "SOFA", 1, Money(900, "EUR"))
        guest = commands.open_cart("IS").id
        commands.put(guest, "CHAIR", 1, Money(70_000, "ISK"))
        commands.put(guest, "SOFA", 2, Money(140_000, "ISK"))
        own = queries.cart(commands.join(guest, me).cart_id)
        assert own.market == "LV"
        assert {line.sku: (line.quantity, line.seen) for line in own.lines} == {
            "SOFA": (2, Money(900, "EUR")),
            "CHAIR": (1, None),
        }

    def test_more_than_a_cart_holds_is_refused_and_both_stay(self):
        me = new_id()
        filled({f"SKU{i}": 1 for i in range(150)}, me)
        guest = filled({f"SKU{i}": 2 for i in range(100, 201)})
        with refused(CartFull):
            commands.join(guest, me)
        commands.put(guest, "SKU200", 0)
        assert len(lines(commands.join(guest, me).cart_id)) == 200


class TestOrdering:
    def test_takes_the_cart_as_it_was_seen(self):
        me, order_id = new_id(), new_id()
        cart_id = filled({"CHAIR": 1}, me)
        event = commands.order(cart_id, 1, order_id, me, key="pay")
        assert (event.cart_id, event.order_id, event.customer_id) == (cart_id, order_id, me)
        assert queries.cart(cart_id).state == "ordered"
        assert commands.order(cart_id, 1, order_id, me, key="pay") == event
        with refused(KeyReused):
            commands.order(cart_id, 1, new_id(), me, key="pay")
        with refused(CartClosed):
            commands.order(cart_id, 1, order_id, me, key="pay again")

    def test_of_an_edited_cart_is_refused(self):
        cart_id = filled({"CHAIR": 1})
        commands.add(cart_id, "CHAIR", 1)
        with refused(CartEdited) as info:
            commands.order(cart_id, 1, new_id())
        assert info.value.details == {"version": 2}

    def test_of_another_market_than_was_seen_is_refused(self):
        cart_id = filled({"CHAIR": 1})
        commands.change_market(cart_id, "GR")
        with refused(CartEdited):
            commands.order(cart_id, 1, new_id())

    def test_of_nothing_is_refused(self):
        with refused(CartEmpty):
            commands.order(filled({}), 0, new_id())

    def test_of_somebody_elses_cart_is_refused(self):
        cart_id = filled({"CHAIR": 1}, new_id())
        for customer_id in (new_id(), None):
            with refused(NotYourCart):
                commands.order(cart_id, 1, new_id(), customer_id)

    @pytest.mark.parametrize("version", ["1", 1.0, True, None])
    def test_at_a_version_that_is_none_is_refused(self, version):
        with refused(Invalid):
            commands.order(filled({"CHAIR": 1}), version, new_id())


EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from("AB"), st.integers(0, 1001)),
        st.tuples(st.just("add"), st.sampled_from("AB"), st.integers(0, 1001)),
        st.tuples(st.just("order"), st.integers(-1, 0), st.just(0)),
    ),
    max_size=12,
)


@given(EDITS)
@properties
def test_any_edits_leave_what_a_shopper_would_expect(edits):
    with transaction.atomic():
        cart_id = commands.open_cart("LV").id
        expected: dict[str, int] = {}
        is_open = True
        for deed, what, quantity in edits:
            version = queries.cart(cart_id).version
            if deed == "order":
                works = is_open and what == 0 and bool(expected)
                ask = (commands.order, cart_id, version + what, new_id())
            else:
                wanted = quantity + (expected.get(what, 0) if deed == "add" else 0)
                works = is_open and wanted <= 999 and (deed == "put" or quantity > 0)
                ask = (getattr(commands, deed), cart_id, what, quantity)
            if not works:
                with pytest.raises(Refusal), transaction.atomic():
                    ask[0](*ask[1:])
                continue
            ask[0](*ask[1:])
            if deed == "order":
                is_open = False
            elif wanted:
                expected[what] = wanted
            else:
                expected.pop(what, None)
            assert lines(cart_id) == expected
        assert lines(cart_id) == expected
        assert list(findings()) == []
        transaction.set_rollback(True)


class TestTables:
    @pytest.mark.parametrize(
        "impossible",
        [
            lambda cart_id: CartLine.objects.update(quantity=0),
            lambda cart_id: CartLine.objects.update(quantity=1000),
            lambda cart_id: CartLine.objects.update(seen_amount=-1),
            lambda cart_id: Cart.objects.filter(id=cart_id).update(state="ordered"),
            lambda cart_id: Cart.objects.filter(id=cart_id).update(joined_into=new_id()),
            lambda cart_id: Cart.objects.filter(id=cart_id).update(state="joined", joined_into=cart_id),
            lambda cart_id: Cart.objects.filter(id=cart_id).update(state="lost"),
            lambda cart_id: Cart.objects.update(customer_id=new_id()),
        ],
    )
    def test_refuse_what_can_never_be(self, impossible):
        cart_id = filled({"CHAIR": 1})
        filled({"SOFA": 1})
        with pytest.raises(IntegrityError), transaction.atomic():
            impossible(cart_id)

    def test_refuse_to_change_a_closed_cart(self):
        cart_id = filled({"CHAIR": 1})
        commands.order(cart_id, 1, new_id())
        with pytest.raises(IntegrityError), transaction.atomic():
            CartLine.objects.update(quantity=2)
        with pytest.raises(IntegrityError), transaction.atomic():
            CartLine.objects.create(cart_id=cart_id, sku="SOFA", quantity=1, added_at="2026-01-01T00:00Z")


class TestBooks:
    def test_balance(self):
        me = new_id()
        filled({"CHAIR": 1}, me)
        commands.join(filled({"SOFA": 1}), me)
        cart = queries.open_of(me)
        commands.order(cart.id, cart.version, new_id(), me)
        assert list(findings()) == []

    def test_name_what_the_tables_would_have_refused(self):
        me = new_id()
        own, guest, ordered = filled({"CHAIR": 1}, me), filled({"SOFA": 1}), filled({"BALL": 1})
        commands.join(guest, me)
        commands.order(ordered, 1, new_id())
        many, odd = filled({"A": 1}), filled({"B": 1})
        nowhere = new_id()
        with transaction.atomic(), connection.cursor() as cursor:
            undefend(cursor, "cart_cart", "cart_cartline")
            cursor.execute("drop index cart_one_open")
            cursor.execute("alter table cart_cart drop constraint cart_ordered")
            cursor.execute("alter table cart_cartline drop constraint cart_line_quantity")
            cursor.execute("update cart_cartline set quantity = 0 where cart_id = %s::uuid", [own])
            cursor.execute("delete from cart_cartline where cart_id = %s::uuid", [ordered])
            cursor.execute(
                "insert into cart_cartline (cart_id, sku, quantity, added_at)"
                " select %s::uuid, 'MORE' || i, 1, now() from generate_series(1, 200) i",
                [many],
            )
            cursor.execute("update cart_cart set customer_id = %s::uuid where id in (%s, %s)", [me, many, odd])
            cursor.execute("update cart_cart set order_id = %s::uuid where id = %s", [nowhere, odd])
            cursor.execute("update cart_cart set joined_into = %s::uuid where id = %s", [nowhere, guest])
            found = list(findings())
            transaction.set_rollback(True)
        assert found == [
            f"Customer {me} has 3 open carts.",
            f"Cart {own} holds 0 of CHAIR.",
            f"Cart {own} holds 0 of SOFA.",
            f"Cart {many} has 201 lines.",
            f"Cart {odd} is open but names an order.",
            f"Cart {guest} became part of {nowhere}, which does not exist.",
            f"Cart {ordered} was ordered with nothing in it.",
        ]
