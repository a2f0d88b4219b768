"""Where a room asks for something only its neighbours know, the answer is plugged in here."""

from collections.abc import Mapping, Sequence


def plug_in() -> None:
    """Plug every room's questions into the rooms that can answer them."""
    from samband.commerce.cart import markets
    from samband.commerce.pricing import goods
    from samband.engagement.messaging import facts
    from samband.flows import reactions  # noqa: F401  listening, and on the rota, from here on
    from samband.flows.message_facts import AskTheRooms

    markets.plug(_currency_of)
    goods.plug(_vat_classes)
    facts.plug(AskTheRooms())


def _currency_of(market: str) -> str | None:
    from samband.commerce.pricing import queries as pricing

    known = pricing.markets().get(market)
    return known and known.currency


def _vat_classes(skus: Sequence[str]) -> Mapping[str, str]:
    from samband.commerce.catalog import queries as catalog

    return {sku: item.vat_class for sku, item in catalog.items(skus).items()}
