"""Goods that are scarce: so many units of a SKU at one place, and none anywhere else.

python -m samband.bench.scarce SKU LOCATION UNITS
"""

import sys


def main() -> None:
    """Count it so in the house that the environment names; what is set aside already stays so, and is counted too."""
    import django

    django.setup()
    from samband.commerce.inventory import commands, queries
    from samband.kernel.goods import Position

    sku, at, units = sys.argv[1], sys.argv[2], int(sys.argv[3])
    for place in queries.available([sku])[sku]:
        left = place.held + (units if place.location == at else 0)
        commands.count(place.location, (Position(place.location, sku, left),), "scarce")


if __name__ == "__main__":
    main()
