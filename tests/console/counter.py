"""Somebody at the counter: a browser that signs in, reads forms as they were rendered, and sends them."""

from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from samband.commerce.cart import commands as carts
from samband.commerce.payments.providers.sandbox import tokenise
from samband.commerce.pricing import queries as pricing
from samband.customers.accounts.rules import Particulars
from samband.flows.basket import basket
from samband.flows.check_out import Checkout, Outcome, Part, Tender, check_out
from samband.kernel.ids import new_id
from samband.staff import commands as staff
from samband.staff import factors
from tests import worlds

PASSWORD = "a-long-enough-word-2026"
ROLES = ("admin", "manager", "cashier", "merchandiser", "stock", "service", "analyst")


class _Forms(HTMLParser):
    """The forms of a page: their fields with the values they hold, and the words around them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.inside = False
        self.select = self.area = ""
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
            self.inside = True
        if not self.inside:
            return
        form, name = self.forms[-1], given.get("name", "")
        if tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            form[name] = given.get("value", "")
        if tag == "select":
            self.select = name
            form.setdefault(name, "")
        if tag == "option" and self.select and ("selected" in given):
            form[self.select] = given.get("value", "")
        if tag == "textarea":
            self.area = name
            form[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "select":
            self.select = ""
        if tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self.area:
            self.forms[-1][self.area] += data


class Counter:
    """One person's browser. Forms are checked for their CSRF token, as they are in the shop."""

    def __init__(self, role: str | None = None, **about: Any) -> None:
        self.client = Client(enforce_csrf_checks=True)
        if role:
            email = about.pop("email", f"{role}@samband.example")
            staff.add_member(email, f"Test {role}", role, PASSWORD, **about)
            factors.need(role, False)
            self.email = email
            self.come_again()

    def come_again(self) -> None:
        """Sign in: a session does not last until another day."""
        came_in = self.sign_in(self.email)
        assert came_in.status_code == 303, self.words(came_in)

    def sign_in(self, email: str, password: str = PASSWORD, onward: str = "") -> HttpResponse:
        form = self.form("/console/sign-in/", "sign-in")
        return self.client.post("/console/sign-in/", {**form, "email": email, "password": password, "next": onward})

    def get(self, address: str) -> HttpResponse:
        return self.client.get(address)

    def form(self, address: str, deed: str, **holding: str) -> dict[str, str]:
        """The first form for a deed whose fields hold these values, as a browser would send it."""
        page = self.get(address)
        assert page.status_code == 200, (address, page.status_code)
        reader = _Forms()
        reader.feed(page.content.decode())
        for form in reader.forms:
            if form.get("deed") == deed and all(form.get(name) == value for name, value in holding.items()):
                return form
        raise AssertionError(f"{address} has no form for {deed} with {holding}")

    def deeds(self, address: str) -> set[str]:
        reader = _Forms()
        reader.feed(self.get(address).content.decode())
        return {form["deed"] for form in reader.forms if "deed" in form}

    def do(self, address: str, deed: str, /, holding: dict[str, str] | None = None, **fields: Any) -> HttpResponse:
        """Fill the form in and send it."""
        return self.client.post(address, {**self.form(address, deed, **(holding or {})), **_named(fields)})

    def twice(self, address: str, deed: str, /, holding: dict[str, str] | None = None, **fields: Any) -> None:
        """Send one rendering of the form two times, as a double click does; both are answered as done."""
        form = {**self.form(address, deed, **(holding or {})), **_named(fields)}
        answers = [self.client.post(address, form) for _ in range(2)]
        assert [one.status_code for one in answers] == [303, 303], [self.words(one) for one in answers]

    def words(self, page: HttpResponse) -> str:
        """The page without its tags."""
        reader = _Forms()
        reader.feed(page.content.decode())
        return " ".join(" ".join(reader.text).split())

    def told(self, page: HttpResponse) -> str:
        """What stands on the page that a deed leads to."""
        assert page.status_code == 303, self.words(page)
        return self.words(self.get(page.headers["Location"]))

    def statements(self, address: str) -> int:
        self.get("/console/sure/")  # that somebody is there is noted once a minute, and now not while it is counted
        with CaptureQueriesContext(connection) as statements:
            assert self.get(address).status_code == 200
        return len(statements)


def _named(fields: dict[str, Any]) -> dict[str, Any]:
    """Python's names cannot have a dash; the fields' can."""
    return {name.replace("__", "-"): value for name, value in fields.items()}


HOME = Particulars("Jón Jónsson", "Laugavegur 1", "Reykjavík", "IS", "101")


def bought(
    *skus: str,
    method: str = "pickup",
    location: str | None = worlds.REYKJAVIK,
    customer_id: Any = None,
    email: str = "jon@customer.example",
    name: str = "Jón Jónsson",
    group: str | None = None,
    number: str = "4242424242424242",
) -> Outcome:
    """Somebody buys these in Iceland's web shop; a SKU that is named twice is bought twice."""
    cart = carts.open_cart("IS", customer_id)
    tags = pricing.tags(skus, "IS", "shop", group)
    for sku in dict.fromkeys(skus):
        carts.put(cart.id, sku, skus.count(sku), tags[sku].unit)
    seen = basket(cart.id, "shop", group, method)
    assert seen.quote is not None
    return check_out(
        Checkout(
            cart_id=cart.id,
            version=seen.cart.version,
            customer_id=customer_id,
            channel="shop",
            language="is",
            email=email,
            name=name,
            parts=(
                Part(
                    kind=method,
                    location=location if method == "pickup" else None,
                    address=HOME if method == "ship" else None,
                ),
            ),
            tenders=(Tender(method="card", token=tokenise(number, "12/99", "123")),),
            seen_total=seen.quote.total,
            group=group,
        ),
        key=str(new_id()),
    )
