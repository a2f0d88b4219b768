"""A person planted everywhere the house keeps anything, through the doors and flows that people really use."""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import UUID, uuid4

from django.test import Client

from samband.channels.connectors.progress import Watch
from samband.channels.connectors.shopify import import_shopify
from samband.commerce.cart import commands as carts
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import labelling
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.carriage import Bought
from samband.commerce.payments import gift_cards
from samband.commerce.spots import commands as spots
from samband.commerce.tills import drawers
from samband.customers.accounts import commands as accounts
from samband.customers.accounts import queries as account_queries
from samband.customers.accounts.rules import Particulars
from samband.engagement.messaging.sending import send_due
from samband.flows import receipts
from samband.flows.basket import basket
from samband.flows.carry_parcels import give_to_carrier
from samband.flows.change_order import change_address
from samband.flows.check_out import Checkout, Outcome, Part, Tender, check_out
from samband.flows.export_customer import ask_for_export
from samband.flows.follow_customers import follow
from samband.kernel.clock import in_future
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.timeline.delivering import deliver
from tests import shopify_files
from tests.channels.api_client import Api
from tests.channels.api_shopping import bought as bought_by_api
from tests.channels.capture_client import Client as Capture
from tests.channels.capture_client import server_source
from tests.channels.phone import make_spots
from tests.channels.till_client import TillClient
from tests.commerce import till as tills
from tests.worlds import CAKE, CUP, LAMP, REYKJAVIK, World, card

MAIL = "hrafntinna.plant@example.is"
NAME = "Hrafntinna Plöntudóttir"
PHONE, DIALLED = "+3546661777", "666 1777"
STREET, FLAT, TOWN = "Plantekrustígur 77", "Baðstofan í garðinum", "Gróðurvík"
OLD_STREET = "Fræbraut 99"
SHOPIFY_ID = "7771234567890"

HOME = Particulars(name=NAME, line1=STREET, line2=FLAT, city=TOWN, country="IS", postcode="101", phone=DIALLED)
BEFORE = Particulars(name=NAME, line1=OLD_STREET, city=TOWN, country="IS", postcode="101")


def traces() -> dict[str, str]:
    """Everything by which somebody who finds it could know the person; each in lower case, by what it is."""
    found = {
        "mail": MAIL,
        "mail in an address": quote(MAIL),
        "mail in base64": base64.b64encode(MAIL.encode()).decode().rstrip("=")[:-2],
        "first name": "hrafntinna",
        "family name": "plöntudóttir",
        "family name in JSON": json.dumps("plöntudóttir").strip('"'),
        "family name in mail": "pl=c3=b6ntud=c3=b3ttir",
        "telephone": PHONE.lstrip("+"),
        "telephone as dialled": DIALLED,
        "telephone together": "6661777",
        "street": "plantekrustígur",
        "street in JSON": json.dumps("plantekrustígur").strip('"'),
        "street before": "fræbraut",
        "flat": "baðstofan",
        "town": "gróðurvík",
        "what another system calls them": SHOPIFY_ID,
    }
    found |= {f"{what} as bytes": text.encode().hex() for what, text in list(found.items())}
    for value in (MAIL, PHONE, DIALLED, PHONE.lstrip("+")):
        for name, digest in _plain_hashes(value):
            found[f"{name} of {value}"] = digest.hex()
            found[f"{name} of {value} in base64"] = base64.b64encode(digest).decode().rstrip("=")
    return {what: text.casefold() for what, text in found.items()}


def _plain_hashes(value: str) -> Iterator[tuple[str, bytes]]:
    """Hashes without a key: whoever has a list of addresses tries them all in a minute."""
    told = value.encode()
    for name in ("md5", "sha1", "sha256"):
        yield name, hashlib.new(name, told).digest()
    for size in (8, 12, 16, 20, 32, 64):
        yield f"blake2b of {size}", hashlib.blake2b(told, digest_size=size).digest()


@dataclass(frozen=True)
class Planted:
    """Who was planted: the account, and orders by how they came about."""

    account: UUID
    orders: dict[str, UUID]


def settle() -> None:
    """Everything that follows from what was done is done; messages wait all the same."""
    while deliver() or follow():
        pass


