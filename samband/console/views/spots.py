"""Codes in a store: tables, seats, shelves, labels and doors; printing them, and giving them another edition."""

from collections.abc import Iterator

import segno
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812  the name gettext is called by everywhere
from django.utils.translation import ngettext, override
from markupsafe import Markup

from samband.commerce.catalog import queries as catalog
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import LocationView
from samband.commerce.pricing import queries as pricing
from samband.commerce.spots import codes, commands, queries, rules, station_keys
from samband.commerce.spots.commands import SpotDraft
from samband.commerce.spots.queries import SpotView
from samband.commerce.spots.station_keys import HANDED_OUT, PART, STATIONS, StationKey
from samband.kernel.refusal import NotFound, Refusal

from .. import goods, reading
from ..doors import me, opens
from ..pages import Deed, Done, answer, page, words_for
from ..words import Words

KINDS = {
    "table": N_("Table"),
    "seat": N_("Seat"),
    "shelf": N_("Shelf"),
    "product": N_("Label on a product"),
    "door": N_("Door"),
}
INVITES = {
    "table": N_("Scan, order and pay. We bring it to you."),
    "seat": N_("Scan, order and pay. We bring it to you."),
    "shelf": N_("Scan for stock, offers and more."),
    "product": N_("Scan for stock, offers and more."),
    "door": N_("Scan here, then scan and pay what you take. No queue."),
}
"""What stands under a printed code, in the store's language and in English."""

MOST_AT_ONCE = 100


@opens(PART)
def spots(request: HttpRequest) -> HttpResponse:
    """Every place with a code in a store, and what can be done about them."""
    site = _site(request)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        found = queries.spots(site.code) if site else ()
        return page(
            request,
            "spots.html",
            refusal=refusal,
            site=site,
            sites=[one for one in inventory.locations().values() if one.kind == "store"],
            spots=found,
            kinds=KINDS,
            kind_choices=[(kind, _(said)) for kind, said in KINDS.items()],
            items=catalog.items([one.sku for one in found if one.sku]),
            categories=list(_branches(words_for(me(request)))),
            word=queries.word_of_the_day(site.code, site.time_zone) if site else "",
        )

    deeds = _deeds(site) if site else {}
    return answer(request, show, deeds)


def _site(request: HttpRequest) -> LocationView | None:
    """The store that was asked for, else one's own, else the first."""
    stores = {code: one for code, one in inventory.locations().items() if one.kind == "store"}
    for code in (request.GET.get("location", ""), me(request).location):
        if code in stores:
            return stores[code]
    return next(iter(stores.values()), None)


def _branches(words: Words) -> Iterator[tuple[str, str]]:
    """Every category with its name, branches behind their root."""
    waiting = list(catalog.tree())
    while waiting:
        node = waiting.pop(0)
        yield node.slug, words.text(node.names)
        waiting = [*node.children, *waiting]


def _deeds(site: LocationView) -> dict[str, Deed]:
    def make(request: HttpRequest) -> Done:
        made = commands.make(site.code, list(_drafts(request)))
        told = ngettext("%(count)s place was made.", "%(count)s places were made.", len(made))
        return Done(told % {"count": len(made)} if made else _("They are all there already."))

    def rotate(request: HttpRequest) -> Done:
        commands.rotate(_one(request, site).number, key=reading.key(request))
        return Done(_("There is a new code. Codes that were printed before open nothing any more."))

    def revoke(request: HttpRequest) -> Done:
        commands.revoke(_one(request, site).number, key=reading.key(request))
        return Done(_("The code is switched off."))

    def point(request: HttpRequest) -> Done:
        sku = _sku(reading.needed(request.POST, "sku", 64))
        commands.point(_one(request, site).number, sku, key=reading.key(request))
        return Done(_("The code speaks of these goods now."))

    def turn(request: HttpRequest) -> Done:
        commands.turn_word(site.code, key=reading.key(request))
        return Done(_("Today's number is another one from now on. Please change it where it is written."))

    def station(request: HttpRequest) -> Done:
        return Done("", _station_address(request, site))

    return {"make": make, "rotate": rotate, "revoke": revoke, "point": point, "turn": turn, "station": station}


