"""The program's own files are what they say they are, packed for whoever can unpack them, and fetched once."""

import gzip

import pytest
from django.conf import settings

from samband.conf.assets import TYPES, Assets
from samband.conf.templates import asset
from samband.kernel.packing import takes_gzip

from .test_media import ask

STATIC = settings.BASE / "static"


@pytest.fixture(scope="module")
def assets():
    return Assets(STATIC)


def test_every_file_is_what_it_says_it_is(assets) -> None:
    served = {}
    for file in STATIC.rglob("*"):
        if file.is_file() and file.suffix != ".md":
            status, headers, body = ask(assets, f"/static/{file.relative_to(STATIC)}")
            assert (status, body) == ("200 OK", file.read_bytes()), file
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
            served[file.suffix] = headers["Content-Type"]
    assert served == TYPES


def test_what_is_packed_is_the_same(assets) -> None:
    plain = ask(assets, "/static/shop/shop.css")
    packed = ask(assets, "/static/shop/shop.css", HTTP_ACCEPT_ENCODING="br, gzip;q=0.8")
    assert packed[1]["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed[2]) == plain[2]
    assert len(packed[2]) == int(packed[1]["Content-Length"]) < len(plain[2])
    assert packed[1]["ETag"] != plain[1]["ETag"]
    assert "Content-Encoding" not in ask(assets, "/static/pos/icon-192.png", HTTP_ACCEPT_ENCODING="gzip")[1]


def test_a_page_keeps_its_files_for_good_and_asks_for_others_anew(assets) -> None:
    path, _, mark = asset("shop/shop.css").partition("?")
    assert "immutable" in ask(assets, path, QUERY_STRING=mark)[1]["Cache-Control"]
    assert ask(assets, path, QUERY_STRING="0" * 12)[1]["Cache-Control"] == "no-cache"
    assert ask(assets, "/static/pos/money.js")[1]["Cache-Control"] == "no-cache"
    tag = ask(assets, path, HTTP_ACCEPT_ENCODING="gzip")[1]["ETag"]
    assert ask(assets, path, HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=tag)[::2] == ("304 Not Modified", b"")
    assert ask(assets, path, "HEAD")[::2] == ("200 OK", b"")


ELSEWHERE = ("../conf/settings.py", "shop/../../conf/settings.py", "/etc/passwd", "shop/shop.css\x00", "shop//shop.css")


@pytest.mark.parametrize("path", ["", "shop", "shop/", "pos/README.md", *ELSEWHERE])
def test_nothing_else_is_to_be_had(assets, path) -> None:
    assert ask(assets, f"/static/{path}")[0] == "404 Not Found"


def test_nothing_can_be_written_there(assets) -> None:
    assert ask(assets, "/static/shop/shop.css", "PUT")[0] == "405 Method Not Allowed"


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("", False),
        ("gzip", True),
        ("gzip, deflate, br", True),
        ("GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0, *", False),
        ("br;q=1.0, *;q=0.1", True),
        ("identity, *;q=0", False),
        ("xgzip", False),
        ("gzip;q=many", False),
    ],
)
def test_only_who_can_unpack_is_sent_what_is_packed(accepted, taken) -> None:
    assert takes_gzip(accepted) is taken
