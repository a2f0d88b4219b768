"""Why stock is kept, runs low or should move, in sentences."""

from math import isinf

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samband.commerce.inventory.balancing import Transfer
from samband.commerce.inventory.queries import FenceView

from .words import Words

DAY = 86400.0
WEEK_DAYS = 7


def rules(fence: FenceView, words: Words) -> list[str]:
    """What ends a fence, each rule in words; nothing for one that stands until somebody ends it."""
    said = []
    rule = fence.give_back
    if fence.until is not None:
        said.append(_("until %(moment)s") % {"moment": words.moment(fence.until, words.zone_of(fence.location))})
    if rule.hours_before_closing is not None:
        hours = words.number(rule.hours_before_closing)
        said.append(_("hours before closing: %(hours)s") % {"hours": hours})
    if rule.idle_days is not None:
        told = ngettext(
            "when the channel takes nothing for %(count)s day",
            "when the channel takes nothing for %(count)s days",
            rule.idle_days,
        )
        said.append(told % {"count": words.number(rule.idle_days)})
    if rule.free_below is not None:
        told = ngettext(
            "when less than %(count)s unit is free for everybody",
            "when fewer than %(count)s units are free for everybody",
            rule.free_below,
        )
        said.append(told % {"count": words.number(rule.free_below)})
    return said


def lasts(days: float, words: Words) -> str:
    """For how long goods last."""
    if isinf(days):
        return _("not sold lately")
    return words.lasting(days * DAY) if days else _("sold out")


def a_week(pace: float, words: Words) -> str:
    """Units sold a week."""
    units = pace * WEEK_DAYS
    return words.number(round(units) if units >= 10 else round(units, 1))


def why(transfer: Transfer, words: Words) -> list[str]:
    """Why goods should move."""
    here, there = {"place": words.place(transfer.location)}, {"place": words.place(transfer.to_location)}
    said = [_("%(place)s: sold out") % there if not transfer.days_there else _("%(place)s: soon sold out") % there]
    if isinf(transfer.days_here):
        said.append(_("%(place)s: nobody bought it in four weeks") % here)
    else:
        said.append(_("%(place)s: more than enough for six weeks") % here)
    if transfer.abroad:
        said.append(_("The goods cross a border"))
    return said
