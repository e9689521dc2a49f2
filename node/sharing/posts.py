"""Share something: check it, keep it, promise its delivery, all in one transaction; change it; take it back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from federation import sanitize
from federation.documents import activities, kinds
from federation.documents import posts as post_documents
from federation.documents.posts import Surroundings
from federation.documents.reading import iso
from federation.errors import FederationError
from federation.fetching import actors as fetching
from federation.happenings import Erased, Posted
from federation.outbox.promise import promise
from node import away, guarding, shortcodes
from node import text as texts
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.guarding import Why
from node.sharing import (
    answering,
    comparing,
    gatherings,
    growing,
    questions,
    quoting,
    reaching,
    scheduling,
    structures,
    superseding,
    uploads,
)
from node.sharing.drafts import Checked, Draft
from node.sharing.quoting import Quoting
from node.sharing.writers import Writer
from node.surfacing.surface import Told, surface
from node.texts import _
from storage import (
    actors,
    attachments,
    boards,
    cases,
    events,
    facets,
    ideas,
    jobs,
    lineage,
    mentions,
    pending,
    pointers,
    polls,
    posts,
    prompts,
    quotes,
    recalls,
    recipients,
    shared,
    tags,
    translations,
)
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.ids import new_id
from storage.kinds import Kind
from storage.members import Member
from storage.pending import Pending, Reason
from storage.posts import Post, Visibility
from storage.recipients import Circle, Recipient
from storage.shapes.translated import NAME

LENGTH = 5_000  # characters of a post and its warning together
LANGUAGE = "en"  # of a post in two languages whose author did not say which the first is
KEY_LENGTH = 200  # characters of an Idempotency-Key
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*")
_ORDER = (Visibility.PUBLIC, Visibility.UNLISTED, Visibility.PRIVATE, Visibility.DIRECT)


async def resolve(node: Node, text: str) -> Mapping[str, Actor]:
    """Whom the handles in a text name, asked of their servers where they are not known; before the transaction."""
    handles = texts.mentions_in(text)
    if not handles:
        return {}
    async with node.database.reading() as db:
        found = await known(db, node, handles)
    for handle in handles:
        domain = handle.partition("@")[2]
        if handle not in found and domain not in ("", node.config.domain):
            try:
                found[handle] = await fetching.by_handle(node.database, node.site, handle)
            except (FederationError, Missing):
                continue
    return found


async def known(db: Reading, node: Node, handles: Sequence[str]) -> dict[str, Actor]:
    """Those of ``handles`` that are known here; one query."""
    places: dict[str, tuple[str, str]] = {}
    for handle in handles:
        name, _at, domain = handle.partition("@")
        places[handle] = (name.lower(), "" if domain == node.config.domain else domain)
    found = await actors.by_handles(db, set(places.values())) if places else {}
    return {handle: found[place] for handle, place in places.items() if place in found}


@dataclass(frozen=True, slots=True)
class Shared:
    """What came of a draft."""

    post: Post | Pending
    told: list[Told]
    around: Surroundings | None = None  # None: it waits, or was shared before


async def publish(
    db: Writing, node: Node, author: Actor, draft: Draft, mentioned: Mapping[str, Actor]
) -> tuple[Post | Pending, list[Told]]:
    """Share a draft, or let it wait. The same Idempotency-Key is the same post. Raises Invalid (``guarding.Stopped``
    too), Missing (what it answers cannot be seen), NotAllowed."""
    shared = await share(db, node, author, draft, mentioned)
    return shared.post, shared.told


async def share(
    db: Writing,
    node: Node,
    author: Actor,
    draft: Draft,
    mentioned: Mapping[str, Actor],
    *,
    new_key: bool = False,
    at: int | None = None,
    member: Member | None = None,
    writer: Writer | None = None,
) -> Shared:
    """As ``publish``. ``new_key``: the key was made for this request, so that only a retry can have used it. ``at``:
    when it is to come out. ``member``: the account of the author, or of the ``writer``, where it is at hand."""
    away.check_writes(author)
    by = Writer(author.id, author.id) if writer is None else writer
    if draft.idempotency_key is not None and not new_key:
        before = await _before(db, by, draft.idempotency_key)
        if before is not None:
            return Shared(before, [])
    if at is not None:
        await scheduling.may_come_out(db, by.id, at, now=node.clock())
    wait = at is not None or node.config.safety.fan_out_delay > 0
    checked = await gatherings.fit(db, node, await check(db, author, draft, mentioned, waiting=wait))
    growing.check_open(checked.grown, node.clock())
    why = await guarding.look(
        db, node, by.id, checked.parts(), member, files=checked.files, aside=by.aside, always=by.unnamed
    )
    if wait or why is not None:
        return Shared(await _wait(db, node, by, draft if why is None else checked.draft, at, why), [])
    return await bring_out(db, node, author, checked)


async def _before(db: Reading, by: Writer, key: str) -> Post | Pending | None:
    post_id, pending_id = await pending.asked(db, by.name_id, key, writer_id=by.id)
    waiting = None if pending_id is None else await pending.any_by_id(db, pending_id)
    if waiting is not None and waiting.post_id is None:
        return waiting
    post_id = post_id if waiting is None else waiting.post_id
    return None if post_id is None else await posts.any_by_id(db, post_id)


async def check(
    db: Reading,
    author: Actor,
    draft: Draft,
    mentioned: Mapping[str, Actor],
    *,
    waiting: bool = False,
    waited_id: int | None = None,
    post_id: int | None = None,
    cited: Quoting | None = None,
) -> Checked:
    """The draft, if it can be shared. Raises Invalid, Missing.

    ``waiting``: it is not out yet, and may answer another post of its author that is not either. ``waited_id``,
    ``post_id``: as what it has its pictures already. ``cited``: what it quotes already.
    """
    draft = replace(
        draft,
        text=texts.clean(draft.text),
        title=" ".join(texts.clean(draft.title).split()),
        summary=" ".join(texts.clean(draft.summary).split()),
        typed=texts.clean(draft.typed),
        poll=None if draft.poll is None else questions.checked(draft.poll, gatherings.longest(draft.kind)),
    )
    if post_id is None:
        gatherings.check_poll(draft.kind, asks=draft.poll is not None)
    structured = structures.structured(draft.kind, draft.title, draft.fields)
    structured = await superseding.named(db, author, structured, post_id=post_id)
    files = await uploads.wanted(db, author.id, draft.media_ids, post_id=post_id, waited_id=waited_id)
    if files and draft.poll is not None:
        raise Invalid(_("A post has pictures or a poll, not both."), field="poll")
    worded = structured is None or draft.kind in structures.WORDED
    if not draft.text and worded and not files and cited is None and draft.quoted_id is None:
        raise Invalid(_("Write something first."), field="status")
    _check_words(draft)
    if draft.fields.get(NAME) and not draft.language:
        draft = replace(draft, language=LANGUAGE)
    parent = None if draft.in_reply_to_id is None else await answering.parent(db, author, draft.in_reply_to_id, waiting)
    visibility = draft.visibility
    if parent is not None and _ORDER.index(parent.visibility) > _ORDER.index(visibility):
        visibility = parent.visibility
    found = {one.id: one for one in mentioned.values() if one.id != author.id and one.gone is None}
    if parent is not None:
        found |= await answering.named(db, author, parent, visibility, found)
    grown = await growing.wanted(db, author, structured, out=waited_id is not None or post_id is not None, own=post_id)
    if visibility is not Visibility.DIRECT:
        found |= {one.id: one for one in growing.named(grown, author)}
    found |= await comparing.groups(db, author, structured, visibility)
    cited = cited or await quoting.wanted(db, author, draft.quoted_id, visibility, named=found)
    checked = Checked(
        draft, structured, list(found.values()), mentioned, parent, quoting.shown_to(cited, visibility), files, cited,
        grown,
    )  # fmt: skip
    gatherings.check_author(checked, author.id)
    return checked


def _check_words(draft: Draft) -> None:
    """Raises Invalid for words that are too long, and for a language or key that is none."""
    most = structures.WORDED.get(draft.kind, LENGTH)
    if len(draft.typed or draft.text) + len(draft.summary) > most:
        raise Invalid(_("At most %s characters.") % most, field="status")
    if draft.language and not (len(draft.language) <= 12 and _LANGUAGE.fullmatch(draft.language)):
        raise Invalid(_("The language must be a code such as en or cy."), field="language")
    other = draft.fields.get(NAME)
    if isinstance(other, Mapping) and other.get("language") == (draft.language or LANGUAGE):
        raise Invalid(_("The second language is the same as the first."), field=NAME)
    if draft.idempotency_key is not None and len(draft.idempotency_key) > KEY_LENGTH:
        raise Invalid(_("The Idempotency-Key is too long."))


async def _wait(db: Writing, node: Node, by: Writer, draft: Draft, at: int | None, why: Why | None) -> Post | Pending:
    now = node.clock()
    waiting = Pending(
        id=new_id(now),
        author_id=by.id,
        reason=Reason.HELD if why is not None else Reason.UNDO if at is None else Reason.SCHEDULED,
        due=now + node.config.safety.fan_out_delay * 1000 if at is None and why is None else at,
        payload=json.dumps(asdict(draft), ensure_ascii=False),
        idempotency_key=draft.idempotency_key,
        created=now,
        post_id=None,
        as_id=by.name_id if by.aside else None,
    )
    if not await pending.add(db, waiting):
        return await _before(db, by, draft.idempotency_key or "") or waiting
    await _attach(db, by.name_id, draft.media_ids, pending_id=waiting.id)
    if why is None:
        await scheduling.promise(db, waiting.id, waiting.due or now, now=now)
    else:
        await guarding.open_case(db, node, by.id, waiting.id, why, later=at is not None, as_id=waiting.as_id)
    return waiting


async def _attach(db: Writing, owner_id: int, ids: Sequence[int], *, waited_id: int | None = None, **to: int) -> None:
    """Give uploads to a post, or to one that waits (``post_id``, ``pending_id``). Raises Invalid."""
    if ids and not await attachments.attach(db, ids, actor_id=owner_id, waited_id=waited_id, **to):
        raise Invalid(_("There is no such upload, or another post has it."), field="media_ids")


def made(node: Node, author: Actor, checked: Checked, *, id: int, now: int) -> Post:
    """The post that a draft becomes."""
    draft = checked.draft
    html = checked.html(node.site.base_url)
    uri = node.site.post_uri(author.handle, id)
    return Post(
        id=id,
        uri=uri,
        author_id=author.id,
        type=kinds.type_of(draft.kind) if draft.poll is None else "Question",
        kind=draft.kind,
        visibility=checked.visibility,
        published=now,
        url=uri,
        local=now,
        title=draft.title,
        summary=draft.summary,
        sensitive=now if draft.sensitive or draft.summary else None,
        html=html,
        text=words(draft, html, () if draft.poll is None else draft.poll.options),
        source=draft.typed or draft.text,
        fields=checked.fields,
        language=draft.language,
        in_reply_to_id=None if checked.parent is None else checked.parent.id,
        in_reply_to_uri="" if checked.parent is None else checked.parent.uri,
        reply_to_actor_id=None if checked.parent is None else checked.parent.author_id,
        app_id=draft.app_id,
        idempotency_key=draft.idempotency_key,
        quoting=None if checked.quoting is None else now,
        quote_policy=quotes.written(draft.quote_policy, checked.visibility),
    )


async def bring_out(
    db: Writing, node: Node, author: Actor, checked: Checked, *, waited_id: int | None = None
) -> Shared:
    """Keep a post that may be shared, and promise it to whom it is for. ``waited_id``: as what it waited. Raises
    Invalid."""
    now = node.clock()
    new = made(node, author, checked, id=new_id(now), now=now)
    new = replace(new, emojis=await shortcodes.used(db, *said(checked.draft)))
    kept = await posts.add(db, new)
    if kept is None:  # the same Idempotency-Key won in another process
        found = await posts.by_key(db, author.id, new.idempotency_key or "")
        if found is None:
            raise Missing(new.uri)
        return Shared(found, [])
    around = checked.around(now)
    await pointers.keep(db, kept.id, kept.fields)
    await shared.keep(db, kept)
    await _attach(db, author.id, checked.draft.media_ids, waited_id=waited_id, post_id=kept.id)
    await _surround(db, author, kept, around)
    await lineage.keep(db, kept, new=True)
    await ideas.keep(db, kept)
    await prompts.keep(db, kept)
    await questions.keep(db, kept.id, around.poll, now=now)
    around = replace(around, when=await gatherings.keep(db, kept, checked, now))
    if checked.quoting is not None:
        around = replace(around, quote=await quoting.keep(db, node.site, author, kept, checked.quoting))
    document = post_documents.write(kept, author, around, node.site)
    if waited_id is not None and await cases.released(db, waited_id):
        document[post_documents.REVIEWED] = iso(now)
    inboxes = await reaching.now(db, author, kept, around.mentions)
    quoted = quoting.shown(checked.quoting, around.quote)
    told = await surface(db, node, [Posted(author, kept, checked.named, checked.parent, quoted)])
    if inboxes:
        told.append(Told(jobs.WAKE, 0))
        create = activities.create(kept, author, document)
        await promise(db, node.site, create, signer=author, inboxes=inboxes, object_uri=kept.uri, post_id=kept.id)
    if checked.quoting is not None and await quoting.ask(db, node.site, author, kept, checked.quoting, document):
        told.append(Told(jobs.WAKE, 0))
    return Shared(kept, told, around)


def said(draft: Draft) -> list[str]:
    """Where emoji may be."""
    return [draft.title, draft.summary, draft.text, *(() if draft.poll is None else draft.poll.options)]


def words(draft: Draft, html: str, asked: Sequence[str] = ()) -> str:
    """A post in plain words, for search; ``asked``: the options of its poll."""
    other = translations.words(draft.fields)
    return texts.plain([draft.title, draft.summary, sanitize.plain(sanitize.unquoted(html)), *asked, *other])


async def _surround(db: Writing, author: Actor, kept: Post, around: Surroundings) -> None:
    await boards.notice(db, kept)
    if around.mentions:
        await mentions.put(db, kept.id, [one.id for one in around.mentions])
    if around.tags:
        await tags.put(db, kept.id, around.tags)
    if kept.visibility in facets.KEPT_OF:
        await facets.put(db, kept.id, kept.fields, around.tags)
    if not kept.public:
        named = [Recipient(one.id, Circle.SELF) for one in around.mentions]
        own = [Recipient(author.id, Circle.FOLLOWERS)] if kept.visibility is Visibility.PRIVATE else []
        await recipients.add(db, kept.id, [*named, *own])


async def own_post(db: Reading, author_id: int, post_id: int) -> Post:
    """The author's own post, also while nobody sees their account. Raises Missing, NotAllowed."""
    post = await posts.any_by_id(db, post_id)
    if post.author_id == author_id:
        return post
    await posts.by_id(db, post_id, reader_id=author_id)
    raise NotAllowed(_("Only its author can do that."))


