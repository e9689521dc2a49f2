"""What is made of a film or sound: its frames and samples, and nothing that came beside them."""

from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import AsyncGenerator, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from node.pictures import kinds
from node.pictures.filming import make
from node.pictures.kinds import FILM_KEPT, FILM_SPEED, Sort, sort_by
from node.pictures.making import Unfit
from node.pictures.workshop import Made, Unmade, Workshop, for_films
from tests import films, pictures
from tests.pictures import MARK

SOON = 30  # seconds in which a hostile file is refused, on a busy machine


@pytest.fixture
async def workshop() -> AsyncGenerator[Workshop]:
    made = for_films()
    assert made is not None
    yield made
    await made.close()


async def made_of(workshop: Workshop, folder: Path, data: bytes) -> Made:
    return await workshop.make(films.written(folder, data), "post", into=folder / "made")


def there(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def played(made: Made) -> bytes:
    assert made.original is not None
    return made.original.path.read_bytes()


def told_of(made: Made) -> dict[str, Any]:
    assert made.playing is not None
    return dict(made.playing)


@pytest.mark.parametrize(
    ("sent", "streams"),
    [
        (partial(films.film, told=True), [("video", "h264"), ("audio", "aac")]),
        (partial(films.film, "mov", told=True), [("video", "h264"), ("audio", "aac")]),
        (partial(films.film, "matroska", told=True, heard=False), [("video", "h264")]),
        (partial(films.film, "webm", codec="libvpx", told=True), [("video", "h264"), ("audio", "aac")]),
        (partial(films.sound, "mp3", told=True), [("audio", "aac")]),
        (partial(films.sound, "flac", told=True), [("audio", "aac")]),
        (partial(films.sound, "ogg", told=True), [("audio", "aac")]),
        (partial(films.sound, "wav", told=True), [("audio", "aac")]),
        (partial(films.sound, "ipod", told=True), [("audio", "aac")]),
    ],
    ids=["MP4", "MOV", "Matroska", "WebM", "MP3", "FLAC", "Ogg", "WAV", "M4A"],
)
async def test_nothing_that_came_beside_frames_and_samples_is_kept(
    workshop: Workshop, tmp_path: Path, sent: Callable[[], bytes], streams: list[tuple[str, str]]
) -> None:
    data = sent()
    assert MARK.encode() in data  # so that it could be found

    made = await made_of(workshop, tmp_path, data)

    assert sorted(films.streams(played(made))) == sorted(streams)
    for path in made.paths:
        written = path.read_bytes()
        assert MARK.encode() not in written and films.PLACE not in written and b"2026" not in written
    allowed = {"major_brand", "minor_version", "compatible_brands", "language", "handler_name"}
    words = films.words(played(made))
    assert words.keys() <= allowed and words["handler_name"] in ("VideoHandler", "SoundHandler")


@pytest.mark.parametrize("kind", ["mp3", "ogg", "flac", "wav", "adts", "ipod"])
async def test_every_kind_of_sound_becomes_one_that_browsers_play(
    workshop: Workshop, tmp_path: Path, kind: str
) -> None:
    made = await made_of(workshop, tmp_path, films.sound(kind, seconds=1.5, layout="mono"))

    assert made.original is not None
    assert (made.original.ending, made.original.media_type, made.small) == ("m4a", "audio/mp4", None)
    assert films.lasting(played(made)) == pytest.approx(1.5, abs=0.1)
    assert told_of(made)["duration"] == pytest.approx(1.5, abs=0.1)
    assert told_of(made)["audio_channels"] == "mono"
    assert sort_by(played(made)[:64]) is Sort.FILM  # in the container of films, whose name says that it is a sound


async def test_a_film_keeps_its_time_and_can_begin_before_it_has_come(workshop: Workshop, tmp_path: Path) -> None:
    made = await made_of(workshop, tmp_path, films.film(seconds=2))

    frames = films.frames(played(made))

    assert [round(moment * films.RATE) for moment, _ in frames] == list(range(50))
    assert films.lasting(played(made)) == pytest.approx(2, abs=0.1)
    assert (told_of(made)["frame_rate"], told_of(made)["duration"]) == ("25/1", pytest.approx(2, abs=0.1))
    assert played(made).index(b"moov") < played(made).index(b"mdat")
    left, right = (frames[9][1].getpixel((x, 40)) for x in (10, 150))
    assert isinstance(left, tuple) and isinstance(right, tuple)
    assert left[0] > 200 and right[2] > 200


async def test_too_many_and_too_large_frames_become_fewer_and_smaller(workshop: Workshop, tmp_path: Path) -> None:
    made = await made_of(workshop, tmp_path, films.film(size=(1920, 1080), rate=60, heard=False, seconds=0.5))

    assert made.original is not None and made.small is not None
    assert made.original.width * made.original.height <= FILM_KEPT
    assert len(films.frames(played(made))) == FILM_SPEED // 2
    assert films.frames(played(made))[0][1].size == (made.original.width, made.original.height)
    assert pictures.opened(made.small.path.read_bytes()).size == (640, 360)


@pytest.mark.parametrize(("turned", "red"), [(90, (45, 150)), (180, (150, 45)), (270, (45, 10))])
async def test_a_film_stands_as_its_camera_was_held(
    workshop: Workshop, tmp_path: Path, turned: int, red: tuple[int, int]
) -> None:
    made = await made_of(workshop, tmp_path, films.film(turned=turned, heard=False))

    image = films.frames(played(made))[3][1]
    found = image.getpixel(red)

    assert image.size == ((160, 90) if turned == 180 else (90, 160))
    assert isinstance(found, tuple) and found[0] > 200 and max(found[1:]) < 60


@pytest.mark.parametrize(
    ("kind", "codec", "form"),
    [
        ("mp4", "libx264", "yuvj420p"), ("mp4", "libx264rgb", "rgb24"), ("mp4", "libx265", "yuv420p10le"),
        ("webm", "libvpx-vp9", "yuv444p"), ("webm", "libsvtav1", "yuv420p"), ("mp4", "mpeg4", "yuv420p"),
    ],
)  # fmt: skip
async def test_colours_stay_however_they_were_written(
    workshop: Workshop, tmp_path: Path, kind: str, codec: str, form: str
) -> None:
    made = await made_of(workshop, tmp_path, films.film(kind, codec=codec, form=form, heard=False, seconds=0.4))

    image = films.frames(played(made))[3][1]
    red, blue = image.getpixel((10, 45)), image.getpixel((150, 45))

    assert isinstance(red, tuple) and isinstance(blue, tuple)
    assert red[0] > 235 and blue[2] > 235 and max(*red[1:], *blue[:2]) < 20


async def test_a_frame_that_shows_something_stands_for_the_film(workshop: Workshop, tmp_path: Path) -> None:
    made = await made_of(workshop, tmp_path, films.film(dark=0.5, heard=False))

    assert made.small is not None
    corner = pictures.opened(made.small.path.read_bytes()).getpixel((5, 5))
    assert isinstance(corner, tuple) and corner[0] > 200
    assert len(made.blurhash) == 28


async def test_a_film_may_be_dark_and_silent(workshop: Workshop, tmp_path: Path) -> None:
    made = await made_of(workshop, tmp_path, films.film(dark=9, heard=False))

    assert made.small is not None
    assert "audio" not in told_of(made)


def claiming(seconds: float) -> bytes:
    """A film that says it lasts so long."""
    data = films.film("matroska")
    at = data.index(b"\x44\x89\x88") + 3
    return data[:at] + struct.pack(">d", seconds * 1000) + data[at + 8 :]


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing in it": (lambda: b"\0\0\0\x20ftypisom", "broken"),
    "zeros": (lambda: b"\0\0\0\x20ftypisom" + bytes(5000), "broken"),
    "a page": (lambda: b"\0\0\0\x20ftypisom<!doctype html><script>alert(1)</script>", "broken"),
    "index lost": (lambda: films.film()[:9000], "broken"),
    "noise": (lambda: b"\x1a\x45\xdf\xa3" + bytes(range(256)) * 400, "broken"),
    "claims a year": (lambda: claiming(365 * 86400), "length"),
    "claims a minute": (lambda: claiming(60), "broken"),
    "claims less than nothing": (lambda: claiming(float("-inf")), ""),
    "claims no number": (lambda: claiming(float("nan")), ""),
    "frames too large": (lambda: films.film(size=(4000, 2200), seconds=0.08, heard=False), "pixels"),
    "half a sound": (lambda: films.sound("flac", seconds=5)[:100_000], "broken"),
    "no sound in it": (lambda: b"OggS" + bytes(400), "broken"),
    "a tag alone": (lambda: b"ID3\x04\0\0\0\0\x0f\x7f" + bytes(2047), "broken"),
    "playlist": (lambda: b"ID3\x04\0\0\0\0\0\0#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", "broken"),
    "list of files": (lambda: b"\xff\xfbffconcat version 1.0\nfile /etc/passwd\n", "broken"),
}


