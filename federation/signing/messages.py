"""HTTP Message Signatures: RFC 9421, with the part of structured fields (RFC 8941) that they use."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit

from federation.errors import Unsigned
from federation.signing import digest, keys
from federation.signing.cavage import OLDEST
from federation.signing.keys import PublicKey
from federation.signing.request import SignedRequest
from federation.vocabulary import ACTIVITY_JSON

_LENGTH = 16_384
_SIGNATURES = 8  # on one message
_COMPONENTS = 64
_KEY = re.compile(r"[a-z*][a-z0-9_.*-]*")
_ITEM = re.compile(
    r'"(?P<text>(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"|:(?P<bytes>[A-Za-z0-9+/=]*):|(?P<number>-?[0-9]{1,15})'
    r"|\?(?P<flag>[01])|(?P<token>[A-Za-z*][A-Za-z0-9:/!#$%&'*+.^_`|~-]*)"
)
_ALGORITHMS = {"rsa-v1_5-sha256": "rsa", "ed25519": "ed25519"}

Item = str | int | bytes | bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a message."""

    label: str
    components: Sequence[tuple[str, Mapping[str, Item]]]
    parameters: Mapping[str, Item]
    written: str  # the inner list with its parameters, as it stands in Signature-Input
    value: bytes

    @property
    def key_id(self) -> str:
        """Which key made it."""
        found = self.parameters.get("keyid")
        return found if isinstance(found, str) else ""


def parse(request: SignedRequest) -> list[Signature]:
    """The signatures of a message. Raises Unsigned when there are none or the headers are malformed."""
    inputs = _dictionary(", ".join(request.all("signature-input")))
    values = _dictionary(", ".join(request.all("signature")))
    found: list[Signature] = []
    for label, (members, parameters, written) in inputs.items():
        if members is None or label not in values:
            continue
        value = values[label][1].get("")
        if isinstance(value, bytes):
            found.append(Signature(label, members, parameters, written, value))
    if not found or len(found) > _SIGNATURES:
        raise Unsigned("no signature pairs up with its input")
    return found


_Parsed = tuple[list[tuple[str, Mapping[str, Item]]] | None, Mapping[str, Item], str]


def _dictionary(text: str) -> dict[str, _Parsed]:
    """Members by key: (inner list or None, parameters; a bare item stands under ""), and the text of each."""
    if len(text) > _LENGTH:
        raise Unsigned("signature headers are too long")
    found: dict[str, _Parsed] = {}
    place = 0
    while place < len(text):
        match = _KEY.match(text, place)
        if match is None or text[match.end() : match.end() + 1] != "=" or match[0] in found:
            raise Unsigned("signature headers are malformed")
        start = match.end() + 1
        if text[start : start + 1] == "(":
            members, end = _inner_list(text, start + 1)
            parameters, end = _parameters(text, end)
            found[match[0]] = (members, parameters, text[start:end])
        else:
            item, end = _item(text, start)
            parameters, end = _parameters(text, end)
            found[match[0]] = (None, {"": item, **parameters}, text[start:end])
        place = _comma(text, end)
    return found


def _comma(text: str, place: int) -> int:
    rest = text[place:].lstrip(" \t")
    if not rest:
        return len(text)
    after = rest[1:].lstrip(" \t")
    if rest[0] != "," or not after:
        raise Unsigned("signature headers are malformed")
    return len(text) - len(after)


def _inner_list(text: str, place: int) -> tuple[list[tuple[str, Mapping[str, Item]]], int]:
    members: list[tuple[str, Mapping[str, Item]]] = []
    while True:
        while text[place : place + 1] == " ":
            place += 1
        if text[place : place + 1] == ")":
            return members, place + 1
        name, place = _item(text, place)
        parameters, place = _parameters(text, place)
        if not isinstance(name, str) or len(members) >= _COMPONENTS or text[place : place + 1] not in (" ", ")"):
            raise Unsigned("covered components are malformed")
        members.append((name, parameters))


def _parameters(text: str, place: int) -> tuple[dict[str, Item], int]:
    found: dict[str, Item] = {}
    while text[place : place + 1] == ";":
        place += 1
        while text[place : place + 1] == " ":
            place += 1
        match = _KEY.match(text, place)
        if match is None:
            raise Unsigned("signature parameters are malformed")
        place = match.end()
        value: Item = True
        if text[place : place + 1] == "=":
            value, place = _item(text, place + 1)
        if match[0] in found:
            raise Unsigned("a signature parameter is given twice")
        found[match[0]] = value
    return found, place


def _item(text: str, place: int) -> tuple[Item, int]:
    match = _ITEM.match(text, place)
    if match is None:
        raise Unsigned("signature headers are malformed")
    if match["text"] is not None:
        return re.sub(r"\\(.)", r"\1", match["text"]), match.end()
    if match["bytes"] is not None:
        try:
            return base64.b64decode(match["bytes"], validate=True), match.end()
        except (ValueError, binascii.Error) as error:
            raise Unsigned("signature is not base64") from error
    if match["number"] is not None:
        return int(match["number"]), match.end()
    if match["flag"] is not None:
        return match["flag"] == "1", match.end()
    return match["token"], match.end()


