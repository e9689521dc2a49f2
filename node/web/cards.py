"""What a page shows of a post: from lines to cards in a fixed number of queries."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from federation import sanitize
from federation.documents import kinds as documents
from federation.documents import marks as mark_documents
from federation.documents.posts import title_of
from node import shortcodes
from node.learning.charts import showing
from node.learning.charts.showing import Figure
from node.web import cited
from node.web.ballots import Ballot, ballot
from node.web.cited import Cited
from node.words import vocabulary
from storage import actors, attachments, lineage, marks, polls, posts, translations, vocabularies
from storage.actors import Actor
from storage.attachments import Attachment
from storage.database import Reading
from storage.kinds import Kind, load
from storage.lineage import NONE as NOBODY
from storage.lineage import PARENTS, Counts
from storage.marks import Marks
from storage.polls import Poll
from storage.posts import Post
from storage.series import loaded
from storage.shapes.common import Shape
from storage.timelines import Line
from storage.translations import Translation

# Fields of which a list shows one.
LEADS = ("teaser", "aim", "description", "tip", "details", "deed", "question", "what_changed", "result", "reason")
EXCERPT = 500  # characters of a text that a list shows
REPLY = 2_000  # characters of a reply that a thread shows
MARKUP = 4  # characters of HTML for one of text, beyond which only the text is shown
TITLE = 60  # characters of a text that stand for a title
_OPENING, _CLOSING = re.compile(r"<h[1-6]>"), re.compile(r"</h[1-6]>")


class Fields(dict[str, Any]):
    """The fields of a kind; one that is absent is nothing."""

    def __missing__(self, key: str) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Card:
    """One post as a page shows it."""

    post: Post
    author: Actor
    booster: Actor | None
    kind: str
    fields: Fields
    files: Sequence[Attachment]
    line: Line
    ballot: Ballot | None = None
    cited: Cited | None = None
    now: int = 0  # ms
    counts: Counts = NOBODY  # who uses it, or has its problem too
    filtered: str = ""  # the name of the reader's filter under which it is folded

    def quotable(self, me: Actor) -> bool:
        """Whether the reader is offered to quote it."""
        return cited.may_be_quoted(self.post, self.line, me)

    @property
    def href(self) -> str:
        """Where this node shows the post."""
        return href(self.post, self.author)

    @property
    def shown(self) -> list[Attachment]:
        """Pictures that the page shows: those uploaded here."""
        return [one for one in self.files if one.uploaded is not None and one.url]

    @property
    def drawn(self) -> set[str]:
        """Addresses of the pictures of charts, which a page that draws them itself leaves out."""
        return {str(one.get("picture")) for one in self._copies if isinstance(one, dict)}

    @property
    def charts(self) -> list[Figure]:
        """The measures that it shows, drawn."""
        copies = [one for one in self._copies if isinstance(one, dict)]
        return [showing.figure(loaded(one), f"m{self.post.id}-{place}") for place, one in enumerate(copies)]

    @property
    def _copies(self) -> Sequence[Any]:
        found = self.fields["measures"]
        return found if isinstance(found, list) else ()

    @property
    def linked(self) -> list[Attachment]:
        """Files of other servers, which are links: whoever reads here is not shown to those."""
        return [one for one in self.files if one.uploaded is None]

    @property
    def title(self) -> str:
        """The title, if it has one."""
        return self.post.title

    @property
    def said(self) -> str:
        """The first words, where a title is needed: of a post behind a warning, the warning."""
        return cut(self.post.summary or self.post.title or sanitize.plain(self.post.html), TITLE)

    @property
    def body(self) -> Markup:
        """The text on a page of its own. Headings of other people are all of one level: the page's own come first."""
        text = _pictured(self.post, _untitled(self.post))
        return Markup(_CLOSING.sub("</h2>", _OPENING.sub("<h2>", text)))  # noqa: S704 - safe since it was kept

    @property
    def brief(self) -> Markup:
        """The text in a list."""
        return _brief(self.post, EXCERPT)

    @property
    def reply(self) -> Markup:
        """The text in a thread."""
        return _brief(self.post, REPLY)

    @property
    def marks(self) -> Marks:
        """That it was corrected, or does not hold any more."""
        return marks.of(self.post.fields)

    @property
    def beyond(self) -> tuple[Markup, bool]:
        """What its text says beyond its fields, and whether the two could be told apart."""
        return _beyond(self.post)

    @property
    def translation(self) -> Translation | None:
        """Its words in a second language."""
        return translations.of(self.post.fields)

    @property
    def outdated(self) -> bool:
        """Whether it should have been looked at again."""
        return vocabulary.outdated(self.fields, self.now)

    @property
    def newer(self) -> str:
        """The address of what replaces it, where that is a web address."""
        said = self.fields["superseded_by"]
        return said if isinstance(said, str) and said.startswith(("https://", "http://")) else ""

    @property
    def film(self) -> bool:
        """Whether a film comes with it."""
        return any(one.media_type.startswith("video/") for one in self.files)

    @property
    def topics(self) -> list[str]:
        """What it is about, in words."""
        return [vocabulary.topic(one) for one in self.fields["topics"] or () if isinstance(one, str)]

    @property
    def about(self) -> list[tuple[str, str]]:
        """What it is about: ids of topics that have a page, and their words."""
        said = [one for one in self.fields["topics"] or () if isinstance(one, str)]
        return [(one, vocabulary.topic(one)) for one in said if one in vocabularies.TOPICS]

    @property
    def settings(self) -> list[str]:
        """Where it was seen, in words."""
        return [vocabulary.words(one) for one in self.fields["settings"] or () if isinstance(one, str)]

    @property
    def shape(self) -> Shape | None:
        """The fields of its kind, as a record."""
        return load(self.post.kind, self.post.fields)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Details for the side of the page."""
        return vocabulary.facts(self.fields) if self.fields else []

    @property
    def lead(self) -> str:
        """What a list shows of it, where that is one of its fields."""
        words = next((said for name in LEADS if isinstance(said := self.fields[name], str) and said), "")
        return cut(words, EXCERPT)


def cut(text: str, length: int) -> str:
    """The text on one line, cut after a word."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def _pictured(post: Post, html: str) -> str:
    """Safe HTML with the emoji of this node as pictures; of other servers' only the names: nobody reads there."""
    return html if post.local is None else shortcodes.pictured(html, post.emojis)


