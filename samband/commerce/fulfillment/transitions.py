"""How a fulfillment may go on from where it is."""

from .refusals import NotPermitted

STATES = ("requested", "picking", "ready", "handed_over", "shipped", "delivered", "expired", "cancelled")
KINDS = ("ship", "pickup", "carry", "serve")

PERMITTED: dict[str, dict[str, tuple[str, ...]]] = {
    "ship": {
        "requested": ("picking", "cancelled"),
        "picking": ("shipped", "cancelled"),
        "shipped": ("delivered",),
    },
    "pickup": {
        "requested": ("picking", "cancelled"),
        "picking": ("ready", "cancelled"),
        "ready": ("handed_over", "expired", "cancelled"),
    },
    "carry": {
        "requested": ("handed_over", "cancelled"),
    },
    "serve": {
        "requested": ("picking", "cancelled"),
        "picking": ("ready", "cancelled"),
        "ready": ("handed_over", "cancelled"),
    },
}
"""By kind: from each state, the states that may follow. A state that is not named is the end."""

HANDED_FROM = {"pickup": "ready", "serve": "ready", "carry": "requested"}
"""From which state the goods of each kind are handed over; a parcel is not, it is shipped."""


def reachable(kind: str) -> tuple[str, ...]:
    """The states that a fulfillment of this kind may ever be in."""
    found = {"requested", *(to for follow in PERMITTED[kind].values() for to in follow)}
    return tuple(state for state in STATES if state in found)


def permit(kind: str, state: str, to: str) -> None:
    """Raises NotPermitted unless a fulfillment of this kind may go from this state to that one."""
    if to not in PERMITTED[kind].get(state, ()):
        raise NotPermitted(kind=kind, state=state, to=to)
