"""What came from another server and is hidden: guardians are told, and its server, where there can be no doubt.

Without a word of the text, nor of what was found in it.
"""

from __future__ import annotations

import secrets

import orjson

from federation.documents import activities
from federation.fetching.asking import host_of
from federation.happenings import Withheld
from federation.outbox.promise import promise
from node.confidentiality.findings import Kind
from node.confidentiality.telling import LOOKS_LIKE
from node.context import Node
from node.texts import _
from storage import actors, audit, concerns, hidden, jobs, throttle
from storage.actors import Actor
from storage.cases import URGENT, Case
from storage.database import Writing
from storage.jobs import NewJob
from storage.posts import Post, Visibility

TELL = "tell-guardians"  # the job
DAY = 24 * 60 * 60 * 1000  # ms
FLAGS = 100  # of one server in a day: it has many readers, and its moderators one queue


async def notice(db: Writing, node: Node, happening: Withheld) -> None:
    """Have guardians told; and the post's own server at once when what was found can be nothing else."""
    case = happening.case
    await jobs.add(db, NewJob(TELL, payload=f"{case.place == URGENT:d}"), now=node.clock())
    if happening.sure:
        await flag(db, node, case, happening.post, happening.author)


async def flag(db: Writing, node: Node, case: Case, post: Post, author: Actor) -> bool:
    """Tell the server of a post that is hidden here, once: which post, and what kind of thing was found."""
    now, host = node.clock(), host_of(author.uri)
    if author.here or author.gone is not None or not await concerns.flag(db, case.id, now=now):
        return False
    if await throttle.count(db, f"flags {host}", now=now, window=DAY) > FLAGS:
        return False
    was = await hidden.one(db, post.id)
    open_to_all = was is not None and was.visibility in (Visibility.PUBLIC, Visibility.UNLISTED)
    signer = await actors.by_uri(db, node.site.node_actor)
    # A post that few could see is not named: those who read the report are not among them.
    named = [post.uri] if open_to_all else []
    uri = f"{node.site.node_actor}#flags/{secrets.token_hex(16)}"
    said = activities.flag(signer.uri, uri, author, named, words(node, case))
    await promise(db, node.site, said, signer=signer, inboxes=[author.inbox])
    await audit.note(db, "post.flag", f"case {case.id}", actor_id=None, now=now)
    return True


def words(node: Node, case: Case) -> str:
    """What the other server is told."""
    kinds = {one["kind"] for one in orjson.loads(case.found) if one["verdict"] in ("block", "hold")}
    what = [_(LOOKS_LIKE[kind]) for kind in Kind if kind.value in kinds]
    if not what:
        return _("Somebody may be recognisable in this post, so {domain} does not show it. Please look at it.").format(
            domain=node.site.domain
        )
    said = _("The privacy check of {domain} found what looks like {what}, and does not show it. Please look at it.")
    return said.format(domain=node.site.domain, what=", ".join(dict.fromkeys(what)))
