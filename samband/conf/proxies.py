"""Who is really asking, when proxies of ours stand before us.

Each proxy adds the address that it was asked from at the end of X-Forwarded-For. Of that list only as many entries are
believed as there are proxies of ours; whatever stands before them a visitor may have written.
"""

import ipaddress

FORWARDED_FOR, FORWARDED_PROTO = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"


def visitor(peer: str, forwarded_for: str, proxies: int) -> str:
    """The address that the outermost proxy of ours was asked from; `peer` is who asked us.

    A request that came past fewer proxies than there are, or with something else than addresses, is its peer's.
    """
    entry = nth_from_the_end(forwarded_for, proxies)
    return (_address(entry) if entry is not None else None) or peer


def scheme(own: str, forwarded_proto: str, proxies: int) -> str:
    """Whether the visitor came by http or https. A proxy says it of the way to itself; some set it once for all."""
    said = nth_from_the_end(forwarded_proto, proxies) or nth_from_the_end(forwarded_proto, min(proxies, 1))
    return said.lower() if said and said.lower() in ("http", "https") else own


def nth_from_the_end(header: str, n: int) -> str | None:
    """The nth of a list of entries, counted from its end, beginning with 1; None where there are not so many."""
    entries = [one.strip() for one in header.split(",")] if header else []
    return entries[-n] if 1 <= n <= len(entries) else None


def _address(entry: str) -> str | None:
    """An address as it may be written: alone, in brackets, or with a port."""
    bare = entry.strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return None
