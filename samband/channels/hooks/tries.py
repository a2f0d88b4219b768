"""How often notices may come from one address that nobody we know has signed: signed ones are not counted."""

from samband.tries.limits import Limit

forged = Limit("hooks.forged", most=300, seconds=600)
