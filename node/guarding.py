"""The privacy guard before what members share: what it stops, what waits for a person, what its author looks at again.

Nothing of a text that is stopped is kept: of one that is warned of a keyed hash for ten minutes, of one that waits the
kinds and places of what was found, beside the post that waits.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import traceback
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from federation.site import Findings
from node.confidentiality import guard, patterns, telling
from node.confidentiality.findings import Finding, Judgement, Kind, Verdict
from node.confidentiality.guard import Named, Rule
from node.context import Node
from node.errors import Invalid
from node.slips import SUMMARY, TEXT, TITLE, Passage, dump, passages, place, told
from node.surfacing import withholding
from node.texts import N_, _
from storage import audit, cases, jobs, members, warned
from storage.attachments import Attachment
from storage.database import Reading, Writing
from storage.jobs import NewJob
from storage.members import Member, Role
from storage.series import written

log = logging.getLogger("sharewell.guard")

TELL, TELL_AUTHOR = withholding.TELL, "tell-author"  # the jobs
AGAIN = 10 * 60 * 1000  # ms in which the same text passes after a warning
DAY = 24 * 60 * 60 * 1000  # ms
PIECE, OVERLAP = 10_000, 500  # characters of a text that are read at once; the longest that is found is shorter
PAUSE = 0.005  # seconds, in which others have their turn
# Ids, which nobody wrote.
CODES = frozenset(["fields.harm", "fields.topics", "fields.settings", "fields.stage", "fields.accepted_answer"])

# Of events: times, choices and an address, in forms of their own, in which nobody says anything. Dates and long numbers
# of meeting rooms look like those of patients.
SET = frozenset(["start", "end", "zone", "mode", "recording", "status", "link"])


class Sort(Enum):
    """What is changed where nothing can wait for a guardian."""

    POST = "post"
    PROFILE = "profile"
    COLLECTION = "collection"
    PAGE = "page"
    MEASURE = "measure"
    MENTORING = "mentoring"


_REFUSED = {
    Sort.POST: N_(
        "Not changed: this looks like {what} ({where}). A change cannot wait for a guardian: take it out, or share it"
        " as a new post, which can."
    ),
    Sort.PROFILE: N_(
        "Not changed: this looks like {what} ({where}). A profile cannot wait for a guardian: take it out."
    ),
    Sort.COLLECTION: N_(
        "Not kept: this looks like {what} ({where}). A collection cannot wait for a guardian: take it out."
    ),
    Sort.PAGE: N_("Not kept: this looks like {what} ({where}). It would stand on a page of the node: take it out."),
    Sort.MEASURE: N_("Not kept: this looks like {what} ({where}). A measure cannot wait for a guardian: take it out."),
    Sort.MENTORING: N_(
        "Not sent: this looks like {what} ({where}). What is written within mentoring cannot wait for a guardian: take"
        " it out."
    ),
}


class Stopped(Invalid):
    """The guard does not take a text; ``found`` says why and where, in which of ``texts``."""

    def __init__(self, message: str, found: Judgement, texts: Sequence[Named]) -> None:
        super().__init__(message, field="" if found.gravest is None else found.gravest.field)
        self.found, self.texts = found.findings, texts

    def passages(self) -> list[Passage]:
        """Those texts in which something was found."""
        fields = {one.field for one in self.found}
        return passages([one for one in self.texts if one.field in fields], self.found)


class Unread(Exception):
    """A rule of the guard failed on a text: then a person reads it, and nothing leaves unread."""


class Warned(Stopped):
    """The author is to look again; the same text passes then. ``asking`` remembers that they were asked."""

    def __init__(self, message: str, found: Judgement, texts: Sequence[Named], *, author_id: int, digest: str) -> None:
        super().__init__(message, found, texts)
        self.author_id, self.digest = author_id, digest


@dataclass(frozen=True, slots=True)
class Why:
    """Why a post waits for a guardian."""

    found: Sequence[Finding]
    newcomer: bool = False
    aside: bool = False  # another name stands over it: then nothing is said of who wrote it
    reported: int = 0  # how many people said that somebody is recognisable
    plays: bool | None = None  # None: no files are with it; whether one of them is a film or a sound

    @property
    def urgent(self) -> bool:
        """It may be happening now."""
        return any(one.kind is Kind.LIVE_INCIDENT for one in self.found)

    @property
    def together(self) -> bool:
        """It is what details say together."""
        return any(one.kind in (Kind.DATE_PLACE_AGE, Kind.RARE_COMBO) for one in self.found)

    def words(self) -> str:
        """What its author and guardians are told."""
        one = Judgement(tuple(self.found)).gravest
        if one is not None and (one.verdict is Verdict.HOLD or not (self.newcomer or self.aside)):
            return _("This looks like {what} ({where}).").format(what=_(telling.LOOKS_LIKE[one.kind]), where=place(one))
        if self.aside:
            return _("A guardian reads this before anybody else sees it.")
        if self.reported:
            return _("Nothing was found by the privacy check. People see what it does not.")
        if self.newcomer:
            return _("The first posts of a new member are read by a guardian before anybody else sees them.")
        if self.plays:
            return _("Films and sounds are gone through by a guardian before anybody else has them.")
        if self.plays is False:
            return _("Pictures of new members are looked at by a guardian before anybody else sees them.")
        return _("The privacy check is not sure about this, so a guardian reads it.")


async def prepare() -> None:
    """Make the rules ready one after another, so that the first text does not wait for all; the longest takes 8 ms."""
    guard.signs()
    for _one in patterns.compiled():
        await asyncio.sleep(PAUSE)


def parts(
    text: str,
    title: str = "",
    summary: str = "",
    fields: Mapping[str, Any] | None = None,
    options: Sequence[str] = (),
    alts: Sequence[str] = (),
) -> list[Named]:
    """All texts of a post, each with its field."""
    found = [Named(TITLE, title), Named(SUMMARY, summary)]
    said = {name: value for name, value in (fields or {}).items() if name not in SET}
    found += [Named(f"fields.{name}", one) for name, value in said.items() for one in _words(name, value)]
    found.append(Named(TEXT, text))
    found += [Named(f"poll.{n}", one) for n, one in enumerate(options, 1)]
    found += [Named(f"media.{n}", one) for n, one in enumerate(alts, 1)]
    return [one for one in found if one.text]


def profile_parts(name: str, note: str, rows: str, icon_alt: str, header_alt: str) -> list[Named]:
    """All texts of a profile; ``rows``: JSON [{"name", "source"}]."""
    found = [Named("display_name", name), Named("note", note)]
    shown = [[part for part in (one["name"], one.get("source", "")) if part] for one in json.loads(rows)]
    found += [Named(f"row.{n}", ": ".join(one)) for n, one in enumerate(shown, 1)]
    found += [Named("avatar_description", icon_alt), Named("header_description", header_alt)]
    return [one for one in found if one.text]


def _words(name: str, value: Any) -> list[str]:
    """The texts in a field. Dates of the points of a measure, and addresses, are nobody's words."""
    if name == "measures":
        copies = value if isinstance(value, list | tuple) else [value]
        return _strings([written(one) for one in copies if isinstance(one, Mapping)])
    return _strings(value)


