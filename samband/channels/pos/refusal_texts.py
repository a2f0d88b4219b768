"""Every refusal in a sentence for whoever stands at the till. A code nobody has worded yet gets a sentence too."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812  the name gettext is called by everywhere

from samband.kernel import wording
from samband.kernel.clock import now
from samband.kernel.languages import DEFAULT, LANGUAGES
from samband.kernel.money import Money
from samband.kernel.refusal import Refusal

Details = Mapping[str, Any]
Text = Callable[[Details], str]


def sentence(refusal: Refusal) -> str:
    """What to tell, in the language that is spoken now."""
    if special := _SPECIAL.get(refusal.code):
        return special(refusal.details)
    return _(_PLAIN.get(refusal.code) or _BY_STATUS.get(refusal.status, _BY_STATUS[409]))


_BY_STATUS = {
    400: N_("The till sent something that cannot be read. Please try again."),
    401: N_("Please sign in again."),
    403: N_("Your role does not open this. Ask your store manager."),
    404: N_("There is no such thing here."),
    409: N_("That is not possible as things stand. Nothing was changed."),
    422: N_("Something cannot be as it was typed in. Nothing was changed."),
    429: N_("That was tried too often. Please wait a little."),
    500: N_("Something is broken on our side. Nothing was lost; please try again."),
    503: N_("The server is busy. Nothing was lost; please try again soon."),
}

_PLAIN = {
    "device_unknown": N_("This till is not enrolled, or no longer. Ask for a code in the console."),
    "cashier_missing": N_("Please say who you are: choose your name and type your PIN."),
    "enrolment_code_wrong": N_("This code is unknown, used or too old. Ask for another one in the console."),
    "code_unknown": N_("Nothing of ours has this code."),
    "customer_code_refused": N_("This code is too old. Please ask the customer to open it again."),
    "handover_refused": N_("This cart's code is not ours or too old. Please ask the customer to open it again."),
    "no_such_cart": N_("There is no such cart."),
    "cart_closed": N_("This cart was sold already. Begin a new one."),
    "cart_edited": N_("The cart was changed meanwhile, perhaps on the customer's phone. Please look again."),
    "cart_empty": N_("There is nothing in the cart."),
    "basket_empty": N_("There is nothing in the cart."),
    "cart_full": N_("The cart has as many different things as it can hold."),
    "too_many_of_one": N_("That is more of one thing than a cart holds."),
    "too_many_coupons": N_("There are as many coupons in the cart as it can hold."),
    "not_your_cart": N_("This cart belongs to somebody else."),
    "basket_changed": N_("Prices or stock have changed. Please look again with the customer."),
    "no_such_way": N_("Some of the goods cannot be had this way."),
    "not_for_sale": N_("This has no price here."),
    "coupon_used_up": N_("Somebody was quicker: this coupon is used up."),
    "slot_full": N_("Somebody was quicker: this delivery slot is full."),
    "slot_closed": N_("It is too late for this delivery slot."),
    "unknown_slot": N_("There is no such delivery slot any more."),
    "tenders_differ": N_("The payments do not come to what is due."),
    "currency_mismatch": N_("The amounts are in different currencies."),
    "method_not_offered": N_("This way to pay is not possible here."),
    "unknown_payment_method": N_("This way to pay is not possible here."),
    "unknown_payment_provider": N_("This way to pay is not possible here."),
    "order_not_a_draft": N_("This sale is over: it was paid or called off."),
    "order_not_found": N_("There is no such order."),
    "not_sold_here": N_("This was not sold at a till of this store."),
    "payment_under_way": N_("A payment is under way. Please wait a moment."),
    "unknown_gift_card": N_("There is no gift card with this code."),
    "too_many_gift_card_codes": N_("Too many wrong codes were tried. Please wait a quarter of an hour."),
    "drawer_needed": N_("Open a cash drawer first."),
    "drawer_open": N_("This till has an open drawer already."),
    "drawer_closed": N_("This drawer is closed."),
    "drawer_other_currency": N_("The drawer holds another currency."),
    "no_such_drawer": N_("There is no such drawer in this store."),
    "no_such_sale": N_("There is no such sale to decide about here."),
    "already_resolved": N_("Somebody decided about this sale already."),
    "cannot_accept": N_("This sale does not add up, so it cannot become an order. It can be cancelled."),
    "not_an_email": N_("That is not an e-mail address. It looks like name@example.com."),
    "not_a_phone": N_("That is not a telephone number. Begin with + and the country's code."),
    "wrong_pickup_code": N_("That is not the code of this pickup."),
    "pickup_code_locked": N_("Too many wrong codes were tried for this pickup. Please wait ten minutes."),
    "unknown_fulfillment": N_("No pickup with this code is ready here."),
    "fulfillment_not_permitted": N_("This pickup is not ready, or was handed over already."),
    "nothing_is_paid": N_("All the money for this order has gone back, so its goods stay here."),
    "idempotency_key_reused": N_("This was sent before with other content. Please begin anew."),
    "too_many_attempts": _BY_STATUS[429],
}


def _pin(details: Details) -> str:
    left = int(details.get("tries_left", 0))
    return ngettext(
        "That PIN is not right. %(left)s try is left.", "That PIN is not right. %(left)s tries are left.", left
    ) % {"left": left}


def _pin_locked(details: Details) -> str:
    until = datetime.fromisoformat(str(details["locked_until"]))
    minutes = max(1, -(-int((until - now()).total_seconds()) // 60))
    return ngettext(
        "Too many wrong PINs. Please wait %(minutes)s minute.",
        "Too many wrong PINs. Please wait %(minutes)s minutes.",
        minutes,
    ) % {"minutes": minutes}


def _sold_out(details: Details) -> str:
    skus = ", ".join(str(one["sku"]) for one in details.get("short", ()))
    return _("There is not enough left of: %(skus)s.") % {"skus": skus}


def _money(told: Any) -> str:
    language = get_language() or DEFAULT
    return wording.money(Money(told["amount"], told["currency"]), language if language in LANGUAGES else DEFAULT)


def _given(details: Details) -> str:
    return _("%(amount)s is to be paid in cash, and less was given.") % {"amount": _money(details["amount"])}


def _short_drawer(details: Details) -> str:
    return _("There is only %(amount)s in the drawer.") % {"amount": _money(details["balance"])}


def _queue(details: Details) -> str:
    queue = int(details.get("queue", 0))
    return ngettext(
        "%(queue)s sale of this till has not been sent yet.",
        "%(queue)s sales of this till have not been sent yet.",
        queue,
    ) % {"queue": queue}


_SPECIAL: dict[str, Text] = {
    "wrong_pin": _pin,
    "pin_locked": _pin_locked,
    "sold_out": _sold_out,
    "given_too_little": _given,
    "drawer_short": _short_drawer,
    "queue_not_empty": _queue,
}
