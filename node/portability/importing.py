"""Work through a table that a member brought: a job does some rows and promises the next, so that it goes on after a
crash where it was. A row is counted in the transaction that does it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress

from federation.errors import FederationError, Unreachable
from federation.fetching import actors as fetching
from node.connecting import blocks as blocking
from node.connecting import domains
from node.connecting import follows as following
from node.connecting import lists as listing
from node.connecting import mutes as muting
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.learning import search
from node.portability import reading, tables
from node.sharing import reactions
from node.surfacing.surface import Told, announce
from node.texts import N_, _
from storage import actors, domain_blocks, imports, jobs, lists, posts
from storage.actors import Actor
from storage.database import Missing, Writing
from storage.imports import Import, Kind, Line
from storage.jobs import Job, NewJob
from storage.posts import Post

BRING = "import"  # the kind of job
SOME = 20  # rows in one job
PAUSE = 0.25  # seconds before another server is asked
LATER = 60 * 60 * 1000  # ms until it is gone on with for a member who is hidden
NOT_FOUND = N_("It could not be found.")
NO_ANSWER = N_("Its server did not answer.")

Found = Actor | Post | None  # whom or what a row is about


async def begin(node: Node, member: Actor, kind: Kind, content: bytes, *, overwrite: bool) -> None:
    """Take a file in. Raises Invalid, naming lines that are wrong, NotAllowed: another is being worked through."""
    rows = await asyncio.to_thread(reading.read, node, kind, content)
    now = node.clock()

    async def keep(db: Writing) -> bool:
        if not await imports.begin(db, member.id, kind, rows, overwrite=overwrite, now=now):
            return False
        await _promise(db, member.id, asked=now, line=0, now=now)
        return True

    if not await node.database.write(keep, long=True):
        raise NotAllowed(_("Another file is being worked through. Wait until it is done."))
    node.database.signal(jobs.WAKE)


async def _promise(db: Writing, member_id: int, *, asked: int, line: int, now: int, due: int = jobs.NOW) -> None:
    """Go on behind ``line``. All of a member's have one host, so that one at a time is done."""
    payload = json.dumps({"member_id": member_id, "asked": asked})
    key = f"{BRING} {member_id} {asked} {line} {due}"
    new = NewJob(BRING, payload=payload, host=f"member {member_id}", key=key, due=due, promised=max(now, due))
    await jobs.add(db, new, now=now)


async def bring(node: Node, job: Job) -> None:
    """Do some rows of a file, or end what is not in it when all are done."""
    said = json.loads(job.payload)
    try:
        async with node.database.reading() as db:
            found = await imports.of(db, said["member_id"])
            member = await actors.by_id(db, said["member_id"])
            rows = await imports.waiting(db, member.id, limit=SOME)
    except Missing:
        return
    if found is None or found.asked != said["asked"] or found.finished is not None:
        return
    now = node.clock()
    if member.suspended is not None:
        async with node.database.writing() as db:
            await _promise(db, member.id, asked=found.asked, line=-1, now=now, due=now + LATER)
        return
    for row in rows:
        await _do(node, member, found, row)
    if not rows and found.overwrite is not None:
        await _end_others(node, member, found)
    async with node.database.writing() as db:
        if rows:
            await _promise(db, member.id, asked=found.asked, line=rows[-1].line, now=now)
        else:
            await imports.finish(db, member.id, asked=found.asked, now=now)
    node.database.signal(jobs.WAKE)


async def _do(node: Node, member: Actor, found: Import, row: Line) -> None:
    about, problem = await _about(node, found.kind, row)
    told: list[Told] = []
    if not problem:
        try:
            if found.kind is Kind.DOMAIN_BLOCKS:
                await _end_follows(node, member, row.subject)
            async with node.database.writing() as db:
                if await imports.claim(db, member.id, row.line, asked=found.asked, now=node.clock()):
                    told = await _ACTS[found.kind](db, node, member, about, row.cells)
        except (Invalid, NotAllowed) as error:
            problem = str(error)
        except Missing:
            problem = _(NOT_FOUND)
    if problem:
        async with node.database.writing() as db:
            if await imports.claim(db, member.id, row.line, asked=found.asked, now=node.clock()):
                await imports.fail(db, member.id, row.line, problem)
    announce(node, told)


async def _about(node: Node, kind: Kind, row: Line) -> tuple[Found, str]:
    """Whom or what a row is about, asked of its server where it is not known here; or why it cannot be had."""
    if kind is Kind.DOMAIN_BLOCKS:
        return None, ""
    try:
        found = await (_post(node, row.subject) if kind is Kind.BOOKMARKS else _account(node, row.subject.split()[0]))
    except Unreachable:
        return None, _(NO_ANSWER)
    except (FederationError, Missing):
        return None, _(NOT_FOUND)
    gone = found is None or (isinstance(found, Actor) and (found.gone is not None or found.suspended is not None))
    return found, _(NOT_FOUND) if gone else ""


async def _account(node: Node, address: str) -> Actor:
    here = await _known(node, address)
    if here is not None:
        return here
    if not address.endswith(f"@{node.config.domain}"):
        await asyncio.sleep(PAUSE)
    return await fetching.by_handle(node.database, node.site, address)


async def _known(node: Node, address: str) -> Actor | None:
    name, _at, domain = address.partition("@")
    async with node.database.reading() as db:
        try:
            return await actors.by_handle(db, name, "" if domain == node.config.domain else domain)
        except Missing:
            return None


