"""Files below /media/: what was uploaded, looked into before it was kept, and served so that it can do nothing.

They do not go through the server's own road for files, which cannot say how a browser is to take them. A picture opened
by itself runs no script and loads nothing, and no browser takes it for anything else than it is.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

PREFIX = "/media/"
TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "glb": "model/gltf-binary",
}
_PATH = re.compile(r"(?:[A-Za-z0-9_-]{1,64}/){1,3}[A-Za-z0-9_-]{1,100}\.(svg|png|jpg|webp|glb)")
_NAMED_BY_CONTENT = re.compile(r"[0-9a-f]{2}/[0-9a-f]{40}\.\w+")
SAFE = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Referrer-Policy", "same-origin"),
)
"""Pictures may be shown by mails and other sites. A drawing may have styles of its own, and nothing else."""

StartResponse = Callable[[str, list[tuple[str, str]]], object]


class Media:
    """The files of a folder as a WSGI callable."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return _empty(start_response, "405 Method Not Allowed", [("Allow", "GET, HEAD")])
        path = environ["PATH_INFO"].removeprefix(PREFIX)
        known = _PATH.fullmatch(path)
        content = self._read(path) if known else None
        if known is None or content is None:
            return _empty(start_response, "404 Not Found", [])
        tag = f'"{path}-{len(content)}"'
        lasts = "public, max-age=31536000, immutable" if _NAMED_BY_CONTENT.fullmatch(path) else "public, max-age=3600"
        headers = [("Cache-Control", lasts), ("ETag", tag), *SAFE]
        if environ.get("HTTP_IF_NONE_MATCH") == tag:
            start_response("304 Not Modified", headers)
            return []
        start_response("200 OK", [("Content-Type", TYPES[known[1]]), ("Content-Length", str(len(content))), *headers])
        return [content] if method == "GET" else []

    def _read(self, path: str) -> bytes | None:
        """What lies there, and not where a link would lead out of the folder."""
        file = self.root / path
        try:
            if not file.resolve().is_relative_to(self.root.resolve()):
                return None
            return file.read_bytes()
        except OSError:
            return None


def _empty(start_response: StartResponse, status: str, headers: list[tuple[str, str]]) -> Iterable[bytes]:
    start_response(status, [("Content-Length", "0"), *headers, *SAFE])
    return []
