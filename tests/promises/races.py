"""Every race on a promise, by name. Each takes how many attempts to make, and runs in an open `racing.house()`."""

from collections.abc import Callable, Mapping

from tests.promises import (
    races_carts,
    races_counter,
    races_gift_cards,
    races_keys,
    races_payments,
    races_stock,
    races_vouchers,
)
from tests.promises.told import Told

ATTACKS: Mapping[str, Callable[[int], Told]] = {
    one.__name__: one
    for one in (
        races_stock.inventory,
        races_stock.inventory_of_carts,
        races_stock.inventory_while_it_changes,
        races_stock.allotments,
        races_vouchers.vouchers,
        races_vouchers.vouchers_of_a_customer,
        races_vouchers.limited_promotions,
        races_gift_cards.gift_cards,
        races_gift_cards.gift_cards_adjusted,
        races_carts.carts_in_tabs,
        races_carts.carts,
        races_carts.carts_joined,
        races_payments.payments,
        races_payments.refunds,
        races_payments.captures,
        races_counter.pickups,
        races_counter.parcels,
        races_counter.exit_passes,
        races_counter.delivery_slots,
        races_counter.coins,
        races_keys.keys,
        races_keys.keys_of_goods_and_cards,
        races_keys.sign_in_codes,
        races_keys.guessed_codes,
        races_keys.captured_messages,
        races_keys.merges,
    )
}
