"""The till's door: who comes in, what it carries along, and how it sells while its line is up."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.test import Client

from samband.channels.pos import keys
from samband.commerce.cart import commands as carts
from samband.commerce.catalog import commands as catalog
from samband.commerce.catalog.drafts import ProductDraft, VariantDraft
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.inventory import queries as stock
from samband.commerce.orders import queries as orders
from samband.commerce.pricing import commands as pricing
from samband.commerce.tills import commands
from samband.customers.accounts import commands as accounts
from samband.engagement.messaging.sending import send_due
from samband.flows import cart_handover, find_customer
from samband.flows.audit import audit
from samband.kernel.clock import held_at, now
from samband.kernel.ids import new_id
from samband.staff import pins
from tests.channels.till_client import TillClient
from tests.commerce import till as tills
from tests.commerce.till import FLOAT
from tests.worlds import CAKE, CUP, LAMP, PRICES, REYKJAVIK, RIGA, SOFA, STOCK

CUP_PRICE, LAMP_PRICE = PRICES[CUP]["ISK"], PRICES[LAMP]["ISK"]


def isk(amount: int) -> dict:
    return {"amount": amount, "currency": "ISK"}


@pytest.fixture
def till(world):
    return tills.till()


@pytest.fixture
def at_till(till) -> TillClient:
    return TillClient(till).sign_in()


def cart_with(at_till: TillClient, *goods: tuple[str, int], **more) -> dict:
    lines = [{"sku": sku, "quantity": quantity} for sku, quantity in goods]
    cart = at_till.post("carts", {"lines": lines, **more})
    assert at_till.status == 201, cart
    return cart


def check_out(at_till: TillClient, cart: dict, *tenders: dict, key: str | None = None, **more) -> dict:
    wish = {"version": cart["version"], "seen_total": cart["seen_total"], "tenders": list(tenders), **more}
    return at_till.post(f"carts/{cart['id']}/checkout", wish, key)


def tapped(at_till: TillClient, label: str = "Visa 4242") -> dict:
    cards = {one["label"]: one["token"] for one in at_till.get("terminal/tokens")["cards"]}
    return {"method": "card_present", "token": cards[label]}


# --- coming in


@pytest.mark.django_db(transaction=True)
def test_a_device_comes_in_with_a_code_that_is_good_once(world) -> None:
    device_id = commands.new_device("Till 2", REYKJAVIK)
    code = commands.enrolment_code(device_id)
    client = TillClient()
    said = client.post("enrol", {"code": code.lower().replace("-", " "), "name": "By the door"})
    assert client.status == 201
    assert (said["device_id"], said["name"], said["store"]["code"]) == (str(device_id), "By the door", REYKJAVIK)
    assert (said["store"]["currency"], said["cashier"], said["drawer"]) == ("ISK", None, None)
    cookie = client.client.cookies[keys.DEVICE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/pos/")
    assert client.get("me")["device_id"] == str(device_id)
    again = TillClient()
    assert again.post("enrol", {"code": code})["code"] == "enrolment_code_wrong"


@pytest.mark.django_db(transaction=True)
def test_a_code_that_is_unknown_old_or_replaced_is_one_refusal(world) -> None:
    device_id = commands.new_device("Till 2", REYKJAVIK)
    replaced, fresh = commands.enrolment_code(device_id), commands.enrolment_code(device_id)
    for code in ("AAAA-AAAA", replaced):
        assert TillClient().post("enrol", {"code": code})["code"] == "enrolment_code_wrong"
    with held_at(now() + timedelta(minutes=31)):
        assert TillClient().post("enrol", {"code": fresh})["code"] == "enrolment_code_wrong"


@pytest.mark.django_db(transaction=True)
def test_nobody_tries_codes_until_one_fits(world) -> None:
    client = TillClient()
    said = [client.post("enrol", {"code": "AAAA-AAAA"})["code"] for _ in range(11)]
    assert (said[0], said[-1]) == ("enrolment_code_wrong", "too_many_attempts")


def test_a_kiosk_is_no_till(world) -> None:
    _device_id, token = tills.enrolled("Kiosk", kind="kiosk")
    client = TillClient()
    client.client.cookies[keys.DEVICE] = token
    assert client.get("me")["code"] == "device_unknown"


def test_without_a_device_nothing_opens(world) -> None:
    client = TillClient()
    for path in ("me", "staff", "snapshot", "allotment", "drawer", "pickups", "conflicts", "lookup?code=CUP"):
        assert client.get(path)["code"] == "device_unknown"
        assert client.status == 401


def test_without_a_cashier_the_till_looks_but_does_not_sell(till) -> None:
    client = TillClient(till)
    for path in ("me", "staff", "snapshot", "allotment"):
        client.get(path)
        assert client.status == 200, path
    for path in ("carts", "drawer/open", "customers/find"):
        client.post(path, {})
        assert client.status == 401, path


def test_a_revoked_device_is_out_at_once(till, at_till) -> None:
    commands.revoke(till.device_id)
    assert at_till.get("me")["code"] == "device_unknown"


def test_another_site_cannot_make_a_browser_sell(till) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies[keys.DEVICE] = till.token
    answer = client.post("/pos/api/carts", "{}", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "till_header_missing")


def test_a_cashier_signs_in_by_pin_and_out_again(till) -> None:
    client = TillClient(till)
    assert [one["has_pin"] for one in client.get("staff")["staff"]] == [True]
    refused = client.post("sign-in", {"member_id": str(till.cashier_id), "pin": "0000"})
    assert (refused["code"], refused["tries_left"], client.status) == ("wrong_pin", 4, 403)
    client.sign_in()
    assert client.get("me")["cashier"]["may"] == ["till", "pickups"]
    client.post("sign-out", {})
    assert (client.status, client.get("me")["cashier"]) == (204, None)


def test_a_shift_ends_after_twelve_hours_or_with_another_pin(till) -> None:
    client = TillClient(till).sign_in()
    with held_at(now() + timedelta(hours=12, seconds=-5)):
        assert client.get("me")["cashier"] is not None
    with held_at(now() + timedelta(hours=12, seconds=5)):
        assert client.get("me")["cashier"] is None
    pins.set_pin(till.cashier_id, "8642")
    assert client.get("me")["cashier"] is None
    pins.set_pin(till.cashier_id, tills.PIN)
    client.sign_in()
    value = client.client.cookies[keys.CASHIER].value
    other = tills.till("Till 2")
    stolen = TillClient(other)
    stolen.client.cookies[keys.CASHIER] = value
    assert stolen.get("me")["cashier"] is None


def test_a_manager_may_decide_conflicts_and_a_cashier_not(till) -> None:
    manager = tills.member("manager")
    assert TillClient(till).sign_in(manager).get("me")["cashier"]["may"] == [
        "till", "conflicts", "refund", "pickups",
    ]  # fmt: skip
    client = TillClient(till).sign_in()
    client.post(f"conflicts/{uuid4()}/accept", {"correct_stock": True})
    assert client.status == 403


def test_refusals_speak_the_cashiers_language_or_the_one_that_is_asked_for(till) -> None:
    client = TillClient(till)
    said = client.post("sign-in", {"member_id": str(till.cashier_id), "pin": "9999"}, **{"X-Samband-Language": "en"})
    assert said["text"] == "That PIN is not right. 4 tries are left."


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed_json"),
        (b"\xff", 400, "malformed_json"),
        (b"[]", 422, "invalid_body"),
        (b'{"lines": 5}', 422, "invalid_body"),
        (b'{"surprise": 1}', 422, "invalid_body"),
        (b'{"lines": [{"sku": "CUP", "quantity": 1.0}]}', 422, "invalid_body"),
        (b'{"lines": [{"sku": "C\\u0000P", "quantity": 1}]}', 422, "invalid_body"),
        (b" " * 70_000, 413, "body_too_large"),
        (b"[" * 30_000, 422, "invalid_body"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_in_words(at_till, body, status, code) -> None:
    answer = at_till.client.post(
        "/pos/api/carts", body, content_type="application/json",
        headers={"X-Samband-Till": "1", "Idempotency-Key": "k"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_what_is_no_address_method_or_key_is_refused_in_words(at_till) -> None:
    assert at_till.get("nothing")["code"] == "not_found"
    assert at_till.get("carts")["code"] == "method_not_allowed"
    assert at_till.response.headers["Allow"] == "POST"
    assert at_till.post("carts", {}, key="with space")["code"] == "idempotency_key_missing"


def test_the_clock_of_the_device_is_known_from_what_it_tells(till) -> None:
    wrong = int((now() + timedelta(days=2)).timestamp() * 1000)
    client = TillClient(till)
    with held_at(now() + timedelta(minutes=1)):
        client.get("me", **{"X-Samband-Clock": str(wrong)})
    assert int(client.response.headers["X-Samband-Time"]) > 10**12
    assert abs(till.device.skew_ms - 2 * 86_400_000) < 180_000


# --- what it carries along


def test_a_till_carries_its_goods_along_and_asks_only_for_what_changed(till, world) -> None:
    client = TillClient(till)
    first = client.get("snapshot")
    cup = next(item for item in first["items"] if item["sku"] == CUP)
    assert first["full"]
    assert (cup["unit"], cup["vat_basis_points"], cup["names"]) == (CUP_PRICE, 2_400, {"en": "Cup"})
    assert next(item for item in first["items"] if item["sku"] == CAKE)["store_only"]
    assert {"sofas", "home", "cafe"} == {one["slug"] for one in first["categories"]}
    same = client.get(f"snapshot?have={first['version']}")
    assert (same["version"], same["full"], same["items"], same["gone"]) == (first["version"], False, [], [])
    client.get("snapshot", **{"If-None-Match": f'"{first["version"]}"'})
    assert client.status == 304

    pricing.set_prices("isk-regular", {CUP: 1_990})
    catalog.withdraw(world.products["lamp"], "pos")
    after = client.get(f"snapshot?have={first['version']}")
    assert [(item["sku"], item["unit"]) for item in after["items"]] == [(CUP, 1_990)]
    assert after["gone"] == [LAMP]
    assert client.get("snapshot?have=999")["full"]
    assert client.get("snapshot?have=x")["code"] == "invalid"


def test_a_till_carries_along_a_whole_assortment(till) -> None:
    many = [f"TILE-{number:03}" for number in range(300)]
    drafts = [
        ProductDraft(slug=sku.lower(), category="home", names={"en": "Tile"}, variants=(VariantDraft(sku),))
        for sku in many
    ]
    products = [event.product_id for event in catalog.save_products(drafts)]
    catalog.publish_many(products, "pos", visible_from=now() - timedelta(days=1))
    pricing.set_prices("isk-regular", dict.fromkeys(many, 990))
    carried = TillClient(till).get("snapshot")
    assert set(many) <= {item["sku"] for item in carried["items"]}


@pytest.mark.parametrize(
    ("code", "sku"),
    [
        (SOFA, SOFA),
        ("5690000000015", SOFA),
        ("05690000000015", SOFA),
        ("https://id.example/01/05690000000015", SOFA),
        ("(01)05690000000015", SOFA),
        ("0105690000000015", SOFA),
        ("https://shop.example/en-is/p/cup/", CUP),
    ],
)
def test_goods_are_known_by_whatever_code_they_carry(till, code, sku) -> None:
    found = TillClient(till).client.get("/pos/api/lookup", {"code": code}).json()
    assert (found["kind"], found["item"]["sku"]) == ("product", sku)


def test_goods_tell_how_many_there_are_here_and_around(till) -> None:
    found = TillClient(till).get(f"lookup?code={SOFA}")
    assert found["here"] == {"location": REYKJAVIK, "available": STOCK[REYKJAVIK][SOFA]}
    assert {one["location"]: one["available"] for one in found["around"]} == {RIGA: 1, "LON": 20}
    assert found["ship"]["possible"]
    assert [one["sku"] for one in found["siblings"]] == ["SOFA-BLUE"] or len(found["siblings"]) == 1
    assert found["price"]["unit"] == isk(PRICES[SOFA]["ISK"])


@pytest.mark.parametrize("code", ["", "NEVER", "5690000000022", "https://x.example/p/none", "x" * 600, "(01)123"])
def test_a_code_that_is_nothing_of_ours_is_unknown(till, code) -> None:
    answer = TillClient(till).client.get("/pos/api/lookup", {"code": code})
    assert (answer.status_code, answer.json()["code"]) == (404, "code_unknown")


def test_goods_are_found_by_a_part_of_their_name(till) -> None:
    assert {item["sku"] for item in TillClient(till).get("search?q=sof")["items"]} >= {SOFA}
    assert TillClient(till).get("search?q=")["items"] == []


def test_goods_that_are_sold_later_or_elsewhere_are_not_found(till, world) -> None:
    catalog.withdraw(world.products["lamp"], "pos")
    catalog.publish_many([world.products["cup"]], "pos", visible_from=now() + timedelta(days=1))
    for name in ("lamp", "cup"):
        assert TillClient(till).get(f"search?q={name}")["items"] == []


# --- stock to sell without the line


def test_a_till_is_given_stock_as_far_as_it_goes_and_gives_it_back(at_till) -> None:
    said = at_till.post("allotment", {"lines": [{"sku": CUP, "quantity": 5}, {"sku": LAMP, "quantity": 50}]})
    left = {line["sku"]: line["left"] for line in said["allotment"]["lines"]}
    assert left == {CUP: 5, LAMP: 5}
    assert said["allotment"]["short"] == [{"sku": LAMP, "quantity": 45}]
    again = at_till.post("allotment", {"lines": [{"sku": CUP, "quantity": 5}]})
    assert again["allotment"]["id"] == said["allotment"]["id"]
    assert {line["sku"]: line["left"] for line in again["allotment"]["lines"]} == left
    fewer = at_till.post("allotment/give-back", {"lines": [{"sku": CUP, "quantity": 2}]})
    assert {line["sku"]: line["left"] for line in fewer["allotment"]["lines"]} == {CUP: 3, LAMP: 5}
    assert at_till.post("allotment/give-back", {"lines": "all"}) == {"allotment": None}
    assert at_till.get("allotment") == {"allotment": None}
    assert list(audit()) == []


def test_the_house_chooses_what_a_till_gets(at_till) -> None:
    said = at_till.post("allotment", {"lines": "auto"})
    left = {line["sku"]: line["left"] for line in said["allotment"]["lines"]}
    assert left[CUP] == 6
    assert left[LAMP] == 1


def test_nothing_to_be_had_is_no_refusal(at_till) -> None:
    assert at_till.post("allotment", {"lines": [{"sku": "NEVER", "quantity": 5}]}) == {"allotment": None}
    assert at_till.status == 200


# --- selling


def test_goods_are_sold_for_cash_with_change_and_the_drawer_counts_it(at_till, till) -> None:
    cart = cart_with(at_till, (CUP, 2))
    sold = check_out(at_till, cart, {"method": "cash", "amount": None, "given": isk(5_000)})
    assert (sold["state"], sold["change"], sold["left"]) == ("placed", isk(5_000 - 2 * CUP_PRICE), None)
    order = orders.order(UUID(sold["order_id"]))
    assert (order.channel, order.sold_at, order.sold_by) == ("pos", REYKJAVIK, till.cashier_id)
    (handed,) = fulfillments.of_order(order.id)
    assert (handed.kind, handed.state) == ("carry", "handed_over")
    assert at_till.get("drawer")["drawer"]["expected"] == isk(FLOAT + 2 * CUP_PRICE)
    assert list(audit()) == []


def test_the_same_sale_sent_again_is_the_same_sale_whatever_happened_since(at_till, till) -> None:
    cart = cart_with(at_till, (CUP, 2))
    paid = {"method": "cash", "amount": None, "given": isk(5_000)}
    first = check_out(at_till, cart, paid, key="once")
    pricing.set_prices("isk-regular", {CUP: 1_990})
    at_till.post("drawer/close", {"counted": isk(FLOAT + 2 * CUP_PRICE)})
    again = check_out(at_till, cart, paid, key="once")
    assert (again["order_id"], again["state"]) == (first["order_id"], "placed")
    assert till.drawer.difference.amount == 0
    refused = check_out(at_till, cart, {**paid, "given": isk(6_000)}, key="once")
    assert refused["code"] == "idempotency_key_reused"


def test_scanning_again_adds_and_a_repeat_of_the_same_scan_does_not(at_till) -> None:
    cart = cart_with(at_till, (CUP, 1))
    at = f"carts/{cart['id']}/lines"
    for key in ("a", "a", "b"):
        cart = at_till.post(at, {"sku": CUP, "add": 1}, key=key)
    assert cart["lines"][0]["quantity"] == 3
    assert at_till.post(at, {"sku": CUP, "quantity": 0})["lines"] == []
    assert at_till.post(at, {"sku": CUP})["code"] == "invalid"
    assert at_till.post(at, {"sku": CUP, "add": 2}, key="a")["code"] == "idempotency_key_reused"


def test_a_price_that_changed_between_scan_and_pay_is_told(at_till) -> None:
    cart = cart_with(at_till, (CUP, 1))
    pricing.set_prices("isk-regular", {CUP: 1_990})
    refused = check_out(at_till, cart, {"method": "cash"})
    assert (refused["code"], refused["total"]) == ("basket_changed", isk(1_990))
    fresh = at_till.post(f"carts/{cart['id']}/look", {})
    assert fresh["changes"][0]["code"] == "price_up"
    fresh = at_till.post(f"carts/{cart['id']}/look", {})
    assert check_out(at_till, fresh, {"method": "cash"})["state"] == "placed"


def test_cash_needs_a_drawer_and_enough_of_it(till) -> None:
    _device_id, token = tills.enrolled("Till 2")
    client = TillClient(till)
    client.client.cookies[keys.DEVICE] = token
    client.sign_in()
    cart = cart_with(client, (CUP, 1))
    assert check_out(client, cart, {"method": "cash"})["code"] == "drawer_needed"
    client.post("drawer/open", {"drawer_id": str(new_id()), "float": isk(0)})
    refused = check_out(client, cart, {"method": "cash", "given": isk(1_000)})
    assert refused["code"] == "given_too_little"
    assert "1" in refused["text"]
    assert check_out(client, cart, {"method": "cash", "given": isk(1_490)})["change"] == isk(0)


def test_an_order_is_paid_in_any_mix_and_a_declined_card_leaves_it_waiting(at_till) -> None:
    cart = cart_with(at_till, (LAMP, 1))
    waiting = check_out(
        at_till, cart, {"method": "cash", "amount": isk(5_000), "given": isk(5_000)}, tapped(at_till, "Visa 0002")
    )
    assert (waiting["state"], waiting["left"]) == ("awaiting", isk(LAMP_PRICE - 5_000))
    paid = at_till.post(f"orders/{waiting['order_id']}/pay", {"tenders": [tapped(at_till)]})
    assert paid["state"] == "placed"
    assert sorted(one["method"] for one in paid["tenders"] if one["state"] == "captured") == ["card_present", "cash"]
    assert list(audit()) == []


def test_a_waiting_order_is_called_off_and_its_cash_comes_out_of_the_drawer(at_till, till) -> None:
    cart = cart_with(at_till, (LAMP, 1))
    waiting = check_out(at_till, cart, {"method": "cash", "amount": isk(5_000), "given": isk(5_000)})
    assert waiting["state"] == "awaiting"
    assert till.drawer.expected.amount == FLOAT + 5_000
    off = at_till.post(f"orders/{waiting['order_id']}/call-off", {})
    assert (off["state"], off["change"]) == ("cancelled", isk(5_000))
    assert till.drawer.expected.amount == FLOAT
    assert at_till.get("payouts") == {"payouts": []}
    assert list(audit()) == []


def test_the_customer_pays_the_rest_on_their_phone_by_a_link(at_till) -> None:
    waiting = check_out(at_till, cart_with(at_till, (LAMP, 1)))
    assert (waiting["state"], waiting["left"]) == ("awaiting", isk(LAMP_PRICE))
    link = at_till.post(f"orders/{waiting['order_id']}/link", {})
    assert "/pay/" in link["url"]
    assert link["qr"].startswith("<svg")
    assert at_till.post(f"orders/{waiting['order_id']}/status", {})["state"] == "awaiting"


def test_paying_later_shows_its_plans_before_anybody_agrees(at_till) -> None:
    cart = cart_with(at_till, (SOFA, 1))
    methods = {one["method"]: one for one in at_till.post(f"carts/{cart['id']}/methods", {})["methods"]}
    plan = methods["pay_later"]["plans"][1]
    assert sum(part["amount"]["amount"] for part in plan["parts"]) == plan["total"]["amount"]
    assert methods["cash"]["available"]
    assert not methods["transfer"]["available"]
    sold = check_out(at_till, cart, {"method": "pay_later", "plan": plan["id"]})
    assert sold["state"] == "placed"


def test_the_plans_are_those_of_what_is_left_to_pay(at_till) -> None:
    cart = cart_with(at_till, (SOFA, 1))
    rest = isk(cart["total"]["amount"] - 50_000)
    methods = {one["method"]: one for one in at_till.post(f"carts/{cart['id']}/methods", {"amount": rest})["methods"]}
    interest_free = methods["pay_later"]["plans"][0]
    assert sum(part["amount"]["amount"] for part in interest_free["parts"]) == rest["amount"]


def test_what_another_location_has_is_sold_and_sent_and_the_rest_carried_away(at_till) -> None:
    cart = cart_with(at_till, (CUP, 1), (LAMP, 6), ways={LAMP: {"kind": "ship"}})
    assert (cart["short"], [one["kind"] for one in cart["promises"]]) == ([], ["ship"])
    address = {
        "name": "Anna Jónsdóttir",
        "line1": "Laugavegur 1",
        "city": "Reykjavík",
        "postcode": "101",
        "country": "IS",
    }
    sold = check_out(
        at_till, cart, tapped(at_till), ways={LAMP: {"kind": "ship"}}, address=address,
        contact={"email": "anna@example.is", "name": "Anna"},
    )  # fmt: skip
    assert sold["state"] == "placed", sold
    work = {view.kind: view for view in fulfillments.of_order(UUID(sold["order_id"]))}
    assert (work["carry"].state, work["ship"].state) == ("handed_over", "requested")
    short = cart_with(at_till, (LAMP, 6))
    assert short["short"] == [LAMP]


def test_goods_are_sold_to_be_picked_up_at_another_store(at_till) -> None:
    ways = {SOFA: {"kind": "pickup", "location": RIGA}}
    cart = cart_with(at_till, (SOFA, 1), ways=ways)
    assert cart["promises"][0]["location"] == RIGA
    sold = check_out(at_till, cart, tapped(at_till), ways=ways, contact={"email": "anna@example.is", "name": "Anna"})
    assert sold["state"] == "placed", sold
    (work,) = fulfillments.of_order(UUID(sold["order_id"]))
    assert (work.kind, work.location, work.state) == ("pickup", RIGA, "requested")
    nowhere = at_till.post(f"carts/{cart['id']}/look", {"ways": {SOFA: {"kind": "pickup", "location": "XXX"}}})
    assert nowhere["code"] == "invalid"


def test_an_order_of_another_store_is_not_this_tills_to_touch(at_till) -> None:
    sold = check_out(at_till, cart_with(at_till, (CUP, 1)), tapped(at_till))
    _other_id, token = tills.enrolled("Rīga", RIGA)
    other = TillClient(at_till.till)
    other.client.cookies[keys.DEVICE] = token
    other.sign_in(tills.member(location=RIGA))
    for path in ("status", "call-off", "link"):
        assert other.post(f"orders/{sold['order_id']}/{path}", {})["code"] == "not_sold_here"
    assert other.get(f"orders/{sold['order_id']}/receipt")["code"] == "not_sold_here"


# --- customers


@pytest.fixture
def anna(world) -> UUID:
    return accounts.register(
        "anna@example.is", source="shop", name="Anna Jónsdóttir", phone="+3545551234", language="is", market="IS"
    )


def test_a_customer_is_found_by_mail_number_or_the_code_on_their_phone_and_by_nothing_less(at_till, anna) -> None:
    for by in ("Anna@Example.is", "+354 555 1234", "555 1234", find_customer.code_for(anna)):
        (found,) = at_till.post("customers/find", {"by": by})["customers"]
        assert (found["id"], found["name"]) == (str(anna), "Anna Jónsdóttir")
        assert "anna@" not in found["email"]
        assert "5551" not in found["phone"]
    for by in ("bjorn@example.is", "+354 555 9999"):
        assert at_till.post("customers/find", {"by": by})["customers"] == []
    for by in ("Anna", "Jónsdóttir", "@", "555"):
        said = at_till.post("customers/find", {"by": by})
        assert said.get("customers", []) == []


def test_a_phones_code_that_is_forged_or_old_says_nothing(at_till, anna) -> None:
    code = find_customer.code_for(anna)
    for forged in (code[:-1] + ("A" if code[-1] != "A" else "B"), find_customer.PREFIX + "x", find_customer.PREFIX):
        assert at_till.post("customers/find", {"by": forged})["code"] == "customer_code_refused"
    assert at_till.client.get("/pos/api/lookup", {"code": code}).json()["customer"]["id"] == str(anna)
    with held_at(now() + timedelta(minutes=5, seconds=5)):
        assert at_till.post("customers/find", {"by": code})["code"] == "customer_code_refused"


def test_nobody_asks_for_customers_without_end(at_till) -> None:
    said = [at_till.post("customers/find", {"by": "nobody@example.is"}) for _ in range(31)]
    assert said[-1]["code"] == "too_many_attempts"


def test_the_cart_filled_at_home_waits_at_the_till_and_the_tills_goods_join_it(at_till, anna) -> None:
    web = carts.open_cart("LV", anna)
    carts.put(web.id, SOFA, 1)
    (found,) = at_till.post("customers/find", {"by": "anna@example.is"})["customers"]
    assert found["cart"] == {"id": str(web.id), "pieces": 1}
    till_cart = cart_with(at_till, (CUP, 2))
    joined = at_till.post(f"carts/{till_cart['id']}/customer", {"customer_id": str(anna)})
    assert joined["id"] == str(web.id)
    assert {line["sku"]: line["quantity"] for line in joined["lines"]} == {SOFA: 1, CUP: 2}
    assert (joined["market"], joined["customer"]["id"]) == ("IS", str(anna))
    sold = check_out(at_till, joined, tapped(at_till))
    assert orders.order(UUID(sold["order_id"])).customer_id == anna
    assert at_till.post(f"carts/{web.id}/customer", {"customer_id": None})["code"] == "not_permitted"


def test_a_cart_goes_to_a_phone_and_comes_back(at_till) -> None:
    cart = cart_with(at_till, (CUP, 2))
    out = at_till.post(f"carts/{cart['id']}/hand-out", {})
    assert out["url"].endswith(out["token"])
    assert cart_handover.take_over(out["token"]).id == UUID(cart["id"])
    looked = at_till.client.get("/pos/api/lookup", {"code": out["url"]}).json()
    assert looked == {"kind": "cart", "token": out["token"], "lines": 1}
    back = at_till.post("carts/take-over", {"token": out["token"]})
    assert back["id"] == cart["id"]
    assert at_till.post("carts/take-over", {"token": out["token"] + "x"})["code"] == "handover_refused"


def test_a_coupon_is_entered_and_taken_out(at_till) -> None:
    cart = cart_with(at_till, (CUP, 1))
    entered = at_till.post(f"carts/{cart['id']}/coupons", {"code": "NOTHING10"})
    assert [one["state"] for one in entered["coupons"]] == ["unknown"]
    assert at_till.post(f"carts/{cart['id']}/coupons/drop", {"code": "nothing10"})["coupons"] == []


def test_a_gift_card_tells_what_is_on_it_and_nobody_guesses(at_till) -> None:
    for _ in range(20):
        said = at_till.post("gift-card", {"code": "AAAA-BBBB-CCCC-DDDD"})
        assert said["code"] in ("unknown_gift_card", "too_many_gift_card_codes")
    assert said["code"] == "too_many_gift_card_codes"


# --- the drawer


@pytest.mark.django_db(transaction=True)
def test_a_drawer_is_opened_counted_and_closed(till, at_till) -> None:
    check_out(at_till, cart_with(at_till, (CUP, 1)), {"method": "cash"})
    at_till.post("drawer/pay-in", {"amount": isk(1_000), "reason": "change_money"})
    at_till.post("drawer/pay-out", {"amount": isk(300), "reason": "petty_cash"})
    assert at_till.post("drawer/pay-out", {"amount": isk(10**6), "reason": "bank"})["code"] == "drawer_short"
    assert at_till.post("drawer/pay-out", {"amount": isk(1), "reason": "fun"})["code"] == "invalid"
    other_money = {"amount": {"amount": 1, "currency": "EUR"}, "reason": "bank"}
    assert at_till.post("drawer/pay-in", other_money)["code"] == "drawer_other_currency"
    reading = at_till.get("drawer/report")
    expected = FLOAT + CUP_PRICE + 700
    assert (reading["kind"], reading["expected"], reading["sales"]) == ("X", isk(expected), 1)
    assert reading["sums"]["pay_out"] == isk(-300)
    assert at_till.get("drawer/report.escpos").startswith(b"\x1b")
    assert at_till.post("drawer/close", {"counted": isk(expected), "queue": 2})["code"] == "queue_not_empty"
    closed = at_till.post("drawer/close", {"counted": isk(expected - 10), "queue": 2, "anyway": True}, key="z")
    assert (closed["kind"], closed["number"], closed["difference"]) == ("Z", 1, isk(-10))
    assert at_till.post("drawer/close", {"counted": isk(expected - 10), "queue": 2, "anyway": True}, key="z") == closed
    assert at_till.get("drawer") == {"drawer": None}
    assert at_till.get("drawer/report")["code"] == "drawer_needed"


@pytest.mark.django_db(transaction=True)
def test_two_tills_share_a_drawer(till, at_till) -> None:
    _device_id, token = tills.enrolled("Till 2")
    other = TillClient(till)
    other.client.cookies[keys.DEVICE] = token
    other.sign_in()
    (open_one,) = other.get("drawers")["drawers"]
    joined = other.post("drawer/join", {"drawer_id": open_one["id"]})
    assert joined["id"] == str(till.drawer_id)
    assert other.post("drawer/open", {"drawer_id": str(new_id()), "float": isk(0)})["code"] == "drawer_open"
    check_out(other, cart_with(other, (CUP, 1)), {"method": "cash"})
    assert till.drawer.expected.amount == FLOAT + CUP_PRICE


# --- receipts


def test_a_receipt_for_the_screen_the_printer_and_the_mail(at_till) -> None:
    sold = check_out(at_till, cart_with(at_till, (CUP, 2), (CAKE, 1)), {"method": "cash"}, language="is")
    receipt = at_till.get(f"orders/{sold['order_id']}/receipt")
    assert (receipt["number"], receipt["language"], receipt["total"]) == (sold["number"], "is", sold["total"])
    assert sum(one["total"]["amount"] for one in receipt["vat"]) == receipt["total"]["amount"]
    assert (receipt["cashier"], receipt["store"]["name"]) == ("Anna", "Samband RVK")
    paper = at_till.get(f"orders/{sold['order_id']}/receipt.escpos?width=32&language=en")
    assert sold["number"].encode() in paper
    assert b"3.870" in paper or b"3,870" in paper
    assert at_till.get(f"orders/{sold['order_id']}/receipt.escpos?width=5")["code"] == "invalid"
    at_till.post(f"orders/{sold['order_id']}/receipt-mail", {"email": "anna@example.is"})
    assert at_till.status == 202
    send_due()
    (letter,) = mail.outbox
    assert sold["number"] in letter.subject
    assert "2 × Cup" in letter.body
    assert at_till.post(f"orders/{sold['order_id']}/receipt-mail", {"email": "nobody"})["code"] == "not_an_email"


def test_a_sale_that_is_still_in_the_queue_is_printed_too(till) -> None:
    client = TillClient(till)
    assert b"Cup" in client.post("receipt.escpos?width=42", till.sells((CUP, 2)))
    assert client.post("receipt.escpos", {"sale_id": "x"})["code"] == "invalid"


# --- pickups


def test_a_web_order_is_handed_over_to_whoever_has_its_code(at_till) -> None:
    ways = {SOFA: {"kind": "pickup", "location": REYKJAVIK}}
    cart = cart_with(at_till, (SOFA, 1), ways=ways)
    sold = check_out(
        at_till, cart, tapped(at_till), ways=ways, contact={"email": "anna@example.is", "name": "Anna Jónsdóttir"}
    )
    (work,) = fulfillments.of_order(UUID(sold["order_id"]))
    fulfillment.start_picking(work.id)
    fulfillment.pick(work.id, SOFA, 1)
    fulfillment.make_ready(work.id, now() + timedelta(days=2))
    code = fulfillments.fulfillment(work.id).pickup_code
    (waiting,) = at_till.get("pickups")["pickups"]
    assert (waiting["state"], waiting["customer"], waiting["paid"]) == ("ready", "Anna J.", True)
    assert at_till.post("pickups/hand-over", {"code": "XXXXX"})["code"] == "unknown_fulfillment"
    wrong = at_till.post("pickups/hand-over", {"code": "XXXXX", "fulfillment_id": str(work.id)})
    assert (wrong["code"], at_till.status) == ("wrong_pickup_code", 409)
    handed = at_till.post("pickups/hand-over", {"code": code}, key="over")
    assert handed["state"] == "handed_over"
    assert at_till.get("pickups")["pickups"] == []
    assert stock.available([SOFA])[SOFA][0].location


# --- the app


def test_the_app_can_be_installed_and_opens_without_a_line(world) -> None:
    client = Client()
    shell = client.get("/pos/?language=is")
    assert 'lang="is"' in shell.content.decode()
    assert "camera=(self)" in shell.headers["Permissions-Policy"]
    assert "worker-src 'self'" in shell.headers["Content-Security-Policy"]
    assert client.get("/pos/sell").status_code == 200
    worker = client.get("/pos/sw.js")
    assert worker.headers["Service-Worker-Allowed"] == "/pos/"
    assert worker.headers["Content-Type"].startswith("text/javascript")
    listed = json.loads(worker.content.decode().splitlines()[0].removeprefix("const SHELL = ").rstrip(";"))
    assert "/pos/" in listed["assets"]
    assert "/pos/texts/el.json" in listed["assets"]
    for asset in listed["assets"]:
        if not asset.startswith("/static/"):
            assert client.get(asset).status_code == 200, asset
    manifest = client.get("/pos/manifest.webmanifest")
    assert manifest.headers["Content-Type"] == "application/manifest+json"
    assert (manifest.json()["scope"], manifest.json()["display"]) == ("/pos/", "standalone")


def test_what_the_till_says_is_there_in_five_languages(world) -> None:
    client = Client()
    said = {language: client.get(f"/pos/texts/{language}.json").json() for language in ("en", "is", "pl", "lv", "el")}
    assert len({frozenset(texts) for texts in said.values()}) == 1
    assert client.get("/pos/texts/de.json").status_code == 404
    first = client.get("/pos/texts/en.json")
    again = client.get("/pos/texts/en.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
