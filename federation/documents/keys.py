"""Keys in documents: of an actor or standing alone, and whose they are (FEP-fe34, FEP-521a)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from federation.errors import Refused
from federation.signing import keys as signing

LISTED = 8  # keys of one actor that are read


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key that an actor's document lists."""

    uri: str
    kind: str  # rsa, ed25519
    public: str  # PEM


def _many(value: Any) -> list[Any]:
    return value[:LISTED] if isinstance(value, list) else [] if value is None else [value]


def origin(uri: str) -> tuple[str, str]:
    """Scheme and host of a uri, as written."""
    parts = urlsplit(uri)
    return parts.scheme, parts.netloc


def same_origin(one: str, other: str) -> bool:
    """Whether two uris live at the same place (FEP-fe34)."""
    place = one[: one.find("/", 8) + 1]  # what is the same up to the first slash has the same scheme and host
    if place and other.startswith(place):
        return True
    try:
        return origin(one) == origin(other)
    except ValueError:
        return False


def listed(document: dict[str, Any]) -> list[ListedKey]:
    """The usable keys that an actor's document holds whole, of the actor's own origin and in its name."""
    actor = document.get("id")
    if not isinstance(actor, str):
        return []
    return [one for one in _found(document, actor) if same_origin(one.uri, actor)]


def _found(document: dict[str, Any], actor: str) -> Iterator[ListedKey]:
    for entry in _many(document.get("publicKey")):
        made = _public_key(entry, actor)
        if made is not None:
            yield made
    for entry in _many(document.get("assertionMethod")):
        made = _multikey(entry, actor)
        if made is not None:
            yield made


def _public_key(entry: Any, actor: str) -> ListedKey | None:
    if not isinstance(entry, dict):
        return None
    uri, pem = entry.get("id"), entry.get("publicKeyPem")
    if not isinstance(uri, str) or not isinstance(pem, str) or entry.get("owner", actor) != actor:
        return None
    return _usable(uri, pem)


def _usable(uri: str, pem: str) -> ListedKey | None:
    try:
        return ListedKey(uri, signing.kind_of(signing.load_public(pem)), pem)
    except Refused:
        return None


def _multikey(entry: Any, actor: str) -> ListedKey | None:
    if not isinstance(entry, dict) or entry.get("type") != "Multikey" or entry.get("controller", actor) != actor:
        return None
    uri, text = entry.get("id"), entry.get("publicKeyMultibase")
    if not isinstance(uri, str) or not isinstance(text, str):
        return None
    try:
        return ListedKey(uri, "ed25519", signing.from_multikey(text))
    except Refused:
        return None


def references(document: dict[str, Any]) -> set[str]:
    """The ids of all keys that an actor's document names, whole or by reference."""
    found = [*_many(document.get("publicKey")), *_many(document.get("assertionMethod"))]
    ids = [one if isinstance(one, str) else one.get("id") if isinstance(one, dict) else None for one in found]
    return {one for one in ids if isinstance(one, str)}


def alone(document: dict[str, Any]) -> tuple[str, ListedKey] | None:
    """The owner that a key document standing alone claims, and the key; None when it is no such document.

    The claim holds only if the owner's document lists the key: ask ``references``.
    """
    uri = document.get("id")
    owner = document.get("owner", document.get("controller"))
    if not isinstance(uri, str) or not isinstance(owner, str) or not same_origin(uri, owner):
        return None
    if isinstance(document.get("publicKeyPem"), str):
        made = _usable(uri, document["publicKeyPem"])
    else:
        made = _multikey({**document, "type": "Multikey"}, owner)
    return None if made is None else (owner, made)
