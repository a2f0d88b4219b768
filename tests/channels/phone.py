"""Somebody in a store with a phone: scans codes, keeps cookies, fills in forms, and reads what the pages say."""

import html
import re
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from samband.commerce.inventory import commands as inventory
from samband.commerce.spots import commands, queries
from samband.commerce.spots.commands import SpotDraft
from samband.commerce.spots.queries import SpotView
from tests.worlds import RIGA, WEEK

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""A Monday on which the stores of the small world are open."""

PLACE = (56.9547, 24.1216)
CARD = {"method": "card", "card_number": "4242 4242 4242 4242", "card_expiry": "04/39", "card_cvc": "123"}
DECLINED = CARD | {"card_number": "4000 0000 0000 0002"}
SECOND_FACTOR = CARD | {"card_number": "4000 0000 0000 3220"}


def store_with_spots() -> dict[str, SpotView]:
    """Rīga gets a place on the map, two tables, a shelf with cups, a door, and a table with a screen."""
    inventory.save_location(
        RIGA, kind="store", name="Samband RIX", names={"en": "Riga store", "el": "Κατάστημα Ρίγας"}, market="LV",
        country="LV", time_zone="Europe/Riga", opening=WEEK, pickup=True, ships=True, position=1,
        latitude=PLACE[0], longitude=PLACE[1],
    )  # fmt: skip
    return make_spots(RIGA)


def make_spots(location: str) -> dict[str, SpotView]:
    commands.make(
        location,
        [
            SpotDraft(code="table-7", kind="table", name="Table 7", category="cafe"),
            SpotDraft(code="table-9", kind="table", name="Table 9", category="cafe"),
            SpotDraft(code="shelf-1", kind="shelf", name="Cups", sku="CUP"),
            SpotDraft(code="door-1", kind="door", name="Main door"),
            SpotDraft(code="bar-1", kind="seat", name="Bar 1", category="cafe", on_screen=True),
        ],
    )
    return {one.code: one for one in queries.spots(location)}


class Phone:
    """A browser in a store. `page` is what can be read of the last answer, `status` its status."""

    def __init__(self, **more: Any) -> None:
        self.client = Client(enforce_csrf_checks=True, **more)
        self.status, self.source, self.went_to = 0, "", ""

    def get(self, path: str, **more: Any) -> "Phone":
        return self._read(self.client.get(path, **more))

    def scan(self, token: str) -> "Phone":
        return self.get(f"/k/{token}")

    def send(self, path: str, /, **fields: Any) -> "Phone":
        """Send a form; the page before it gives the token that shows it to be ours."""
        headers = fields.pop("headers", {})
        sent = {"csrfmiddlewaretoken": self._token(), **fields}
        return self._read(self.client.post(path, sent, headers=headers))

    def touch(self, path: str, /, **fields: Any) -> "Phone":
        """The same as htmx does it."""
        return self.send(path, headers={"HX-Request": "true"}, **fields)

    def follow(self) -> "Phone":
        return self.get(self.went_to)

    def arrive(self, spot: SpotView, **proof: Any) -> "Phone":
        """Scan a spot and begin a visit there, with the word of the day unless something else is shown."""
        token = queries.code_of(spot)
        shown = proof or {"word": queries.word_of_the_day(spot.location, "Europe/Riga")}
        self.get(f"/k/{token}?begin")
        return self.send("/kiosk/arrive/", token=token, **shown)

    def pay(self, **more: Any) -> "Phone":
        """Pay what the page asks for, with a card that pays unless another is given."""
        self.get("/kiosk/pay/")
        assert self.status == 200, (self.status, self.went_to, self.page)
        form = {name: self.field(name) for name in ("key", "version", "agreed")}
        return self.send("/kiosk/pay/", **(form | CARD | more))

    def _token(self) -> str:
        if "csrftoken" not in self.client.cookies:
            self.client.get("/kiosk/enrol/")
        return self.client.cookies["csrftoken"].value

    def _read(self, response: Any) -> "Phone":
        self.response = response
        self.status = response.status_code
        self.source = response.content.decode()
        self.went_to = response.headers.get("Location", "") or response.headers.get("HX-Redirect", "")
        return self

    @property
    def page(self) -> str:
        """What can be read, without tags and with its spaces in order."""
        bare = re.sub(r"<(script|style|svg|head)\b.*?</\1>", " ", self.source, flags=re.S)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).replace("\u00a0", " ").split())

    def says(self, text: str) -> bool:
        return text in self.page

    def field(self, name: str) -> str:
        """What a field of the page's form holds."""
        found = re.search(rf'<input[^>]*\bname="{re.escape(name)}"[^>]*>', self.source)
        assert found, f"no field {name} on: {self.page[:400]}"
        value = re.search(r'\bvalue="([^"]*)"', found[0])
        return html.unescape(value[1]) if value else ""
