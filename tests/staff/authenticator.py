"""A security key in software: makes passkeys and answers questions as a browser would send them."""

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url as text

from samband.staff.passkeys import Site

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey. What it says of itself can be bent, to see who notices."""

    site: Site
    user: bytes = b""
    count: int = 0
    flags: int = PRESENT | VERIFIED
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def make(self, question: str) -> str:
        """What a browser answers when it is to make a passkey."""
        asked = json.loads(question)
        public = self.key.public_key().public_numbers()
        key = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32), -3: public.y.to_bytes(32)})
        attested = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + key
        data = self._data(self.flags | ATTESTED) + attested
        response = {
            "clientDataJSON": text(self._said("webauthn.create", asked["challenge"])),
            "attestationObject": text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
            "transports": ["internal"],
        }
        return self._sent(response)

    def sign(self, question: str, **bent: Any) -> str:
        """What a browser answers when it is asked; `bent` replaces what the answer holds."""
        self.count += 1
        said = self._said("webauthn.get", json.loads(question)["challenge"])
        data = self._data(self.flags)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": text(said),
            "authenticatorData": text(data),
            "signature": text(signature),
            "userHandle": text(self.user),
            **bent,
        }
        return self._sent(response)

    def _said(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.site.origin}).encode()

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.site.host.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _sent(self, response: dict[str, Any]) -> str:
        name = text(self.credential)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
