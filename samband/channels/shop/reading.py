"""What visitors send, read with care: anything may come in."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from samband.kernel.goods import SKU
from samband.kernel.money import MINOR_DIGITS, Money
from samband.kernel.refusal import Invalid

LONGEST = 400
LAST_PAGE = 9_999


def text(sent: Mapping[str, str], name: str, longest: int = LONGEST) -> str:
    """A line of text. Raises Invalid for control characters or more than anybody types."""
    value = str(sent.get(name, "")).strip()
    if len(value) > longest or any(letter < " " for letter in value):
        raise Invalid("That text cannot be read.", field=name[:40], unwritable=[name[:40]])
    return value


def sku(sent: Mapping[str, str], name: str = "sku") -> str:
    """Raises Invalid for what is no SKU."""
    value = str(sent.get(name, ""))
    if not SKU.fullmatch(value):
        raise Invalid("That is not a SKU.", field=name)
    return value


def whole(sent: Mapping[str, str], name: str, least: int, most: int, otherwise: int | None = None) -> int:
    """A whole number within bounds. Raises Invalid, unless something else will do."""
    value = str(sent.get(name, "")).strip()
    if value == "" and otherwise is not None:
        return otherwise
    if not (value.isascii() and value.isdigit()) or len(value) > 15 or not least <= int(value) <= most:
        raise Invalid("That is not such a number.", field=name, least=least, most=most)
    return int(value)


def money(sent: Mapping[str, str], name: str, currency: str) -> Money | None:
    """An amount of minor units that a form of ours carried, or nothing if it carries none. Raises Invalid."""
    if not sent.get(name):
        return None
    return Money(whole(sent, name, 0, 10**15), currency)


def price(sent: Mapping[str, str], name: str, currency: str) -> int | None:
    """A price in major units as somebody types it, with comma or point, as minor units. What cannot be read is left."""
    value = str(sent.get(name, "")).strip().replace("\u00a0", "").replace(" ", "").replace(",", ".")
    try:
        amount = Decimal(value[:12]).scaleb(MINOR_DIGITS[currency])
    except InvalidOperation:
        return None
    return int(amount) if amount.is_finite() and 0 <= amount <= 10**12 else None
