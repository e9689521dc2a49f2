"""Feeds of other sites: Atom (RFC 4287), RSS 2.0, 0.9x and 1.0. No I/O.

What comes is hostile until it is read: no entities of its own and nothing from elsewhere (CWE-776, CWE-611), so deep
and so many elements at most. Words come out as plain text, addresses as whole web addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin
from xml.etree import ElementTree as ET
from xml.parsers import expat

from federation import sanitize
from federation.documents import reading
from federation.errors import Refused

ENTRIES = 50  # that are looked at: the first, which are the newest
DEPTH, ELEMENTS = 60, 40_000
TITLE, ADDRESS, NAME = 200, 2_000, 2_000  # characters
HTML = 200_000  # characters of the source of one entry
ATOM = "{http://www.w3.org/2005/Atom}"
RSS_1 = "{http://purl.org/rss/1.0/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
DATE = "{http://purl.org/dc/elements/1.1/}date"
_PARTS = re.compile(r"(</(?:p|h[1-6]|blockquote|pre|ul|ol|table|dl)>)")
_EMPTY = re.compile(r"\n[ \t]*\n[\n \t]*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. "": it does not say."""

    name: str  # what it is called in its feed: its id, its address or its title
    title: str
    text: str  # plain, empty lines between paragraphs
    link: str
    published: int | None


def read(body: bytes | str, url: str) -> list[Entry]:
    """The first entries of a feed found at ``url`` ("": it was pasted). Raises Refused for what is no feed."""
    root = _tree(body)
    if root.tag == ATOM + "feed":
        return [_atom(one, url) for one in _some(root.iter(ATOM + "entry"))]
    space = RSS_1 if root.find(RSS_1 + "channel") is not None else ""
    if not space and root.tag != "rss":
        raise Refused("this is no feed")
    return [_rss(one, space, url) for one in _some(root.iter(space + "item"))]


def _some(found: Iterator[ET.Element]) -> list[ET.Element]:
    return [one for one, _ in zip(found, range(ENTRIES), strict=False)]


def _tree(body: bytes | str) -> ET.Element:
    builder, parser = ET.TreeBuilder(), expat.ParserCreate(namespace_separator="}")
    depth = count = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEPTH or count > ELEMENTS:
            raise Refused("the feed is too large")
        builder.start(_named(tag), {_named(name): value for name, value in attributes.items()})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_named(tag))

    def refuse(*_: object) -> int:
        raise Refused("the feed has entities of its own")

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = parser.UnparsedEntityDeclHandler = parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Refused("this is no XML") from error
    return builder.close()


def _named(tag: str) -> str:
    return f"{{{tag}" if "}" in tag else tag


def _atom(entry: ET.Element, url: str) -> Entry:
    links = {one.get("rel", "alternate"): one.get("href", "") for one in reversed(entry.findall(ATOM + "link"))}
    content = entry.find(ATOM + "content")
    if content is None or not _source(content):
        content = entry.find(ATOM + "summary")
    when = _said(entry, ATOM + "published") or _said(entry, ATOM + "updated")
    html = "" if content is None else _source(content)
    return _entry(
        _said(entry, ATOM + "id"), _said(entry, ATOM + "title"), html, links.get("alternate", ""), url,
        reading.moment(when),
    )  # fmt: skip


def _source(content: ET.Element) -> str:
    """The HTML of an Atom text construct (RFC 4287, 3.1)."""
    if content.get("type") == "xhtml":
        for one in content.iter():
            one.tag = one.tag.rpartition("}")[2]
        return "".join(ET.tostring(one, encoding="unicode", method="html") for one in content)
    said = "".join(content.itertext())
    return said if content.get("type") == "html" else sanitize.escaped(said)


def _rss(item: ET.Element, space: str, url: str) -> Entry:
    link = _said(item, space + "link")
    guid = item.find(space + "guid")
    if not link and guid is not None and guid.get("isPermaLink", "true") == "true":
        link = (guid.text or "").strip()
    return _entry(
        _said(item, space + "guid"), _said(item, space + "title"),
        _said(item, CONTENT) or _said(item, space + "description"), link, url,
        _mailed(_said(item, space + "pubDate")) or reading.moment(_said(item, DATE)),
    )  # fmt: skip


def _said(parent: ET.Element, name: str) -> str:
    found = parent.find(name)
    return "" if found is None else "".join(found.itertext()).strip()


def _mailed(when: str) -> int | None:
    """Milliseconds of a date as mails have them (RFC 822)."""
    try:
        return reading.moment(parsedate_to_datetime(when[:60]).isoformat()) if when else None
    except (ValueError, OverflowError):
        return None


def _entry(name: str, title: str, html: str, link: str, url: str, published: int | None) -> Entry:
    shown = sanitize.line(sanitize.plain(sanitize.html(title, TITLE * 10)), TITLE)
    name = (name or link or shown)[:NAME]  # as it is written, so that it is the same when the feed is pasted
    text = sanitize.plain(_PARTS.sub(r"\1<br>", sanitize.html(html, HTML)))
    text = _EMPTY.sub("\n\n", "\n".join(one.strip() for one in text.splitlines())).strip()
    return Entry(name, shown, text, _address(link.strip(), url), published)


def _address(link: str, url: str) -> str:
    try:
        whole = urljoin(url, link) if link else ""
    except ValueError:
        return ""
    return whole if whole.startswith(("https://", "http://")) and len(whole) <= ADDRESS and whole.isprintable() else ""
