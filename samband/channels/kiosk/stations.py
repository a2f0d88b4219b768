"""Screens of the staff in the store: who may stand at the board and at the door, by a key from the console or as an
enrolled device."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import LocationView
from samband.commerce.spots import station_keys
from samband.commerce.spots.station_keys import HANDED_OUT, KEPT, KeyOfStaffRefused, StationKey
from samband.commerce.tills import commands as tills
from samband.commerce.tills import queries as devices
from samband.commerce.tills.refusals import DeviceUnknown
from samband.kernel.languages import LANGUAGES
from samband.kernel.refusal import Refusal
from samband.staff import queries as staff

from . import reading, speaking, tries
from .pages import View, go, not_allowed, page, refused, render
from .refusal_texts import sentence
from .visitors import Visitor

KEY_COOKIE, DEVICE_COOKIE = "samband_station", "samband_kiosk_device"
PATH = "/kiosk/"
A_DAY = 60 * 60 * 24
DEVICE_DAYS = 400


@dataclass(frozen=True)
class Station:
    """Where somebody of the staff stands: a board, a door or a screen of one store. `by` is who opened it."""

    kind: str
    site: LocationView
    by: UUID | None
    language: str
    spot: int = 0


def station(kind: str, *methods: str) -> Callable[[View], View]:
    """A view of a visitor and the station they stand at. Whoever stands at none is told how to come in."""
    allowed = methods or ("GET", "HEAD")

    def made(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, **given: Any) -> HttpResponse:
            found = _found(request, kind)
            language = speaking.chosen(request) or (found.language if found else "") or speaking.spoken(request)
            with translation.override(language):
                visitor = Visitor(request, language)
                if request.method not in allowed:
                    return not_allowed(visitor, allowed)
                if found is None:
                    return refused(visitor, KeyOfStaffRefused())
                try:
                    response = view(visitor, found, **given)
                except Refusal as refusal:
                    response = refused(visitor, refusal)
                return visitor.leave(response)

        return shown

    return made


def _found(request: HttpRequest, kind: str) -> Station | None:
    return _by_key(request, kind) or _by_device(request, kind)


def _by_key(request: HttpRequest, kind: str) -> Station | None:
    try:
        key = station_keys.read(request.COOKIES.get(f"{KEY_COOKIE}_{kind}", ""), KEPT)
    except KeyOfStaffRefused:
        return None
    site = inventory.locations().get(key.location)
    if key.station != kind or site is None or not staff.opens_to(key.by, station_keys.PART):
        return None
    return Station(kind, site, key.by, key.language if key.language in LANGUAGES else "", key.spot)


def _by_device(request: HttpRequest, kind: str) -> Station | None:
    """An enrolled device of its kind; a kiosk device is a screen."""
    try:
        device = devices.by_token(request.COOKIES.get(DEVICE_COOKIE, ""))
    except DeviceUnknown:
        return None
    site = inventory.locations().get(device.location)
    if device.state != "enrolled" or site is None or {"kiosk": "screen"}.get(device.kind, device.kind) != kind:
        return None
    return Station(kind, site, None, "")


@page()
def come_in(visitor: Visitor, key: str) -> HttpResponse:
    """From the console to a station. Raises KeyOfStaffRefused for a key older than a minute."""
    given = station_keys.read(key, HANDED_OUT)
    if not staff.opens_to(given.by, station_keys.PART):
        raise KeyOfStaffRefused()
    response = go(_address(given))
    _keep(response, f"{KEY_COOKIE}_{given.station}", station_keys.sign(given, KEPT), A_DAY)
    return response


def _address(key: StationKey) -> str:
    return f"{PATH}screen/{key.spot}/" if key.station == "screen" else f"{PATH}{key.station}/"


@page("GET", "HEAD", "POST")
def enrol(visitor: Visitor) -> HttpResponse:
    """Let this device be a board, a door or a screen, by a code from the console."""
    if visitor.request.method != "POST":
        return render(visitor, "enrol.html", told="")
    try:
        tries.enrolling.count_address(visitor.request)
        device_id, token = tills.enrol(reading.text(visitor.request.POST, "code", 40))
    except Refusal as refusal:
        return render(visitor, "enrol.html", refusal.status, told=sentence(refusal))
    kind = devices.device(device_id).kind
    response = go(f"{PATH}{'screens' if kind == 'kiosk' else kind}/")
    _keep(response, DEVICE_COOKIE, token, A_DAY * DEVICE_DAYS)
    return response


def _keep(response: HttpResponse, name: str, value: str, lasts: int) -> None:
    response.set_cookie(name, value, max_age=lasts, path=PATH, secure=settings.SECURE, httponly=True, samesite="Lax")
