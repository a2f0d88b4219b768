"""Files below /static/: the program's own, held in memory, packed once, and served so that no browser takes one for
anything else than it is.
"""

import gzip
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samband.kernel.packing import takes_gzip

PREFIX = "/static/"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".LICENSE": "text/plain; charset=utf-8",
}
PACKED_ALREADY = frozenset({".png", ".woff2"})
SAFE = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "same-origin"),
    ("Vary", "Accept-Encoding"),
)

FOR_GOOD = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
ASKED_AGAIN = "no-cache"
PROGRAM = frozenset({".css", ".js", ".wasm"})
"""Must fit the page that asks for it, so that without its mark it is asked about each time."""

StartResponse = Callable[[str, list[tuple[str, str]]], object]


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, as it is and packed; `mark` tells one content from another."""

    kind: str
    mark: str
    content: bytes
    packed: bytes | None
    lasts: str


class Assets:
    """The files of a folder as a WSGI callable; they are read once."""

    def __init__(self, root: Path) -> None:
        self._files = {str(file.relative_to(root)): _read(file) for file in root.rglob("*") if file.suffix in TYPES}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return _empty(start_response, "405 Method Not Allowed", [("Allow", "GET, HEAD")])
        asset = self._files.get(environ["PATH_INFO"].removeprefix(PREFIX))
        if asset is None:
            return _empty(start_response, "404 Not Found", [])
        packed = asset.packed if takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) else None
        tag = f'"{asset.mark}{"" if packed is None else "-gzip"}"'
        lasts = FOR_GOOD if environ.get("QUERY_STRING") == asset.mark else asset.lasts
        headers = [("Cache-Control", lasts), ("ETag", tag), *SAFE]
        if environ.get("HTTP_IF_NONE_MATCH") == tag:
            start_response("304 Not Modified", headers)
            return []
        content = asset.content if packed is None else packed
        headers += [("Content-Type", asset.kind), ("Content-Length", str(len(content)))]
        start_response("200 OK", headers if packed is None else [*headers, ("Content-Encoding", "gzip")])
        return [content] if method == "GET" else []


def mark_of(content: bytes) -> str:
    """What tells this content from any other, for its address and its ETag."""
    return hashlib.blake2b(content, digest_size=6).hexdigest()


def _read(file: Path) -> Asset:
    content = file.read_bytes()
    packed = None if file.suffix in PACKED_ALREADY else gzip.compress(content, mtime=0)
    return Asset(
        kind=TYPES[file.suffix],
        mark=mark_of(content),
        content=content,
        packed=packed if packed is not None and len(packed) < len(content) else None,
        lasts=ASKED_AGAIN if file.suffix in PROGRAM else A_DAY,
    )


def _empty(start_response: StartResponse, status: str, headers: list[tuple[str, str]]) -> Iterable[bytes]:
    start_response(status, [("Content-Length", "0"), *headers, *SAFE])
    return []