async def _post(node: Node, uri: str) -> Post | None:
    async with node.database.reading() as db:
        try:
            return await posts.by_uri(db, uri)
        except Missing:
            if node.site.ours(uri):
                raise
    await asyncio.sleep(PAUSE)
    found = await search.resolve(node, uri)
    return found if isinstance(found, Post) else None


async def _end_follows(node: Node, member: Actor, domain: str) -> None:
    """Block a server, and end what is between it and the member, some at a time."""
    async with node.database.writing() as db:
        await domains.block(db, member, domain)
    more = True
    while more:
        async with node.database.writing() as db:
            more, told = await domains.end_some(db, node, member, domain)
        announce(node, told)


Act = Callable[[Writing, Node, Actor, Found, Sequence[str]], Awaitable[list[Told]]]


def _actor(found: Found) -> Actor:
    """Raises Missing."""
    if not isinstance(found, Actor):
        raise Missing("account")
    return found


async def _follow(db: Writing, node: Node, member: Actor, found: Found, cells: Sequence[str]) -> list[Told]:
    boosts, notify = reading.yes(cells[1], True), reading.yes(cells[2], False)
    return await following.follow(db, node, member, _actor(found), boosts=boosts, notify=notify)


async def _block(db: Writing, node: Node, member: Actor, found: Found, cells: Sequence[str]) -> list[Told]:
    return await blocking.block(db, node, member, _actor(found))


async def _mute(db: Writing, node: Node, member: Actor, found: Found, cells: Sequence[str]) -> list[Told]:
    return await muting.mute(db, node, member, _actor(found), notifications=reading.yes(cells[1], True))


async def _block_domain(db: Writing, node: Node, member: Actor, found: Found, cells: Sequence[str]) -> list[Told]:
    return []  # done before it is counted


async def _put_on_list(db: Writing, node: Node, member: Actor, found: Found, cells: Sequence[str]) -> list[Told]:
    """Put somebody on the list of that name, which is made if there is none; who is not followed is from now on."""
    told = await following.follow(db, node, member, _actor(found)) if _actor(found).id != member.id else []
    chosen = next((one for one in await lists.of(db, member.id) if one.title == cells[0]), None)
    if chosen is None:
        chosen = await listing.create(
            db, node, member, title=cells[0], replies=lists.Replies.LIST, exclusive=False
        )  # fmt: skip
    await listing.put(db, chosen, [_actor(found).id])
    return told


async def _save(db: Writing, node: Node, member: Actor, found: Found, cells: Sequence[str]) -> list[Told]:
    if not isinstance(found, Post):
        raise Missing("post")
    return await reactions.bookmark(db, node, member, found.id)


_ACTS: Mapping[Kind, Act] = {
    Kind.FOLLOWING: _follow,
    Kind.BLOCKS: _block,
    Kind.MUTES: _mute,
    Kind.DOMAIN_BLOCKS: _block_domain,
    Kind.LISTS: _put_on_list,
    Kind.BOOKMARKS: _save,
}


async def _end_others(node: Node, member: Actor, found: Import) -> None:
    """End what the member has here and the file has not; what could not be found stays as it is."""
    async for rows in tables.pages(node, member, tables.TABLES[found.kind.value]):
        subjects = {one: row for row in rows if (one := reading.subject(node, found.kind, row)) is not None}
        async with node.database.reading() as db:
            named = await imports.named(db, member.id, subjects)
        for subject, row in subjects.items():
            if subject not in named:
                with suppress(Missing):  # it ended by itself
                    await _end(node, member, found.kind, subject, row)


async def _end(node: Node, member: Actor, kind: Kind, subject: str, row: Sequence[str]) -> None:
    target = None if kind in (Kind.DOMAIN_BLOCKS, Kind.BOOKMARKS) else await _known(node, subject.split()[0])
    told: list[Told] = []
    async with node.database.writing() as db:
        match kind:
            case Kind.DOMAIN_BLOCKS:
                await domain_blocks.remove(db, member_id=member.id, domain=subject)
            case Kind.BOOKMARKS:
                told = await reactions.unbookmark(db, node, member, (await posts.by_uri(db, subject)).id)
            case Kind.FOLLOWING:
                told = await following.unfollow(db, node, member, _actor(target))
            case Kind.BLOCKS:
                told = await blocking.unblock(db, node, member, _actor(target))
            case Kind.MUTES:
                told = await muting.unmute(db, node, member, _actor(target))
            case Kind.LISTS:
                told = await _take_off(db, node, member, _actor(target), row[0])
    announce(node, told)


async def _take_off(db: Writing, node: Node, member: Actor, target: Actor, title: str) -> list[Told]:
    for one in await lists.of(db, member.id):
        if one.title == title:
            await listing.take(db, node, one, [target.id])
    return []


async def failed(node: Node, member: Actor) -> AsyncIterator[bytes]:
    """The rows that could not be done, as a file that can be brought again, each with why."""
    async with node.database.reading() as db:
        found = await imports.of(db, member.id)
    if found is None:
        return
    columns = [one.capitalize() for one in reading.COLUMNS[found.kind]]
    yield tables.written([[*columns, "Line", "Problem"]])
    after = 0
    while True:
        async with node.database.reading() as db:
            rows = await imports.failed(db, member.id, after=after, limit=tables.SOME)
        if not rows:
            return
        after = rows[-1].line
        yield tables.written([*one.cells, str(one.line), one.problem] for one in rows)
