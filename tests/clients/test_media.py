"""Pictures are uploaded, looked at, described, taken back and served."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from node import sweeping
from storage.jobs import Job
from tests import pictures
from tests.clients.person import Json, Person, person
from tests.clients.test_entities import differences
from tests.serving import ON_BOTH, Fediverse, Served

pytestmark = ON_BOTH
Files = dict[str, tuple[str, bytes, str]]
SWEEP = Job(1, None, "sweep-media", 0, "", None, "", 0, 0, 0)


def sent(data: bytes, name: str = "photo.jpg", media_type: str = "image/jpeg", **more: bytes) -> Files:
    """A form's files."""
    files = {"file": (name, data, media_type)}
    return files | {field: (f"{field}.png", other, "image/png") for field, other in more.items()}


async def upload(who: Person, data: bytes = b"", **values: str) -> Json:
    """The MediaAttachment of what is sent and done at once."""
    answer = await who.web.post("/api/v2/media", files=sent(data or pictures.jpeg()), data=values)
    assert answer.status_code == 200, answer.text
    return answer.json()


def path_of(url: str) -> str:
    return url.removeprefix("https://here.example")


def kept(served: Served) -> list[Path]:
    """All files of the folder."""
    return sorted(one for one in served.node.media.path.rglob("*") if one.is_file())


async def erased(served: Served) -> list[Path]:
    """All files, when what was erased had its time to go."""
    served.fediverse.clock.advance(seconds=11)
    await served.fediverse.quiet()
    return kept(served)


@pytest.mark.parametrize("path", ["/api/v2/media", "/api/v1/media"])
async def test_a_picture_is_kept_described_and_served(alice: Person, nobody: Person, path: str) -> None:
    answer = await alice.web.post(
        path, files=sent(pictures.jpeg((800, 600))), data={"description": "A bed", "focus": "0.5,-2"}
    )
    made = answer.json()
    whole = await nobody.web.get(path_of(made["url"]))
    small = await nobody.web.get(path_of(made["preview_url"]))

    assert answer.status_code == 200, answer.text
    assert differences("MediaAttachment", made) == []
    assert (made["type"], made["description"], made["remote_url"]) == ("image", "A bed", None)
    assert made["meta"]["original"] == {"width": 800, "height": 600, "size": "800x600", "aspect": 4 / 3}
    assert made["meta"]["small"]["size"] == "554x415"
    assert made["meta"]["focus"] == {"x": 0.5, "y": -1.0}
    assert (pictures.opened(whole.content).size, pictures.opened(small.content).size) == ((800, 600), (554, 415))
    assert len(made["blurhash"]) == 28


async def test_while_another_is_made_the_worker_makes_it(alice: Person, served: Served) -> None:
    async with served.node.pictures._turn:  # somebody's large picture
        answer = await alice.web.post("/api/v2/media", files=sent(pictures.png()))
        path = f"/api/v1/media/{answer.json()['id']}"
        early = await alice.web.get(path)
    await served.fediverse.quiet()
    late = await alice.web.get(path)

    assert (answer.status_code, answer.json()["url"], answer.json()["type"]) == (202, None, "image")
    assert (early.status_code, late.status_code) == (206, 200)
    assert await alice.status_of("GET", path_of(late.json()["url"])) == 200
    assert sorted(one.suffix for one in await erased(served)) == [".jpg", ".png"]


async def test_what_turns_out_to_be_damaged_says_so_and_leaves_nothing(alice: Person, served: Served) -> None:
    async with served.node.pictures._turn:
        answer = await alice.web.post("/api/v2/media", files=sent(pictures.jpeg()[:200]))
    await served.fediverse.quiet()

    late = await alice.web.get(f"/api/v1/media/{answer.json()['id']}")
    said = await alice.web.post("/api/v1/statuses", json={"status": "x", "media_ids": [answer.json()["id"]]})

    assert (answer.status_code, late.status_code, said.status_code) == (202, 422, 422)
    assert "damaged" in late.json()["error"]
    assert await erased(served) == []


async def test_words_point_and_small_picture_can_be_changed(alice: Person, served: Served) -> None:
    made = await upload(alice, description="A bad")
    path = f"/api/v1/media/{made['id']}"

    worded = (await alice.web.put(path, data={"description": "A bed", "focus": "0,1"})).json()
    again = (await alice.web.put(path, json={"focus": "0.25,0"})).json()
    shown = (await alice.web.put(path, files={"thumbnail": ("t.png", pictures.png((30, 20)), "image/png")})).json()

    assert (worded["description"], worded["meta"]["focus"]) == ("A bed", {"x": 0.0, "y": 1.0})
    assert (again["description"], again["meta"]["focus"]) == ("A bed", {"x": 0.25, "y": 0.0})
    assert (shown["url"], shown["meta"]["small"]["size"], shown["description"]) == (made["url"], "30x20", "A bed")
    assert shown["preview_url"] != made["preview_url"]
    assert await alice.get(path) == shown
    assert len(await erased(served)) == 2


