"""What groups of this node pass on (FEP-1b12): new posts sent to them, as their rules say, and what becomes of these.

The privacy check came first: what it hides is no ``Posted``. An Announce is never passed on, so that no two groups
can throw a post to and fro; a post is passed on once by each group (``submissions``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from federation.answers.objects import surroundings
from federation.documents import activities, groups, reading
from federation.documents import posts as documents
from federation.documents.actors import GROUPS
from federation.happenings import Boosted, Edited, Erased, Happening, Liked, Moderated, Posted, Unboosted, Unliked
from federation.inbox.activity import Activity
from federation.outbox import relay
from federation.outbox.promise import promise
from federation.site import Document
from node.context import Node
from node.surfacing import keeping
from storage import actors, audit, blocks, follows, home, posts, reactions, recipients, submissions, teams, throttle
from storage import groups as kept
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.groups import Joining, Posting, Settings
from storage.kinds import Kind
from storage.posts import Post, Visibility
from storage.recipients import Circle, Recipient
from storage.submissions import State

HOUR = 60 * 60 * 1000  # ms
RELAYED = 60  # things that one actor may have a group pass on in an hour


async def submit(db: Writing, node: Node, posted: Posted) -> tuple[list[Boosted], list[tuple[int, int]]]:
    """Pass a new post on in the groups it names, or let it wait for who keeps them; no query where it names none.
    Also the notification and member of each who is told that it waits."""
    author, post = posted.author, posted.post
    named = [one.uri for one in posted.mentioned if one.here and one.kind in GROUPS and one.id != author.id]
    if not named or not post.public or post.boost_of_id is not None:
        return [], []
    boosted: list[Boosted] = []
    told: list[tuple[int, int]] = []
    for group, settings in await kept.taking(db, named):
        state = await _state(db, group, settings, author)
        if state is State.WAITING and not await submissions.room(
            db, group.id, author_id=author.id, domain=author.domain
        ):
            continue  # it is a post of its author all the same, and can be sent again
        if state is None or not await submissions.add(db, group.id, post.id, state, now=node.clock()):
            continue
        if state is State.PASSED:
            said = await _create(db, node, author, post) if author.here else posted.document
            boosted += await _pass(db, node, group, author, post, said)
        else:
            told += await keeping.waits(db, group, author, post, now=node.clock())
    return boosted, told


async def to_allies(db: Writing, node: Node, posted: Posted) -> None:
    """The node's own actor tells allied nodes of a public safety note of ours, so that nobody there need follow
    anybody."""
    post = posted.post
    if post.local is None or post.kind is not Kind.SAFETY_NOTE or post.visibility is not Visibility.PUBLIC:
        return
    me, inboxes = await allies(db, node)
    if inboxes:
        said = groups.announce_post(me, post, now=node.clock())
        await promise(db, node.site, said, signer=me, inboxes=inboxes, object_uri=post.uri, post_id=post.id)


async def allies(db: Reading, node: Node) -> tuple[Actor, list[str]]:
    """The node's own actor, and where allied nodes hear it."""
    me = await actors.by_uri(db, node.site.node_actor)
    return me, await follows.follower_inboxes(db, me.id)


async def confide(db: Writing, node: Node, posted: Posted) -> None:
    """Let those in a private group read what is said to it alone. Whether its author is in a group elsewhere only the
    group's own server knows: of posts from there."""
    author, post = posted.author, posted.post
    if post.visibility is not Visibility.DIRECT:
        return
    named = [one for one in posted.mentioned if one.kind in GROUPS and one.id != author.id]
    ours = [one.id for one in named if one.here]
    found = await teams.private_with(db, author.id, ours) if ours else []
    found += [one.id for one in named if not one.here and one.domain == author.domain]
    if found:
        await recipients.add(db, post.id, [Recipient(one, Circle.MEMBERS) for one in found])
        await home.spread_among(db, post, found, now=node.clock())


async def _state(db: Reading, group: Actor, settings: Settings, author: Actor) -> State | None:
    """What the rules of a group say to a post of somebody; None: nothing of theirs comes in."""
    if group.moved_to or await blocks.either(db, group.id, author.id):
        return None
    if await teams.place(db, group.id, author.id) is not None:
        return State.PASSED
    if settings.joining is Joining.OPEN:  # who follows an open group is one of it: Lemmy and Mastodon know no Join
        follow = await follows.between(db, follower_id=author.id, target_id=group.id)
        if follow is not None and follow.accepted is not None:
            return State.PASSED
    if settings.posting is not Posting.ANYONE:
        return None
    return State.PASSED if await submissions.known(db, group.id, author.id) else State.WAITING


async def _pass(
    db: Writing, node: Node, group: Actor, author: Actor, post: Post, said: Mapping[str, Any] | None
) -> list[Boosted]:
    """The activity for who keeps threads; for everybody else a boost, of what begins a thread."""
    if said is not None:
        await relay.activity(db, node.site, group, said, about=post.uri)
    if post.in_reply_to_uri:
        return []
    boost = await relay.boost(db, node.site, group, post, author)
    return [] if boost is None else [Boosted(group, boost, post)]


async def _create(db: Reading, node: Node, author: Actor, post: Post) -> Document:
    around = (await surroundings(db, [post.id]))[post.id]
    return activities.create(post, author, documents.write(post, author, around, node.site))


async def let_in(db: Writing, node: Node, group: Actor, post_id: int) -> list[Happening]:
    """Who keeps a group lets a post in that waited. Raises Missing: none waits (any more)."""
    post, author = await _submitted(db, group, post_id, State.WAITING, State.PASSED)
    if not post.public:
        return []
    said = await _create(db, node, author, post) if author.here else None
    return list(await _pass(db, node, group, author, post, said))


