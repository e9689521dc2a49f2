"""Pages for reading: home, lists by kind and tag, profile, post with thread, about. Open to everyone."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.connecting import moving
from node.context import Node, State
from node.errors import Gone, Hidden
from node.learning import looking
from node.learning import shared as comparing
from node.learning import topics as topic_use
from node.requests import identifier
from node.review.recalling import may_recall
from node.sharing import announcements as announcing
from node.sharing import behalf, lasting, superseding, understanding
from node.sharing.marking import may_mark
from node.web import alliances, gatherings, speaking
from node.web import groups as web_groups
from node.web import highlights as highlight_pages
from node.web import lineage as lineages
from node.web import standing as standings
from node.web import waiting as waits
from node.web.cards import Card, cards, href, in_order, tree
from node.web.entries import entries
from node.web.screening import screen as screened
from node.words import vocabulary
from node.words.vocabulary import LISTED
from storage import (
    actors,
    admissions,
    collections,
    experts,
    follows,
    hidden,
    marks,
    measures,
    posts,
    submissions,
    tags,
    timelines,
    vocabularies,
)
from storage.actors import Actor, ActorKind
from storage.database import Missing, Reading
from storage.filters import Context
from storage.ids import LAST
from storage.kinds import Kind
from storage.members import Member, Role
from storage.paging import Page
from storage.posts import Post
from storage.timelines import Line, Wanted

PAGE = 20
REPLIES = 50  # on one page of a thread
NAMED = 5  # teams on the home page
RECOMMENDS = 10  # collections on the page of their owner
MEASURES = 10  # measures there


def _page(request: Request[State]) -> Page:
    return Page(before=identifier(request.query_params.get("max_id", "")) or LAST, limit=PAGE)


def _older(request: Request[State], last: int | None, count: int) -> str | None:
    """The link to what comes after a full page."""
    if last is None or count < PAGE:
        return None
    kept = [(name, value) for name, value in request.query_params.multi_items() if name == "q"]
    return f"{request.url.path}?{urlencode([*kept, ('max_id', str(last))])}"


def _after(request: Request[State], lines: Sequence[Line]) -> str | None:
    return _older(request, lines[-1].id if lines else None, len(lines))


async def home(request: Request[State]) -> Response:
    """What this node is and what is new here; for a member, what those they follow shared."""
    node = request.state["node"]
    found = await sessions.current(request)
    page = _page(request)
    if found is not None:
        member, me = found
        async with node.database.reading() as db:
            lines = await timelines.home(db, reader_id=me.id, page=page, now=node.clock())
            shown = await entries(db, node, lines, reader_id=me.id, level=2, where=Context.HOME)
            waiting = await waits.of(db, me)
            asked_in = await admissions.waiting_for(db, me.id)
            announced = await announcing.current(db, node, me.id) if page.before == LAST else []
        return pages.page(
            request,
            "following.html",
            me=me,
            entries=shown,
            older=_after(request, lines),
            first=page.before == LAST,
            waiting=waiting,
            asked_in=asked_in,
            announced=[one for one in announced if not one.read],
            guards=member.role is not Role.MEMBER,
            key=secrets.token_urlsafe(16),
        )
    async with node.database.reading(stale=True) as db:
        lines = await timelines.public(db, reader_id=0, page=page, now=node.clock())
        shown = await entries(db, node, lines, reader_id=0, replies=False)
        teams = await actors.of_kind_here(db, ActorKind.GROUP, limit=NAMED)
        here = await actors.of_kind_here(db, ActorKind.ORGANIZATION, limit=1)
        first = page.before == LAST
        chosen = await highlight_pages.of_node(db, node, reader_id=0, limit=1) if first else []
    return pages.page(
        request,
        "home.html",
        entries=shown,
        older=_after(request, lines),
        first=first,
        teams=teams,
        alliance=here[0] if here else None,
        chosen=chosen,
    )


async def learn(request: Request[State]) -> Response:
    """Everything public, or what there is of one kind. Raises Missing for a kind nobody knows."""
    node = request.state["node"]
    me = await sessions.me(request)
    reader_id = 0 if me is None else me.id
    kind = request.path_params.get("kind", "")
    if kind and kind not in LISTED:
        raise Missing(kind)
    page = _page(request)
    async with node.database.reading(stale=me is None) as db:
        if kind:
            lines = await timelines.of_kind(db, kind, reader_id=reader_id, page=page, now=node.clock())
        else:
            lines = await timelines.public(db, reader_id=reader_id, page=page, now=node.clock())
        shown = await entries(db, node, lines, reader_id=reader_id, replies=False, where=Context.PUBLIC)
    first = page.before == LAST
    return pages.page(
        request, "learn.html", me=me, entries=shown, older=_after(request, lines), kind=kind, first=first,
        topics=[topic for topic, _parts in topic_use.grouped()],
    )  # fmt: skip


async def found_actor(db: Reading, acct: str, domain: str) -> Actor:
    """The account a page's address names: ``name`` or ``name@domain``. Raises Missing, Gone."""
    handle, _, place = acct.partition("@")
    actor = await actors.by_handle(db, handle, "" if place.lower() == domain else place.lower())
    if actor.suspended is not None or actor.kind is ActorKind.APPLICATION:
        raise Missing(acct)
    if actor.gone is not None:
        raise Gone(acct)
    return actor


