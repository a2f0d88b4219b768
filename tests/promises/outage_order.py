"""Somebody buys something: there is something to be delivered."""

import django

django.setup()

from samband.kernel.ids import new_id  # noqa: E402
from tests.promises.kill_deeds import buy, open_cart  # noqa: E402

print(buy(open_cart(str(new_id()))["cart"], str(new_id()))["state"])
