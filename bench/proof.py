"""Whether a delivery is signed as it should be: read and checked here by other code than the node's own."""

from __future__ import annotations

import base64
import hashlib
import re

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

_PARAMETER = re.compile(r'(\w+)="([^"]*)"')


def check(head: str, body: str, *, key_id: str, public: str) -> None:
    """Raises ValueError, or InvalidSignature."""
    first, *lines = head.rstrip("\r\n").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    said = dict(_PARAMETER.findall(headers["signature"]))
    digest = "SHA-256=" + base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
    if said["keyId"] != key_id or headers["digest"] != digest:
        raise ValueError(f"signed by {said['keyId']}, digest {headers['digest']}")
    method, target, _ = first.split(" ")
    headers["(request-target)"] = f"{method.lower()} {target}"
    covered = said["headers"].split()
    if not {"(request-target)", "host", "date", "digest"} <= set(covered):
        raise ValueError(f"signed are only {said['headers']}")
    key = serialization.load_pem_public_key(public.encode())
    assert isinstance(key, rsa.RSAPublicKey)
    base = "\n".join(f"{name}: {headers[name]}" for name in covered)
    key.verify(base64.b64decode(said["signature"]), base.encode(), padding.PKCS1v15(), hashes.SHA256())
