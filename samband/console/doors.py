"""Who may come into which part of the console. Every view says its part; one that says none does not open."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode

from samband.kernel.refusal import Forbidden, Refusal

View = Callable[..., HttpResponse]

ANYBODY = "anybody"
"""Said by views that need no sign-in."""

STAFF = "staff member"
"""Said by views for everybody who works here."""


class Person(Protocol):
    """Somebody of the staff, as a request carries them."""

    id: UUID
    email: str
    name: str
    role: str
    location: str
    language: str

    def may(self, part: str, *, change: bool = False) -> bool: ...


def opens(part: str, *, change: bool = False) -> Callable[[View], View]:
    """The view belongs to a part of the console. Whoever sends something must be allowed to change things there.

    With `change`, so must whoever looks. Refusals that a view lets out become pages in words.
    """

    def declared(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            from . import pages

            if request.method not in ("GET", "HEAD", "POST"):
                return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
            member = colleague(request)
            with translation.override(member.language if member else _asked_for(request)):
                if part != ANYBODY and member is None:
                    return _to_sign_in(request)
                if member and not _lets_in(member, part, change or request.method == "POST"):
                    return pages.refused(request, Forbidden())
                try:
                    response = view(request, *args, **kwargs)
                except Refusal as refusal:
                    return pages.refused(request, refusal)
            response.headers["Cache-Control"] = "no-store"
            return response

        guarded.part = part  # type: ignore[attr-defined]
        guarded.change = change  # type: ignore[attr-defined]
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


def _lets_in(member: Person, part: str, change: bool) -> bool:
    return part in (ANYBODY, STAFF) or member.may(part, change=change)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    address = reverse("console:sign-in")
    if request.method == "GET":
        address = f"{address}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _asked_for(request: HttpRequest) -> str:
    return translation.get_language_from_request(request)
