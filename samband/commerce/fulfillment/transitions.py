"""How a fulfillment may go on from where it is."""

from .refusals import NotPermitted

STATES = ("requested", "picking", "ready", "handed_over", "shipped", "delivered", "expired", "cancelled")
KINDS = ("ship", "pickup")

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
}
"""By kind: from each state, the states that may follow. A state that is not named is the end."""


def permit(kind: str, state: str, to: str) -> None:
    """Raises NotPermitted unless a fulfillment of this kind may go from this state to that one."""
    if to not in PERMITTED[kind].get(state, ()):
        raise NotPermitted(kind=kind, state=state, to=to)
