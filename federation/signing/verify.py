"""One answer for both forms of signatures: which key is claimed, and whether it signed."""

from __future__ import annotations

from enum import StrEnum

from federation.errors import Unsigned
from federation.signing import cavage, messages
from federation.signing.keys import PublicKey
from federation.signing.request import SignedRequest

KEY_ID_LENGTH = 2048


class Form(StrEnum):
    """How a request was signed; what is remembered of a peer."""

    CAVAGE = "cavage"
    RFC9421 = "rfc9421"


def form_of(request: SignedRequest) -> Form:
    """Which form a request claims."""
    return Form.RFC9421 if request.all("signature-input") else Form.CAVAGE


def claimed_keys(request: SignedRequest) -> list[str]:
    """The key ids that the request names, most likely one. Raises Unsigned when there is no usable one."""
    if form_of(request) is Form.RFC9421:
        found = [one.key_id for one in messages.parse(request)]
    else:
        header = cavage.header_of(request)
        if header is None:
            raise Unsigned("not signed")
        found = [cavage.parse(header).key_id]
    usable = [one for one in dict.fromkeys(found) if _usable(one)]
    if not usable:
        raise Unsigned("no usable key id")
    return usable


def _usable(key_id: str) -> bool:
    return (
        key_id.startswith(("https://", "http://"))
        and len(key_id) <= KEY_ID_LENGTH
        and key_id.isascii()
        and key_id.isprintable()
        and not any(c in key_id for c in ' "<>\\')
    )


def check(request: SignedRequest, key_id: str, key: PublicKey, *, host: str, scheme: str, now: int) -> Form:
    """Whether ``key``, known as ``key_id``, signed the request for ``host``, now. Raises Unsigned with the reason."""
    if form_of(request) is Form.CAVAGE:
        header = cavage.header_of(request)
        if header is None:
            raise Unsigned("not signed")
        cavage.check(request, cavage.parse(header), key, host=host, now=now)
        return Form.CAVAGE
    reason = Unsigned("not signed with this key")
    for signature in messages.parse(request):
        if signature.key_id != key_id:
            continue
        try:
            messages.check(request, signature, key, scheme=scheme, host=host, now=now)
        except Unsigned as error:
            reason = error
        else:
            return Form.RFC9421
    raise reason
