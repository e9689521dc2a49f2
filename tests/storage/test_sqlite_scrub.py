"""What was erased is nowhere in the files of a SQLite database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import activities_out, actors, ids, posts, scrubbing, search
from storage.actors import ActorKind, Profile
from storage.database import Busy, Database, Value, Writing
from storage.kinds import Kind
from storage.posts import Post, Visibility

NOW = 1_793_000_000_000
# Stems that no English word shares a beginning with: the index keeps only how a word differs from the one before it.
ERASED = ("zqxjvk", "vwzqpk", "jqzvxw")
EDITED = ("xkqzjv", "qwvzjk")
KEPT = "trolley"


@pytest.fixture
async def author(sqlite_database: Database) -> int:
    async with sqlite_database.writing() as db:
        found = await actors.add(
            db, Profile("https://a.example/users/ward", ActorKind.PERSON, "ward", "", NOW), now=NOW
        )
    assert found is not None
    return found


def a_post(author: int, text: str) -> Post:
    id = ids.new_id(NOW)
    return Post(
        id, f"https://a.example/@ward/{id}", author, "Note", Kind.PLAIN, Visibility.PUBLIC, NOW,
        local=1, html=f"<p>{text}</p>", text=text, source=text,
    )  # fmt: skip


async def share(database: Database, author: int, text: str) -> Post:
    async with database.writing() as db:
        post = await posts.add(db, a_post(author, text))
        assert post is not None
        await activities_out.add(
            db, uri=f"{post.uri}/activity", object_uri=post.uri, signer_id=author, body=text.encode(), now=NOW
        )
    return post


async def erase(database: Database, post: Post) -> None:
    async with database.writing() as db:
        await posts.erase(db, post, now=NOW)


def files_with(folder: Path, words: tuple[str, ...]) -> set[tuple[str, str]]:
    """Which file holds which word, or all of it but its first letter."""
    held = {file: file.read_bytes().lower() for file in folder.rglob("*") if file.is_file()}
    return {(file.name, word) for file, bytes in held.items() for word in words if word[1:].encode() in bytes}


async def test_an_erased_text_is_nowhere_in_the_data_folder(
    sqlite_database: Database, author: int, tmp_path: Path
) -> None:
    for n in range(30):
        await share(sqlite_database, author, f"We moved the {KEPT} number {n} to bay {n * 7}.")
    erased = await share(sqlite_database, author, f"{EDITED[0]} fell near {EDITED[1]}.")
    async with sqlite_database.writing() as db:
        words = " and ".join(ERASED)
        await posts.revise(db, replace(erased, html=words, text=words, source=words), now=NOW)
    for n in range(30):
        await share(sqlite_database, author, f"We moved the {KEPT} number {n} back from bay {n * 7}.")
    assert {word for _, word in files_with(tmp_path, ERASED + EDITED)} == {*ERASED, *EDITED}

    await erase(sqlite_database, erased)
    await sqlite_database.scrub()

    assert files_with(tmp_path, ERASED + EDITED) == set()
    assert files_with(tmp_path, (KEPT,)) == {("sharewell.db", KEPT)}


async def test_an_index_of_many_steps_is_scrubbed_to_its_end(
    sqlite_database: Database, author: int, tmp_path: Path
) -> None:
    erased = [await share(sqlite_database, author, word) for word in ERASED]
    words = Random(1)
    rows: list[dict[str, Value]] = [
        {"n": n, "author": author, "text": " ".join(f"{words.getrandbits(32):08x}" for _ in range(40))}
        for n in range(2_000)
    ]
    async with sqlite_database.writing() as db:
        await db.many(
            """
            INSERT INTO posts (id, uri, author_id, type, kind, visibility, published, text)
            VALUES (:n, 'post ' || :n, :author, 'Note', 'plain', 'public', 0, :text)
            """,
            rows,
        )
    async with sqlite_database.reading() as db:
        (pages,) = (await db.rows("SELECT sum(length(block)) / 4096 FROM posts_search_data"))[0]
    assert pages > 2 * scrubbing.MERGE

    for post in erased:
        await erase(sqlite_database, post)
    await sqlite_database.scrub()

    assert files_with(tmp_path, ERASED) == set()


async def test_search_finds_what_stays_after_a_scrub(sqlite_database: Database, author: int, tmp_path: Path) -> None:
    kept = [await share(sqlite_database, author, f"A {KEPT} number {n}.") for n in range(3)]
    await erase(sqlite_database, await share(sqlite_database, author, f"A {KEPT} in {ERASED[0]}."))

    await sqlite_database.scrub()

    assert await found(sqlite_database, KEPT) == [post.id for post in reversed(kept)]
    with closing(sqlite3.connect(tmp_path / "sharewell.db")) as file:
        file.execute("INSERT INTO posts_search (posts_search, rank) VALUES ('integrity-check', 1)")


async def found(database: Database, word: str) -> list[int]:
    async with database.reading() as db:
        return await search.posts(db, word, reader_id=0, now=0, before=ids.LAST, limit=100)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    history=st.lists(
        st.tuples(
            st.sampled_from(["share", "edit", "empty", "erase", "undo"]), st.integers(0, 3), st.sampled_from("abcd")
        ),
        max_size=12,
    ),
    ends=st.sets(st.integers(0, 11)),
)
async def test_search_finds_what_is_there_whatever_was_done_in_one_transaction(
    sqlite_database: Database, author: int, history: list[tuple[str, int, str]], ends: set[int]
) -> None:
    async with sqlite_database.writing() as db:
        await posts.erase_all_of(db, author, now=NOW)  # what the last history left
    there: dict[int, Post] = {}
    steps = list(enumerate(history))
    while steps:
        last = next((n for n, (at, _) in enumerate(steps) if at in ends), len(steps) - 1)
        turn, steps = steps[: last + 1], steps[last + 1 :]
        before = dict(there)
        try:
            async with sqlite_database.writing() as db:
                for _, (what, which, letter) in turn:
                    await _step(db, author, there, what, which, f"pre{letter * 3}fix")
        except LookupError:
            there = before
        for letter in "abcd":
            word = f"pre{letter * 3}fix"
            assert set(await found(sqlite_database, word)) == {one.id for one in there.values() if word in one.text}
    async with sqlite_database.writing() as db:
        for one in there.values():
            if not one.text:
                await posts.erase(db, one, now=NOW)  # the check misses every row in the index, this one rightly
    async with sqlite_database.writing() as db:
        await db.run("INSERT INTO posts_search (posts_search, rank) VALUES ('integrity-check', 1)")


async def _step(db: Writing, author: int, there: dict[int, Post], what: str, which: int, word: str) -> None:
    if what == "undo":
        raise LookupError
    if what == "share" and which not in there:
        new = await posts.add(db, a_post(author, word))
        assert new is not None
        there[which] = new
    elif what in ("edit", "empty") and which in there:
        there[which] = replace(there[which], text=word if what == "edit" else "")
        await posts.revise(db, there[which], now=NOW)
    elif what == "erase" and which in there:
        await posts.erase(db, there.pop(which), now=NOW)


async def test_a_scrub_that_a_reader_holds_up_says_so_and_is_finished_later(
    sqlite_database: Database, author: int, tmp_path: Path
) -> None:
    erased = await share(sqlite_database, author, " ".join(ERASED))
    async with sqlite_database.reading() as db:
        await posts.by_uri(db, erased.uri)
        await erase(sqlite_database, erased)

        with pytest.raises(Busy):
            await sqlite_database.scrub()

    await sqlite_database.scrub()
    assert files_with(tmp_path, ERASED) == set()


async def test_a_scrub_leaves_the_index_alone_when_nothing_was_erased(
    sqlite_database: Database, author: int, tmp_path: Path
) -> None:
    for n in range(3):
        await share(sqlite_database, author, f"A {KEPT} number {n}.")

    def parts() -> list[tuple[int, bytes]]:
        with closing(sqlite3.connect(tmp_path / "sharewell.db")) as file:
            return file.execute("SELECT id, block FROM posts_search_data ORDER BY id").fetchall()

    before = parts()
    await sqlite_database.scrub()

    assert parts() == before
