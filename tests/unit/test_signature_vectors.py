from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from federation.documents import keys as document_keys
from federation.errors import Refused, Unsigned
from federation.signing import cavage, keys, messages, verify
from federation.signing.request import SignedRequest, by_name

VECTORS = Path(__file__).parents[1] / "vectors"
PROFILE = json.loads((VECTORS / "fediverse-profile.json").read_text())
RFC9421 = json.loads((VECTORS / "rfc9421.json").read_text())
CAVAGE = json.loads((VECTORS / "cavage12.json").read_text())
REQUESTS = [case for case in RFC9421["cases"] if "Response" not in case["name"]]


def request_of(said: dict[str, Any]) -> SignedRequest:
    body = said.get("body") or None
    headers = [(name.lower(), value) for name, value in said["headers"]]
    return SignedRequest(said["method"], said["target"], by_name(headers), None if body is None else body.encode())


def owner_of(key_id: str) -> tuple[str, str]:
    """The owner and PEM of a key, looked up as a node would: the key's document, then its owner's."""
    documents = PROFILE["documents"]
    document = documents.get(key_id) or documents.get(key_id.partition("#")[0])
    if document is None:
        raise Refused("no such document")
    alone = document_keys.alone(document)
    if alone is not None:
        owner, key = alone
        if key.uri not in document_keys.references(documents.get(owner, {})):
            raise Refused("owner does not list the key")
        return owner, key.public
    for key in document_keys.listed(document):
        if key.uri == key_id:
            return document["id"], key.public
    raise Refused("actor does not list the key")


def judged(case: dict[str, Any]) -> str | None:
    """The actor that the request is proved to come from, if it says so itself."""
    request = request_of(case["request"])
    for key_id in verify.claimed_keys(request):
        try:
            owner, pem = owner_of(key_id)
        except Refused:
            continue
        verify.check(
            request, key_id, keys.load_public(pem), host=PROFILE["server"]["host"], scheme="https",
            now=PROFILE["now"] * 1000,
        )  # fmt: skip
        if request.body is not None and json.loads(request.body).get("actor") != owner:
            raise Refused("signed by another")
        return owner
    raise Refused("no key")


@pytest.mark.parametrize("case", PROFILE["cases"], ids=lambda case: f"{case['style']} {case['name']}")
def test_request_of_the_fediverse_profile_is_judged_as_the_file_says(case: dict[str, Any]) -> None:
    if case["expect"] == "reject":
        with pytest.raises(Refused):
            judged(case)
    else:
        assert judged(case) == case["actor"]


@pytest.mark.parametrize("case", CAVAGE["cases"], ids=lambda case: case["name"])
def test_base_of_the_cavage_draft(case: dict[str, Any]) -> None:
    request = request_of(CAVAGE["request"])
    header = f'keyId="Test",headers="{" ".join(case["headers"])}",signature="{case["signature"]}"'
    said = cavage.parse(header)

    base = cavage.base(request, said, request.target)

    assert base.decode() == case["signature_base"]
    key = serialization.load_pem_public_key(CAVAGE["keys"]["Test"]["public_pem"].encode())
    assert isinstance(key, rsa.RSAPublicKey)
    assert keys.verify(key, base, said.signature)


def proves(name: str, key: dict[str, Any], base: bytes, signature: bytes) -> bool:
    """Check with the algorithm of the example; the node itself takes only two of them."""
    try:
        if name == "hmac-sha256":
            import base64

            mac = hmac.HMAC(base64.b64decode(key["secret_base64"]), hashes.SHA256())
            mac.update(base)
            mac.verify(signature)
            return True
        public = serialization.load_pem_public_key(key["public_pem"].encode())
        match public:
            case rsa.RSAPublicKey() if name == "rsa-pss-sha512":
                public.verify(signature, base, padding.PSS(padding.MGF1(hashes.SHA512()), 64), hashes.SHA512())
            case ed25519.Ed25519PublicKey():
                public.verify(signature, base)
            case ec.EllipticCurvePublicKey():
                half = len(signature) // 2
                pair = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
                public.verify(encode_dss_signature(*pair), base, ec.ECDSA(hashes.SHA256()))
            case _:
                return False
    except Exception:
        return False
    return True


@pytest.mark.parametrize("case", REQUESTS, ids=lambda case: case["name"])
def test_request_of_rfc_9421_appendix_b(case: dict[str, Any]) -> None:
    label = case["label"]
    if isinstance(case["message"], dict):  # altered on its way, signature headers and all
        said, added = case["message"], []
        host = dict(said["headers"])["Host"]
    else:
        said, host = RFC9421["messages"][case["message"]], "example.com"
        added = [
            ["Signature-Input", f"{label}={case['signature_input']}"],
            ["Signature", f"{label}=:{case['signature']}:"],
        ]
    request = request_of({**said, "headers": [*said["headers"], *added]})
    [signature] = messages.parse(request)

    try:
        base = messages.base(request, signature, scheme="https", host=host)
    except Unsigned:
        assert case["expect"] == "invalid"
        return

    if case["signature_base"] is not None:
        assert base.decode() == case["signature_base"]
    assert proves(case["alg"], RFC9421["keys"][case["key"]], base, signature.value) == (case["expect"] == "valid")
