"""May we? Asked where personal data is used, by everybody who uses it, at the moment it is used."""

from uuid import UUID

from samband.customers.consent import links
from samband.customers.consent import queries as consent
from samband.customers.consent.deciding import Address, Verdict
from samband.customers.identity import queries as identity
from samband.engagement.messaging.permission import Right
from samband.kernel.identifier import Identifier, identifier


def may_we(customer: UUID, purpose: str, address: UUID | None = None) -> Verdict:
    """Whether data of a customer may be used for a purpose, or whether they may be written to at one address.

    `customer` is any id the customer ever had, an account's among them; `address` the key of the identifier written to.
    The stricter answer over everything the customer is known by now decides, so joining and parting follow by
    themselves. Three statements. Raises NoSuchPurpose.
    """
    return consent.may(keys_of(customer), purpose, address)


def may_we_write(to: Identifier, purpose: str) -> Verdict:
    """Whether a letter, a text message or a call for this purpose may go to an address: every sender asks this.

    What fulfils an order or answers a question needs no leave and does not ask. Raises NoSuchPurpose.
    """
    return may_we(to.key, purpose, to.key)


def keys_of(customer: UUID) -> tuple[UUID, ...]:
    """Everything a customer is known by now, by key; an id nobody has is asked about for itself."""
    component = identity.customer_of(customer)
    if component is None:
        return (customer,)
    return tuple(one.key for one in identity.members(component)) or (customer,)


class AskConsent:
    """Messaging's question, whether an address may be written to, answered from what was said."""

    def to_write(self, email: str, purpose: str) -> Right:
        """Raises NotAnIdentifier, NoSuchPurpose."""
        to = identifier("email", email)
        verdict = may_we_write(to, purpose)
        return Right(verdict.allowed, verdict.because, links.headers(Address.of(to), purpose))
