"""Posts that another name stands over: a team's, or nobody's. Nothing but ``audit`` knows who wrote one.

What waits is its writer's until it is out or given back. What is out is the team's: who wrote it and is still in the
team may change it and take it back, and so may the team's leads. What has no name is its writer's to take back; it is
not changed, since a guardian read it as it is.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from node.context import Node
from node.errors import Invalid, NotAllowed
from node.sharing import editing, marking, writers
from node.sharing import posts as sharing
from node.sharing.drafts import Draft
from node.sharing.editing import Pictures
from node.sharing.marking import NewMark
from node.sharing.posts import Shared
from node.sharing.questions import Ballot
from node.sharing.writers import Writer
from node.surfacing.surface import Told
from node.texts import _
from storage import actors, attachments, audit, groups, guardians, members, pending, posts, teams, warned
from storage.actors import Actor, ActorKind
from storage.database import Missing, Reading, Writing
from storage.groups import Joining
from storage.kinds import Kind
from storage.members import Member
from storage.pending import Pending
from storage.posts import Post, Visibility
from storage.quotes import Policy
from storage.teams import KEEPERS, Membership, Place


@dataclass(frozen=True, slots=True)
class Name:
    """What is to stand over a post: the writer's own name (both empty), a team's, or none."""

    team_id: int = 0
    unnamed: Actor | None = None  # who speaks for those who give no name


@dataclass(frozen=True, slots=True)
class Choice:
    """Under which names a member can write beside their own."""

    teams: list[Membership]
    unnamed: bool


async def choice(db: Reading, me: Actor) -> Choice:
    """Two queries."""
    return Choice(await teams.of(db, me.id), await guardians.others(db, but={me.id}))


async def share(
    db: Writing,
    node: Node,
    me: Actor,
    name: Name,
    draft: Draft,
    mentioned: Mapping[str, Actor],
    *,
    new_key: bool = False,
    at: int | None = None,
    member: Member | None = None,
) -> tuple[Actor, Shared]:
    """As ``posts.share``, under a name; whose name it is. Raises Invalid when it is not for this member."""
    if name.unnamed is None and name.team_id in (0, me.id):
        return me, await sharing.share(db, node, me, draft, mentioned, new_key=new_key, at=at, member=member)
    author = name.unnamed or await _team(db, me, name.team_id, draft)
    if name.unnamed is not None:
        await _check_unnamed(db, me, draft)
    draft = replace(draft, app_id=None, idempotency_key=_key(node, me, draft.idempotency_key))
    await attachments.hand_over(db, draft.media_ids, of=me.id, to=author.id)
    writer = Writer(me.id, author.id, unnamed=name.unnamed is not None)
    shared = await sharing.share(
        db, node, author, draft, mentioned, new_key=new_key, at=at, member=member, writer=writer
    )  # fmt: skip
    if shared.around is not None and isinstance(shared.post, Post):
        await writers.note(db, node, shared.post, writer_id=me.id)
    await warned.forget(db, me.id)
    return author, shared


async def _team(db: Reading, me: Actor, team_id: int, draft: Draft) -> Actor:
    """Raises Invalid, with the same words where there is no such team."""
    place = await teams.place(db, team_id, me.id)
    if place is not None:
        found, settings = await actors.by_id(db, team_id), await groups.of(db, team_id)
        if settings.closed is not None:
            raise Invalid(_("This group is closed."), field="as")
        if settings.private is not None and draft.visibility in (Visibility.PUBLIC, Visibility.UNLISTED):
            raise Invalid(_("A private group shares nothing with everybody."), field="visibility")
        if settings.joining is Joining.OPEN and draft.visibility in (Visibility.PRIVATE, Visibility.DIRECT):
            raise Invalid(_("Everybody may join this group, so it shares nothing with few."), field="visibility")
        may = place in KEEPERS or settings.joining is not Joining.OPEN
        if found.here and may and found.suspended is None and found.gone is None:
            return found
    raise Invalid(_("You are in no such team."), field="as")


async def _check_unnamed(db: Reading, me: Actor, draft: Draft) -> None:
    """Raises Invalid."""
    if not await guardians.others(db, but={me.id}):
        raise Invalid(_("Without a name a guardian posts it for you, and this node has no other guardian."), field="as")
    if draft.visibility not in (Visibility.PUBLIC, Visibility.UNLISTED):
        raise Invalid(_("What has no name is for everyone: in lists, or with the link."), field="visibility")


def _key(node: Node, me: Actor, key: str | None) -> str | None:
    """An Idempotency-Key of a writer's own, from which nobody without the secret of the node gets back to them.

    It stays with the post, where another writer's same key must not meet it. Too long ones stay, to be refused.
    """
    if key is None or len(key) > sharing.KEY_LENGTH:
        return key
    secret = hashlib.sha256(b"written " + node.site.node_key[1].encode()).digest()
    return hmac.new(secret, json.dumps([me.id, key]).encode(), hashlib.sha256).hexdigest()


async def waiting(db: Reading, pending_id: int, *, writer_id: int) -> Pending:
    """A writer's own post that waits, or waited, under whatever name. Raises Missing: it is nobody else's to see."""
    try:
        return await pending.by_id(db, pending_id, author_id=writer_id)
    except Missing:
        found = await pending.any_by_id(db, pending_id)
        if found is None or found.post_id is None:
            raise
        if not await audit.wrote(db, writer_id, (await posts.any_by_id(db, found.post_id)).uri):
            raise
        return found


async def author_of(db: Reading, me_id: int, post: Post) -> Actor:
    """In whose name a member changes a post, or takes it back. Raises NotAllowed when it is not theirs to change."""
    author = await actors.by_id(db, post.author_id)
    if await may_change(db, me_id, post, author):
        return author
    raise NotAllowed(_("Only its author can do that."))


async def may_change(db: Reading, me_id: int, post: Post, author: Actor) -> bool:
    """Whether a member may change a post and take it back: at most three queries, none for one's own."""
    if author.id == me_id or not author.here:
        return author.id == me_id
    place = await teams.place(db, post.author_id, me_id)
    if place is Place.LEAD:
        return True
    if not await audit.wrote(db, me_id, post.uri):
        return False
    return place is not None or await _unnamed(db, author)


