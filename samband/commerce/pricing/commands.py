"""What pricing can be told to do. Amounts are minor units of the list's or the market's currency."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from django.db import connection, transaction

from samband.events.pricing import PricesChanged
from samband.kernel.clock import now
from samband.kernel.goods import SKU
from samband.kernel.languages import LANGUAGES
from samband.kernel.money import MINOR_DIGITS, UnknownCurrency
from samband.kernel.refusal import Invalid
from samband.timeline import command, record

from .models import LARGEST_PRICE, METHODS, ListChange, Market, PriceList, ShippingRate, VatRate
from .promoting import announce_promotions, end_coupons, end_promotion, issue_coupons, save_promotion
from .queries import forget
from .refusals import CurrencyFixed, TooManyPrices, UnknownMarket, UnknownPriceList
from .turns import take_turn
from .using import free_uses, keep_uses, reserve_uses
from .vat import VAT_CLASSES

__all__ = [
    "announce_promotions",
    "announce_windows",
    "end_coupons",
    "end_promotion",
    "free_uses",
    "issue_coupons",
    "keep_uses",
    "remove_prices",
    "reserve_uses",
    "save_categories",
    "save_market",
    "save_price_list",
    "save_promotion",
    "save_shipping_rate",
    "save_vat_classes",
    "save_vat_rate",
    "set_prices",
]

SINCE_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
MOST_PRICES = 50_000
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
COUNTRY = re.compile(r"[A-Z]{2}")


def save_market(
    code: str, country: str, currency: str, default_language: str, names: Mapping[str, str], position: int = 0
) -> None:
    """Open a market or change it. Raises CurrencyFixed when it has another currency already."""
    _check_code(code)
    _check_country(country)
    _check_currency(currency)
    _check_names(names)
    _check_whole(position)
    if default_language not in LANGUAGES:
        raise Invalid("The shop does not speak this language.")
    with transaction.atomic(savepoint=False):
        take_turn()
        earlier = Market.objects.filter(code=code).first()
        if earlier and earlier.currency != currency:
            raise CurrencyFixed(market=code, currency=earlier.currency)
        Market.objects.update_or_create(
            code=code,
            defaults={
                "country": country,
                "currency": currency,
                "default_language": default_language,
                "names": dict(names),
                "position": position,
            },
        )
        _forget_markets()


def save_vat_rate(country: str, vat_class: str, basis_points: int, valid_from: datetime | None = None) -> None:
    """Say what a country takes of a class of goods from a moment on (always, if none is given): 2400 is 24 %."""
    _check_country(country)
    _check_vat_class(vat_class)
    _check_whole(basis_points)
    if not 0 <= basis_points <= (0 if vat_class == "zero" else 10_000):
        raise Invalid("A VAT rate is between 0 and 10000 basis points, and the zero class has none.")
    _check_moments(valid_from)
    with transaction.atomic(savepoint=False):
        take_turn()
        VatRate.objects.bulk_create(
            [VatRate(country=country, vat_class=vat_class, valid_from=valid_from or SINCE_ALWAYS,
                     basis_points=basis_points)],
            update_conflicts=True, unique_fields=["country", "vat_class", "valid_from"], update_fields=["basis_points"],
        )  # fmt: skip
        # Only prices without VAT move with the rate.
        _tell_changed(_lists_without_vat(country))


def save_vat_classes(classes: Mapping[str, str]) -> None:
    """Learn by which class SKUs are taxed, as the catalog tells it."""
    for sku, vat_class in classes.items():
        _check_sku(sku)
        _check_vat_class(vat_class)
    ordered = sorted(classes)
    with connection.cursor() as cursor:
        cursor.execute(
            "select sku from unnest(%s::text[], %s::text[]) as told (sku, vat_class)"
            " left join pricing_skuvatclass known using (sku)"
            " where coalesce(known.vat_class, 'standard') <> told.vat_class",
            [ordered, [classes[sku] for sku in ordered]],
        )
        news = sorted(sku for (sku,) in cursor.fetchall())
        if news:
            cursor.execute(
                "insert into pricing_skuvatclass (sku, vat_class)"
                " select * from unnest(%s::text[], %s::text[])"
                " on conflict (sku) do update set vat_class = excluded.vat_class",
                [news, [classes[sku] for sku in news]],
            )


def save_categories(categories: Mapping[str, str]) -> None:
    """Learn in which categories SKUs hang, as the catalog tells it."""
    for sku, category in categories.items():
        _check_sku(sku)
        _check_code(category)
    ordered = sorted(categories)
    with connection.cursor() as cursor:
        cursor.execute(
            "select sku from unnest(%s::text[], %s::text[]) as told (sku, category)"
            " left join pricing_skucategory known using (sku) where known.category is distinct from told.category",
            [ordered, [categories[sku] for sku in ordered]],
        )
        news = sorted(sku for (sku,) in cursor.fetchall())
        if news:
            cursor.execute(
                "insert into pricing_skucategory (sku, category) select * from unnest(%s::text[], %s::text[])"
                " on conflict (sku) do update set category = excluded.category",
                [news, [categories[sku] for sku in news]],
            )


@command
def save_price_list(
    code: str,
    currency: str,
    *,
    market: str | None = None,
    channel: str | None = None,
    customer_group: str | None = None,
    includes_vat: bool = True,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    priority: int = 0,
    names: Mapping[str, str] | None = None,
) -> PricesChanged:
    """Open a price list or change whom, where and when it holds. The event names every SKU in it.

    It holds from `valid_from` until just before `valid_until`. Raises UnknownMarket, CurrencyFixed when the list has
    another currency already, and Invalid when the market trades in another.
    """
    _check_code(code)
    _check_currency(currency)
    for scope in (channel, customer_group):
        if scope is not None:
            _check_code(scope)
    _check_moments(valid_from, valid_until)
    if valid_from and valid_until and valid_from >= valid_until:
        raise Invalid("A price list ends after it begins.")
    _check_whole(priority)
    _check_names(names or {})
    take_turn()
    if market is not None and _market_currency(market) != currency:
        raise Invalid("That market trades in another currency.", market=market)
    earlier = PriceList.objects.filter(code=code).first()
    if earlier and earlier.currency != currency:
        raise CurrencyFixed(price_list=code, currency=earlier.currency)
    kept, _ = PriceList.objects.update_or_create(
        code=code,
        defaults={
            "currency": currency,
            "market_id": market,
            "channel": channel,
            "customer_group": customer_group,
            "includes_vat": bool(includes_vat),
            "valid_from": valid_from,
            "valid_until": valid_until,
            "priority": priority,
            "names": dict(names or {}),
            "announced_until": now(),
        },
    )
    _remember_list(kept)
    _forget_markets()
    return PricesChanged(price_list=code, skus=_skus_in(code))


@command
def set_prices(price_list: str, amounts: Mapping[str, int]) -> PricesChanged:
    """Set what SKUs cost in a list: minor units, with VAT if the list includes it. The event names what changed.

    Raises UnknownPriceList, TooManyPrices, and Invalid for what is no SKU or no price; then none is set.
    """
    _check_many(amounts)
    for sku, amount in amounts.items():
        _check_sku(sku)
        _check_amount(amount)
    take_turn()
    _check_list(price_list)
    skus = sorted(amounts)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with changed as (
                insert into pricing_price as p (sku, price_list_id, amount)
                select sku, %s::text, amount from unnest(%s::text[], %s::bigint[]) as given (sku, amount)
                on conflict (sku, price_list_id) do update set amount = excluded.amount
                    where p.amount <> excluded.amount
                returning sku, price_list_id, amount
            )
            insert into pricing_pricechange (sku, price_list, amount, at)
            select sku, price_list_id, amount, %s::timestamptz from changed returning sku
            """,
            [price_list, skus, [amounts[sku] for sku in skus], now()],
        )
        changed = sorted(sku for (sku,) in cursor.fetchall())
    return PricesChanged(price_list=price_list, skus=tuple(changed))


