"""Whom a count is kept for."""

import hashlib
import hmac
import ipaddress


def whose(key: bytes, what: str, who: str) -> bytes:
    """Stands for somebody who tries something: who has the table alone finds nobody by it."""
    return hmac.digest(key, f"tries\0{what}\0{who}".encode(), hashlib.sha256)[:16]


def network_of(address: str) -> str:
    """Whose tries those from this address are: itself, or of IPv6 the /64 that one subscriber has for themselves."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "nowhere"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)).network_address)
    return str(found)
