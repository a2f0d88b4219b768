"""What profiles know of a person: give it out whole, or take it away for good."""

from typing import Any

from samband.kernel.reach import Reach

from .models import Profile


def export(reach: Reach) -> dict[str, Any]:
    """The traits that are kept of the customer, as plain values."""
    return {"profile": list(Profile.objects.filter(pk=reach.customer).values())}


def erase(reach: Reach) -> None:
    """Leave nothing; what is reckoned anew after their touchpoints are gone is nothing."""
    Profile.objects.filter(pk=reach.customer).delete()
