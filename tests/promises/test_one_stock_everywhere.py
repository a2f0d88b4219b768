"""Shop, API, till (with and without its line) and phones in the store sell the same few goods, in any order of events.

Hypothesis makes the stories up: who buys what how, which cards are declined, which bank wants a second factor, what a
till sells while its line is down and how often and in which order it tells of it afterwards, what is called off, what
lapses, what is kept for a channel, who enters the last coupon. After every step nothing is sold twice, no coupon is
spent twice, what is paid is what is owed, and every door makes the same promise or says why not.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from samband.commerce.cart import commands as carts
from samband.commerce.catalog import commands as catalog
from samband.commerce.catalog.drafts import ProductDraft, VariantDraft
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as stock
from samband.commerce.inventory.commands import lapse_holds
from samband.commerce.orders import queries as orders
from samband.commerce.payments import queries as payments
from samband.commerce.payments.providers.sandbox import approve, reject
from samband.commerce.pricing import commands as pricing
from samband.commerce.pricing.promotions import Percent, Promotion
from samband.customers.accounts.rules import Particulars
from samband.flows import allot_to_till, finish_order, sell_at_till
from samband.flows.audit import audit
from samband.flows.basket import look_at
from samband.flows.check_out import Checkout, Outcome, Part, Tender, call_off, check_out, come_back, pay
from samband.flows.parity import parity
from samband.flows.sell_at_till import Handed, Sale
from samband.flows.take_in_sale import take_in
from samband.kernel.clock import held_at
from samband.kernel.clock import now as real_now
from samband.kernel.goods import Line
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Refusal
from samband.timeline.delivering import deliver
from tests.channels.api_client import Api
from tests.commerce import till as shop_floor
from tests.commerce.till import Till
from tests.worlds import CHANNELS, LONDON, OPENED, REYKJAVIK, World, card, fresh_processes, small_world

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = os.environ.get("SAMBAND_EXAMPLES")
EXAMPLES = int(ASKED or 30)
"""The same thirty stories every time; a longer run, such as SAMBAND_EXAMPLES=500, makes up new ones."""

STEPS = 30
PRICE = 1_000
CARDS = st.sampled_from(["4242424242424242"] * 4 + ["4000000000000002", "4000000000003220", "4000000000000119"])
UNITS = st.integers(1, 3)
HOME = Particulars(name="Anna", line1="Laugavegur 1", city="Reykjavík", country="IS", postcode="101")
_numbers = count(1)


class Trade(RuleBasedStateMachine):
    """One story. It has goods and a coupon of its own, so that stories need not be cleaned up after each other."""

    world: World
    till: Till
    happened: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.offset = timedelta()
        self.queue: list[dict] = []
        self.told: dict[str, dict] = {}
        self.local: dict[str, int] = {}
        self.drafts: list[UUID] = []
        self.placed: list[UUID] = []
        self.fences: list[UUID] = []
        self.coupons_taken: list[UUID] = []

    @contextmanager
    def at_the_time(self) -> Iterator[datetime]:
        moment = real_now() + self.offset
        with held_at(moment):
            yield moment

    @initialize(here=st.integers(2, 9), away=st.integers(0, 6), chances=st.integers(1, 2))
    def open_for_business(self, here: int, away: int, chances: int) -> None:
        name = f"MACHINE-{next(_numbers)}-{new_id().hex[-6:].upper()}"
        self.sku, self.code, self.chances, self.received = name, f"C{name}", chances, {REYKJAVIK: here, LONDON: away}
        draft = ProductDraft(slug=name.lower(), category="home", names={"en": name}, variants=(VariantDraft(name),))
        (saved,) = catalog.save_products([draft])
        for channel in CHANNELS:
            catalog.publish_many([saved.product_id], channel, visible_from=OPENED)
        pricing.set_prices("isk-regular", {name: PRICE})
        for location, units in self.received.items():
            if units:
                inventory.receive(location, (Line(name, units),), "opening")
        pricing.save_promotion(Promotion(code=self.code, deal=Percent(basis_points=2_500), by_coupon=True))
        pricing.issue_coupons(self.code, codes=[self.code], limit_total=chances)
        shop_floor.PRICES[name] = {"ISK": PRICE}

    # --- who buys

    def buys(self, channel: str, part: Part, units: int, tenders: tuple[Tender, ...], coupon: bool, **more) -> None:
        with self.at_the_time():
            cart = carts.open_cart("IS")
            carts.put(cart.id, self.sku, units)
            if coupon:
                carts.enter_coupon(cart.id, self.code)
            seen = look_at(_cart(cart.id), channel, None, part.kind, place=more.get("place", ""))
            if seen.quote is None:
                return
            wish = Checkout(
                cart_id=cart.id, version=None, customer_id=None, channel=channel, language="is",
                email="anna@example.is", name="Anna", parts=(part,), tenders=tenders, seen_total=seen.quote.total,
                **more,
            )  # fmt: skip
            self.note(lambda: check_out(wish, key=str(uuid4())))

    def note(self, deed) -> None:
        try:
            outcome: Outcome = deed()
        except Refusal as refusal:
            self.happened[refusal.code] += 1
            return
        self.happened[outcome.state] += 1
        if outcome.state == "placed":
            self.placed.append(outcome.order_id)
        elif outcome.state not in ("declined", "cancelled"):
            self.drafts.append(outcome.order_id)

    @rule(units=UNITS, number=CARDS, coupon=st.booleans(), ships=st.booleans())
    def buy_in_the_shop(self, units: int, number: str, coupon: bool, ships: bool) -> None:
        part = Part(kind="ship", address=HOME) if ships else Part(kind="pickup", location=REYKJAVIK)
        self.buys("shop", part, units, (Tender(method="card", token=card(number)),), coupon)

    @rule(units=UNITS, number=CARDS, coupon=st.booleans())
    def scan_and_go(self, units: int, number: str, coupon: bool) -> None:
        part = Part(kind="carry", location=REYKJAVIK)
        tenders = (Tender(method="card", token=card(number)),)
        self.buys("kiosk", part, units, tenders, coupon, sold_at=REYKJAVIK, place=REYKJAVIK)

    @rule(units=UNITS, coupon=st.booleans(), ships=st.booleans())
    def buy_over_the_api(self, units: int, coupon: bool, ships: bool) -> None:
        with self.at_the_time():
            api, method = Api(self.world.api_key), "ship" if ships else "pickup"
            wish = {"market": "IS", "method": method, "lines": [{"sku": self.sku, "quantity": units}]}
            opened = api.post("/carts", wish)
            if opened.status != 201 or not opened.body["seen_total"]:
                return
            if coupon:
                carts.enter_coupon(UUID(opened.body["id"]), self.code)
                opened = api.get(f"/carts/{opened.body['id']}?method={method}")
                if not opened.body.get("seen_total"):
                    return
            asked = {
                "method": method, "seen_total": opened.body["seen_total"], "token": card(), "location": REYKJAVIK,
                "contact": {"email": "jon@example.is", "name": "Jón", "phone": ""}, "language": "is",
                "address": {"name": "Jón", "line1": "Gata 1", "city": "Reykjavík", "country": "IS", "postcode": "101"},
            }  # fmt: skip
            answered = api.post(f"/carts/{opened.body['id']}/checkout", asked, key=str(uuid4()))
            if answered.status == 201:
                self.placed.append(UUID(answered.body["order_id"]))

    @rule(units=UNITS, coins=st.integers(0, 3_000), number=CARDS, coupon=st.booleans(), ships=st.booleans())
    def buy_at_the_till(self, units: int, coins: int, number: str, coupon: bool, ships: bool) -> None:
        with self.at_the_time():
            counter = self.counter()
            cart = sell_at_till.open_cart(counter)
            carts.put(cart.id, self.sku, units)
            if coupon:
                carts.enter_coupon(cart.id, self.code)
            ways = {self.sku: sell_at_till.WayOf("ship")} if ships else {}
            seen = sell_at_till.look(counter, _cart(cart.id), ways)
            if seen.basket.quote is None:
                return
            total = seen.basket.quote.total
            rest = Handed(Tender(method="card_present", token=card(number)))
            cash = Handed(Tender(method="cash", amount=Money(coins, "ISK")), given=Money(coins + 500, "ISK"))
            tenders = (cash, rest) if 0 < coins < total.amount else (rest,)
            sale = Sale(
                cart_id=cart.id, version=None, seen_total=total, ways=ways, tenders=tenders, address=HOME,
                email="anna@example.is", name="Anna",
            )  # fmt: skip
            self.note(lambda: sell_at_till.sell(counter, sale, key=str(uuid4())).outcome)

    def counter(self) -> sell_at_till.Counter:
        return sell_at_till.Counter(self.till.device, tills_cashier(self.till), self.till.drawer)

    # --- the till's line is down

    @rule(units=st.integers(1, 3))
    def the_till_is_allotted(self, units: int) -> None:
        with self.at_the_time():
            try:
                given = allot_to_till.raise_to(self.till.device, {self.sku: units})
            except Refusal:
                return
            self.allotment = given
            if given:
                queued = sum(line["quantity"] for sale in self.queue for line in sale["lines"])
                self.local[self.sku] = given.left.get(self.sku, 0) - queued

    @rule(units=UNITS, beyond=st.booleans())
    def it_sells_without_its_line(self, units: int, beyond: bool) -> None:
        """Within what it was allotted; or, because the customer holds it in their hands, beyond."""
        left = self.local.get(self.sku, 0)
        if units > left and not beyond:
            return
        allotment = getattr(self, "allotment", None)
        with self.at_the_time():
            told = self.till.sells((self.sku, units), allotment_id=str(allotment.id) if allotment else None)
        self.local[self.sku] = left - units
        self.queue.append(told)
        self.told[told["sale_id"]] = told

    @precondition(lambda self: self.told)
    @rule(which=st.randoms(use_true_random=False), again=st.booleans())
    def it_tells_of_its_sales(self, which, again: bool) -> None:
        """In any order, and perhaps of some that it told of before."""
        batch = list(self.told.values()) if again else list(self.queue)
        which.shuffle(batch)
        with self.at_the_time():
            for told in batch:
                answer = take_in(self.till.device, told)
                self.happened[answer["state"]] += 1
                assert take_in(self.till.device, told) == answer, "the same sale has the same answer"
                if answer["order_id"] and UUID(answer["order_id"]) not in self.placed:
                    self.placed.append(UUID(answer["order_id"]))
        self.queue = []

    # --- what becomes of it

    @precondition(lambda self: self.drafts)
    @rule(yes=st.booleans())
    def the_payer_decides_at_the_bank(self, yes: bool) -> None:
        order_id = self.drafts.pop(0)
        with self.at_the_time():
            for intent in payments.wanted(order_id):
                if intent.state == "requires_action":
                    reference = intent.challenge_url.rsplit("/", 1)[-1]
                    approve(reference, "1234") if yes else reject(reference)
            if come_back(order_id).state == "placed":
                self.placed.append(order_id)

    @precondition(lambda self: self.drafts)
    @rule()
    def the_rest_is_paid(self) -> None:
        order_id = self.drafts[-1]
        with self.at_the_time():
            if orders.order(order_id).patient:
                self.note(lambda: pay(order_id, (Tender(method="card_present", token=card()),), key=str(uuid4())))

    @precondition(lambda self: self.drafts)
    @rule()
    def it_is_called_off(self) -> None:
        with self.at_the_time():
            call_off(self.drafts.pop(), "abandoned")

    @precondition(lambda self: self.placed)
    @rule(which=st.integers(0, 50))
    def an_order_is_cancelled(self, which: int) -> None:
        with self.at_the_time():
            try:
                finish_order.cancel_order(self.placed[which % len(self.placed)], "customer", key=str(uuid4()))
            except Refusal:
                return  # its goods have left, or it is off already

    @rule(minutes=st.sampled_from([1, 15, 25, 60 * 30]))
    def time_passes(self, minutes: int) -> None:
        """Holds lapse; an allotment ends when the device was told that it would, and some hours later."""
        self.offset += timedelta(minutes=minutes)
        with self.at_the_time():
            lapse_holds()
            if minutes > 60:
                self.local, self.allotment = {}, None

    @rule(channel=st.sampled_from(["shop", "api", "pos", "kiosk"]), units=UNITS)
    def some_is_kept_for_a_channel(self, channel: str, units: int) -> None:
        with self.at_the_time():
            try:
                fence_id = new_id()
                inventory.fence(fence_id, channel, REYKJAVIK, self.sku, units)
                self.fences.append(fence_id)
            except Refusal:
                return

    @precondition(lambda self: self.fences)
    @rule()
    def it_is_given_back(self) -> None:
        with self.at_the_time():
            try:
                inventory.unfence(self.fences.pop())
            except Refusal:
                return  # it ended by itself

    # --- what must hold

    def settle(self) -> None:
        with self.at_the_time():
            while deliver():
                pass

    @invariant()
    def nothing_is_sold_twice(self) -> None:
        if not hasattr(self, "sku"):
            return
        self.settle()
        levels = {at.location: at for at in stock.available([self.sku])[self.sku]}
        gone = sum(self.received.values()) - sum(at.on_hand for at in levels.values())
        assert all(0 <= at.held <= at.on_hand for at in levels.values())
        sold = 0
        for order_id in set(self.placed):
            order = orders.order(order_id)
            if order.state in ("placed", "completed"):
                sold += sum(line.quantity - line.cancelled_quantity for line in order.lines)
        assert sold <= sum(self.received.values()), "more was sold than there ever was"
        assert gone <= sold, "goods left that nobody bought"

    @invariant()
    def no_coupon_is_overspent(self) -> None:
        if not hasattr(self, "sku"):
            return
        spent = [
            order_id
            for order_id in {*self.placed, *self.drafts}
            if (order := orders.order(order_id)).state in ("draft", "placed", "completed") and order.quote.get("uses")
        ]
        assert len(spent) <= self.chances

    @invariant()
    def what_is_paid_is_what_is_owed(self) -> None:
        for order_id in set(self.placed):
            order = orders.order(order_id)
            if order.state in ("placed", "completed"):
                assert payments.secured(order_id) == order.total.amount

    @invariant()
    def every_door_makes_the_same_promise(self) -> None:
        if hasattr(self, "sku"):
            with self.at_the_time():
                assert [one for one in parity([self.sku], [REYKJAVIK]) if one.is_fault] == []

    def teardown(self) -> None:
        if hasattr(self, "sku"):
            self.settle()
            self.happened.update(f"by {orders.order(order_id).channel}" for order_id in self.placed)
            assert list(audit()) == []


def _cart(cart_id: UUID):
    from samband.commerce.cart import queries

    return queries.cart(cart_id)


def tills_cashier(till: Till):
    from samband.staff import queries

    return queries.cashier(till.cashier_id)


def test_nothing_is_oversold_overspent_or_promised_in_two_ways() -> None:
    world, till = small_world(), shop_floor.till()

    class Story(Trade):
        pass

    Story.world, Story.till, Story.happened = world, till, Counter()
    try:
        run_state_machine_as_test(
            Story,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                database=None,
                derandomize=ASKED is None,
                phases=(Phase.explicit, Phase.generate),
            ),
        )
    finally:
        fresh_processes()
    everything = {
        "by shop",
        "by api",
        "by pos",
        "by kiosk",
        "placed",
        "taken",
        "conflict",
        "declined",
        "action_required",
    }
    assert everything <= set(Story.happened), f"stories in which too little happens: {Story.happened}"
