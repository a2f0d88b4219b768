"""Asking something of an address that somebody else named.

An address from outside may lead back in: to this machine, to its neighbours, to the cloud's own addresses, by its name
or by a redirect, or by a name that means something else the second time it is looked up. So the name is looked up once,
every address behind it must be one of the open net, and the connection goes to that very address. One request is made
and no more: a redirect is handed back as the answer it is.

Vendors' own clients ask the addresses that stand in the environment and do not come this way.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from .refusal import Forbidden, Unavailable

SECONDS = 10.0
MOST_BYTES = 10 * 1024 * 1024
PORTS = {"https": 443, "http": 80}
_CHUNK = 64 * 1024
_SHARED = ipaddress.ip_network("100.64.0.0/10")
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotOutside(Forbidden):
    """This address does not lead out into the open net."""

    code = "address_not_outside"


class NoAnswer(Unavailable):
    """Nobody answered there, or not in time, or with more than is taken in."""

    code = "no_answer_from_outside"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: its status, its headers by their names in lower case, and its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Outside:
    """Asks with these bounds. `ports` are those that may be asked; `plain` lets http be asked as well as https."""

    seconds: float = SECONDS
    most_bytes: int = MOST_BYTES
    plain: bool = False
    ports: frozenset[int] = field(default=frozenset(PORTS.values()))

    def ask(
        self, url: str, method: str = "GET", body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request. Raises NotOutside, NoAnswer."""
        ends_at = time.monotonic() + self.seconds
        parts, port = self._parts(url)
        host = parts.hostname or ""
        connection = _Pinned(host, port, outside_address(host, port), parts.scheme == "https", self.seconds)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        try:
            connection.request(method, target, body, dict(headers or {}))
            answer = connection.getresponse()
            said = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, said, self._read(answer, connection, ends_at))
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NoAnswer() from error
        finally:
            connection.close()

    def _parts(self, url: str) -> tuple[SplitResult, int]:
        try:
            parts = urlsplit(url)
            port = parts.port or PORTS.get(parts.scheme, 0)
        except ValueError as error:
            raise NotOutside() from error
        schemes = {"https", "http"} if self.plain else {"https"}
        odd = any(sign <= " " or sign == "\x7f" for sign in url)
        if parts.scheme not in schemes or port not in self.ports or not parts.hostname or "@" in parts.netloc or odd:
            raise NotOutside()
        return parts, port

    def _read(self, answer: http.client.HTTPResponse, connection: "_Pinned", ends_at: float) -> bytes:
        """The body, as it comes: somebody who sends it drop by drop holds nobody up for longer than was said."""
        found = bytearray()
        while part := answer.read1(_CHUNK):
            found += part
            left = ends_at - time.monotonic()
            if len(found) > self.most_bytes or left <= 0:
                raise NoAnswer()
            if connection.sock is not None:
                connection.sock.settimeout(left)
        return bytes(found)


def outside_address(host: str, port: int) -> str:
    """The address behind a name, when all that are behind it lie in the open net. Raises NotOutside, NoAnswer."""
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise NoAnswer() from error
    if not found or not all(is_outside(one) for one in found):
        raise NotOutside()
    return min(found, key=lambda one: (":" in one, one))


def is_outside(address: str) -> bool:
    """Whether this is an address of the open net, and no other within it: mapped, translated or tunnelled."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_is_open(one) for one in (found, *_within(found)))


def _within(address: Address) -> tuple[Address, ...]:
    """The addresses of the old net that one of the new net stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    held = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _TRANSLATED:
        held.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return tuple(one for one in held if one is not None)


def _is_open(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped or address in _TRANSLATED):
        return True  # what it stands for is looked at by itself
    if isinstance(address, ipaddress.IPv6Address) and address.is_site_local:
        return False
    closed = address.is_multicast or address.is_reserved or address.is_loopback or address.is_link_local
    return address.is_global and not closed and address not in _SHARED


class _Pinned(http.client.HTTPConnection):
    """Goes to the address that was looked at, by the name that was asked for."""

    def __init__(self, host: str, port: int, address: str, secure: bool, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._address = address
        self._secure = secure

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        if self._secure:
            self.default_port = 443
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        else:
            self.sock = plain
