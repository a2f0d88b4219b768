"""How somebody of the staff goes from the console to a station in the store (board, door, screen) and stays there.

The console's session is sent to the console alone. So it hands out a key that is good for a minute, and the station
keeps one of its own for a working day. Whoever gave it is named in it: one who may not any more, opens nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing

from samband.kernel.refusal import Forbidden

HANDED_OUT, KEPT = "spots.station.handed-out", "spots.station.kept"
GOOD_FOR = {HANDED_OUT: timedelta(minutes=1), KEPT: timedelta(hours=14)}

STATIONS = ("board", "door", "screen")
PART = "pickups"
"""The part of the console to which stations belong."""


class KeyOfStaffRefused(Forbidden):
    """This key opens no station, or not any more."""

    code = "key_of_staff_refused"


@dataclass(frozen=True, slots=True)
class StationKey:
    """Opens a station of a store. `language` is that of whoever opened it, `spot` whose codes a screen shows."""

    station: str
    location: str
    by: UUID
    language: str
    spot: int = 0


def sign(key: StationKey, salt: str) -> str:
    """The key as it is handed out or kept."""
    return signing.dumps([key.station, key.location, str(key.by), key.language, key.spot], salt=salt)


def read(text: str, salt: str) -> StationKey:
    """The key that was signed so. Raises KeyOfStaffRefused for one that is forged or too old."""
    try:
        station, location, by, language, spot = signing.loads(text, salt=salt, max_age=GOOD_FOR[salt])
        return StationKey(station, location, UUID(by), language, spot)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise KeyOfStaffRefused() from error
