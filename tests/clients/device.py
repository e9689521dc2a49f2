"""A device that is sent messages: its keys, and what it makes of a request at its push service."""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.clients.person import Json, Person

ALL = ("mention", "status", "reblog", "follow", "follow_request", "favourite", "update")


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def text_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869, for at most 32 bytes."""
    extracted = hmac.digest(salt, secret, sha256)
    return hmac.digest(extracted, info + b"\x01", sha256)[:length]


@dataclass(frozen=True)
class Message:
    """What came out of a request."""

    read: Json
    encoding: str
    claims: Json
    server_key: str


class Device:
    """One device."""

    def __init__(self, private: bytes = b"", auth: bytes = b"") -> None:
        number = int.from_bytes(private or os.urandom(31), "big")
        self._key = ec.derive_private_key(number, ec.SECP256R1())
        self._auth = auth or os.urandom(16)

    @property
    def public(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def keys(self) -> dict[str, str]:
        return {"p256dh": text_of(self.public), "auth": text_of(self._auth)}

    async def subscribe(self, app: Person, endpoint: str, *, standard: bool = True, **data: Any) -> Json:
        """Have everything sent here that is not excluded by ``data``."""
        data = {"alerts": dict.fromkeys(ALL, True), "policy": "all", **data}
        asked = {"endpoint": endpoint, "keys": self.keys, "standard": standard}
        return await app.post("/api/v1/push/subscription", subscription=asked, data=data)

    def open(self, headers: Mapping[str, str], body: bytes) -> Message:
        """Read a message, and prove who sent it."""
        encoding = headers["content-encoding"]
        if encoding == "aes128gcm":
            return Message(json.loads(self.newer(body)), encoding, *self._vapid(headers))
        read = json.loads(self.older(headers, body))
        token, public = headers["authorization"].removeprefix("WebPush "), _parts(headers["crypto-key"])["p256ecdsa"]
        return Message(read, encoding, _proved(token, public), public)

    def _shared(self, theirs: bytes) -> bytes:
        return self._key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))

    def newer(self, body: bytes) -> bytes:
        """RFC 8188 2.1 and RFC 8291 3.4."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        info = b"WebPush: info\0" + self.public + theirs
        secret = hkdf(self._auth, self._shared(theirs), info, 32)
        key = hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert plain[-1] == 2, "the last record ends in 2"
        return plain[:-1]

    def older(self, headers: Mapping[str, str], body: bytes) -> bytes:
        """draft-ietf-webpush-encryption-04 and draft-ietf-httpbis-encryption-encoding-03."""
        named = {name.lower(): value for name, value in headers.items()}
        salt, theirs = (
            unpadded(_parts(named[header])[name]) for header, name in (("encryption", "salt"), ("crypto-key", "dh"))
        )
        secret = hkdf(self._auth, self._shared(theirs), b"Content-Encoding: auth\0", 32)
        context = b"P-256\0\0\x41" + self.public + b"\0\x41" + theirs
        key = hkdf(salt, secret, b"Content-Encoding: aesgcm\0" + context, 16)
        nonce = hkdf(salt, secret, b"Content-Encoding: nonce\0" + context, 12)
        plain = AESGCM(key).decrypt(nonce, body, None)
        return plain[2 + int.from_bytes(plain[:2], "big") :]

    @staticmethod
    def _vapid(headers: Mapping[str, str]) -> tuple[Json, str]:
        """RFC 8292 3."""
        found = re.fullmatch(r"vapid t=([^,]+), k=(.+)", headers["authorization"])
        assert found is not None, headers["authorization"]
        return _proved(found[1], found[2]), found[2]


def _parts(header: str) -> dict[str, str]:
    return dict(part.strip().split("=", 1) for part in re.split("[;,]", header))


def _proved(token: str, public: str) -> Json:
    """The claims of a JSON Web Token that this key signed."""
    head, claims, signature = token.split(".")
    assert json.loads(unpadded(head)) == {"typ": "JWT", "alg": "ES256"}
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpadded(public))
    r, s = (int.from_bytes(unpadded(signature)[part], "big") for part in (slice(0, 32), slice(32, 64)))
    key.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    return json.loads(unpadded(claims))
