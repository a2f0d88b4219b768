"""The shop's addresses and who gets what there. A new address fails until somebody has decided and put it here.

Each says what GET and POST come to for a stranger without an account, for Anna, whose things the address or the form
names, and for Bjorn, who is signed in and names Anna's things.
"""

from typing import NamedTuple

from tests.doors.house import Person

Three = tuple[int, int, int]
OK: Three = (200, 200, 200)
NOT_SO: Three = (405, 405, 405)
SIGNED_IN: Three = (303, 200, 200)
"""Everybody sees what is their own; whoever is nobody is asked to sign in."""
HERS: Three = (404, 200, 404)
GOES: Three = (303, 303, 303)
LED: Three = (302, 302, 302)


class Rule(NamedTuple):
    """What an address comes to: for nobody in particular, for Anna, for Bjorn."""

    get: Three
    post: Three = NOT_SO


SHOP = {
    "home": Rule(OK), "category": Rule(OK), "search": Rule(OK), "product": Rule(OK),
    # What a browser carries is its own: an id in the form counts for nothing.
    "cart": Rule(OK),
    "cart-add": Rule(NOT_SO, GOES), "cart-line": Rule(NOT_SO, GOES), "cart-settle": Rule(NOT_SO, GOES),
    "cart-move": Rule(NOT_SO, GOES), "cart-coupon": Rule(NOT_SO, (303, 409, 409)),
    "cart-coupon-drop": Rule(NOT_SO, GOES),
    "cart-hand-over": Rule(SIGNED_IN), "cart-hand-over-code": Rule((404, 200, 200)),
    # Whoever holds the code of a customer's cart must be that customer.
    "cart-take": Rule((403, 303, 403), (403, 303, 403)),
    "checkout": Rule(SIGNED_IN, (303, 422, 422)), "checkout-back": Rule(GOES),
    # A link to pay is for whoever holds it, and tells nothing of whom it is for.
    "pay": Rule(OK, GOES), "pay-link": Rule(LED), "cart-arrives": Rule(LED),
    "find-order": Rule(OK, (404, 404, 404)),
    "order": Rule(HERS), "order-change": Rule(HERS, (404, 303, 404)), "order-instead": Rule(NOT_SO, (404, 404, 404)),
    "order-give-up": Rule(NOT_SO, (404, 303, 404)), "order-cancel": Rule(NOT_SO, (404, 303, 404)),
    "sign-in": Rule(OK, OK), "sign-in-code": Rule(NOT_SO, (422, 422, 422)), "sign-out": Rule(NOT_SO, GOES),
    "account": Rule(SIGNED_IN), "account-code": Rule(SIGNED_IN), "account-code-picture": Rule((404, 200, 200)),
    "account-particulars": Rule(NOT_SO, GOES),
    "account-address": Rule(NOT_SO, (303, 303, 404)), "account-address-remove": Rule(NOT_SO, (303, 303, 404)),
    "my-data": Rule(SIGNED_IN), "my-data-prove": Rule((303, 404, 404), (303, 422, 422)),
    "my-data-take": Rule(NOT_SO, GOES), "my-data-erase": Rule(GOES, GOES),
    # The link in the file's page is signed for its asker: whoever else holds it knows of it, and gets nothing.
    "my-data-file": Rule((303, 200, 403)),
    "my-data-withdraw": Rule(NOT_SO, (303, 404, 404)),
    "my-data-email": Rule(NOT_SO, (303, 200, 200)), "my-data-email-code": Rule(NOT_SO, (303, 422, 422)),
    "account-consents": Rule(SIGNED_IN, GOES),
    "newsletter": Rule(OK, OK), "newsletter-confirm": Rule((404, 404, 404), (404, 404, 404)),
    # What a letter's link leads to is for whoever has the mailbox.
    "letters": Rule(OK, GOES), "unsubscribe": Rule(LED, OK),
    "stores": Rule(OK), "delivery": Rule(OK), "returns": Rule(OK), "privacy": Rule(OK), "about": Rule(OK),
    "choices": Rule(OK, (403, 403, 403)),
    "sitemap": Rule(OK), "root": Rule(LED), "robots": Rule(OK), "favicon": Rule(LED), "sitemaps": Rule(OK),
}  # fmt: skip

TELLS_HER = {
    "sign-in": {"accounts_signincode", "messaging_message", "timeline_entry"},
    "my-data-email": {"accounts_signincode", "messaging_message", "timeline_entry"},
    "newsletter": {"consent_asking", "messaging_message", "timeline_entry"},
    "letters": {"consent_entry", "consent_standing", "timeline_entry"},
    "unsubscribe": {"consent_entry", "consent_standing", "timeline_entry"},
}
"""Where somebody who types Anna's address, or has her mailbox's link, makes something of it: mostly a mail to her."""

NOTED = {"my-data-file"}
"""The one GET that writes: that her file was fetched, and by whom."""

TOKENS = {
    "cart-take": "handover", "cart-arrives": "handover", "pay": "pay", "pay-link": "pay", "letters": "letters",
    "unsubscribe": "letters", "my-data-file": "file",
}  # fmt: skip
ELSEWHERE = {
    "name": "X", "line1": "Nowhere 1", "postcode": "101", "city": "Reykjavík", "country": "IS", "phone": "",
}  # fmt: skip
KEY = "0123456789abcdef0123"


def arguments(anna: Person, name: str) -> dict[str, str]:
    """What stands in an address that leads to Anna's things."""
    return {
        "front": "en-is", "slug": "home" if name == "category" else "cup", "number": anna.shipped,
        "part": str(anna.part), "proposal": str(anna.part), "token": anna.tokens.get(TOKENS.get(name, ""), "x"),
    }  # fmt: skip


def form(anna: Person, name: str) -> dict[str, str]:
    """What is sent there, with Anna's ids wherever an id might be believed."""
    whose = {"cart": str(anna.cart), "customer": str(anna.id), "customer_id": str(anna.id), "order": anna.shipped}
    return whose | {
        "cart-add": {"sku": "CUP", "quantity": "1"},
        "cart-line": {"sku": "LAMP", "quantity": "5"},
        "cart-move": {"front": "en-lv"},
        "cart-coupon": {"coupon": "HELLO"},
        "cart-coupon-drop": {"code": "HELLO"},
        "checkout": {"do": "order", "key": KEY},
        "pay": {"do": "another"},
        "find-order": {"number": anna.shipped, "email": "bjorn@example.com"},
        "order-change": {"do": "address", "key": KEY, **ELSEWHERE},
        "order-instead": {"do": "agree"},
        "sign-in": {"email": "anna@example.com"},
        "sign-in-code": {"email": "anna@example.com", "code": "000000"},
        "account-particulars": {
            "name": "Mallory", "phone": "", "language": "en", "id": str(anna.id), "email": "m@example.com",
            "group": "staff",
        },
        "account-address": {"address": str(anna.address), **ELSEWHERE},
        "account-address-remove": {"address": str(anna.address)},
        "my-data-prove": {"for": "take", "code": "000000"},
        "my-data-erase": {"meant": "1"},
        "my-data-withdraw": {"request": str(anna.request)},
        "my-data-email": {"email": "anna@example.com"},
        "my-data-email-code": {"email": "anna@example.com", "code": "000000"},
        "newsletter": {"email": "anna@example.com"},
        "letters": {"do": "nothing"},
    }.get(name, {})  # fmt: skip
