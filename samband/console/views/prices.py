"""Prices: the lists, what is in them, and which of several prices a shopper really gets."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.views import Item
from samband.commerce.pricing import commands
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.queries import MarketView, PriceListView
from samband.commerce.pricing.refusals import UnknownPriceList
from samband.commerce.pricing.tagging import PriceTag
from samband.kernel.clock import now
from samband.kernel.money import MINOR_DIGITS, Money
from samband.kernel.refusal import NotFound, Refusal

from .. import reading, reason_texts, state_words
from ..doors import me, opens
from ..pages import Done, answer, page, words_for
from ..words import Words

CHANNELS = tuple(state_words.CHANNELS)


@dataclass(frozen=True)
class Row:
    """A SKU on the page of a list: what it costs there, if anything, and what stands in its field."""

    sku: str
    item: Item | None
    was: str
    typed: str


@dataclass(frozen=True)
class Winner:
    """What one unit costs in a market now, and why; nothing where it is not for sale."""

    market: MarketView
    tag: PriceTag | None
    reasons: tuple[str, ...]


@opens("prices")
def price_lists(request: HttpRequest) -> HttpResponse:
    """All price lists, and the form for a new one."""

    def show(refusal: Refusal | None = None) -> HttpResponse:
        return page(
            request,
            "price_lists.html",
            refusal=refusal,
            lists=pricing.price_lists().values(),
            now=now(),
            choices=_choices(),
        )

    def save(request: HttpRequest) -> Done:
        code = reading.needed(request.POST, "code", 64)
        _save(request, code, reading.chosen(request.POST, "currency", tuple(MINOR_DIGITS)))
        return Done(_("The price list is there."), reverse("console:price-list", args=[code]))

    return answer(request, show, {"save": save})


@opens("prices")
def price_list(request: HttpRequest, code: str) -> HttpResponse:
    """One list: whom it is for, and its prices."""
    one = _list(code)
    text, number = reading.asked(request), reading.page_number(request)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        found = catalog.console_products(text, number)
        typed = _typed(request) if refusal and request.POST.get("deed") == "prices" else {}
        return page(
            request,
            "price_list.html",
            refusal=refusal,
            one=_list(code),
            q=text,
            number=number,
            rows=_rows(one, [sku for row in found.rows for sku in row.skus], typed),
            more=number * catalog.PER_PAGE < found.total,
            choices=_choices(),
        )

    def save(request: HttpRequest) -> Done:
        _save(request, one.code, one.currency)
        return Done(_("The price list is changed."))

    def prices(request: HttpRequest) -> Done:
        wanted, gone = _changes(request, one)
        _set(one, wanted, gone, reading.key(request))
        return Done(_("The prices are set.") if wanted or gone else _("No price was different."))

    return answer(request, show, {"save": save, "prices": prices})


@opens("prices")
def of_sku(request: HttpRequest, sku: str) -> HttpResponse:
    """One SKU: its price in every list, and which one wins in each market."""
    sku = reading.sku(sku)
    item = catalog.items([sku]).get(sku)
    listed = pricing.list_prices([sku])
    if item is None and not listed:
        raise NotFound()
    channel = request.GET.get("channel", "")
    channel = channel if channel in CHANNELS else CHANNELS[0]
    group = request.GET.get("group", "")
    groups = _choices()["groups"]
    group = group if group in groups else ""
    words = words_for(me(request))
    return page(
        request,
        "sku_prices.html",
        words=words,
        sku=sku,
        item=item,
        listed=[(pricing.price_lists().get(one.price_list), one, Money(one.amount, one.currency)) for one in listed],
        winners=[_winner(market, sku, channel, group, words) for market in pricing.markets().values()],
        channel=channel,
        group=group,
        now=now(),
        choices=_choices(),
    )


def _list(code: str) -> PriceListView:
    if found := pricing.price_lists().get(code):
        return found
    raise UnknownPriceList(price_list=code[:64])


def _choices() -> dict[str, list[str] | tuple[str, ...]]:
    lists = pricing.price_lists().values()
    return {
        "channels": sorted({*CHANNELS, *(one.channel for one in lists if one.channel)}),
        "groups": sorted({one.customer_group for one in lists if one.customer_group}),
        "markets": tuple(pricing.markets()),
        "currencies": tuple(MINOR_DIGITS),
    }


def _save(request: HttpRequest, code: str, currency: str) -> None:
    given, zone = request.POST, words_for(me(request)).zone
    commands.save_price_list(
        code,
        currency,
        market=reading.text(given, "market", 8) or None,
        channel=reading.text(given, "channel", 64) or None,
        customer_group=reading.text(given, "group", 64) or None,
        includes_vat=reading.ticked(given, "includes_vat"),
        valid_from=reading.moment(given, "valid_from", zone),
        valid_until=reading.moment(given, "valid_until", zone),
        priority=reading.maybe_whole(given, "priority", -1000, 1000) or 0,
        names=reading.texts(given, "names", 200),
        key=reading.key(request),
    )


def _rows(one: PriceListView, skus: list[str], typed: Mapping[str, str]) -> list[Row]:
    kept = {price.sku: price.amount for price in pricing.list_prices(skus) if price.price_list == one.code}
    was = {sku: f"{Money(amount, one.currency).decimal:f}" for sku, amount in kept.items()}
    items = catalog.items(skus)
    return [Row(sku, items.get(sku), was.get(sku, ""), typed.get(sku, was.get(sku, ""))) for sku in skus]


def _typed(request: HttpRequest) -> dict[str, str]:
    """What was typed for each SKU, however its row stands now."""
    given = request.POST
    return {given[f"sku-{row}"]: given.get(f"amount-{row}", "") for row in reading.numbered(given, "sku")}


def _changes(request: HttpRequest, one: PriceListView) -> tuple[dict[str, int], list[str]]:
    """What is typed otherwise than it stood when the form was made: prices to set, and SKUs to take out."""
    given = request.POST
    wanted: dict[str, int] = {}
    gone: list[str] = []
    for row in reading.numbered(given, "sku"):
        sku = reading.needed(given, f"sku-{row}", 64)
        typed, was = reading.text(given, f"amount-{row}", 20), reading.text(given, f"was-{row}", 20)
        if typed == was:
            continue
        if not typed:
            gone.append(sku)
        else:
            wanted[sku] = reading.amount(given, f"amount-{row}", one.currency).amount
    return wanted, gone


@transaction.atomic
def _set(one: PriceListView, wanted: Mapping[str, int], gone: list[str], key: str) -> None:
    """All of it, or nothing."""
    if wanted:
        commands.set_prices(one.code, dict(wanted), key=key)
    if gone:
        commands.remove_prices(one.code, gone, key=key)


def _winner(market: MarketView, sku: str, channel: str, group: str, words: Words) -> Winner:
    tag = pricing.tags([sku], market.code, channel, group or None).get(sku)
    reasons = tag.reasons if tag else ()
    return Winner(market, tag, tuple(reason_texts.sentence(one.code, one.params, words) for one in reasons))
