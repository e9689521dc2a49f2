"""Keep what another server's object says, in the transaction of whoever received or fetched it; and erase an actor."""

from __future__ import annotations

from dataclasses import replace

from federation import hiding, quoting
from federation.documents.actors import GROUPS
from federation.documents.posts import RemotePost
from federation.happenings import Edited, Posted, Requoted, Tallied, Withheld
from federation.hiding import Judged
from federation.site import Site
from storage import (
    actors,
    admissions,
    affected,
    attachments,
    attendance,
    boards,
    cases,
    collections,
    consultations,
    conversations,
    events,
    experts,
    facets,
    follows,
    groups,
    highlights,
    home,
    ideas,
    lineage,
    marks,
    matches,
    measures,
    mentions,
    notifications,
    pending,
    pointers,
    polls,
    posts,
    quotes,
    reactions,
    recipients,
    shared,
    tags,
    teams,
    topics,
)
from storage.actors import Actor
from storage.database import Missing, Writing
from storage.events import Event
from storage.ids import id_at
from storage.kinds import Kind
from storage.polls import Poll
from storage.posts import Post, Visibility
from storage.quotes import State
from storage.recipients import Circle, Recipient


async def keep_post(db: Writing, site: Site, author: Actor, judged: Judged) -> Posted | Withheld | None:
    """Keep a post of ``author``, who answers for it; None when it is here, was deleted, or claims an id of ours.

    A plain public note is one statement; each further thing it brings is one more. One in which somebody could be
    recognised is hidden in the same transaction.
    """
    remote, found = judged.remote, judged.found
    if site.ours(remote.uri):
        return None
    parent = await _parent(db, remote.in_reply_to)
    arrived = site.clock()
    kept = await posts.add(
        db,
        Post(
            id=id_at(min(remote.published, arrived)),
            uri=remote.uri,
            author_id=author.id,
            type=remote.type,
            kind=remote.kind,
            visibility=remote.visibility,
            published=remote.published,
            url=remote.url,
            title=remote.title,
            summary=remote.summary,
            sensitive=arrived if remote.sensitive else None,
            html=remote.html,
            text=remote.text,
            fields=remote.fields,
            language=remote.language,
            emojis=remote.emojis,
            in_reply_to_id=None if parent is None else parent.id,
            in_reply_to_uri=remote.in_reply_to,
            reply_to_actor_id=None if parent is None else parent.author_id,
            edited=remote.edited,
            their_replies=remote.replies,
            their_boosts=remote.boosts,
            their_likes=remote.likes,
            quoting=arrived if remote.quotes else None,
            quote_policy=remote.quote_policy,
        ),
    )
    if kept is None:
        return None
    await pointers.keep(db, kept.id, kept.fields)
    await shared.keep(db, kept)
    named = await _named(db, site, remote)
    await _surround(db, site, author, kept, remote, named)
    await lineage.keep(db, kept, new=True)
    await ideas.keep(db, kept)
    await boards.notice(db, kept)
    quoted = None
    if remote.quotes:
        quoted = (await quoting.keep(db, site, author, kept, uri=remote.quotes, stamp=remote.stamp)).quoted
    if found is not None and not await hiding.vouched(db, author, remote, found):
        return await hiding.hide(db, site, author, kept, found, new=True)
    return Posted(author, kept, mentioned=named, parent=parent, quoted=quoted)


async def _named(db: Writing, site: Site, remote: RemotePost) -> list[Actor]:
    """Whom a post names, and groups here that it is addressed to without naming them (FEP-1b12)."""
    meant = {one for one in (*remote.to, *remote.cc, *remote.audience) if site.ours(one)} - set(remote.mentions)
    if not meant and not remote.mentions:
        return []
    found = await actors.by_uris(db, [*remote.mentions, *meant])
    return [one for one in found.values() if one.uri not in meant or one.kind in GROUPS]


async def _parent(db: Writing, uri: str) -> Post | None:
    if not uri:
        return None
    try:
        return await posts.by_uri(db, uri)
    except Missing:
        return None


