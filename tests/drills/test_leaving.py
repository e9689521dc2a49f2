"""Taking along, bringing and leaving by processes that die, and what is left of it in the end."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from zipfile import ZipFile

import httpx2
import pytest

from node import config
from node.connecting import leaving
from node.opening import opened_database
from storage.jobs import NOW
from storage.members import WAIT
from tests.drills.rig import HOST, SETTLED, Rig, rig
from tests.drills.test_erasure import MARK, clean, files_with, tables_with, written
from tests.pages.conftest import hidden
from tests.serving import PASSWORD

pytestmark = pytest.mark.xdist_group("drills")
DATA = "/settings/data"


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest) -> str:
    """The setting ``database``."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


@asynccontextmanager
async def browsing(one: Rig) -> AsyncGenerator[httpx2.AsyncClient]:
    """A browser in which the first member is signed in."""
    async with httpx2.AsyncClient(base_url=one.base, timeout=60) as web:
        answer = await web.post("/sign-in", data={"login": "member0", "password": PASSWORD, "own_device": "1"})
        assert answer.status_code == 303, answer.text
        yield web


async def ask(web: httpx2.AsyncClient) -> None:
    proof = hidden((await web.get("/settings/profile")).text, "proof")
    assert (await web.post(f"{DATA}/archive", data={"proof": proof})).status_code == 303


async def bring(web: httpx2.AsyncClient, kind: str, table: str) -> None:
    proof = hidden((await web.get("/settings/profile")).text, "proof")
    answer = await web.post(
        f"{DATA}/import", data={"proof": proof, "kind": kind, "how": "merge"}, files={"file": ("a.csv", table)}
    )
    assert answer.status_code == 303, answer.text


async def shows(web: httpx2.AsyncClient, words: str) -> str:
    """The page about one's data, when it says so."""
    async with asyncio.timeout(SETTLED):
        while words not in (page := (await web.get(DATA)).text):  # noqa: ASYNC110 - what is waited for is in another process
            await asyncio.sleep(0.1)
    return page


async def brought(one: Rig) -> tuple[int, int, bool]:
    """How many rows are done, how many failed, and whether all of it is."""
    row = (await one.rows("SELECT done, failed, finished FROM imports"))[0]
    return row["done"], row["failed"], row["finished"] is not None


async def test_killed_an_import_goes_on_where_it_was(where: str, tmp_path: Path) -> None:
    async with rig(tmp_path, database=where) as one:
        process = await one.serve()
        here = f"127.0.0.1:{one.port}"
        table = "".join(f"ghost{n}@{HOST}:{one.peer_port}\n" for n in range(30)) + f"member1@{here}\nmember2@{here}\n"
        async with browsing(one) as web:
            await bring(web, "following", table)
            async with asyncio.timeout(SETTLED):
                while (await brought(one))[0] < 5:  # noqa: ASYNC110 - what is waited for is in another process
                    await asyncio.sleep(0.1)
        await process.kill()
        halfway = await brought(one)
        await one.serve()

        async with browsing(one) as web:
            page = await shows(web, "32 of 32 rows")
        ended = await brought(one)
        followed = await one.rows(
            "SELECT target.handle FROM follows JOIN actors AS target ON target.id = follows.target_id"
            " JOIN actors AS own ON own.id = follows.follower_id WHERE own.handle = 'member0' AND target.domain = ''"
            " ORDER BY target.handle"
        )

    assert 5 <= halfway[0] < 32 and not halfway[2]
    assert "30 could not be done" in page
    assert ended[:2] == (32, 30)
    assert [row["handle"] for row in followed] == ["member1", "member2"]


async def test_killed_an_archive_is_made_all_the_same(where: str, tmp_path: Path) -> None:
    async with rig(tmp_path, database=where) as one:
        process = await one.serve()
        async with httpx2.AsyncClient(timeout=60) as http:
            for number in range(30):
                await one.share(http, one.tokens[0], f"post {number}")
        async with browsing(one) as web:
            await ask(web)
        await process.kill()
        await one.serve()

        async with browsing(one) as web:
            await shows(web, "Download your data")
            archive = ZipFile(io.BytesIO((await web.get(f"{DATA}/archive")).content))

    assert archive.testzip() is None
    assert b'"totalItems": 30' in archive.read("outbox.json")


async def test_an_account_leaves_no_text_when_its_week_is_over(where: str, tmp_path: Path) -> None:
    async with rig(tmp_path, database=where) as one:
        await one.serve()
        async with httpx2.AsyncClient(timeout=60, headers={"authorization": f"Bearer {one.tokens[0]}"}) as http:
            await written(one, http)
        async with browsing(one) as web:
            await ask(web)
            await shows(web, "Download your data")
            await bring(web, "lists", f"{MARK} ward,member1@127.0.0.1:{one.port}\n{MARK},ghost@127.0.0.1:{one.port}\n")
            await shows(web, "2 of 2 rows")
            proof = hidden((await web.get("/settings/leave")).text, "proof")
            left = {"proof": proof, "password": PASSWORD, "understood": "1"}
            assert (await web.post("/settings/leave", data=left)).status_code == 303
        waits = (
            len(list((tmp_path / "data" / "archives").iterdir())),
            files_with(tmp_path / "data") if not where else await tables_with(one),
            (await web_status(one)),
        )

        await let_the_week_pass(one)
        rest = await clean(one)
        archives = list((tmp_path / "data" / "archives").iterdir())

    assert waits[0] == 1 and waits[1] and waits[2] == 404
    assert rest == []
    assert archives == []


async def web_status(one: Rig) -> int:
    """How the actor answers."""
    async with httpx2.AsyncClient(base_url=one.base, timeout=60) as web:
        return (await web.get("/users/member0", headers={"accept": "application/activity+json"})).status_code


async def let_the_week_pass(one: Rig) -> None:
    """Put the day of leaving back instead."""
    settings = config.load(one.folder / "config.toml")
    async with opened_database(settings, command=True) as database, database.writing() as db:
        assert await db.run("UPDATE members SET leaving = leaving - :week WHERE leaving IS NOT NULL", week=WAIT) == 1
        assert await db.run("UPDATE jobs SET due = :now WHERE kind = :kind", now=NOW, kind=leaving.ERASE) == 1


async def test_the_command_writes_the_archive_and_leaves_what_is_there(tmp_path: Path) -> None:
    async with rig(tmp_path) as one:
        await one.serve()
        async with httpx2.AsyncClient(timeout=60) as http:
            await one.share(http, one.tokens[0], "first")
        target = tmp_path / "taken.zip"

        done = await one.command("export", "member0", "--to", str(target))
        again = await one.command("export", "member0", "--to", str(target))
        unknown = await one.command("export", "nobody", "--to", str(tmp_path / "no.zip"))

    assert done == (0, f"{target}\n")
    assert b"Post first." in ZipFile(target).read("outbox.json")
    assert target.stat().st_mode & 0o777 == 0o600
    assert again[0] == unknown[0] == 1
    assert not (tmp_path / "no.zip").exists()


async def test_the_command_can_let_an_account_wait(tmp_path: Path) -> None:
    async with rig(tmp_path) as one:
        await one.serve()

        done = await one.command("account", "delete", "member0", "--wait")
        hidden_now = await web_status(one)
        async with httpx2.AsyncClient(base_url=one.base, timeout=60) as web:
            answer = await web.post("/sign-in", data={"login": "member0", "password": PASSWORD})
            await web.post(answer.headers["location"], headers={"origin": one.base})
        kept = await web_status(one)

    assert done[0] == 0
    assert (hidden_now, kept) == (404, 200)
