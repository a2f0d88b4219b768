# ruff: noqa: E501 - one text stands on one line
"""Every refusal in a sentence for somebody who stands in a store with a phone, and what they can do instead."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samband.kernel.refusal import Refusal

Details = Mapping[str, Any]
Text = Callable[[Details], str]


def sentence(refusal: Refusal) -> str:
    """What to tell them."""
    return said(refusal.code, refusal.details, refusal.status)


def said(code: str, details: Details | None = None, status: int = 409) -> str:
    """The same for a code that was kept, such as the reason why a payment came to nothing."""
    text = TEXTS.get(code) or BY_STATUS.get(status, _unknown)
    return text(details or {})


def title(refusal: Refusal) -> str:
    """A few words above the sentence."""
    text = TITLES.get(refusal.code)
    if text:
        return text()
    return _("A moment, please") if refusal.status == 429 else _("That did not work")


def advice(refusal: Refusal) -> str:
    """What to do instead, if anything helps."""
    text = ADVICE.get(refusal.code)
    return text() if text else ""


def coupon_said(state: str) -> str:
    """What became of a coupon that was entered."""
    text = COUPONS.get(state)
    return text() if text else _("This coupon does not hold here.")


COUPONS: Mapping[str, Callable[[], str]] = {
    "applied": lambda: _("is taken off"),
    "not_applicable": lambda: _("does not hold for this basket"),
    "unknown": lambda: _("is not one of our coupons"),
    "expired": lambda: _("has expired"),
    "not_yet": lambda: _("does not hold yet"),
    "used_up": lambda: _("has been used up"),
    "not_yours": lambda: _("belongs to somebody else"),
}

TITLES: Mapping[str, Callable[[], str]] = {
    "spot_code_forged": lambda: _("We do not know this code"),
    "spot_code_old": lambda: _("This code is out of use"),
    "spot_code_stale": lambda: _("This code has run out"),
    "spot_code_ahead": lambda: _("This code is too new"),
    "spot_only_on_screen": lambda: _("The code is on the screen here"),
    "store_closed": lambda: _("We are closed now"),
    "not_in_the_store": lambda: _("Are you in the store?"),
    "visit_over": lambda: _("Scan a code to go on"),
    "spot_other_store": lambda: _("This is from another store"),
    "page_not_found": lambda: _("Not here"),
}

ADVICE: Mapping[str, Callable[[], str]] = {
    "spot_code_forged": lambda: _(
        "Please scan the code in the store once more. If it still does not work, ask somebody of our staff."
    ),
    "spot_code_old": lambda: _("Please scan the code that is in the store now, or ask our staff."),
    "spot_code_stale": lambda: _("Please scan the code that is on the screen now."),
    "spot_code_ahead": lambda: _("Please wait a minute and scan it again."),
    "spot_only_on_screen": lambda: _("Please scan the code on the screen instead of the one on paper."),
    "visit_over": lambda: _("A code on a table, a shelf or at the door of our stores opens this page."),
    "spot_other_store": lambda: _("Please scan codes and goods of the store you are in."),
}


def _most(details: Details) -> str:
    most = int(details.get("most", 999))
    return ngettext(
        "You can take at most %(most)s of one thing.", "You can take at most %(most)s of one thing.", most
    ) % {"most": most}


def _full(details: Details) -> str:
    most = int(details.get("most", 200))
    return ngettext(
        "There is room for %(most)s different thing.", "There is room for %(most)s different things.", most
    ) % {"most": most}


def _left_here(details: Details) -> str:
    left = int(details.get("left", 0))
    if left <= 0:
        return _("There is none left here.")
    return ngettext("There is only %(left)s left here.", "There are only %(left)s left here.", left) % {"left": left}


def _word(details: Details) -> str:
    left = int(details.get("tries_left", 0))
    return ngettext(
        "That is not today's number. You can try %(left)s more time.",
        "That is not today's number. You can try %(left)s more times.",
        left,
    ) % {"left": left}


def _not_here(details: Details) -> str:
    if details.get("asked"):
        return _("Your phone says that you are somewhere else, or it is not sure. Please type today's number instead.")
    return _("Please let your phone say where it is, or type today's number.")


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


def _unknown(details: Details) -> str:
    return _("That cannot be done now. Nothing has changed; please go back and try again.")


TEXTS: dict[str, Text] = {
    # codes and places
    "spot_code_forged": lambda _d: _("It is not one of our codes, or part of it is missing."),
    "spot_code_old": lambda _d: _("There is a newer one in the store. Old codes are switched off, so that a photograph of one is of no use to anybody."),
    "spot_code_stale": lambda _d: _("Codes on our screens change every minute and last for three."),
    "spot_code_ahead": lambda _d: _("Its time has not come yet."),
    "spot_only_on_screen": lambda _d: _("At this place the code changes every minute."),
    "spot_not_for_that": lambda _d: _("This code is for something else."),
    "unknown_spot": lambda _d: _("It is not one of our codes, or part of it is missing."),
    "spot_other_store": lambda _d: _("It belongs to another of our stores."),
    "store_closed": lambda _d: _("You can order and shop with your phone while the store is open."),
    "not_in_the_store": _not_here,
    "wrong_word": _word,
    "too_many_words": lambda _d: _("That was tried too often. Please let your phone say where it is, or ask our staff."),
    "unknown_visit": lambda _d: _("Your visit is over."),
    "visit_over": lambda _d: _("Your visit is over, or has not begun yet."),
    "code_unknown": lambda _d: _("We do not know this number. Is it all there? Otherwise our staff will help."),
    "not_enough_here": _left_here,
    # leaving
    "unknown_pass": lambda _d: _("There is no such exit pass."),
    "pass_used": lambda _d: _("This pass was used already."),
    "pass_lapsed": lambda _d: _("This pass ended when the store closed."),
    "pass_not_to_look_at": lambda _d: _("This bag was looked into already."),
    # what was sent
    "invalid": lambda _d: _("What was sent cannot be understood. Nothing has changed."),
    "not_an_email": lambda _d: _("This is not an e-mail address. It looks like name@example.com."),
    "idempotency_key_reused": lambda _d: _("This form was sent before with other content. Please look again and send it anew."),
    "currency_mismatch": lambda _d: _("These amounts are in different currencies. Please look again."),
    "payment_other_currency": lambda _d: _("These amounts are in different currencies. Please look again."),
    "other_currency": lambda _d: _("These amounts are in different currencies. Please look again."),
    "not_found": lambda _d: _("There is no such thing here, or it is not yours."),
    "page_not_found": lambda _d: _("There is no such page. It may have moved, or the address has a slip in it."),
    "product_not_found": lambda _d: _("This product is not sold here, or not any more."),
    "order_not_found": lambda _d: _("We find no such order on this phone."),
    "forbidden": lambda _d: _("This is not yours to see."),
    "too_many_attempts": lambda _d: _("That was tried too often. Please wait a while and try again."),
    "unavailable": lambda _d: _("Something we need does not answer now. Trying again in a moment is safe."),
    # the basket
    "no_such_cart": lambda _d: _("This basket is not there any more."),
    "not_your_cart": lambda _d: _("This basket belongs to somebody who is signed in."),
    "cart_closed": lambda _d: _("This basket was ordered already."),
    "cart_edited": lambda _d: _("The basket was changed meanwhile, perhaps in another window. Please look at it again."),
    "cart_empty": lambda _d: _("There is nothing in the basket."),
    "basket_empty": lambda _d: _("There is nothing in the basket."),
    "cart_full": _full,
    "too_many_lines": _full,
    "too_many_of_one": _most,
    "too_many_coupons": lambda _d: _("There is no room for another coupon."),
    "not_for_sale": lambda _d: _("This is not for sale here."),
    "no_such_way": lambda _d: _("Some of it cannot be had here any more. Please look at your basket."),
    "basket_changed": lambda _d: _("Prices or stock have changed since you looked. Nothing was paid: please look once more."),
    "sold_out": lambda _d: _("Somebody was quicker: there is not enough left of something in your basket. Nothing was paid."),
    "not_enough_stock": lambda _d: _("Somebody was quicker: there is not enough left of something in your basket. Nothing was paid."),
    "cart_already_sold": lambda _d: _("This basket was ordered already."),
    "coupon_used_up": lambda _d: _("This coupon has been used up. Nothing was paid: please look once more."),
    # paying
    "unknown_gift_card": lambda _d: _("We do not know this gift card. Please look at its code once more."),
    "gift_card_closed": lambda _d: _("This gift card cannot be used any more."),
    "gift_card_short": lambda _d: _("There is less on the gift card by now. Nothing was paid: please look once more."),
    "too_many_gift_card_codes": lambda _d: _("That was tried too often. Please wait a while and try again."),
    "tenders_differ": lambda _d: _("The amounts do not add up to what is to be paid. Nothing was paid: please look once more."),
    "unknown_payment_plan": lambda _d: _("This way to pay is not offered here."),
    "method_not_offered": lambda _d: _("This way to pay is not offered here."),
    "payment_method_not_available": lambda _d: _("This way to pay is not offered here."),
    "card_invalid": _card,
    "card_declined": lambda _d: _("Your bank declined the card. Nothing was paid, and your basket is as it was."),
    "insufficient_funds": lambda _d: _("There is not enough money on the card. Nothing was paid, and your basket is as it was."),
    "second_factor_failed": lambda _d: _("The bank's code was wrong. Nothing was paid, and your basket is as it was."),
    "second_factor_rejected": lambda _d: _("You turned the payment down at your bank. Nothing was paid, and your basket is as it was."),
    "payment_under_way": lambda _d: _("A payment for this order is already under way."),
    "payment_not_open": lambda _d: _("This payment is not open any more."),
    "payment_provider_refused": lambda _d: _("The bank would not do it. Nothing was paid."),
    "unknown_payment_method": lambda _d: _("This way to pay is not offered here."),
    "unknown_payment_provider": lambda _d: _("This way to pay is not offered here."),
    "return_address_refused": lambda _d: _("The way back from the bank is not ours. Nothing was paid."),
    "hold_lapsed": lambda _d: _("It took too long: the goods are not set aside any more. What was paid goes back to you."),
    "hold_closed": lambda _d: _("It took too long: the goods are not set aside any more. What was paid goes back to you."),
    "order_over": lambda _d: _("This order is already completed or cancelled."),
    "fulfillment_not_permitted": lambda _d: _("That is done already, or was called off."),
    "nothing_is_paid": lambda _d: _("All the money for this order has gone back, so its goods stay here."),
    # staff
    "key_of_staff_refused": lambda _d: _("Please open this page from the console again."),
}  # fmt: skip

BY_STATUS: dict[int, Text] = {
    400: TEXTS["invalid"],
    403: TEXTS["forbidden"],
    404: TEXTS["not_found"],
    422: TEXTS["invalid"],
    429: TEXTS["too_many_attempts"],
    503: TEXTS["unavailable"],
}
