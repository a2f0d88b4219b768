"""The staff's session is not the shopper's: a cookie of its own, that is sent to the console only."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from samband.staff.session_store import LASTS, SessionStore

from . import browsers

COOKIE = "samband_staff"
PATH = "/console/"
LASTS_SECONDS = int(LASTS.total_seconds())
LIVE = "-live"
"""How addresses end by which a page looks for news by itself: then nobody need be there."""

Answer = Callable[[HttpRequest], HttpResponse]


def staff_session(answer: Answer) -> Answer:
    """Under the console's address, let `request.session` be the staff's."""

    def apart(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PATH):
            return answer(request)
        shoppers, staffs = request.session, SessionStore(request.COOKIES.get(COOKIE))
        staffs.agent, staffs.address = browsers.described(request), browsers.roughly(request)
        request.session = staffs
        try:
            response = answer(request)
            _keep(request, staffs, response)
        finally:
            request.session = shoppers
        return response

    return apart


def _keep(request: HttpRequest, session: SessionStore, response: HttpResponse) -> None:
    if session.accessed:
        patch_vary_headers(response, ("Cookie",))
    if session.is_empty():
        if COOKIE in request.COOKIES:
            response.delete_cookie(COOKIE, path=PATH, samesite="Strict")
        return
    if not session.modified or response.status_code == 500:
        if not (request.resolver_match and str(request.resolver_match.url_name).endswith(LIVE)):
            session.see()
        return
    try:
        session.save()
    except UpdateError:
        return  # they signed out in another window in the meantime
    response.set_cookie(
        COOKIE,
        str(session.session_key),
        max_age=LASTS_SECONDS,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