@pytest.mark.parametrize("values", [{"focus": "1"}, {"focus": "a,b"}, {"focus": "nan,0"}, {"description": "x" * 1501}])
async def test_a_wrong_description_is_refused(alice: Person, served: Served, values: dict[str, str]) -> None:
    answer = await alice.web.post("/api/v2/media", files=sent(pictures.png()), data=values)

    assert answer.status_code == 422
    assert kept(served) == []


async def test_an_upload_can_be_taken_back(alice: Person, served: Served) -> None:
    made = await upload(alice)

    assert await alice.delete(f"/api/v1/media/{made['id']}") == {}
    assert await alice.status_of("GET", f"/api/v1/media/{made['id']}") == 404
    assert await erased(served) == []
    assert await alice.status_of("GET", path_of(made["url"])) == 404


async def test_what_no_post_took_within_a_day_goes(alice: Person, served: Served) -> None:
    old = await upload(alice)
    served.fediverse.clock.advance(seconds=13 * 3600)
    new = await upload(alice)
    served.fediverse.clock.advance(seconds=12 * 3600)

    await sweeping.sweep(served.node, SWEEP)

    assert await alice.status_of("GET", f"/api/v1/media/{old['id']}") == 404
    assert [await alice.status_of("GET", path_of(one["url"])) for one in (old, new)] == [404, 200]


async def test_files_without_a_row_and_rows_without_a_file_go(alice: Person, served: Served) -> None:
    lost, *others = [await upload(alice) for _ in range(3)]
    served.node.media.place(path_of(lost["url"]).removeprefix("/media/")).unlink()
    new, old = (served.node.media.place(letter * 32 + ".jpg") for letter in "ab")
    for path in (new, old):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    os.utime(old, (time.time() - 90_000, time.time() - 90_000))
    async with served.database.writing() as db:
        await db.run("UPDATE files SET created = 0")

    await sweeping.sweep(served.node, SWEEP)
    await sweeping.sweep(served.node, SWEEP)

    assert await alice.status_of("GET", f"/api/v1/media/{lost['id']}") == 404
    assert [await alice.status_of("GET", f"/api/v1/media/{one['id']}") for one in others] == [200, 200]
    assert sorted(one.name[:1] for one in kept(served) if one.stem in ("a" * 32, "b" * 32)) == ["a"]
    assert len(kept(served)) == 5


async def test_a_folder_that_is_not_there_is_not_taken_for_an_empty_one(
    alice: Person, served: Served, tmp_path: Path
) -> None:
    made = [await upload(alice) for _ in range(2)]
    async with served.database.writing() as db:
        await db.run("UPDATE files SET created = 0")
    served.node.media.path.rename(tmp_path / "elsewhere")

    await sweeping.sweep(served.node, SWEEP)

    assert [await alice.status_of("GET", f"/api/v1/media/{one['id']}") for one in made] == [200, 200]


async def test_only_who_may_write_media_uploads(served: Served, nobody: Person) -> None:
    async with person(served, "carol", scopes="read write:statuses") as carol:
        assert await carol.status_of("POST", "/api/v2/media", files=sent(pictures.png())) == 403
    assert await nobody.status_of("POST", "/api/v2/media", files=sent(pictures.png())) == 401
    assert kept(served) == []


async def test_a_hundred_uploads_in_half_an_hour_are_enough(fediverse: Fediverse) -> None:
    served = await fediverse.node("here.example", limits={"rate": True})
    async with person(served, "alice") as alice:
        async with served.database.writing() as db:
            await db.run(
                "INSERT INTO attempts (subject, since, count) VALUES (:subject, :now, 100)",
                subject=f"upload {alice.id}", now=fediverse.clock(),
            )  # fmt: skip
        answer = await alice.web.post("/api/v2/media", files=sent(pictures.png()))

    assert (answer.status_code, "retry-after" in answer.headers) == (429, True)


async def test_files_may_be_kept_for_good_and_read_in_parts(alice: Person, nobody: Person) -> None:
    made = await upload(alice, pictures.jpeg((300, 200)))
    path = path_of(made["url"])

    whole = await nobody.web.get(path)
    part = await nobody.web.get(path, headers={"range": "bytes=2-5"})
    beyond = await nobody.web.get(path, headers={"range": "bytes=99999999-"})
    head = await nobody.web.head(path)

    assert whole.headers["content-type"] == "image/jpeg"
    assert whole.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert whole.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["access-control-allow-origin"] == "*"
    assert (part.status_code, part.content) == (206, whole.content[2:6])
    assert part.headers["content-range"] == f"bytes 2-5/{len(whole.content)}"
    assert beyond.status_code == 416
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(whole.content)), b"")
    for other in ("/media", "/media/", f"/media/{path[7:9]}", "/media/incoming"):
        assert await nobody.status_of("GET", other) == 404


async def test_uploads_side_by_side_all_arrive(alice: Person) -> None:
    made = await asyncio.gather(
        *(alice.web.post("/api/v1/media", files=sent(pictures.png((20 + n, 20)))) for n in range(6))
    )

    assert [one.json()["meta"]["original"]["width"] for one in made] == [20, 21, 22, 23, 24, 25]
