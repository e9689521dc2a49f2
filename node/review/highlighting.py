"""Highlights of the month: who chooses them and why, and what the alliance or team says of that to its followers.

The node's own list is its editors' (as pages of topics are) and its alliance's, which is the voice of it: the first
alliance of the node. Every other team and alliance has a list of its own, kept by its leads. The voice publishes a
note with the reason, passes the post on and pins the note, so that apps show it on the voice's profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from federation.documents import activities
from federation.happenings import Boosted, Edited, Happening, Unboosted
from federation.outbox import relay
from federation.outbox.promise import promise
from node import away, guarding
from node import text as texts
from node.confidentiality.guard import Named
from node.connecting import teams as belonging
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.learning import topics
from node.review import notes
from node.sharing import editing, quoting
from node.sharing import posts as sharing
from node.sharing.drafts import Checked, Draft
from node.surfacing.surface import Told, announce, surface
from node.texts import _
from node.words import vocabulary
from storage import actors, audit, follows, groups, highlights, jobs, mentions, posts, reactions, teams
from storage.actors import Actor, ActorKind
from storage.database import Missing, Reading, Writing
from storage.highlights import LENGTH, MOST, Highlight
from storage.jobs import Job
from storage.members import Member
from storage.posts import Post, Visibility
from storage.teams import Place

CHOSEN, CHANGED, WITHDRAWN, ENDED = "highlight.choose", "highlight.change", "highlight.withdraw", "highlight.end"
PINNED = 3  # notes that stay on top of the voice's profile, the newest
SOME = 20  # that are ended in one transaction
REASON = "reason"  # the field
NODE = "node"  # what apps and forms call the node's own list


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of highlights. ``owner``: whose rows they are; ``voice``: who tells followers, None: nobody."""

    owner: Actor
    voice: Actor | None

    @property
    def of_node(self) -> bool:
        """Whether it is the node's own."""
        return self.owner.kind is ActorKind.APPLICATION

    @property
    def names(self) -> set[str]:
        """What apps and forms call it: the id of its team or alliance, or ``node``."""
        known = {str(self.owner.id), *([] if self.voice is None else [str(self.voice.id)])}
        return {*known, NODE} if self.of_node else known


async def of_node(db: Reading, node: Node) -> Listing:
    """The node's own list; two queries."""
    alliances = await actors.of_kind_here(db, ActorKind.ORGANIZATION, limit=1)
    return Listing(await actors.by_uri(db, node.site.node_actor), alliances[0] if alliances else None)


async def of_actor(db: Reading, node: Node, actor: Actor) -> Listing:
    """The list of a team or an alliance of this node. Raises Missing for anybody else."""
    found = await belonging.team(db, actor)
    ours = await of_node(db, node)
    return ours if ours.voice is not None and ours.voice.id == found.id else Listing(found, found)


async def open_to(db: Reading, node: Node, me: Actor, member: Member) -> list[Listing]:
    """The lists that a member keeps, the node's own first; at most four queries."""
    ours = await of_node(db, node)
    led = [one.actor for one in await teams.of(db, me.id) if one.place is Place.LEAD]
    led += [me] if me.kind in belonging.KINDS else []
    mine = topics.may_edit(member) or (ours.voice is not None and any(one.id == ours.voice.id for one in led))
    others = [Listing(one, one) for one in led if ours.voice is None or one.id != ours.voice.id]
    return [*([ours] if mine else []), *others]


async def kept_by(db: Reading, node: Node, me: Actor, member: Member) -> list[Listing]:
    """The same. Raises NotAllowed for who keeps none."""
    found = await open_to(db, node, me, member)
    if not found:
        raise _no_keeper()
    return found


async def may_choose(db: Reading, me: Actor, member: Member) -> bool:
    """Whether a member keeps any list; at most one query."""
    return topics.may_edit(member) or me.kind in belonging.KINDS or await teams.count_led(db, me.id) > 0


def named(keeps: Sequence[Listing], wanted: str) -> Listing:
    """The list that was asked for among those that a member keeps; "": the only one, or the node's. Raises
    NotAllowed."""
    if not wanted and len(keeps) == 1:
        return keeps[0]
    found = next((one for one in keeps if (wanted or NODE) in one.names), None)
    if found is None:
        raise _no_keeper()
    return found


