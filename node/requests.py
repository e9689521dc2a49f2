"""What clients send: query, form, multipart and JSON bodies, all to one shape.

Arrays come as ``x[]=1&x[]=2``, nested values as ``x[y]=1``, ``x[0][y]=1`` and ``x[][y]=1``; JSON has lists and objects
for it.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request

from node.errors import Invalid
from node.texts import _

VALUES = 1_000  # values in one request
DEPTH = 8  # levels of [x][y]
_OFF: tuple[object, ...] = (None, [], {}, False)
TRUE = frozenset({"true", "1", "on", "yes", "t"})
FALSE = frozenset({"false", "0", "off", "no", "f", ""})
_PART = re.compile(r"\[([^\[\]]*)\]")

Params = Mapping[str, Any]


async def params(request: Request[Any]) -> dict[str, Any]:
    """Query and body together; the body wins. Some apps send a body with GET, too. Raises Invalid."""
    values = nested([(name, value) for name, value in request.query_params.multi_items()])
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not kind or request.method == "HEAD":
        return values
    if kind == "application/json":
        return {**values, **_json(await request.body())}
    if request.method != "GET" and kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form(max_fields=VALUES, max_files=8) as form:
            return {**values, **nested([(name, value) for name, value in form.multi_items()])}
    return values


def _json(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Invalid(_("The body is not JSON.")) from error
    if not isinstance(parsed, dict):
        raise Invalid(_("The body must be a JSON object."))
    return parsed


def nested(pairs: Sequence[tuple[str, str | UploadFile]]) -> dict[str, Any]:
    """Names with brackets as lists and objects. Raises Invalid."""
    if len(pairs) > VALUES:
        raise Invalid(_("Too many values."))
    values: dict[str, Any] = {}
    for name, value in pairs:
        head, bracket, _rest = name.partition("[")
        parts = _PART.findall(name[len(head) :]) if bracket else []
        if len(parts) > DEPTH:
            raise Invalid(_("Values are nested too deeply."))
        _place(values, [head, *parts], value)
    return values


def _place(values: dict[str, Any], path: list[str], value: Any) -> None:
    """Put ``value`` at ``path``; a last "" means: one more of a list. What does not fit replaces nothing.

    ``x[][y]`` is of the last object of the list, or begins the next when that one has a ``y``.
    """
    place: Any = values
    for part, following in itertools.pairwise(path):
        if isinstance(place, dict):
            place = place.setdefault(part, [] if following == "" else {})
        elif isinstance(place, list) and part == "" and following != "":
            place = _row(place, following)
    last = path[-1]
    if last == "" and isinstance(place, list):
        place.append(value)
    elif isinstance(place, dict):
        place[last] = value


def _row(rows: list[Any], name: str) -> dict[str, Any]:
    """The object of a list that a value ``x[][name]`` belongs to: the last one, unless that has one already."""
    if not rows or not isinstance(rows[-1], dict) or name in rows[-1]:
        rows.append({})
    found: dict[str, Any] = rows[-1]
    return found


def text(values: Params, name: str, default: str = "") -> str:
    """One text; lone surrogates and NULs, which no database takes, are dropped. Raises Invalid when it is no text."""
    value = values.get(name)
    if value is None:
        return default
    if isinstance(value, bool | int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if not isinstance(value, str):
        raise Invalid(_("%(name)s must be a text.") % {"name": name}, field=name)
    return value.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def flag(values: Params, name: str, default: bool = False) -> bool:
    """Yes or no: ``true``, ``"true"``, ``1``, ``"on"`` …. Raises Invalid."""
    value = values.get(name)
    if value is None:
        return default
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise Invalid(_("%(name)s must be true or false.") % {"name": name}, field=name)


def number(values: Params, name: str, default: int, *, least: int = 0, most: int = (1 << 63) - 1) -> int:
    """A whole number, brought into bounds. Raises Invalid when it is none."""
    value = values.get(name)
    if value is None or value == "":
        return default
    try:
        return min(max(int(str(value)), least), most)
    except ValueError as error:
        raise Invalid(_("%(name)s must be a whole number.") % {"name": name}, field=name) from error


def texts(values: Params, name: str) -> list[str]:
    """A list of texts; one text counts as a list of one, an object with numbers as keys as its values."""
    value = values.get(name)
    if isinstance(value, Mapping):
        value = list(value.values())
    if value is None:
        return []
    items = value if isinstance(value, list) else [value]
    return [str(one).replace("\x00", "") for one in items if isinstance(one, str | int) and not isinstance(one, bool)]


def identifier(value: str) -> int:
    """An id of ours as clients give it; 0, which nobody has, when it is none: the answer is then "not found"."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 20 and int(value) < 1 << 63 else 0


def refuse(values: Params, *names: str) -> None:
    """Say plainly that an option is not built here; one that is off is not asked for. Raises Invalid."""
    for name in names:
        value = values.get(name)
        off = value.lower() in FALSE if isinstance(value, str) else value in _OFF
        if not off:
            raise Invalid(_("%(name)s is not supported by this node yet.") % {"name": name}, field=name)


def secret_hash(secret: str) -> bytes:
    """What is kept of a token, code or client secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def address_of(request: Request[Any]) -> str:
    """Where a request comes from, as tries are counted: an IPv6 address by its first half, which one person has."""
    host = "" if request.client is None else request.client.host
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(address) if address.version == 4 else str(ip_network((int(address) >> 64 << 64, 64)))


def bearer_of(request: Request[Any]) -> str | None:
    """The token that came with the request (RFC 6750 2.1). Not in the address: that is kept in logs and histories."""
    header = request.headers.get("authorization", "")
    scheme, _, token = header.partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return None
