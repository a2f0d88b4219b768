"""How often may be tried in the store: everybody on its network has one address."""

from samband.tries.limits import Limit

enrolling = Limit("kiosk.enrol", most=10, seconds=600)
coupons = Limit("kiosk.coupon", most=30, seconds=600)
codes = Limit("kiosk.code", most=200, seconds=600)
"""Codes and keys that none of ours signed: right ones are not counted."""
