"""What uploads of films got wrong elsewhere: cases of group ``media``, as far as films and sounds are concerned."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import httpx2
import pytest

from node.pictures.kinds import HEAVIEST
from tests import films
from tests.clients.person import Person
from tests.clients.test_films import film
from tests.clients.test_media import kept, path_of, sent
from tests.federation import loopback
from tests.pictures import MARK
from tests.serving import Served

TRAP = "127.0.20.67"
MAGIC = {
    "mp4": b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41", "matroska": b"\x1a\x45\xdf\xa3", "ogg": b"OggS",
    "mp3": b"ID3\4\0\0\0\0\0\0", "frames": b"\xff\xfb\x90\0", "flac": b"fLaC", "wav": b"RIFF\xff\xff\xff\0WAVEfmt ",
    "none": b"",
}  # fmt: skip


async def post(who: Person, data: bytes, path: str = "/api/v1/media") -> httpx2.Response:
    return await who.web.post(path, files=sent(data, "a.mp4", "video/mp4"))


async def test_a_plain_film_can_be_uploaded_and_fetched(alice: Person, nobody: Person) -> None:
    made = await film(alice)

    assert films.streams((await nobody.web.get(path_of(made["url"]))).content)[0] == ("video", "h264")


async def test_a_film_does_not_tell_where_it_was_made_and_by_whom(alice: Person, nobody: Person) -> None:
    for data in (films.film(told=True), films.film("mov", told=True), films.sound(told=True)):
        assert MARK.encode() in data
        made = await film(alice, data)
        for url in filter(None, (made["url"], made["preview_url"])):
            content = (await nobody.web.get(path_of(url))).content
            assert MARK.encode() not in content and films.PLACE not in content


@pytest.mark.parametrize("path", ["/api/v1/media", "/api/v2/media"])
async def test_a_film_that_would_hurt_is_refused_soon(alice: Person, served: Served, path: str) -> None:
    await film(alice, films.sound("wav"))
    there = kept(served)
    long = films.film("matroska")
    at = long.index(b"\x44\x89\x88") + 3
    for data in (
        films.film(size=(4000, 2200), seconds=0.08, heard=False),
        long[:at] + struct.pack(">d", 1e15) + long[at + 8 :],
        films.film()[:5000],
        *(magic + bytes(size) for magic in MAGIC.values() for size in (0, 5000)),
    ):
        began = time.monotonic()
        answer = await post(alice, data, path)
        assert answer.status_code == 422, data[:40]
        assert time.monotonic() - began < 15
        assert kept(served) == there
    await film(alice, films.sound("wav"))


async def test_too_much_of_a_film_is_refused_and_not_kept(alice: Person, served: Served) -> None:
    answer = await post(alice, MAGIC["mp4"] + bytes(HEAVIEST))

    assert answer.status_code == 413
    assert kept(served) == []


def crafted(case: str, trap: str) -> bytes:
    """A file that makes some readers of films open ``trap``."""
    return {
        "hls": f"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\n{trap}\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        "concat": f"ffconcat version 1.0\nfile '{trap}'\nfile '/etc/passwd'\n",
        "dash": f'<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><BaseURL>{trap}</BaseURL></Period></MPD>',
        "sdp": f"v=0\no=- 0 0 IN IP4 {TRAP}\nc=IN IP4 {TRAP}\nm=video 9 RTP/AVP 96\na=control:{trap}\n",
        "smil": f'<smil><body><video src="{trap}"/></body></smil>',
    }[case].encode()


@pytest.mark.parametrize("case", ["hls", "concat", "dash", "sdp", "smil"])
async def test_no_playlist_makes_the_node_open_what_it_names(alice: Person, served: Served, case: str) -> None:
    async with loopback.listening(TRAP) as trap:
        for magic in MAGIC.values():
            answer = await post(alice, magic + crafted(case, trap.url("/x.ts")))
            assert answer.status_code == 422

        assert trap.connections == 0
    assert kept(served) == []


def referring(path: str) -> bytes:
    """A QuickTime film whose frames are in another file (``alis`` in ``dref``)."""
    name = path.encode().ljust(len(path) + len(path) % 2, b"\0")
    said = (
        bytes(10) + b"\4" + b"disk".ljust(27, b"\0") + bytes(12) + b"\5" + b"x.mov".ljust(63, b"\0") + bytes(16)
        + struct.pack(">hh", 1, 1) + bytes(16) + struct.pack(">hh", 2, len(name)) + name + struct.pack(">hh", -1, 0)
    )  # fmt: skip
    entry = struct.pack(">I4sI", 12 + len(said), b"alis", 0) + said
    data = bytearray(films.film("mov", heard=False))
    at = data.index(b"dref") + 12
    more = len(entry) - int.from_bytes(data[at : at + 4], "big")
    for box in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        start = data.rindex(box, 0, at) - 4
        data[start : start + 4] = (int.from_bytes(data[start : start + 4], "big") + more).to_bytes(4, "big")
    return bytes(data[:at]) + entry + bytes(data[at + len(entry) - more :])


async def test_no_film_refers_to_another_file(alice: Person, served: Served, tmp_path: Path) -> None:
    other = tmp_path / "other.mov"
    other.write_bytes(films.film("mov", heard=False))
    async with loopback.listening(TRAP) as trap:
        for path in (trap.url("/x.mov"), str(other)):
            data = referring(path)
            assert path.encode() in data
            assert (await post(alice, data)).status_code == 422

        assert trap.connections == 0
    assert kept(served) == []


async def test_names_that_people_give_films_go_nowhere(alice: Person, nobody: Person) -> None:
    for name in ("../../../etc/passwd", "a.html", "x" * 300 + ".mp4", '"; x="'):
        answer = await alice.web.post("/api/v1/media", files=sent(films.sound("wav", seconds=0.1), name, "text/html"))
        shown = await nobody.web.get(path_of(answer.json()["url"]))
        assert path_of(answer.json()["url"]).removeprefix("/media/").removesuffix(".m4a").isalnum()
        assert shown.headers["content-type"] == "audio/mp4"
        assert not {"content-disposition", "set-cookie"} & set(shown.headers)


async def test_bob_has_no_part_in_what_alice_films(alice: Person, bob: Person) -> None:
    made = await film(alice)
    path = f"/api/v1/media/{made['id']}"

    assert await bob.status_of("GET", path) == 404
    assert await bob.status_of("PUT", path, json={"description": "x"}) == 404
    assert await bob.status_of("POST", "/api/v1/statuses", json={"status": "Mine", "media_ids": [made["id"]]}) == 422
    assert await alice.get(path) == made
