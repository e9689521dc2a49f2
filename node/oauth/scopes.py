"""Scopes: what an app may do: https://docs.joinmastodon.org/api/oauth-scopes/"""

from __future__ import annotations

from node.errors import Invalid
from node.texts import _

PARTS = (
    "accounts", "blocks", "bookmarks", "collections", "favourites", "filters", "follows", "lists", "mutes",
    "notifications", "search", "statuses",
)  # fmt: skip
WRITE_ONLY = ("conversations", "media", "reports")
KNOWN = frozenset(
    {"read", "write", "follow", "push", "profile"}
    | {f"read:{part}" for part in PARTS}
    | {f"write:{part}" for part in PARTS + WRITE_ONLY}
)
DEFAULT = "read"


def parse(wanted: str) -> str:
    """The scopes in ``wanted`` (space or + between), each once. Raises Invalid for one nobody knows."""
    scopes = list(dict.fromkeys(wanted.replace("+", " ").split())) or [DEFAULT]
    unknown = [one for one in scopes if one not in KNOWN and not one.startswith("admin:")]
    if unknown:
        raise Invalid(_("Unknown scope: %(names)s") % {"names": " ".join(unknown)[:100]}, field="scope")
    return " ".join(scopes)


def within(wanted: str, granted: str) -> bool:
    """Whether every scope of ``wanted`` is among ``granted``, by itself or by its broad name."""
    have = set(granted.split())
    return all(one in have or one.partition(":")[0] in have for one in wanted.split())