@command
def remove_prices(price_list: str, skus: Sequence[str]) -> PricesChanged:
    """Take SKUs out of a list; what is in no other list is no longer for sale. The event names what was there."""
    _check_many(skus)
    for sku in skus:
        _check_sku(sku)
    take_turn()
    _check_list(price_list)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with gone as (
                delete from pricing_price where price_list_id = %s::text and sku = any(%s::text[])
                returning sku, price_list_id
            )
            insert into pricing_pricechange (sku, price_list, amount, at)
            select sku, price_list_id, null, %s::timestamptz from gone returning sku
            """,
            [price_list, list(skus), now()],
        )
        gone = sorted(sku for (sku,) in cursor.fetchall())
    return PricesChanged(price_list=price_list, skus=tuple(gone))


def save_shipping_rate(
    market: str, shipping_class: str, method: str, amount: int, free_from: int | None = None
) -> None:
    """Say what bringing a class of goods costs in a market, VAT included, and from what worth of goods it is free.

    `method` is "ship" or "pickup". Raises UnknownMarket.
    """
    _check_code(shipping_class)
    if method not in METHODS:
        raise Invalid("Goods are shipped or picked up.")
    _check_amount(amount)
    if free_from is not None:
        _check_amount(free_from)
    with transaction.atomic(savepoint=False):
        take_turn()
        _market_currency(market)
        ShippingRate.objects.bulk_create(
            [ShippingRate(market_id=market, shipping_class=shipping_class, method=method, amount=amount,
                          free_from=free_from)],
            update_conflicts=True, unique_fields=["market", "shipping_class", "method"],
            update_fields=["amount", "free_from"],
        )  # fmt: skip


def _remember_list(kept: PriceList) -> None:
    """Add to the history what a list is now, if that is news."""
    definition = {
        "currency": kept.currency,
        "market": kept.market_id,
        "channel": kept.channel,
        "customer_group": kept.customer_group,
        "includes_vat": kept.includes_vat,
        "valid_from": kept.valid_from and kept.valid_from.isoformat(),
        "valid_until": kept.valid_until and kept.valid_until.isoformat(),
        "priority": kept.priority,
    }
    last = ListChange.objects.filter(price_list=kept.code).order_by("-id").first()
    if last is None or last.definition != definition:
        ListChange.objects.create(price_list=kept.code, definition=definition, at=now())


def announce_windows() -> int:
    """Record PricesChanged for every list that began or ceased to hold, or whose VAT changed, since it was last told.

    Returns how many lists that were.
    """
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(
            """
            update pricing_pricelist l set announced_until = %(now)s::timestamptz
            where (l.valid_from > l.announced_until and l.valid_from <= %(now)s::timestamptz)
               or (l.valid_until > l.announced_until and l.valid_until <= %(now)s::timestamptz)
               or (not l.includes_vat and exists (
                    select from pricing_vatrate r join pricing_market m using (country)
                    where m.currency = l.currency and (l.market_id is null or l.market_id = m.code)
                      and r.valid_from > l.announced_until and r.valid_from <= %(now)s::timestamptz))
            returning l.code
            """,
            {"now": now()},
        )
        moved = sorted(code for (code,) in cursor.fetchall())
        _tell_changed(moved)
    return len(moved)


def _tell_changed(price_lists: Iterable[str]) -> None:
    for code in price_lists:
        if skus := _skus_in(code):
            record(PricesChanged(price_list=code, skus=skus))


def _lists_without_vat(country: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select l.code from pricing_pricelist l where not l.includes_vat and exists ("
            " select from pricing_market m where m.country = %s::text and m.currency = l.currency"
            " and (l.market_id is null or l.market_id = m.code)) order by 1",
            [country],
        )
        return [code for (code,) in cursor.fetchall()]


def _skus_in(price_list: str) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute("select sku from pricing_price where price_list_id = %s::text order by sku", [price_list])
        return tuple(sku for (sku,) in cursor.fetchall())


def _check_list(price_list: str) -> None:
    _check_code(price_list)
    with connection.cursor() as cursor:
        cursor.execute("select from pricing_pricelist where code = %s::text", [price_list])
        if cursor.fetchone() is None:
            raise UnknownPriceList(price_list=price_list)


def _market_currency(market: str) -> str:
    _check_code(market)
    currency = Market.objects.filter(code=market).values_list("currency", flat=True).first()
    if currency is None:
        raise UnknownMarket(market=market)
    return currency


def _forget_markets() -> None:
    """Forget now for this transaction, and again once others can see the change."""
    forget()
    transaction.on_commit(forget)


def _check_code(code: object) -> None:
    if not isinstance(code, str) or not CODE.fullmatch(code):
        raise Invalid("A code has up to 64 letters, digits, dots, dashes and underscores.")


def _check_country(country: object) -> None:
    if not isinstance(country, str) or not COUNTRY.fullmatch(country):
        raise Invalid("A country is two capital letters.")


def _check_currency(currency: object) -> None:
    if currency not in MINOR_DIGITS:
        raise UnknownCurrency(currency=str(currency)[:8])


def _check_vat_class(vat_class: object) -> None:
    if vat_class not in VAT_CLASSES:
        raise Invalid("There is no such VAT class.")


def _check_names(names: object) -> None:
    if not isinstance(names, Mapping) or not all(
        language in LANGUAGES and isinstance(name, str) and "\x00" not in name and len(name) <= 200
        for language, name in names.items()
    ):
        raise Invalid("Names are texts by language.")


def _check_whole(number: object) -> None:
    if not isinstance(number, int) or isinstance(number, bool) or abs(number) > 1_000_000:
        raise Invalid("That is not a whole number, or far too large.")


def _check_moments(*moments: object) -> None:
    for moment in moments:
        if moment is not None and (not isinstance(moment, datetime) or moment.tzinfo is None):
            raise Invalid("A moment has a time zone.")


def _check_many(skus: object) -> None:
    if not isinstance(skus, Mapping | list | tuple):
        raise Invalid("Prices are given by SKU.")
    if len(skus) > MOST_PRICES:
        raise TooManyPrices(most=MOST_PRICES)


def _check_sku(sku: object) -> None:
    if not isinstance(sku, str) or not SKU.fullmatch(sku):
        raise Invalid("That is not a SKU.")


def _check_amount(amount: object) -> None:
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 <= amount <= LARGEST_PRICE:
        raise Invalid("A price is a whole number of minor units, not less than nothing and not beyond belief.")
