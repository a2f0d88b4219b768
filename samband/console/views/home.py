"""What waits today, for whoever looks: only of the parts that their role opens."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import ngettext

from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.queries import Waiting
from samband.commerce.inventory import queries as inventory
from samband.commerce.orders import queries as orders
from samband.commerce.payments import queries as payments
from samband.engagement.messaging import queries as messages
from samband.kernel.clock import now
from samband.timeline import queries as timeline

from ..doors import STAFF, Person, me, opens
from ..pages import page, words_for
from ..words import Words

EXPIRES_SOON = timedelta(hours=24)
MOST_COUNTED = 99
LATEST = 8


@dataclass(frozen=True)
class Figure:
    """One number of today: what it counts and where, where it leads, and whether it wants somebody."""

    count: int
    more: bool
    name: str
    to: str
    urgent: bool = False
    place: str = ""


@opens(STAFF)
def home(request: HttpRequest) -> HttpResponse:
    member = me(request)
    words = words_for(member)
    sites = inventory.locations()
    waiting = fulfillments.waiting(now() + EXPIRES_SOON) if member.may("pickups") else {}
    return page(
        request,
        "home.html",
        words=words,
        figures=[*_here(member, waiting, words), *_house(member)],
        desks=[(sites[code], waiting[code]) for code in sites if code in waiting] if member.may("pickups") else [],
        latest=orders.recent(most=LATEST) if member.may("orders") else (),
    )


def _here(member: Person, waiting: dict[str, Waiting], words: Words) -> list[Figure]:
    """What waits where the member stands; of all places for those who stand nowhere."""
    if not member.may("pickups"):
        return []
    mine = [one for code, one in waiting.items() if member.location in ("", code)]
    to_pick, ready, expiring = (sum(getattr(one, name) for one in mine) for name in ("to_pick", "ready", "expiring"))
    to, place = reverse("console:pickups"), ""
    if member.location:
        place = words.place(member.location)
        to += "?" + urlencode({"location": member.location})
    pick = ngettext("order to pick", "orders to pick", to_pick)
    wait = ngettext("pickup waits", "pickups wait", ready)
    expire = ngettext("pickup expires within a day", "pickups expire within a day", expiring)
    return [
        Figure(to_pick, False, pick, f"{to}#pick", to_pick > 0, place),
        Figure(ready, False, wait, f"{to}#ready", False, place),
        Figure(expiring, False, expire, f"{to}#ready", expiring > 0, place),
    ]


def _house(member: Person) -> list[Figure]:
    """What went wrong or is behind."""
    figures = []
    if member.may("orders"):
        unsettled = len(payments.unsettled(MOST_COUNTED + 1))
        figures.append(
            _counted(
                unsettled, ngettext("payment unsettled", "payments unsettled", unsettled), reverse("console:unsettled")
            )
        )
        failed = len(messages.failed(MOST_COUNTED + 1))
        figures.append(
            _counted(failed, ngettext("message failed", "messages failed", failed), reverse("console:unsettled"))
        )
    if member.may("delivery"):
        behind = timeline.backlog()
        to = reverse("console:delivery")
        figures.append(Figure(behind.waiting, False, ngettext("event waits", "events wait", behind.waiting), to))
        figures.append(
            Figure(
                behind.set_aside,
                False,
                ngettext("event set aside", "events set aside", behind.set_aside),
                to,
                behind.set_aside > 0,
            )
        )
    return figures


def _counted(count: int, name: str, to: str) -> Figure:
    return Figure(min(count, MOST_COUNTED), count > MOST_COUNTED, name, to, count > 0)
