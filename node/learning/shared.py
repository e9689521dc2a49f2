"""Shared measures: who keeps a group says what is counted, members and teams anywhere show their numbers against it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from federation.documents import shared as documents
from federation.errors import FederationError
from federation.fetching import shared as fetching
from federation.outbox.promise import promise
from node import erasure, guarding
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.guarding import Sort
from node.learning import measures as use
from node.learning.charts import together
from node.learning.charts.together import Small
from node.texts import _
from storage import actors, audit, follows, groups, posts, shared, teams
from storage.actors import Actor, ActorKind
from storage.database import Missing, Reading, Writing
from storage.posts import Post
from storage.series import WEB, Series, WrongSeries, loaded
from storage.shared import Definition
from storage.teams import KEEPERS

FIRST = 3  # shared measures of which a group's own page shows numbers
FEW = 6  # of those who show some, there
_KINDS = (ActorKind.GROUP, ActorKind.ORGANIZATION)


@dataclass(frozen=True, slots=True)
class Result:
    """What somebody shows against a shared measure, in a post."""

    post: Post
    author: Actor
    small: Small


@dataclass(frozen=True, slots=True)
class Compared:
    """A shared measure with what is shown against it, the newest first; ``more``: how many are not here."""

    definition: Definition
    results: Sequence[Result] = ()
    more: int = 0


async def _check_keeper(db: Reading, me: Actor, group: Actor) -> None:
    """Raises NotAllowed for who does not keep a group of this node."""
    if not group.here or group.kind not in _KINDS:
        raise Missing(group.acct)
    if me.id != group.id and await teams.place(db, group.id, me.id) not in KEEPERS:
        raise NotAllowed(_("Only who leads or moderates the group can do that."))
    if (await groups.of(db, group.id)).closed is not None:
        raise NotAllowed(_("This group is closed."))


async def define(db: Writing, node: Node, me: Actor, group: Actor, series: Series) -> Definition:
    """Say what a group has counted, and tell its followers elsewhere. Raises NotAllowed, Invalid, Stopped, Warned."""
    await _check_keeper(db, me, group)
    series = use.usable(replace(series, points=(), annotations=(), rebases=(), shared=""))
    if not series.definition:
        raise Invalid(_("Say what exactly is counted, so that every team counts the same."), field="definition")
    await guarding.look_at_change(db, node, me.id, use.parts(series), [], sort=Sort.MEASURE)
    private = (await groups.of(db, group.id)).private
    base = f"{node.site.base_url}/shared-measures/"
    made = await shared.add(db, group.id, series, base=base, private=private, now=node.clock())
    if made is None:
        raise Invalid(_("A group has at most %s shared measures. Delete one first.") % shared.MOST)
    inboxes = await follows.follower_inboxes(db, group.id)
    await promise(db, node.site, documents.add(made, group), signer=group, inboxes=inboxes, object_uri=made.uri)
    await audit.note(db, "group.measure", made.uri, actor_id=me.id, now=node.clock())
    return made


async def undefine(db: Writing, node: Node, me: Actor, definition_id: int) -> Actor:
    """Have it counted no longer; the group. What was shared stays where it was. Raises NotAllowed, Missing."""
    found = await one(db, definition_id, reader_id=me.id)
    group = await actors.by_id(db, found.group_id)
    await _check_keeper(db, me, group)
    await shared.remove(db, found.uri, group_id=group.id)
    inboxes = await follows.follower_inboxes(db, group.id)
    await promise(db, node.site, documents.remove(found, group), signer=group, inboxes=inboxes)
    await audit.note(db, "group.measure-delete", found.uri, actor_id=me.id, now=node.clock())
    await erasure.promise(db, now=node.clock())
    return group


async def one(db: Reading, definition_id: int, *, reader_id: int) -> Definition:
    """A shared measure that the reader may read. Raises Missing."""
    found = await shared.by_id(db, definition_id, reader_id=reader_id)
    if found is None:
        raise Missing(str(definition_id))
    return found


async def named(node: Node, me_id: int, said: str) -> Definition | None:
    """The shared measure that somebody names by its number here or its address, asked of its server where it is not
    known; no transaction may be open. None: none is named. Raises Invalid."""
    said = said.strip()
    if not said:
        return None
    async with node.database.reading() as db:
        found = await _known(db, me_id, said)
    if found is None and WEB.fullmatch(said) and not node.site.ours(said):
        try:
            uri = await fetching.by_uri(node.database, node.site, said)
        except FederationError:
            uri = ""
        async with node.database.reading() as db:
            found = await _known(db, me_id, uri)
    if found is None:
        raise Invalid(_("There is no such shared measure that you can see."), field="shared")
    return found


async def against(db: Reading, series: Series, *, reader_id: int) -> Definition | None:
    """The shared measure that numbers are against, if it is known here; no query for what is against none."""
    return await _known(db, reader_id, series.shared) if series.shared else None


async def _known(db: Reading, me_id: int, said: str) -> Definition | None:
    if said.isascii() and said.isdigit() and len(said) < 19:
        return await shared.by_id(db, int(said), reader_id=me_id)
    return (await shared.by_uris(db, [said], reader_id=me_id)).get(said)


async def of_group(db: Reading, group: Actor, *, reader_id: int) -> list[Compared]:
    """What a group has counted, the first of them with what is shown against them: four queries at most."""
    found = await shared.of(db, group.id, reader_id=reader_id)
    shown = await compared(db, group.id, found[:FIRST], reader_id=reader_id, most=FEW) if group.here and found else []
    return [*shown, *(Compared(one) for one in found[len(shown) :])]


async def compared(
    db: Reading, group_id: int, found: Sequence[Definition], *, reader_id: int, most: int = shared.SHOWN
) -> list[Compared]:
    """These shared measures of one group with what is shown against them; three queries."""
    uris = [one.uri for one in found]
    ids = await shared.results(db, group_id, uris, reader_id=reader_id)
    wanted = {one for some in ids.values() for one in some[:most]}
    shown = await posts.by_ids(db, wanted) if wanted else {}
    who = await actors.by_ids(db, {one.author_id for one in shown.values()}) if shown else {}
    return [_compared(one, ids.get(one.uri, []), most, shown, who) for one in found]


def _compared(
    one: Definition, ids: Sequence[int], most: int, shown: Mapping[int, Post], who: Mapping[int, Actor]
) -> Compared:
    rows = [(shown[id], who[shown[id].author_id]) for id in ids[:most] if id in shown and shown[id].author_id in who]
    copies = [(post, author, copy) for post, author in rows if (copy := _copy(post, one)) is not None]
    charts = together.side_by_side(tuple(copy for _, _, copy in copies), f"s{one.id}")
    results = [Result(post, author, small) for (post, author, _), small in zip(copies, charts, strict=True)]
    return Compared(one, results, len(ids) - len(ids[:most]))


def _copy(post: Post, one: Definition) -> Series | None:
    """The numbers of a post that are against this, judged by what the group says is better."""
    for given in _copies(post):
        try:
            series = loaded(given)
        except WrongSeries:
            continue
        if series.shared == one.uri:
            return replace(series, unit=one.series.unit, direction=one.series.direction)
    return None


def _copies(post: Post) -> Iterable[object]:
    given = json.loads(post.fields).get("measures") if post.fields else None
    return given if isinstance(given, list) else ()
