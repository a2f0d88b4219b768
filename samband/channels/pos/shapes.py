"""What a till may send."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from samband.kernel.money import Money

Sku = Annotated[str, Meta(min_length=1, max_length=64)]
Text = Annotated[str, Meta(max_length=200)]
Code = Annotated[str, Meta(min_length=1, max_length=500)]
LocationCode = Annotated[str, Meta(min_length=1, max_length=32)]
Amount = Annotated[int, Meta(ge=0, le=10**12)]
Language = Literal["en", "is", "pl", "lv", "el"]


class Wish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is asked for."""


class MoneyGiven(Wish):
    """An amount in minor units of a currency."""

    amount: Amount
    currency: Literal["EUR", "GBP", "PLN", "ISK"]

    @property
    def money(self) -> Money:
        """The amount."""
        return Money(self.amount, self.currency)


class Nothing(Wish):
    """An empty object."""


class Enrolment(Wish):
    """A code from the console, and what the device shall be called."""

    code: Annotated[str, Meta(min_length=1, max_length=40)]
    name: Annotated[str, Meta(max_length=80)] = ""


class SignIn(Wish):
    """Who stands there, and their PIN."""

    member_id: UUID
    pin: Annotated[str, Meta(min_length=1, max_length=20)]


class Line(Wish):
    """So many of a SKU."""

    sku: Sku
    quantity: Annotated[int, Meta(ge=1, le=999)]


class Units(Wish):
    """So many of a SKU that a till shall have."""

    sku: Sku
    quantity: Annotated[int, Meta(ge=0, le=1_000)]


class AllotmentWish(Wish):
    """What a till shall have at least to sell by itself; `auto`: the house chooses."""

    lines: Annotated[list[Units], Meta(max_length=500)] | Literal["auto"]


class GiveBackWish(Wish):
    """What a till does not need any more; `all`: everything."""

    lines: Annotated[list[Units], Meta(max_length=500)] | Literal["all"]


class WayWish(Wish):
    """How a line's goods are to be had."""

    kind: Literal["carry", "ship", "pickup"]
    location: LocationCode | None = None
    slot_id: UUID | None = None


Ways = Annotated[dict[Sku, WayWish], Meta(max_length=200)]


class Destination(Wish):
    """Where goods would be sent."""

    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    postcode: Annotated[str, Meta(max_length=16)] = ""


class NewCart(Wish):
    """A cart to open, perhaps a customer's own."""

    customer_id: UUID | None = None
    lines: Annotated[list[Line], Meta(max_length=200)] = []
    ways: Ways = {}


class Look(Wish):
    """How a cart's goods are to be had."""

    ways: Ways = {}
    destination: Destination | None = None


class MethodsWish(Look):
    """How an amount is to be paid; none: the whole cart."""

    amount: MoneyGiven | None = None


class LineWish(Wish):
    """How many there shall be (`quantity`), or how many more (`add`)."""

    sku: Sku
    quantity: Annotated[int, Meta(ge=0, le=999)] | None = None
    add: Annotated[int, Meta(ge=1, le=999)] | None = None
    ways: Ways = {}


class CouponWish(Wish):
    """A coupon that is entered or taken out."""

    code: Annotated[str, Meta(min_length=1, max_length=64)]
    ways: Ways = {}


class CustomerWish(Wish):
    """Whose cart it shall be."""

    customer_id: UUID | None
    ways: Ways = {}


class TakeOver(Wish):
    """A cart that a phone shows."""

    token: Code
    customer_id: UUID | None = None
    ways: Ways = {}


class SlotsWish(Wish):
    """Where goods would be brought."""

    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    postcode: Annotated[str, Meta(max_length=16)] = ""
    ways: Ways = {}


class FindWish(Wish):
    """A mail address, a telephone number, or what a phone shows."""

    by: Code


class GiftCardWish(Wish):
    """A gift card's code."""

    code: Annotated[str, Meta(min_length=1, max_length=80)]


class TenderWish(Wish):
    """One of the ways in which something is paid."""

    method: Annotated[str, Meta(min_length=1, max_length=40)]
    provider: Annotated[str, Meta(max_length=40)] = ""
    token: Annotated[str, Meta(max_length=500)] = ""
    plan: Annotated[str, Meta(max_length=40)] = ""
    amount: MoneyGiven | None = None
    given: MoneyGiven | None = None


Tenders = Annotated[list[TenderWish], Meta(max_length=20)]


class Address(Wish):
    """Where goods go."""

    name: Annotated[str, Meta(max_length=120)] = ""
    line1: Annotated[str, Meta(max_length=160)] = ""
    line2: Annotated[str, Meta(max_length=160)] = ""
    city: Annotated[str, Meta(max_length=80)] = ""
    postcode: Annotated[str, Meta(max_length=16)] = ""
    country: Annotated[str, Meta(max_length=2)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""


class Contact(Wish):
    """Whom to tell about an order."""

    email: Annotated[str, Meta(max_length=254)] = ""
    name: Annotated[str, Meta(max_length=120)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""


class CheckoutWish(Wish):
    """What was agreed with a customer. Without tenders it waits to be paid by link."""

    seen_total: MoneyGiven
    version: int | None = None
    ways: Ways = {}
    slot_id: UUID | None = None
    address: Address | None = None
    contact: Contact | None = None
    tenders: Tenders = []
    language: Language = "en"


class PayWish(Wish):
    """More tenders for an order that waits."""

    tenders: Annotated[list[TenderWish], Meta(min_length=1, max_length=20)]
    language: Language = "en"


class MailWish(Wish):
    """Where a receipt goes."""

    email: Annotated[str, Meta(min_length=1, max_length=254)]
    language: Language | None = None


class HandOverWish(Wish):
    """The code of a pickup, and which one it is, if that is known."""

    code: Annotated[str, Meta(min_length=1, max_length=40)]
    fulfillment_id: UUID | None = None


class OpenDrawer(Wish):
    """A drawer with its float."""

    drawer_id: UUID
    float: MoneyGiven


class JoinDrawer(Wish):
    """A drawer that another device of the store opened."""

    drawer_id: UUID


class CashWish(Wish):
    """Money into or out of a drawer."""

    amount: MoneyGiven
    reason: Annotated[str, Meta(max_length=40)]


class CloseDrawer(Wish):
    """What was counted, and how many sales the device has not told yet."""

    counted: MoneyGiven
    queue: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    anyway: bool = False
    note: Text = ""


class PayoutWish(Wish):
    """Cash that is owed and is now given out of the drawer."""

    key: Code


class SyncWish(msgspec.Struct, kw_only=True):
    """Sales that a device made by itself, as raw JSON: one that cannot be read keeps no other from being taken in."""

    sales: Annotated[list[Any], Meta(max_length=100)]
    queue: int = 0


class AcceptWish(Wish):
    """The sale was as it says."""

    correct_stock: bool
    note: Text = ""


class CancelWish(Wish):
    """The sale was none."""

    refunded_from_drawer: bool
    note: Text = ""
