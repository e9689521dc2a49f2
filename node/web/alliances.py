"""Who is on this node, and the page of an alliance: its highlights, who belongs to it, and what they shared last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from node import pages, sessions
from node.context import Node, State
from node.review import highlighting
from node.web import highlights as highlight_pages
from node.web.entries import NONE, Entries, entries
from node.web.highlights import Chosen
from storage import actors, directory, highlights, timelines
from storage.actors import Actor, ActorKind
from storage.database import Reading
from storage.filters import Context
from storage.paging import Page

PEOPLE = 100  # of each sort in the list of who is here
TEAMS = 12  # on the page of an alliance
HIGHLIGHTS = 6
NEWEST = 5  # of its members, that answer nothing
COUNTED = 1_000  # people


async def connect(request: Request[State]) -> Response:
    """Alliances, teams and members of this node."""
    node = request.state["node"]
    me = await sessions.me(request)
    async with node.database.reading(stale=me is None) as db:
        found = {
            kind: await actors.of_kind_here(db, kind, limit=PEOPLE)
            for kind in (ActorKind.ORGANIZATION, ActorKind.GROUP, ActorKind.PERSON)
        }
    shown = {kind: [one for one in some if one.discoverable is not None] for kind, some in found.items()}
    return pages.page(
        request,
        "connect.html",
        me=me,
        alliances=shown[ActorKind.ORGANIZATION],
        teams=shown[ActorKind.GROUP],
        people=shown[ActorKind.PERSON],
    )


@dataclass(frozen=True, slots=True)
class Alliance:
    """What the page of an alliance shows beside what it shared itself."""

    hosts: bool  # it is the alliance of this node: who is here belongs to it
    highlights: Sequence[Chosen]
    months: Sequence[str]  # that have any; of the node's own alliance
    teams: Sequence[Actor]
    counted: int  # teams that belong to it; 0: nobody knows, or more than are counted
    people: int  # who belong to it; 0: the same
    newest: Entries  # of its members

    @property
    def notes(self) -> set[int]:
        """Ids of the notes of its highlights, which stand on the page already."""
        return {item.one.note_id for item in self.highlights if item.one.note_id is not None}


async def shown(db: Reading, node: Node, actor: Actor, *, reader_id: int) -> Alliance | None:
    """Of an alliance; None for anybody else. A fixed number of queries.

    To the alliance of this node belong the teams and members here; to one elsewhere, the teams of its server that are
    known here. Who belongs to another one that is a guest here, nobody knows.
    """
    if actor.kind is not ActorKind.ORGANIZATION:
        return None
    if not actor.here:
        teams = await directory.known_at(db, ActorKind.GROUP, actor.domain, limit=TEAMS)
        return Alliance(False, (), (), teams, 0, 0, NONE)
    listing = await highlighting.of_node(db, node)
    hosts = listing.voice is not None and listing.voice.id == actor.id
    owner_id = listing.owner.id if hosts else actor.id
    chosen = await highlight_pages.newest(db, node, owner_id, reader_id=reader_id, limit=HIGHLIGHTS)
    if not hosts:
        return Alliance(False, chosen, (), (), 0, 0, NONE)
    found = await actors.of_kind_here(db, ActorKind.GROUP, limit=PEOPLE)
    teams = [one for one in found if one.discoverable is not None]
    people = await directory.count_here(db, ActorKind.PERSON, most=COUNTED)
    lines = await timelines.public(db, reader_id=reader_id, page=Page(), now=node.clock(), local=True)
    lines = [one for one in lines if one.author_id != actor.id]
    newest = await entries(db, node, lines, reader_id=reader_id, replies=False, where=Context.ACCOUNT)
    return Alliance(
        True,
        chosen,
        await highlights.months(db, owner_id),
        teams[:TEAMS],
        len(teams) if len(found) < PEOPLE else 0,
        people if people < COUNTED else 0,
        Entries(newest.parts[:NEWEST]),
    )


routes = [Route("/connect", connect)]
