"""Digests that bind a body to its headers: ``Digest`` (RFC 3230) and ``Content-Digest`` (RFC 9530)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

_KNOWN = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}


def make(body: bytes) -> str:
    """The ``Digest`` of a body."""
    return "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()


def make_content(body: bytes) -> str:
    """The ``Content-Digest`` of a body."""
    return "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"


def matches(values: Sequence[str], body: bytes, *, framed: bool) -> bool:
    """Whether the header says the digest of ``body``: at least one known algorithm, and every known one right.

    ``framed``: colons around the value, as ``Content-Digest`` has.
    """
    good = False
    for part in ",".join(values).split(","):
        name, equals, value = part.strip().partition("=")
        algorithm = _KNOWN.get(name.strip().lower())
        if algorithm is None or not equals:
            continue
        value = value.strip()
        if framed:
            if len(value) < 2 or value[0] != ":" or value[-1] != ":":
                return False
            value = value[1:-1]
        try:
            said = base64.b64decode(value, validate=True)
        except (ValueError, binascii.Error):
            return False
        if not hmac.compare_digest(said, algorithm(body).digest()):
            return False
        good = True
    return good
