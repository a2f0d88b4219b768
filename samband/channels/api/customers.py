"""Customers over HTTP. What is personal stays in answers: neither logs nor events carry it."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query

from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.refusals import UnknownMarket
from samband.customers.accounts import commands, queries, rules
from samband.customers.accounts.queries import AddressView
from samband.customers.accounts.refusals import AddressIncomplete, EmailTaken, NotAnEmail, NotAPhone
from samband.customers.accounts.rules import Particulars
from samband.flows.customer_orders import customer_orders
from samband.kernel.refusal import Invalid, NotFound

from .answers import Answer
from .cursors import Cursor, Limit, Pages
from .operations import Door
from .refusals import BadCursor
from .shapes import customers as shapes
from .shapes.checkout import AddressGiven
from .shapes.orders import OrderCard, OrderList
from .shapes.words import shown

CHANNEL = "api"

door = Door("Customers", "People we can recognise again, their address books, and what they ordered.")


@door.get("/customers", scope="customers:read", answers=shapes.CustomerList, refuses=(BadCursor,))
def list_customers(
    request: HttpRequest,
    text: Annotated[
        str,
        Query(max_length=120, description="The beginning of an e-mail address, or part of a name or telephone number."),
    ] = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Answer:
    """Find customers, newest first."""
    pages = Pages(request, cursor)
    found = queries.search(text, before=pages.after(UUID), most=limit + 1)
    rows, following = pages.cut(found, limit, lambda customer: customer.id)
    items = tuple(shown(row, shapes.Customer) for row in rows)
    return pages.answer(shapes.CustomerList(items=items, next=following), following)


@door.post(
    "/customers",
    scope="customers:write",
    asks=shapes.CustomerWish,
    answers=shapes.Customer,
    status=201,
    others={200: shapes.Customer},
    refuses=(NotAnEmail, NotAPhone, UnknownMarket, Invalid),
)
def register_customer(request: HttpRequest, ask: shapes.CustomerWish) -> Answer:
    """Register somebody by their e-mail address.

    Somebody who is known already is answered with 200 and stays as they are, so asking twice makes nobody twice.
    """
    email = rules.email(ask.email)
    if known := queries.by_email(email):
        return Answer(shown(known, shapes.Customer), status=200)
    market = pricing.markets().get(ask.market) if ask.market else None
    if ask.market and market is None:
        raise UnknownMarket(market=ask.market)
    customer_id = commands.register(
        email,
        source=CHANNEL,
        name=rules.name(ask.name) if ask.name else "",
        phone=rules.phone(ask.phone, market.country if market else None),
        language=ask.language,
        market=ask.market,
    )
    return Answer(_one(customer_id), status=201)


@door.get("/customers/{uuid:customer}", scope="customers:read", answers=shapes.Customer, refuses=(NotFound,))
def get_customer(request: HttpRequest, customer: UUID) -> shapes.Customer:
    """Read a customer."""
    return _one(customer)


@door.patch(
    "/customers/{uuid:customer}",
    scope="customers:write",
    asks=shapes.CustomerChange,
    answers=shapes.Customer,
    refuses=(NotFound, EmailTaken, NotAnEmail, NotAPhone, Invalid),
)
def change_customer(request: HttpRequest, customer: UUID, ask: shapes.CustomerChange) -> shapes.Customer:
    """Change what is given and leave the rest."""
    commands.change(customer, name=ask.name, phone=ask.phone, language=ask.language, email=ask.email, group=ask.group)
    return _one(customer)


@door.get(
    "/customers/{uuid:customer}/orders",
    scope="orders:read",
    answers=OrderList,
    refuses=(NotFound, BadCursor),
)
def list_orders_of_customer(request: HttpRequest, customer: UUID, cursor: Cursor = "", limit: Limit = 50) -> Answer:
    """List what a customer ordered, newest first."""
    queries.customer(customer)
    pages = Pages(request, cursor)
    found = customer_orders(customer, pages.after(UUID), limit + 1)
    rows, following = pages.cut(found, limit, lambda order: order.id)
    items = tuple(shown(row, OrderCard) for row in rows)
    return pages.answer(OrderList(items=items, next=following), following)


@door.get(
    "/customers/{uuid:customer}/addresses",
    scope="customers:read",
    answers=shapes.AddressList,
    refuses=(NotFound,),
)
def list_addresses(request: HttpRequest, customer: UUID) -> shapes.AddressList:
    """Read a customer's address book."""
    queries.customer(customer)
    return shapes.AddressList(items=tuple(_address(one) for one in queries.addresses(customer)))


@door.post(
    "/customers/{uuid:customer}/addresses",
    scope="customers:write",
    asks=shapes.AddressWish,
    answers=shapes.Address,
    status=201,
    refuses=(NotFound, AddressIncomplete),
)
def add_address(request: HttpRequest, customer: UUID, ask: shapes.AddressWish) -> shapes.Address:
    """Write an address into a customer's book."""
    return _address(queries.address(commands.save_address(customer, _given(ask.address), default=ask.default)))


@door.put(
    "/customers/{uuid:customer}/addresses/{uuid:address}",
    scope="customers:write",
    asks=shapes.AddressWish,
    answers=shapes.Address,
    refuses=(NotFound, AddressIncomplete),
)
def change_address(request: HttpRequest, customer: UUID, address: UUID, ask: shapes.AddressWish) -> shapes.Address:
    """Change an address in a customer's book; orders keep their own copy."""
    commands.save_address(customer, _given(ask.address), address_id=address, default=ask.default)
    return _address(queries.address(address))


@door.delete(
    "/customers/{uuid:customer}/addresses/{uuid:address}",
    scope="customers:write",
    status=204,
    refuses=(NotFound,),
)
def remove_address(request: HttpRequest, customer: UUID, address: UUID) -> None:
    """Take an address out of a customer's book; orders keep their own copy."""
    commands.remove_address(customer, address)


def _one(customer: UUID) -> shapes.Customer:
    return shown(queries.customer(customer), shapes.Customer)


def _given(one: AddressGiven) -> Particulars:
    return Particulars(one.name, one.line1, one.city, one.country, one.postcode, one.line2, one.phone)


def _address(view: AddressView) -> shapes.Address:
    given = view.given
    return shapes.Address(
        id=view.id,
        name=given.name,
        line1=given.line1,
        line2=given.line2,
        postcode=given.postcode,
        city=given.city,
        country=given.country,
        phone=given.phone,
        is_default=view.is_default,
    )
