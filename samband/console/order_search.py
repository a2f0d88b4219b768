"""Finding orders by what a customer has at hand: the number, their e-mail, their name."""

import re
from collections.abc import Callable, Iterator
from heapq import merge
from uuid import UUID

from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderCard
from samband.customers.accounts import queries as accounts

MOST_PEOPLE = 50
MOST_LOOKED_THROUGH = 400
NUMBER = re.compile(r"[0-9A-Za-z]{5}-?[0-9A-Za-z]{0,5}")

Source = Callable[[UUID | None, int], tuple[OrderCard, ...]]


def found(text: str, state: str | None, before: UUID | None, most: int) -> tuple[OrderCard, ...]:
    """The orders that match, newest first. `before` is the last order of the page before.

    A text is the beginning of a number, an order's name in another system, or somebody's e-mail or name.
    """
    if not text:
        return orders.recent(state, before=before, most=most)
    by_number = orders.recent(state, text, before, most)
    if by_number and (NUMBER.fullmatch(text) or len(by_number) >= most):
        return by_number
    people = _of_people(text)
    wanted = (card for card in _merged(people, before, most) if state in (None, card.state))
    known = {card.id: card for card in by_number}
    for card in wanted:
        known.setdefault(card.id, card)
        if len(known) >= most + len(by_number):
            break
    return tuple(sorted(known.values(), key=_age, reverse=True)[:most])


def _of_people(text: str) -> list[Source]:
    contacts = accounts.contact_ids(text)
    customers = [one.id for one in accounts.search(text, most=MOST_PEOPLE)]
    sources: list[Source] = []
    if contacts:
        sources.append(lambda before, most: orders.of_contacts(contacts, before, most))
    if customers:
        sources.append(lambda before, most: orders.of_customer(customers, before, most))
    return sources


def _merged(sources: list[Source], before: UUID | None, most: int) -> Iterator[OrderCard]:
    return merge(*(_pages(source, before, most) for source in sources), key=_age, reverse=True)


def _pages(source: Source, before: UUID | None, most: int) -> Iterator[OrderCard]:
    """All that a source has, page by page, as far as somebody still looks."""
    for _ in range(MOST_LOOKED_THROUGH // most + 1):
        page = source(before, most)
        yield from page
        if len(page) < most:
            return
        before = page[-1].id


def _age(card: OrderCard) -> tuple[object, UUID]:
    return (card.created_at, card.id)
