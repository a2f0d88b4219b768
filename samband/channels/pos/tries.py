"""How often codes may be tried at this door without being known."""

from samband.tries.limits import Limit

enrolling = Limit("pos.enrol", most=10, seconds=600)
finding = Limit("pos.find", most=30, seconds=60)
pickups = Limit("pos.pickup", most=30, seconds=600)
"""Codes of pickups that are none here: right ones are not counted."""
