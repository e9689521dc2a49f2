"""From signals to streams: whose stream a new post belongs to. One task in each process that has readers.

What is told here is only that there is something: whether a reader may see it is asked for each when it is sent.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from functools import partial

from node.context import Node
from node.streams import EDITED, FILTERED, GONE, MERGED, NOTIFIED, POSTED, Event, Kind, Stream
from node.surfacing.announcing import Announcing
from storage import conversations, home, lists, posts, tags, tokens
from storage.database import Busy, Reading, Unavailable
from storage.posts import Post, Visibility

LOOK = 0.5  # seconds between looks at whether tokens are still good
GATHERED = 0.02  # seconds in which signals gather
RECENT = 2_000  # posts that were told lately
MISSED = 200  # posts that are looked for after signals may have been lost

log = logging.getLogger(__name__)


async def _alive(held: set[int], db: Reading) -> set[int]:
    return await tokens.alive(db, held)


class Streaming:
    """Listens, and tells ``node.streams``."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._wake = asyncio.Event()
        self._waiting: dict[Event, None] = {}
        self._recent: OrderedDict[int, None] = OrderedDict()
        self._look = False
        self._newest = 0  # the highest id of a post at the last look; 0: nobody read then

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until ``stop``."""
        with ExitStack() as listening:
            for topic, kind in ((POSTED, Kind.UPDATE), (EDITED, Kind.EDIT), (GONE, Kind.DELETE)):
                listening.callback(self._node.database.listen(topic, partial(self._hear, kind)))
            listening.callback(self._node.database.listen(NOTIFIED, self._notify))
            listening.callback(self._node.database.listen(FILTERED, self._filtered))
            listening.callback(self._node.database.listen(MERGED, self._merged))
            stopping = asyncio.create_task(self._stopped(stop))
            watching = asyncio.create_task(self._watch())
            announcing = asyncio.create_task(Announcing(self._node).run())
            try:
                while not stop.is_set():
                    await self._wake.wait()
                    await asyncio.sleep(GATHERED)
                    self._wake.clear()
                    await self._tell()
            finally:
                stopping.cancel()
                watching.cancel()
                announcing.cancel()

    async def _watch(self) -> None:
        """End who reads by a token that was taken back, or for a member who may not act any more."""
        while True:
            await asyncio.sleep(LOOK)
            held = self._node.streams.tokens()
            if not held:
                continue
            try:
                self._node.streams.revoke(held - await self._node.database.read(partial(_alive, held)))
            except (Busy, Unavailable) as error:
                log.warning("tokens of streams wait for the database: %s", error)

    async def _stopped(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._wake.set()

    def _hear(self, kind: Kind, post_id: int) -> None:
        if not self._node.streams:
            self._newest = 0
            return
        if post_id:
            self._waiting[Event(kind, post_id)] = None
        elif kind is Kind.UPDATE:
            self._look = True  # signals may have been lost: see ``Signals.tell_all``
        self._wake.set()

    def _notify(self, member_id: int) -> None:
        self._tell_of_notifications(Kind.NOTIFICATION, member_id)

    def _merged(self, member_id: int) -> None:
        if member_id:  # that signals may have been lost is no reason for all apps to read their lists again
            self._tell_of_notifications(Kind.MERGED, member_id)

    def _tell_of_notifications(self, kind: Kind, member_id: int) -> None:
        streams = self._node.streams
        mine = [*streams.read("user"), *streams.read("user:notification")]
        streams.tell(Event(kind), [one for one in mine if member_id in (0, one.reader_id)])

    def _filtered(self, member_id: int) -> None:
        streams = self._node.streams  # none has the reader 0: that signals may have been lost is told to nobody here
        streams.tell(Event(Kind.FILTERS), [one for one in streams.read("user") if member_id == one.reader_id])

    async def _tell(self) -> None:
        waiting, self._waiting = list(self._waiting), {}
        for one in waiting:
            if one.kind is Kind.DELETE:
                self._node.streams.tell_all(one)
        found = [one for one in waiting if one.kind is not Kind.DELETE]
        try:
            async with self._node.database.reading() as db:
                found += await self._missed(db)
                await self._place(db, found)
        except (Busy, Unavailable) as error:
            log.warning("streams wait for the database: %s", error)
            self._look = True

    async def _missed(self, db: Reading) -> list[Event]:
        """Posts of which no signal came, as far as a look shows."""
        if not self._look:
            return []
        self._look = False
        if not self._newest:  # the first look since somebody reads: what was before is no news
            self._newest = max([1, *await posts.ids_after(db, 0, limit=1)])
            return []
        ids = await posts.ids_after(db, self._newest, limit=MISSED)
        self._newest = max([self._newest, *ids])
        return [Event(Kind.UPDATE, one) for one in ids if one not in self._recent]

    async def _place(self, db: Reading, events: Sequence[Event]) -> None:
        ids = {one.id for one in events}
        if not ids:
            return
        found = await posts.by_ids(db, ids)
        tagged = await tags.of(db, list(found))
        mine = {one.reader_id: one for one in self._node.streams.read("user")}
        held = await home.holders(db, found, mine) if mine else {}
        listed = await self._listed(db, found)
        for event in events:
            if event.id not in found:
                continue
            streams = [mine[one] for one in held.get(event.id, ())] + listed.get(event.id, [])
            streams += self._open(found[event.id], tagged.get(event.id, ()))
            self._node.streams.tell(event, streams)
            self._recent[event.id] = None
        await self._converse(db, [found[one.id] for one in events if one.kind is Kind.UPDATE and one.id in found])
        while len(self._recent) > RECENT:
            self._recent.popitem(last=False)

    async def _listed(self, db: Reading, post_ids: Iterable[int]) -> dict[int, list[Stream]]:
        """The streams of lists that each of these posts and boosts belongs to."""
        read = {int(one.about) for one in self._node.streams.read("list")}
        found: dict[int, list[Stream]] = {}
        for post_id, list_id, member_id in await lists.holding(db, read, post_ids) if read else ():
            found.setdefault(post_id, []).append(Stream("list", str(list_id), member_id))
        return found

    async def _converse(self, db: Reading, found: Iterable[Post]) -> None:
        """Tell who takes part in the conversations of direct posts."""
        direct = [one.id for one in found if one.visibility is Visibility.DIRECT]
        mine = {one.reader_id: one for one in self._node.streams.read("direct")}
        if direct and mine:
            for id, member_id in await conversations.holding(db, direct, mine):
                self._node.streams.tell(Event(Kind.CONVERSATION, id), [mine[member_id]])

    def _open(self, post: Post, tagged: Iterable[str]) -> list[Stream]:
        """The streams everybody can read that the post belongs to."""
        if post.visibility is not Visibility.PUBLIC or post.boost_of_id is not None:
            return []
        here = post.local is not None
        found = [Stream("public"), Stream("public:local" if here else "public:remote")]
        for one in tagged:
            found.append(Stream("hashtag", one.lower()))
            if here:
                found.append(Stream("hashtag:local", one.lower()))
        return found
