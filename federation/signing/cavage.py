"""HTTP signatures as the fediverse speaks them: draft-cavage-http-signatures-12, read strictly.

Which headers must be signed, and how old a request may be: SWICG "ActivityPub and HTTP Signatures".
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import urlsplit
from wsgiref.handlers import format_date_time

from federation.errors import Unsigned
from federation.signing import digest, keys
from federation.signing.keys import PublicKey
from federation.signing.request import SignedRequest
from federation.vocabulary import ACTIVITY_JSON

OLDEST = 12 * 60 * 60 * 1000  # ms a request may be behind our clock
EARLIEST = 60 * 60 * 1000  # ms a request may be ahead of it
_HEADER_LENGTH = 8_192
_PARAMETER = re.compile(r'\s*([a-zA-Z]+)=(?:"([^"\\]*)"|([0-9]+))\s*(?:,|$)')
_ALGORITHMS = {"": ("rsa", "ed25519"), "hs2019": ("rsa", "ed25519"), "rsa-sha256": ("rsa",), "ed25519": ("ed25519",)}


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a Signature header."""

    key_id: str
    algorithm: str
    headers: tuple[str, ...]
    signature: bytes
    created: int | None  # seconds
    expires: int | None  # seconds


def header_of(request: SignedRequest) -> str | None:
    """The one Signature header, or the Authorization header that stands for it. Raises Unsigned for two."""
    found = [*request.all("signature")]
    found += [v[10:] for v in request.all("authorization") if v[:10].lower() == "signature "]
    if len(found) > 1:
        raise Unsigned("two signatures")
    return found[0] if found else None


@lru_cache(64)  # who asks which key is claimed, and who checks it, ask one after the other
def parse(header: str) -> Parameters:
    """The parameters of the header. Raises Unsigned for anything ambiguous or malformed."""
    if len(header) > _HEADER_LENGTH:
        raise Unsigned("signature header is too long")
    found: dict[str, str] = {}
    place = 0
    while place < len(header):
        match = _PARAMETER.match(header, place)
        if match is None:
            raise Unsigned("signature header is malformed")
        name = match[1]
        if name in found:
            raise Unsigned(f"signature parameter {name} given twice")
        found[name] = match[2] if match[2] is not None else match[3]
        place = match.end()
    if not found.get("keyId") or not found.get("signature"):
        raise Unsigned("signature header lacks keyId or signature")
    try:
        signature = base64.b64decode(found["signature"], validate=True)
        created = int(found["created"]) if "created" in found else None
        expires = int(float(found["expires"])) if "expires" in found else None
    except (ValueError, OverflowError, binascii.Error) as error:
        raise Unsigned("signature header is malformed") from error
    covered = tuple(found.get("headers", "date").lower().split())
    if len(set(covered)) != len(covered):
        raise Unsigned("a header is signed twice")
    return Parameters(found["keyId"], found.get("algorithm", "").lower(), covered, signature, created, expires)


def check(request: SignedRequest, said: Parameters, key: PublicKey, *, host: str, now: int) -> None:
    """Whether ``key`` signed this request for ``host``, now. Raises Unsigned with the reason."""
    _covers(request, said)
    _in_time(request, said, now)
    if request.one("host") is None or (request.one("host") or "").lower() != host:
        raise Unsigned("signed for another host")
    if keys.kind_of(key) not in _ALGORITHMS.get(said.algorithm, ()):
        raise Unsigned(f"algorithm {said.algorithm[:40]} does not fit the key")
    if request.body is not None and not digest.matches(request.all("digest"), request.body, framed=False):
        raise Unsigned("digest does not match the body")
    if keys.verify(key, base(request, said, request.target), said.signature):
        return
    # Old senders leave the query out of (request-target).
    path, query, _ = request.target.partition("?")
    if not query or not keys.verify(key, base(request, said, path), said.signature):
        raise Unsigned("signature is wrong")


def _covers(request: SignedRequest, said: Parameters) -> None:
    missing = {"(request-target)", "host"} - set(said.headers)
    if request.body is not None and "digest" not in said.headers:
        missing.add("digest")
    if "date" not in said.headers and not ("(created)" in said.headers and said.created is not None):
        missing.add("date")
    if missing:
        raise Unsigned(f"not signed: {', '.join(sorted(missing))}")


def _in_time(request: SignedRequest, said: Parameters, now: int) -> None:
    if "date" in said.headers:
        _window(_date(request.one("date")), now)
    if said.created is not None:
        if said.created * 1000 > now + 60_000:
            raise Unsigned("signature was made in the future")
        _window(said.created * 1000, now)
    if said.expires is not None and said.expires * 1000 < now:
        raise Unsigned("signature has expired")


def _window(moment: int, now: int) -> None:
    if not now - OLDEST <= moment <= now + EARLIEST:
        raise Unsigned("signature is too old, or a clock is wrong by hours")


@lru_cache(64)
def _date(text: str | None) -> int:
    try:
        return int(parsedate_to_datetime(text or "").timestamp() * 1000)
    except (ValueError, TypeError, OverflowError) as error:
        raise Unsigned("date cannot be read") from error


def base(request: SignedRequest, said: Parameters, target: str) -> bytes:
    """What is signed (draft 2.3). Raises Unsigned when a signed header did not come exactly once."""
    lines: list[str] = []
    for name in said.headers:
        if name == "(request-target)":
            value: str | None = f"{request.method.lower()} {target}"
        elif name == "(created)":
            value = None if said.created is None else str(said.created)
        elif name == "(expires)":
            value = None if said.expires is None else str(said.expires)
        else:
            value = request.one(name)
        if value is None:
            raise Unsigned(f"signed header {name[:40]} is missing or came twice")
        lines.append(f"{name}: {value.strip()}")
    return "\n".join(lines).encode("utf-8", "surrogateescape")


@lru_cache(8)
def _http_date(second: int) -> str:
    return format_date_time(second)


@lru_cache(4096)
def _place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.netloc.lower(), (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def sign_request(
    method: str,
    url: str,
    body: bytes | None,
    *,
    key_id: str,
    private_pem: str,
    now: int,
    body_digest: str | None = None,
) -> Mapping[str, str]:
    """The headers that sign a request of ours. ``body_digest``: its ``Digest`` when that is known already."""
    host, target = _place(url)
    date = _http_date(now // 1000)
    headers = {"Host": host, "Date": date}
    signed = f"(request-target): {method.lower()} {target}\nhost: {host}\ndate: {date}"
    covered = "(request-target) host date"
    if body is not None:
        headers["Digest"] = body_digest or digest.make(body)
        headers["Content-Type"] = ACTIVITY_JSON
        signed += f"\ndigest: {headers['Digest']}\ncontent-type: {ACTIVITY_JSON}"
        covered += " digest content-type"
    signature = base64.b64encode(keys.sign(private_pem, signed.encode())).decode()
    headers["Signature"] = f'keyId="{key_id}",algorithm="rsa-sha256",headers="{covered}",signature="{signature}"'
    return headers