async def around(db: Reading, post: Post) -> Surroundings:
    """What surrounds a post that is kept."""
    return Surroundings(
        mentions=(await mentions.of(db, [post.id])).get(post.id, []),
        tags=(await tags.of(db, [post.id])).get(post.id, []),
        attachments=(await attachments.of(db, [post.id])).get(post.id, []),
        poll=await polls.one(db, post.id),
        quote=None if post.quoting is None else await quotes.one(db, post.id),
        when=await events.one(db, post.id) if post.kind is Kind.EVENT else None,
    )


async def take_back(db: Writing, node: Node, author: Actor, post_id: int) -> tuple[Post, list[Told]]:
    """Erase a post and say so to every server that may have it; what it was. Then call ``Database.scrub``. Raises
    Missing, NotAllowed."""
    post = await own_post(db, author.id, post_id)
    if post.boost_of_id is not None:
        raise NotAllowed(_("This was written by somebody else."))
    inboxes = await reaching.ever(db, author, post)
    said, groups = activities.delete(post.uri, author), await reaching.groups(db, post)
    await recalls.supersede(db, post.uri, now=node.clock())
    await posts.erase(db, post, now=node.clock())
    await promise(db, node.site, said, signer=author, inboxes=inboxes, object_uri=post.uri)
    return post, await surface(db, node, [Erased(post, said=said, groups=groups)])
