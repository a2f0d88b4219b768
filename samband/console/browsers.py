"""Which browser asks: roughly what and where it is, whether it was here before, and which site it thinks we are."""

import ipaddress
import secrets
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from samband.staff.guessing import Whence
from samband.staff.passkeys import Site

COOKIE = "samband_staff_device"
PATH = "/console/"
SALT = "staff-device"
LASTS_SECONDS = 180 * 24 * 60 * 60
MOST_ACCOUNTS = 8

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("CrOS", "ChromeOS"),
    ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def described(request: HttpRequest) -> str:
    """Browser and system by their names, such as `Firefox · Linux`; what is not known is left out."""
    said = request.headers.get("User-Agent", "")
    found = [next((name for mark, name in known if mark in said), "") for known in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found))


def roughly(request: HttpRequest) -> str:
    """From where, without naming one machine: the network of the address (IPv4 /24, IPv6 /48)."""
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address}/{24 if address.version == 4 else 48}", strict=False))


def whence(request: HttpRequest, email: str) -> Whence:
    """From where a password is tried; a browser that signed in to this account before is known by its name."""
    device, accounts = _remembered(request)
    known = _mark(email) in accounts
    return Whence(address=request.META.get("REMOTE_ADDR", ""), device=device if known else "")


def remember(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Somebody signed in to this account here; the next time, strangers' wrong passwords do not count against them."""
    device, accounts = _remembered(request)
    kept = list(dict.fromkeys([_mark(email), *accounts]))[:MOST_ACCOUNTS]
    response.set_cookie(
        COOKIE,
        signing.dumps([device or secrets.token_urlsafe(12), kept], salt=SALT),
        max_age=LASTS_SECONDS,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def site(request: HttpRequest) -> Site:
    """The site that passkeys are for: the one that is set, or, where there is no https, the one that is asked."""
    origin = settings.SITE_URL.rstrip("/") if settings.SECURE else f"http://{request.get_host()}"
    parts = urlsplit(origin)
    return Site(host=parts.hostname or "", origin=f"{parts.scheme}://{parts.netloc}")


def may_have_passkeys(request: HttpRequest) -> bool:
    """Browsers keep passkeys for names and not for numbers."""
    try:
        ipaddress.ip_address(site(request).host)
    except ValueError:
        return True
    return False


def _remembered(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        device, accounts = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return "", []
    return str(device), list(accounts)


def _mark(email: str) -> str:
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:16]