async def profile(request: Request[State]) -> Response:
    """A member, team or alliance, here or elsewhere, and what they shared."""
    node = request.state["node"]
    me = await sessions.me(request)
    reader_id = 0 if me is None else me.id
    page = _page(request)
    async with node.database.reading(stale=me is None) as db:
        actor = await found_actor(db, request.path_params["acct"], node.config.domain)
        if actor.acct != request.path_params["acct"]:
            return RedirectResponse(f"/@{actor.acct}", 301, headers={"cache-control": "no-store"})
        lines = await timelines.by_author(db, actor.id, reader_id=reader_id, page=page, wanted=Wanted(replies=False))
        first = page.before == LAST
        pinned = await timelines.pinned(db, actor.id, reader_id=reader_id) if first else []
        on_top = {one.post_id for one in pinned}
        alliance = await alliances.shown(db, node, actor, reader_id=reader_id) if first else None
        pinned = pinned if alliance is None else [one for one in pinned if one.post_id not in alliance.notes]
        below = [one for one in lines if one.id not in on_top]
        shown = await entries(db, node, below, reader_id=reader_id, where=Context.ACCOUNT)
        shown_on_top = await entries(db, node, pinned, reader_id=reader_id, where=Context.ACCOUNT)
        mine = me is not None and me.id == actor.id
        recommends = await collections.of(db, actor.id, Page(limit=RECOMMENDS), reader_id=reader_id) if first else []
        counted = first and actor.here
        kept = await measures.names(db, actor.id, reader_id=reader_id, limit=MEASURES) if counted else []
        wanting = await follows.count_wanting(db, actor.id) if mine else 0
        standing = None if me is None or mine else await standings.of(db, me, actor, now=node.clock())
        group = await web_groups.shown(db, me, actor, now=node.clock())
        compared = await comparing.of_group(db, actor, reader_id=reader_id) if first and group else []
        said = await experts.one(db, actor.id)
        there = await moving.moved_to(db, actor)
    return pages.page(
        request,
        "profile.html",
        me=me,
        actor=actor,
        there=there,
        fields=json.loads(actor.fields),
        pinned=shown_on_top,
        entries=shown,
        older=_after(request, lines),
        first=first,
        standing=standing,
        group=group,
        compared=compared,
        expertise=said,
        alliance=alliance,
        wanting=wanting,
        recommends=recommends,
        measures=kept,
        durations=vocabulary.durations(standings.DURATIONS),
        posts_total=max(actor.posts_count, actor.their_posts or 0),
        followers_total=max(actor.followers_count, actor.their_followers or 0),
        following_total=max(actor.following_count, actor.their_following or 0),
    )