def _no_keeper() -> NotAllowed:
    return NotAllowed(_("Editors of the node, and who leads a team or an alliance, choose highlights."))


def month_of(now: int) -> str:
    """``2026-11``, in UTC."""
    return datetime.fromtimestamp(now / 1000, UTC).strftime("%Y-%m")


def _checked(written: str) -> str:
    """A reason, on one line or several. Raises Invalid."""
    reason = texts.clean(written)
    if not reason:
        raise Invalid(_("Say in your own words why others should read it."), field=REASON)
    if len(reason) > LENGTH:
        raise Invalid(_("At most %s characters.") % LENGTH, field=REASON)
    return reason


async def check_keeper(db: Reading, node: Node, me: Actor, member: Member, listing: Listing) -> None:
    """Raises NotAllowed for who does not keep a list."""
    if listing.owner.id not in {one.owner.id for one in await open_to(db, node, me, member)}:
        raise _no_keeper()


async def choose(
    db: Writing, node: Node, me: Actor, member: Member, listing: Listing, post_id: int, written: str
) -> tuple[Highlight, list[Told]]:
    """Have a public post be a highlight of this month; of one that is, change the reason. Raises Missing, NotAllowed,
    Invalid (``guarding.Stopped`` too)."""
    await check_keeper(db, node, me, member, listing)
    post = await posts.by_id(db, post_id, reader_id=me.id)
    if post.boost_of_id is not None:
        post = await posts.by_id(db, post.boost_of_id, reader_id=me.id)
    for one in await highlights.of_post(db, post.id, reader_id=me.id):
        if one.owner_id == listing.owner.id:
            return await change(db, node, me, member, one, written)
    reason, now = _checked(written), node.clock()
    await guarding.look_at_change(db, node, me.id, [Named(REASON, reason)], [], sort=guarding.Sort.PAGE)
    await _check_open(db, listing, post)
    month = month_of(now)
    kept = await highlights.choose(db, listing.owner.id, post.id, reason, month=month, editor_id=me.id, now=now)
    if kept is None:
        if await highlights.count(db, listing.owner.id, month) >= MOST:
            raise Invalid(_("A month has at most %s highlights. Withdraw one first.") % MOST, field="status_id")
        raise Invalid(_("Only a post that everybody can read can be a highlight."), field="status_id")
    await audit.note(db, CHOSEN, post.uri, actor_id=me.id, now=now)
    told = await _tell(db, node, listing.voice, kept, post)
    return await _again(db, kept.id), told


async def _check_open(db: Reading, listing: Listing, post: Post) -> None:
    """Raises Invalid where the post is not for everybody, the voice shares nothing with everybody, or the author does
    not let it see the post."""
    voice = listing.voice
    if post.visibility is not Visibility.PUBLIC:
        raise Invalid(_("Only a post that everybody can read can be a highlight."), field="status_id")
    if voice is None:
        return
    away.check_writes(voice)
    settings = await groups.of(db, voice.id)
    if settings.private is not None:
        raise Invalid(_("A private group shares nothing with everybody."), field="as")
    if settings.closed is not None:
        raise Invalid(_("This group is closed."), field="as")
    try:
        await posts.by_id(db, post.id, reader_id=voice.id)
    except Missing:
        raise Invalid(_("Its author does not let this account pass it on."), field="status_id") from None


async def _again(db: Reading, id: int) -> Highlight:
    found = await highlights.one(db, id, reader_id=0)
    if found is None:
        raise Missing(str(id))
    return found


async def change(
    db: Writing, node: Node, me: Actor, member: Member, one: Highlight, written: str
) -> tuple[Highlight, list[Told]]:
    """Give the reason new words. Raises NotAllowed, Invalid (``guarding.Stopped`` too)."""
    listing = await _listing(db, node, one)
    await check_keeper(db, node, me, member, listing)
    reason = _checked(written)
    if reason == one.reason:
        return one, []
    before = [Named(REASON, one.reason)]
    await guarding.look_at_change(db, node, me.id, [Named(REASON, reason)], before, sort=guarding.Sort.PAGE)
    await highlights.say(db, one.id, reason, editor_id=me.id, now=node.clock())
    post = await posts.any_by_id(db, one.post_id or 0)
    await audit.note(db, CHANGED, post.uri, actor_id=me.id, now=node.clock())
    again = await _again(db, one.id)
    told = [] if one.note_id is None else await _reword(db, node, again, post, one.note_id)
    return again, told


