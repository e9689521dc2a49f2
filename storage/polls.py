"""Polls: a question with options, and who voted. Which option somebody chose is read for themselves alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.database import Reading, Writing, listed
from storage.records import quick


@quick
@dataclass(frozen=True, slots=True)
class Option:
    """One answer, and how many chose it as far as this node was told."""

    title: str
    votes: int = 0


@quick
@dataclass(frozen=True, slots=True)
class Poll:
    """What a post asks. ``own``: the places of what the reader chose."""

    options: Sequence[Option]
    multiple: int | None = None
    hide_totals: int | None = None
    ends: int | None = None
    closed: int | None = None
    voters: int | None = 0
    told: int = 0
    own: Sequence[int] = ()

    def over(self, now: int) -> bool:
        """Whether no vote counts any more."""
        return self.closed is not None or (self.ends is not None and self.ends <= now)

    def hidden(self, now: int) -> bool:
        """Whether nobody sees the counts yet."""
        return self.hide_totals is not None and not self.over(now)

    @property
    def votes(self) -> int:
        """All votes together."""
        return sum(one.votes for one in self.options)

    @property
    def titles(self) -> list[str]:
        """The options in words."""
        return [one.title for one in self.options]


async def put(db: Writing, post_id: int, poll: Poll) -> None:
    """Keep what a post asks, with no votes of this node's."""
    await db.run(
        """
        INSERT INTO polls (post_id, multiple, hide_totals, ends, closed, voters_count, told)
        VALUES (:post_id, :multiple, :hide_totals, :ends, :closed, :voters, :told)
        """,
        post_id=post_id, multiple=poll.multiple, hide_totals=poll.hide_totals, ends=poll.ends, closed=poll.closed,
        voters=poll.voters, told=poll.told,
    )  # fmt: skip
    await db.many(
        "INSERT INTO poll_options (post_id, place, title, votes_count) VALUES (:post_id, :place, :title, :votes)",
        [
            {"post_id": post_id, "place": place, "title": one.title, "votes": one.votes}
            for place, one in enumerate(poll.options)
        ],
    )


async def drop(db: Writing, post_id: int) -> None:
    """Forget what a post asked, with all votes."""
    await db.run("DELETE FROM polls WHERE post_id = :post_id", post_id=post_id)


async def of(db: Reading, post_ids: Iterable[int], *, reader_id: int = 0) -> dict[int, Poll]:
    """What each of these posts asks, and what the reader chose; one query for all."""
    rows = await db.rows(
        """
        SELECT polls.post_id, polls.multiple, polls.hide_totals, polls.ends, polls.closed, polls.voters_count,
            polls.told, poll_options.place, poll_options.title, poll_options.votes_count,
            EXISTS (SELECT 1 FROM poll_votes WHERE poll_votes.post_id = polls.post_id
                    AND poll_votes.actor_id = :reader_id AND poll_votes.place = poll_options.place) AS mine
        FROM polls JOIN poll_options ON poll_options.post_id = polls.post_id
        WHERE polls.post_id IN (SELECT value FROM json_each(:post_ids))
        ORDER BY polls.post_id, poll_options.place
        """,
        post_ids=listed(post_ids),
        reader_id=reader_id,
    )
    options: dict[int, list[Option]] = {}
    own: dict[int, list[int]] = {}
    found: dict[int, Poll] = {}
    for row in rows:
        post_id, multiple, hide_totals, ends, closed, voters, told, place, title, votes, mine = row
        options.setdefault(post_id, []).append(Option(title, votes))
        if mine:
            own.setdefault(post_id, []).append(place)
        found[post_id] = Poll(
            options[post_id], multiple, hide_totals, ends, closed, voters, told, own.get(post_id, ())
        )  # fmt: skip
    return found


async def one(db: Reading, post_id: int, *, reader_id: int = 0) -> Poll | None:
    """What this post asks; None: nothing."""
    return (await of(db, [post_id], reader_id=reader_id)).get(post_id)


_OPEN = "polls.post_id = :post_id AND polls.closed IS NULL AND (polls.ends IS NULL OR polls.ends > :now)"


async def vote(
    db: Writing, post_id: int, *, actor_id: int, places: Sequence[int], now: int, again: bool = False
) -> bool:
    """Count an actor's choice; False when the poll is over, or they voted before.

    ``again``: who may choose several options may name them one after another, as other servers do; each counts once.
    """
    fresh = await db.run(
        "INSERT INTO poll_voters (post_id, actor_id) SELECT polls.post_id, CAST(:actor_id AS BIGINT) FROM polls WHERE "
        + _OPEN + " ON CONFLICT DO NOTHING",
        post_id=post_id, actor_id=actor_id, now=now,
    )  # fmt: skip
    if not fresh and not again:
        return False
    new = await db.rows(
        """
        INSERT INTO poll_votes (post_id, actor_id, place)
        SELECT polls.post_id, CAST(:actor_id AS BIGINT), poll_options.place
        FROM polls JOIN poll_options ON poll_options.post_id = polls.post_id
        WHERE poll_options.place IN (SELECT value FROM json_each(:place_ids))
          AND (polls.multiple IS NOT NULL OR :fresh = 1) AND """ + _OPEN + """
        ON CONFLICT DO NOTHING RETURNING place
        """,
        post_id=post_id, actor_id=actor_id, place_ids=listed(places), fresh=int(fresh), now=now,
    )  # fmt: skip
    if not new:
        return False
    await db.run("UPDATE polls SET voters_count = voters_count + :fresh WHERE post_id = :post_id",
                 fresh=int(fresh), post_id=post_id)  # fmt: skip
    await db.run(
        """
        UPDATE poll_options SET votes_count = votes_count + 1
        WHERE post_id = :post_id AND place IN (SELECT value FROM json_each(:place_ids))
        """,
        post_id=post_id,
        place_ids=listed(row["place"] for row in new),
    )
    return True