@pytest.mark.parametrize(("sent", "why"), HOSTILE.values(), ids=HOSTILE)
async def test_a_hostile_film_is_refused_soon_and_the_next_one_is_made(
    workshop: Workshop, tmp_path: Path, sent: Callable[[], bytes], why: str
) -> None:
    data = sent()
    began = time.monotonic()

    if why:
        with pytest.raises(Unmade, match=why):
            await made_of(workshop, tmp_path, data)
        assert there(tmp_path) == ["sent"]
    else:
        await made_of(workshop, tmp_path, data)

    assert time.monotonic() - began < SOON
    await made_of(workshop, tmp_path, films.sound("wav", seconds=0.2))


async def test_a_film_whose_end_is_missing_is_refused(workshop: Workshop, tmp_path: Path) -> None:
    whole = played(await made_of(workshop, tmp_path, films.film(seconds=4, noise=True)))
    assert whole.index(b"moov") < len(whole) // 2

    with pytest.raises(Unmade, match="broken"):
        await made_of(workshop, tmp_path, whole[: len(whole) // 2])


def test_a_film_that_never_ends_and_does_not_say_so_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "FILM_LENGTH", 2)
    data = films.film("matroska", seconds=4, rate=5)
    at = data.index(b"\x44\x89\x88")
    endless = data[:at] + b"\xec\x89\x88" + data[at + 3 :]  # an element without meaning in the place of the duration

    with pytest.raises(Unfit, match="length"):
        make(films.written(tmp_path, endless), tmp_path / "whole", tmp_path / "small")


async def test_who_is_not_answered_in_time_gets_nothing_and_the_process_ends(tmp_path: Path) -> None:
    workshop = Workshop("node.pictures.projector", time=0.05)
    with pytest.raises(Unmade, match="time"):
        await made_of(workshop, tmp_path, films.film(size=(1280, 720), noise=True, seconds=0.5))

    assert there(tmp_path) == ["sent"]
    await asyncio.wait_for(workshop.close(), 5)


async def test_a_look_tells_what_is_no_film_and_makes_nothing(workshop: Workshop, tmp_path: Path) -> None:
    fine = await workshop.make(films.written(tmp_path, films.film()), "look", into=tmp_path / "made")
    with pytest.raises(Unmade, match="length"):
        await workshop.make(films.written(tmp_path, claiming(9999)), "look", into=tmp_path / "made")

    assert (fine.original, fine.paths) == (None, [])


@pytest.mark.parametrize(
    ("sent", "sort"),
    [
        (films.film, Sort.FILM),
        (partial(films.film, "mov"), Sort.FILM),
        (partial(films.film, "webm", codec="libvpx"), Sort.FILM),
        (partial(films.sound, "mp3"), Sort.SOUND),
        (partial(films.sound, "mp3", told=True), Sort.SOUND),
        (partial(films.sound, "adts"), Sort.SOUND),
        (partial(films.sound, "ogg"), Sort.SOUND),
        (partial(films.sound, "flac"), Sort.SOUND),
        (partial(films.sound, "wav"), Sort.SOUND),
        (partial(films.sound, "ipod"), Sort.SOUND),
        (lambda: b"\xff\xfeh\0e\0", Sort.OTHER),
        (lambda: b"\xff", Sort.OTHER),
        (lambda: b"#EXTM3U\n", Sort.OTHER),
        (lambda: b"ffconcat version 1.0\n", Sort.OTHER),
        (lambda: b"RIFF\0\0\0\0AVI ", Sort.OTHER),
    ],
)
def test_the_first_bytes_say_which_film_or_sound_it_is(sent: Callable[[], bytes], sort: Sort) -> None:
    assert sort_by(sent()[:64]) is sort
