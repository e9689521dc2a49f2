"""Where posts of ours go, and where they ever went."""

from __future__ import annotations

from collections.abc import Sequence

from node.sharing import quoting
from storage import attendance, audiences, consultations, follows, hidden, lineage, mentions, posts, submissions, teams
from storage.actors import Actor, ActorKind
from storage.audiences import Fetch
from storage.database import Reading
from storage.kinds import Kind
from storage.posts import Post, Visibility


async def now(db: Reading, author: Actor, post: Post, named: Sequence[Actor]) -> list[str]:
    """Where a post goes: to followers unless it is direct, and to all it names elsewhere; an event to who comes, a
    summary to who answered."""
    found = [] if await hidden.before(db, post) is Visibility.DIRECT else await follows.follower_inboxes(db, author.id)
    among = [one.id for one in named if one.here and one.kind is ActorKind.GROUP]
    if among and post.visibility is Visibility.DIRECT:  # a private group: who is in it
        found += await teams.inboxes(db, author.id, among)
    if post.kind is Kind.EVENT and post.public:
        found = [*found, *await attendance.inboxes(db, post.id)]
    if post.public and '"same_problem":' in post.fields:  # who wrote the other hears of it, and shows it
        found = [*found, *await lineage.same_inboxes(db, post.id)]
    if post.kind is Kind.SUMMARY and post.in_reply_to_id is not None:
        found = [*found, *await consultations.answerers_inboxes(db, post.in_reply_to_id)]
    return list(dict.fromkeys([*found, *(one.delivery_inbox for one in named if not one.here)]))


async def ever(db: Reading, author: Actor, post: Post) -> list[str]:
    """Every inbox of a server that may have a post: it was promised there, by its author or who passed it on; the
    server asked for it; somebody there liked, passed on, answered or quoted it; or it would go there now."""
    return (await ever_and_sought(db, author, post))[0]


async def ever_and_sought(db: Reading, author: Actor, post: Post) -> tuple[list[str], list[Fetch]]:
    """The same, and the servers that asked for it of which we know no inbox."""
    named = (await mentions.of(db, [post.id])).get(post.id, [])
    asked = await audiences.fetchers(db, post.id)
    found = [
        *await audiences.of(db, post.id),
        *await now(db, author, post, named),
        *await posts.interested_inboxes(db, post.id),
        *await quoting.asked(db, post),
        *(inbox for _, inbox in asked if inbox),
    ]
    return list(dict.fromkeys(found)), [fetch for fetch, inbox in asked if not inbox]


async def groups(db: Reading, post: Post) -> list[Actor]:
    """The groups here that passed a post on."""
    return await submissions.passed_by(db, post.uri)
