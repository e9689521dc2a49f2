"""Keys: RSA (PKCS #1 v1.5, SHA-256) and Ed25519. The key decides the algorithm, never the message."""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

from federation.errors import Refused

LEAST_BITS = 2048
MOST_BITS = 8192  # a larger key only costs us time
PEM_LENGTH = 4096  # characters; an RSA key of 8192 bits has under 1,600
CACHED = 4096
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519 = b"\xed\x01"  # multicodec ed25519-pub as varint

PublicKey = rsa.RSAPublicKey | ed25519.Ed25519PublicKey
PrivateKey = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


def generate_rsa() -> tuple[str, str]:
    """A new RSA pair as PEM: public, private. Takes about 100 ms: call it in a thread."""
    return _pems(rsa.generate_private_key(public_exponent=65537, key_size=LEAST_BITS))


def generate_ed25519() -> tuple[str, str]:
    """A new Ed25519 pair as PEM: public, private."""
    return _pems(ed25519.Ed25519PrivateKey.generate())


def _pems(key: PrivateKey) -> tuple[str, str]:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return public_pem(key.public_key()), private.decode()


def public_pem(key: PublicKey) -> str:
    """SPKI PEM."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


@lru_cache(CACHED)
def load_public(pem: str) -> PublicKey:
    """The key of a PEM text (SPKI or PKCS #1). Raises Refused for other kinds, weak and broken ones."""
    if len(pem) > PEM_LENGTH:
        raise Refused("key is too long")
    try:
        key = serialization.load_pem_public_key(pem.encode("ascii"))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Refused("key cannot be read") from error
    if isinstance(key, rsa.RSAPublicKey):
        if not LEAST_BITS <= key.key_size <= MOST_BITS:
            raise Refused(f"RSA key of {key.key_size} bits")
        return key
    if isinstance(key, ed25519.Ed25519PublicKey):
        return key
    raise Refused("key is neither RSA nor Ed25519")


@lru_cache(CACHED)
def load_private(pem: str) -> PrivateKey:
    """One of our own keys. Unchecked: we made it, and the checks cost 30 ms."""
    key = serialization.load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
    if isinstance(key, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey):
        return key
    raise Refused("key is neither RSA nor Ed25519")


def kind_of(key: PublicKey) -> str:
    """``rsa`` or ``ed25519``."""
    return "rsa" if isinstance(key, rsa.RSAPublicKey) else "ed25519"


def sign(private_pem: str, data: bytes) -> bytes:
    """The signature of ``data``."""
    key = load_private(private_pem)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(data)


def verify(key: PublicKey, data: bytes, signature: bytes) -> bool:
    """Whether ``key`` made ``signature`` of ``data``."""
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(signature, data)
    except InvalidSignature:
        return False
    return True


def multikey(public: str) -> str:
    """An Ed25519 PEM as ``publicKeyMultibase`` (FEP-521a)."""
    key = load_public(public)
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return "z" + _base58(_ED25519 + raw)


def from_multikey(text: str) -> str:
    """The PEM of an Ed25519 ``publicKeyMultibase``. Raises Refused for any other."""
    if not text.startswith("z") or len(text) > 100:
        raise Refused("multikey is not base58btc")
    raw = _from_base58(text[1:])
    if len(raw) != 34 or not raw.startswith(_ED25519):
        raise Refused("multikey is not Ed25519")
    return public_pem(ed25519.Ed25519PublicKey.from_public_bytes(raw[2:]))


def _base58(data: bytes) -> str:
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = _ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def _from_base58(text: str) -> bytes:
    number = 0
    for character in text:
        digit = _ALPHABET.find(character)
        if digit < 0:
            raise Refused("multikey is not base58btc")
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