async def _listing(db: Reading, node: Node, one: Highlight) -> Listing:
    ours = await of_node(db, node)
    if one.owner_id == ours.owner.id:
        return ours
    owner = await actors.by_id(db, one.owner_id)
    return Listing(owner, owner)


async def withdraw(db: Writing, node: Node, me: Actor, member: Member, one: Highlight) -> list[Told]:
    """Take it out of its list, and take back what was said of it. Raises NotAllowed."""
    await check_keeper(db, node, me, member, await _listing(db, node, one))
    post = await posts.any_by_id(db, one.post_id or 0)
    await audit.note(db, WITHDRAWN, post.uri, actor_id=me.id, now=node.clock())
    return await _end(db, node, one)


async def end(node: Node, job: Job) -> None:
    """End those whose post is gone, hidden, withdrawn or of a suspended account."""
    while True:
        told: list[Told] = []
        async with node.database.writing() as db:
            found = await highlights.fallen(db, limit=SOME)
            for one in found:
                told += await _end(db, node, one)
                subject = f"{node.site.base_url}/highlights/{one.month}"
                await audit.note(db, ENDED, subject, actor_id=None, now=node.clock())
        announce(node, told)
        if len(found) < SOME:
            return


async def say(node: Node, job: Job) -> None:
    """Name a post in what was said of it as it is called now: its author may have had a reason to change the title.
    What authors elsewhere call theirs since an editor saw it is not ours to say: then it has no name."""
    told: list[Told] = []
    async with node.database.writing() as db:
        for one in await highlights.of_post(db, int(job.payload), reader_id=0):
            post = await posts.any_by_id(db, one.post_id or 0)
            note = (await posts.by_ids(db, [one.note_id or 0])).get(one.note_id or 0)
            shown = post if post.local is not None else replace(post, title="")
            fine = tuple(f"{_heading(one, each)}\n\n" for each in (post, shown))
            if note is not None and not note.source.startswith(fine):
                told += await _reword(db, node, one, shown, note.id)
    announce(node, told)


def _heading(one: Highlight, post: Post) -> str:
    heading = _("Highlight of {month}: {title}") if post.title else _("Highlight of {month}")
    return heading.format(month=vocabulary.whole_month(one.month), title=post.title)


async def _draft(db: Reading, voice: Actor, one: Highlight, post: Post) -> tuple[Draft, dict[str, Actor]]:
    """What the voice says of a highlight: it names the author, who hears of it so, and quotes where they let it."""
    author = await actors.by_id(db, post.author_id)
    by = _("Shared by {name}").format(name=f"@{author.acct}")
    parts = [_heading(one, post), one.reason, by]
    draft = Draft("\n\n".join(parts), quoted_id=post.id)
    try:
        await quoting.wanted(db, voice, post.id, Visibility.PUBLIC, named=())
    except (Invalid, Missing):
        draft = Draft("\n\n".join([*parts[:-1], f"{by}\n{post.url or post.uri}"]))
    return draft, {author.acct: author}


async def _mentioned(db: Reading, node: Node, draft: Draft, author: dict[str, Actor]) -> dict[str, Actor]:
    return {**await sharing.known(db, node, texts.mentions_in(draft.text)), **author}


async def _tell(db: Writing, node: Node, voice: Actor | None, one: Highlight, post: Post) -> list[Told]:
    """Publish the note, pass the post on, pin the note. Without a voice its author is told by the node, if here."""
    author = await actors.by_id(db, post.author_id)
    if voice is None:
        words = _("What you shared is a highlight of {month}: {link}").format(
            month=vocabulary.whole_month(one.month), link=f"{node.site.base_url}/highlights/{one.month}"
        )
        return await notes.write(db, node, [author], words)
    draft, named = await _draft(db, voice, one, post)
    checked = await sharing.check(db, voice, draft, await _mentioned(db, node, draft, named))
    shared = await sharing.bring_out(db, node, voice, checked)
    if not isinstance(shared.post, Post):
        raise Missing(str(one.id))
    note, happened = shared.post, list[Happening]()
    boost = await relay.boost(db, node.site, voice, post, author)
    if boost is not None:
        happened.append(Boosted(voice, boost, post))
    await highlights.told(db, one.id, note_id=note.id, boost_id=None if boost is None else boost.id)
    await _pin(db, node, voice, one.owner_id, note)
    return [*shared.told, *await surface(db, node, happened), Told(jobs.WAKE, 0)]


