"""Where a page of the node stands in the archive: an address of it is a file, and what is asked after "?" a folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, unquote, urlsplit

PAGING = ("max_id", "replies")  # what may be asked of a page and makes another page of it; the rest is left out
LONGEST = 200  # bytes of one part of an address: file systems take 255
# What nobody needs who only reads: to sign in, write, report, search, and what programs ask.
DOORS = re.compile(
    r"/(?:accounts|api|authorize_interaction|contact|forgot|inbox|join|livez|oauth|posts|readyz|report|search|settings"
    r"|sign-in|sign-out|unsubscribe|write)(?:[/?]|$)"
    r"|/@[^/?]+/[0-9]+/board$"
)
FILES = re.compile(r"/(?:media|static)/|/[^/]+\.(?:atom|ics|txt|svg|png|csv)$|/feed\.atom$")


@dataclass(frozen=True, slots=True)
class Place:
    """An address of the node that may be in its archive."""

    path: str  # as it is asked for, without the query
    query: str  # what of it counts, in one order

    @property
    def target(self) -> str:
        """What is asked of the node."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def file(self) -> bool:
        """Whether it is a file by itself, and no page."""
        return FILES.search(self.path) is not None

    @property
    def href(self) -> str:
        """Where the archive has it."""
        if not self.query:
            return self.path
        asked = "-".join(part.replace("=", "-") for part in self.query.split("&"))
        return f"{self.path.rstrip('/')}/_/{asked}"

    def below(self, name: str) -> PurePosixPath:
        """The file of that name in the folder of a page. Raises ValueError for an address that can be no folder."""
        return PurePosixPath(*_parts(self.href), name)

    @property
    def at(self) -> PurePosixPath:
        """Its file, in the folder of the archive. Raises ValueError for an address that can be no file."""
        return PurePosixPath(*_parts(self.href)) if self.file else self.below("index.html")


def _parts(path: str) -> list[str]:
    parts = [unquote(part) for part in path.split("/") if part]
    if any(part in (".", "..") or "/" in part or "\x00" in part or len(part.encode()) > LONGEST for part in parts):
        raise ValueError(f"no file can be called so: {path[:80]}")
    return parts


def door(href: str, base_url: str) -> bool:
    """Whether a link leads to where somebody does something, which an archive has not."""
    return DOORS.match(href.removeprefix(base_url)) is not None


def place(href: str, base_url: str, *, at: str = "/") -> tuple[Place, str] | None:
    """The place that a link leads to, and its mark ("#…"); None when that is not of the node, or a door of it.

    ``at``: the page that it stands on, for links that begin with "?" or "#".
    """
    if href == base_url or href.startswith((f"{base_url}/", f"{base_url}#", f"{base_url}?")):
        href = href[len(base_url) :] or "/"
    elif href.startswith(("?", "#")):
        href = f"{at.partition('?')[0]}{href}" if href.startswith("?") else f"{at}{href}"
    if not href.startswith("/") or href.startswith("//"):
        return None
    parts = urlsplit(href)
    path = parts.path.rstrip("/") or "/"
    if DOORS.match(path):
        return None
    found = Place(path, "")
    if not found.file:
        asked = dict(parse_qsl(parts.query))
        found = Place(path, "&".join(f"{name}={asked[name]}" for name in PAGING if asked.get(name, "").isalnum()))
    return found, f"#{parts.fragment}" if parts.fragment else ""
