"""Where a room asks for something only its neighbours know, the answer is plugged in here."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from samband.kernel.clock import now

if TYPE_CHECKING:
    from samband.commerce.catalog.views import CategoryNode


def plug_in() -> None:
    """Plug every room's questions into the rooms that can answer them."""
    from django.conf import settings

    from samband.commerce.cart import markets
    from samband.commerce.catalog import search
    from samband.commerce.fulfillment import noticing as carriers
    from samband.commerce.payments import noticing
    from samband.commerce.pricing import askers, goods
    from samband.customers.accounts import holding_back
    from samband.customers.rights import queries as rights
    from samband.engagement.messaging import facts, permission
    from samband.flows import reactions  # noqa: F401  listening, and on the rota, from here on
    from samband.flows.may_we import AskConsent
    from samband.flows.message_facts import AskTheRooms
    from samband.flows.segments_of import segments_of
    from samband.kernel import identifier

    identifier.use_secret(settings.IDENTITY_SECRET)
    markets.plug(_currency_of)
    goods.plug(_vat_classes)
    goods.plug_tree(_categories, _branches)
    askers.plug(segments_of)
    facts.plug(AskTheRooms())
    permission.plug(AskConsent())
    holding_back.plug(rights.suppressed)
    search.plug(_Prices())
    noticing.plug(_hear_the_sandbox_bank)
    carriers.plug(_hear_the_sandbox_carrier)
    _say_where_customers_are()
    _open_doors_to_parity()


def _say_where_customers_are() -> None:
    """Profiles and segments are reckoned from sets: of touchpoints, and of who is whose."""
    from samband.customers.consent import purposes
    from samband.customers.consent import queries as consent
    from samband.customers.identity import queries as identity
    from samband.customers.profiles import queries as profiles
    from samband.customers.profiles import relations
    from samband.customers.segments import relations as asked
    from samband.customers.touchpoints import queries as touchpoints

    relations.plug(
        relations.Relations(
            identifiers=identity.RELATION,
            touchpoints=touchpoints.RELATION,
            events=touchpoints.EVENTS,
            sources=touchpoints.SOURCES,
            touched="touchpoints_touched",
            moved="identity_moved",
        )
    )
    asked.plug(
        asked.Relations(
            identifiers=identity.RELATION,
            touchpoints=touchpoints.RELATION,
            events=touchpoints.EVENTS,
            profiles=profiles.RELATION,
            consents=consent.RELATION,
            accounts="accounts_customer",
            traits={name: trait.kind for name, trait in profiles.TRAITS.items()},
            purposes=tuple(purposes.PURPOSES),
        ),
        _branches,
    )


def _open_doors_to_parity() -> None:
    """Every door that sells is asked whether it makes the same promise as the others."""
    from samband.channels.api import parity as api
    from samband.channels.kiosk import parity as kiosk
    from samband.channels.pos import parity as pos
    from samband.channels.shop import parity as shop
    from samband.flows import parity

    for channel, door in (("shop", shop), ("api", api), ("pos", pos), ("kiosk", kiosk)):
        parity.plug(channel, door.answer)


def _currency_of(market: str) -> str | None:
    from samband.commerce.pricing import queries as pricing

    known = pricing.markets().get(market)
    return known.currency if known else None


def _vat_classes(skus: Sequence[str]) -> Mapping[str, str]:
    from samband.commerce.catalog import queries as catalog

    return {sku: item.vat_class for sku, item in catalog.items(skus).items()}


def _categories(skus: Sequence[str]) -> Mapping[str, str]:
    from samband.commerce.catalog import queries as catalog

    return catalog.categories_of(skus)


def _branches(categories: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Of each category that there is, itself and all below it."""
    from samband.commerce.catalog import queries as catalog

    asked = frozenset(categories)
    found: dict[str, tuple[str, ...]] = {}
    waiting = list(catalog.tree()) if asked else []
    while waiting:
        node = waiting.pop()
        waiting.extend(node.children)
        if node.slug in asked:
            found[node.slug] = tuple(sorted(_slugs(node)))
    return found


def _slugs(node: "CategoryNode") -> Iterator[str]:
    yield node.slug
    for child in node.children:
        yield from _slugs(child)


def _hear_the_sandbox_bank(body: bytes, signature: str) -> None:
    """A bank of our own need not go over the network to reach us; what it sends is signed and checked all the same."""
    from samband.flows.hear_payment import hear_payment

    hear_payment("sandbox", body, signature)


def _hear_the_sandbox_carrier(body: bytes, signature: str) -> None:
    """The same for a carrier of our own."""
    from samband.flows.carry_parcels import hear_carrier

    hear_carrier("sandbox", body, signature)


class _Prices:
    """What search wants to know of prices: those of the price lists for everybody."""

    def markets(self) -> Sequence[str]:
        from samband.commerce.pricing import queries as pricing

        return tuple(pricing.markets())

    def lowest(self, skus: Sequence[str], market: str, channel: str) -> Mapping[str, int]:
        from samband.commerce.pricing import queries as pricing

        return {sku: tag.unit.amount for sku, tag in pricing.tags(skus, market, channel).items()}

    def terms(self) -> str:
        from samband.commerce.pricing import queries as pricing

        moment = now()
        lists = pricing.price_lists().values()
        turned = sum(bool(at and at <= moment) for one in lists for at in (one.valid_from, one.valid_until))
        told = repr((list(lists), [one for one in pricing.vat_rates() if one.valid_from <= moment], turned))
        return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()