async def tell(db: Writing, post_id: int, poll: Poll) -> None:
    """Keep the counts, and the end, that the author's server says."""
    await db.run(
        """
        UPDATE polls SET ends = :ends, told = :told,
            closed = CASE WHEN CAST(:ends AS BIGINT) > :told THEN NULL ELSE closed END,
            voters_count = CASE WHEN :known = 1 THEN CAST(:voters AS BIGINT) ELSE voters_count END
        WHERE post_id = :post_id
        """,
        post_id=post_id, ends=poll.ends, told=poll.told, voters=poll.voters, known=int(poll.voters is not None),
    )  # fmt: skip
    await db.many(
        "UPDATE poll_options SET votes_count = :votes WHERE post_id = :post_id AND place = :place",
        [{"post_id": post_id, "place": place, "votes": one.votes} for place, one in enumerate(poll.options)],
    )


async def change_end(db: Writing, post_id: int, *, ends: int | None, hide_totals: int | None) -> None:
    """The same question for longer or shorter; the votes stay."""
    await db.run(
        "UPDATE polls SET ends = :ends, hide_totals = :hide_totals, closed = NULL WHERE post_id = :post_id",
        post_id=post_id,
        ends=ends,
        hide_totals=hide_totals,
    )


async def ask_again(db: Writing, post_id: int, *, before: int, now: int) -> bool:
    """Whether the counts were told before ``before`` and nobody asks for them just now: then the caller does."""
    changed = await db.run(
        "UPDATE polls SET told = :now WHERE post_id = :post_id AND told < :before AND closed IS NULL",
        post_id=post_id,
        before=before,
        now=now,
    )
    return changed == 1


async def close(db: Writing, post_id: int, *, now: int) -> bool:
    """Its time is over; True for the one who is to tell of it."""
    changed = await db.run(
        "UPDATE polls SET closed = :now WHERE post_id = :post_id AND closed IS NULL AND ends <= :now",
        post_id=post_id,
        now=now,
    )
    return changed == 1


async def end_now(db: Writing, post_id: int, *, now: int) -> bool:
    """Close it before its time; False when it is over already."""
    changed = await db.run(
        """
        UPDATE polls SET ends = :now, closed = :now
        WHERE post_id = :post_id AND closed IS NULL AND (ends IS NULL OR ends > :now)
        """,
        post_id=post_id,
        now=now,
    )
    return changed == 1


async def voter_inboxes(db: Reading, post_id: int) -> list[str]:
    """Inboxes of those elsewhere who voted."""
    rows = await db.rows(
        """
        SELECT DISTINCT CASE WHEN actors.shared_inbox <> '' THEN actors.shared_inbox ELSE actors.inbox END AS inbox
        FROM poll_voters JOIN actors ON actors.id = poll_voters.actor_id
        WHERE poll_voters.post_id = :post_id AND actors.domain <> '' AND actors.inbox <> ''
        """,
        post_id=post_id,
    )
    return [row["inbox"] for row in rows]


async def forget_all_of(db: Writing, actor_id: int) -> None:
    """Take back every vote of an actor."""
    await db.run(
        """
        UPDATE poll_options SET votes_count = votes_count - 1
        WHERE votes_count > 0 AND EXISTS (
            SELECT 1 FROM poll_votes WHERE poll_votes.actor_id = :actor_id
            AND poll_votes.post_id = poll_options.post_id AND poll_votes.place = poll_options.place)
          AND post_id IN (SELECT poll_voters.post_id FROM poll_voters WHERE poll_voters.actor_id = :actor_id)
        """,
        actor_id=actor_id,
    )
    await db.run(
        """
        UPDATE polls SET voters_count = voters_count - 1
        WHERE voters_count > 0
          AND post_id IN (SELECT poll_voters.post_id FROM poll_voters WHERE poll_voters.actor_id = :actor_id)
        """,
        actor_id=actor_id,
    )
    await db.run("DELETE FROM poll_votes WHERE actor_id = :actor_id", actor_id=actor_id)
    await db.run("DELETE FROM poll_voters WHERE actor_id = :actor_id", actor_id=actor_id)


async def votes_of(db: Reading, actor_id: int, *, after: int, limit: int) -> list[tuple[int, str, str]]:
    """What an actor chose in polls of posts with ids above ``after``: post, its uri, option; some posts at a time."""
    rows = await db.rows(
        """
        SELECT poll_votes.post_id, posts.uri, poll_options.title
        FROM poll_votes JOIN posts ON posts.id = poll_votes.post_id
        JOIN poll_options ON poll_options.post_id = poll_votes.post_id AND poll_options.place = poll_votes.place
        WHERE poll_votes.actor_id = :actor_id AND poll_votes.post_id IN (
            SELECT poll_voters.post_id FROM poll_voters
            WHERE poll_voters.actor_id = :actor_id AND poll_voters.post_id > :after
            ORDER BY poll_voters.post_id LIMIT :limit)
        """,
        actor_id=actor_id,
        after=after,
        limit=limit,
    )
    return sorted((row["post_id"], row["uri"], row["title"]) for row in rows)
