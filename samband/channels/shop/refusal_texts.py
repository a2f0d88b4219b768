# ruff: noqa: E501 - one text stands on one line
"""Every refusal in a sentence a shopper understands. A code nobody has worded yet gets a sentence too."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samband.kernel.refusal import Refusal

from .wording import Words

Details = Mapping[str, Any]
Text = Callable[[Details], str]


def sentence(refusal: Refusal, words: Words | None = None) -> str:
    """What to tell the shopper."""
    return said(refusal.code, refusal.details, refusal.status)


def said(code: str, details: Details | None = None, status: int = 409) -> str:
    """The same for a code that was kept, such as the reason why a payment came to nothing."""
    if text := TEXTS.get(code):
        return text(details or {})
    return BY_STATUS.get(status, _unknown)(details or {})


def field_errors(refusal: Refusal) -> dict[str, str]:
    """Which fields a refusal is about, with what to tell beside each."""
    fields = refusal.details.get("fields") or [refusal.details.get("field") or _FIELD_OF.get(refusal.code)]
    return {str(name): _beside(str(name), refusal) for name in fields if name}


def _beside(field: str, refusal: Refusal) -> str:
    text = _UNWRITABLE.get(field) if field in refusal.details.get("unwritable", ()) else None
    text = text or _FIELDS.get(field)
    return text() if text else sentence(refusal)


_FIELD_OF = {"not_an_email": "email", "not_a_phone": "phone", "wrong_code": "code"}

_UNWRITABLE: Mapping[str, Callable[[], str]] = {
    "name": lambda: _("This is not a name we can write on a parcel."),
    "ship_name": lambda: _("This is not a name we can write on a parcel."),
    "line1": lambda: _("This line is too long."),
}
"""What to tell beside a field that is filled in, but with more than a label holds."""

_FIELDS: Mapping[str, Callable[[], str]] = {
    "name": lambda: _("Please give your name."),
    "line1": lambda: _("Please give street and house number."),
    "line2": lambda: _("This line is too long."),
    "city": lambda: _("Please give the town."),
    "postcode": lambda: _("This postcode is not in the form of the country."),
    "country": lambda: _("We do not deliver to this country."),
    "phone": lambda: _("This is not a telephone number. Please begin with + and the country's code, or leave it out."),
    "email": lambda: _("This is not an e-mail address. It looks like name@example.com."),
    "location": lambda: _("Please choose a store."),
    "address": lambda: _("Please give the address."),
    "code": lambda: _("This code is wrong, used or too old."),
    "method": lambda: _("Please choose how you want to have it."),
}


def _short(details: Details) -> str:
    count = len(details.get("short", ()))
    return ngettext(
        "Somebody was quicker: there is not enough left of one of the goods in your cart. Nothing was paid.",
        "Somebody was quicker: there is not enough left of some of the goods in your cart. Nothing was paid.",
        count or 1,
    )


def _card(details: Details) -> str:
    match details.get("field"), details.get("reason"):
        case "number", "not_a_test_card":
            return _("This shop is for trying out and takes test cards only, such as 4242 4242 4242 4242.")
        case "number", _reason:
            return _("This is not a card number.")
        case "expiry", "expired":
            return _("This card has expired.")
        case "expiry", _reason:
            return _("Please give month and year, such as 04/29.")
        case "cvc", _reason:
            return _("These are the three or four digits on the card.")
        case _other:
            return _("The card could not be read. Please type it in once more.")


def _most(details: Details) -> str:
    most = int(details.get("most", 999))
    return ngettext(
        "A cart holds at most %(most)s of one thing.", "A cart holds at most %(most)s of one thing.", most
    ) % {"most": most}


def _full(details: Details) -> str:
    most = int(details.get("most", 200))
    return ngettext(
        "A cart holds at most %(most)s different thing.", "A cart holds at most %(most)s different things.", most
    ) % {"most": most}


def _coupons(details: Details) -> str:
    most = int(details.get("most", 10))
    return ngettext("A cart takes at most %(most)s code.", "A cart takes at most %(most)s codes.", most) % {
        "most": most
    }


def _gift_cards(details: Details) -> str:
    most = int(details.get("most", 5))
    return ngettext(
        "An order is paid with at most %(most)s gift card.", "An order is paid with at most %(most)s gift cards.", most
    ) % {"most": most}


def _not_so_many(details: Details) -> str:
    left, had = int(details.get("left", 0)), int(details.get("had", 0))
    if left <= 0:
        return _("This has sold out.")
    if had:
        return ngettext(
            "Only %(left)s is left, and you have %(had)s in your cart already.",
            "Only %(left)s are left, and you have %(had)s in your cart already.",
            left,
        ) % {"left": left, "had": had}
    return ngettext("Only %(left)s is left.", "Only %(left)s are left.", left) % {"left": left}


def _unknown(details: Details) -> str:
    return _("That cannot be done now. Nothing has changed; please go back and try again.")


TEXTS: dict[str, Text] = {
    # what was sent
    "invalid": lambda _d: _("What was sent cannot be understood. Nothing has changed."),
    "catalog_text": lambda _d: _("What was sent cannot be understood. Nothing has changed."),
    "not_an_email": lambda _d: _FIELDS["email"](),
    "not_a_phone": lambda _d: _FIELDS["phone"](),
    "address_incomplete": lambda _d: _("Something is missing or wrong in the address."),
    "wrong_code": lambda _d: _FIELDS["code"](),
    "not_an_asking": lambda _d: _("This link is too old, or not whole. Please sign up once more; nothing was sent meanwhile."),
    "not_a_consent_link": lambda _d: _("This link is not whole. Please copy all of it from the letter, or sign in to choose what we may send you."),
    "not_from_our_page": lambda _d: _("Your choice did not come from a page of ours, so it does not count. Please choose on the page of choices."),
    "too_many_codes": lambda _d: _("Too many codes were asked for. Please wait an hour and try again."),
    "email_taken": lambda _d: _("Another customer has this e-mail address."),
    "idempotency_key_reused": lambda _d: _("This form was sent before with other content. Please look again and send it anew."),
    "unknown_currency": lambda _d: _("We do not trade in this currency."),
    "currency_mismatch": lambda _d: _("These amounts are in different currencies. Please look again."),
    "payment_other_currency": lambda _d: _("These amounts are in different currencies. Please look again."),
    "other_currency": lambda _d: _("These amounts are in different currencies. Please look again."),
    # where it leads
    "not_filled_in": lambda _d: _("Something is missing or not quite right. It is said beside the fields."),
    "bad_request": lambda _d: _("What was sent cannot be understood. Nothing has changed."),
    "form_not_ours": lambda _d: _("This page was open for too long, or your browser keeps no cookies. Nothing has changed: please go back, load the page again and send it once more."),
    "not_allowed": lambda _d: _("This is not yours to see."),
    "not_found": lambda _d: _("There is no such thing here, or it is not yours."),
    "page_not_found": lambda _d: _("There is no such page. It may have moved, or the address has a slip in it."),
    "product_not_found": lambda _d: _("This product is not sold here, or not any more."),
    "category_not_found": lambda _d: _("There is no such department here."),
    "search_ask": lambda _d: _("This choice of filters cannot be understood."),
    "unknown_market": lambda _d: _("We do not sell in this country."),
    "no_such_market": lambda _d: _("We do not sell in this country."),
    "unknown_location": lambda _d: _("There is no such store."),
    "order_not_found": lambda _d: _("We find no such order, or it is not yours. Please check number and e-mail address."),
    "payment_not_found": lambda _d: _("There is no such payment."),
    "forbidden": lambda _d: _("This is not yours to see."),
    "too_many_attempts": lambda _d: _("That was tried too often. Please wait a while and try again."),
    "unavailable": lambda _d: _("Something we need does not answer now. Trying again in a moment is safe."),
    # the cart
    "no_such_cart": lambda _d: _("This cart is not there any more."),
    "not_your_cart": lambda _d: _("This cart belongs to somebody who is signed in. Please sign in to go on with it."),
    "cart_closed": lambda _d: _("This cart was ordered already."),
    "cart_edited": lambda _d: _("The cart was changed meanwhile, perhaps in another window. Please look at it again."),
    "cart_empty": lambda _d: _("There is nothing in the cart."),
    "basket_empty": lambda _d: _("There is nothing in the cart."),
    "cart_full": _full,
    "too_many_coupons": _coupons,
    "coupon_used_up": lambda d: _("The code %(code)s has been used up meanwhile. Nothing was paid: please look at the total again.") % {"code": str(d.get("coupon") or d.get("code") or "")[:40]},
    "handover_refused": lambda _d: _("This code for a cart is not one of ours, or it is older than a day. Please have a new one shown."),
    "not_so_many": _not_so_many,
    "too_many_lines": _full,
    "too_many_of_one": _most,
    "not_for_sale": lambda _d: _("This is not for sale in this country."),
    "not_shippable": lambda _d: _("Something in your cart is never sent; it can be picked up at a store."),
    "nothing_is_paid": lambda _d: _("All the money for this order has gone back, so its goods stay with us."),
    "no_such_way": lambda _d: _("The goods cannot be had this way any more. Please choose another."),
    "cannot_route": lambda _d: _("There are not enough of these goods to send them."),
    "slot_full": lambda _d: _("Somebody was quicker: this delivery time is taken. Nothing was paid; please choose another."),
    "slot_closed": lambda _d: _("It is too late for this delivery time. Nothing was paid; please choose another."),
    "unknown_slot": lambda _d: _("There is no such delivery time. Please choose another."),
    "no_promise": lambda _d: _("We cannot promise a date for this now."),
    "basket_changed": lambda _d: _("Prices or stock have changed since you looked. Nothing was paid: please look once more."),
    "sold_out": _short,
    "not_enough_stock": _short,
    "cart_already_sold": lambda _d: _("This cart was ordered already."),
    # paying
    "card_invalid": _card,
    "card_declined": lambda _d: _("Your bank declined the card. Nothing was paid, and your cart is as it was."),
    "insufficient_funds": lambda _d: _("There is not enough money on the card. Nothing was paid, and your cart is as it was."),
    "second_factor_failed": lambda _d: _("The bank's code was wrong. Nothing was paid, and your cart is as it was."),
    "second_factor_rejected": lambda _d: _("You turned the payment down at your bank. Nothing was paid, and your cart is as it was."),
    "tenders_differ": lambda _d: _("What is paid in several ways does not come to the total. Nothing was paid; please look again."),
    "not_secured": lambda _d: _("Not all of the money is there yet."),
    "pay_link_refused": lambda _d: _("This link to pay is not one of ours, or it is too old. Please ask for a new one."),
    "payment_method_not_available": lambda _d: _("This order cannot be paid that way. Please choose another."),
    "method_not_offered": lambda _d: _("This order cannot be paid that way. Please choose another."),
    "unknown_payment_plan": lambda _d: _("Please choose one of the plans that are offered for this amount."),
    "unknown_gift_card": lambda _d: _("We know no gift card with this code. Please compare it letter by letter."),
    "too_many_gift_card_codes": lambda _d: _("Too many codes were tried that are none. Please wait a quarter of an hour."),
    "gift_card_closed": lambda _d: _("This gift card has expired or was cancelled."),
    "gift_card_short": lambda _d: _("There is less on the gift card than before. Nothing was paid; please look again."),
    "gift_card_empty": lambda _d: _("There is nothing left on this gift card."),
    "gift_card_twice": lambda _d: _("You have entered this gift card already."),
    "too_many_gift_cards": _gift_cards,
    "gift_card_exists": lambda _d: _("There is such a gift card already."),
    "gift_card_in_use": lambda _d: _("Part of this gift card is set aside for an order that is being paid."),
    "unknown_transfer": lambda _d: _("We do not expect such a transfer."),
    "payment_under_way": lambda _d: _("A payment for this order is already under way."),
    "payment_not_open": lambda _d: _("This payment is not open any more."),
    "payment_other_amount": lambda _d: _("The bank set another amount aside than we asked for. Nothing was paid."),
    "payment_provider_refused": lambda _d: _("The bank would not do it. Nothing was paid."),
    "unknown_payment_method": lambda _d: _("This way to pay is not offered here."),
    "unknown_payment_provider": lambda _d: _("This way to pay is not offered here."),
    "return_address_refused": lambda _d: _("The way back from the bank is not ours. Nothing was paid."),
    "hold_lapsed": lambda _d: _("It took too long: the goods are not set aside any more. What was paid goes back to you."),
    "hold_closed": lambda _d: _("It took too long: the goods are not set aside any more. What was paid goes back to you."),
    # the order
    "being_packed": lambda _d: _("Somebody packs it already, or it is on its way: it cannot be changed any more."),
    "substitution_over": lambda _d: _("This was answered already, or it is too late to answer."),
    "unknown_substitution": lambda _d: _("Nobody has proposed that."),
    "no_substitute": lambda _d: _("This cannot be had instead any more."),
    "other_country": lambda _d: _("It cannot be sent to another country any more. Please cancel it and order anew."),
    "slot_does_not_reach": lambda _d: _("Nobody comes to that address in the delivery time you have chosen."),
    "too_few_ordered": lambda _d: _("There are not so many of it left in the order."),
    "no_such_group": lambda _d: _("The order has no such part."),
    "order_over": lambda _d: _("This order is already completed or cancelled."),
    "order_not_placed": lambda _d: _("This order is not placed."),
    "order_not_a_draft": lambda _d: _("This order has already gone on."),
    "order_does_not_add_up": lambda _d: _("The amounts do not add up. Nothing was ordered; please look again."),
    "still_open": lambda _d: _("An order of yours is under way. Until it has ended we must know whom it is for."),
    "nothing_kept": lambda _d: _("We keep nothing about you."),
    "no_such_request": lambda _d: _("There is no such request."),
    "request_ended": lambda _d: _("That has been answered already."),
    "not_agreed": lambda _d: _("Somebody of ours looks at this first."),
    "file_gone": lambda _d: _("This file is not there any more, or the link to it is too old. Ask for your data again."),
    "not_yours": lambda _d: _("Only whoever asked for this file may have it. Sign in with the account that asked."),
    "no_such_rule": lambda _d: _("That cannot be so."),
    "fulfillment_not_permitted": lambda _d: _("The goods are on their way or handed over: this order cannot be cancelled any more."),
}  # fmt: skip

BY_STATUS: dict[int, Text] = {
    400: TEXTS["invalid"],
    403: TEXTS["forbidden"],
    404: TEXTS["not_found"],
    422: TEXTS["invalid"],
    429: TEXTS["too_many_attempts"],
    503: TEXTS["unavailable"],
}
