"""What is in the data: posts of all sorts, boosts, replies, likes, and threads of 21."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from random import Random

from bench import words
from bench.bulk import Bulk
from bench.people import BEGIN, SITE, People
from storage import attachments, home, mentions, posts, reactions, recipients, tags
from storage.actors import Actor
from storage.attachments import Attachment
from storage.ids import RANDOM_BITS
from storage.kinds import Kind
from storage.posts import Post, Visibility
from storage.recipients import Circle, Recipient

THREADS = 10
THREAD = 21  # posts of a thread: whoever asks for the context of the right one gets 20
ABOVE = 2  # posts that it answers
STEP = 60_000  # ms between two posts
SPREAD = 12_000  # of the newest posts go to home timelines, of which the newest 800 are kept
RECENT = 200  # posts that are answered and passed on


@dataclass(slots=True)
class Telling:
    """Makes one post after another."""

    db: Bulk
    random: Random
    people: People
    total: int
    made: int = 0
    recent: deque[Post] = field(default_factory=lambda: deque(maxlen=RECENT))

    def _id(self) -> int:
        moment = BEGIN - (self.total - self.made) * STEP
        return moment << RANDOM_BITS | self.random.getrandbits(RANDOM_BITS)

    def _author(self) -> Actor:
        if self.random.random() < 0.2:
            return self.random.choice(self.people.here)
        # Some share much, most little.
        return self.people.elsewhere[int(len(self.people.elsewhere) * self.random.random() ** 2)]

    async def one(self) -> None:
        """A post or a boost."""
        chance = self.random.random()
        if self.recent and chance < 0.15:
            await self._boost(self._author(), self.random.choice(self.recent))
        else:
            parent = self.random.choice(self.recent) if self.recent and chance < 0.4 else None
            await self.post(self._author(), parent)

    async def thread(self) -> int:
        """The id of a post that answers one that answers one, and has replies that are answered: twenty around it."""
        told = [await self.post(self._author(), None, alone=True)]
        while len(told) < THREAD:
            answered = told[-1] if len(told) <= ABOVE else self.random.choice(told[ABOVE:][-4:])
            told.append(await self.post(self._author(), answered, alone=True))
        return told[ABOVE].id

    async def post(self, author: Actor, parent: Post | None, *, alone: bool = False) -> Post:
        """Something new, or an answer. ``alone``: for everyone, and nobody answers it by chance."""
        random, id = self.random, self._id()
        moment = id >> RANDOM_BITS
        text, shown = words.text(random), words.tags(random)
        tagged = "".join(f' <a href="{SITE.base_url}/tags/{one}" rel="tag">#<span>{one}</span></a>' for one in shown)
        html = "".join(f"<p>{one}</p>" for one in text.split("\n\n")) + (f"<p>{tagged}</p>" if tagged else "")
        uri = SITE.post_uri(author.handle, id) if author.here else f"{author.uri}/statuses/{id}"
        kept = await posts.add(
            self.db,
            Post(
                id=id, uri=uri, author_id=author.id, type="Note", kind=Kind.PLAIN,
                visibility=Visibility.PUBLIC if alone else _visibility(random), published=moment, url=uri,
                local=moment if author.here else None, summary="Harm to a patient" if random.random() < 0.05 else "",
                html=html, text=text, source=text if author.here else "", language="en",
                in_reply_to_id=None if parent is None else parent.id,
                in_reply_to_uri="" if parent is None else parent.uri,
                reply_to_actor_id=None if parent is None else parent.author_id,
            ),
        )  # fmt: skip
        assert kept is not None, uri
        await self._surround(author, kept, parent, shown)
        if kept.public and not alone:
            self.recent.append(kept)
        await self._count(kept)
        return kept

    async def _surround(self, author: Actor, kept: Post, parent: Post | None, shown: list[str]) -> None:
        random = self.random
        named = [] if parent is None else [parent.author_id]
        if random.random() < 0.1:
            named.append(random.choice(self.people.here).id)
        if named:
            await mentions.put(self.db, kept.id, named)
        if shown:
            await tags.put(self.db, kept.id, shown)
        if not kept.public:
            circle = [Recipient(author.id, Circle.FOLLOWERS)] if kept.visibility is Visibility.PRIVATE else []
            await recipients.add(self.db, kept.id, [*(Recipient(one, Circle.SELF) for one in named), *circle])
        if random.random() < 0.2:
            await attachments.put(self.db, [_picture(kept, place) for place in range(random.choice((1, 1, 2)))])
        for liker in random.sample(self.people.elsewhere, random.choice((0, 0, 1, 3))):
            uri = f"{liker.uri}#likes/{kept.id}"
            await reactions.like(self.db, actor_id=liker.id, post_id=kept.id, uri=uri)

    async def _boost(self, booster: Actor, original: Post) -> None:
        id = self._id()
        uri = SITE.post_uri(booster.handle, id) if booster.here else f"{booster.uri}/statuses/{id}"
        kept = await posts.add(
            self.db,
            Post(
                id=id, uri=uri + "/activity", author_id=booster.id, type="Announce", kind=Kind.PLAIN,
                visibility=Visibility.PUBLIC, published=id >> RANDOM_BITS, url=uri,
                local=id >> RANDOM_BITS if booster.here else None, boost_of_id=original.id,
            ),
        )  # fmt: skip
        if kept is not None:  # None: passed on before
            await self._count(kept)

    async def _count(self, kept: Post) -> None:
        self.made += 1
        if self.made > self.total - SPREAD:
            await home.spread(self.db, kept, now=kept.published)


def _visibility(random: Random) -> Visibility:
    chance = random.random()
    if chance < 0.05:
        return Visibility.PRIVATE
    if chance < 0.07:
        return Visibility.DIRECT
    return Visibility.UNLISTED if chance < 0.15 else Visibility.PUBLIC


def _picture(kept: Post, place: int) -> Attachment:
    return Attachment(
        id=0, post_id=kept.id, actor_id=kept.author_id, place=place, media_type="image/jpeg",
        url=f"http://127.1.0.1/media/{kept.id}-{place}.jpg", alt="A trolley with red and green drawers.",
        blurhash="UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH", width=1200, height=800,
    )  # fmt: skip
