"""Customers and their address books."""

from typing import Annotated

from msgspec import Meta

from .checkout import AddressGiven
from .words import Email, Id, Language, MarketCode, Moment, Next, PersonName, Phone, Shown, Wish

Group = Annotated[str, Meta(max_length=40, examples=["club"])]


class Customer(Shown):
    """A customer. One that was erased has nothing left but the id."""

    id: Id
    email: Annotated[str | None, Meta(examples=["anna@example.com"])]
    name: Annotated[str, Meta(examples=["Anna Jónsdóttir"])]
    phone: Annotated[str, Meta(examples=["+3545551234"])]
    language: Annotated[str, Meta(examples=["is"])]
    market: Annotated[str | None, Meta(examples=["IS"])]
    group: Annotated[str | None, Meta(examples=["club"])]
    source: Annotated[str, Meta(examples=["api"])]
    created_at: Moment
    erased_at: Moment | None


class CustomerList(Shown):
    """A page of customers, newest first."""

    items: tuple[Customer, ...]
    next: Next


class CustomerWish(Wish):
    """Somebody to recognise again."""

    email: Email
    name: PersonName = ""
    phone: Phone = ""
    language: Language = "en"
    market: MarketCode | None = None


class CustomerChange(Wish):
    """What shall be different; what is left out stays. A `group` of "" takes the customer out of theirs."""

    email: Email | None = None
    name: PersonName | None = None
    phone: Phone | None = None
    language: Language | None = None
    group: Group | None = None


class Address(Shown):
    """An address of a customer's book."""

    id: Id
    name: Annotated[str, Meta(examples=["Anna Jónsdóttir"])]
    line1: Annotated[str, Meta(examples=["Laugavegur 12"])]
    line2: Annotated[str, Meta(examples=[""])]
    postcode: Annotated[str, Meta(examples=["101"])]
    city: Annotated[str, Meta(examples=["Reykjavík"])]
    country: Annotated[str, Meta(examples=["IS"])]
    phone: Annotated[str, Meta(examples=["+3545551234"])]
    is_default: bool


class AddressList(Shown):
    """A customer's address book, the usual one first."""

    items: tuple[Address, ...]


class AddressWish(Wish):
    """An address as it shall stand in the book; `default` makes it the usual one."""

    address: AddressGiven
    default: bool = False
