"""A house in which everybody has something of their own: two shoppers, two stores with tills, staff and programs.

Whoever knocks anywhere with Anna's ids must come away without anything of hers, and leave it as it was.
"""

from dataclasses import dataclass, field
from uuid import UUID

from samband.commerce.cart import commands as carts
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.orders import queries as orders
from samband.commerce.payments import gift_cards
from samband.commerce.payments import queries as payments
from samband.customers.accounts import commands as accounts
from samband.customers.accounts import queries as people
from samband.customers.accounts.rules import Particulars
from samband.customers.consent import links
from samband.customers.consent.deciding import Address
from samband.flows import export_customer
from samband.flows.cart_handover import hand_out
from samband.flows.check_out import Checkout, Part, check_out
from samband.flows.pay_link import token_for
from samband.kernel.identifier import identifier
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from tests import worlds
from tests.channels.shopper import SHIP, Shopper
from tests.worlds import CUP, LAMP, REYKJAVIK

MARKS = {
    "anna": ("anna@example.com", "Jónsdóttir", "Laugavegur 12"),
    "bjorn": ("bjorn@example.com", "Þórsson", "Vesturgata 7"),
}
"""What would show on a page that it is somebody's."""


@dataclass
class Person:
    """A shopper with all that is theirs, and the browser they are signed in with."""

    name: str
    browser: Shopper
    id: UUID
    address: UUID
    shipped: str
    picked_up: str
    cart: UUID
    draft: UUID
    card: UUID
    card_code: str
    request: UUID
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def marks(self) -> tuple[str, ...]:
        return (*MARKS[self.name], self.shipped, self.picked_up, str(self.id), str(self.address))

    @property
    def shipped_id(self) -> UUID:
        return orders.by_number(self.shipped).id

    @property
    def picked_up_id(self) -> UUID:
        return orders.by_number(self.picked_up).id

    @property
    def part(self) -> UUID:
        return fulfillments.of_order(self.shipped_id)[0].id

    @property
    def pickup(self) -> UUID:
        return fulfillments.of_order(self.picked_up_id)[0].id

    @property
    def payment(self) -> UUID:
        return payments.of_order(self.shipped_id)[0].id

    @property
    def ids(self) -> tuple[str, ...]:
        """By what a row of any table is known to be about them."""
        things = (
            self.id, self.address, self.cart, self.draft, self.card, self.request, self.shipped_id, self.picked_up_id,
            self.part, self.pickup, self.payment,
        )  # fmt: skip
        return (*(str(one) for one in things), self.shipped, self.picked_up, MARKS[self.name][0])


@dataclass
class House:
    """Everything that stands when somebody knocks."""

    world: worlds.World
    anna: Person
    bjorn: Person


def house() -> House:
    """Build it; a few hundred statements."""
    world = worlds.small_world()
    return House(world, shopper("anna"), shopper("bjorn"))


def shopper(name: str) -> Person:
    """Somebody with an address, an order on its way, one to pick up, a cart, a draft, a gift card, and their data."""
    email, family, street = MARKS[name]
    browser = Shopper().again().sign_in(email)
    customer = people.by_email(email)
    accounts.change(customer.id, name=f"{name.title()} {family}", phone="+354 555 1234", language="en")
    given = Particulars(f"{name.title()} {family}", street, "Reykjavík", "IS", "101")
    address = accounts.save_address(customer.id, given)
    who = {"email": email, "name": f"{name.title()} {family}"}
    shipped = _ordered(browser, CUP, **who, **{**SHIP, "line1": street})
    picked_up = _ordered(browser, CUP, **who)
    browser.put(LAMP)
    cart = carts_of(customer.id)
    card = new_id()
    issued = gift_cards.issue_gift_card(card, Money(5_000, "ISK"), reason="goodwill")
    asker = f"shop:{customer.id}"
    request = export_customer.ask_for_export(customer.id, by="customer", account=customer.id)
    draft = _drafted(email, who["name"])
    tokens = {
        "pay": token_for(draft),
        "handover": hand_out(cart)[0],
        "letters": links.token_for(Address.of(identifier("email", email))),
        "file": export_customer.link_token(request, asker),
    }
    return Person(
        name, browser, customer.id, address, shipped, picked_up, cart, draft, card, issued.code, request,
        tokens,
    )  # fmt: skip


def carts_of(customer: UUID) -> UUID:
    """Their open cart."""
    from samband.commerce.cart import queries

    found = queries.open_of(customer)
    assert found
    return found.id


def _ordered(browser: Shopper, sku: str, **wished: str) -> str:
    browser.put(sku)
    browser.send("checkout/", browser.wish(**wished))
    assert browser.status == 303, browser.page
    return browser.went_to.split("/order/")[1].split("/")[0]


def _drafted(email: str, name: str) -> UUID:
    cart = carts.open_cart("IS")
    carts.put(cart.id, CUP, 1)
    return check_out(
        Checkout(
            cart_id=cart.id, version=None, customer_id=None, channel="shop", language="en", email=email, name=name,
            parts=(Part(kind="pickup", location=REYKJAVIK),), tenders=(), seen_total=Money(1_490, "ISK"), patient=True,
        ),
        key=f"drafted-{new_id()}",
    ).order_id  # fmt: skip
