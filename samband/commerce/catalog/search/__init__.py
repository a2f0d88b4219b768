"""Finding products by words, place in the tree, values and price, in five languages.

`find(Ask(…))` answers from this host's index without asking the database; `catch_up()` brings the index up with the
database; `plug(…)` tells it who knows the prices.
"""

from .asking import Ask, Facet, FacetValue, Listing, PriceRange
from .finding import find, find_ids, standing
from .indexing import catch_up, rebuild
from .prices import PriceTags, plug

__all__ = [
    "Ask",
    "Facet",
    "FacetValue",
    "Listing",
    "PriceRange",
    "PriceTags",
    "catch_up",
    "find",
    "find_ids",
    "plug",
    "rebuild",
    "standing",
]
