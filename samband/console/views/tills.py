"""Tills: the devices in the stores, who stands at them, their drawers, and sales that somebody decides about."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import LocationView
from samband.commerce.orders import queries as orders
from samband.commerce.tills import commands, drawers, queries
from samband.flows import take_in_sale
from samband.kernel.refusal import NotFound, Refusal
from samband.staff import pins
from samband.staff import queries as staff

from .. import reading
from ..doors import me, opens
from ..pages import Done, answer, page
from ..till_texts import device_kinds, movement_word, reason_said, sale_states

PART = "tills"


def _site(request: HttpRequest) -> LocationView | None:
    """The store that was asked for, else one's own, else the first."""
    sites = _stores()
    for code in (request.GET.get("location", ""), me(request).location):
        if code in sites:
            return sites[code]
    return next(iter(sites.values()), None)


def _stores() -> dict[str, LocationView]:
    return {code: site for code, site in inventory.locations().items() if site.kind == "store"}


@opens(PART)
def devices(request: HttpRequest) -> HttpResponse:
    """Every device, and bringing new ones in."""

    def show(refusal: Refusal | None = None, code: str = "", about: UUID | None = None) -> HttpResponse:
        found = queries.devices()
        return page(
            request,
            "tills.html",
            refusal=refusal,
            devices=found,
            missing={one.id: queries.missing_sequences(one.id) for one in found if one.last_sequence},
            sites=_stores(),
            kinds=device_kinds(),
            code=code,
            about=next((one for one in found if one.id == about), None),
            lasts=commands.CODE_LASTS,
        )

    def rename(request: HttpRequest) -> Done:
        device = queries.device(reading.uuid(request.POST, "device"))
        commands.save_device(device.id, reading.needed(request.POST, "name", 80), device.location, device.kind)
        return Done(_("The device is called that from now on."))

    def revoke(request: HttpRequest) -> Done:
        commands.revoke(reading.uuid(request.POST, "device"), key=reading.key(request))
        return Done(_("The device opens nothing any more. What it has sold it can still tell."))

    if request.method == "POST" and request.POST.get("deed") in ("add", "code"):
        # The code is shown in this answer and kept nowhere, so there is nothing to go on to.
        try:
            device_id = _added(request) if request.POST["deed"] == "add" else reading.uuid(request.POST, "device")
            return show(code=commands.enrolment_code(device_id), about=device_id)
        except Refusal as refusal:
            return show(refusal=refusal)
    return answer(request, show, {"rename": rename, "revoke": revoke})


def _added(request: HttpRequest) -> UUID:
    """A device that is described; the form's own key is its id, so that sent twice it is one."""
    device_id = reading.as_uuid(reading.key(request))
    commands.save_device(
        device_id,
        reading.needed(request.POST, "name", 80),
        reading.chosen(request.POST, "location", tuple(_stores())),
        reading.chosen(request.POST, "kind", tuple(device_kinds())),
    )
    return device_id


@opens(PART)
def people(request: HttpRequest) -> HttpResponse:
    """Who may stand at the tills of a store, and their PINs."""
    site = _site(request)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        return page(
            request,
            "till_people.html",
            refusal=refusal,
            site=site,
            sites=_stores(),
            people=staff.cashiers(site.code) if site else (),
        )

    def give(request: HttpRequest) -> Done:
        pins.set_pin(_one_of(request, site), request.POST.get("pin", "")[:20])
        return Done(_("They are known by this PIN from now on."))

    def take(request: HttpRequest) -> Done:
        pins.take_pin(_one_of(request, site))
        return Done(_("They cannot sign in at a till any more."))

    return answer(request, show, {"give": give, "take": take})


def _one_of(request: HttpRequest, site: LocationView | None) -> UUID:
    """Somebody of the staff of this store. Raises NotFound for anybody else."""
    member_id = reading.uuid(request.POST, "member")
    if site is None or member_id not in {one.id for one in staff.cashiers(site.code)}:
        raise NotFound()
    return member_id


@opens(PART)
def drawer_list(request: HttpRequest) -> HttpResponse:
    """The drawers of a store: open ones, and what came of those that were closed."""
    site = _site(request)
    found = queries.drawers(site.code) if site else ()
    return page(
        request,
        "drawers.html",
        site=site,
        sites=_stores(),
        drawers=found,
        names=staff.names({one.opened_by for one in found} | {one.closed_by for one in found if one.closed_by}),
    )


@opens(PART)
def drawer(request: HttpRequest, drawer_id: UUID) -> HttpResponse:
    """One drawer: its report, its movements, and closing it when no till does."""

    def show(refusal: Refusal | None = None) -> HttpResponse:
        report = queries.report(drawer_id)
        moved = queries.movements(drawer_id)
        names = {report.drawer.opened_by, report.drawer.closed_by, *(one.by for one in moved)}
        return page(
            request,
            "drawer.html",
            refusal=refusal,
            drawer=report.drawer,
            report=report,
            site=inventory.location(report.drawer.location),
            movements=moved,
            numbers={one.id: one.number for one in orders.cards([m.order_id for m in moved if m.order_id]).values()},
            names=staff.names({one for one in names if one}),
            moved=movement_word,
        )

    def close(request: HttpRequest) -> Done:
        found = queries.drawer(drawer_id)
        counted = reading.amount(request.POST, "counted", found.float.currency)
        note = reading.text(request.POST, "note", 200)
        drawers.close_drawer(drawer_id, counted, me(request).id, note, key=reading.key(request))
        return Done(_("The drawer is closed, and its report is written down."))

    return answer(request, show, {"close": close})


@opens(PART)
def conflicts(request: HttpRequest) -> HttpResponse:
    """Sales that a till made by itself and that cannot be orders as they are."""
    site = _site(request)
    everywhere = request.GET.get("location") == "all"

    def show(refusal: Refusal | None = None) -> HttpResponse:
        found = queries.conflicts(None if everywhere or site is None else site.code)
        return page(
            request,
            "conflicts.html",
            refusal=refusal,
            site=None if everywhere else site,
            sites=_stores(),
            conflicts=found,
            states=sale_states(),
            reason=reason_said,
            names=staff.names({one.resolved_by for one in found if one.resolved_by}),
        )

    def accept(request: HttpRequest) -> Done:
        sale = take_in_sale.accept(
            reading.uuid(request.POST, "sale"),
            None,
            me(request).id,
            reading.ticked(request.POST, "correct"),
            reading.text(request.POST, "remark", 200),
        )
        return Done(_("The sale is an order now."), reverse("console:order-by-id", args=[sale.order_id]))

    def cancel(request: HttpRequest) -> Done:
        take_in_sale.cancel(
            reading.uuid(request.POST, "sale"),
            None,
            me(request).id,
            reading.ticked(request.POST, "refunded"),
            reading.text(request.POST, "remark", 200),
        )
        return Done(_("The sale is off, and its money is accounted for."))

    return answer(request, show, {"accept": accept, "cancel": cancel})
