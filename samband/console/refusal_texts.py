"""Every refusal in a sentence that helps the person at the counter. A code nobody has worded yet gets one too."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812  the name gettext is called by everywhere
from django.utils.translation import ngettext

from samband.kernel.refusal import Refusal

from . import promotion_words, segment_words, state_words
from .words import Words

Details = Mapping[str, Any]
Text = Callable[[Details, Words], str]


def sentence(refusal: Refusal, words: Words) -> str:
    """What to tell."""
    if special := _SPECIAL.get(refusal.code):
        return special(refusal.details, words)
    if plain := PLAIN.get(refusal.code):
        return _(plain)
    return _(BY_STATUS.get(refusal.status, BY_STATUS[409]))


BY_STATUS = {
    401: N_("Please sign in again."),
    403: N_("Your role does not open this. Ask an administrator if you need it."),
    404: N_("There is no such thing, or it is gone."),
    409: N_("That is not possible as things stand. Nothing was changed."),
    413: N_("The file is too large."),
    422: N_("Something in the form cannot be as it is. Nothing was changed."),
    429: N_("That was tried too often. Please wait a little."),
    503: N_("Somebody we depend on does not answer. Nothing was changed; please try again soon."),
}

PLAIN = {
    "source_taken": N_("There is a source with this short name already."),
    "unknown_source": N_("There is no such source, or it is closed."),
    "invalid_source": N_("A source needs a name, and a short name of lower-case letters, digits and hyphens."),
    "forbidden": BY_STATUS[403],
    "not_found": BY_STATUS[404],
    "nobody_found": N_("Nobody is known by that."),
    "several_found": N_("That may be several people. Please name one by mail, telephone number or order number."),
    "no_such_identifier": N_("Nobody is known by that any more."),
    "no_such_assertion": N_("That was not said of anybody, or it was erased."),
    "one_and_the_same": N_("These are one and the same already."),
    "already_taken_back": N_("Somebody has taken this back already."),
    "not_taken_back": N_("This holds; there is nothing to restore."),
    "already_decided": N_("Somebody has decided this already."),
    "no_such_review": N_("This pair is not there to decide any more."),
    "not_a_matching_rule": N_("A rule needs a name, and something that must be exactly the same."),
    "matching_rule_name_taken": N_("Another rule has this name."),
    "matching_under_way": N_("Customers are being compared at this moment."),
    "never_shared": N_("An account is always one person’s."),
    "wrong_password": N_("E-mail and password do not belong together."),
    "weak_password": N_("That password is too easy to guess. Take at least ten characters that are no common word."),
    "weak_pin": N_("That PIN is too easy to guess. It has 4 to 8 digits, and not all the same or in a row."),
    "no_such_device": N_("There is no such device, or it was revoked."),
    "no_such_drawer": N_("There is no such drawer."),
    "drawer_closed": N_("This drawer is closed already."),
    "no_such_sale": N_("There is no such sale to decide about."),
    "already_resolved": N_("Somebody decided about this sale already."),
    "sold_out": N_("The books do not know of that many units. If the goods left the house, say that they were found."),
    "cannot_accept": N_("This sale does not add up, so it cannot become an order. It can be cancelled."),
    "unknown_role": N_("There is no such role."),
    "unknown_scope": N_("Choose what the key may open."),
    "member_exists": N_("Somebody of the staff has this e-mail already."),
    "wrong_second_factor": N_("That code is not right, or was used before."),
    "passkey_refused": N_("That passkey was not accepted."),
    "passkey_known": N_("This passkey is there already."),
    "too_many_passkeys": N_("So many passkeys nobody needs. Remove one first."),
    "authenticator_exists": N_("There is an authenticator app already. Remove it first."),
    "second_factor_needed": N_("Your role needs a second factor. Add another before you remove this one."),
    "second_step_over": N_("That took too long. Please sign in again."),
    "own_role": N_("Nobody changes their own role. Ask another administrator."),
    "last_admin": N_("Nobody could let you in again: you cannot shut out yourself or the last administrator."),
    "idempotency_key_reused": N_("This form was sent before with other content. Check what came of it and begin anew."),
    "order_not_found": N_("There is no such order."),
    "order_over": N_("The order is completed or cancelled already."),
    "order_not_placed": N_("The order is not placed."),
    "payment_not_found": N_("There is no such payment."),
    "payment_not_open": N_("This payment is in a state that does not allow it."),
    "more_than_authorised": N_("That is more than was set aside."),
    "more_than_captured": N_("That is more than was taken and not yet given back."),
    "payment_other_currency": N_("The payment is in another currency."),
    "payment_under_way": N_("A payment for this order is under way."),
    "unknown_gift_card": N_("There is no such gift card."),
    "gift_card_closed": N_("The gift card has expired or was cancelled."),
    "gift_card_short": N_("There is less on the gift card."),
    "gift_card_in_use": N_("Part of the gift card is set aside for an order that is being paid."),
    "unknown_transfer": N_("No order waits for a transfer with this reference."),
    "transfer_noted_otherwise": N_("This transaction of the bank was noted before, for something else."),
    "unknown_payout": N_("There is no such money to give back."),
    "statement_unreadable": N_(
        "The bank statement cannot be read. It needs the columns id, amount, currency and text."
    ),
    "unknown_payment_provider": N_("We do not work with that payment provider."),
    "unknown_market": N_("We do not sell in this market."),
    "unknown_price_list": N_("There is no such price list."),
    "currency_fixed": N_("The currency of a price list never changes."),
    "too_many_prices": N_("Those are more prices than can be set at once."),
    "unknown_segment": N_("There is no such segment."),
    "segment_taken": N_("Another segment has this code already."),
    "unknown_promotion": N_("There is no such promotion."),
    "promotion_taken": N_("Another promotion has this code already."),
    "unknown_coupon": N_("There is no such coupon."),
    "too_many_coupons_at_once": N_("At most 10,000 coupons are made at once."),
    "unknown_currency": N_("We do not trade in this currency."),
    "currency_mismatch": N_("The amounts are in different currencies."),
    "not_for_sale": N_("This has no price there now."),
    "product_not_found": N_("There is no such product."),
    "category_not_found": N_("There is no such category."),
    "attribute_not_found": N_("There is no such attribute."),
    "catalog_code": N_("An address or code has small letters, digits and single dashes, and a SKU no odd signs."),
    "category_loop": N_("A category cannot lie below itself."),
    "category_in_use": N_("There are still products or categories in it."),
    "attribute_in_use": N_("Products hold values that would lose their meaning."),
    "product_draft": N_("The product is not described well enough."),
    "publication_window": N_("A product must be shown from before it is shown until."),
    "slug_taken": N_("Another product has this address already."),
    "media_too_large": N_("The file is larger than 20 MB."),
    "unknown_hold": N_("Nothing is set aside for this order any more."),
    "hold_closed": N_("Nothing is set aside for this order any more."),
    "hold_not_kept": N_("The goods are not promised for good yet. Wait until the payment has come in."),
    "fence_exists": N_("Goods are kept for this channel there already. End that first, then keep another number."),
    "fence_over": N_("That has ended: the goods are free for everybody."),
    "unknown_fence": BY_STATUS[404],
    "less_fenced": N_("Not that many units are kept there for the channel."),
    "is_allotment": N_("These goods are with a till, which may sell them by itself."),
    "not_allotment": N_("These goods are set aside for an order, not for a till."),
    "invalid_location": N_("The location cannot be described like this."),
    "unknown_fulfillment": N_("There is no such pickup or parcel here. Check the code and the store."),
    "unknown_slot": N_("There is no such delivery slot."),
    "slot_full": N_("Every place in this delivery slot is taken."),
    "slot_closed": N_("It is too late to order for this delivery slot."),
    "slot_does_not_reach": N_("In this delivery slot nothing is brought to that address from where the goods are."),
    "other_country": N_("It cannot be sent to another country any more. Cancel the order, and order anew."),
    "unknown_slot_rule": N_("There is no such rule for delivery slots."),
    "invalid_slot_rule": N_("Slots cannot be opened like this: choose days, and an end after the beginning."),
    "invalid_lane": N_("No carrier goes like this. At least one working day, and at most no fewer than at least."),
    "invalid_pace": N_("A location picks one unit an hour at least."),
    "too_few_left": N_("There are not so many of it left to find."),
    "too_few_ordered": N_("There are not so many of it left in the order."),
    "unknown_carrier": N_("There is no such carrier."),
    "label_exists": N_("A label for this parcel was bought, or is being bought."),
    "no_label": N_("No label was bought for this parcel."),
    "carrier_refused": N_("The carrier will not carry this. Try another service or another carrier."),
    "carrier_silent": N_("The carrier has not answered yet. It is asked again by itself; look again in a minute."),
    "unknown_substitution": N_("Nobody proposed this substitute."),
    "substitution_over": N_("This substitute is agreed or declined already, or it is too late to answer."),
    "substitute_proposed_already": N_("A substitute for this is proposed already, and not answered yet."),
    "no_substitute": N_("That cannot be had in its place: it is not sold here, or it is in the order already."),
    "fulfillment_not_permitted": N_("That does not follow from where it is now. Somebody else may have been faster."),
    "waits_too_long": N_("Goods wait at the counter for 90 days at most."),
    "nothing_is_paid": N_("All the money for this order has gone back, so its goods stay with us."),
    "still_waiting": N_("The goods are promised to wait longer than this."),
    "not_an_email": N_("That is not an e-mail address. It looks like name@example.com."),
    "not_a_phone": N_("That is not a telephone number. Begin with + and the country's code."),
    "no_such_request": N_("There is no such request."),
    "nothing_kept": N_("Nothing is kept about such a person."),
    "still_open": N_("They have orders under way. Until these have ended we must know whom they are for."),
    "request_ended": N_("This request has ended."),
    "not_agreed": N_("Somebody whose role may erase has to look at this."),
    "file_gone": N_("This file is not there any more."),
    "not_yours": N_("Only whoever asked for this file may have it."),
    "no_such_rule": N_("It cannot be so few days: somebody still needs what is younger."),
    "not_an_identifier": N_("That is neither an e-mail address nor the id of a customer."),
    "email_taken": N_("Another customer has this e-mail address."),
    "too_many_attempts": BY_STATUS[429],
    "unavailable": BY_STATUS[503],
}

_FIELDS = {
    "name": N_("Name"),
    "names": N_("Name"),
    "email": N_("E-mail"),
    "phone": N_("Telephone"),
    "line1": N_("Street and number"),
    "line2": N_("Second line"),
    "postcode": N_("Postcode"),
    "city": N_("Town"),
    "country": N_("Country"),
    "language": N_("Language"),
    "group": N_("Group"),
    "role": N_("Role"),
    "location": N_("Location"),
    "to_location": N_("To"),
    "quantity": N_("Quantity"),
    "sku": N_("SKU"),
    "reason": N_("Reason"),
    "reference": N_("Reference"),
    "amount": N_("Amount"),
    "carrier": N_("Carrier"),
    "tracking": N_("Tracking number"),
    "code": N_("Code"),
    "day": N_("Day"),
    "channel": N_("Channel"),
    "category": N_("Category"),
    "slug": N_("Address"),
    "safety": N_("Safety stock"),
    "until": N_("Until"),
    "hours": N_("Hours before closing"),
    "idle_days": N_("Days without any taken"),
    "free_below": N_("Free units"),
    "return_days": N_("Days to return"),
    "starts": N_("Beginning"),
    "ends": N_("End"),
    "capacity": N_("Orders at most"),
    "notice": N_("Minutes before it closes for orders"),
    "ahead": N_("Days ahead that can be ordered"),
    "postcodes": N_("Beginnings of postcodes"),
    "cut_off": N_("Comes at"),
    "least": N_("Working days at least"),
    "most": N_("Working days at most"),
    "pace": N_("Units an hour"),
    "many": N_("How many"),
    "substitute": N_("Substitute"),
    "slot": N_("Delivery slot"),
    "weight": N_("Weight"),
    "priority": N_("Priority"),
    "position": N_("Place in the order"),
    "currency": N_("Currency"),
    "market": N_("Market"),
    "file": N_("File"),
    "visible_from": N_("From"),
    "visible_until": N_("Until"),
    "valid_from": N_("From"),
    "valid_until": N_("Until"),
    "percent": N_("Percent"),
    "buy": N_("Units to buy"),
    "get": N_("Units to get"),
    "times": N_("Times in a basket"),
    "stacking": N_("Together with"),
    "stack_group": N_("Group"),
    "limit_total": N_("Times in all"),
    "limit_per_customer": N_("Times for each customer"),
    "coupon": N_("Coupon"),
    "count": N_("How many"),
}

_WANTED = {
    "text": N_("%(field)s: this text is too long."),
    "something": N_("%(field)s is missing."),
    "choice": N_("%(field)s: please choose one."),
    "whole": N_("%(field)s: please give a whole number that makes sense here."),
    "number": N_("%(field)s: please give a number."),
    "amount": N_("%(field)s: please give an amount such as 19.90."),
    "moment": N_("%(field)s: please give a day and a time."),
    "day": N_("%(field)s: please give a day."),
    "clock": N_("%(field)s: please give a time such as 17:30."),
}


def field_name(name: str) -> str:
    """What a field is called on the page; rows and languages of a field are called the same."""
    base = name.split("-", 1)[0]
    return _(_FIELDS[base]) if base in _FIELDS else base


def _not_read(details: Details, words: Words) -> str:
    said = _(_WANTED.get(str(details.get("want")), BY_STATUS[422]))
    if "%(field)s" not in said:
        return said
    label = field_name(str(details.get("field", "")))
    row = details.get("row")
    return (f"{row}. " if row else "") + said % {"field": label}


def _invalid(details: Details, words: Words) -> str:
    fields = [field_name(str(name)) for name in details.get("fields", ())]
    if fields:
        return _("Please check: %(fields)s.") % {"fields": ", ".join(dict.fromkeys(fields))}
    return _(BY_STATUS[422])


def _unknown_goods(details: Details, words: Words) -> str:
    return _("Line %(row)s: the catalog knows no SKU or GTIN “%(code)s”. Nothing was booked.") % {
        "row": details.get("row", ""),
        "code": details.get("given", ""),
    }


def _unknown_location(details: Details, words: Words) -> str:
    return _("There is no location “%(code)s”.") % {"code": details.get("location", "")}


def _short_of(details: Details) -> list[Mapping[str, Any]]:
    return [dict(one) for one in details.get("short", ())]


def _not_enough(details: Details, words: Words) -> str:
    told = [
        _("%(sku)s: %(available)s free, %(wanted)s wanted")
        % {"sku": one["sku"], "available": words.number(one["available"]), "wanted": words.number(one["wanted"])}
        + _hindered(one, words)
        for one in _short_of(details)
    ]
    return _("There are not that many free units. Nothing was moved. %(lines)s") % {"lines": "; ".join(told)}


def _hindered(one: Mapping[str, Any], words: Words) -> str:
    """What stands in the way and can be moved out of it: goods kept for channels, goods at tills."""
    told = ""
    if fenced := one.get("fenced"):
        told += ", " + _("%(units)s kept for channels") % {"units": words.number(fenced)}
    if allotted := one.get("allotted"):
        told += ", " + _("%(units)s at the tills") % {"units": words.number(allotted)}
    return told


def _below_held(details: Details, words: Words) -> str:
    told = [
        _("%(sku)s: %(held)s set aside, %(left)s would be left")
        % {"sku": one["sku"], "held": words.number(one["held"]), "left": words.number(one["wanted"])}
        + _hindered(one, words)
        for one in _short_of(details)
    ]
    return _("Less would be left than is set aside for orders. Nothing was booked. %(lines)s") % {
        "lines": "; ".join(told)
    }


def _not_held(details: Details, words: Words) -> str:
    return _("Not that many units are set aside for this order: %(skus)s.") % {
        "skus": ", ".join(str(one["sku"]) for one in _short_of(details))
    }


def _not_all_picked(details: Details, words: Words) -> str:
    told = [
        _("%(sku)s: %(picked)s of %(ordered)s")
        % {"sku": one["sku"], "picked": words.number(one["picked"]), "ordered": words.number(one["ordered"])}
        for one in _short_of(details)
    ]
    return _("Not everything is in the basket yet. %(lines)s") % {"lines": "; ".join(told)}


def _picked_too_many(details: Details, words: Words) -> str:
    return _("%(sku)s: only %(ordered)s were ordered.") % {
        "sku": details.get("sku", ""),
        "ordered": words.number(details.get("ordered", 0)),
    }


def _not_ordered(details: Details, words: Words) -> str:
    return _("%(sku)s is not part of this order.") % {"sku": details.get("sku", "")}


def _wrong_code(details: Details, words: Words) -> str:
    if "tries_left" not in details:  # a code to sign in with, which the console does not take
        return _("That code is wrong, used or too old.")
    left = int(details["tries_left"])
    if left <= 0:
        return _("That is not the code, and it was the last try. The pickup is locked for ten minutes.")
    return ngettext(
        "That is not the code of this pickup. %(count)s try is left.",
        "That is not the code of this pickup. %(count)s tries are left.",
        left,
    ) % {"count": left}


def _code_locked(details: Details, words: Words) -> str:
    until = datetime.fromisoformat(str(details["locked_until"]))
    return _("Too many wrong codes: this pickup is locked until %(hour)s, even for the right one.") % {
        "hour": words.hour(until)
    }


def _provider_refused(details: Details, words: Words) -> str:
    return _("The payment provider would not do it (%(reason)s).") % {"reason": details.get("reason", "")}


def _address(details: Details, words: Words) -> str:
    return _invalid(details, words)


def _wrong_value(details: Details, words: Words) -> str:
    return _("The value of “%(attribute)s” does not fit.") % {"attribute": details.get("attribute", "")}


def _text(details: Details, words: Words) -> str:
    if language := details.get("language"):
        return _("The text in %(language)s is too long.") % {"language": words.tongue(str(language))}
    return _("A name is needed in at least one language.")


def _gtin(details: Details, words: Words) -> str:
    return _("“%(gtin)s” is not a GTIN: it has 8, 12, 13 or 14 digits and its last one checks the others.") % {
        "gtin": details.get("gtin", "")
    }


def _taken(details: Details, words: Words) -> str:
    if "gtin" in details:
        return _("Another variant has the GTIN %(gtin)s.") % {"gtin": details["gtin"]}
    return _("Another product has the SKU %(sku)s.") % {"sku": details.get("sku", "")}


def _media(details: Details, words: Words) -> str:
    if "is_really" in details:
        return _("The file says it is %(says)s, but it is %(really)s.") % {
            "says": details.get("name_says", ""),
            "really": details["is_really"],
        }
    return _("The file was not taken: it must be a sound SVG, PNG, JPEG, WebP or GLB without anything active in it.")


def _not_permitted(details: Details, words: Words) -> str:
    state = state_words.word(state_words.FULFILLMENT_STATES, str(details.get("state", "")))
    return _("It stands at “%(state)s” now: that step does not follow. Somebody else may have been faster.") % {
        "state": state
    }


def _promotion_absurd(details: Details, words: Words) -> str:
    return promotion_words.absurd(str(details.get("why", "")))


def _limit_below_uses(details: Details, words: Words) -> str:
    taken = int(details.get("taken", 0))
    return ngettext(
        "It is in use %(count)s time already: the limit cannot be lower.",
        "It is in use %(count)s times already: the limit cannot be lower.",
        taken,
    ) % {"count": words.number(taken)}


def _coupon_taken(details: Details, words: Words) -> str:
    return _("There are such coupons already: %(codes)s. None was made.") % {
        "codes": ", ".join(str(code) for code in details.get("codes", ()))
    }


def _wait(details: Details, words: Words) -> str:
    """For how long nothing more is tried."""
    return _("That was tried too often. Please wait: %(while)s.") % {"while": words.lasting(details["retry_after"])}


_SPECIAL: dict[str, Text] = {
    "too_many_passwords": _wait,
    "too_many_factor_tries": _wait,
    "segment_absurd": segment_words.refused,
    "segment_in_use": segment_words.in_use,
    "not_yaml": segment_words.not_yaml,
    "promotion_absurd": _promotion_absurd,
    "limit_below_uses": _limit_below_uses,
    "coupon_taken": _coupon_taken,
    "form_not_read": _not_read,
    "invalid": _invalid,
    "unknown_goods": _unknown_goods,
    "unknown_location": _unknown_location,
    "not_enough_stock": _not_enough,
    "below_held": _below_held,
    "not_held": _not_held,
    "not_all_picked": _not_all_picked,
    "picked_too_many": _picked_too_many,
    "not_ordered": _not_ordered,
    "wrong_pickup_code": _wrong_code,
    "wrong_code": _wrong_code,
    "pickup_code_locked": _code_locked,
    "payment_provider_refused": _provider_refused,
    "address_incomplete": _address,
    "attribute_value": _wrong_value,
    "catalog_text": _text,
    "gtin": _gtin,
    "gtin_taken": _taken,
    "sku_taken": _taken,
    "media_refused": _media,
    "fulfillment_not_permitted": _not_permitted,
}

WORDED = frozenset(PLAIN) | frozenset(_SPECIAL)
"""The codes that have words of their own."""
