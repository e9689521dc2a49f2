"""Who reads which streams in this process, and what waits to be sent to each. No database, no network."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

WAITING = 256  # events of one reader; who falls further behind is let go

WITHOUT_POSTS = frozenset({"user:notification", "direct"})

# Topics of ``Database.signal``; the ids are those of posts, or of a member for what concerns one alone.
POSTED = "posted"  # a post or boost is new here
EDITED = "edited"
GONE = "gone"
NOTIFIED = "notified"
FILTERED = "filtered"  # a member's filters are others now
MERGED = "merged"  # notifications of a member's are let through
ANNOUNCED = "announced"  # something about announcements is other than it was


class Kind(StrEnum):
    """What is told; the words of the Mastodon API."""

    UPDATE = "update"
    EDIT = "status.update"
    DELETE = "delete"
    NOTIFICATION = "notification"
    CONVERSATION = "conversation"
    FILTERS = "filters_changed"
    MERGED = "notifications_merged"
    ANNOUNCEMENT = "announcement"
    REACTION = "announcement.reaction"
    UNANNOUNCED = "announcement.delete"


@dataclass(frozen=True, slots=True)
class Event:
    """Something for a stream: of a post, a conversation or an announcement by its id, of other things without.

    ``about``: the emoji of a reaction.
    """

    kind: Kind
    id: int = 0
    about: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """What one can read: ``name`` as the API has it, ``about`` a hashtag or list, ``reader_id`` whose it is."""

    name: str
    about: str = ""
    reader_id: int = 0


class Subscriber:
    """One open connection: what it reads, and what waits for it. ``token_id``: by which token; 0 for none."""

    def __init__(self, token_id: int = 0) -> None:
        self.token_id = token_id
        self.streams: set[Stream] = set()
        self.over = False  # it fell too far behind, or may read no more
        self._waiting: deque[tuple[Event, Stream]] = deque()
        self._something = asyncio.Event()

    def put(self, event: Event, stream: Stream) -> None:
        """Let it wait to be sent."""
        if len(self._waiting) >= WAITING:
            self.end()
            return
        self._waiting.append((event, stream))
        self._something.set()

    def end(self) -> None:
        """It gets nothing more."""
        self.over = True
        self._something.set()

    async def next(self) -> dict[Event, list[Stream]]:
        """All that waits, each event once with its streams; waits for some."""
        await self._something.wait()
        self._something.clear()
        found: dict[Event, list[Stream]] = {}
        while self._waiting:
            event, stream = self._waiting.popleft()
            found.setdefault(event, []).append(stream)
        return found


class Streams:
    """All open connections of this process."""

    def __init__(self) -> None:
        self._readers: dict[Stream, set[Subscriber]] = {}
        self._all: set[Subscriber] = set()

    def join(self, subscriber: Subscriber) -> None:
        """It is here."""
        self._all.add(subscriber)

    def tokens(self) -> set[int]:
        """The tokens by which somebody reads."""
        return {one.token_id for one in self._all if one.token_id}

    def revoke(self, token_ids: Collection[int]) -> None:
        """End whoever reads by one of these."""
        for one in self._all:
            if one.token_id in token_ids:
                one.end()

    def open(self, subscriber: Subscriber, stream: Stream) -> None:
        """From now on it reads this stream too."""
        subscriber.streams.add(stream)
        self._readers.setdefault(stream, set()).add(subscriber)

    def close(self, subscriber: Subscriber, streams: Iterable[Stream]) -> None:
        """It reads these no more."""
        for stream in streams:
            subscriber.streams.discard(stream)
            readers = self._readers.get(stream, set())
            readers.discard(subscriber)
            if not readers:
                self._readers.pop(stream, None)

    def leave(self, subscriber: Subscriber) -> None:
        """It is gone."""
        self.close(subscriber, list(subscriber.streams))
        self._all.discard(subscriber)

    def read(self, name: str) -> list[Stream]:
        """The streams of this name that somebody reads."""
        return [stream for stream in self._readers if stream.name == name]

    def tell(self, event: Event, streams: Collection[Stream]) -> None:
        """Let the event wait for whoever reads one of these."""
        for stream in streams:
            for subscriber in self._readers.get(stream, ()):
                subscriber.put(event, stream)

    def tell_all(self, event: Event) -> None:
        """Let the event wait for everybody who reads posts."""
        for stream in self._readers:
            if stream.name not in WITHOUT_POSTS:
                self.tell(event, [stream])

    def __bool__(self) -> bool:
        return bool(self._readers)
