"""The page of search: words, facets that are links, and what is found among what is known here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from node import pages, sessions
from node.context import State
from node.learning import narrowing
from node.learning import search as find
from node.learning.narrowing import HITS, NAMES, Asked, Found
from node.requests import identifier
from node.texts import _
from node.web.entries import entries
from node.words import facet_words
from storage import timelines, vocabularies, widening
from storage.database import listed
from storage.ids import LAST

PAGE = 20
PEOPLE = 5
VALUES = 8  # of one facet


@dataclass(frozen=True, slots=True)
class Choice:
    """A facet's value that can be chosen, or taken back."""

    words: str
    href: str
    count: int = 0


def asked(query: Mapping[str, str]) -> Asked:
    """What an address asks for; what no facet can be is left out."""
    words = query.get("q", "").replace("\x00", "").strip()[: narrowing.QUERY]
    chosen = {name: value for name in NAMES if narrowing.may_be(name, value := query.get(name, ""))}
    return Asked(words, chosen)


def href(wanted: Asked, **more: str) -> str:
    """The address of a search."""
    query = {"q": wanted.query, **wanted.chosen, **more}
    return f"/search?{urlencode({name: value for name, value in query.items() if value})}"


async def search(request: Request[State]) -> Response:
    """Posts by words and facets, and people by name."""
    node = request.state["node"]
    me = await sessions.me(request)
    reader_id = 0 if me is None else me.id
    wanted = asked(request.query_params)
    before = identifier(request.query_params.get("max_id", "")) or LAST
    now = node.clock()
    async with node.database.reading(stale=me is None) as db:
        found = await narrowing.find(db, wanted, reader_id=reader_id, now=now, before=before, limit=PAGE, counted=True)
        lines = await timelines.some(db, listed(found.ids), reader_id=reader_id) if found.ids else {}
        shown = await entries(db, node, [lines[one] for one in found.ids if one in lines], reader_id=reader_id)
        first = before == LAST
        people = await find.people(db, wanted.query, limit=PEOPLE) if wanted.query and first else []
        less = [] if found.ids or not first else await narrowing.less(db, wanted, reader_id=reader_id, now=now)
    return pages.page(
        request, "search.html", me=me, q=wanted.query, entries=shown, people=people, first=first,
        any=bool(wanted.query or wanted.chosen), kept=wanted.chosen, found=found, hits=HITS,
        chosen=[Choice(facet_words.facet(*one), href(wanted.without(one[0]))) for one in wanted.chosen.items()],
        groups=_groups(wanted, found),
        less=[Choice(_less(name), href(wanted.without(name)), count) for name, count in less],
        enough=narrowing.ENOUGH, only=href(Asked(f'"{wanted.query}"', wanted.chosen)),
        meant=_meant(wanted) if not found.ids else None, topic=vocabularies.topics().get(widening.near(wanted.query)),
        older=None if found.end is None else href(wanted, max_id=str(found.end)),
        elsewhere=me is not None and (find.is_handle(wanted.query) or find.is_address(wanted.query)),
    )  # fmt: skip


def _less(name: str) -> str:
    return _("the words") if name == "q" else f"“{_(facet_words.FACETS[name][0])}”"


def _groups(wanted: Asked, found: Found) -> Sequence[tuple[str, Sequence[Choice]]]:
    """Facets that can be chosen, each with its commonest values and how many have them."""

    def choices(name: str, some: Sequence[tuple[str, int]]) -> list[Choice]:
        return [
            Choice(facet_words.facet(name, one), href(wanted.also(name, one)), count) for one, count in some[:VALUES]
        ]

    return [
        (_(facet_words.FACETS[name][0]), choices(name, some)) for name, some in (found.counts or {}).items() if some
    ]


def _meant(wanted: Asked) -> Choice | None:
    """Words of the field that are spelt like those that were not found."""
    words = widening.misspelt(wanted.query)
    return Choice(words, href(Asked(words, wanted.chosen))) if words else None


routes = [Route("/search", search)]
