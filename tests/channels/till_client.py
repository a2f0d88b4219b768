"""A till as the server sees it: keeps its cookies, sends its header, and makes a key for each deed."""

from typing import Any
from uuid import UUID, uuid4

import msgspec
from django.test import Client

from samband.channels.pos import keys
from tests.commerce.till import PIN, Till


class TillClient:
    """A browser at the till. `status` is that of the last answer."""

    def __init__(self, till: Till | None = None, **more: Any) -> None:
        self.client = Client(**more)
        self.till = till
        self.status = 0
        self.response: Any = None
        if till:
            self.client.cookies[keys.DEVICE] = till.token

    def sign_in(self, member_id: UUID | None = None) -> "TillClient":
        assert self.till
        self.post("sign-in", {"member_id": str(member_id or self.till.cashier_id), "pin": PIN})
        assert self.status == 200, self.response.content
        return self

    def get(self, path: str, **headers: str) -> Any:
        return self._read(self.client.get(f"/pos/api/{path}", headers=headers or None))

    def post(self, path: str, body: Any = None, key: str | None = None, **headers: str) -> Any:
        return self._read(
            self.client.post(
                f"/pos/api/{path}",
                data=msgspec.json.encode({} if body is None else body),
                content_type="application/json",
                headers={"X-Samband-Till": "1", "Idempotency-Key": key or str(uuid4()), **headers},
            )
        )

    def _read(self, response: Any) -> Any:
        self.response, self.status = response, response.status_code
        kind = response.headers.get("Content-Type", "")
        return msgspec.json.decode(response.content) if "json" in kind and response.content else response.content