def base(request: SignedRequest, signature: Signature, *, scheme: str, host: str) -> bytes:
    """What is signed (RFC 9421 2.5). Raises Unsigned for components we cannot make."""
    lines: list[str] = []
    seen: set[str] = set()
    for name, parameters in signature.components:
        label = f'"{name}"' + "".join(f';{key}="{value!s}"' for key, value in parameters.items())
        if label in seen:
            raise Unsigned("a component is covered twice")
        seen.add(label)
        values = _values(request, name, parameters, scheme=scheme, host=host)
        lines.extend(f"{label}: {value}" for value in values)
    lines.append(f'"@signature-params": {signature.written}')
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def _values(
    request: SignedRequest, name: str, parameters: Mapping[str, Item], *, scheme: str, host: str
) -> Sequence[str]:
    path, mark, query = request.target.partition("?")
    if name == "@query-param":
        wanted = parameters.get("name")
        found = [v for k, v in parse_qsl(query, keep_blank_values=True) if quote(k, safe="") == wanted]
        if set(parameters) != {"name"} or not found:
            raise Unsigned("covered query parameter is missing")
        return [quote(one, safe="") for one in found]
    if parameters:
        raise Unsigned("component parameters are not supported")
    if name.startswith("@"):
        derived = {
            "@method": request.method,
            "@target-uri": f"{scheme}://{host}{request.target}",
            "@authority": host,
            "@scheme": scheme,
            "@request-target": request.target,
            "@path": path or "/",
            "@query": f"?{query}" if mark else "?",
        }.get(name)
        if derived is None:
            raise Unsigned(f"unknown component {name[:40]}")
        return [derived]
    if name != name.lower():
        raise Unsigned("header names are covered in lower case")
    said = request.all(name)
    if not said:
        raise Unsigned(f"covered header {name[:40]} is missing")
    return [", ".join(" ".join(one.split("\r\n")).strip() for one in said)]


def check(request: SignedRequest, signature: Signature, key: PublicKey, *, scheme: str, host: str, now: int) -> None:
    """Whether ``key`` made this signature of this request, now. Raises Unsigned with the reason."""
    covered = {name for name, _ in signature.components}
    targeted = "@target-uri" in covered or {"@authority", "@path"} <= covered or {"host", "@request-target"} <= covered
    if "@method" not in covered or not targeted:
        raise Unsigned("method or target is not signed")
    if request.one("host") is None or (request.one("host") or "").lower() != host:
        raise Unsigned("signed for another host")
    query = request.target.partition("?")[2]
    if query and not covered & {"@target-uri", "@query", "@request-target"}:
        raise Unsigned("query is not signed")
    _in_time(signature.parameters, now)
    algorithm = signature.parameters.get("alg")
    if algorithm is not None and _ALGORITHMS.get(str(algorithm)) != keys.kind_of(key):
        raise Unsigned("alg does not fit the key")
    if request.body is not None:
        if "content-digest" not in covered:
            raise Unsigned("content-digest is not signed")
        if not digest.matches(request.all("content-digest"), request.body, framed=True):
            raise Unsigned("content-digest does not match the body")
    if not keys.verify(key, base(request, signature, scheme=scheme, host=host), signature.value):
        raise Unsigned("signature is wrong")


def _in_time(parameters: Mapping[str, Item], now: int) -> None:
    created, expires = parameters.get("created"), parameters.get("expires")
    if not isinstance(created, int) or isinstance(created, bool):
        raise Unsigned("created is missing")
    if created * 1000 < now - OLDEST or created * 1000 > now + 60_000:
        raise Unsigned("signature is too old, or made in the future")
    if expires is not None and (not isinstance(expires, int) or expires * 1000 < now):
        raise Unsigned("signature has expired")


def sign_message(
    method: str, url: str, body: bytes | None, *, key_id: str, private_pem: str, now: int
) -> Mapping[str, str]:
    """The headers that sign a request of ours."""
    host = urlsplit(url).netloc.lower()
    headers = {"Host": host}
    components = ["@method", "@target-uri"]
    lines = [f'"@method": {method}', f'"@target-uri": {url}']
    if body is not None:
        headers["Content-Digest"] = digest.make_content(body)
        headers["Content-Type"] = ACTIVITY_JSON
        components += ["content-digest", "content-type"]
        lines += [f'"content-digest": {headers["Content-Digest"]}', f'"content-type": {ACTIVITY_JSON}']
    inner = " ".join(f'"{one}"' for one in components)
    written = f'({inner});created={now // 1000};keyid="{key_id}";alg="rsa-v1_5-sha256"'
    lines.append(f'"@signature-params": {written}')
    signature = base64.b64encode(keys.sign(private_pem, "\n".join(lines).encode())).decode()
    return {**headers, "Signature-Input": f"sig1={written}", "Signature": f"sig1=:{signature}:"}
