"""A client of the tracking API that calls the door as a WSGI server would."""

import base64
import gzip
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from samband.channels.capture.door import Door
from samband.channels.capture.keys import Keys
from samband.channels.capture.storing import Store, alone
from samband.customers.touchpoints import commands


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str | None:
        return self.json.get("code")


class Client:
    """Sends with a write key, by Basic unless told otherwise."""

    def __init__(self, key: str, store: Store = alone, address: str = "https://shop.example") -> None:
        self.key = key
        self.door = Door(store, Keys(), lambda: address)

    def ask(
        self, path: str, body: bytes = b"", method: str = "POST", headers: Mapping[str, str] | None = None
    ) -> Answer:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        for name, value in (headers or {}).items():
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        said: list[Any] = []
        told = b"".join(self.door(environ, lambda status, given: said.extend((status, given))))
        names = [name.lower() for name, _ in said[1]]
        assert len(names) == len(set(names))
        return Answer(int(said[0].split()[0]), dict(said[1]), told)

    def post(self, path: str, told: Any, headers: Mapping[str, str] | None = None) -> Answer:
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        return self.ask(path, body, headers={"Authorization": basic(self.key), **(headers or {})})

    def batch(self, *items: Any, **more: Any) -> Answer:
        return self.post("/v1/batch", {"batch": list(items), **more})

    def packed(self, *items: Any) -> Answer:
        body = gzip.compress(json.dumps({"batch": list(items)}).encode())
        return self.post("/v1/batch", body, {"Content-Encoding": "gzip"})


def basic(key: str) -> str:
    return f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"


def server_source(slug: str = "erp", **how: Any) -> str:
    """The key of a new source of the kind server."""
    return commands.open_source(slug, slug.upper(), "server", **how)[1]


def browser_source(slug: str = "web", **how: Any) -> str:
    return commands.open_source(slug, slug.upper(), "browser", **{"needs_consent": False, **how})[1]


def track(nth: int | str = 1, event: str = "Product Viewed", **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": event, "anonymousId": "visitor-1", "messageId": f"m-{nth}", **more}
