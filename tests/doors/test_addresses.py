"""Who asks is who really asks: nobody writes another address above their own."""

import ipaddress

import pytest
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from samband.conf import environment, proxies
from samband.conf.middleware import behind_proxies
from samband.tries.rules import network_of

addresses = st.ip_addresses().map(str)


@given(addresses, st.text(max_size=60))
def test_without_proxies_of_ours_nothing_that_is_said_is_believed(peer: str, said: str) -> None:
    assert proxies.visitor(peer, said, 0) == peer
    assert proxies.scheme("http", said, 0) == "http"


@given(addresses, addresses, st.lists(addresses, max_size=4), st.integers(1, 4), st.text(max_size=40))
def test_whatever_a_visitor_writes_before_what_our_proxies_add_changes_nothing(
    peer: str, visitor: str, inner: list[str], proxied: int, lie: str
) -> None:
    added = [visitor, *(inner + [peer] * proxied)[: proxied - 1]]
    honest, lying = ", ".join(added), ", ".join([lie, *added])
    assert proxies.visitor(peer, honest, proxied) == proxies.visitor(peer, lying, proxied) == visitor


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ('"[2001:db8::1]"', "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("unknown", "10.0.0.1"),
        ("_hidden", "10.0.0.1"),
        ("<script>", "10.0.0.1"),
        ("", "10.0.0.1"),
        ("9.9.9.9, ", "10.0.0.1"),
    ],
)
def test_what_a_proxy_writes_is_read_and_what_is_no_address_is_the_peers(said: str, found: str) -> None:
    assert proxies.visitor("10.0.0.1", said, 1) == found


def test_a_request_past_fewer_proxies_than_there_are_is_its_peers() -> None:
    assert proxies.visitor("10.0.0.1", "203.0.113.7", 2) == "10.0.0.1"


@pytest.mark.parametrize(
    ("said", "many", "scheme"),
    [
        ("https", 1, "https"),
        ("HTTPS", 1, "https"),
        ("https, http", 1, "http"),
        ("https, http", 2, "https"),
        ("https", 2, "https"),
        ("gopher", 1, "http"),
        ("", 1, "http"),
    ],
)
def test_the_scheme_is_what_our_proxies_say(said: str, many: int, scheme: str) -> None:
    assert proxies.scheme("http", said, many) == scheme


def test_a_request_knows_where_it_came_from(settings) -> None:
    seen = []

    def answer(request):
        seen.append((request.META["REMOTE_ADDR"], request.is_secure()))

    asked = {"HTTP_X_FORWARDED_FOR": "6.6.6.6, 203.0.113.7", "HTTP_X_FORWARDED_PROTO": "https"}
    for many in (0, 1):
        settings.PROXIES = many
        behind_proxies(answer)(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", **asked))
    assert seen == [("10.0.0.1", False), ("203.0.113.7", True)]


@pytest.mark.parametrize("said", ["-1", "two", "11", "1.5", "", "٣"])
def test_a_number_of_proxies_that_is_none_is_told(monkeypatch, said: str) -> None:
    monkeypatch.setenv("SAMBAND_PROXIES", said)
    with pytest.raises(environment.Misconfigured, match="SAMBAND_PROXIES"):
        environment.proxies()


@given(st.ip_addresses(v=6))
def test_one_subscriber_is_one_however_many_addresses_they_have(address: ipaddress.IPv6Address) -> None:
    if address.ipv4_mapped:
        assert network_of(str(address)) == str(address.ipv4_mapped)
        return
    neighbour = ipaddress.IPv6Address(int(address) ^ 0xFFFF)
    assert network_of(str(address)) == network_of(str(neighbour))
    elsewhere = ipaddress.IPv6Address(int(address) ^ (1 << 64))
    assert elsewhere.ipv4_mapped or network_of(str(address)) != network_of(str(elsewhere))


def test_limits_are_each_visitors_own_behind_a_proxy(transactional_db, settings) -> None:
    settings.PROXIES = 1

    def knock(address: str) -> int:
        return Client().post(
            "/pos/api/enrol", '{"code":"AAAA-AAAA"}', content_type="application/json",
            headers={"X-Samband-Till": "1", "X-Forwarded-For": address},
        ).status_code  # fmt: skip

    assert [knock(f"9.9.9.{turn}, 203.0.113.7") for turn in range(11)][-1] == 429
    assert knock("203.0.113.8") != 429
