"""A screen in the store: it shows the code of this minute and, for codes on paper, the number of today."""

from typing import Any

from django.http import HttpResponse

from samband.commerce.spots import codes
from samband.commerce.spots import queries as spots
from samband.commerce.spots.queries import SpotView
from samband.kernel.refusal import NotFound

from .leaving import qr
from .pages import render
from .renewing import answered
from .stations import Station, station
from .visitors import Visitor


@station("screen")
def choose(visitor: Visitor, where: Station) -> HttpResponse:
    """Which spot this screen stands at."""
    return render(visitor, "screens.html", site=where.site, spots=_of(where))


@station("screen")
def screen(visitor: Visitor, where: Station, spot: int) -> HttpResponse:
    """The code of a spot, renewed by itself. Raises NotFound for a spot of another store."""
    return render(visitor, "screen.html", **_content(_one(where, spot), where))


@station("screen")
def now(visitor: Visitor, where: Station, spot: int) -> HttpResponse:
    """The part that changes: 304 while the code is the same."""
    content = _content(_one(where, spot), where)
    return answered(visitor, "screen_inside.html", **content)


def _one(where: Station, spot: int) -> SpotView:
    found = next((one for one in _of(where) if one.number == spot), None)
    if found is None or (where.spot and where.spot != spot):
        raise NotFound()
    return found


def _of(where: Station) -> list[SpotView]:
    return [one for one in spots.spots(where.site.code) if one.revoked_at is None]


def _content(one: SpotView, where: Station) -> dict[str, Any]:
    return {
        "spot": one,
        "site": where.site,
        "qr": qr(codes.address(spots.code_of(one))),
        "word": spots.word_of_the_day(where.site.code, where.site.time_zone),
    }
