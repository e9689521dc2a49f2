"""What comes in and the privacy check: a post in which somebody could be recognised is kept, hidden, and waits for a
guardian, in the transaction that keeps it. Nobody has seen it by then.

It is read before that transaction, which others wait for; what is kept is what was read, since both are one ``Judged``.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from federation import sanitize
from federation.documents import kinds
from federation.documents.posts import RemotePost
from federation.happenings import Withheld
from federation.site import Findings, Named, Site
from storage import attachments, audit, concerns, hidden, peers, tags
from storage.actors import Actor, Profile
from storage.database import Reading, Writing
from storage.kinds import load
from storage.posts import Post, Visibility
from storage.series import Series, dumped, written

_DIGITS = re.compile(r"\d.{0,3}\d.{0,3}\d.{0,3}\d")  # without them no number of a patient stands there
TEXT = "status"  # the field of all words of a post: ``posts.text``
LONG = 5_000  # characters of a text that is read beside the event loop: others have their turn meanwhile


@dataclass(frozen=True, slots=True)
class Judged:
    """A post that came, and what the privacy check found in it; None: it may be shown. ``judged`` alone makes it."""

    remote: RemotePost
    found: Findings | None


def texts(said: RemotePost | Post, alts: Sequence[str], tagged: Sequence[str]) -> list[Named]:
    """Every text of a post of another server, each with its field: all its words as one, or, where it is one of the
    structured kinds and its content is made of these, as its author wrote them."""
    found = _apart(said)
    if found is None:
        found = [(TEXT, said.text)]
        # Fields that are no part of the content are shown all the same.
        found += [one for one in _fields(said.fields) if one[1] not in said.text]
    known = " ".join(text for _field, text in found).lower() if tagged else ""
    found += [(f"tag.{n}", f"#{one}") for n, one in enumerate(tagged, 1) if f"#{one}".lower() not in known]
    found += [(f"media.{n}", alt) for n, alt in enumerate(alts, 1)]
    return [one for one in found if one[1]]


def _apart(said: RemotePost | Post) -> list[Named] | None:
    """The parts of a structured post; None for any other, and where they cannot be told apart."""
    structured = load(said.kind, said.fields) if said.fields and said.type != "Question" else None
    if structured is None:
        return None
    made = kinds.content(said.kind, said.title, structured)
    for start in (made, sanitize.html(made, len(made))):
        if said.html.startswith(start):
            rest = sanitize.plain(said.html[len(start) :])
            return [("title", said.title), ("spoiler_text", said.summary), *_fields(said.fields), (TEXT, rest)]
    return None


def _fields(fields: str) -> list[Named]:
    given = json.loads(fields) if fields else {}
    return [(f"fields.{name}", "\n".join(_words(name, value))) for name, value in given.items()]


def _words(name: str, value: Any) -> list[str]:
    return [one for copy in value for one in written(copy)] if name == "measures" else _strings(value)


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [one for part in inner for one in _strings(part)]


async def judge(site: Site, remote: RemotePost) -> Judged:
    """Read a post that came, before there is a transaction for it; a long one beside the event loop."""
    if sum(len(text) for _field, text in _said(remote)) <= LONG:
        return judged(site, remote)
    return await asyncio.to_thread(judged, site, remote)


def judged(site: Site, remote: RemotePost) -> Judged:
    """The same at once."""
    return Judged(remote, site.judge(_said(remote), ()))


def _said(remote: RemotePost) -> list[Named]:
    return texts(remote, [one.alt for one in remote.attachments], remote.tags)


def profile(site: Site, said: Profile) -> Profile:
    """What an actor says of itself, without texts in which a patient's number stands. Names, addresses and telephone
    numbers that people say of themselves are theirs to say."""
    given = {
        "name": said.name, "summary": sanitize.plain(said.summary), "fields": said.fields, "icon_alt": said.icon_alt,
        "header_alt": said.header_alt,
    }  # fmt: skip
    if not any(_DIGITS.search(text) for text in given.values()):
        return said
    worst = {name for name, text in given.items() if (found := site.judge([(name, text)], ())) and found.sure}
    return replace(
        said,
        name="" if "name" in worst else said.name,
        summary="" if "summary" in worst else said.summary,
        fields="[]" if "fields" in worst else said.fields,
        icon_alt="" if "icon_alt" in worst else said.icon_alt,
        header_alt="" if "header_alt" in worst else said.header_alt,
    )


def may_be_shown(site: Site, series: Series) -> bool:
    """Whether nobody could be recognised in what a group elsewhere has counted: no guardian is asked about that."""
    said = [(f"fields.{n}", text) for n, text in enumerate(written(dumped(series)), 1)]
    return site.judge(said, ()) is None


async def vouched(db: Reading, author: Actor, remote: RemotePost, found: Findings) -> bool:
    """Whether a guardian of an allied server read the post and released it: then it need not be read again here. What
    identifies somebody beyond doubt is nobody's to release."""
    return remote.reviewed and not found.sure and await peers.allied(db, urlsplit(author.uri).netloc.lower())


async def judged_edit(db: Reading, site: Site, old: Post, new: Judged) -> Findings | None:
    """What counts of new words: what the post said until now does not count again. One that is hidden is read again by
    a guardian whatever it says now. Without a finding that is no query."""
    if old.visibility is Visibility.HIDDEN:
        return new.found or Findings("[]")
    if new.found is None:
        return None
    files = (await attachments.of(db, [old.id])).get(old.id, [])
    tagged = (await tags.of(db, [old.id])).get(old.id, ())
    return site.judge(_said(new.remote), texts(old, [one.alt for one in files], tagged))


async def hide(db: Writing, site: Site, author: Actor, post: Post, found: Findings, *, new: bool) -> Withheld:
    """Hide a post, and put it into the guardians' queue. ``new``: nobody has seen it."""
    now = site.clock()
    await hidden.hide(db, post.id, unseen=new, now=now)
    await hidden.forget_versions(db, post.id)
    case = await concerns.open(
        db, post_id=post.id, author_id=author.id, found=found.found, version=post.edited or 0, urgent=found.urgent,
        reported=False, now=now,
    )  # fmt: skip
    await audit.note(db, "post.hide", f"case {case.id}", actor_id=None, now=now)
    return Withheld(author, post, case, sure=found.sure)