async def post(request: Request[State]) -> Response:
    """One post with what it answers and the replies to it."""
    return await thread(request, request.path_params["acct"], identifier(request.path_params["id"]))


async def thread(
    request: Request[State],
    acct: str,
    post_id: int,
    *,
    written: str = "",
    wrong: str = "",
    unvoted: str = "",
    status: int = 200,
) -> Response:
    """The page of a post. ``written`` and ``wrong``: a reply that could not be kept, and why; ``unvoted``: why a vote
    did not count."""
    node = request.state["node"]
    current = await sessions.current(request)
    me = None if current is None else current[1]
    reader_id = 0 if me is None else me.id
    place = identifier(request.query_params.get("replies", ""))
    async with node.database.reading(stale=me is None) as db:
        wanted, author = await _wanted(db, node, acct, post_id, reader_id)
        if f"/@{acct}/{post_id}" != href(wanted, author):
            return RedirectResponse(href(wanted, author), 301, headers={"cache-control": "no-store"})
        line = await timelines.one(db, wanted.id, reader_id=reader_id)
        if line is None:
            raise Missing(str(post_id))
        above, found = await timelines.thread(db, wanted.id, reader_id=reader_id, now=node.clock())
        ordered = in_order(wanted.id, found)
        below = ordered[place : place + REPLIES]
        answer, placed = await _with_answer(db, wanted, ordered, [line, *above, *(one for _, one in below)])
        screen = await screened(db, placed, Context.THREAD, reader_id=reader_id, now=node.clock())
        shown = screen.cards(await cards(db, placed, reader_id=reader_id, now=node.clock()), but=wanted.id)
        named = await tags.of(db, [wanted.id])
        versions = await superseding.versions(db, wanted, reader_id=reader_id)
        readers = await _readers(db, node, current, wanted, author)
        grown = await lineages.grown(db, request, wanted, reader_id=reader_id)
    await looking.promise(node, grown.due)
    by_id = {one.post.id: one for one in shown}
    return pages.page(
        request,
        "post.html",
        status=status,
        headers={"vary": f"{pages.VARY}, Accept-Language"} if by_id[wanted.id].translation else {},
        me=me,
        theirs=speaking.theirs(request.headers.get("accept-language", ""), by_id[wanted.id]),
        card=by_id[wanted.id],
        above=_each_once(by_id, above, but=wanted.id),
        answer=by_id.get(answer),
        below=tree(below, shown),
        left=len(ordered) - place - len(below),
        further=place + REPLIES,
        grown=grown,
        tags=named.get(wanted.id, []),
        versions=versions,
        beyond=by_id[wanted.id].beyond,
        written=written,
        wrong=wrong,
        unvoted=unvoted,
        key=secrets.token_urlsafe(16) if me is not None else "",
        waiting="waiting" in request.query_params,
        **readers,
    )


async def _readers(
    db: Reading, node: Node, current: tuple[Member, Actor] | None, post: Post, author: Actor
) -> dict[str, Any]:
    """What a post and its author are to the reader, and what they may do with it beside answering."""
    now, chosen = node.clock(), await highlight_pages.on_post(db, node, current, post)
    there = await moving.moved_to(db, author)
    if current is None:
        gathered = await gatherings.shown(db, post, author, reader_id=0, mine=False, now=now)
        nothing: dict[str, Any] = {
            "follow": None,
            "mine": False,
            "understood": False,
            "keeping": [],
            "gathered": gathered,
            "there": there,
            "asked_of": 0,
        }
        return nothing | chosen | _deeds(None, post, mine=False)
    member = current[0]
    mine = await behalf.may_change(db, member.actor_id, post, author)
    return chosen | {
        "there": there,
        "gathered": await gatherings.shown(db, post, author, reader_id=member.actor_id, mine=mine, now=now),
        "follow": await follows.between(db, follower_id=member.actor_id, target_id=author.id),
        "mine": mine,
        "asked_of": await lasting.open_to(db, member.actor_id, post, author, mine=mine),
        "understood": mine and understanding.was(post),
        "keeping": await submissions.kept_with(db, post.id, author_id=author.id, member_id=member.actor_id),
        **_deeds(member, post, mine=mine),
    }