async def _surround(db: Writing, site: Site, author: Actor, kept: Post, remote: RemotePost, named: list[Actor]) -> None:
    if named:
        await mentions.put(db, kept.id, [one.id for one in named])
    if remote.tags:
        await tags.put(db, kept.id, remote.tags)
    if kept.visibility in facets.KEPT_OF:
        await facets.put(db, kept.id, kept.fields, remote.tags)
    if remote.attachments:
        await attachments.put(db, [replace(one, post_id=kept.id) for one in remote.attachments])
    if remote.poll is not None:
        await polls.put(db, kept.id, remote.poll)
        if remote.kind is Kind.CONSULTATION:
            await consultations.put(db, kept.id)
    if remote.event is not None:
        await _time(db, kept.id, remote, site.clock())
    if not kept.public:
        await recipients.add(db, kept.id, await _recipients(db, author, kept, remote))


async def _time(db: Writing, post_id: int, remote: RemotePost, now: int) -> bool:
    """Keep when an event is; whether that is another time than before, or it does not take place any more."""
    before = await events.one(db, post_id)
    if remote.event is None:
        if before is not None:
            await events.drop(db, post_id)
        return False
    told, off = remote.event, now if remote.event.status else None
    await events.put(
        db, Event(post_id, told.starts, told.ends, off, told.capacity, their_joined=remote.coming)
    )  # fmt: skip
    if before is None:
        return False
    moved = (before.starts, before.ends) != (told.starts, told.ends)
    if moved:
        await events.remind_anew(db, post_id)
    return moved or (before.cancelled is None) != (off is None)


async def _recipients(db: Writing, author: Actor, kept: Post, remote: RemotePost) -> list[Recipient]:
    """Whom a post that is not public was addressed to, as far as we know them."""
    addressed = await actors.by_uris(db, {*remote.to, *remote.cc})
    found = [Recipient(one.id, Circle.SELF) for one in addressed.values()]
    if kept.visibility is Visibility.PRIVATE:
        found.append(Recipient(author.id, Circle.FOLLOWERS))
    return found


async def keep_edit(
    db: Writing, site: Site, author: Actor, judged: Judged, *, now: int
) -> Edited | Tallied | Requoted | Withheld | None:
    """Keep new words of a post that ``author`` wrote; None when it is not here or not theirs. What could tell who
    somebody is, and was not in the words before, hides it; one that is hidden stays so.

    New counts of a poll whose words are the same are no edit, nor is what was allowed for a quote, or who may quote.

    Who may see a post never changes after the fact, nor what it answers.
    """
    remote = judged.remote
    try:
        old = await posts.by_uri(db, remote.uri)
    except Missing:
        return None
    if old.author_id != author.id or old.boost_of_id is not None:
        return None
    had = await polls.one(db, old.id) if old.type == "Question" or remote.poll is not None else None
    if had is not None and remote.poll is not None and _asks_the_same(had, remote.poll):
        await polls.tell(db, old.id, remote.poll)
        if _says_the_same(old, remote):
            return Tallied(old)
    elif had is not None or remote.poll is not None:
        await _ask_anew(db, old.id, remote.poll)
    requoted = await _requote(db, site, author, old, remote)
    about_quotes = requoted or old.quoting is not None or old.quote_policy != remote.quote_policy
    if about_quotes and _is_no_edit(old, remote):
        await quotes.set_policy(db, old.id, remote.quote_policy)
        return Requoted(replace(old, quoting=now if remote.quotes else None))
    new = replace(
        old,
        type=remote.type,
        kind=remote.kind,
        title=remote.title,
        summary=remote.summary,
        sensitive=now if remote.sensitive else None,
        html=remote.html,
        text=remote.text,
        fields=remote.fields,
        language=remote.language,
        emojis=remote.emojis,
        their_replies=remote.replies,
        their_boosts=remote.boosts,
        their_likes=remote.likes,
        quoting=(old.quoting or now) if remote.quotes else None,
        quote_policy=remote.quote_policy,
    )
    found = await hiding.judged_edit(db, site, old, judged)
    event = remote.event is not None or old.kind is Kind.EVENT
    moved = event and await _time(db, old.id, remote, now)
    await posts.revise(db, new, now=remote.edited or now)
    await _keep_fields(db, old, new)
    named = await _named(db, site, remote)
    await _surround_anew(db, new, remote, named)
    kept = replace(new, edited=remote.edited or now, changed=old.changed + 1)
    await boards.notice(db, kept, was=old.kind)
    if found is not None:
        return await hiding.hide(db, site, author, kept, found, new=False)
    return Edited(author, kept, named, marks.of(kept.fields).new_beside(marks.of(old.fields)), moved)


