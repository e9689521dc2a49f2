"""New words and pictures for what was shared."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from federation.documents import activities, kinds
from federation.documents import marks as mark_documents
from federation.documents import posts as post_documents
from federation.documents.posts import Surroundings
from federation.happenings import Edited
from node import erasure, guarding, shortcodes
from node.confidentiality.guard import Named
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.sharing import gatherings, marking, proving, questions, quoting, reaching, stages, understanding, uploads
from node.sharing import posts as sharing
from node.sharing.drafts import Checked, Draft
from node.sharing.marking import NewMark
from node.sharing.questions import Ballot
from node.streams import EDITED
from node.surfacing.surface import Told, surface
from node.texts import _
from storage import (
    attachments,
    boards,
    events,
    facets,
    ideas,
    jobs,
    lineage,
    marks,
    mentions,
    pointers,
    polls,
    posts,
    prompts,
    quotes,
    shared,
    tags,
)
from storage.actors import Actor
from storage.attachments import Attachment
from storage.database import Reading, Writing
from storage.kinds import Kind
from storage.polls import Poll
from storage.posts import Post, Visibility
from storage.quotes import Policy


@dataclass(frozen=True, slots=True)
class Pictures:
    """What becomes of a post's pictures."""

    ids: Sequence[int] | None = None  # those it has from now on; None: as they were
    words: Mapping[int, tuple[str | None, str | None]] = field(
        default_factory=dict
    )  # description and focus; None: kept


async def edit(
    db: Writing,
    node: Node,
    author: Actor,
    post_id: int,
    draft: Draft,
    mentioned: Mapping[str, Actor],
    pictures: Pictures | None = None,
    ballot: Ballot | None = None,
    policy: Policy | None = None,
    mark: NewMark | None = None,
    kind: Kind | None = None,
    writer_id: int | None = None,
) -> tuple[Post, list[Told]]:
    """New words for a post; who may see it stays. The version before is kept. Pictures that it has no more are erased.
    ``ballot``, ``policy`` None: the poll, and who may quote it, stay as they are. So does what it quotes, and so do
    marks that it bears; ``mark``: what is said of it from now on. ``kind``: what it is from now on, where that was
    read from its text; None: what it was. ``writer_id``: who writes under the author's name; None: the author. Raises
    Invalid, Missing, NotAllowed.
    """
    old = await _own(db, author, post_id)
    had = (await attachments.of(db, [old.id])).get(old.id, [])
    pictures = pictures or Pictures()
    ids = [one.id for one in had] if pictures.ids is None else pictures.ids
    draft = replace(
        draft, kind=_kind(old, kind), language=draft.language or old.language, visibility=old.visibility,
        in_reply_to_id=old.in_reply_to_id, media_ids=ids,
        poll=None if ballot is None else ballot.poll, fields=gatherings.kept(old, marks.without(dict(draft.fields))),
    )  # fmt: skip
    mark = marking.checked(old, mark)
    cited = await quoting.had(db, old)
    checked = await sharing.check(db, author, draft, mentioned, post_id=old.id, cited=cited)
    files = [_worded(one, pictures) for one in checked.files]
    draft, now, asked = checked.draft, node.clock(), await polls.one(db, old.id)
    stays = ballot is None or gatherings.final(old, asked, now)
    poll = asked if stays else checked.around(now).poll
    _check_poll(draft, poll, files)
    fresh = [one for one in files if one.id not in {each.id for each in had}]
    said = [*checked.parts(files), *marking.parts(mark)]
    await guarding.look_at_change(db, node, writer_id or author.id, said, _parts(old, asked, had), files=fresh)
    html, fields = _marked(node, old, checked, mark, now)
    new = _version(old, draft, html, fields, poll, policy, now)
    new = replace(new, emojis=await shortcodes.used(db, *sharing.said(draft), *(() if poll is None else poll.titles)))
    moved, seated = await gatherings.change(db, node, old, checked)
    if poll == asked and _said(new, files) == _said(old, had):
        return old, [] if policy is None else await set_policy(db, node, author, old, policy)
    await _keep(db, old, new, now)
    new = replace(new, edited=now, changed=old.changed + 1)
    before = (await mentions.of(db, [old.id])).get(old.id, [])
    await mentions.replace(db, old.id, [one.id for one in checked.named])
    await _retag(db, new, checked.tags())
    if _shown(files) != _shown(had):
        await _replace(db, node, new, had, files)
    if poll != asked:
        poll = await questions.change(db, old.id, asked, poll, now=now)
    around = Surroundings(checked.named, checked.tags(), files, poll, None if cited is None else cited.quote)
    told = await surface(db, node, seated)
    return new, told + await _tell(db, node, author, new, around, before, marked=mark is not None, moved=moved)


def _check_poll(draft: Draft, poll: Poll | None, files: Sequence[Attachment]) -> None:
    """Raises Invalid."""
    gatherings.check_poll(draft.kind, asks=poll is not None)
    if poll is not None and files:
        raise Invalid(_("A post has pictures or a poll, not both."), field="poll")


async def _retag(db: Writing, new: Post, shown: Sequence[str]) -> None:
    await tags.replace(db, new.id, shown)
    if new.visibility in facets.KEPT_OF:
        await facets.replace(db, new.id, new.fields, shown)


def _version(
    old: Post, draft: Draft, html: str, fields: str, poll: Poll | None, policy: Policy | None, now: int
) -> Post:
    """The post with its new words; emoji are looked for later."""
    return replace(
        old, type=kinds.type_of(draft.kind) if poll is None else "Question", kind=draft.kind, title=draft.title,
        summary=draft.summary, html=html, text=sharing.words(draft, html, () if poll is None else poll.titles),
        source=draft.typed or draft.text, fields=fields, language=draft.language or old.language,
        sensitive=now if draft.sensitive or draft.summary else None,
        quote_policy=old.quote_policy if policy is None else quotes.written(policy, old.visibility),
    )  # fmt: skip


