"""What a path takes its goods from: as many equal shares of the assortment as it takes different goods."""

from .assortment import sku


def shelves(products: int, lines: int) -> list[list[str]]:
    """The SKUs of each share."""
    share = products // lines
    return [[sku(place * share + number) for number in range(1, share + 1)] for place in range(lines)]
