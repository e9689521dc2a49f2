"""Small questions to ask of other people's JSON. Total: any JSON goes in, never an exception comes out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

NAMES = ("id", "@id")
EARLIEST = 0  # ms; before 1970 nothing was published here
YEAR_10000 = 253_402_300_800_000
URI_LENGTH = 2048
# Most addresses by far: ``web`` finds nothing in them to refuse, and need not take them apart.
_ORDINARY = re.compile(
    r"https?://(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::[1-9][0-9]{0,3})?(?:/[a-zA-Z0-9_/.,:;@~!$&'()*+=%?#-]*)?"
)


def one_or_many(value: Any) -> list[Any]:
    """A list, whether one or many were given (AS2 4: a property may hold one value or several)."""
    return value if isinstance(value, list) else [] if value is None else [value]


def text(value: Any) -> str:
    """A text as it can be kept: no NUL, no lone surrogate. "" for anything else."""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def uri(value: Any) -> str:
    """The id of a thing given as id or as object; of several the first. "" when there is none that can be used."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = next((value[name] for name in NAMES if isinstance(value.get(name), str)), None)
    if not isinstance(value, str) or not web(value):
        return ""
    return value


def uris(value: Any, limit: int) -> list[str]:
    """The ids of one or several things, each once."""
    found = (uri(one) for one in one_or_many(value)[: limit * 4])
    return list(dict.fromkeys(one for one in found if one))[:limit]


def web(address: str) -> bool:
    """Whether this is an address on the web that can be an id: http or https, a plain host, no user, no blanks."""
    if len(address) > URI_LENGTH:
        return False
    if _ORDINARY.fullmatch(address):
        return True
    if not address.startswith(("https://", "http://")) or not address.isprintable():
        return False
    if any(c in address for c in ' "<>\\^`{|}'):
        return False
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    plain = parts.netloc.isascii() and parts.netloc == parts.netloc.lower() and "@" not in parts.netloc
    return bool(host) and plain and not host.endswith(".") and port != 0


def link(value: Any) -> str:
    """An address to follow: a text, a Link, or the best of several (a page before a file). "" for none."""
    for one in one_or_many(value)[:16]:
        if isinstance(one, str) and web(one):
            return one
        if isinstance(one, dict):
            found = one.get("href") if isinstance(one.get("href"), str) else one.get("url")
            kind = one.get("mediaType")
            if isinstance(found, str) and web(found) and (not isinstance(kind, str) or kind.startswith("text/html")):
                return found
    for one in one_or_many(value)[:16]:
        found = one.get("href") if isinstance(one, dict) else None
        if isinstance(found, str) and web(found):
            return found
    return ""


def moment(value: Any) -> int | None:
    """Milliseconds since 1970 of an xsd:dateTime, also without seconds or zone. None when it is none, or absurd."""
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    try:
        when = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    try:
        found = int(when.timestamp() * 1000)
    except (OverflowError, ValueError, OSError):
        return None
    return found if EARLIEST <= found < YEAR_10000 else None


def iso(moment: int) -> str:
    """xsd:dateTime in UTC, to the second, as we write it."""
    return datetime.fromtimestamp(moment // 1000, UTC).isoformat()[:19] + "Z"


def count(value: Any) -> int | None:
    """The totalItems of a collection, or a number; None when there is none."""
    if isinstance(value, dict):
        value = value.get("totalItems")
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40 else None


def languages(value: Any) -> dict[str, str]:
    """A language map (AS2 4.7)."""
    if not isinstance(value, dict):
        return {}
    return {key: text(one) for key, one in list(value.items())[:16] if isinstance(key, str) and isinstance(one, str)}


def in_language(document: dict[str, Any], name: str) -> tuple[str, str]:
    """A property that may be given plainly or by language: the text, and its language ("" unknown)."""
    plain = text(document.get(name))
    by_language = languages(document.get(f"{name}Map"))
    if plain:
        return plain, next((key for key, one in by_language.items() if one == plain), "")
    for key in ("en-GB", "en", *by_language):
        if by_language.get(key):
            return by_language[key], key
    return "", ""


def types(document: dict[str, Any]) -> list[str]:
    """The types of a document."""
    return [one for one in one_or_many(document.get("type"))[:8] if isinstance(one, str)]


def type_among(document: dict[str, Any], known: frozenset[str]) -> str:
    """The first type of a document that we know; "" for none."""
    return next((one for one in types(document) if one in known), "")


def objects(value: Any, limit: int) -> Iterator[dict[str, Any]]:
    """The objects among one or several values."""
    found = 0
    for one in one_or_many(value):
        if isinstance(one, dict):
            found += 1
            if found > limit:
                return
            yield one


def depth_within(value: Any, limit: int) -> bool:
    """Whether nothing is nested deeper than ``limit``; without recursion."""
    level = [value]
    for _ in range(limit):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return True
    return False