def _strings(value: Any) -> list[str]:
    """The texts in a structured field; together, so that each finding has one place."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    words = [one for part in inner for one in _strings(part)]
    return ["\n".join(words)] if words else []


def _checked(texts: Sequence[Named], rules: Sequence[Rule]) -> Sequence[Finding]:
    """Raises Unread. The log says which rule failed; no word of the text."""
    try:
        return guard.check_all(texts, rules).findings
    except Exception as error:  # noqa: BLE001  whatever a rule stumbles over, nothing leaves unread
        last = traceback.extract_tb(error.__traceback__)[-1]
        log.warning("the privacy guard failed cause=%s at=%s:%s", type(error).__name__, last.filename, last.lineno)
        raise Unread from None


def judged(texts: Sequence[Named], before: Sequence[Named] = (), rules: Sequence[Rule] = guard.RULES) -> Judgement:
    """What is found in texts; not what was in the version ``before``, unless it may stand nowhere. Raises Unread."""
    found = [one for one in _checked(texts, rules) if one.verdict is not Verdict.ALLOW]
    if not found or not before:
        return Judgement(tuple(found))
    known = set(_said(before, _checked(before, rules)))
    said = _said(texts, found)
    return Judgement(
        tuple(
            one
            for one, words in zip(found, said, strict=True)
            if one.verdict is Verdict.BLOCK or words not in known
        )
    )  # fmt: skip


def _said(texts: Sequence[Named], found: Sequence[Finding]) -> list[tuple[Kind, str]]:
    whole = {one.field: one.text for one in texts}
    return [(one.kind, whole[one.field][one.start : one.end]) for one in found]


def inbound(texts: Sequence[tuple[str, str]], before: Sequence[tuple[str, str]]) -> Findings | None:
    """Why what came from another server is not shown until a guardian has read it; None: it may be. Where its author
    here would be asked to look again there is nobody to ask: that is let through. Long texts are read in pieces, up to
    what hides them."""
    known = [Named(*one) for one in before]
    for start, piece in _pieces([Named(*one) for one in texts]):
        try:
            found = judged(piece, known)
        except Unread:
            return Findings("[]")
        if found.verdict in (Verdict.BLOCK, Verdict.HOLD):
            told = [replace(one, start=one.start + start, end=one.end + start) for one in found.findings]
            return Findings(dump(told), Why(told).urgent, found.verdict is Verdict.BLOCK)
    return None


def _pieces(texts: Sequence[Named]) -> Iterator[tuple[int, Sequence[Named]]]:
    """All together, where they are short; else one after another, in pieces that overlap: where each begins."""
    if sum(len(one.text) for one in texts) <= PIECE:
        yield 0, texts
        return
    for one in texts:
        for start in range(0, max(1, len(one.text) - OVERLAP), PIECE - OVERLAP):
            yield start, [Named(one.field, one.text[start : start + PIECE])]


async def look(
    db: Reading,
    node: Node,
    author_id: int,
    texts: Sequence[Named],
    member: Member | None = None,
    rules: Sequence[Rule] = guard.RULES,
    *,
    files: Sequence[Attachment] = (),
    aside: bool = False,
    always: bool = False,
) -> Why | None:
    """Why a new post has to wait for a guardian; None: it has not. Raises Stopped, Warned.

    ``member``: the author's account, where it is at hand. ``aside``: another name stands over it. ``always``: it waits.
    """
    try:
        found = _stop(texts, rules=rules)
    except Unread:
        return Why((), aside=aside)
    newcomer = await _is_new(db, node, author_id, member)
    if always or newcomer or found.verdict is Verdict.HOLD or await _has_to_be_seen(db, node, author_id, member, files):
        return Why(found.findings, newcomer and not aside, aside)
    await _warn(db, node, author_id, texts, found)
    return None


async def look_at_change(
    db: Reading,
    node: Node,
    author_id: int,
    texts: Sequence[Named],
    before: Sequence[Named],
    *,
    sort: Sort = Sort.POST,
    files: Sequence[Attachment] = (),
    rules: Sequence[Rule] = guard.RULES,
) -> None:
    """As ``look``, for what is out already: a change cannot wait, so that what would be held is refused in words.
    ``files``: those that are new. Raises Invalid, Stopped, Warned.
    """
    try:
        found = _stop(texts, before, rules)
    except Unread:
        raise Invalid(_("Not changed: the privacy check could not read this. Say it in other words.")) from None
    one = found.gravest
    if one is not None and found.verdict is Verdict.HOLD:
        raise Stopped(_(_REFUSED[sort]).format(what=_(telling.LOOKS_LIKE[one.kind]), where=place(one)), found, texts)
    if sort is Sort.POST and set(texts) - set(before) and await _is_new(db, node, author_id, None):
        words = _("Not changed: the first posts of a new member are read by a guardian. Delete it and share it anew.")
        raise Invalid(words, field=TEXT)
    if await _has_to_be_seen(db, node, author_id, None, files):
        words = _("Not changed: a guardian looks at new pictures and films first. Share them as a new post.")
        raise Invalid(words, field="media_ids")
    await _warn(db, node, author_id, texts, found)


def refuse(text: str, field: str) -> None:
    """Raises Stopped for what may stand nowhere."""
    with suppress(Unread):  # it is read again with the post
        _stop([Named(field, text)])


def _stop(texts: Sequence[Named], before: Sequence[Named] = (), rules: Sequence[Rule] = guard.RULES) -> Judgement:
    """What is found. Raises Stopped for what may stand nowhere."""
    found = judged(texts, before, rules)
    if found.verdict is Verdict.BLOCK:
        raise Stopped(told(found), found, texts)
    return found


async def is_new(db: Reading, node: Node, author_id: int) -> bool:
    """Whether a guardian reads the posts of a member first, since they are new."""
    return await _is_new(db, node, author_id, None)


async def _is_new(db: Reading, node: Node, author_id: int, member: Member | None) -> bool:
    """Whether a member's posts wait since they are new. Trust stands in ``members.trusted``."""
    if node.config.safety.hold_first_posts == 0:
        return False
    known = member or await members.by_id(db, author_id)
    return known.trusted is None and known.role is Role.MEMBER


