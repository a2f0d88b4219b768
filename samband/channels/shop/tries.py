"""How often may be tried at the shop's doors, which can be knocked at without a key.

An office, or a mobile carrier's customers, share an address: what is counted by address is wide, and what is tried at,
such as one order's number, is narrow.
"""

from samband.tries.limits import Limit

TEN_MINUTES = 600

signing_in = Limit("shop.sign_in", most=300, seconds=TEN_MINUTES)
coming_in = Limit("shop.sign_in.code", most=300, seconds=TEN_MINUTES)
letters = Limit("shop.letters", most=60, seconds=TEN_MINUTES)
coupons = Limit("shop.coupon", most=60, seconds=TEN_MINUTES)
gift_cards = Limit("shop.gift_card", most=60, seconds=TEN_MINUTES)
finding = Limit("shop.find_order", most=100, seconds=TEN_MINUTES)
finding_one = Limit("shop.find_order.number", most=6, seconds=TEN_MINUTES)
links = Limit("shop.link", most=100, seconds=TEN_MINUTES)
"""Wrong links to pay, to take over a cart, to confirm or to fetch a file: right ones are not counted."""
