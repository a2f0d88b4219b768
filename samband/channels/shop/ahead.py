"""Kept pages go out before anything is made ready for a visitor: whoever brings no cookie has nothing of their own."""

from collections.abc import Callable
from weakref import WeakValueDictionary

from django.db import Error
from django.http import HttpRequest, HttpResponse

from samband.kernel.refusal import Refusal

from .keeping import Kept, KeptAnswer

Answer = Callable[[HttpRequest], HttpResponse]

_pages: WeakValueDictionary[tuple[str | None, str], Kept] = WeakValueDictionary()
"""By scheme and address; each is here for as long as its shelf keeps it."""


def kept_pages(answer: Answer) -> Answer:
    """Answer with what a shelf keeps and trusts, as everything behind this layer answered before."""

    def ahead(request: HttpRequest) -> HttpResponse:
        if not _is_nobody(request):
            return answer(request)
        address = (request.scheme, request.get_full_path())
        kept = _pages.get(address)
        if kept is not None and _is_true(kept):
            request.resolver_match = kept.route
            return kept.answer(request)
        response = answer(request)
        if isinstance(response, KeptAnswer) and not response.cookies:
            response.kept.note_around(response, request.resolver_match)
            _pages[address] = response.kept
        return response

    return ahead


def _is_true(kept: Kept) -> bool:
    try:
        return kept.is_true()
    except (Error, Refusal):
        return False  # whoever makes the page says what is wrong


def forget() -> None:
    """Let every page come from its shelf again."""
    _pages.clear()


def _is_nobody(request: HttpRequest) -> bool:
    """Whether this is a visitor of whom we know nothing, who asks for a whole page."""
    meta = request.META
    return request.method == "GET" and not meta.get("HTTP_COOKIE") and not meta.get("HTTP_HX_REQUEST")