async def _surround_anew(db: Writing, kept: Post, remote: RemotePost, named: list[Actor]) -> None:
    await mentions.replace(db, kept.id, [one.id for one in named])
    await tags.replace(db, kept.id, remote.tags)
    if kept.visibility in facets.KEPT_OF:
        await facets.replace(db, kept.id, kept.fields, remote.tags)
    await attachments.drop(db, kept.id)
    if remote.attachments:
        await attachments.put(db, [replace(one, post_id=kept.id) for one in remote.attachments])


async def _keep_fields(db: Writing, old: Post, new: Post) -> None:
    """Keep apart what the new fields say, where it is looked for."""
    if (old.kind, old.fields) == (new.kind, new.fields):
        return
    await pointers.keep(db, old.id, new.fields, before=old.fields)
    await shared.keep(db, new, before=old.fields)
    await lineage.keep(db, new, new=False)
    await ideas.keep(db, new, was=old.kind)


async def _requote(db: Writing, site: Site, author: Actor, old: Post, remote: RemotePost) -> bool:
    """Keep what the post quotes now; whether there was anything new in that."""
    if old.quoting is None and not remote.quotes:
        return False
    had = await quotes.one(db, old.id)
    if had is not None and had.quoted_uri == remote.quotes:
        if not remote.stamp or remote.stamp == had.stamp or had.state not in (State.PENDING, State.REJECTED):
            return False
        await quotes.claim(db, old.id, remote.stamp)
        return True
    await quotes.drop(db, old.id)
    if remote.quotes:
        await quoting.keep(db, site, author, old, uri=remote.quotes, stamp=remote.stamp)
    await quotes.mark(db, old.id, site.clock() if remote.quotes else None)
    return True


def _is_no_edit(old: Post, remote: RemotePost) -> bool:
    """Whether an Update says the very same, at the time that is known of it."""
    return _says_the_same(old, remote) and remote.edited in (None, old.edited)


def _asks_the_same(had: Poll, said: Poll) -> bool:
    return had.titles == said.titles and (had.multiple is None) == (said.multiple is None)


def _says_the_same(old: Post, remote: RemotePost) -> bool:
    said = remote.title, remote.summary, remote.sensitive, remote.html, remote.text, remote.fields, remote.language
    return said == (old.title, old.summary, old.sensitive is not None, old.html, old.text, old.fields, old.language)


async def _ask_anew(db: Writing, post_id: int, poll: Poll | None) -> None:
    """Other options are another question: votes for the former do not count."""
    await polls.drop(db, post_id)
    if poll is not None:
        await polls.put(db, post_id, poll)


async def erase_actor(db: Writing, actor_id: int, *, now: int) -> None:
    """Erase an actor with all it shared, wrote and did, here or elsewhere; uri, handle and keys stay."""
    await highlights.forget_all_of(db, actor_id)
    await posts.erase_all_of(db, actor_id, now=now)
    await cases.erase_all_of(db, actor_id)
    await pending.erase_all_of(db, actor_id)
    await teams.forget_all_of(db, actor_id)
    await admissions.forget_all_of(db, actor_id)
    await groups.forget(db, actor_id)
    await reactions.end_all_of(db, actor_id)
    await affected.forget_all_of(db, actor_id)
    await polls.forget_all_of(db, actor_id)
    await attendance.forget_all_of(db, actor_id)
    await quotes.forget_all_of(db, actor_id)
    await collections.forget_all_of(db, actor_id)
    await measures.forget_all_of(db, actor_id)
    await shared.forget_all_of(db, actor_id)
    await topics.forget_editor(db, actor_id)
    await matches.forget_all_of(db, actor_id, now=now)
    await experts.forget(db, actor_id)
    await notifications.forget_all_of(db, actor_id)
    await conversations.forget_all_of(db, actor_id)
    await follows.end_all_of(db, actor_id)
    await home.drop(db, member_id=actor_id)
    await actors.erase(db, actor_id, now=now)