def _untitled(post: Post) -> str:
    """The HTML without the title that stands before the text of articles, and the question of a consultation."""
    head = title_of(post.title)
    if post.kind is Kind.CONSULTATION:
        head = head.replace("<strong>", "").replace("</strong>", "")
    return post.html.removeprefix(head)


def _brief(post: Post, length: int) -> Markup:
    """The text where there are many: as it is while it is short, else its first words. No headings."""
    text = _untitled(post)
    words = sanitize.plain(text)
    if len(words) > length or len(text) > length * MARKUP:
        return Markup("<p>{}</p>").format(cut(words, length))
    text = _pictured(post, text)
    return Markup(_CLOSING.sub("</strong></p>", _OPENING.sub("<p><strong>", text)))  # noqa: S704 - safe as above


def _beyond(post: Post) -> tuple[Markup, bool]:
    """What the text of a structured post says beyond its fields, and whether the two could be told apart."""
    fields = load(post.kind, post.fields)
    if fields is None:
        return Markup(""), True
    marked = mark_documents.content(marks.of(post.fields))
    made = documents.content(post.kind, post.title, fields)
    head = title_of(post.title)  # another server's article has its title before its marks
    starts = [marked + made, *([head + marked + made.removeprefix(head)] if marked and made.startswith(head) else [])]
    for start in (*starts, *(sanitize.html(one, len(one)) for one in starts)):
        if post.html.startswith(start):
            return Markup(post.html[len(start) :]), True  # noqa: S704 - whole elements of what is safe
    return Markup(post.html), False  # noqa: S704 - safe as above