def plant(world: World, home: Path) -> Planted:
    """Plant the person everywhere. `home` is SAMBAND_HOME, whose mails are files."""
    api = Api(world.api_key)
    _imported(home)
    account = _registered(api)
    orders = {
        "signed in": _ordered(account, HOME).order_id,
        "guest": _guest_whose_address_was_put_right(),
        "draft": _declined(),
        "api": UUID(
            bought_by_api(api, {CUP: 1}, key=f"{MAIL}-1", contact={"email": MAIL, "name": NAME, "phone": DIALLED})[
                "order_id"
            ]
        ),
        "gift card": _gift_card(account),
    }
    _labelled(orders["signed in"])
    send_due(200)
    _at_the_till(account)
    _on_the_phone(account)
    _captured()
    _agreed()
    settle()
    send_due(3)
    _waiting(account, orders["signed in"])
    settle()
    _taken_home(account)
    _at_the_wrong_door()
    return Planted(account, orders)


def _registered(api: Api) -> UUID:
    """In the shop by a code, in the API by name, with an address in their book, and signed in on a browser."""
    code = accounts.ask_code(MAIL, "is").code
    browser = Client()
    browser.post("/is-is/sign-in/code/", {"email": MAIL, "code": code})
    browser.post("/is-is/account/particulars/", {"name": NAME, "phone": DIALLED, "language": "is"})
    known = account_queries.by_email(MAIL)
    assert known
    assert known.name == NAME
    address = {"name": NAME, "line1": STREET, "line2": FLAT, "city": TOWN, "postcode": "101", "country": "IS"}
    assert api.post(f"/customers/{known.id}/addresses", {"address": address, "default": True}).status == 201
    return known.id


def _ordered(
    account: UUID | None, address: Particulars | None, *goods: str, number: str = "4242424242424242"
) -> Outcome:
    cart = carts.open_cart("IS", account)
    for sku in goods or (LAMP,):
        carts.put(cart.id, sku, 1)
    carts.enter_coupon(cart.id, "HRAFNTINNA-PLANT")
    kind = "ship" if address else "pickup"
    seen = basket(cart.id, "shop", None, kind, customer_id=account)
    part = Part(kind="ship", address=address) if address else Part(kind="pickup", location=REYKJAVIK)
    wish = Checkout(
        cart_id=cart.id, version=seen.cart.version, customer_id=account, channel="shop", language="is", email=MAIL,
        name=NAME, phone=DIALLED, parts=(part,), tenders=(Tender(method="card", token=card(number)),),
        seen_total=seen.quote.total,
    )  # fmt: skip
    return check_out(wish, key=f"{MAIL}-{new_id()}")


def _guest_whose_address_was_put_right() -> UUID:
    order = _ordered(None, BEFORE).order_id
    settle()
    (parcel,) = fulfillments.of_order(order)
    change_address(parcel.id, HOME, key=str(new_id()))
    return order


def _declined() -> UUID:
    return _ordered(None, HOME, number="4000000000000002").order_id


def _gift_card(account: UUID) -> UUID:
    gift_cards.save_gift_card_product(CAKE, Money(5_000, "ISK"), lasts_days=365)
    order = _ordered(account, None, CAKE).order_id
    settle()
    return order


def _labelled(order: UUID) -> None:
    """By a carrier that keeps a picture of the label, with name and address on it."""
    settle()
    (parcel,) = fulfillments.of_order(order)
    fulfillment.start_picking(parcel.id)
    fulfillment.pick(parcel.id, LAMP, 1)
    label = new_id()
    labelling.begin(label, parcel.id, "sandbox", "standard")
    url = f"https://carrier.example/labels/{quote(NAME)}/{quote(MAIL)}.png"
    labelling.note(label, Bought("shp_1", "SB1", "Carrier", "standard", "9.90", "ISK", url))
    give_to_carrier(parcel.id, key="van")


