"""The weekly digest: what a member may have missed, in one mail, and nothing when there is nothing.

Nobody gets it who did not ask for it. It tells of posts for everybody alone: what stands in a mail is out of our hands.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from node.context import Node
from node.texts import _
from node.words import pairing, vocabulary
from storage import actors, marks, posts, prompts, timelines
from storage.actors import Actor
from storage.database import Reading
from storage.ids import RANDOM_BITS
from storage.kinds import Kind
from storage.paging import Page
from storage.posts import Post, Visibility

WEEK = 7 * 24 * 60 * 60 * 1000  # ms
LATE = 60 * 60 * 1000  # ms that the mail may come after its hour: rather the same twice than something never
UNANSWERED = 48 * 60 * 60 * 1000  # ms after which a question without a reply is told of
LOOKED_AT = 200  # posts of each list that the best are chosen among
READS, QUESTIONS, PROMPTS = 6, 3, 3  # posts in one mail
EXCERPT = 160  # characters
PROOF = 32  # characters of the proof in the link that ends it


@dataclass(frozen=True, slots=True)
class Told:
    """One post of a digest."""

    heading: str
    words: str
    link: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a digest tells."""

    reads: Sequence[Told]
    questions: Sequence[Told]
    prompts: Sequence[Told] = ()  # of the member's own: whether it is still in place

    def __bool__(self) -> bool:
        return bool(self.reads or self.questions or self.prompts)


def proof(node: Node, member_id: int) -> str:
    """What shows that whoever asks to end a digest has one of its mails. It does not expire."""
    key = hashlib.sha256(b"digest " + node.site.node_key[1].encode()).digest()
    return hmac.new(key, str(member_id).encode(), hashlib.sha256).hexdigest()[:PROOF]


def proven(node: Node, member_id: int, said: str) -> bool:
    """Whether ``said`` is that proof."""
    return hmac.compare_digest(proof(node, member_id).encode(), said.encode())


def ending(node: Node, member_id: int) -> str:
    """The page that ends it, without a sign-in (RFC 8058)."""
    return f"{node.site.base_url}/unsubscribe/{member_id}/{proof(node, member_id)}"


async def contents(db: Reading, node: Node, member_id: int) -> Contents:
    """What to tell a member of the last week: posts for everybody of those they follow and of this node. What they
    wrote themselves is not told, nor what answers something."""
    now = node.clock()
    page = Page(after=(now - WEEK - LATE) << RANDOM_BITS, limit=LOOKED_AT)
    lines = await timelines.home(db, reader_id=member_id, page=page, now=now)
    lines += await timelines.public(db, reader_id=member_id, page=page, now=now, local=True)
    asked = await timelines.of_kind(
        db, Kind.QUESTION, reader_id=member_id, now=now,
        page=Page(before=(now - UNANSWERED) << RANDOM_BITS, after=(now - UNANSWERED - WEEK) << RANDOM_BITS, limit=40),
    )  # fmt: skip
    found = await posts.by_ids(db, {line.post_id for line in [*lines, *asked]})
    questions = [found[line.post_id] for line in asked]
    questions = [one for one in questions if not one.replies_count and _tellable(one, member_id)][:QUESTIONS]
    told = {one.id for one in questions}
    reads = best([found[id] for id in dict.fromkeys(line.post_id for line in lines) if id not in told], member_id)
    authors = await actors.by_ids(db, {post.author_id for post in [*reads, *questions]})
    prompted = await prompts.open_for(db, member_id, since=now - WEEK - LATE, limit=LOOKED_AT)
    return Contents(_told(reads, authors, node), _told(questions, authors, node), _asked(prompted, node))


def _asked(found: Sequence[tuple[Post, int]], node: Node) -> list[Told]:
    """Whether posts of the member's own are still in place: of those for everybody alone, which hold."""
    told = [
        Told(_heading(post), pairing.after(months), f"{node.site.base_url}/posts/{post.id}/in-place")
        for post, months in found
        if post.visibility is Visibility.PUBLIC and not post.summary and prompts.fits(post)
    ]
    return told[:PROMPTS]