async def _unnamed(db: Reading, author: Actor) -> bool:
    """Whether nobody signs in as this actor, and it is no team: it speaks for those who give no name."""
    if author.kind is not ActorKind.PERSON:
        return False
    try:
        await members.by_id(db, author.id)
    except Missing:
        return True
    return False


async def own_post(db: Reading, me_id: int, post_id: int) -> Post:
    """A post that is the member's to change. Raises Missing, NotAllowed."""
    post = await posts.by_id(db, post_id, reader_id=me_id)
    await author_of(db, me_id, post)
    return post


async def edit(
    db: Writing,
    node: Node,
    me_id: int,
    post_id: int,
    draft: Draft,
    mentioned: Mapping[str, Actor],
    pictures: Pictures | None = None,
    ballot: Ballot | None = None,
    policy: Policy | None = None,
    mark: NewMark | None = None,
    kind: Kind | None = None,
) -> list[Told]:
    """As ``editing.edit``, of one's own or of what one may change of a team's. Raises Invalid, Missing, NotAllowed.

    What has no name stays as a guardian read it.
    """
    author = await author_of(db, me_id, await posts.by_id(db, post_id, reader_id=me_id))
    if author.id != me_id and await _unnamed(db, author):
        raise Invalid(_("A guardian read it as it is. Delete it, and write it anew."), field="status")
    if author.id != me_id and pictures is not None and pictures.ids is not None:
        await attachments.hand_over(db, pictures.ids, of=me_id, to=author.id)
    post, told = await editing.edit(
        db, node, author, post_id, draft, mentioned, pictures, ballot, policy, mark, kind, writer_id=me_id
    )  # fmt: skip
    if author.id != me_id:
        await audit.note(db, "post.edit-as", post.uri, actor_id=me_id, now=node.clock())
        await warned.forget(db, me_id)
    return told


async def withdraw(db: Writing, node: Node, me: Member, post_id: int, reason: str) -> tuple[Post, list[Told]]:
    """As ``marking.withdraw``, of one's own, of what one may change of a team's, and guardians of all that was written
    here. Raises Invalid, Missing, NotAllowed."""
    old = await posts.by_id(db, post_id, reader_id=me.actor_id)
    mine = await may_change(db, me.actor_id, old, await actors.by_id(db, old.author_id))
    post, told = await marking.withdraw(db, node, me, old, reason, mine=mine)
    if mine and old.author_id != me.actor_id:
        await warned.forget(db, me.actor_id)
    return post, told


async def take_back(db: Writing, node: Node, me_id: int, post_id: int) -> tuple[Post, list[Told]]:
    """As ``posts.take_back``, of one's own or of what one may change of a team's. Raises Missing, NotAllowed."""
    author = await author_of(db, me_id, await posts.by_id(db, post_id, reader_id=me_id))
    post, told = await sharing.take_back(db, node, author, post_id)
    if author.id != me_id:
        await audit.note(db, "post.delete-as", post.uri, actor_id=me_id, now=node.clock())
    return post, told