def _at_the_till(account: UUID) -> None:
    """Sales told by a device that was without its line: in order, with more than it should tell, and as nonsense."""
    till = tills.till()
    line = TillClient(till)
    more = {"customer": {"name": NAME, "email": MAIL}, "note": f"call {PHONE}"}
    good = till.sells((CUP, 1), customer_id=str(account), **more)
    impossible = till.sells((LAMP, 99), customer_id=str(account), **more)
    said = line.post("sync", {"sales": [good, impossible, {"sale_id": str(uuid4()), "buyer": MAIL, "name": NAME}]})
    assert [one["state"] for one in said["sales"]][1:] == ["conflict", "conflict"]
    manager = TillClient(till).sign_in(tills.member("manager"))
    manager.post(f"conflicts/{impossible['sale_id']}/cancel", {"refunded_from_drawer": True, "note": f"told {MAIL}"})
    assert manager.status == 200, manager.response.content
    drawers.close_drawer(till.drawer_id, Money(0, "ISK"), till.cashier_id, f"ring {PHONE} about the change")
    receipts.mail(UUID(said["sales"][0]["order_id"]), MAIL, "is", key=str(new_id()))


def _on_the_phone(account: UUID) -> None:
    """At a table with their own cart."""
    cart = carts.open_cart("IS", account)
    spot = make_spots(REYKJAVIK)["table-7"]
    visit = new_id()
    spots.open_visit(visit, REYKJAVIK, spot.number, "table-7", "serve", "screen", in_future(hours=2))
    spots.give_cart(visit, cart.id)


def _captured() -> None:
    """A server and a browser tell of them, by name and by address."""
    client = Capture(server_source("crm"))
    traits = {"email": MAIL.upper(), "phone": PHONE, "name": NAME, "address": {"street": STREET, "city": TOWN}}
    told = [
        {"type": "identify", "userId": "u-1", "anonymousId": "visitor-9", "traits": traits, "messageId": "i-1"},
        {
            "type": "track", "userId": "u-1", "event": "Product Viewed", "messageId": "t-1",
            "properties": {"sku": CUP, "email": MAIL}, "context": {"traits": traits, "ip": "192.0.2.7"},
        },
        {"type": "track", "anonymousId": "visitor-9", "event": "Cart Viewed", "messageId": "t-2", "properties": {}},
    ]  # fmt: skip
    answer = client.batch(*told)
    assert answer.status == 200, answer.body


def _imported(home: Path) -> None:
    """By the shop's last system: themselves, what they bought there, and a row that could not be taken over."""
    customer = {
        "Customer ID": SHOPIFY_ID, "First Name": "Hrafntinna", "Last Name": "Plöntudóttir", "Email": MAIL,
        "Default Address Address1": STREET, "Default Address City": TOWN, "Default Address Country Code": "IS",
        "Default Address Zip": "101", "Phone": PHONE,
    }  # fmt: skip
    order = shopify_files.order(
        "#7001", Email=MAIL, Billing_Name=NAME, Billing_Phone=PHONE, Lineitem_sku=CUP, Lineitem_name="Cup"
    )
    broken = shopify_files.order("#7002", Email=MAIL, Billing_Name=NAME, Currency="XXX", Lineitem_sku=CUP)
    files = home.parent / "exports-of-the-last-shop"
    files.mkdir()
    paths = [
        shopify_files.write(files / "customers.csv", shopify_files.CUSTOMER, [customer]),
        shopify_files.write(files / "orders.csv", shopify_files.ORDER, [order, broken]),
    ]
    with Watch() as watch:
        import_shopify(paths, home / "imports", watch)


def _agreed() -> None:
    """To the newsletter, which waits for the answer to a mail."""
    assert Client().post("/is-is/newsletter/", {"email": MAIL}).status_code == 200


def _waiting(account: UUID, order: UUID) -> None:
    """Messages that are not sent yet, and a code that nobody used."""
    accounts.ask_code(MAIL, "is")
    receipts.mail(order, MAIL, "is", key=str(new_id()))
    bought_later = _ordered(account, HOME)
    assert bought_later.state == "placed"
    settle()


def _taken_home(account: UUID) -> None:
    ask_for_export(account, by="customer", account=account, language="is")


def _at_the_wrong_door() -> None:
    """They took the staff's door for the shop's."""
    browser = Client()
    browser.post("/console/sign-in/", {"deed": "sign-in", "email": MAIL, "password": "not staff"})