def href(post: Post, author: Actor) -> str:
    """Where this node shows the post."""
    return f"/@{author.acct}/{post.id}"


def _card(
    post: Post,
    author: Actor,
    booster: Actor | None,
    files: Sequence[Attachment],
    line: Line,
    asked: Ballot | None,
    quoted: Cited | None,
    now: int,
    counts: Counts,
) -> Card:
    kind = post.kind.value
    if post.kind is Kind.PLAIN and post.in_reply_to_uri:
        kind = "reply"
    fields = Fields(json.loads(post.fields)) if post.fields and post.kind is not Kind.PLAIN else Fields()
    return Card(
        cited.without_link(post, quoted), author, booster, kind, fields, files, line, asked, quoted, now, counts
    )


async def cards(db: Reading, lines: Sequence[Line], *, reader_id: int, now: int) -> list[Card]:
    """The card of each line, in order; three queries whatever their number, one more when there are polls, one when
    there is something to build on, three when there are quotes."""
    if not lines:
        return []
    ids = [line.post_id for line in lines]
    found = await posts.by_ids(db, ids)
    who: Mapping[int, Actor] = await actors.by_ids(
        db, {line.author_id for line in lines} | {line.booster_id for line in lines if line.booster_id is not None}
    )
    files = await attachments.of(db, ids)
    asked = {
        line.post_id: ballot(poll, author_id=line.author_id, reader_id=reader_id, now=now)
        for line, poll in await _polls(db, lines, reader_id)
    }
    used = {one.id for one in found.values() if one.kind in PARENTS}
    counted = await lineage.counts(db, used) if used else {}
    quoted = await cited.of(db, lines, reader_id=reader_id, now=now)
    return [
        _card(
            found[line.post_id],
            who[line.author_id],
            None if line.booster_id is None else who.get(line.booster_id),
            files.get(line.post_id, ()),
            line,
            asked.get(line.post_id),
            quoted.get(line.post_id),
            now,
            counted.get(line.post_id, NOBODY),
        )
        for line in lines
        if line.post_id in found and line.author_id in who
    ]


async def _polls(db: Reading, lines: Sequence[Line], reader_id: int) -> list[tuple[Line, Poll]]:
    asking = [line for line in lines if line.asks]
    found = await polls.of(db, {line.post_id for line in asking}, reader_id=reader_id) if asking else {}
    return [(line, found[line.post_id]) for line in asking if line.post_id in found]


@dataclass(frozen=True, slots=True)
class Branch:
    """A reply with the replies to it."""

    card: Card
    below: list[Branch]


def in_order(root_id: int, below: Sequence[tuple[int, Line]]) -> list[tuple[int, Line]]:
    """Replies as people read them: each once, after what it answers, older ones first."""
    children: dict[int, list[tuple[int, Line]]] = {}
    here = {line.post_id: (parent_id, line) for parent_id, line in below if line.post_id != root_id}
    for parent_id, line in here.values():
        children.setdefault(parent_id if parent_id in here else root_id, []).append((parent_id, line))
    found: list[tuple[int, Line]] = []
    waiting = children.pop(root_id, [])[::-1]
    while waiting:
        parent_id, line = waiting.pop()
        found.append((parent_id, line))
        waiting += children.pop(line.post_id, [])[::-1]
    return found


def tree(below: Sequence[tuple[int, Line]], shown: Sequence[Card]) -> list[Branch]:
    """Replies ``in_order`` as a tree; what hangs on a post that is not shown stands at the top."""
    by_id = {one.post.id: one for one in shown}
    branches: dict[int, Branch] = {}
    top: list[Branch] = []
    for parent_id, line in below:
        if line.post_id not in by_id:
            continue
        branch = branches[line.post_id] = Branch(by_id[line.post_id], [])
        (branches[parent_id].below if parent_id in branches else top).append(branch)
    return top
