"""Places on the earth and the countries we trade in."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Place:
    """A point in degrees (WGS 84)."""

    latitude: float
    longitude: float


def distance_km(one: Place, other: Place) -> float:
    """Great-circle distance in kilometres (haversine formula)."""
    lat1, lat2 = radians(one.latitude), radians(other.latitude)
    half = sin((lat2 - lat1) / 2) ** 2
    half += cos(lat1) * cos(lat2) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half))


TIME_ZONES: dict[str, str] = {
    "IS": "Atlantic/Reykjavik",
    "PL": "Europe/Warsaw",
    "LV": "Europe/Riga",
    "GR": "Europe/Athens",
    "GB": "Europe/London",
}
