"""Whoever names an address for us to ask leads us out into the open net, and nowhere else."""

import socket
import threading
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samband.kernel import outside
from samband.kernel.outside import NoAnswer, NotOutside, Outside, is_outside

INSIDE = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.127.255.255", "192.0.2.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::", "2002:a9fe:a9fe::1", "fec0::1", "not an address", "",
)  # fmt: skip
OUTSIDE = ("8.8.8.8", "1.1.1.1", "151.101.0.223", "2606:4700::1111", "2a04:4e42::223", "64:ff9b::808:808")


@pytest.mark.parametrize("address", INSIDE)
def test_what_lies_inside_is_not_outside(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_the_open_net_is(address: str) -> None:
    assert is_outside(address)


@given(st.sampled_from(["10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16", "172.16.0.0/12"]).flatmap(
    lambda net: st.ip_addresses(network=net)
))  # fmt: skip
def test_no_address_of_an_inner_net_is_reached_by_another_name(address) -> None:
    packed = int(address)
    for written in (str(address), f"::ffff:{address}", f"64:ff9b::{packed >> 16:x}:{packed & 0xFFFF:x}"):
        assert not is_outside(written)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "//example.com/",
        "https://example.com:22/", "https://example.com:6379/", "https://me:secret@example.com/", "https:///nothing",
        "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://2130706433/",
        "https://0x7f.1/", "https://127.1/", "https://localhost/", "https://example.com:99999/", "https://[::1",
        "https://example.com/\r\nHost: evil", "",
    ],
)  # fmt: skip
def test_what_leads_in_or_is_no_such_address_is_refused(url: str) -> None:
    with pytest.raises(NotOutside):
        Outside().ask(url)


@pytest.fixture
def names(monkeypatch):
    """A resolver that answers as it is told, and how often it was asked."""
    told: dict[str, list[list[str]]] = {}
    asked: list[str] = []

    def look_up(host, port, *_given, **_more):
        asked.append(host)
        answers = told.get(host, [[host]])
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(outside.socket, "getaddrinfo", look_up)
    return told, asked


def test_a_name_that_also_leads_in_is_refused(names) -> None:
    names[0]["two.example"] = [["8.8.8.8", "127.0.0.1"]]
    with pytest.raises(NotOutside):
        Outside().ask("https://two.example/")


def test_a_name_is_looked_up_once_and_asked_where_it_was_looked_at(names, monkeypatch) -> None:
    told, asked = names
    told["turning.example"] = [["8.8.8.8"], ["127.0.0.1"]]
    went_to = []

    def connect(address, *_given):
        went_to.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(outside.socket, "create_connection", connect)
    with pytest.raises(NoAnswer):
        Outside().ask("https://turning.example/")
    assert (asked, went_to) == (["turning.example"], [("8.8.8.8", 443)])


class _Site(BaseHTTPRequestHandler):
    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Host"]))
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest/")
            self.end_headers()
        elif self.path == "/large":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * 5000)
        else:
            self.send_response(200)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"hello")

    def log_message(self, *_given: object) -> None: ...


@pytest.fixture
def site(names, monkeypatch):
    """A site that is taken for one of the open net."""
    server = TCPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    names[0]["site.example"] = [["127.0.0.1"]]
    monkeypatch.setattr(outside, "is_outside", lambda _address: True)
    _Site.asked.clear()
    yield (
        f"http://site.example:{server.server_address[1]}",
        Outside(plain=True, ports=frozenset({server.server_address[1]}), most_bytes=1000),
    )
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_is_there_comes_back(site) -> None:
    address, way = site
    answer = way.ask(f"{address}/page?of=goods")
    assert (answer.status, answer.body) == (200, b"hello")
    assert _Site.asked == [("/page?of=goods", address.removeprefix("http://"))]


def test_a_redirect_is_told_and_not_followed(site) -> None:
    address, way = site
    answer = way.ask(f"{address}/away")
    assert (answer.status, answer.headers["location"]) == (302, "http://169.254.169.254/latest/")
    assert len(_Site.asked) == 1


def test_more_than_is_taken_in_is_no_answer(site) -> None:
    address, way = site
    with pytest.raises(NoAnswer):
        way.ask(f"{address}/large")
