"""What a message about an order says, asked of the rooms that know it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.queries import FulfillmentView
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import LocationView
from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderView
from samband.customers.accounts import queries as accounts
from samband.engagement.messaging.facts import Gathering, OrderedLine, OrderFacts, Recipient
from samband.kernel.geography import TIME_ZONES
from samband.kernel.languages import pick

LINK_SALT = "order-link"
LINK_LASTS = timedelta(days=180)
"""How long whoever was mailed a link may see the order by it."""


class AskTheRooms:
    """The messaging room's Facts."""

    def of_order(self, order_id: UUID) -> OrderFacts:
        """The whole order, with every group of goods it goes in."""
        order = orders.order(order_id)
        return _facts(order, fulfillments.of_order(order_id))

    def of_fulfillment(self, fulfillment_id: UUID) -> OrderFacts:
        """The order, with the one group that the message is about."""
        view = fulfillments.fulfillment(fulfillment_id)
        return _facts(orders.order(view.order_id), [view])


def link_to(number: str, language: str, market: str) -> str:
    """The order's page, signed: whoever was mailed it may see the order without signing in."""
    token = signing.dumps(number, salt=LINK_SALT, compress=False)
    return f"{settings.SITE_URL}/{language}-{market.lower()}/order/{number}/?t={token}"


def number_in(token: str) -> str | None:
    """The order's number that a link was signed for; None for a forged or an old one."""
    try:
        number = signing.loads(token, salt=LINK_SALT, max_age=LINK_LASTS)
    except signing.BadSignature:
        return None
    return number if isinstance(number, str) else None


def _facts(order: OrderView, groups: Sequence[FulfillmentView]) -> OrderFacts:
    contact = accounts.contact(order.contact_id) if order.contact_id else None
    return OrderFacts(
        recipient=Recipient(
            email=contact.email if contact else "",
            name=contact.name if contact else "",
            language=order.language,
            customer_id=order.customer_id,
            contact_id=order.contact_id,
        ),
        number=order.number,
        link=link_to(order.number, order.language, order.market),
        lines=tuple(OrderedLine(line.name, line.quantity, line.total) for line in order.lines),
        shipping=order.shipping,
        total=order.total,
        groups=tuple(_gathering(group, order) for group in groups),
    )


def _gathering(group: FulfillmentView, order: OrderView) -> Gathering:
    site = inventory.location(group.location)
    return Gathering(
        kind=group.kind,
        place=pick(site.names, order.language) or site.name,
        address=written(site) if group.kind == "pickup" else _address(group.address_id),
        zone=site.time_zone if group.kind == "pickup" else TIME_ZONES.get(order.market, "UTC"),
        promised_from=group.promised_from,
        promised_until=group.promised_until,
        wait_until=group.wait_until,
        code=group.pickup_code or "",
        carrier=group.carrier,
        tracking=group.tracking,
    )


def written(site: LocationView) -> str:
    """A store's address in one line."""
    parts = (site.address.get("line1"), f"{site.address.get('postcode', '')} {site.address.get('city', '')}".strip())
    return ", ".join(part for part in parts if part)


def _address(address_id: UUID | None) -> str:
    if address_id is None:
        return ""
    given = accounts.address(address_id).given
    parts = (given.name, given.line1, given.line2, f"{given.postcode} {given.city}".strip())
    return ", ".join(part for part in parts if part)
