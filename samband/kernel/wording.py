"""How amounts, dates and numbers are written in each language (CLDR, through Babel)."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit

from .money import MINOR_DIGITS, Money

LOCALES = {
    "en": Locale("en", "GB"),
    "is": Locale("is", "IS"),
    "pl": Locale("pl", "PL"),
    "lv": Locale("lv", "LV"),
    "el": Locale("el", "GR"),
}

UNITS = {
    "cm": "length-centimeter",
    "mm": "length-millimeter",
    "m": "length-meter",
    "kg": "mass-kilogram",
    "g": "mass-gram",
}
UNITS |= {"l": "volume-liter", "ml": "volume-milliliter"}


@lru_cache(maxsize=50_000)
def money(amount: Money, language: str) -> str:
    """An amount as the language writes it, such as 1.234,50 € or 134.900 kr."""
    whole = amount.decimal == amount.decimal.to_integral_value() and MINOR_DIGITS[amount.currency] == 0
    return format_currency(
        amount.decimal, amount.currency, locale=LOCALES[language], currency_digits=True, decimal_quantization=not whole
    )


def number(value: float | Decimal, language: str) -> str:
    """A number with the language's separators."""
    return format_decimal(value, locale=LOCALES[language])


def percent(basis_points: int, language: str) -> str:
    """Basis points as a percentage."""
    return format_percent(Decimal(basis_points).scaleb(-4), locale=LOCALES[language], decimal_quantization=False)


def measure(value: float | Decimal, unit: str, language: str) -> str:
    """A number with its unit; a unit CLDR does not know is written as it is."""
    if unit in UNITS:
        return format_unit(value, UNITS[unit], length="short", locale=LOCALES[language])
    return f"{number(value, language)} {unit}".strip()


def day(value: date | datetime, language: str, zone: str = "UTC", *, weekday: bool = True) -> str:
    """A day as people say it, such as Tuesday 3 March; a moment is taken in the zone."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone)).date()
    if weekday:
        return format_skeleton("MMMEd", value, locale=LOCALES[language])
    return format_date(value, format="long", locale=LOCALES[language])


def moment(value: datetime, language: str, zone: str = "UTC") -> str:
    """A day and a time in the zone."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{format_date(local, format='medium', locale=LOCALES[language])}, {hour(value, language, zone)}"


def hour(value: datetime, language: str, zone: str = "UTC") -> str:
    """The time of day in the zone."""
    return format_time(value, format="short", tzinfo=ZoneInfo(zone), locale=LOCALES[language])


def listing(parts: list[str], language: str) -> str:
    """One, two and three."""
    return format_list(parts, locale=LOCALES[language])
