"""Who somebody is now, whatever id of theirs is asked for: an account, a cookie, one from before they were joined."""

from dataclasses import dataclass
from uuid import UUID

from samband.customers.accounts import queries as accounts
from samband.customers.accounts.queries import CustomerView
from samband.customers.identity import queries as identity
from samband.customers.identity.queries import IdentifierView
from samband.kernel.refusal import NotFound


@dataclass(frozen=True, slots=True)
class Known:
    """A customer as they are known now: everything they are known by, and their accounts, the leading one first."""

    customer: UUID
    members: tuple[IdentifierView, ...]
    accounts: tuple[CustomerView, ...]

    @property
    def name(self) -> str:
        """The name they gave, or nothing."""
        return next((one.name for one in self.accounts if one.name), "")

    @property
    def account_ids(self) -> tuple[UUID, ...]:
        return tuple(one.id for one in self.accounts)

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Every id under which something may have been told of them."""
        return tuple(dict.fromkeys((self.customer, *self.account_ids, *self.keys)))

    @property
    def keys(self) -> tuple[UUID, ...]:
        return tuple(one.key for one in self.members)

    @property
    def emails(self) -> tuple[str, ...]:
        """Addresses that are theirs and nobody else's."""
        own = [one.value for one in self.members if one.kind == "email" and not one.shared]
        return tuple(dict.fromkeys([*(one.email for one in self.accounts if one.email), *own]))

    @property
    def phones(self) -> tuple[str, ...]:
        own = [one.value for one in self.members if one.kind == "phone" and not one.shared]
        return tuple(dict.fromkeys([*(one.phone for one in self.accounts if one.phone), *own]))


def known_customer(key: UUID) -> Known:
    """Who has the identifier with this key, or the account with this id. Three statements.

    An account that identity has not heard of yet is a customer all the same. Raises NotFound.
    """
    customer = identity.customer_of(key)
    members = identity.members(customer) if customer else ()
    ids = [one.key for one in members if one.kind == "account"] or ([] if members else [key])
    found = accounts.customers(ids) if ids else {}
    if not members and not found:
        raise NotFound("There is no such customer.")
    return Known(customer or key, members, tuple(found[one] for one in ids if one in found))
