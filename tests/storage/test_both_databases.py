"""What every open database promises, in both dialects."""

from __future__ import annotations

from storage.database import Database, listed


async def test_a_list_of_ids_is_one_parameter(database: Database) -> None:
    async with database.reading() as db:
        rows = await db.rows("SELECT value FROM json_each(:ids)", ids=listed([3, 1 << 40]))

    assert [row["value"] for row in rows] == [3, 1 << 40]


async def test_a_list_of_texts_is_one_parameter(database: Database) -> None:
    async with database.reading() as db:
        rows = await db.rows("SELECT value FROM json_each(:hosts)", hosts=listed(["a.example", "b.example"]))

    assert [row["value"] for row in rows] == ["a.example", "b.example"]


async def test_an_id_is_made_when_none_is_given(database: Database) -> None:
    async with database.writing() as db:
        row = await db.row("INSERT INTO tags (name, shown) VALUES ('falls', 'Falls') RETURNING id")

    assert row is not None
    assert row["id"] > 0


async def test_scrubbing_leaves_the_rows(database: Database) -> None:
    async with database.writing() as db:
        await db.run("INSERT INTO tags (name, shown) VALUES ('falls', 'Falls')")

    await database.scrub()

    async with database.reading() as db:
        row = await db.row("SELECT COUNT(*) AS n FROM tags")
    assert row is not None
    assert row["n"] == 1
