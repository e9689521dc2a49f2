"""What was erased is gone: from the database, its files and everything that waits to be sent."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from node.config import load
from node.opening import opened_database
from storage import address_changes, authenticators, members, passkeys, sign_ins
from storage.address_changes import AddressChange
from tests.clients.device import Device
from tests.drills.rig import SETTLED, Rig, rig, until
from tests.house.tree import ROOT

pytestmark = pytest.mark.xdist_group("drills")
MARK = "zanzibarquartz"  # no other word of the node's begins like this


def files_with(folder: Path) -> list[str]:
    """Files below a folder that have the mark somewhere."""
    return [str(one) for one in folder.rglob("*") if one.is_file() and MARK.encode() in one.read_bytes().lower()]


async def tables_with(one: Rig) -> list[str]:
    """Tables of PostgreSQL with a row that has the mark somewhere."""
    names = await one.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    found: list[str] = []
    for row in names:
        hits = await one.rows(
            f"SELECT 1 AS yes FROM {row['name']} AS whole WHERE lower(whole::text) LIKE '%{MARK}%' LIMIT 1"
        )
        found += [row["name"]] if hits else []
    return found


async def written(one: Rig, http: httpx2.AsyncClient) -> list[str]:
    """Ids of posts with the mark in every text a post has, some of them on their way to a server that is away."""
    one.down = True
    ids: list[str] = []
    note = {
        "sharewell[kind]": "safety-note", "sharewell[title]": f"{MARK} title", "spoiler_text": f"{MARK} warning",
        "sharewell[fields][situation]": f"{MARK} happens", "sharewell[fields][recommendation]": f"{MARK} helps",
        "status": f"{MARK} more @far0@{one.people[0].uri.split('/')[2]} #{MARK}",
    }  # fmt: skip
    poll = {"status": "x", "poll[options][]": [f"{MARK} a", f"{MARK} b"], "poll[expires_in]": "600"}
    for values in (
        {"status": f"{MARK} plain http://{MARK}.com/a"},
        note,
        poll,
        {"status": f"{MARK} direct", "visibility": "direct"},
    ):
        shared = await http.post(f"{one.base}/api/v1/statuses", data=values)
        assert shared.status_code == 200, shared.text
        ids.append(shared.json()["id"])
        changed = {**values, "status": f"{MARK} changed"}
        changed.pop("visibility", None)
        edited = await http.put(f"{one.base}/api/v1/statuses/{ids[-1]}", data=changed)
        assert edited.status_code == 200, edited.text
    return ids


async def clean(one: Rig) -> list[str]:
    """Where the mark still is, when the node has had time to scrub."""
    if not one.database:
        await until(lambda: not files_with(one.folder / "data"))
        return files_with(one.folder / "data")
    left = await tables_with(one)
    async with asyncio.timeout(SETTLED):
        while left:
            await asyncio.sleep(1)
            left = await tables_with(one)
    return left


async def secured(folder: Path) -> None:
    """Give member0 a passkey, a wish for an address and a sign-in under way, all with the mark."""
    mark, now = MARK.encode(), int(time.time() * 1000)
    async with opened_database(load(folder / "config.toml"), command=True) as database, database.writing() as db:
        me = (await members.with_actor(db, handle="member0"))[0].actor_id
        await passkeys.add(
            db, member_id=me, credential=mark, public=mark, counter=0, name=f"{MARK} phone", now=now
        )  # fmt: skip
        await address_changes.put(db, AddressChange(me, f"{MARK}@new.example", f"{MARK}@old.example", now))
        await sign_ins.add(
            db, mark, member_id=me, own_device=False, target=f"/{MARK}", now=now, expires=now + 10_000_000
        )  # fmt: skip
        await authenticators.start(db, me, mark, now=now)


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


async def test_a_deleted_post_leaves_no_text(where: str, tmp_path: Path) -> None:
    async with rig(tmp_path, database=where) as one:
        await one.serve()
        async with httpx2.AsyncClient(timeout=60, headers={"authorization": f"Bearer {one.tokens[0]}"}) as http:
            ids = await written(one, http)
            there = files_with(tmp_path / "data") if not where else await tables_with(one)
            for id in ids:
                assert (await http.delete(f"{one.base}/api/v1/statuses/{id}")).status_code == 200

            left = await clean(one)

        assert there
        assert left == []


async def test_what_was_taken_back_everywhere_leaves_no_text(where: str, tmp_path: Path) -> None:
    async with rig(tmp_path, database=where) as one:
        await one.serve()
        async with httpx2.AsyncClient(timeout=60, headers={"authorization": f"Bearer {one.tokens[0]}"}) as http:
            ids = await written(one, http)
            marked = {"sharewell": {"correction": f"{MARK} was wrong"}}
            assert (await http.put(f"{one.base}/api/v1/statuses/{ids[1]}", json=marked)).status_code == 200
            for id in ids:
                said = {"status_id": id, "reason": "recognised"}
                assert (await http.post(f"{one.base}/api/v1/sharewell/recalls", json=said)).status_code == 200

            left = await clean(one)
            proofs = (await http.get(f"{one.base}/api/v1/sharewell/recalls")).json()

        assert left == []
        assert [one["act"] for one in proofs].count("taken-back") == len(ids)


async def test_a_deleted_account_leaves_no_text(where: str, tmp_path: Path) -> None:
    async with rig(tmp_path, database=where) as one:
        await one.serve()
        async with httpx2.AsyncClient(timeout=60, headers={"authorization": f"Bearer {one.tokens[0]}"}) as http:
            await written(one, http)
            later = {"status": f"{MARK} later", "scheduled_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
            assert (await http.post(f"{one.base}/api/v1/statuses", data=later)).status_code == 200
            place = {"endpoint": f"https://{MARK}.example/1", "keys": Device().keys}
            told = await http.post(f"{one.base}/api/v1/push/subscription", json={"subscription": place})
            assert told.status_code == 200
            await secured(tmp_path)
            described = {
                "display_name": f"{MARK} name", "note": f"{MARK} note", "avatar_description": f"{MARK} face",
                "header_description": f"{MARK} ward", "attribution_domains[]": f"{MARK}.example",
            }  # fmt: skip
            changed = await http.patch(f"{one.base}/api/v1/accounts/update_credentials", data=described)
            assert changed.status_code == 200

        words = ["account", "delete", "member0", "--config", str(tmp_path / "config.toml")]
        command = [sys.executable, "-m", "node", *words]
        done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, check=False)
        left = await clean(one)

        assert done.returncode == 0
        assert left == []
