"""What doors say of the same goods, and why they may differ, in words."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812  the name gettext is called by everywhere

from samband.commerce.payments.words import METHOD_NAMES
from samband.flows.parity import NOT_OFFERED, Difference

from .words import Words

ASPECTS = {
    "sold": N_("Whether it is sold"),
    "price": N_("Price of one"),
    "available": N_("Units here, and everywhere"),
    "ways": N_("When it can be had"),
    "methods": N_("How it can be paid"),
    "returns": N_("Days to return it"),
}
WAYS = {
    "carry": N_("taken along"),
    "pickup": N_("picked up"),
    "ship": N_("sent"),
    "serve": N_("served"),
}
REASONS = {
    "fenced": N_("Some of it is kept for a channel."),
    "way_not_offered": N_("Not every channel offers this way."),
    "not_published": N_("It is not published on every channel."),
    "no_price": N_("It has no price on every channel."),
    "terminal_instead": N_("At a till the card goes into the terminal."),
    "needs_a_terminal": N_("A terminal stands only at a till."),
    "only_in_a_store": N_("Coins need a drawer in a store."),
    "only_for_parcels": N_("Only what is sent can be paid at the door."),
    "goods_leave_now": N_("Goods that leave at once cannot wait for a transfer."),
    "below_smallest": N_("The amount is too small for it."),
    "above_largest": N_("The amount is too large for it."),
    "currency_not_taken": N_("It is not offered in this currency."),
    "not_set_up": N_("It is not set up."),
}


def aspect(one: Difference, words: Words) -> str:
    """What the doors differ in."""
    name, _colon, key = one.aspect.partition(":")
    if not key:
        return _(ASPECTS[name])
    which = _(WAYS[key]) if name == "ways" else words.text(METHOD_NAMES.get(key, {"en": key}))
    return f"{_(ASPECTS[name])}: {which}"


def reason(one: Difference, words: Words) -> str:
    """Why they may; nothing for a fault."""
    if one.reason.startswith("bound:"):
        names = [words.price_list(name) for name in one.reason.removeprefix("bound:").split(",")]
        return _("A price or an offer holds only there: %(names)s.") % {"names": ", ".join(names)}
    return " ".join(_(REASONS.get(code, code)) for code in one.reason.split(",") if code)


def told(one: Difference, channel: str, words: Words) -> str:
    """What one door says."""
    name = one.aspect.partition(":")[0]
    return _SAID.get(name, _as_it_is)(one.told[channel], words)


def _as_it_is(text: str, words: Words) -> str:
    return text


def _yes_or_no(text: str, words: Words) -> str:
    return _("yes") if text == "yes" else _("no")


def _moment(text: str, words: Words) -> str:
    if text == NOT_OFFERED:
        return _("not offered")
    return _("not now") if text == "None" else words.moment(datetime.fromisoformat(text))


def _hindrance(text: str, words: Words) -> str:
    return _(REASONS.get(text, text)) if text else _("yes")


_SAID: dict[str, Callable[[str, Words], str]] = {"sold": _yes_or_no, "ways": _moment, "methods": _hindrance}
