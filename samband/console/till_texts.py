"""What a till's codes mean, in words: kinds of devices and movements, and why a sale waits for a decision."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .words import Words

Note = Mapping[str, Any]


def device_kinds() -> dict[str, str]:
    """What a device can be."""
    return {
        "pos": pgettext("device", "Till"),
        "kiosk": pgettext("device", "Screen in the store"),
        "door": pgettext("device", "Door reader"),
        "board": pgettext("device", "Board of the staff"),
    }


def sale_states() -> dict[str, str]:
    """How a sale that a till made by itself stands."""
    return {
        "taken": pgettext("offline sale", "Taken"),
        "conflict": pgettext("offline sale", "Waits for a decision"),
        "accepted": pgettext("offline sale", "Accepted"),
        "cancelled": pgettext("offline sale", "Cancelled"),
    }


def movement_word(kind: str) -> str:
    """What moved money in a drawer."""
    return {
        "float": pgettext("drawer report", "Float"),
        "sale": pgettext("drawer report", "Sales"),
        "refund": pgettext("drawer report", "Given back"),
        "pay_in": pgettext("drawer report", "Put in"),
        "pay_out": pgettext("drawer report", "Taken out"),
        "unsettled": pgettext("drawer report", "Sales in conflict"),
    }.get(kind, kind)


def reason_said(note: Note, words: Words) -> str:
    """Why a sale waits, or what is worth knowing about one, in a sentence."""
    said = _TEXTS.get(str(note.get("code")))
    return said(note, words) if said else str(note.get("code"))


def _out_of_stock(note: Note, words: Words) -> str:
    return _("%(sku)s: %(wanted)s were sold, and the books know of %(available)s.") % {
        "sku": note.get("sku", ""),
        "wanted": words.number(int(note.get("wanted", 0))),
        "available": words.number(int(note.get("available", 0))),
    }


def _does_not_add_up(note: Note, words: Words) -> str:
    if sku := note.get("sku"):
        return _("The line of %(sku)s does not add up.") % {"sku": sku}
    return _("Its sums do not add up.")


def _unknown_sku(note: Note, words: Words) -> str:
    return _("The catalog knows no SKU “%(sku)s”.") % {"sku": note.get("sku", "")}


def _plain(text: Callable[[], str]) -> Callable[[Note, Words], str]:
    return lambda note, words: text()


_TEXTS: dict[str, Callable[[Note, Words], str]] = {
    "out_of_stock": _out_of_stock,
    "does_not_add_up": _does_not_add_up,
    "unknown_sku": _unknown_sku,
    "malformed": _plain(lambda: _("The till told something that cannot be read.")),
    "tender_refused": _plain(lambda: _("Without a line only cash is taken.")),
    "other_currency": _plain(lambda: _("It is in another currency than the store's.")),
    "other_market": _plain(lambda: _("It was made for another market than the store's.")),
    "device_revoked": _plain(lambda: _("The device was revoked before it told of this sale.")),
    "sale_id_reused": _plain(lambda: _("Another sale came under the same id before.")),
    "drawer_unknown": _plain(lambda: _("It names a drawer that this store does not have.")),
}
