"""Lineage in AS2: where a post says what builds on it, and what it builds on. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from html import escape, unescape
from typing import Any

from federation.documents import reading
from federation.sanitize import REL
from federation.site import Document
from federation.vocabulary import LD_JSON, OURS
from storage.actors import Actor
from storage.lineage import PARENTS, Counts
from storage.posts import Post

BUILDS_ON = "http://www.w3.org/ns/prov#wasDerivedFrom"
SAME_PROBLEM = f"{OURS}sameProblem"
CHALLENGE = f"{OURS}challenge"
AFFECTED = "/affected"  # behind the id of a post
COUNTED = tuple(one.name for one in fields(Counts) if one.name != "affected")
# A page of what builds on a post says how much of each there is; inline, as ever.
CONTEXT: Mapping[str, Any] = {"sw": OURS, **{name: f"sw:{name}" for name in COUNTED}}


def terms(post: Post) -> Document:
    """The collections of a public post of ours that can be built on."""
    if post.kind not in PARENTS:
        return {}
    return {"spread": f"{post.uri}/spread", "affected": f"{post.uri}{AFFECTED}"}


def links(post: Post) -> list[Document]:
    """What a post builds on, and what is about the same, as tags: FEP-e232."""
    if not any(f'"{name}":' in post.fields for name in ("derived_from", "same_problem", "challenge")):
        return []
    kept = json.loads(post.fields)
    found = [(kept["derived_from"], BUILDS_ON)] if kept.get("derived_from") else []
    found += [(kept["challenge"], CHALLENGE)] if kept.get("challenge") else []
    found += [(one, SAME_PROBLEM) for one in kept.get("same_problem", ())]
    return [
        {"type": "Link", "mediaType": LD_JSON, "rel": rel, "href": uri, "name": uri} for uri, rel in dict(found).items()
    ]


def spread_of(document: Mapping[str, Any]) -> str:
    """Where a post's own document says what builds on it."""
    return reading.uri(document.get("spread", document.get("sw:spread", document.get(f"{OURS}spread"))))


def affected_of(document: Mapping[str, Any]) -> str:
    """Where it says how many have its problem too."""
    return reading.uri(document.get("affected", document.get("sw:affected", document.get(f"{OURS}affected"))))


def counters(counts: Counts) -> Document:
    """How much of each a collection holds."""
    return {name: n for name, n in asdict(counts).items() if name in COUNTED}


def told(document: Mapping[str, Any]) -> dict[str, int]:
    """The counters of somebody else's collection, as far as they can be used."""
    said = {name: document.get(name, document.get(f"sw:{name}")) for name in COUNTED}
    return {name: n for name, n in said.items() if isinstance(n, int) and not isinstance(n, bool) and 0 <= n < 10**9}


def content(words: str, parent: Post, author: Actor, title: str) -> str:
    """HTML that links to what a post builds on or answers, and names who shared it."""
    link, who, name = escape(parent.url or parent.uri), escape(author.url or author.uri), escape(author.handle)
    mention = f'<span class="h-card"><a href="{who}" class="u-url mention">@<span>{name}</span></a></span>'
    return f'<p>{words} <a href="{link}" rel="{REL}">{escape(title)}</a> by {mention}</p>'


_LINE = re.compile(
    rf'<p>(?P<words>[^<]{{1,99}}) <a href="(?P<link>[^"]*)" rel="{REL}">(?P<title>[^<]*)</a> by <span class="h-card">'
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a line of ``content`` names."""

    address: str
    title: str


def named(words: str, html: str) -> Named | None:
    """What the first line of these words names in the HTML of a post; None: there is none."""
    found = _line(words, html)
    return None if found is None else Named(unescape(found["link"]), unescape(found["title"]))


def renamed(words: str, html: str, title: str) -> str:
    """The HTML with this title in that line."""
    found = _line(words, html)
    return html if found is None else html[: found.start("title")] + escape(title) + html[found.end("title") :]


def _line(words: str, html: str) -> re.Match[str] | None:
    return next((one for one in _LINE.finditer(html) if one["words"] == words), None)


def items(pages: Sequence[Mapping[str, Any]], limit: int) -> list[str]:
    """The ids that pages of a collection list, each once."""
    found = [one for page in pages for one in reading.uris(page.get("orderedItems", page.get("items")), limit)]
    return list(dict.fromkeys(found))[:limit]
