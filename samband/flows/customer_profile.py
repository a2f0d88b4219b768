"""Everything one page shows of a customer, in few statements, whatever id they are asked for by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from samband.commerce.cart import queries as carts
from samband.commerce.cart.queries import CartView
from samband.commerce.inventory import queries as inventory
from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderCard
from samband.commerce.orders.refusals import OrderNotFound
from samband.customers.accounts import queries as accounts
from samband.customers.accounts.queries import CustomerView
from samband.customers.consent import queries as consent
from samband.customers.consent.queries import StateView
from samband.customers.identity import queries as identity
from samband.customers.identity.queries import AssertionView, IdentifierView
from samband.customers.profiles import queries as profiles
from samband.customers.profiles.queries import ProfileView
from samband.customers.segments import queries as segments
from samband.engagement.messaging import queries as messages
from samband.engagement.messaging.queries import MessageView
from samband.kernel.identifier import Identifier, NotAnIdentifier, identifier
from samband.kernel.refusal import Conflict, NotFound

from .customer_story import orders_of
from .known_customer import Known

LATEST = 20
ASSERTIONS_SHOWN = 200
OPEN = frozenset({"placed"})
"""States of an order for which goods may still be set aside."""


@dataclass(frozen=True, slots=True)
class Link:
    """That two identifiers are one person's (or are not), as somebody said: the assertion with both its ends.

    An end is None once it was erased. `apart` says that the ends are two customers now; `other` is the one who is not
    the customer that was asked for.
    """

    assertion: AssertionView
    a: IdentifierView | None
    b: IdentifierView | None
    apart: bool
    other: UUID | None


@dataclass(frozen=True, slots=True)
class Held:
    """An order for which so many pieces are set aside."""

    order: OrderCard
    pieces: int


@dataclass(frozen=True, slots=True)
class CustomerProfile:
    """A customer as they are known now. `profile` is None until the follower has come to them."""

    known: Known
    profile: ProfileView | None
    since: datetime | None
    orders: tuple[OrderCard, ...]
    held: tuple[Held, ...]
    carts: tuple[CartView, ...]
    messages: tuple[MessageView, ...]
    consents: tuple[StateView, ...]
    segments: tuple[str, ...]
    links: tuple[Link, ...]


def customer_profile(known: Known) -> CustomerProfile:
    """A customer with everything that is kept of them. Seven statements and two for each account."""
    bought = orders_of(known, most=LATEST)
    profile = profiles.profile(known.customer)
    return CustomerProfile(
        known=known,
        profile=profile,
        since=_since(known, profile),
        orders=bought,
        held=_held(bought),
        carts=tuple(cart for one in known.account_ids if (cart := carts.open_of(one)) and cart.lines),
        messages=_messages(known),
        consents=tuple(one for one in consent.states(known.keys).values() if one.standings) if known.members else (),
        segments=segments.of_customer(known.customer),
        links=links_of(known),
    )


def _since(known: Known, profile: ProfileView | None) -> datetime | None:
    """The first moment of which anything is known."""
    moments = [*(one.first_seen for one in known.members), *(one.created_at for one in known.accounts)]
    if profile and profile.first_seen:
        moments.append(profile.first_seen)
    return min(moments, default=None)


def _held(bought: Sequence[OrderCard]) -> tuple[Held, ...]:
    waiting = {card.id: card for card in bought if card.state in OPEN and not card.source}
    standings = inventory.hold_standings(list(waiting)) if waiting else {}
    return tuple(Held(card, one.left) for order, card in waiting.items() if (one := standings.get(order)) and one.left)


def _messages(known: Known) -> tuple[MessageView, ...]:
    told = [one for account in known.account_ids for one in messages.of_customer(account, LATEST)]
    return tuple(sorted(told, key=lambda one: one.created_at, reverse=True)[:LATEST])


def links_of(known: Known) -> tuple[Link, ...]:
    """What is asserted of a customer's identifiers, taken back or not, with both ends of each. Two statements."""
    if len(known.members) == 0:
        return ()
    said = identity.assertions(known.customer, ASSERTIONS_SHOWN)
    ours = {one.number: one for one in known.members}
    missing = {end for one in said for end in (one.a, one.b)} - ours.keys()
    behind = identity.behind(missing) if missing else {}

    def end(number: int) -> IdentifierView | None:
        return ours.get(number) or (behind[number][1] if number in behind else None)

    def other(one: AssertionView) -> UUID | None:
        return next((behind[number][0] for number in (one.a, one.b) if number in behind), None)

    return tuple(
        Link(one, end(one.a), end(one.b), not (one.a in ours and one.b in ours), other(one)) for one in said
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who was searched for: as a customer, and as the account that matched, if one did.

    `key` is the id under which they were found: it stays theirs whoever they are joined with.
    """

    customer: UUID
    key: UUID
    account: CustomerView | None
    by: str


class NobodyFound(NotFound):
    """Nobody is known by that."""

    code = "nobody_found"


class SeveralFound(Conflict):
    """Several people may be meant; name one by something that is theirs alone."""

    code = "several_found"


def one_customer(text: str, country: str | None) -> UUID:
    """An id of the customer who is meant by a mail address, a number, a name or any id.

    Raises NobodyFound, SeveralFound.
    """
    text = text.strip()
    meant = (_exactly(text, country) or find_customers(text, country, most=2)) if text else ()
    if not meant:
        raise NobodyFound()
    if len({one.customer for one in meant}) > 1:
        raise SeveralFound()
    return min(one.key for one in meant)


def find_customers(text: str, country: str | None, before: UUID | None = None, most: int = 50) -> tuple[Found, ...]:
    """Customers by mail, telephone number (dialled in `country`), name, loyalty or order number, or any id of theirs.

    Whoever is known by exactly this is who was meant; else accounts whose particulars hold the text, newest first.
    `before` is the last account of the page before.
    """
    if text.strip() and before is None and (exactly := _exactly(text.strip(), country)):
        return _once(exactly)
    matching = accounts.search(text, before=before, most=most)
    customers = identity.customers_of([one.id for one in matching]) if matching else {}
    return _once([Found(customers.get(one.id, one.id), one.id, one, "particulars") for one in matching])


def _once(found: Sequence[Found]) -> tuple[Found, ...]:
    """Each customer once, with an account if any of theirs was found."""
    once: dict[UUID, Found] = {}
    for one in found:
        known = once.get(one.customer)
        once[one.customer] = replace(known, account=known.account or one.account) if known else one
    return tuple(once.values())


def _exactly(text: str, country: str | None) -> list[Found]:
    asked = {kind: one for kind in ("email", "phone", "loyalty", "account") if (one := _read(kind, text, country))}
    keys = {one.key: kind for kind, one in asked.items()}
    customers = identity.customers_of(keys) if keys else {}
    found = [Found(customer, key, None, keys[key]) for key, customer in customers.items()]
    if (ordered := _who_ordered(text)) is not None:
        found.append(Found(identity.customer_of(ordered) or ordered, ordered, None, "order"))
    views = accounts.customers([one.customer for one in found]) if found else {}
    return [replace(one, account=views.get(one.customer)) for one in found]


def _read(kind: str, text: str, country: str | None) -> Identifier | None:
    try:
        return identifier(kind, text, country=country)
    except NotAnIdentifier:
        return None


def _who_ordered(number: str) -> UUID | None:
    """The account whose order has this number, or else the key of the address given with it, if that is known."""
    try:
        order = orders.by_number(number)
    except OrderNotFound:
        return None
    if order.customer_id is not None:
        return order.customer_id
    contact = accounts.contacts([order.contact_id]).get(order.contact_id) if order.contact_id else None
    address = _read("email", contact.email, None) if contact else None
    return address.key if address and identity.find(address) else None
