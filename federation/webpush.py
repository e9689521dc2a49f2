"""Web push: messages sealed for one device, and who sends them. Pure, except for chance.

RFC 8291 (sealing, over RFC 8188), RFC 8292 (VAPID); and what apps of before 2016 understand, which Mastodon's default
still is: draft-ietf-webpush-encryption-04 with the content coding ``aesgcm`` and draft-ietf-webpush-vapid-01.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CURVE = ec.SECP256R1()
POINT = 65  # bytes of an uncompressed point
SECRET = 16  # bytes of an app's secret
RECORD = 4096  # bytes that every push service takes (RFC 8030 7.2)
MOST = RECORD - 16 - 4 - 1 - POINT - 1 - 16  # bytes of a message
GOOD_FOR = 12 * 60 * 60  # seconds that a token of ours proves who sends; at most 24 h


def encoded(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of base64 of either alphabet, with padding or without. Raises ValueError."""
    plain = text.rstrip("=").translate({ord("+"): "-", ord("/"): "_"})
    try:
        found = base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64") from error
    return found


@dataclass(frozen=True, slots=True)
class Device:
    """For whom a message is sealed."""

    public: bytes  # P-256, uncompressed
    auth: bytes

    @classmethod
    def read(cls, public: str, auth: str) -> Device:
        """The device of these keys, in base64. Raises ValueError."""
        device = cls(decoded(public), decoded(auth))
        if len(device.public) != POINT or len(device.auth) != SECRET:
            raise ValueError("a key of another length")
        device.key()
        return device

    def key(self) -> ec.EllipticCurvePublicKey:
        """The key. Raises ValueError for a point that is not on the curve."""
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, self.public)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A message that only the device can read."""

    body: bytes
    headers: Mapping[str, str]


def seal(device: Device, message: bytes) -> Sealed:
    """RFC 8291: ``aes128gcm``, in one record."""
    ours, salt = ec.generate_private_key(CURVE), secrets.token_bytes(16)
    point = _point(ours.public_key())
    shared = ours.exchange(ec.ECDH(), device.key())
    secret = _hkdf(device.auth, shared, b"WebPush: info\0" + device.public + point, 32)
    key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
    record = AESGCM(key).encrypt(nonce, message + b"\2", None)  # 2 ends the last record
    head = salt + RECORD.to_bytes(4, "big") + bytes([POINT]) + point
    return Sealed(head + record, {"Content-Encoding": "aes128gcm"})


def seal_as_drafted(device: Device, message: bytes) -> Sealed:
    """draft-ietf-webpush-encryption-04: ``aesgcm``, what is needed to open it in headers."""
    ours, salt = ec.generate_private_key(CURVE), secrets.token_bytes(16)
    point = _point(ours.public_key())
    shared = ours.exchange(ec.ECDH(), device.key())
    secret = _hkdf(device.auth, shared, b"Content-Encoding: auth\0", 32)
    both = b"P-256\0" + b"".join(len(one).to_bytes(2, "big") + one for one in (device.public, point))
    key = _hkdf(salt, secret, b"Content-Encoding: aesgcm\0" + both, 16)
    nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\0" + both, 12)
    record = AESGCM(key).encrypt(nonce, b"\0\0" + message, None)  # no padding
    headers = {
        "Content-Encoding": "aesgcm",
        "Encryption": f"salt={encoded(salt)}",
        "Crypto-Key": f"dh={encoded(point)}",
    }
    return Sealed(record, headers)


@dataclass(frozen=True, slots=True)
class Vapid:
    """The key by which push services know the node again, and whom they can write to."""

    private: str = field(repr=False)  # PEM
    contact: str  # mailto: or https:

    @property
    def public(self) -> str:
        """The public half as apps and push services are told it."""
        return encoded(_point(self._key().public_key()))

    def _key(self) -> ec.EllipticCurvePrivateKey:
        key = serialization.load_pem_private_key(self.private.encode(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("not a key of P-256")
        return key

    def signed(self, sealed: Sealed, audience: str, *, standard: bool, now: int) -> dict[str, str]:
        """The headers of a sealed message for the push service at this origin; ``now`` in seconds."""
        token = self._token(audience, now=now)
        if standard:
            return {**sealed.headers, "Authorization": f"vapid t={token}, k={self.public}"}
        crypto_key = f"{sealed.headers['Crypto-Key']};p256ecdsa={self.public}"
        return {**sealed.headers, "Crypto-Key": crypto_key, "Authorization": f"WebPush {token}"}

    def _token(self, audience: str, *, now: int) -> str:
        """A JSON Web Token (RFC 7519) signed with ES256 (RFC 7518 3.4)."""
        claims = {"aud": audience, "exp": now + GOOD_FOR, "sub": self.contact}
        parts = [encoded(json.dumps(one).encode()) for one in ({"typ": "JWT", "alg": "ES256"}, claims)]
        r, s = decode_dss_signature(self._key().sign(".".join(parts).encode(), ec.ECDSA(hashes.SHA256())))
        return ".".join([*parts, encoded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))])


def generate() -> str:
    """A new private key as PEM."""
    return (
        ec.generate_private_key(CURVE)
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode()
    )