async def take_out(
    db: Writing, node: Node, group: Actor, keeper: Actor, post_id: int, said: Mapping[str, Any] | None = None
) -> list[Happening]:
    """Who keeps a group takes a post out of it, or does not let it in; it stays its author's. ``said``: how they said
    so, from elsewhere. Raises Missing."""
    try:
        await _submitted(db, group, post_id, State.WAITING, State.REMOVED)
    except Missing:
        post, author = await _submitted(db, group, post_id, State.PASSED, State.REMOVED)
    else:
        return []
    if said is None:
        said = groups.removal(group, keeper, post.uri, now=node.clock())
    await relay.activity(db, node.site, group, said, about=post.uri)
    boost = await relay.unboost(db, node.site, group, post, author)
    return [] if boost is None else [Unboosted(boost)]


async def moderated(db: Writing, node: Node, happening: Moderated) -> list[Happening]:
    """A moderator on another server took a post out of groups of ours: passed on as they said it."""
    found: list[Happening] = []
    keeper, post = happening.keeper, happening.post
    for group in happening.groups:
        try:
            found += await take_out(db, node, group, keeper, post.id, happening.said)
        except Missing:  # another was quicker
            continue
        await reactions.unpin(db, actor_id=group.id, post_id=post.id)
        await audit.note(db, "group.take-out", f"{group.uri} {post.id}", actor_id=keeper.id, now=node.clock())
    return found


async def keepers(db: Writing, node: Node, group: Actor, lead: Actor, member: Actor, *, keeps: bool) -> None:
    """Say, to who follows a group and to whom it is about, that somebody keeps it, or keeps it no longer."""
    said = groups.keeping(group, lead, member, keeps=keeps, now=node.clock())
    inboxes = await follows.follower_inboxes(db, group.id)
    inboxes += [] if member.here else [member.delivery_inbox]
    announced = groups.announce(group, said)
    await promise(db, node.site, announced, signer=group, inboxes=list(dict.fromkeys(inboxes)))


async def _submitted(db: Writing, group: Actor, post_id: int, before: State, after: State) -> tuple[Post, Actor]:
    if not await submissions.turn(db, group.id, post_id, before=before, after=after):
        raise Missing(str(post_id))
    post = await posts.any_by_id(db, post_id)
    return post, await actors.by_id(db, post.author_id)


async def edited(db: Writing, node: Node, happening: Edited) -> None:
    """Tell the groups that passed a post of ours on, and allied nodes, that its words changed. What others
    edit comes with an Update."""
    post, author = happening.post, happening.author
    if post.local is None or not post.public:
        return
    found = await submissions.passed_by(db, post.uri)
    if post.kind is Kind.SAFETY_NOTE and post.visibility is Visibility.PUBLIC:
        me, inboxes = await allies(db, node)
        found += [me] if inboxes else []
    if found:
        around = (await surroundings(db, [post.id]))[post.id]
        document = documents.write(post, author, around, node.site)
        said = activities.update(post, author, document, now=post.edited or node.clock())
        await again(db, node, found, said, about=post.uri)


async def again(db: Writing, node: Node, found: Sequence[Actor], said: Mapping[str, Any], *, about: str) -> None:
    """Pass on what was said of a post that these groups passed on."""
    for group in found:
        await relay.activity(db, node.site, group, said, about=about)


async def holding(db: Writing, node: Node, activity: Activity) -> list[Actor]:
    """The groups that passed on what another server now says something of. Before it is kept: what is deleted is in
    no group any more. A Like names the group, or is none of its business."""
    uri = _about(activity)
    if not uri or (activity.type in ("Like", "Undo") and not any(map(node.site.ours, groups.named(activity.document)))):
        return []
    found = await submissions.passed_by(db, uri)
    if found and activity.type == "Delete":
        try:
            post = await posts.by_uri(db, uri)
        except Missing:
            return []
        for group in found:
            if post.author_id == activity.actor.id:
                await relay.unboost(db, node.site, group, post, activity.actor)
        return found
    return [group for group in found if await _may_be_heard(db, group, activity)]


async def _may_be_heard(db: Writing, group: Actor, activity: Activity) -> bool:
    """Whether a group passes on what somebody says of a post in it: not of whom it blocks, nor without end."""
    if await blocks.either(db, group.id, activity.actor.id):
        return False
    subject = f"relay {group.id} {activity.actor.id}"
    return await throttle.count(db, subject, now=activity.received, window=HOUR) <= RELAYED


def _about(activity: Activity) -> str:
    given = activity.document.get("object")
    if activity.type in ("Update", "Delete", "Like"):
        return reading.uri(given)
    if activity.type == "Undo" and isinstance(given, dict) and "Like" in reading.types(given):
        return reading.uri(given.get("object"))
    return ""


async def pass_on(
    db: Writing, node: Node, found: Sequence[Actor], activity: Activity, happenings: Sequence[Happening]
) -> None:
    """Pass on what another server said of a post, if anything came of it here."""
    if found and any(isinstance(one, Edited | Erased | Liked | Unliked) for one in happenings):
        said = dict(activity.document)
        if activity.type == "Like":  # nothing else of it is anybody's business
            said = groups.bare("Like", said)
        elif activity.type == "Undo":
            said = groups.bare("Undo", said) | {"object": groups.bare("Like", said["object"])}
        await again(db, node, found, said, about=_about(activity))
