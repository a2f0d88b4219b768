"""Who may come into which part of the console. Every view says its part; one that says none does not open."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode

from samband.kernel.refusal import Forbidden, Refusal
from samband.staff import record

from . import proving

View = Callable[..., HttpResponse]

ANYBODY = "anybody"
"""Said by views that need no sign-in."""

STAFF = "staff member"
"""Said by views for everybody who works here."""

CUSTOMER = "customer"
"""Said by views that show whose data it is: who looks at them goes into the record."""

LOOK = "look"
"""Among the deeds that want a fresh proof: looking itself does."""

LENGTH_OF_ID = 36
_DEED = re.compile(r"[a-z-]{1,40}")


class Person(Protocol):
    """Somebody of the staff, as a request carries them."""

    id: UUID
    email: str
    name: str
    role: str
    location: str
    language: str

    def may(self, part: str, *, change: bool = False) -> bool: ...


def opens(
    part: str, *, change: bool = False, sees: str = "", proved: tuple[str, ...] = (), unenrolled: bool = False
) -> Callable[[View], View]:
    """The view belongs to a part of the console. Whoever sends something must be allowed to change things there.

    With `change`, so must whoever looks. `sees` says whose personal data it shows (CUSTOMER), if anybody's. The deeds
    in `proved` are done for somebody who proved a short while ago who they are. `unenrolled`: it also opens to those
    who still have to set up a second factor. Refusals that a view lets out become pages in words.
    """

    def declared(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in ("GET", "HEAD", "POST"):
                return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
            member = colleague(request)
            actor = record.member(member.id) if member else record.NOBODY
            with (
                translation.override(member.language if member else _asked_for(request)),
                record.acting(actor, "console"),
            ):
                if part != ANYBODY and member is None:
                    return _to_sign_in(request)
                if member and part != ANYBODY and not unenrolled and proving.must_enrol(request):
                    return _go(request, reverse("console:my-sign-in"))
                if member and not _lets_in(member, part, change or request.method == "POST"):
                    return _shut(request, kwargs)
                if member and _wants_proof(request, proved):
                    return _to_prove(request)
                response = _noted(request, view, args, kwargs, sees if member else "")
            response.headers["Cache-Control"] = "no-store"
            return response

        guarded.part = part  # type: ignore[attr-defined]
        guarded.change = change  # type: ignore[attr-defined]
        guarded.sees = sees  # type: ignore[attr-defined]
        guarded.proved = proved  # type: ignore[attr-defined]
        return guarded

    return declared


def colleague(request: HttpRequest) -> Person | None:
    """Who has come in, if anybody."""
    return cast(Person, request.user) if request.user.is_authenticated else None


def me(request: HttpRequest) -> Person:
    """Who has come in, in a view that only staff reach."""
    found = colleague(request)
    assert found is not None
    return found


def about(request: HttpRequest, *subjects: str) -> None:
    """Whom else the page shows, besides what its address says: `customer:…`, `order:…`. For the record."""
    request.shown = (*getattr(request, "shown", ()), *subjects)  # type: ignore[attr-defined]


def _lets_in(member: Person, part: str, change: bool) -> bool:
    return part in (ANYBODY, STAFF) or member.may(part, change=change)


def _shut(request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse:
    from . import pages

    record.refused(_deed(request), Forbidden.code, _named(kwargs))
    return pages.refused(request, Forbidden())


def _wants_proof(request: HttpRequest, proved: tuple[str, ...]) -> bool:
    deed = request.POST.get("deed", "") if request.method == "POST" else LOOK
    return deed in proved and not proving.is_fresh(request)


def _noted(request: HttpRequest, view: View, args: Any, kwargs: dict[str, Any], sees: str) -> HttpResponse:
    """Do as asked, and write down who did or saw it: a deed before it is done, a look once it was given."""
    from . import pages

    deed, note = _deed(request), None
    if request.method == "POST" and colleague(request):
        note = record.did(deed, [*_named(kwargs), *_ids(request)])
    try:
        response = view(request, *args, **kwargs)
    except Refusal as refusal:
        response = pages.refused(request, refusal)
    code = getattr(request, "refused_as", "")
    if note and code:
        record.refused(deed, code, _named(kwargs), refuses=note)
    elif sees and response.status_code == 200:
        record.saw(deed, [*_named(kwargs), *getattr(request, "shown", ())])
    return response


def _deed(request: HttpRequest) -> str:
    """What is asked, as the record calls it: the address by its name, and which form of it was sent."""
    match = request.resolver_match
    page = match.view_name if match else "console"
    if request.method != "POST":
        return page
    deed = request.POST.get("deed", "")
    return f"{page} {deed}" if _DEED.fullmatch(deed) else page


def _named(kwargs: dict[str, Any]) -> list[str]:
    """What the address speaks of."""
    return [f"{_SAID.get(name, name.removesuffix('_id'))}:{value}" for name, value in kwargs.items()]


_SAID = {"number": "order-number", "card_id": "gift-card", "request_id": "privacy-request"}


def _ids(request: HttpRequest) -> list[str]:
    """The ids that a form holds; nothing else of it is written down."""
    found = []
    for name, value in request.POST.items():
        if name != "key" and len(value) == LENGTH_OF_ID:
            try:
                found.append(f"{name[:40]}:{UUID(str(value))}")
            except ValueError:
                continue
    return found


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    return _go(request, reverse("console:sign-in"), _came_from(request) if request.method == "GET" else "")


def _to_prove(request: HttpRequest) -> HttpResponse:
    """Whoever was about to do it proves themselves, comes back to the page, and does it."""
    return _go(request, reverse("console:sure"), _came_from(request))


def _came_from(request: HttpRequest) -> str:
    return request.get_full_path()


def _go(request: HttpRequest, address: str, onward: str = "") -> HttpResponse:
    if onward:
        address = f"{address}?{urlencode({'next': onward})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _asked_for(request: HttpRequest) -> str:
    return translation.get_language_from_request(request)
