"""What pricing says when it will not."""

from samband.kernel.refusal import Conflict, Invalid, NotFound


class UnknownMarket(NotFound):
    """We do not sell in this market."""

    code = "unknown_market"


class UnknownPriceList(NotFound):
    """There is no such price list."""

    code = "unknown_price_list"


class NotForSale(Conflict):
    """This SKU has no price in this market and channel now."""

    code = "not_for_sale"


class NotShippable(Conflict):
    """This market has no rate for sending such goods."""

    code = "not_shippable"


class CurrencyFixed(Conflict):
    """The currency of a market or a price list never changes, for its amounts are kept in it."""

    code = "currency_fixed"


class TooManyLines(Invalid):
    """More lines than one quote may have."""

    code = "too_many_lines"


class TooManyPrices(Invalid):
    """More prices than can be set at once."""

    code = "too_many_prices"
