"""Films and sounds are uploaded, made anew, described, shared, played in parts, and gone with their post."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from node import sweeping
from node.pictures.kinds import HEAVIEST
from node.sharing import uploads
from storage import attachments
from tests import films, pictures
from tests.clients.person import Json, Person, person
from tests.clients.test_entities import differences
from tests.clients.test_media import SWEEP, erased, kept, path_of, sent, upload
from tests.clients.test_pictures import refused, shown
from tests.serving import Fediverse, Served


async def film(who: Person, data: bytes = b"", **values: str) -> Json:
    """The MediaAttachment of a film that is sent to be made at once."""
    files = sent(data or films.film(), "a.jpg", "image/jpeg")  # what its sender calls it says nothing
    answer = await who.web.post("/api/v1/media", files=files, data=values)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_film_is_taken_made_by_the_worker_and_served(alice: Person, nobody: Person, served: Served) -> None:
    data = films.film(size=(640, 360), seconds=2)
    answer = await alice.web.post("/api/v2/media", files=sent(data), data={"description": "A bed", "focus": "0,1"})
    path = f"/api/v1/media/{answer.json()['id']}"
    early = await alice.web.get(path)
    unready = await refused(alice, status="x", media_ids=[answer.json()["id"]])
    await served.fediverse.quiet(seconds=60)
    made = await alice.get(path)
    post = await alice.say("Look", media_ids=[made["id"]])
    whole = await nobody.web.get(path_of(made["url"]))
    small = await nobody.web.get(path_of(made["preview_url"]))

    assert (answer.status_code, early.status_code) == (202, 206)
    assert (answer.json()["type"], answer.json()["url"], answer.json()["preview_url"]) == ("video", None, None)
    assert "still being worked on" in unready
    assert differences("MediaAttachment", made) == []
    assert (made["type"], made["description"], made["remote_url"]) == ("video", "A bed", None)
    original = made["meta"]["original"]
    assert (original["width"], original["height"], original["frame_rate"]) == (640, 360, "25/1")
    assert original["duration"] == pytest.approx(2, abs=0.1) and original["bitrate"] > 10_000
    assert (made["meta"]["small"]["size"], made["meta"]["fps"]) == ("640x360", 25)
    assert made["meta"]["length"].startswith("0:00:0") and len(made["meta"]["length"]) == 10
    assert (made["meta"]["audio_bitrate"], made["meta"]["audio_channels"]) == ("48000 Hz", "stereo")
    assert made["meta"]["focus"] == {"x": 0.0, "y": 1.0}
    assert len(made["blurhash"]) == 28
    assert post["media_attachments"] == [made]
    assert films.streams(whole.content) == [("video", "h264"), ("audio", "aac")]
    assert (whole.headers["content-type"], small.headers["content-type"]) == ("video/mp4", "image/jpeg")
    assert sorted(one.suffix for one in await erased(served)) == [".jpg", ".mp4"]


async def test_a_sound_is_a_sound(alice: Person, nobody: Person) -> None:
    made = await film(alice, films.sound())
    post = await alice.say("", media_ids=[made["id"]])

    assert differences("MediaAttachment", made) == []
    assert (made["type"], made["preview_url"], made["blurhash"]) == ("audio", None, None)
    assert made["meta"]["original"].keys() == {"duration", "bitrate"}
    assert shown(post) == [made["id"]]
    answer = await nobody.web.get(path_of(made["url"]))
    assert answer.headers["content-type"] == "audio/mp4"


async def test_of_a_film_browsers_ask_for_parts(alice: Person, nobody: Person) -> None:
    path = path_of((await film(alice))["url"])

    whole = await nobody.web.get(path)
    asked = ("bytes=0-1", "bytes=100-199", "bytes=500-", "bytes=-40")
    parts = [await nobody.web.get(path, headers={"range": one}) for one in asked]
    beyond = await nobody.web.get(path, headers={"range": f"bytes={len(whole.content)}-"})
    many = await nobody.web.get(path, headers={"range": "bytes=" + ",".join(["0-"] * 1000)})

    assert whole.headers["accept-ranges"] == "bytes"
    assert [one.status_code for one in parts] == [206] * 4
    assert [one.content for one in parts] == [
        whole.content[:2], whole.content[100:200], whole.content[500:], whole.content[-40:]
    ]  # fmt: skip
    assert parts[0].headers["content-range"] == f"bytes 0-1/{len(whole.content)}"
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(whole.content)}")
    assert (many.status_code, many.content) == (200, whole.content)
    assert whole.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in whole.headers


async def test_another_picture_can_stand_for_a_film(alice: Person, served: Served) -> None:
    thumbnail = {"thumbnail": ("t.png", pictures.png((30, 20)), "image/png")}
    assert served.node.films is not None
    async with served.node.films._turn:  # somebody's long film
        early = await alice.web.post("/api/v2/media", files=sent(films.film()) | thumbnail)
    sound = await alice.web.post("/api/v1/media", files=sent(films.sound()) | thumbnail)
    await served.fediverse.quiet(seconds=60)
    late = await alice.get(f"/api/v1/media/{early.json()['id']}")
    changed = await alice.web.put(f"/api/v1/media/{late['id']}", files=thumbnail)
    wrong = await alice.web.put(
        f"/api/v1/media/{late['id']}", files={"thumbnail": ("t.mp4", films.film(), "video/mp4")}
    )

    assert early.status_code == 202
    for made in (early.json(), sound.json(), late, changed.json()):
        assert made["meta"]["small"]["size"] == "30x20"
    assert late["preview_url"] == early.json()["preview_url"] != changed.json()["preview_url"]
    assert wrong.status_code == 422
    left = await erased(served)
    assert sum(one.suffix == ".png" for one in left) + sum(one.suffix == ".jpg" for one in left) == 3  # one is swept


async def test_a_film_is_alone_in_its_post(alice: Person) -> None:
    one, two, picture = await film(alice), await film(alice, films.sound()), await upload(alice)

    for ids in ([one["id"], picture["id"]], [one["id"], two["id"]], [picture["id"], two["id"]]):
        assert "one film or one sound" in await refused(alice, status="x", media_ids=ids)
    post = await alice.say("Look", media_ids=[one["id"]])
    answer = await alice.web.put(
        f"/api/v1/statuses/{post['id']}", json={"status": "Look", "media_ids": [one["id"], picture["id"]]}
    )
    worded = await alice.edit(post["id"], media_attributes=[{"id": one["id"], "description": "A made bed"}])
    changed = await alice.edit(post["id"], media_ids=[picture["id"]])

    assert answer.status_code == 422
    assert worded["media_attachments"][0]["description"] == "A made bed"
    assert shown(changed) == [picture["id"]]


async def test_a_deleted_post_takes_its_film_along(alice: Person, served: Served) -> None:
    made = await film(alice)
    post = await alice.say("Look", media_ids=[made["id"]])
    assert len(kept(served)) == 2

    await alice.delete(f"/api/v1/statuses/{post['id']}")

    assert await erased(served) == []
    assert await alice.status_of("GET", path_of(made["url"])) == 404


async def test_a_film_that_nobody_took_goes_before_it_is_made_too(alice: Person, served: Served) -> None:
    made = await film(alice)
    served.fediverse.clock.advance(seconds=25 * 3600)

    await sweeping.sweep(served.node, SWEEP)

    assert await alice.status_of("GET", f"/api/v1/media/{made['id']}") == 404
    assert kept(served) == []


async def test_what_is_no_film_is_refused_at_once_or_when_it_is_found_out(alice: Person, served: Served) -> None:
    at_once = await alice.web.post("/api/v2/media", files=sent(b"\0\0\0\x20ftypisom" + bytes(900)))
    assert served.node.films is not None
    async with served.node.films._turn:  # somebody's long film
        later = await alice.web.post("/api/v2/media", files=sent(films.film()[:5000]))
    await served.fediverse.quiet(seconds=60)
    found = await alice.web.get(f"/api/v1/media/{later.json()['id']}")

    assert (at_once.status_code, later.status_code, found.status_code) == (422, 202, 422)
    assert "cannot be read" in at_once.json()["error"] and "cannot be read" in found.json()["error"]
    assert await erased(served) == []


async def test_a_film_that_takes_too_long_for_a_request_is_left_to_the_worker(
    alice: Person, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PATIENCE", 0.0)

    answer = await alice.web.post("/api/v1/media", files=sent(films.film()))
    await served.fediverse.quiet(seconds=60)

    assert answer.status_code == 202
    assert (await alice.get(f"/api/v1/media/{answer.json()['id']}"))["url"]


async def test_pictures_do_not_wait_for_films(alice: Person, served: Served) -> None:
    assert served.node.films is not None
    async with served.node.films._turn:
        for _ in range(uploads.WAITING):
            assert await alice.status_of("POST", "/api/v2/media", files=sent(films.sound("wav"))) == 202
        full = await alice.web.post("/api/v2/media", files=sent(films.sound("wav")))
        waiting = sum(one.suffix == ".upload" for one in kept(served))
        picture = await upload(alice)
        async with served.node.pictures._turn:
            left = await alice.web.post("/api/v2/media", files=sent(pictures.png()))
        async with asyncio.timeout(20):
            path = f"/api/v1/media/{left.json()['id']}"
            while await alice.status_of("GET", path) != 200:  # noqa: ASYNC110 - workers do not tell
                await asyncio.sleep(0.02)

    assert (full.status_code, picture["type"]) == (422, "image")
    assert "Films of others" in full.json()["error"]
    assert waiting == uploads.WAITING


async def test_twenty_films_in_half_an_hour_are_enough(fediverse: Fediverse) -> None:
    served = await fediverse.node("here.example", limits={"rate": True})
    async with person(served, "alice") as alice:
        async with served.database.writing() as db:
            await db.run(
                "INSERT INTO attempts (subject, since, count) VALUES (:subject, :now, :count)",
                subject=f"film {alice.id}", now=fediverse.clock(), count=uploads.FILMS,
            )  # fmt: skip
        answer = await alice.web.post("/api/v2/media", files=sent(films.sound("wav")))
        picture = await alice.status_of("POST", "/api/v2/media", files=sent(pictures.png()))

    assert (answer.status_code, "retry-after" in answer.headers, picture) == (429, True, 200)


async def test_a_film_may_be_larger_than_a_picture(alice: Person, served: Served) -> None:
    most = served.node.config.media.size_limit
    answers = [
        await alice.status_of("POST", "/api/v2/media", files=sent(start + bytes(most)))
        for start in (b"\xff\xd8\xff", b"\0\0\0\x20ftypisom")
    ]
    assert answers == [413, 422]
    assert await alice.status_of("POST", "/api/v2/media", files=sent(b"OggS" + bytes(HEAVIEST))) == 413
    assert kept(served) == []


async def test_apps_are_told_what_is_taken(alice: Person, fediverse: Fediverse) -> None:
    without = await fediverse.node("without.example", films=False)
    async with person(without, "bob") as bob:
        limits = [(await one.get("/api/v2/instance"))["configuration"]["media_attachments"] for one in (alice, bob)]
        answer = await bob.web.post("/api/v2/media", files=sent(films.film()))
        waiting = await bob.web.post("/api/v1/media", files=sent(films.sound()))

    assert {"video/mp4", "video/quicktime", "video/webm", "audio/mpeg", "audio/ogg"} <= set(
        limits[0]["supported_mime_types"]
    )
    assert limits[0]["video_size_limit"] == HEAVIEST
    assert (limits[0]["video_frame_rate_limit"], limits[0]["video_matrix_limit"]) == (120, 3840 * 2160)
    assert all(one.startswith("image/") for one in limits[1]["supported_mime_types"])
    assert [limits[1][f"video_{name}_limit"] for name in ("size", "frame_rate", "matrix")] == [0, 0, 0]
    assert (answer.status_code, waiting.status_code) == (422, 422)
    assert "This node takes no films or sounds" in answer.json()["error"]
    assert kept(without) == []


async def test_other_servers_get_a_film_with_all_they_need(fediverse: Fediverse) -> None:
    here, there = await fediverse.node("here.example"), await fediverse.node("there.example")
    async with person(here, "alice") as alice, person(there, "bob") as bob:
        [found] = (await bob.get("/api/v2/search", q="@alice@here.example", resolve="true"))["accounts"]
        await bob.post(f"/api/v1/accounts/{found['id']}/follow")
        await fediverse.quiet()
        made = await film(alice, films.film(size=(640, 360)), description="A bed", focus="0,1")
        post = await alice.say("Look", media_ids=[made["id"]])
        await fediverse.quiet()
        document = (await alice.web.get(path_of(post["uri"]), headers={"accept": "application/activity+json"})).json()
        [far] = await bob.get("/api/v1/timelines/home")

    [attachment] = document["attachment"]
    assert attachment == {
        "type": "Video", "mediaType": "video/mp4", "url": made["url"], "name": "A bed", "blurhash": made["blurhash"],
        "width": 640, "height": 360, "focalPoint": [0.0, 1.0],
        "duration": f"PT{made['meta']['original']['duration']}S",
        "icon": {"type": "Image", "mediaType": "image/jpeg", "url": made["preview_url"]},
    }  # fmt: skip
    [seen] = far["media_attachments"]
    assert differences("MediaAttachment", seen) == []
    assert (seen["type"], seen["url"], seen["remote_url"]) == ("video", made["url"], made["url"])
    assert (seen["preview_url"], seen["description"]) == (made["preview_url"], "A bed")
    assert seen["meta"]["original"]["duration"] == made["meta"]["original"]["duration"]


async def test_an_account_that_goes_takes_films_that_wait_along(alice: Person, served: Served) -> None:
    assert served.node.films is not None and alice.actor is not None
    async with served.node.films._turn:
        await alice.web.post("/api/v2/media", files=sent(films.film()))
        async with served.database.writing() as db:
            await attachments.erase_uploads_of(db, alice.actor.id)
    await sweeping.remove_loose(served.node)
    await served.fediverse.quiet(seconds=60)

    assert [Path(one).suffix for one in kept(served)] == []
