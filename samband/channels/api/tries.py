"""How often wrong keys may be shown from one address: right ones are not counted."""

from samband.tries.limits import Limit

keys = Limit("api.key", most=1000, seconds=600)