def _deeds(member: Member | None, post: Post, *, mine: bool) -> dict[str, Any]:
    """``mine``: the post is theirs to change."""
    mark = member is not None and may_mark(member, post, mine=mine)
    return {
        "may_recall": member is not None and may_recall(member, post, mine=mine),
        "may_withdraw": mark and marks.of(post.fields).withdrawn is None,
        "may_correct": mark and mine,
        "may_mark": mark,
    }


async def _with_answer(
    db: Reading, post: Post, below: Sequence[tuple[int, Line]], placed: list[Line]
) -> tuple[int, list[Line]]:
    """The id of the reply that its author says answered a question (0: none that stands below it), and the lines with
    its."""
    uri = json.loads(post.fields).get("accepted_answer") if post.kind is Kind.QUESTION and post.fields else None
    try:
        found = (await posts.by_uri(db, uri)).id if uri else 0
    except Missing:
        found = 0
    line = next((one for _parent, one in below if one.post_id == found), None)
    if line is None:
        return 0, placed
    return found, placed if found in {one.post_id for one in placed} else [*placed, line]


async def _wanted(db: Reading, node: Node, acct: str, post_id: int, reader_id: int) -> tuple[Post, Actor]:
    """The post, or what a boost passes on, and who wrote it. Raises Missing, Gone, Hidden."""
    try:
        found = await posts.by_id(db, post_id, reader_id=reader_id)
        if found.boost_of_id is not None:
            found = await posts.by_id(db, found.boost_of_id, reader_id=reader_id)
    except Missing as missing:
        if await posts.buried(db, node.site.post_uri(acct, post_id)) is not None:
            raise Gone(str(post_id)) from missing
        if await hidden.public(db, post_id):
            raise Hidden(str(post_id)) from missing
        raise
    return found, await actors.by_id(db, found.author_id)


def _each_once(by_id: dict[int, Card], lines: Sequence[Line], *, but: int) -> list[Card]:
    """Cards of lines; a circle of replies, which only a faulty server sends, is gone round once."""
    ids = dict.fromkeys(one.post_id for one in lines if one.post_id != but)
    return [by_id[one] for one in ids if one in by_id]


async def tag(request: Request[State]) -> Response:
    """Public posts with a hashtag."""
    node = request.state["node"]
    me = await sessions.me(request)
    reader_id = 0 if me is None else me.id
    name = tags.name_of(request.path_params["name"])
    page = _page(request)
    async with node.database.reading(stale=me is None) as db:
        lines = await timelines.tagged(db, name, reader_id=reader_id, page=page, now=node.clock())
        shown = await entries(db, node, lines, reader_id=reader_id, where=Context.PUBLIC)
    first = page.before == LAST
    return pages.page(
        request, "tag.html", me=me, name=name, entries=shown, older=_after(request, lines), first=first,
        topic=vocabularies.topics().get(vocabularies.topic_of_tag(name)),
    )  # fmt: skip


async def about(request: Request[State]) -> Response:
    """What this node is for, who runs it, how to use it."""
    return pages.page(request, "about.html", me=await sessions.me(request), version=version("sharewell"))


routes = [
    Route("/", home),
    Route("/learn", learn),
    Route("/learn/{kind}", learn),
    Route("/about", about),
    Route("/tags/{name}", tag),
]
