"""With https, cookies of ours bear names that no other site and no page by http can set."""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

HOST, SECURELY = "__Host-", "__Secure-"
"""Browsers take the first from this very host and for all of it alone, the second from https alone."""

READ_BY_SCRIPTS = frozenset({"samband_choices"})
"""What a visitor chose, which is no secret: a script of ours looks it up by its plain name."""


def guarded_cookies(answer: Answer) -> Answer:
    """Cookies go by their plain names within; what comes from outside under a plain name is nobody's."""

    def guarded(request: HttpRequest) -> HttpResponse:
        if not settings.SECURE:
            return answer(request)
        request.COOKIES = _plain(request.COOKIES)
        response = answer(request)
        for name in response.cookies.keys() - READ_BY_SCRIPTS:
            _guard(response, name)
        return response

    return guarded


def _plain(cookies: Mapping[str, str]) -> dict[str, str]:
    found = {name: value for name, value in cookies.items() if name in READ_BY_SCRIPTS}
    for prefix in (SECURELY, HOST):
        found |= {name.removeprefix(prefix): value for name, value in cookies.items() if name.startswith(prefix)}
    return found


def _guard(response: HttpResponse, name: str) -> None:
    cookie = response.cookies.pop(name)
    guarded = f"{HOST if cookie['path'] == '/' and not cookie['domain'] else SECURELY}{name}"
    response.cookies[guarded] = cookie.value
    response.cookies[guarded].update({**cookie, "secure": True})
