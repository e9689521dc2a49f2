"""What a member wants to share, as it was said and as it was checked. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from federation.documents import kinds as documents
from federation.documents.posts import Surroundings
from node import guarding
from node import text as texts
from node.confidentiality.guard import Named
from node.sharing import questions, quoting
from node.sharing.growing import Grown
from node.sharing.questions import NewPoll
from node.sharing.quoting import Quoting
from storage import translations
from storage.actors import Actor
from storage.attachments import Attachment
from storage.kinds import Kind, dump, read
from storage.posts import Post, Visibility
from storage.quotes import Policy
from storage.records import quick
from storage.shapes.common import Shape
from storage.vocabularies import hashtag


@quick
@dataclass(frozen=True, slots=True)
class Draft:
    """What a member wants to share."""

    text: str
    kind: Kind = Kind.PLAIN
    title: str = ""
    summary: str = ""  # content warning
    sensitive: bool = False
    visibility: Visibility = Visibility.PUBLIC
    language: str = ""
    in_reply_to_id: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    app_id: int | None = None
    idempotency_key: str | None = None
    media_ids: Sequence[int] = ()  # uploads, in their order
    poll: NewPoll | None = None
    quoted_id: int | None = None
    quote_policy: Policy = Policy.PUBLIC
    typed: str = ""  # all that was typed, where kind, title and fields were read from it

    @property
    def naming(self) -> str:
        """All words in which handles name people, and hashtags count."""
        if self.typed:
            return self.typed
        given = read(self.kind, self.fields, strict=False)
        return self.text if given is None else _joined(given.naming(), self.text)


def _joined(*texts: str) -> str:
    return "\n\n".join(one for one in texts if one)


@quick
@dataclass(frozen=True, slots=True)
class Checked:
    """A draft that can be shared."""

    draft: Draft
    structured: Shape | None
    named: Sequence[Actor]
    mentioned: Mapping[str, Actor]
    parent: Post | None
    visibility: Visibility
    files: Sequence[Attachment] = ()
    quoting: Quoting | None = None
    grown: Sequence[Grown] = ()

    def html(self, base_url: str) -> str:
        opening = "" if self.structured is None else self.structured.naming()
        words = _joined(opening, self.draft.text)
        written = texts.html(words, mentioned=self.mentioned, base_url=base_url)
        if self.quoting is not None:
            written = quoting.with_link(self.quoting, written)
        if self.structured is None:
            return written
        written = "".join(one.html() for one in self.grown) + written
        return documents.content(self.draft.kind, self.draft.title, self.structured, written)

    @property
    def fields(self) -> str:
        """The fields as they are kept, without marks."""
        return translations.alone(self.draft.fields) if self.structured is None else dump(self.structured)

    def parts(self, files: Sequence[Attachment] | None = None) -> list[Named]:
        """Every text of it, for the privacy guard. ``files``: with the words that they have from now on."""
        draft, shown = self.draft, self.files if files is None else files
        options, alts = () if draft.poll is None else draft.poll.options, [one.alt for one in shown]
        fields = draft.fields if self.structured is None else json.loads(dump(self.structured))
        return guarding.parts(draft.text, draft.title, draft.summary, fields, options, alts)

    def around(self, now: int) -> Surroundings:
        """What will surround the post that comes out now."""
        poll = None if self.draft.poll is None else questions.made(self.draft.poll, now=now)
        quote = None if self.quoting is None else self.quoting.quote
        return Surroundings(self.named, self.tags(), self.files, poll, quote)

    def tags(self) -> list[str]:
        found = texts.tags_in(self.draft.naming)
        if self.structured is not None:
            topics = (hashtag(one) for one in self.structured.topics)
            found = [documents.tag_of(self.draft.kind, self.structured), *topics, *found]
        return list({one.lower(): one for one in found}.values())
