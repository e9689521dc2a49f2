"""What a guardian sees of what waits: the texts with what was found in them, why it waits, and who wrote it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from federation import hiding
from node import guarding, slips
from node.confidentiality.guard import Named
from node.guarding import Why
from node.sharing import standing
from node.sharing import waiting as waits
from node.slips import Passage
from storage import actors, attachments, cases, concerns, hidden, pending, polls, posts, tags
from storage.actors import Actor
from storage.attachments import Attachment
from storage.cases import Case, Numbers
from storage.database import Reading
from storage.kinds import Kind
from storage.posts import Post, Visibility

COMMENTS = 10  # of people, that are shown of one case
MOST = 20  # cases that are shown at once; what is decided makes room for others
MONTHS = 3


@dataclass(frozen=True, slots=True)
class Open:
    """A case with all that is needed to decide."""

    case: Case
    author: Actor  # whose name stands over it: never the person behind a team
    kind: Kind
    visibility: Visibility  # that it will have, or had
    language: str
    texts: Sequence[Passage]
    files: Sequence[Attachment]
    why: Why
    claimant: Actor | None
    mistaken: frozenset[str]
    post: Post | None = None  # what is out already; None: it waits to come out
    hidden: bool = False  # until it is decided
    comments: Sequence[str] = ()  # of people who reported it

    @property
    def shown(self) -> list[Attachment]:
        """Pictures that the page shows: those uploaded here."""
        return [one for one in self.files if one.url and not one.plays and self.author.here]

    @property
    def played(self) -> list[Attachment]:
        """Films and sounds that the page plays: those uploaded here."""
        return [one for one in self.files if one.url and one.plays and self.author.here]

    @property
    def linked(self) -> list[Attachment]:
        """Files of other servers, which are links."""
        return [] if self.author.here else [one for one in self.files if one.url]

    def theirs(self, me: Actor) -> bool:
        """Whether it is for this guardian to decide, as things stand."""
        mine = self.case.author_id == me.id or self.case.second_by == me.id
        return not mine and (self.claimant is None or self.claimant.id == me.id)


@dataclass(frozen=True, slots=True)
class Month:
    """What guardians did in a calendar month (UTC)."""

    starts: int  # ms
    numbers: Numbers
    mistakes: Sequence[tuple[str, int]]  # kinds that were no findings, and how often


async def newest(db: Reading, *, now: int) -> list[Open]:
    """What waits, what may be happening now first, then the oldest; at most ``MOST``. A fixed number of
    queries."""
    return await _opened(db, await cases.queue(db, limit=MOST), now=now)


async def one(db: Reading, case: Case, *, now: int) -> Open | None:
    """One case; None when the post is no more, or out."""
    found = await _opened(db, [case], now=now)
    return found[0] if found else None


async def _opened(db: Reading, found: Sequence[Case], *, now: int) -> list[Open]:
    if not found:
        return []
    claimants = {one.id: one.claimant(now) for one in found}
    people = await actors.by_ids(db, {one.name_id for one in found} | {id for id in claimants.values() if id})
    wrong = await cases.mistaken(db, [one.id for one in found])
    waiting = await _waiting(db, found, people)
    out = await _out(db, found, people)
    shown: list[Open] = []
    for case in found:
        one = waiting.get(case.id) or out.get(case.id)
        if one is not None:
            kinds = frozenset(kind for id, kind in wrong if id == case.id)
            shown.append(replace(one, claimant=people.get(claimants[case.id] or 0), mistaken=kinds))
    return shown


async def _waiting(db: Reading, found: Sequence[Case], people: Mapping[int, Actor]) -> dict[int, Open]:
    """Cases of posts that are not out, by id."""
    ids = [one.pending_id for one in found if one.pending_id is not None]
    if not ids:
        return {}
    waiting = await pending.by_ids(db, ids)
    files = await attachments.of_pending(db, waiting)
    opened: dict[int, Open] = {}
    for case in found:
        waits_for = waiting.get(case.pending_id or 0)
        if waits_for is None or not waits_for.payload:
            continue
        draft, own = waits.draft_of(waits_for), files.get(waits_for.id, [])
        why = standing.why(case, own)
        opened[case.id] = Open(
            case, people[case.name_id], draft.kind, draft.visibility, draft.language,
            standing.passages(waits_for, own, why), own, why, None, frozenset(),
        )  # fmt: skip
    return opened


async def _out(db: Reading, found: Sequence[Case], people: Mapping[int, Actor]) -> dict[int, Open]:
    """Cases of posts that are out, by id."""
    ids = [one.post_id for one in found if one.post_id is not None]
    if not ids:
        return {}
    kept = await posts.by_ids(db, ids)
    files = await attachments.of(db, ids)
    texts = await texts_of(db, list(kept.values()))
    unseen = await hidden.of(db, kept)
    said = await concerns.comments(db, [one.id for one in found], each=COMMENTS)
    opened: dict[int, Open] = {}
    for case in found:
        post = kept.get(case.post_id or 0)
        if post is None:
            continue
        was, why = unseen.get(post.id), standing.why(case, ())
        opened[case.id] = Open(
            case, people[case.author_id], post.kind, post.visibility if was is None else was.visibility,
            post.language, slips.passages(texts[post.id], why.found), files.get(post.id, []), why, None,
            frozenset(), post, was is not None, said.get(case.id, ()),
        )  # fmt: skip
    return opened


async def texts_of(db: Reading, found: Sequence[Post]) -> dict[int, list[Named]]:
    """Every text of these posts, as the privacy check reads them; three queries."""
    ids = [one.id for one in found]
    files = await attachments.of(db, ids)
    asked = await polls.of(db, [one.id for one in found if one.type == "Question"])
    tagged = await tags.of(db, ids)
    texts: dict[int, list[Named]] = {}
    for one in found:
        alts = [file.alt for file in files.get(one.id, ())]
        if one.local is None:
            texts[one.id] = [Named(*part) for part in hiding.texts(one, alts, tagged.get(one.id, ()))]
        else:
            poll = asked.get(one.id)
            options = () if poll is None else poll.titles
            fields = json.loads(one.fields or "{}")
            texts[one.id] = guarding.parts(one.source, one.title, one.summary, fields, options, alts)
    return texts


async def months(db: Reading, *, now: int) -> list[Month]:
    """This month and those before it, the newest first."""
    ends, found = now + 1, list[Month]()
    moment = datetime.fromtimestamp(now / 1000, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _ in range(MONTHS):
        starts = int(moment.timestamp() * 1000)
        numbers = await cases.numbers(db, since=starts, until=ends)
        found.append(Month(starts, numbers, await cases.mistakes(db, since=starts, until=ends)))
        ends = starts
        moment = (
            moment.replace(year=moment.year - 1, month=12) if moment.month == 1
            else moment.replace(month=moment.month - 1)
        )  # fmt: skip
    return found
