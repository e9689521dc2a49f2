"""Mark a structured post: it was corrected, or does not hold any more. Its text stays readable."""

from __future__ import annotations

from dataclasses import dataclass, replace

from federation import sanitize
from federation.documents import activities
from federation.documents import marks as documents
from federation.documents import posts as post_documents
from federation.happenings import Edited
from node import guarding
from node.confidentiality.guard import Named
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.sharing import posts as sharing
from node.sharing import proving
from node.surfacing.surface import Told, surface
from node.text import clean
from node.texts import _
from storage import actors, audit, marks, posts
from storage.database import Writing
from storage.kinds import Kind
from storage.marks import SAID, Marks
from storage.members import Member, Role
from storage.posts import Post


@dataclass(frozen=True, slots=True)
class NewMark:
    """What is to be said of a post: one of the two. None: as it is; withdrawn "": it holds again."""

    correction: str | None = None
    withdrawn: str | None = None


def parts(new: NewMark | None) -> list[Named]:
    """The texts of a mark, for the privacy guard."""
    said = () if new is None else (("correction", new.correction), ("withdrawn", new.withdrawn))
    return [Named(name, one) for name, one in said if one]


def bears_marks(post: Post) -> bool:
    """Whether a post is of a kind that can be marked."""
    return bool(post.fields) and post.kind is not Kind.PLAIN and post.boost_of_id is None


def said(text: str, field: str) -> str:
    """What a mark says, on one line. Raises Invalid."""
    line = " ".join(clean(text).split())
    if not line:
        if field == "correction":
            raise Invalid(_("Say in one line what was wrong and is right now."), field=field)
        raise Invalid(_("Say in one line why it does not hold any more."), field=field)
    if len(line) > SAID:
        raise Invalid(_("At most %s characters.") % SAID, field=field)
    return line


def checked(post: Post, new: NewMark | None) -> NewMark | None:
    """The mark, if the post can bear it. Raises Invalid."""
    if new is None:
        return None
    if not bears_marks(post):
        raise Invalid(_("Only safety notes, ideas and other posts of a kind can be corrected or withdrawn so."))
    if new.correction is not None and new.withdrawn is not None:
        raise Invalid(_("It is corrected or withdrawn, not both at once."), field="withdrawn")
    if new.correction is not None:
        return NewMark(correction=said(new.correction, "correction"))
    return NewMark(withdrawn=said(new.withdrawn or "", "withdrawn"))


def marked(before: Marks, new: NewMark | None, now: int, *, by_guardian: bool = False) -> Marks:
    """The marks with the new one. Raises Invalid."""
    if new is None:
        return before
    if new.correction is not None:
        return marks.corrected(before, new.correction, now)
    if before.withdrawn is not None and before.withdrawn.by_guardian and not by_guardian:
        raise Invalid(_("A guardian withdrew it already."), field="withdrawn")
    return marks.withdrawn(before, new.withdrawn or "", now, by_guardian=by_guardian)


def may_mark(me: Member, post: Post, *, mine: bool) -> bool:
    """Whether a member may withdraw a post: it is theirs to change, or they are a guardian."""
    return post.local is not None and bears_marks(post) and (mine or me.role is not Role.MEMBER)


async def withdraw(
    db: Writing, node: Node, me: Member, old: Post, reason: str, *, mine: bool
) -> tuple[Post, list[Told]]:
    """Mark a post as withdrawn and tell everyone who got it; its text stays. ``mine``: it is theirs to change. Raises
    NotAllowed, Invalid."""
    new = checked(old, NewMark(withdrawn=reason))
    if not may_mark(me, old, mine=mine):
        raise NotAllowed(_("Only its author and guardians of the node it was written on can withdraw it."))
    await guarding.look_at_change(db, node, me.actor_id, parts(new), [])
    author, now = await actors.by_id(db, old.author_id), node.clock()
    bears = marked(marks.of(old.fields), new, now, by_guardian=not mine)
    changed = relaid(old, bears)
    await posts.revise(db, changed, now=now)
    changed = replace(changed, edited=now, changed=old.changed + 1)
    around = await sharing.around(db, changed)
    said = activities.update(changed, author, post_documents.write(changed, author, around, node.site), now=now)
    await proving.update(db, node, author, changed, said, [], by_id=author.id if mine else me.actor_id)
    await audit.note(db, "post.withdraw", old.uri, actor_id=me.actor_id, now=now)
    return changed, await surface(db, node, [Edited(author, changed, marked=True)])


def relaid(post: Post, bears: Marks) -> Post:
    """The post with these marks instead of those it has."""
    had, has = documents.content(marks.of(post.fields)), documents.content(bears)
    words = post.text.replace(sanitize.plain(had), "", 1) if had else post.text
    return replace(
        post,
        html=has + post.html.removeprefix(had),
        text=f"{words.strip()}\n{sanitize.plain(has)}",
        fields=marks.laid(post.fields, bears),
    )
