"""Atom feeds (RFC 4287) of the node, of a member here and of a tag: public posts only."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from node.context import Node, State
from node.pages import iso
from node.web.cards import Card, cards
from node.web.reading import found_actor
from storage import timelines
from storage.database import Reading
from storage.paging import Page
from storage.posts import Visibility
from storage.tags import name_of
from storage.timelines import Line, Wanted

ENTRIES = 20
ATOM = "{http://www.w3.org/2005/Atom}"
TITLE = 80  # characters of a text that stand for a title


async def newest(request: Request[State]) -> Response:
    """What was shared on this node last."""
    node = request.state["node"]
    async with node.database.reading(stale=True) as db:
        lines = await timelines.public(db, reader_id=0, page=Page(limit=ENTRIES), local=True)
        return await _feed(db, node, request.url.path, node.config.name, "/", lines)


async def of_actor(request: Request[State]) -> Response:
    """What a member shared last."""
    node = request.state["node"]
    async with node.database.reading(stale=True) as db:
        actor = await found_actor(db, request.path_params["acct"], node.config.domain)
        wanted = Wanted(replies=False, boosts=False)
        lines = await timelines.by_author(db, actor.id, reader_id=0, page=Page(limit=ENTRIES), wanted=wanted)
        return await _feed(db, node, request.url.path, actor.name or actor.handle, f"/@{actor.acct}", lines)


async def of_tag(request: Request[State]) -> Response:
    """What was tagged last."""
    node = request.state["node"]
    name = name_of(request.path_params["name"])
    async with node.database.reading(stale=True) as db:
        lines = await timelines.tagged(db, name, reader_id=0, page=Page(limit=ENTRIES))
        return await _feed(db, node, request.url.path, f"#{name}", f"/tags/{name}", lines)


async def _feed(db: Reading, node: Node, path: str, title: str, page: str, lines: Sequence[Line]) -> Response:
    base = node.site.base_url
    shown = [one for one in await cards(db, lines) if one.post.visibility is Visibility.PUBLIC]
    feed = ET.Element(ATOM + "feed")
    _text(feed, "id", base + path)
    _text(feed, "title", title)
    _text(feed, "updated", iso(max((one.post.edited or one.post.published for one in shown), default=node.clock())))
    ET.SubElement(feed, ATOM + "link", {"rel": "self", "type": "application/atom+xml", "href": base + path})
    ET.SubElement(feed, ATOM + "link", {"rel": "alternate", "type": "text/html", "href": base + page})
    for one in shown:
        _entry(feed, one, base)
    ET.register_namespace("", ATOM[1:-1])
    body = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    headers = {"cache-control": "public, max-age=300"}
    return Response(body, media_type="application/atom+xml; charset=utf-8", headers=headers)


def _entry(feed: ET.Element, card: Card, base: str) -> None:
    entry = ET.SubElement(feed, ATOM + "entry")
    _text(entry, "id", card.post.uri)
    _text(entry, "title", card.title or card.post.summary or card.post.text[:TITLE] or card.author.acct)
    _text(entry, "published", iso(card.post.published))
    _text(entry, "updated", iso(card.post.edited or card.post.published))
    ET.SubElement(entry, ATOM + "link", {"rel": "alternate", "type": "text/html", "href": base + card.href})
    author = ET.SubElement(entry, ATOM + "author")
    _text(author, "name", card.author.name or card.author.handle)
    _text(author, "uri", card.author.url or card.author.uri)
    content = _text(entry, "content", card.post.summary or card.post.html)
    content.set("type", "text" if card.post.summary else "html")


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    made = ET.SubElement(parent, ATOM + name)
    # XML 1.0 has no way to write these characters.
    made.text = "".join(c for c in text if c in "\t\n\r" or (ord(c) >= 0x20 and not 0xD800 <= ord(c) <= 0xDFFF))
    return made


routes = [
    Route("/feed.atom", newest),
    Route("/@{acct}.atom", of_actor),
    Route("/tags/{name}.atom", of_tag),
]
