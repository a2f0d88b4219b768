"""Where the demo retailer trades: five markets, four stores and a warehouse."""

from collections.abc import Mapping
from dataclasses import dataclass

Texts = Mapping[str, str]

MARKETS: tuple[tuple[str, str, str, Texts], ...] = (
    ("IS", "ISK", "is", {"en": "Iceland", "is": "Ísland", "pl": "Islandia", "lv": "Islande", "el": "Ισλανδία"}),
    ("PL", "PLN", "pl", {"en": "Poland", "is": "Pólland", "pl": "Polska", "lv": "Polija", "el": "Πολωνία"}),
    ("LV", "EUR", "lv", {"en": "Latvia", "is": "Lettland", "pl": "Łotwa", "lv": "Latvija", "el": "Λετονία"}),
    ("GR", "EUR", "el", {"en": "Greece", "is": "Grikkland", "pl": "Grecja", "lv": "Grieķija", "el": "Ελλάδα"}),
    (
        "GB",
        "GBP",
        "en",
        {
            "en": "United Kingdom",
            "is": "Bretland",
            "pl": "Wielka Brytania",
            "lv": "Apvienotā Karaliste",
            "el": "Ηνωμένο Βασίλειο",
        },
    ),
)
"""Code (and country), currency, language and name. A market's code is its country's."""

VAT_BASIS_POINTS: Mapping[str, Mapping[str, int]] = {
    "IS": {"standard": 2400, "food": 1100},
    "PL": {"standard": 2300, "food": 500},
    "LV": {"standard": 2100, "food": 1200},
    "GR": {"standard": 2400, "food": 1300},
    "GB": {"standard": 2000, "food": 0},
}

SHIPPING: Mapping[str, Mapping[str, tuple[int, int | None]]] = {
    "IS": {"parcel": (1490, 15000), "bulky": (9900, None)},
    "PL": {"parcel": (1490, 19900), "bulky": (14900, None)},
    "LV": {"parcel": (490, 5900), "bulky": (4900, None)},
    "GR": {"parcel": (490, 5900), "bulky": (5900, None)},
    "GB": {"parcel": (399, 4900), "bulky": (3900, None)},
}
"""What sending costs by shipping class, and from what worth of goods it is free; minor units of the currency."""


@dataclass(frozen=True)
class Site:
    """A store or warehouse of the demo retailer. Opening hours are in its own time zone."""

    code: str
    kind: str
    market: str
    name: str
    names: Texts
    address: Mapping[str, str]
    latitude: float
    longitude: float
    time_zone: str
    weekdays: tuple[str, str]
    saturday: tuple[str, str] | None
    sunday: tuple[str, str] | None
    picture: str

    @property
    def opening(self) -> dict[str, list[str]]:
        """Hours by day, as inventory keeps them."""
        hours = {day: list(self.weekdays) for day in ("mon", "tue", "wed", "thu", "fri")}
        if self.saturday:
            hours["sat"] = list(self.saturday)
        if self.sunday:
            hours["sun"] = list(self.sunday)
        return hours


SITES: tuple[Site, ...] = (
    Site(
        "RVK", "store", "IS", "Samband Reykjavík",
        {"en": "Reykjavík store", "is": "Verslunin í Reykjavík", "pl": "Sklep w Reykjavíku", "lv": "Veikals Reikjavīkā",
         "el": "Κατάστημα Ρέικιαβικ"},
        {"line1": "Laugavegur 58", "postcode": "101", "city": "Reykjavík"},
        64.1442, -21.9206, "Atlantic/Reykjavik", ("10:00", "18:00"), ("11:00", "17:00"), ("12:00", "17:00"),
        "reykjavik",
    ),
    Site(
        "WAW", "store", "PL", "Samband Warszawa",
        {"en": "Warsaw store", "is": "Verslunin í Varsjá", "pl": "Sklep w Warszawie", "lv": "Veikals Varšavā",
         "el": "Κατάστημα Βαρσοβίας"},
        {"line1": "ul. Nowy Świat 27", "postcode": "00-029", "city": "Warszawa"},
        52.2339, 21.0189, "Europe/Warsaw", ("10:00", "20:00"), ("10:00", "18:00"), None, "warszawa",
    ),
    Site(
        "RIX", "store", "LV", "Samband Rīga",
        {"en": "Riga store", "is": "Verslunin í Ríga", "pl": "Sklep w Rydze", "lv": "Veikals Rīgā",
         "el": "Κατάστημα Ρίγας"},
        {"line1": "Tērbatas iela 33", "postcode": "LV-1011", "city": "Rīga"},
        56.9547, 24.1216, "Europe/Riga", ("10:00", "19:00"), ("10:00", "17:00"), None, "riga",
    ),
    Site(
        "ATH", "store", "GR", "Samband Αθήνα",
        {"en": "Athens store", "is": "Verslunin í Aþenu", "pl": "Sklep w Atenach", "lv": "Veikals Atēnās",
         "el": "Κατάστημα Αθήνας"},
        {"line1": "Ερμού 41", "postcode": "105 63", "city": "Αθήνα"},
        37.9768, 23.7297, "Europe/Athens", ("09:30", "20:30"), ("10:00", "18:00"), None, "athina",
    ),
    Site(
        "LON", "warehouse", "GB", "Samband London",
        {"en": "London warehouse", "is": "Vöruhúsið í London", "pl": "Magazyn w Londynie", "lv": "Noliktava Londonā",
         "el": "Αποθήκη Λονδίνου"},
        {"line1": "14 Thames Road", "postcode": "IG11 0HG", "city": "London"},
        51.5246, 0.0983, "Europe/London", ("07:00", "19:00"), None, None, "london",
    ),
)  # fmt: skip