def _tellable(post: Post, member_id: int) -> bool:
    """Whether a mail may tell of a post: what is in it cannot be taken back, nor does it warn before it is read."""
    mine, open_to_all = post.author_id == member_id, post.visibility is Visibility.PUBLIC
    return open_to_all and not mine and not post.summary and marks.of(post.fields).withdrawn is None


def best(found: Sequence[Post], member_id: int) -> list[Post]:
    """The posts of a week most worth a look: of a kind before plain ones, then what most people thanked and passed on;
    one of an author before the second of another."""
    fine = [one for one in found if one.in_reply_to_uri == "" and _tellable(one, member_id)]
    fine.sort(
        key=lambda one: (one.kind is not Kind.PLAIN, one.likes_count + 2 * one.boosts_count, one.id), reverse=True
    )
    places: dict[int, int] = {}
    ranked: list[tuple[int, Post]] = []
    for one in fine:
        places[one.author_id] = places.get(one.author_id, -1) + 1
        ranked.append((places[one.author_id], one))
    ranked.sort(key=lambda one: one[0])
    return [one for _place, one in ranked[:READS]]


def _told(found: Sequence[Post], authors: Mapping[int, Actor], node: Node) -> list[Told]:
    return [
        Told(_heading(one), _("By %s") % _name(authors[one.author_id], node), one.url or one.uri)
        for one in found
        if one.author_id in authors
    ]


def _heading(post: Post) -> str:
    said = post.title or " ".join(post.text.split())
    said = said if len(said) <= EXCERPT else said[: EXCERPT - 1].rstrip() + "…"
    return f"{_(vocabulary.KINDS[post.kind.value].one)}: {said}" if post.kind is not Kind.PLAIN else said


def _name(actor: Actor, node: Node) -> str:
    name = " ".join(actor.name.split()) or actor.handle
    return f"{name} (@{actor.handle}@{actor.domain or node.config.domain})"


def as_text(node: Node, told: Contents, member_id: int) -> str:
    """The mail for who reads plain text."""
    parts = [_("What you may have missed this week on %s.") % node.config.name]
    for title, found in _sections(told):
        parts.append("\n\n".join([title.upper(), *(f"{one.heading}\n{one.words}\n{one.link}" for one in found)]))
    parts.append(_("You asked for this mail. To change when it comes: {settings}\nTo end it: {ending}").format(
        settings=f"{node.site.base_url}/settings/mail", ending=ending(node, member_id)
    ))  # fmt: skip
    return "\n\n\n".join(parts) + f"\n\n-- \n{node.config.name}\n{node.site.base_url}\n"


def as_html(node: Node, told: Contents, member_id: int) -> str:
    """The mail for who reads HTML: words and links, nothing that is fetched when it is opened."""
    parts = [f"<p>{escape(_('What you may have missed this week on %s.') % node.config.name)}</p>"]
    for title, found in _sections(told):
        rows = "".join(
            f'<li style="margin:0 0 12px"><a href="{escape(one.link)}">{escape(one.heading)}</a><br>'
            f'<span style="color:#4a5560">{escape(one.words)}</span></li>'
            for one in found
        )
        parts.append(f'<h2 style="font-size:18px">{escape(title)}</h2><ul style="padding-left:18px">{rows}</ul>')
    settings = f'<a href="{node.site.base_url}/settings/mail">{escape(_("Change when it comes"))}</a>'
    end = f'<a href="{ending(node, member_id)}">{escape(_("End it"))}</a>'
    parts.append(f'<p style="color:#4a5560">{escape(_("You asked for this mail."))} {settings} · {end}</p>')
    body = "".join(parts)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(node.config.name)}</title></head>'
        f'<body style="font:16px/1.5 sans-serif;max-width:36em;margin:0 auto;padding:16px">{body}</body></html>'
    )


def _sections(told: Contents) -> list[tuple[str, Sequence[Told]]]:
    found = [
        (_("Is it still in place?"), told.prompts), (_("Worth a look"), told.reads),
        (_("Questions nobody has answered yet"), told.questions),
    ]  # fmt: skip
    return [(title, ones) for title, ones in found if ones]
