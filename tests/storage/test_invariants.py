"""What must be one stays one, however many ask at the same time: 20 at once, on both databases."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from storage import (
    activity,
    actors,
    admissions,
    announcements,
    apps,
    archives,
    authenticators,
    blocks,
    cards,
    cases,
    concerns,
    domain_blocks,
    endorsements,
    follows,
    held,
    hidden,
    holding,
    imports,
    invitations,
    jobs,
    links,
    members,
    moves,
    mutes,
    notifications,
    passkeys,
    pending,
    polls,
    posts,
    quotes,
    reactions,
    received,
    shards,
    shared,
    sign_ins,
    submissions,
    tag_follows,
    tags,
    teams,
    throttle,
    tokens,
)
from storage.actors import Actor, ActorKind, Profile
from storage.admissions import Admission, Way
from storage.announcements import Announcement
from storage.database import Busy, Database, Writing
from storage.holding import Policy, Treatment
from storage.ids import new_id
from storage.jobs import NewJob
from storage.kinds import Kind
from storage.notifications import Reason
from storage.paging import Page
from storage.pending import Pending
from storage.polls import Option, Poll
from storage.posts import Post, Visibility
from storage.quotes import Quote, State
from storage.series import Series
from storage.teams import Place
from tests.storage import making
from tests.storage.making import NOW

AT_ONCE = 20
Act = Callable[[Writing, int], Awaitable[object]]


async def at_once(database: Database, act: Act) -> list[object]:
    """What each of 20 transactions that run at the same time answers; who is told Busy tries again."""

    async def one(number: int) -> object:
        while True:
            try:
                async with database.writing() as db:
                    return await act(db, number)
            except Busy:
                continue

    return await asyncio.gather(*(one(number) for number in range(AT_ONCE)))


async def people(database: Database) -> tuple[Actor, Actor, Post]:
    """A member, somebody elsewhere, and a post of theirs."""
    async with database.writing() as db:
        me, other = await making.member(db), await making.actor(db)
        return me, other, await making.post(db, other)


async def follow_tag(db: Writing, me: Actor) -> bool:
    return await tag_follows.add(db, member_id=me.id, tag_id=await tags.known(db, "falls"))


ONCE: dict[str, Callable[[Actor, Actor, Post], Act]] = {
    "like": lambda me, other, post: lambda db, n: reactions.like(db, actor_id=me.id, post_id=post.id, uri=f"u{n}"),
    "bookmark": lambda me, other, post: lambda db, n: reactions.bookmark(db, actor_id=me.id, post_id=post.id),
    "pin": lambda me, other, post: lambda db, n: reactions.pin(db, actor_id=me.id, post_id=post.id),
    "block": lambda me, other, post: lambda db, n: blocks.add(db, actor_id=me.id, target_id=other.id),
    "domain block": lambda me, other, post: lambda db, n: domain_blocks.add(db, member_id=me.id, domain="far.example"),
    "endorsement": lambda me, other, post: lambda db, n: endorsements.add(db, member_id=me.id, target_id=other.id),
    "followed tag": lambda me, other, post: lambda db, n: follow_tag(db, me),
    "asking to be in a group": lambda me, other, post: (
        lambda db, n: admissions.add(db, Admission(other.id, me.id, Way.ASKED, f"u{n}", NOW))
    ),
    "post in a group": lambda me, other, post: (
        lambda db, n: submissions.add(db, other.id, post.id, submissions.State.PASSED, now=NOW)
    ),
    "activity": lambda me, other, post: lambda db, n: received.note(db, "https://x/1", actor_id=other.id, now=NOW),
    "keyed job": lambda me, other, post: lambda db, n: jobs.add(db, NewJob("prune", key="one"), now=NOW),
    "archive": lambda me, other, post: lambda db, n: archives.ask(db, me.id, f"{n}.zip", now=NOW + n),
    "import": lambda me, other, post: (
        lambda db, n: imports.begin(
            db, me.id, imports.Kind.BLOCKS, [imports.Line(1, "x", ["x"])], overwrite=False, now=NOW + n
        )
    ),
    "leaving": lambda me, other, post: lambda db, n: members.leave(db, me.id, now=NOW + n),
    "move": lambda me, other, post: (
        lambda db, n: moves.begin(db, actor_id=me.id, target_id=other.id, now=NOW + n, pause=1_000)
    ),
    "pending key": lambda me, other, post: (
        lambda db, n: pending.add(db, Pending(new_id(NOW), me.id, pending.Reason.UNDO, NOW, "{}", "the key", NOW, None))
    ),
}


async def test_a_row_of_an_import_is_done_by_one_of_twenty(database: Database) -> None:
    me, _, _ = await people(database)
    async with database.writing() as db:
        rows = [imports.Line(1, "x", ["x"]), imports.Line(2, "y", ["y"])]
        await imports.begin(db, me.id, imports.Kind.BLOCKS, rows, overwrite=False, now=NOW)

    answers = await at_once(database, lambda db, n: imports.claim(db, me.id, 1 + n % 2, asked=NOW, now=NOW))

    async with database.reading() as seen:
        found = await imports.of(seen, me.id)
    assert found is not None and found.done == 2
    assert Counter(answers) == {True: 2, False: AT_ONCE - 2}


async def stay_or_go(db: Writing, member: Actor, number: int) -> bool:
    """Half of them say that the member stays, at the last moment; half erase, when it is over."""
    if number % 2:
        return await members.stay(db, member.id, now=NOW + members.WAIT - 1)
    if not await members.over(db, member.id, now=NOW + members.WAIT):
        return False
    await members.remove(db, member.id)
    return True


async def test_who_leaves_either_stays_or_is_erased(database: Database) -> None:
    me, _, _ = await people(database)
    async with database.writing() as db:
        await members.leave(db, me.id, now=NOW)

    answers = await at_once(database, lambda db, n: stay_or_go(db, me, n))

    assert Counter(answers) == {True: 1, False: AT_ONCE - 1}


async def test_a_change_of_mind_comes_too_late_after_the_week(database: Database) -> None:
    me, _, _ = await people(database)
    async with database.writing() as db:
        await members.leave(db, me.id, now=NOW)

        late = await members.stay(db, me.id, now=NOW + members.WAIT)
        early = await members.over(db, me.id, now=NOW + members.WAIT - 1)

    assert (late, early) == (False, False)


async def test_one_of_twenty_changes_of_mind_counts(database: Database) -> None:
    me, _, _ = await people(database)
    async with database.writing() as db:
        await members.leave(db, me.id, now=NOW)

    answers = await at_once(database, lambda db, n: members.stay(db, me.id, now=NOW + n))

    assert Counter(answers) == {True: 1, False: AT_ONCE - 1}


@pytest.mark.parametrize("act", ONCE.values(), ids=ONCE)
async def test_only_one_of_twenty_is_new(database: Database, act: Callable[[Actor, Actor, Post], Act]) -> None:
    answers = await at_once(database, act(*await people(database)))

    assert Counter(answers) == {True: 1, False: AT_ONCE - 1}


async def test_twenty_mutes_of_one_account_are_one(database: Database) -> None:
    me, other, _ = await people(database)

    await at_once(
        database, lambda db, n: mutes.put(db, member_id=me.id, target_id=other.id, notifications=n, ends=NOW + n + 1)
    )

    async with database.reading() as db:
        assert len(await mutes.newest(db, me.id, Page(), now=NOW)) == 1


@pytest.mark.parametrize("multiple", [None, NOW], ids=["one choice", "several"])
@pytest.mark.parametrize("again", [False, True], ids=["at once", "one after another"])
async def test_twenty_votes_of_one_voter_are_one(database: Database, multiple: int | None, again: bool) -> None:
    me, _, post = await people(database)
    async with database.writing() as db:
        await polls.put(db, post.id, Poll([Option("a"), Option("b"), Option("c")], multiple=multiple, ends=NOW + 1))

    answers = await at_once(
        database, lambda db, n: polls.vote(db, post.id, actor_id=me.id, places=[n % 3], now=NOW, again=again)
    )

    counted = 3 if multiple and again else 1
    async with database.reading() as seen:
        poll = await polls.one(seen, post.id, reader_id=me.id)
    assert poll is not None
    assert Counter(answers) == {True: counted, False: AT_ONCE - counted}
    assert (poll.votes, poll.voters, len(poll.own)) == (counted, 1, counted)


async def test_votes_of_twenty_are_all_counted_and_none_after_the_end(database: Database) -> None:
    _, _, post = await people(database)
    async with database.writing() as db:
        voters = [await making.actor(db) for _ in range(AT_ONCE)]
        await polls.put(db, post.id, Poll([Option("a"), Option("b")], ends=NOW + 1))

    await at_once(
        database, lambda db, n: polls.vote(db, post.id, actor_id=voters[n].id, places=[n % 2], now=NOW + n // 16)
    )
    closed = await at_once(database, lambda db, n: polls.close(db, post.id, now=NOW + 1))

    async with database.reading() as seen:
        poll = await polls.one(seen, post.id)
    assert poll is not None
    assert ([one.votes for one in poll.options], poll.voters) == ([8, 8], 16)
    assert Counter(closed) == {True: 1, False: AT_ONCE - 1}


async def test_twenty_likes_of_one_actor_count_as_one(database: Database) -> None:
    me, _, post = await people(database)

    await at_once(database, lambda db, n: reactions.like(db, actor_id=me.id, post_id=post.id, uri=f"u{n}"))

    async with database.reading() as db:
        assert (await posts.any_by_id(db, post.id)).likes_count == 1


async def test_likes_of_twenty_actors_count_as_twenty(database: Database) -> None:
    _, _, post = await people(database)

    async def like(db: Writing, number: int) -> object:
        other = await making.actor(db, f"fan{number}")
        return await reactions.like(db, actor_id=other.id, post_id=post.id, uri="u")

    await at_once(database, like)

    async with database.reading() as db:
        assert (await posts.any_by_id(db, post.id)).likes_count == AT_ONCE


async def test_twenty_answers_to_one_question_allow_a_quote_once(database: Database) -> None:
    me, _, post = await people(database)
    async with database.writing() as db:
        mine = await making.post(db, me, quoting=NOW)
        await quotes.add(db, Quote(mine.id, None, post.uri, State.PENDING))

    stamps = await at_once(
        database,
        lambda db, n: quotes.allow(db, quoted_id=post.id, quoting_uri=mine.uri, actor_id=me.id, now=NOW),
    )
    answers = await at_once(database, lambda db, n: quotes.accept(db, mine.id, quoted_id=post.id, stamp=f"u{n}"))
    revoked = await at_once(database, lambda db, n: quotes.revoke(db, quoted_id=post.id, quoting_uri=mine.uri, now=NOW))
    ended = await at_once(database, lambda db, n: quotes.end(db, mine.id, State.REVOKED))

    async with database.reading() as seen:
        assert (await posts.any_by_id(seen, post.id)).quotes_count == 0
    assert len(set(stamps)) == 1
    assert Counter(answers) == {True: 1, False: AT_ONCE - 1}
    assert (revoked.count(None), ended.count(None)) == (AT_ONCE - 1, AT_ONCE - 1)


async def test_twenty_boosts_of_one_actor_are_one_post(database: Database) -> None:
    me, _, post = await people(database)

    async def boost(db: Writing, number: int) -> bool:
        id = new_id(NOW)
        new = Post(id, f"{me.uri}/{id}", me.id, "Announce", Kind.PLAIN, Visibility.PUBLIC, NOW, boost_of_id=post.id)
        return await posts.add(db, new) is not None

    answers = await at_once(database, boost)

    async with database.reading() as db:
        assert (await posts.any_by_id(db, post.id)).boosts_count == 1
    assert Counter(answers) == {True: 1, False: AT_ONCE - 1}


async def test_twenty_posts_under_one_key_are_one_post(database: Database) -> None:
    me, _, _ = await people(database)

    async def share(db: Writing, number: int) -> bool:
        id = new_id(NOW)
        return await posts.add(
            db, Post(id, f"{me.uri}/{id}", me.id, "Note", Kind.PLAIN, Visibility.PUBLIC, NOW, local=NOW,
                     idempotency_key="the key")
        ) is not None  # fmt: skip

    assert Counter(await at_once(database, share)) == {True: 1, False: AT_ONCE - 1}


async def test_twenty_posts_of_one_uri_are_one_post(database: Database) -> None:
    _, other, _ = await people(database)

    async def arrive(db: Writing, number: int) -> bool:
        new = Post(new_id(NOW), "https://far.example/n/1", other.id, "Note", Kind.PLAIN, Visibility.PUBLIC, NOW)
        return await posts.add(db, new) is not None

    assert Counter(await at_once(database, arrive)) == {True: 1, False: AT_ONCE - 1}


async def test_twenty_follows_of_one_are_one_and_count_as_one(database: Database) -> None:
    me, other, _ = await people(database)

    async def follow(db: Writing, number: int) -> bool:
        uri = f"{me.uri}#follows/{number}"
        _, new = await follows.ask(db, follower_id=me.id, target_id=other.id, uri=uri, now=NOW, accepted=NOW)
        return new

    answers = await at_once(database, follow)

    async with database.reading() as db:
        assert (await actors.by_id(db, other.id)).followers_count == 1
    assert Counter(answers) == {True: 1, False: AT_ONCE - 1}


async def test_a_request_is_accepted_once(database: Database) -> None:
    me, other, _ = await people(database)
    async with database.writing() as db:
        await making.follow(db, me, other, accepted=None)

    answers = await at_once(database, lambda db, n: follows.accept(db, follower_id=me.id, target_id=other.id, now=NOW))

    async with database.reading() as view:
        assert (await actors.by_id(view, other.id)).followers_count == 1
    assert Counter(answers) == {True: 1, False: AT_ONCE - 1}


async def test_a_handle_is_given_once(database: Database) -> None:
    async def add(db: Writing, number: int) -> bool:
        name = "Rosa" if number % 2 else "rosa"
        uri = f"https://north.example/users/{number}"
        profile = Profile(uri=uri, kind=ActorKind.PERSON, handle=name, domain="", published=NOW)
        return await actors.add(db, profile, now=NOW) is not None

    assert Counter(await at_once(database, add)) == {True: 1, False: AT_ONCE - 1}


async def test_a_code_is_used_first_once(database: Database) -> None:
    me, _, _ = await people(database)
    async with database.writing() as db:
        app = await apps.add(
            db, client_id="c", secret=b"s", name="App", website="", redirect_uris="[]", scopes="read", now=NOW
        )
        await tokens.add_code(
            db, b"code", app_id=app.id, member_id=me.id, redirect_uri="x", scopes="read", challenge="", expires=NOW
        )

    async def use(db: Writing, number: int) -> bool:
        found = await tokens.use_code(db, b"code", now=NOW)
        return found is not None and found[1]

    assert Counter(await at_once(database, use)) == {True: 1, False: AT_ONCE - 1}


async def test_a_post_that_waits_comes_out_once(database: Database) -> None:
    me, _, _ = await people(database)
    waiting = Pending(new_id(NOW), me.id, pending.Reason.UNDO, NOW, "{}", None, NOW, None)
    async with database.writing() as db:
        await pending.add(db, waiting)
        assert await pending.claim(db, waiting.id, now=NOW - 1) is None  # its time has not come

    answers = await at_once(database, lambda db, n: pending.claim(db, waiting.id, now=NOW))

    assert len([one for one in answers if one is not None]) == 1


async def test_a_case_is_decided_once_and_its_post_let_go_once(database: Database) -> None:
    me, other, _ = await people(database)
    waiting = Pending(new_id(NOW), me.id, pending.Reason.HELD, NOW, "{}", None, NOW, None)
    async with database.writing() as db:
        await pending.add(db, waiting)
        await cases.add(
            db, pending_id=waiting.id, author_id=me.id, found="[]", newcomer=False, urgent=False, now=NOW
        )  # fmt: skip
        [case] = await cases.queue(db, limit=9)
        assert await pending.claim(db, waiting.id, now=NOW) is None  # held: nothing brings it out, its time neither

    own = await at_once(database, lambda db, n: cases.close(
        db, case.id, cases.Outcome.RELEASED, me=me.id, reason="", now=NOW))  # fmt: skip
    ended = await at_once(database, lambda db, n: cases.close(
        db, case.id, cases.Outcome.RELEASED if n % 2 else cases.Outcome.RETURNED, me=other.id, reason="", now=NOW
    ))  # fmt: skip
    freed = await at_once(database, lambda db, n: pending.let_go(db, waiting.id, soonest=NOW + n))

    assert own == [None] * AT_ONCE
    assert len([one for one in ended if one is not None]) == 1
    assert len([one for one in freed if one is not None]) == 1


async def test_a_post_is_hidden_once_and_shown_once_and_has_one_case(database: Database) -> None:
    _, _, post = await people(database)

    opened = await at_once(database, lambda db, n: concerns.open(
        db, post_id=post.id, author_id=post.author_id, found="[]", version=0, urgent=False, reported=True, now=NOW
    ))  # fmt: skip
    hides = await at_once(database, lambda db, n: hidden.hide(db, post.id, unseen=False, now=NOW))
    async with database.reading() as db:
        [case] = await cases.queue(db, limit=9)
        assert (await posts.any_by_id(db, post.id)).visibility is Visibility.HIDDEN
    shows = await at_once(database, lambda db, n: hidden.show(db, post.id))
    async with database.reading() as db:
        assert (await posts.any_by_id(db, post.id)).visibility is post.visibility

    assert (len(opened), case.reported) == (AT_ONCE, AT_ONCE)
    assert (hides.count(True), len([one for one in shows if one is not None])) == (1, 1)


async def test_a_member_is_told_once(database: Database) -> None:
    me, other, post = await people(database)

    answers = await at_once(
        database,
        lambda db, n: notifications.add(
            db, member_id=me.id, reason=Reason.MENTION, actor_id=other.id, post_id=post.id, now=NOW
        ),
    )

    assert len([one for one in answers if one is not None]) == 1


async def test_what_is_held_back_is_one_request(database: Database) -> None:
    me, other, post = await people(database)
    async with database.writing() as db:
        await holding.put(db, me.id, Policy(not_following=Treatment.FILTER))

    answers = await at_once(
        database,
        lambda db, n: notifications.add(
            db, member_id=me.id, reason=list(Reason)[n % 5], actor_id=other.id, post_id=post.id, now=NOW
        ),
    )
    async with database.reading() as view:
        requests = await held.newest(view, me.id, Page())
        told = await notifications.newest(view, me.id, Page(), now=NOW)

    assert answers == [None] * AT_ONCE
    assert ([(one.actor_id, one.count) for one in requests], told) == ([(other.id, 5)], [])


async def test_an_address_has_one_card(database: Database) -> None:
    _me, _other, post = await people(database)

    answers = await at_once(database, lambda db, n: cards.link(db, post.id, "https://far.example/a"))
    async with database.reading() as view:
        found = await view.rows("SELECT post_id, card_id FROM post_cards")

    assert len(set(answers)) == 1
    assert [row["post_id"] for row in found] == [post.id]


async def test_a_member_counts_once_a_week(database: Database) -> None:
    me, _other, _post = await people(database)
    later = activity.start_of(activity.week_of(NOW) + 1)

    await at_once(database, lambda db, n: activity.note(db, me.id, now=later + n))
    async with database.reading() as view:
        [week, *_] = await activity.newest(view, now=later, weeks=2)

    assert (week.start, week.logins) == (later, 1)


async def test_every_try_is_counted(database: Database) -> None:
    answers = await at_once(database, lambda db, n: throttle.count(db, "sign-in", now=NOW, window=1000))

    assert sorted(str(one).zfill(2) for one in answers) == [str(one).zfill(2) for one in range(1, AT_ONCE + 1)]


async def test_an_invitation_is_used_as_often_as_it_says(database: Database) -> None:
    async with database.writing() as db:
        await invitations.add(db, b"code", kind=ActorKind.PERSON, uses=3, expires=NOW + 1, now=NOW)

    answers = await at_once(database, lambda db, n: invitations.use(db, b"code", now=NOW))

    assert len([one for one in answers if one is not None]) == 3


async def test_a_link_is_used_once(database: Database) -> None:
    async with database.writing() as db:
        me = await making.member(db)
        await links.add(db, b"link", member_id=me.id, purpose=links.Purpose.RESET, email="a@b.example", expires=NOW + 1)

    answers = await at_once(database, lambda db, n: links.use(db, b"link", links.Purpose.RESET, now=NOW))

    assert len([one for one in answers if one is not None]) == 1


ONE_STEP: dict[str, Callable[[Writing, int, int], Awaitable[object]]] = {
    "code": lambda db, me, n: authenticators.use_step(db, me, b"secret", step=7),
    "set-up": lambda db, me, n: authenticators.confirm(db, me, b"new", step=n, now=NOW),
    "recovery code": lambda db, me, n: authenticators.use_code(db, me, b"code"),
    "way in": lambda db, me, n: sign_ins.end(db, b"way"),
    "count of a passkey": lambda db, me, n: passkeys.use(db, 1, counter=5, now=NOW),
    "passkey": lambda db, me, n: passkeys.add(
        db, member_id=me, credential=b"new", public=b"x", counter=0, name="", now=NOW
    ),
}


@pytest.mark.parametrize("step", ONE_STEP.values(), ids=ONE_STEP)
async def test_a_step_of_signing_in_is_taken_once(
    database: Database, step: Callable[[Writing, int, int], Awaitable[object]], request: pytest.FixtureRequest
) -> None:
    async with database.writing() as db:
        me = (await making.member(db)).id
        await authenticators.start(db, me, b"secret" if "set-up" not in request.node.name else b"new", now=NOW)
        if "set-up" not in request.node.name:
            await authenticators.confirm(db, me, b"secret", step=6, now=NOW)
        await authenticators.put_codes(db, me, [b"code", b"other"])
        await sign_ins.add(db, b"way", member_id=me, own_device=False, target="/", now=NOW, expires=NOW + 1)
        await passkeys.add(db, member_id=me, credential=b"one", public=b"x", counter=4, name="", now=NOW)

    answers = await at_once(database, lambda db, n: step(db, me, n))

    assert Counter(answers) == {True: 1, False: AT_ONCE - 1}


async def test_a_passkey_that_does_not_count_is_used_again_and_again(database: Database) -> None:
    async with database.writing() as db:
        me = (await making.member(db)).id
        await passkeys.add(db, member_id=me, credential=b"one", public=b"x", counter=0, name="", now=NOW)
        used = [await passkeys.use(db, 1, counter=counter, now=NOW) for counter in (0, 0, 1, 0, 1, 2)]

    assert used == [True, True, True, False, False, True]


async def test_a_challenge_is_taken_once_in_time(database: Database) -> None:
    async with database.writing() as db:
        await passkeys.put_challenge(db, b"late", b"x", expires=NOW)
        await passkeys.put_challenge(db, b"browser", b"old", expires=NOW + 1)
        await passkeys.put_challenge(db, b"browser", b"new", expires=NOW + 1)

    answers = await at_once(database, lambda db, n: passkeys.take_challenge(db, b"browser", now=NOW))

    async with database.writing() as db:
        assert await passkeys.take_challenge(db, b"late", now=NOW) is None
    assert Counter(answers) == {b"new": 1, None: AT_ONCE - 1}


async def test_an_address_is_one_members(database: Database) -> None:
    async with database.writing() as db:
        ids = [(await making.member(db, f"m{n}")).id for n in range(AT_ONCE)]

    async def claim(db: Writing, number: int) -> bool:
        claimed = await members.claim(db, ids[number], "One@mail.example", now=NOW)
        await asyncio.sleep(0.1)  # the others ask while this one is not committed
        return claimed

    answers = await at_once(database, claim)

    assert Counter(answers) == {True: 1, False: AT_ONCE - 1}


async def test_a_tag_is_one_for_all_who_use_it_first(database: Database) -> None:
    _, other, _ = await people(database)

    async def tag(db: Writing, number: int) -> None:
        post = await making.post(db, other)
        await tags.put(db, post.id, ["Falls", "NightShift"] if number % 2 else ["NightShift", "Falls"])

    await at_once(database, tag)

    async with database.reading() as db:
        rows = await db.rows("SELECT name FROM tags ORDER BY name")
        used = await db.row("SELECT COUNT(*) AS n FROM post_tags")
    assert [row["name"] for row in rows] == ["falls", "nightshift"]
    assert used is not None
    assert used["n"] == 2 * AT_ONCE


async def test_a_shard_has_one_owner(database: Database) -> None:
    async def take(db: Writing, number: int) -> object:
        await shards.renew(db, f"worker {number}", now=NOW)
        return await shards.take(db, f"worker {number}", most=64, now=NOW)

    answers = await at_once(database, take)

    taken = [shard for one in answers if isinstance(one, dict) for shard in one]
    assert sorted(taken) == list(range(64))


async def test_a_worker_knows_when_the_next_lease_of_another_ends(database: Database) -> None:
    async with database.writing() as db:
        for number in range(3):
            await shards.renew(db, f"worker {number}", now=NOW + number)
            await shards.take(db, f"worker {number}", most=20, now=NOW + number)

    async with database.reading() as db:
        ends = [
            await shards.next_end(db, "worker 0", now=NOW + 10),
            await shards.next_end(db, "worker 0", now=NOW + 1 + shards.LEASE),
            await shards.next_end(db, "worker 0", now=NOW + 10 + shards.LEASE),
        ]
    assert ends == [NOW + 1 + shards.LEASE, NOW + 2 + shards.LEASE, None]


async def test_a_member_dismisses_an_announcement_and_chooses_an_emoji_once(database: Database) -> None:
    me, _, _ = await people(database)
    async with database.writing() as db:
        id = await announcements.add(db, Announcement(0, "Words", "<p>Words</p>", published=NOW))
    await at_once(database, lambda db, _: announcements.dismiss(db, id, member_id=me.id, now=NOW))
    await at_once(database, lambda db, _: announcements.react(db, id, member_id=me.id, name="x", kinds=8, now=NOW))

    async with database.reading() as view:
        [found] = (await announcements.reactions(view, [id], member_id=me.id))[id]
        [shown] = await announcements.standing(view, member_id=me.id, now=NOW)
    assert (found.count, found.mine, shown.read) == (1, True, True)


async def test_an_announcement_has_no_more_kinds_of_reactions_than_it_may(database: Database) -> None:
    me, _, _ = await people(database)
    async with database.writing() as db:
        id = await announcements.add(db, Announcement(0, "Words", "<p>Words</p>", published=NOW))

    async def react(db: Writing, number: int) -> bool:
        kept = await announcements.react(db, id, member_id=me.id, name=str(number), kinds=8, now=NOW)
        await asyncio.sleep(0.02)  # so that the others look before this is kept
        return kept

    kept = await at_once(database, react)

    async with database.reading() as view:
        found = (await announcements.reactions(view, [id], member_id=me.id))[id]
    assert (Counter(kept)[True], len(found)) == (8, 8)


async def test_a_team_never_has_more_members_than_it_may(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teams, "MOST", 5)
    async with database.writing() as db:
        team = await making.actor(db, domain="")
        people = [await making.member(db) for _ in range(AT_ONCE)]

    answers = await at_once(database, lambda db, n: teams.join(db, team.id, people[n].id, now=NOW))

    async with database.reading() as seen:
        assert len(await teams.members(seen, team.id)) == 5
    assert Counter(answers) == {True: 5, False: AT_ONCE - 5}


async def test_a_group_elsewhere_never_has_more_shared_measures_than_it_may(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "MOST", 5)
    async with database.writing() as db:
        group = await making.actor(db)
    one = Series("Falls", definition="Falls to the floor")

    answers = await at_once(
        database, lambda db, n: shared.put(db, group.id, f"{group.uri}/m/{n}", one, private=None, now=NOW)
    )

    assert Counter(answers) == {True: 5, False: AT_ONCE - 5}


async def test_of_twenty_leads_who_leave_at_once_one_has_to_stay(database: Database) -> None:
    async with database.writing() as db:
        team = await making.actor(db, domain="")
        people = [await making.member(db) for _ in range(AT_ONCE)]
        for one in people:
            await teams.put(db, team.id, one.id, Place.LEAD, now=NOW)

    answers = await at_once(
        database,
        lambda db, n: (
            teams.leave(db, team.id, people[n].id)
            if n % 2
            else teams.put(db, team.id, people[n].id, Place.MEMBER, now=NOW)
        ),
    )

    async with database.reading() as seen:
        left = await teams.members(seen, team.id)
    assert [one.place for one in left].count(Place.LEAD) == 1
    assert Counter(answers) == {True: AT_ONCE - 1, False: 1}


async def test_whose_lead_is_erased_is_led_by_who_was_longest_in_it(database: Database) -> None:
    async with database.writing() as db:
        team = await making.actor(db, domain="")
        lead, early, late = await making.member(db), await making.member(db), await making.member(db)
        far, away = await making.actor(db), await making.member(db)
        await actors.suspend(db, away.id, now=NOW)
        await teams.put(db, team.id, lead.id, Place.LEAD, now=NOW)
        for one, since in ((far, 1), (away, 2), (late, 9), (early, 5)):
            await teams.join(db, team.id, one.id, now=NOW + since)
        await teams.forget_all_of(db, lead.id)
        found = {one.actor.id: one.place for one in await teams.members(db, team.id)}

    assert found == {early.id: Place.LEAD} | {one.id: Place.MEMBER for one in (late, far, away)}
