"""Somebody who shops with a browser: keeps cookies, follows nothing by itself, and reads what the page says."""

import html
import re
from typing import Any

from django.core import mail
from django.test import Client

from samband.channels.shop.forgetting import forget
from samband.engagement.messaging.sending import send_due


class Shopper:
    """A browser at one storefront. `page` is the text of the last answer, `status` its status."""

    def __init__(self, front: str = "en-is", **kwargs: Any) -> None:
        self.client = Client(**kwargs)
        self.front = front
        self.status = 0
        self.source = ""
        self.went_to = ""

    def arrive(self, **more: Any) -> "Shopper":
        """Ask for the bare address, without a storefront."""
        return self._read(self.client.get("/", **more))

    def look(self, path: str = "", **more: Any) -> "Shopper":
        """Ask for a page of this storefront."""
        return self._read(self.client.get(f"/{self.front}/{path}", **more))

    def send(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> "Shopper":
        """Send a form to a page of this storefront."""
        return self._read(self.client.post(f"/{self.front}/{path}", fields or {}, **more))

    def follow(self) -> "Shopper":
        """Go where the last answer leads."""
        return self._read(self.client.get(self.went_to))

    def again(self) -> "Shopper":
        """What is remembered of pages in this process is forgotten, as a second later."""
        forget()
        return self

    def _read(self, response: Any) -> "Shopper":
        self.response = response
        self.status = response.status_code
        self.source = response.content.decode() if response.headers.get("Content-Encoding") != "gzip" else ""
        self.went_to = response.headers.get("Location", "")
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
        assert found, f"no field {name}"
        value = re.search(r'\bvalue="([^"]*)"', found[0])
        return html.unescape(value[1]) if value else ""

    def put(self, sku: str, quantity: int = 1) -> "Shopper":
        self.send("cart/add/", {"sku": sku, "quantity": quantity})
        assert self.status == 303, self.page
        return self

    def wish(self, **more: Any) -> dict[str, Any]:
        """The checkout's form as it stands, filled in well."""
        self.look("checkout/")
        assert self.status == 200, (self.status, self.went_to)
        asked = {name: self.field(name) for name in ("key", "version", "agreed_pickup")}
        if 'name="agreed_ship"' in self.source:
            asked["agreed_ship"] = self.field("agreed_ship")
        asked |= {"email": "anna@example.com", "name": "Anna Jónsdóttir", "method": "pickup", "location": "RVK"}
        asked |= {"card_number": "4242 4242 4242 4242", "card_expiry": "04/39", "card_cvc": "123"}
        return asked | more

    def code_mailed_to(self, email: str) -> str:
        """The six digits in the last mail to this address."""
        send_due()
        letter = [one for one in mail.outbox if email in one.to][-1]
        found = re.search(r"\b(\d{6})\b", letter.body)
        assert found
        return found[1]

    def sign_in(self, email: str = "anna@example.com") -> "Shopper":
        self.send("sign-in/", {"email": email})
        self.send("sign-in/code/", {"email": email, "code": self.code_mailed_to(email)})
        assert self.status == 303, self.page
        return self


SHIP = {
    "method": "ship",
    "line1": "Laugavegur 12",
    "postcode": "101",
    "city": "Reykjavík",
}
