"""Words typed into the shop's search, some of them mistyped, beside a page of the same size from memory."""

import os

from .assortment import LANGUAGE, MARKET
from .house import BenchFailed, House, Server, fresh_house, serving
from .measuring import Measured, measure
from .memory import NOTE, ask, beside, from_memory, put_aside
from .report import Report, machine
from .words import ONE_IN_NEW, REPEATED, searches, weights

PATH_OF_SEARCH = f"/{LANGUAGE}-{MARKET.lower()}/search/"

NOTES = (
    f"Up to {REPEATED} different searches are typed by Zipf's law (the n-th a n-th as often as the first): a thing,"
    " often with what it is made of, its collection or how it looks; one in ten is mistyped. Clients have no cookies.",
    f"One search in {ONE_IN_NEW} is one that hardly anybody has typed before. The shop has been open for a while: as"
    " many searches came before as in twice the time that is measured.",
    "Each process keeps the two thousand pages that were asked for last; what they say of catalog, prices and stock is"
    " at most a second old. `written_anew` are searches that hardly anybody has typed before, each looked up in the"
    " index, put right where it is mistyped, its stock asked for, and its page written.",
    "Clients, server and database share the same cores; the clients are separate processes with raw sockets.",
    NOTE,
    "The bytes from memory are those of the results page whose size is nearest to the mean of what was answered.",
)


def search(
    products: int = 1000, clients: int = 16, workers: int | None = None, warm_up: float = 3.0, seconds: float = 10.0
) -> Report:
    """Measure it. Raises BenchFailed when hardly anything is found."""
    workers = workers or os.cpu_count() or 1
    typed = searches(products)
    with fresh_house(products) as house:
        kept = house.home / "page"
        with serving(house, workers) as server:
            length = len(put_aside(server, _typical(server, typed), kept))
            found(house, server, typed, products, clients, warm_up, seconds * 2)
            ours = found(house, server, typed, products, clients, 0.5, seconds)
            anew = found(house, server, typed, products, clients, warm_up, seconds, anew=True)
        limit, floor = from_memory(house, workers, kept, clients, warm_up, seconds)
    return Report(
        name="search",
        unit="pages/s",
        ours=ours.rate,
        limit=limit.rate,
        limit_name="bare render",
        p50_ms=ours.p50_ms,
        p99_ms=ours.p99_ms,
        machine=machine(),
        cpu_ms_per_unit=ours.cpu_ms,
        queries_per_unit=ours.transactions,
        about={
            "pages": len(ours.took),
            "seconds": seconds,
            "clients": clients,
            "workers": workers,
            "products": products,
            "searches": len(typed),
            "page_bytes": length,
            "limit_p50_ms": limit.p50_ms,
            "limit_p99_ms": limit.p99_ms,
            "limit_cpu_ms_per_page": limit.server_cpu_ms,
            "written_anew": beside(anew, limit),
            "floor": round(floor.rate, 3),
        },
        notes=NOTES,
    )


def found(
    house: House,
    server: Server,
    typed: list[str],
    products: int,
    clients: int,
    warm_up: float,
    seconds: float,
    *,
    anew: bool = False,
) -> Measured:
    """What so many clients find with these words, or with others each time."""
    job = {"kind": "searches", "path": PATH_OF_SEARCH, "searches": typed, "products": products, "anew": anew}
    return measure(house, server, job, clients, warm_up, seconds)


def _typical(server: Server, typed: list[str]) -> str:
    """The address of a page about as large as the mean of what is asked for."""
    sizes: dict[str, int] = {}
    shares = weights(len(typed))
    for words in typed[:LOOKED_AT]:
        path = f"{PATH_OF_SEARCH}?q={words.replace(' ', '+')}"
        status, _, body = ask(server, path)
        if status != 200:
            raise BenchFailed(f"{path} answers {status}.")
        sizes[path] = len(body)
    if len(set(sizes.values())) < 2 <= len(sizes):
        raise BenchFailed("Whatever is looked for, the same is found.")
    before = 0.0
    mean, total = 0.0, shares[len(sizes) - 1]
    for share, size in zip(shares, sizes.values(), strict=False):
        mean += size * (share - before) / total
        before = share
    return min(sizes, key=lambda path: abs(sizes[path] - mean))


LOOKED_AT = 200
"""So many of the most frequent searches, which are three quarters of all, tell how large a page is on average."""
