"""Report: tell this node's guardians, and those of the other server, that somebody should be looked at."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from federation.documents import activities
from federation.happenings import Reported
from federation.outbox.promise import promise
from node import guarding
from node.context import Node
from node.errors import NotAllowed, TooMany
from node.surfacing.surface import Told, surface
from node.texts import _
from storage import actors, collections, posts, reports, throttle, timelines
from storage.actors import Actor
from storage.database import Missing, Reading, Writing, listed
from storage.posts import Post
from storage.reports import Category, Report

COMMENT = 1_000  # characters
NAMED = 50  # posts of one report
DAILY = 100  # reports of one member
DAY = 24 * 60 * 60 * 1000  # ms


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a member reports."""

    target_id: int
    post_ids: Sequence[int]
    comment: str
    category: Category
    forward: bool  # to the server of the target, if that is another
    collection_ids: Sequence[int] = ()


async def report(db: Writing, node: Node, member: Actor, said: Complaint) -> tuple[Report, Actor, list[Told]]:
    """Keep a report; with it whom it is about. Raises Missing, NotAllowed, TooMany."""
    if said.target_id == member.id:
        raise NotAllowed(_("You cannot report yourself."))
    target = await actors.by_id(db, said.target_id)
    if target.gone is not None:
        raise Missing(str(said.target_id))
    now = node.clock()
    if node.config.limits.rate and await throttle.count(db, f"report {member.id}", now=now, window=DAY) > DAILY:
        raise TooMany(DAY // 1000)
    about = await _posts(db, said.post_ids, target, reader_id=member.id)
    collected = await _collections(db, said.collection_ids, target, reader_id=member.id)
    sent = said.forward and not target.here and target.suspended is None
    uri = f"{node.site.node_actor}#flags/{secrets.token_hex(16)}" if sent else None
    uris, forwarded = listed([one.uri for one in about] + collected), now if sent else None
    report_id = await reports.add(
        db, uri=uri, reporter_id=member.id, target_id=target.id, post_uris=uris, comment=said.comment, now=now,
        category=said.category, forwarded=forwarded,
    )  # fmt: skip
    if report_id is None:
        raise Missing(uri or "")
    if uri is not None:
        await _send(db, node, uri, target, [one.uri for one in about if one.public] + collected, said.comment)
    kept = Report(report_id, member.id, target.id, uris, said.comment, said.category, now, forwarded, None)
    return kept, target, await surface(db, node, [Reported(report_id, target)])


async def _posts(db: Reading, ids: Sequence[int], target: Actor, *, reader_id: int) -> list[Post]:
    """Posts of ``target`` that the reader may see. Raises Missing when one of them is not."""
    lines = await timelines.some(db, listed(ids), reader_id=reader_id)
    found = await posts.by_ids(db, [one.post_id for one in lines.values() if one.id == one.post_id])
    for one in ids:
        if one not in found or found[one].author_id != target.id:
            raise Missing(str(one))
    return [found[one] for one in ids]


async def _collections(db: Reading, ids: Sequence[int], target: Actor, *, reader_id: int) -> list[str]:
    """The ids elsewhere of collections of ``target``. Raises Missing when one of them is not."""
    found = await collections.by_ids(db, ids, reader_id=reader_id) if ids else {}
    for one in ids:
        if one not in found or found[one].owner_id != target.id:
            raise Missing(str(one))
    return [found[one].uri for one in ids]


async def _send(db: Writing, node: Node, uri: str, target: Actor, named: list[str], comment: str) -> None:
    """Nobody learns who reported: the node itself says it, and posts that few could see are not named. Nor are words
    passed on in which the privacy check finds a person."""
    comment = comment if guarding.inbound([("comment", comment)], ()) is None else ""
    signer = await actors.by_uri(db, node.site.node_actor)
    flag = activities.flag(signer.uri, uri, target, named, comment)
    await promise(db, node.site, flag, signer=signer, inboxes=[target.inbox])
