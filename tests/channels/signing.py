"""Signing as other shops do, written from RFC 2104 and not from our own code."""

import base64
import hashlib
import json
from typing import Any

from django.test import Client

BLOCK_BYTES = 64


def signature(secret: str, body: bytes) -> str:
    """Base64 of HMAC-SHA256: H((K xor opad) || H((K xor ipad) || text))."""
    key = secret.encode()
    if len(key) > BLOCK_BYTES:
        key = hashlib.sha256(key).digest()
    key = key.ljust(BLOCK_BYTES, b"\x00")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + body).digest()
    return base64.b64encode(hashlib.sha256(bytes(byte ^ 0x5C for byte in key) + inner).digest()).decode()


def hook_setting(name: str) -> str:
    """The setting in which the secret of this name stands."""
    return "SAMBAND_HOOK_" + name


class Sender:
    """Another shop that sends us notices. `status` and `said` are of the last answer."""

    def __init__(self, address: str, topic_header: str, signature_header: str, secret: str) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.address = address
        self.topic_header = topic_header
        self.signature_header = signature_header
        self.secret = secret

    def send(self, topic: str, body: Any, *, signed: str | None = None, **headers: str) -> int:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signed = signature(self.secret, raw) if signed is None else signed
        given = {self.topic_header: topic, self.signature_header: signed, **headers}
        response = self.client.post(self.address, raw, content_type="application/json", headers=given)
        self.said: dict[str, Any] = response.json()
        self.status = response.status_code
        return self.status
