"""Something else in place of what was not found: proposed by whoever packs it, answered on the order's page."""

from dataclasses import dataclass
from uuid import UUID

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.views import Item
from samband.commerce.fulfillment import substitutions
from samband.flows.order_story import OrderStory
from samband.kernel.clock import now
from samband.kernel.geography import TIME_ZONES
from samband.kernel.languages import pick
from samband.kernel.money import Money

from .cards import picture
from .wording import Words


@dataclass(frozen=True, slots=True)
class Proposal:
    """A substitute in words: instead of what, for how much, what goes back, and until when there is time to answer."""

    id: UUID
    instead_of: str
    quantity: int
    name: str
    image: str
    price: Money
    back: Money
    until: str


def proposals(story: OrderStory, words: Words) -> tuple[Proposal, ...]:
    """What waits for an answer. Two statements, none while nothing is being packed."""
    if all(parcel.fulfillment.state != "picking" for parcel in story.parcels):
        return ()
    order, moment = story.order, now()
    found = [one for one in substitutions.of_order(order.id) if one.state == "proposed" and one.answer_until > moment]
    items = catalog.items(sorted({one.substitute for one in found})) if found else {}
    names = {line.sku: line.name for line in order.lines}
    zone = TIME_ZONES.get(order.market, "UTC")
    return tuple(
        Proposal(
            id=one.id,
            instead_of=names.get(one.sku, one.sku),
            quantity=one.quantity,
            name=_name(items[one.substitute], words.language) if one.substitute in items else one.substitute,
            image=picture(items[one.substitute].image if one.substitute in items else None),
            price=one.price,
            back=one.difference,
            until=words.moment(one.answer_until, zone),
        )
        for one in found
    )


def _name(item: Item, language: str) -> str:
    label = pick(item.variant_labels, language)
    return f"{pick(item.names, language)}, {label}" if label else pick(item.names, language)
