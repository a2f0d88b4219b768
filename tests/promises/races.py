"""Every race on a promise, by name. Each takes how many attempts are to be made, and is run in an open `racing.house()`."""

from collections.abc import Callable, Mapping

from tests.promises import races_stock
from tests.promises.told import Told

ATTACKS: Mapping[str, Callable[[int], Told]] = {
    one.__name__: one
    for one in (
        races_stock.inventory,
        races_stock.inventory_of_carts,
        races_stock.inventory_while_it_changes,
        races_stock.allotments,
    )
}
