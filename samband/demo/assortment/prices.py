"""What a price in euro becomes in the other markets: a price a shopper there would expect to see."""

PENCE_PER_EURO = 86
GROSZE_PER_EURO = 430
KRONUR_PER_EURO = 150


def in_every_currency(cents: int) -> dict[str, int]:
    """Minor units by currency (whole krónur for ISK) for a positive price in euro cents."""
    return {
        "EUR": cents,
        "GBP": british(cents),
        "PLN": polish(cents),
        "ISK": icelandic(cents),
    }


def british(cents: int) -> int:
    """Pence: £12.99 for a price that ends like 14.90 €, £12.00 for a round one; in steps of 50 p below ten pounds."""
    pence = _half_up(cents * PENCE_PER_EURO, 100)
    step = 50 if pence < 975 else 100
    ending = step - 1 if cents % 100 >= 90 else step
    return _nearest(pence, step, ending)


def polish(cents: int) -> int:
    """Grosze: 42,90 zł below a hundred złoty, 429 zł above."""
    grosze = _half_up(cents * GROSZE_PER_EURO, 100)
    return _nearest(grosze, 100, 90) if grosze < 9500 else _nearest(grosze, 1000, 900)


def icelandic(cents: int) -> int:
    """Whole krónur: 1.490 kr. below twenty thousand, 24.990 kr. above."""
    kronur = _half_up(cents * KRONUR_PER_EURO, 100)
    return _nearest(kronur, 100, 90) if kronur < 19500 else _nearest(kronur, 1000, 990)


def _nearest(amount: int, step: int, ending: int) -> int:
    """The price nearest to the amount among `ending`, `ending + step`, `ending + 2 × step` …"""
    return max(0, _half_up(amount - ending, step)) * step + ending


def _half_up(amount: int, by: int) -> int:
    return (2 * amount + by) // (2 * by)