async def _has_to_be_seen(
    db: Reading, node: Node, author_id: int, member: Member | None, files: Sequence[Attachment]
) -> bool:
    """Whether somebody looks at the files of a post first: no rule reads them."""
    safety = node.config.safety
    if safety.hold_films and any(one.plays for one in files):
        return True
    if not files or safety.hold_pictures == 0:
        return False
    known = member or await members.by_id(db, author_id)
    young = node.clock() - known.created < safety.hold_pictures * DAY
    return young and known.trusted is None and known.role is Role.MEMBER


async def _warn(db: Reading, node: Node, author_id: int, texts: Sequence[Named], found: Judgement) -> None:
    if found.verdict is not Verdict.WARN:
        return
    digest = _digest(node, author_id, texts)
    if not await warned.was(db, author_id, digest, now=node.clock()):
        words = _("{why} Post again within 10 minutes to confirm.").format(why=told(found))
        raise Warned(words, found, texts, author_id=author_id, digest=digest)


def _digest(node: Node, author_id: int, texts: Sequence[Named]) -> str:
    """A hash that nobody can make without the secret of the node."""
    key = hashlib.sha256(b"warned " + node.site.node_key[1].encode()).digest()
    said = json.dumps([author_id, *((one.field, one.text) for one in texts)])
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()


@asynccontextmanager
async def asking(node: Node) -> AsyncGenerator[None]:
    """Around the transaction in which something is shared: remembers that its author was asked to look again."""
    try:
        yield
    except Warned as asked:
        async with node.database.writing() as db:
            await warned.keep(db, asked.author_id, asked.digest, until=node.clock() + AGAIN)
        raise


async def open_case(
    db: Writing, node: Node, author_id: int, pending_id: int, why: Why, *, later: bool, as_id: int | None = None
) -> None:
    """Put a post that waits into the guardians' queue, and have them told. ``later``: its author chose when it comes
    out, and apps show it in a list where nothing says that it is held: so they are told too. ``as_id``: whose name
    stands over it, if not its author's."""
    now = node.clock()
    await cases.add(
        db, pending_id=pending_id, author_id=author_id, found=dump(why.found), newcomer=why.newcomer,
        urgent=why.urgent, now=now, as_id=as_id,
    )  # fmt: skip
    await audit.note(db, "case.open", f"post {pending_id}", actor_id=author_id, now=now)
    if later:
        await jobs.add(db, NewJob(TELL_AUTHOR, payload=str(pending_id)), now=now)
    await jobs.add(db, NewJob(TELL, payload=f"{why.urgent:d}"), now=now)