def _drafts(request: HttpRequest) -> Iterator[SpotDraft]:
    """What the form describes: one place, or a row of them that are numbered. Raises NotRead, InvalidSpot."""
    given = request.POST
    kind = reading.chosen(given, "kind", tuple(KINDS))
    name = reading.needed(given, "name", 50)
    sku = _sku(reading.needed(given, "sku", 64)) if kind in rules.SELLING else None
    category = given.get("category", "") if kind in rules.SERVED else ""
    on_screen = reading.ticked(given, "on_screen")
    first = reading.maybe_whole(given, "first", 1, 9_999)
    last = reading.maybe_whole(given, "last", 1, 9_999)
    numbers = range(first or 0, (last or first or 0) + 1) if first else range(1)
    if len(numbers) > MOST_AT_ONCE or (first and last and last < first):
        raise reading.NotRead(field="last", want="whole")
    code = reading.text(given, "code", 20).lower() or kind
    for number in numbers:
        yield SpotDraft(
            code=f"{code}-{number}" if first else code,
            kind=kind,
            name=f"{name} {number}" if first else name,
            sku=sku,
            category=category,
            on_screen=on_screen,
        )


def _sku(typed: str) -> str:
    """The SKU that was typed, or that a GTIN stands for. Raises UnknownGoods."""
    found = goods.read({"code-1": typed})
    return next(iter(found))


def _one(request: HttpRequest, site: LocationView) -> SpotView:
    """The spot that a form names, if it is this store's. Raises UnknownSpot, NotFound."""
    found = queries.spot(reading.whole(request.POST, "spot", 1, 2**31 - 1))
    if found.location != site.code:
        raise NotFound()
    return found


def _station_address(request: HttpRequest, site: LocationView) -> str:
    """Where a board, a door or a screen opens, with a key that is good for a minute."""
    who = me(request)
    kind = reading.chosen(request.POST, "station", STATIONS)
    spot = _one(request, site).number if kind == "screen" else 0
    key = station_keys.sign(StationKey(kind, site.code, who.id, who.language, spot), HANDED_OUT)
    return f"/kiosk/station/{key}/"


@opens(PART)
def sheet(request: HttpRequest) -> HttpResponse:
    """Codes to print, some on a page: those of one kind, or one alone; what a screen shows is not printed."""
    site = _site(request)
    if site is None:
        raise NotFound()
    kind, one = request.GET.get("kind", ""), request.GET.get("spot", "")
    found = [spot for spot in queries.spots(site.code) if not spot.revoked_at and not spot.on_screen]
    if kind in KINDS:
        found = [spot for spot in found if spot.kind == kind]
    if one.isdecimal():
        found = [spot for spot in found if spot.number == int(one[:9])]
    home = pricing.markets()[site.market].default_language if site.market in pricing.markets() else "en"
    return page(
        request,
        "spot_sheet.html",
        site=site,
        back=f"{reverse('console:spots')}?location={site.code}",
        cards=[(spot, _drawn(spot), _invited(spot, home)) for spot in found],
        kinds=KINDS,
        kind=kind,
    )


def _invited(spot: SpotView, language: str) -> list[tuple[str, str]]:
    """What stands under the code, each with the language it is in."""
    said = []
    for one in dict.fromkeys((language, "en")):
        with override(one):
            said.append((one, _(INVITES[spot.kind])))
    return said


def _drawn(spot: SpotView) -> Markup:
    made = segno.make(codes.address(queries.code_of(spot)), error="m", micro=False)
    return Markup(made.svg_inline(scale=4, border=2, omitsize=True, svgclass="spot-code", lineclass=None))