async def _pin(db: Writing, node: Node, voice: Actor, owner_id: int, note: Post) -> None:
    """Pin a note, and have only the newest of them pinned."""
    inboxes = await follows.follower_inboxes(db, voice.id)
    if await reactions.pin(db, actor_id=voice.id, post_id=note.id):
        await promise(db, node.site, activities.add(voice, note, now=node.clock()), signer=voice, inboxes=inboxes)
    old = await posts.by_ids(db, await highlights.pinned_before(db, owner_id, keep=PINNED))
    for each in old.values():
        await _unpin(db, node, voice, each, inboxes)


async def _unpin(db: Writing, node: Node, voice: Actor, note: Post, inboxes: Sequence[str]) -> None:
    if await reactions.unpin(db, actor_id=voice.id, post_id=note.id):
        await promise(db, node.site, activities.remove(voice, note, now=node.clock()), signer=voice, inboxes=inboxes)


async def _reword(db: Writing, node: Node, one: Highlight, post: Post, note_id: int) -> list[Told]:
    """The note with the new reason; the guard read the reason, and the rest is the node's own word."""
    old = await posts.any_by_id(db, note_id)
    if old.visibility is not Visibility.PUBLIC:
        return []
    voice = await actors.by_id(db, old.author_id)
    draft, named = await _draft(db, voice, one, post)
    draft, cited = replace(draft, quoted_id=None), await quoting.had(db, old)
    mentioned = await _mentioned(db, node, draft, named)
    checked = await sharing.check(db, voice, draft, mentioned, post_id=old.id, cited=cited)
    new, now = _version(node, old, checked), node.clock()
    await posts.revise(db, new, now=now)
    new = replace(new, edited=now, changed=old.changed + 1)
    known = {each.id for each in (await mentions.of(db, [old.id])).get(old.id, [])}
    await mentions.replace(db, old.id, [each.id for each in checked.named])
    await editing.tell_again(db, node, voice, new)
    fresh = [each for each in checked.named if each.id not in known]
    return [*await surface(db, node, [Edited(voice, new, fresh)]), Told(jobs.WAKE, 0)]


def _version(node: Node, old: Post, checked: Checked) -> Post:
    html = checked.html(node.site.base_url)
    return replace(old, html=html, text=sharing.words(checked.draft, html), source=checked.draft.text)


async def _end(db: Writing, node: Node, one: Highlight) -> list[Told]:
    """Take back the note and the boost, and forget the highlight."""
    if not await highlights.remove(db, one.id):
        return []
    voice, told = None, list[Told]()
    note = (await posts.by_ids(db, [one.note_id])).get(one.note_id) if one.note_id is not None else None
    if note is not None:
        voice = await actors.by_id(db, note.author_id)
        await _unpin(db, node, voice, note, await follows.follower_inboxes(db, voice.id))
    told += await _unboost(db, node, one)
    if note is not None and voice is not None:
        _post, more = await sharing.take_back(db, node, voice, note.id)
        told += more
    return [*told, Told(jobs.WAKE, 0)]


async def _unboost(db: Writing, node: Node, one: Highlight) -> list[Told]:
    """Take the boost back; with the post that was passed on it is gone already."""
    ids = [id for id in (one.boost_id, one.post_id) if id is not None]
    found = await posts.by_ids(db, ids)
    boost, post = found.get(one.boost_id or 0), found.get(one.post_id or 0)
    if boost is None or post is None:
        return []
    voice, author = await actors.by_id(db, boost.author_id), await actors.by_id(db, post.author_id)
    gone = await relay.unboost(db, node.site, voice, post, author)
    return [] if gone is None else await surface(db, node, [Unboosted(gone)])