def _marked(node: Node, old: Post, checked: Checked, mark: NewMark | None, now: int) -> tuple[str, str]:
    """The new text and fields of a post, with the marks that it bears then. Raises Invalid."""
    html = checked.html(node.site.base_url)
    if checked.structured is None:
        return html, checked.fields
    stages.check(old, checked.structured)
    bears = marking.marked(marks.of(old.fields), mark, now)
    return mark_documents.content(bears) + html, marks.laid(checked.fields, bears)


def _kind(old: Post, wanted: Kind | None) -> Kind:
    """The kind of a post from now on. Raises Invalid."""
    if wanted in (None, old.kind) or understanding.was(old):
        return old.kind if wanted is None else wanted
    raise Invalid(_("The kind of a post stays as it is."), field="kind")


async def _keep(db: Writing, old: Post, new: Post, now: int) -> None:
    await posts.revise(db, new, now=now)
    await pointers.keep(db, old.id, new.fields, before=old.fields)
    await shared.keep(db, new, before=old.fields)
    if (new.kind, new.fields) != (old.kind, old.fields):
        await lineage.keep(db, new, new=False)
        await ideas.keep(db, new, was=old.kind)
        await prompts.keep(db, new)
    await boards.notice(db, replace(new, edited=now, changed=old.changed + 1), was=old.kind)


async def _own(db: Reading, author: Actor, post_id: int) -> Post:
    """A post that its author may change. Raises Missing, NotAllowed."""
    old = await sharing.own_post(db, author.id, post_id)
    if old.boost_of_id is not None:
        raise NotAllowed(_("This was written by somebody else."))
    if old.visibility is Visibility.HIDDEN:
        raise NotAllowed(_("This post waits for a guardian, and cannot be changed until it is shown again."))
    return old


def _parts(old: Post, asked: Poll | None, had: Sequence[Attachment]) -> list[Named]:
    """Every text of a post as it was, for the privacy guard."""
    options, alts = () if asked is None else asked.titles, [one.alt for one in had]
    return guarding.parts(
        old.source, old.title, old.summary, marks.without(json.loads(old.fields or "{}")), options, alts
    )


async def set_policy(db: Writing, node: Node, author: Actor, post: Post, policy: Policy) -> list[Told]:
    """Say who may quote a post of the author's from now on; quotes that were allowed stay. No new words, no edit."""
    if post.visibility is Visibility.HIDDEN or not await quotes.set_policy(
        db, post.id, quotes.written(policy, post.visibility)
    ):
        return []
    await tell_again(db, node, author, await posts.any_by_id(db, post.id))
    return [Told(EDITED, post.id), Told(jobs.WAKE, 0)]


async def tell_again(db: Writing, node: Node, author: Actor, post: Post) -> None:
    """Promise a post as it is to whoever got it: what stands around its words changed. Not one that is hidden."""
    if post.visibility is Visibility.HIDDEN:
        return
    around = await sharing.around(db, post)
    update = activities.update(post, author, post_documents.write(post, author, around, node.site), now=node.clock())
    await proving.update(db, node, author, post, update, await _inboxes(db, author, post, around.mentions))


async def _inboxes(db: Writing, author: Actor, post: Post, named: Sequence[Actor]) -> list[str]:
    return [*await reaching.now(db, author, post, named), *await quoting.asked(db, post)]


async def _tell(
    db: Writing,
    node: Node,
    author: Actor,
    new: Post,
    around: Surroundings,
    before: Sequence[Actor],
    *,
    marked: bool,
    moved: bool,
) -> list[Told]:
    """Promise the new version to whoever got the old one, and to whom it names now."""
    if new.kind is Kind.EVENT:
        around = replace(around, when=await events.one(db, new.id))
    update = activities.update(new, author, post_documents.write(new, author, around, node.site), now=node.clock())
    inboxes = await _inboxes(db, author, new, [*before, *around.mentions])
    await proving.update(db, node, author, new, update, inboxes)
    known = {one.id for one in before}
    fresh = [one for one in around.mentions if one.id not in known]
    return await surface(db, node, [Edited(author, new, fresh, marked, moved)])


def _said(post: Post, files: Sequence[Attachment]) -> tuple[object, ...]:
    """What an edit can change."""
    words = post.title, post.summary, post.html, post.source, post.fields, post.language, post.sensitive is None
    return *words, _shown(files)


def _shown(files: Sequence[Attachment]) -> list[tuple[int, str, str]]:
    return [(one.id, one.alt, one.focus) for one in files]


def _worded(one: Attachment, pictures: Pictures) -> Attachment:
    alt, focus = pictures.words.get(one.id, (None, None))
    said = uploads.description(one.alt if alt is None else alt, focus or "")
    return replace(one, alt=said.alt, focus=one.focus if focus is None else said.focus)


async def _replace(db: Writing, node: Node, post: Post, had: Sequence[Attachment], files: Sequence[Attachment]) -> None:
    """Keep the pictures that a post has from now on; the others are erased."""
    ids = [one.id for one in files]
    gone = [one.id for one in had if one.id not in ids]
    if gone:
        await attachments.erase(db, gone)
        await erasure.promise(db, now=node.clock())
    if not await attachments.attach(db, ids, actor_id=post.author_id, post_id=post.id):
        raise Invalid(_("There is no such upload, or another post has it."), field="media_ids")
    await attachments.describe_all(db, files)
