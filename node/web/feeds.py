"""Atom feeds (RFC 4287) of the node, of a member here, of a tag, of a topic and of highlights: public posts only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from federation.documents.contents.parts import part
from node.context import Node, State
from node.learning.topics import by_id
from node.pages import unless_known
from node.texts import _
from node.web import highlights as highlight_pages
from node.web.cards import Card, cards
from node.web.reading import found_actor
from node.words import vocabulary
from node.words.vocabulary import iso
from storage import timelines, topics
from storage.database import Missing, listed
from storage.highlights import Highlight
from storage.paging import Page
from storage.posts import Visibility
from storage.tags import name_of
from storage.timelines import Wanted

ENTRIES = 20
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
KEPT = "public, max-age=300"
_NONE: Mapping[int, Highlight] = {}
_NO_TEXT = frozenset(map(chr, [*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF]))


async def newest(request: Request[State]) -> Response:
    """What was shared on this node last."""
    node = request.state["node"]
    async with node.database.reading(stale=True) as db:
        lines = await timelines.public(db, reader_id=0, page=Page(limit=ENTRIES), now=node.clock(), local=True)
        shown = await cards(db, lines, reader_id=0, now=node.clock())
    return _answer(request, node.config.name, "/feed.atom", "/", shown)


async def of_actor(request: Request[State]) -> Response:
    """What a member of this node shared last."""
    node = request.state["node"]
    async with node.database.reading(stale=True) as db:
        actor = await found_actor(db, request.path_params["acct"], node.config.domain)
        if not actor.here:
            raise Missing(actor.acct)
        wanted = Wanted(replies=False, boosts=False)
        lines = await timelines.by_author(db, actor.id, reader_id=0, page=Page(limit=ENTRIES), wanted=wanted)
        shown = await cards(db, lines, reader_id=0, now=node.clock())
    path = f"/@{actor.handle}"
    return _answer(request, actor.name or actor.handle, f"{path}.atom", path, shown)


async def of_tag(request: Request[State]) -> Response:
    """What was tagged last."""
    node = request.state["node"]
    name = name_of(request.path_params["name"])
    async with node.database.reading(stale=True) as db:
        lines = await timelines.tagged(db, name, reader_id=0, page=Page(limit=ENTRIES), now=node.clock())
        shown = await cards(db, lines, reader_id=0, now=node.clock())
    path = f"/tags/{quote(name, safe='')}"
    return _answer(request, f"#{name}", f"{path}.atom", path, shown)


async def of_topic(request: Request[State]) -> Response:
    """What was shared about a topic last. Raises Missing."""
    node = request.state["node"]
    topic = by_id(request.path_params["id"])
    async with node.database.reading(stale=True) as db:
        ids = await topics.newest(db, topic.id, reader_id=0, now=node.clock(), page=Page(limit=ENTRIES))
        lines = await timelines.some(db, listed(ids), reader_id=0)
        shown = await cards(db, [lines[one] for one in ids if one in lines], reader_id=0, now=node.clock())
    path = f"/topics/{topic.id}"
    return _answer(request, vocabulary.topic(topic.id), f"{path}.atom", path, shown)


async def of_highlights(request: Request[State]) -> Response:
    """What the node highlighted last, and why."""
    node = request.state["node"]
    async with node.database.reading(stale=True) as db:
        shown = await highlight_pages.of_node(db, node, reader_id=0, limit=ENTRIES)
    why = {one.card.post.id: one.one for one in shown}
    title = _("Highlights of the month: {name}").format(name=node.config.name)
    return _answer(request, title, "/highlights.atom", "/highlights", [one.card for one in shown], why)


def _answer(
    request: Request[State],
    title: str,
    path: str,
    page: str,
    shown: Sequence[Card],
    why: Mapping[int, Highlight] = _NONE,
) -> Response:
    node = request.state["node"]
    open_to_all = [one for one in shown if one.post.visibility is Visibility.PUBLIC]
    body = _feed(node, title, path, page, open_to_all, why)
    response = Response(body, media_type="application/atom+xml; charset=utf-8", headers={"cache-control": KEPT})
    return unless_known(request, response)


def _feed(node: Node, title: str, path: str, page: str, shown: Sequence[Card], why: Mapping[int, Highlight]) -> bytes:
    base = node.site.base_url
    feed = ET.Element(ATOM + "feed")
    _text(feed, "id", base + path)
    _text(feed, "title", title)
    _text(feed, "updated", iso(max((_updated(one, why.get(one.post.id)) for one in shown), default=0)))
    _text(ET.SubElement(feed, ATOM + "author"), "name", node.config.name)
    ET.SubElement(feed, ATOM + "link", {"rel": "self", "type": "application/atom+xml", "href": base + path})
    ET.SubElement(feed, ATOM + "link", {"rel": "alternate", "type": "text/html", "href": base + page})
    for one in shown:
        _entry(feed, one, base, why.get(one.post.id))
    ET.register_namespace("", ATOM[1:-1])
    body: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _updated(card: Card, why: Highlight | None) -> int:
    post = card.post
    return max(post.edited or post.published, 0 if why is None else why.changed or why.chosen)


def _entry(feed: ET.Element, card: Card, base: str, why: Highlight | None) -> None:
    entry = ET.SubElement(feed, ATOM + "entry", {LANG: card.post.language} if card.post.language else {})
    _text(entry, "id", card.post.uri)
    _text(entry, "title", card.title or card.said or card.author.acct)
    _text(entry, "published", iso(card.post.published))
    _text(entry, "updated", iso(_updated(card, why)))
    ET.SubElement(entry, ATOM + "link", {"rel": "alternate", "type": "text/html", "href": base + card.href})
    author = ET.SubElement(entry, ATOM + "author")
    _text(author, "name", card.author.name or card.author.handle)
    _text(author, "uri", card.author.url or card.author.uri)
    if why is not None:
        heading = _("Highlight of {month}: {title}").format(month=vocabulary.whole_month(why.month), title=why.reason)
        _text(entry, "summary", heading)
    content = _text(entry, "content", card.post.summary or card.post.html + _other(card))
    content.set("type", "text" if card.post.summary else "html")


def _other(card: Card) -> str:
    """HTML of its words in a second language; "" for none."""
    other = card.translation
    if other is None:
        return ""
    head = f"<h2>{escape(other.title)}</h2>" if other.title else ""
    return f'<div lang="{escape(other.language)}">{head}{part("", other.text)}</div>'


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    made = ET.SubElement(parent, ATOM + name)
    made.text = "".join(c for c in text if c not in _NO_TEXT)  # XML 1.0 has no way to write these
    return made


routes = [
    Route("/feed.atom", newest),
    Route("/highlights.atom", of_highlights),
    Route("/@{acct}.atom", of_actor),
    Route("/tags/{name}.atom", of_tag),
    Route("/topics/{id}.atom", of_topic),
]
