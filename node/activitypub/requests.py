"""Requests of other servers as signatures see them, and our answers to them."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from federation.errors import Refused
from federation.signing.request import SignedRequest, by_name
from federation.vocabulary import ACTIVITY_JSON

PUBLIC = "public, max-age=60"
PRIVATE = "private, no-store"
VARY = "Accept, Signature"
CHARSET = f"{ACTIVITY_JSON}; charset=utf-8"


def signed_request(request: Request[Any], body: bytes | None) -> SignedRequest:
    """The request as it came: raw path and query, headers in their order."""
    scope = request.scope
    target = scope.get("raw_path", scope["path"].encode()).partition(b"?")[0]
    if scope["query_string"]:
        target += b"?" + scope["query_string"]
    headers = by_name((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return SignedRequest(request.method, target.decode("latin-1"), headers, body)


def is_signed(request: Request[Any]) -> bool:
    """Whether the request claims to be signed."""
    return "signature" in request.headers


def document(
    content: bytes | dict[str, Any], *, status: int = 200, cache: str = PUBLIC, media_type: str = CHARSET
) -> Response:
    """An AS2 document as an answer."""
    body = content if isinstance(content, bytes) else orjson.dumps(content)
    return Response(body, status, headers={"cache-control": cache, "vary": VARY}, media_type=media_type)


def refusal(error: Refused) -> Response:
    """Why another server's request was not taken, as a problem document (RFC 9457, FEP-c180)."""
    body = {"type": "about:blank", "status": error.status, "title": type(error).__name__, "detail": str(error)}
    return Response(
        orjson.dumps(body), error.status, headers={"cache-control": PRIVATE}, media_type="application/problem+json"
    )
