"""Uploads at a served node: large ones pass through without being held, and nothing of what was erased is left."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from PIL import Image

from tests import films, pictures
from tests.drills.rig import Process, Rig, rig, until

pytestmark = pytest.mark.xdist_group("drills")
LIMIT = 16 << 20  # bytes, as [media] size_limit is when nobody changes it


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


@asynccontextmanager
async def app(one: Rig, member: int = 0) -> AsyncGenerator[httpx2.AsyncClient]:
    headers = {"authorization": f"Bearer {one.tokens[member]}"}
    async with httpx2.AsyncClient(timeout=60, headers=headers, base_url=one.base) as http:
        yield http


async def upload(http: httpx2.AsyncClient, data: bytes) -> dict[str, Any]:
    answer = await http.post("/api/v1/media", files={"file": ("a.jpg", data, "image/jpeg")})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def waiting(http: httpx2.AsyncClient, id: str) -> bool:
    """An upload is still being made."""
    return (await http.get(f"/api/v1/media/{id}")).status_code == 206


def files(folder: Path) -> list[Path]:
    return [one for one in (folder / "data" / "media").rglob("*") if one.is_file()]


def memory(process: Process) -> int:
    """The most that the process ever held, in bytes."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8"))
    assert found is not None
    return int(found[1]) * 1024


async def test_what_is_erased_leaves_no_file(where: str, tmp_path: Path) -> None:
    async with rig(tmp_path, database=where) as one:
        await one.serve()
        async with app(one) as http:
            ids = [(await upload(http, pictures.jpeg((900 + n, 600))))["id"] for n in range(4)]
            posted = await http.post("/api/v1/statuses", json={"status": "Look", "media_ids": ids[:2]})
            await http.post("/api/v1/statuses", json={"status": "Stay", "media_ids": ids[2:3]})
            avatar = {"avatar": ("a.png", pictures.png((500, 500)), "image/png")}
            assert (await http.patch("/api/v1/accounts/update_credentials", files=avatar)).status_code == 200
            assert len(files(tmp_path)) == 9

            assert (await http.delete(f"/api/v1/statuses/{posted.json()['id']}")).status_code == 200
            post_gone = await until(lambda: len(files(tmp_path)) == 5)
            done, _ = await one.command("account", "delete", "member0")
            account_gone = await until(lambda: files(tmp_path) == [])

        assert (post_gone, done, account_gone) == (True, 0, True)
        assert await one.rows("SELECT name FROM files") == []


async def test_uploads_pass_through_without_being_held(tmp_path: Path) -> None:
    noise = Image.frombytes("RGB", (2300, 2200), os.urandom(2300 * 2200 * 3))
    data = pictures.saved(noise, "PNG", compress_level=0)
    assert LIMIT * 0.9 < len(data) < LIMIT

    async with rig(tmp_path) as one:
        process = await one.serve()
        async with app(one) as http:
            await upload(http, pictures.png())
            before = memory(process)
            made = await upload(http, data)
            grown = memory(process) - before
            too_much = await http.post("/api/v2/media", files={"file": ("a.png", b"\x89PNG" * (15 << 20), "image/png")})
            part = await http.get(made["url"], headers={"range": "bytes=0-7"})

    assert made["meta"]["original"]["size"] == "2300x2200"
    assert grown < 6 << 20
    assert too_much.status_code == 413
    assert (part.status_code, part.content) == (206, b"\x89PNG\r\n\x1a\n")
    assert len(files(tmp_path)) == 4


async def test_films_are_made_beside_the_node_and_a_stop_loses_none(where: str, tmp_path: Path) -> None:
    film = await asyncio.to_thread(films.film, size=(1280, 720), seconds=4, noise=True)
    sent = {"file": ("a.mp4", film, "video/mp4")}
    async with rig(tmp_path, database=where) as one:
        process = await one.serve()
        async with app(one) as http:
            await upload(http, pictures.png())
            before = memory(process)
            ids = [(await http.post("/api/v2/media", files=sent)).json()["id"] for _ in range(2)]
            grown = memory(process) - before
        assert await process.stop() == 0
        await one.serve()
        async with app(one) as http:
            async with asyncio.timeout(120):
                while any([await waiting(http, id) for id in ids]):  # noqa: ASYNC110 - nothing tells
                    await asyncio.sleep(0.5)
            made = [(await http.get(f"/api/v1/media/{id}")).json() for id in ids]
            part = await http.get(made[0]["url"], headers={"range": "bytes=4-7"})

    assert [one["meta"]["original"]["frame_rate"] for one in made] == ["25/1"] * 2
    assert grown < 16 << 20
    assert (part.status_code, part.content) == (206, b"ftyp")


async def test_no_address_on_the_wire_leads_out_of_the_folder(tmp_path: Path) -> None:
    async with rig(tmp_path) as one:
        await one.serve()
        async with app(one) as http:
            await upload(http, pictures.png())
        (tmp_path / "data" / "media" / "note.txt").write_text("secret", encoding="utf-8")

        for path in ("/media/../media/note.txt", "/media/note.txt", "/media/../sharewell.db", "/media//etc/passwd"):
            reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{one.port}\r\nConnection: close\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
            assert answer.startswith(b"HTTP/1.1 404"), path
            assert b"secret" not in answer and b"SQLite" not in answer


async def test_who_hangs_up_leaves_nothing(tmp_path: Path) -> None:
    async with rig(tmp_path) as one:
        await one.serve()
        _, writer = await asyncio.open_connection("127.0.0.1", one.port)
        head = [
            "POST /api/v2/media HTTP/1.1", f"Host: 127.0.0.1:{one.port}", f"Authorization: Bearer {one.tokens[0]}",
            "Content-Type: multipart/form-data; boundary=x", "Content-Length: 8000000", "", "",
        ]  # fmt: skip
        start = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        writer.write("\r\n".join(head).encode() + start + b"\xff\xd8\xff" * 1_000_000)
        await writer.drain()
        came = await until(lambda: any(one.stat().st_size for one in files(tmp_path)), seconds=20)
        writer.transport.abort()

        assert came
        assert await until(lambda: files(tmp_path) == [], seconds=20)
