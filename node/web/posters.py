"""What is pinned to a wall: a QR code of a page as a picture of its own, and one printed page of a post for a board.

Only of what everybody may read. A code leads to where the original is.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache

import segno
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.context import Node, State
from node.learning.topics import by_id
from node.requests import identifier
from node.texts import N_, _
from node.web.cards import Card, cards, cut, href
from node.web.reading import found_actor
from storage import actors, posts, timelines
from storage.actors import Actor
from storage.database import Missing, Reading
from storage.posts import Post

ADDRESS = 300  # characters of one elsewhere; a longer one makes a code that is slow to draw and hard to scan
KEPT = "public, max-age=86400"  # an address does not change
POLICY = "default-src 'none'; sandbox"
CHANGES, CHANGED = "changes", 3  # a list, and how much of it is shown
BESIDE = 3  # parts beside a chart
# What a board shows of each kind, in this order: the field, its heading, characters at most. So that it fits one page.
PARTS = (
    ("aim", N_("The aim"), 350), ("situation", N_("What happens"), 500), ("problem", N_("The problem"), 400),
    ("question", N_("The question"), 500), (CHANGES, N_("What we changed"), 110),
    ("what_changed", N_("What changed"), 400), ("recommendation", N_("What helps"), 500),
    ("proposal", N_("The idea"), 500), ("result", N_("The result"), 400),
    ("reason", N_("Why it was stopped"), 300), ("did_not_work", N_("What did not work"), 300),
    ("advice", N_("What we would tell you"), 300), ("measure_of_success", N_("How would you know?"), 250),
    ("description", N_("What it is"), 500), ("tip", N_("Our tip"), 500), ("deed", N_("Thanks"), 500),
    ("details", N_("Details"), 500),
)  # fmt: skip
TEXT = 900  # characters of a post without such fields


async def of_post(request: Request[State]) -> Response:
    """The code of a post. Raises Missing."""
    node = request.state["node"]
    async with node.database.reading(stale=True) as db:
        post, author = await _public(db, request)
    return _drawn(request, original(node, post, author))


async def of_actor(request: Request[State]) -> Response:
    """The code of a member, team or alliance. Raises Missing, Gone."""
    node = request.state["node"]
    async with node.database.reading(stale=True) as db:
        actor = await found_actor(db, request.path_params["acct"], node.config.domain)
    there = actor.url or actor.uri
    here = actor.here or len(there) > ADDRESS
    return _drawn(request, f"{node.site.base_url}/@{actor.acct}" if here else there)


async def of_topic(request: Request[State]) -> Response:
    """The code of a topic. Raises Missing."""
    return _drawn(request, f"{request.state['node'].site.base_url}/topics/{by_id(request.path_params['id']).id}")


async def board(request: Request[State]) -> Response:
    """One page of a post to print. Raises Missing."""
    node = request.state["node"]
    me = await sessions.me(request)
    async with node.database.reading(stale=True) as db:
        post, author = await _public(db, request)
        if request.url.path != f"{href(post, author)}/board":
            return RedirectResponse(f"{href(post, author)}/board", 301, headers={"cache-control": "no-store"})
        line = await timelines.one(db, post.id, reader_id=0)
        if line is None:
            raise Missing(str(post.id))
        [card] = await cards(db, [line], reader_id=0, now=node.clock())
    figure = None if card.post.summary else next((one for one in card.charts if one.drawn), None)
    return pages.page(
        request, "board.html", me=me, card=card, figure=figure, parts=_parts(card, drawn=figure is not None),
        text=_text(card), source=original(node, post, author),
    )  # fmt: skip


async def _public(db: Reading, request: Request[State]) -> tuple[Post, Actor]:
    """The post of the address, if everybody may read it. Raises Missing."""
    post = await posts.by_id(db, identifier(request.path_params["id"]), reader_id=0)
    if post.boost_of_id is not None:
        raise Missing(str(post.id))
    return post, await actors.by_id(db, post.author_id)


def original(node: Node, post: Post, author: Actor) -> str:
    """Where everybody finds a post, for longer than this node's copy is kept."""
    there = post.url or post.uri
    return f"{node.site.base_url}{href(post, author)}" if author.here or len(there) > ADDRESS else there


def _parts(card: Card, *, drawn: bool) -> Sequence[tuple[str, str, Sequence[str]]]:
    """Headings, each with words or a list. Nothing behind a warning: a board warns nobody. ``drawn``: a chart takes
    half of the room."""
    if card.post.summary:
        return []
    given = {**(card.fields["sbar"] or {}), **card.fields}
    found: list[tuple[str, str, Sequence[str]]] = []
    for name, heading, most in PARTS:
        said = given.get(name)
        if isinstance(said, str) and said:
            found.append((_(heading), cut(said, most // 2 if drawn else most), ()))
        elif isinstance(said, list) and name == CHANGES:
            found.append((_(heading), "", [cut(one, most) for one in said[:CHANGED] if isinstance(one, str)]))
    return found[:BESIDE] if drawn else found


def _text(card: Card) -> str:
    """The words of what has no fields; of what bears a warning the warning."""
    return cut(card.post.summary or card.post.text, TEXT)


def _drawn(request: Request[State], address: str) -> Response:
    headers = {"cache-control": KEPT, "content-security-policy": POLICY}
    return pages.unless_known(request, Response(_code(address), media_type="image/svg+xml", headers=headers))


@lru_cache(1_000)
def _code(address: str) -> bytes:
    """Dark on light whatever the page's colours are: not all apps read it the other way. It takes some 10 ms."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(
        drawn, kind="svg", border=4, light="#fff", dark="#000", svgclass=None, lineclass=None, omitsize=True
    )
    return drawn.getvalue()


routes = [
    Route("/@{acct}/qr.svg", of_actor),
    Route("/@{acct}/{id}/qr.svg", of_post),
    Route("/topics/{id}/qr.svg", of_topic),
    Route("/@{acct}/{id}/board", board),
]
