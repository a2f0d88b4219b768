"""With https, cookies bear names that only this host can set, and others count for nothing."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from samband.conf.cookies import guarded_cookies


@pytest.fixture
def secure(settings):
    settings.SECURE = True


def left(leave) -> dict[str, str]:
    def answer(_request) -> HttpResponse:
        response = HttpResponse()
        leave(response)
        return response

    response = guarded_cookies(answer)(RequestFactory().get("/"))
    return {name: one.OutputString() for name, one in response.cookies.items()}


def found(**cookies: str) -> dict[str, str]:
    seen = {}
    request = RequestFactory().get("/", headers={"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())})

    def answer(asked) -> HttpResponse:
        seen.update(asked.COOKIES)
        return HttpResponse()

    guarded_cookies(answer)(request)
    return seen


def test_a_cookie_for_all_of_the_host_is_the_hosts_alone(secure) -> None:
    [(name, said)] = left(lambda response: response.set_cookie("samband_cart", "1", httponly=True)).items()
    assert name == "__Host-samband_cart"
    assert "Secure" in said
    assert "Path=/" in said
    assert "Domain" not in said


def test_a_cookie_for_a_part_of_it_comes_from_https_alone(secure) -> None:
    [(name, said)] = left(
        lambda response: response.set_cookie("samband_staff", "1", path="/console/", samesite="Strict", httponly=True)
    ).items()
    assert name == "__Secure-samband_staff"
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/console/"} <= set(said.split("; "))


def test_taking_a_cookie_away_takes_that_very_one(secure) -> None:
    [(name, said)] = left(lambda response: response.delete_cookie("samband_cart", samesite="Lax")).items()
    assert name == "__Host-samband_cart"
    assert {"Max-Age=0", "Secure"} <= set(said.split("; "))


def test_what_comes_under_a_plain_name_is_nobodys(secure) -> None:
    assert found(sessionid="planted") == {}
    assert found(**{"__Host-sessionid": "own", "sessionid": "planted"}) == {"sessionid": "own"}
    assert found(**{"__Secure-samband_staff": "own"}) == {"samband_staff": "own"}
    assert found(**{"__Secure-sessionid": "weaker", "__Host-sessionid": "own"}) == {"sessionid": "own"}


def test_what_scripts_read_keeps_its_name(secure) -> None:
    assert found(samband_choices="1-0") == {"samband_choices": "1-0"}
    assert list(left(lambda response: response.set_cookie("samband_choices", "1-0"))) == ["samband_choices"]


def test_without_https_names_are_plain(settings) -> None:
    settings.SECURE = False
    assert found(sessionid="own") == {"sessionid": "own"}
    assert list(left(lambda response: response.set_cookie("sessionid", "own"))) == ["sessionid"]
