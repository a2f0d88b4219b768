"""Value-added tax in whole minor units. Rates are basis points: 2400 is 24 %. Amounts are ≥ 0; halves round up."""

VAT_CLASSES = ("standard", "food", "zero")


def vat_within(gross: int, basis_points: int) -> int:
    """The VAT that an amount including it contains."""
    whole = 10_000 + basis_points
    return (2 * gross * basis_points + whole) // (2 * whole)


def vat_on(net: int, basis_points: int) -> int:
    """The VAT that comes on top of an amount without it."""
    return (2 * net * basis_points + 10_000) // 20_000
