"""What has been taken over before, known by the bytes of the files."""

from typing import cast

from django.db import transaction

from samband.events.take_over import TakenOver
from samband.timeline import Claim, claim, record


def earlier(source: str, fingerprint: str) -> TakenOver | None:
    """How taking over exactly these files ended, if it has."""
    with transaction.atomic():
        return cast(TakenOver | None, _claim(source, fingerprint).earlier)


def sign_off(taken: TakenOver) -> TakenOver:
    """Write down, once, that these files have been taken over; returns what was written first."""
    with transaction.atomic():
        claimed = _claim(taken.source, taken.fingerprint)
        if claimed.earlier:
            return cast(TakenOver, claimed.earlier)
        record(taken, claimed=claimed)
        return taken


def _claim(source: str, fingerprint: str) -> Claim:
    return claim("take_over", f"{source}:{fingerprint}", [source, fingerprint])
