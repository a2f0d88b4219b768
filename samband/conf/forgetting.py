"""What `samband erase` and `samband export-customer` do and say."""

import os
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from samband.kernel.reach import Reach

Say = Callable[[str], None]


def one(who: str, say: Say, agreed: Callable[[str], bool]) -> None:
    """Forget one customer, once somebody said that it is meant. Raises NothingKept, StillOpen, NotAnIdentifier."""
    from samband.commerce.orders import privacy as orders
    from samband.customers.rights.refusals import StillOpen
    from samband.flows.erase_customer import erase_customer
    from samband.staff import record

    reach = _reach(who)
    if under_way := orders.under_way(reach):
        raise StillOpen(orders=list(under_way))
    say(f"{len(reach.accounts)} accounts, {len(reach.orders)} orders, {len(reach.numbers)} identifiers")
    if not agreed("Forget this person for good?"):
        return
    record.did("erase", [f"customer:{reach.customer}"])
    done = erase_customer(reach)
    for room, rows in sorted(done.counts.items()):
        if rows:
            say(f"  {rows:>7,} {room}")
    say(f"forgotten; erasure {done.id}")


def again(say: Say) -> None:
    """Forget everybody again who was forgotten, and say how many had come back."""
    from samband.flows.erase_again import erase_again
    from samband.staff import record

    record.did("erase_again")
    looked, back = 0, 0
    for one in erase_again():
        looked += 1
        if one.came_back:
            back += 1
            say(f"forgotten again: erasure {one.erasure}")
    say(f"{looked} erasures looked at, {back} people had come back")


def export(who: str, file: Path, language: str, say: Say) -> None:
    """Write everything kept about a customer. Raises NothingKept, NotAnIdentifier."""
    from samband.flows.export_customer import write
    from samband.staff import record

    reach = _reach(who)
    record.saw("export_customer", [f"customer:{reach.customer}"])
    with open(os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as target:
        write(reach, target, language)
    say(f"{file}: {file.stat().st_size:,} bytes")


def _reach(who: str) -> Reach:
    from samband.flows.reach_customer import reach_of, reach_of_email

    try:
        customer = UUID(who)
    except ValueError:
        return reach_of_email(who)
    return reach_of(customer)
