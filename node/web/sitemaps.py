"""Sitemaps (sitemaps.org, version 0.9): an index, pages of posts, and one page of topics and teams.

Only what everybody may read and whose author wants to be found. A page of posts begins at an id that the worker chose
(``storage.sitemaps``), so each request reads one page, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from node.context import State
from node.pages import unless_known
from node.requests import identifier
from node.words.vocabulary import iso
from storage import sitemaps, vocabularies
from storage.database import Missing
from storage.sitemaps import Place

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
KEPT = "public, max-age=3600"
STANDING = ("/", "/about", "/learn", "/connect", "/topics", "/events", "/consultations", "/ideas", "/questions")
Entry = tuple[str, int | None]  # a path of ours, and when it changed (ms), if we know


async def index(request: Request[State]) -> Response:
    """Which pages there are."""
    node = request.state["node"]
    async with node.database.reading(stale=True) as db:
        firsts = await sitemaps.firsts(db)
    paths = ["/sitemaps/topics.xml", *(f"/sitemaps/posts-{first}.xml" for first in firsts)]
    return _answer(request, "sitemapindex", "sitemap", [(path, None) for path in paths])


async def standing(request: Request[State]) -> Response:
    """What is always there, topics, and teams that want to be found."""
    node = request.state["node"]
    async with node.database.reading(stale=True) as db:
        found = await sitemaps.teams(db)
    entries: list[Entry] = [(path, None) for path in STANDING]
    entries += [(f"/topics/{topic}", None) for topic in sorted(vocabularies.topics())]
    return _answer(request, "urlset", "url", [*entries, *map(_entry, found)])


async def posts(request: Request[State]) -> Response:
    """One page of posts. Raises Missing where none begins."""
    node = request.state["node"]
    asked = request.path_params["first"]
    first = identifier(asked)
    if str(first) != asked:
        raise Missing(asked)
    async with node.database.reading(stale=True) as db:
        end = await sitemaps.end_of(db, first)
        if end is None:
            raise Missing(asked)
        found = await sitemaps.posts(db, first=first, end=end)
    return _answer(request, "urlset", "url", map(_entry, found))


def _entry(place: Place) -> Entry:
    path = f"/@{place.handle}"
    return (f"{path}/{place.post_id}" if place.post_id else path), place.changed


def _answer(request: Request[State], root: str, each: str, entries: Iterable[Entry]) -> Response:
    base = request.state["node"].site.base_url
    made = ET.Element(NAMESPACE + root)
    for path, changed in entries:
        one = ET.SubElement(made, NAMESPACE + each)
        ET.SubElement(one, NAMESPACE + "loc").text = base + path
        if changed is not None:
            ET.SubElement(one, NAMESPACE + "lastmod").text = iso(changed)
    body = ET.tostring(made, encoding="utf-8", xml_declaration=True, default_namespace=NAMESPACE[1:-1])
    response = Response(body, media_type="application/xml; charset=utf-8", headers={"cache-control": KEPT})
    return unless_known(request, response)


routes = [
    Route("/sitemap.xml", index),
    Route("/sitemaps/topics.xml", standing),
    Route("/sitemaps/posts-{first}.xml", posts),
]
