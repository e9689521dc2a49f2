"""What is made of a picture: its pixels, the right way up, and nothing that came beside them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from node.pictures import kinds
from node.pictures.kinds import LARGEST, SMALL, Sort, fitted, sort_of
from node.pictures.workshop import Made, Picture, Unmade, Workshop
from tests import pictures
from tests.pictures import MARK


@pytest.fixture
async def workshop() -> AsyncGenerator[Workshop]:
    made = Workshop()
    yield made
    await made.close()


async def make(workshop: Workshop, folder: Path, data: bytes, role: str = "post") -> tuple[Picture, Picture, Made]:
    source = folder / "source"
    source.write_bytes(data)
    made = await workshop.make(source, role, into=folder / "made")
    assert made.original is not None and made.small is not None
    return made.original, made.small, made


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (pictures.telling_jpeg(), "image/jpeg"),
        (pictures.telling_png(), "image/png"),
        (pictures.telling_webp(), "image/jpeg"),
        (pictures.telling_gif(), "image/gif"),
    ],
    ids=["JPEG", "PNG", "WebP", "GIF"],
)
async def test_nothing_that_came_beside_the_pixels_is_kept(
    workshop: Workshop, tmp_path: Path, data: bytes, media_type: str
) -> None:
    assert MARK.encode() in data  # so that it could be found

    original, small, _ = await make(workshop, tmp_path, data)

    assert original.media_type == media_type
    for one in (original, small):
        written = one.path.read_bytes()
        made = pictures.opened(written)
        assert MARK[:13].encode() not in written and MARK[:13].encode("utf-16-be") not in written
        assert (len(made.getexif()), made.info.keys() & {"exif", "xmp", "icc_profile", "comment"}) == (0, set())


async def test_a_photo_stands_as_its_camera_was_held(workshop: Workshop, tmp_path: Path) -> None:
    original, _, _ = await make(workshop, tmp_path, pictures.telling_jpeg())

    made = pictures.opened(original.path.read_bytes()).convert("RGB")

    assert (original.width, original.height, made.size) == (60, 80, (60, 80))
    red = made.getpixel((50, 10))  # top left, turned to the right
    assert isinstance(red, tuple) and red[0] > 200 and max(red[1:]) < 60


async def test_colours_of_another_profile_are_converted(workshop: Workshop, tmp_path: Path) -> None:
    swapped = pictures.profile().replace(b"rXYZ", b"-XYZ").replace(b"gXYZ", b"rXYZ").replace(b"-XYZ", b"gXYZ")
    data = pictures.saved(pictures.drawn(), "JPEG", quality=95, icc_profile=swapped)

    original, _, _ = await make(workshop, tmp_path, data)

    red = pictures.opened(original.path.read_bytes()).getpixel((10, 10))  # its first number means green there
    assert isinstance(red, tuple) and red[1] > 200 and red[0] < 120


async def test_a_profile_that_cannot_be_used_is_left_out(workshop: Workshop, tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for image, profile in ((pictures.drawn(), lab), (pictures.drawn(), b"none"), (pictures.drawn(mode="CMYK"), None)):
        original, _, _ = await make(workshop, tmp_path, pictures.saved(image, "JPEG", icc_profile=profile))
        assert pictures.opened(original.path.read_bytes()).mode == "RGB"


async def test_who_goes_away_leaves_no_answer_to_the_next_one(workshop: Workshop, tmp_path: Path) -> None:
    await make(workshop, tmp_path, pictures.png())
    large, source = tmp_path / "large", tmp_path / "small"
    large.write_bytes(pictures.jpeg((6000, 5000)))
    source.write_bytes(pictures.png((30, 20)))
    gone = asyncio.create_task(workshop.make(large, "post", into=tmp_path / "gone"))
    await asyncio.sleep(0.05)

    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    made = await workshop.make(source, "post", into=tmp_path / "made")

    assert made.original is not None
    assert (made.original.width, made.original.height) == (30, 20)
    assert not any((tmp_path / f"gone.{one}").exists() for one in ("whole", "small"))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
async def test_every_sort_of_png_can_be_read(workshop: Workshop, tmp_path: Path, mode: str) -> None:
    image = pictures.drawn(mode="L").convert("I").convert(mode) if mode == "I;16" else pictures.drawn(mode=mode)

    original, small, _ = await make(workshop, tmp_path, pictures.saved(image, "PNG"))

    assert original.media_type == "image/png"
    assert pictures.opened(original.path.read_bytes()).has_transparency_data == (mode in ("LA", "RGBA"))
    assert small.media_type == ("image/png" if mode in ("LA", "RGBA") else "image/jpeg")


async def test_a_large_picture_becomes_smaller(workshop: Workshop, tmp_path: Path) -> None:
    original, small, _ = await make(workshop, tmp_path, pictures.jpeg((5000, 2500)))

    assert (original.width, original.height) == fitted(5000, 2500, LARGEST)
    assert original.width * original.height <= LARGEST and small.width * small.height <= SMALL
    assert pictures.opened(original.path.read_bytes()).size == (original.width, original.height)


async def test_an_animation_goes_on_moving(workshop: Workshop, tmp_path: Path) -> None:
    original, _, _ = await make(workshop, tmp_path, pictures.telling_gif())

    with Image.open(original.path) as made:
        assert getattr(made, "n_frames", 1) == 3
        assert made.info["duration"] == 100


async def test_an_animation_without_end_is_refused(workshop: Workshop, tmp_path: Path) -> None:
    frames = [Image.new("L", (2, 2), number % 250) for number in range(kinds.FRAMES + 1)]
    data = pictures.saved(frames[0], "GIF", save_all=True, append_images=frames[1:])

    with pytest.raises(Unmade, match="frames"):
        await make(workshop, tmp_path, data)


@pytest.mark.parametrize("data", [pictures.jpeg()[:300], pictures.png()[:90], b"\x89PNG\r\n\x1a\n", b""])
async def test_a_damaged_file_is_refused_and_the_next_one_is_made(
    workshop: Workshop, tmp_path: Path, data: bytes
) -> None:
    with pytest.raises(Unmade, match="broken"):
        await make(workshop, tmp_path, data)

    assert not (tmp_path / "made.whole").exists()
    await make(workshop, tmp_path, pictures.png())


async def test_a_bomb_is_refused_before_it_is_decoded(workshop: Workshop, tmp_path: Path) -> None:
    await make(workshop, tmp_path, pictures.png())
    began = time.monotonic()

    with pytest.raises(Unmade, match="pixels"):
        await make(workshop, tmp_path, pictures.saved(Image.new("1", (30_000, 30_000)), "PNG"))

    assert time.monotonic() - began < 10  # most of it makes the bomb


async def test_a_process_that_was_killed_is_started_anew(workshop: Workshop, tmp_path: Path) -> None:
    await make(workshop, tmp_path, pictures.png())
    assert workshop._process is not None
    workshop._process.kill()

    with pytest.raises(Unmade):
        await make(workshop, tmp_path, pictures.png())
    await make(workshop, tmp_path, pictures.png())


@pytest.mark.parametrize(("role", "size"), [("avatar", (400, 400)), ("header", (1500, 500))])
async def test_avatars_and_headers_are_cropped(
    workshop: Workshop, tmp_path: Path, role: str, size: tuple[int, int]
) -> None:
    source = tmp_path / "source"
    source.write_bytes(pictures.jpeg((1000, 700)))

    made = await workshop.make(source, role, into=tmp_path / "made")

    assert made.original is not None and made.small is None
    assert pictures.opened(made.original.path.read_bytes()).size == size


@pytest.mark.parametrize(
    ("data", "sort"),
    [
        (pictures.jpeg(), Sort.JPEG), (pictures.png(), Sort.PNG), (pictures.telling_webp(), Sort.WEBP),
        (pictures.telling_gif(), Sort.GIF), (b"\0\0\0\x20ftypisom", Sort.FILM), (b"\0\0\0\x20ftypheic", Sort.OTHER),
        (b"OggS", Sort.SOUND), (b"<svg xmlns=''/>", Sort.OTHER), (b"", Sort.OTHER),
    ],
    ids=["JPEG", "PNG", "WebP", "GIF", "MP4", "HEIC", "Ogg", "SVG", "nothing"],
)  # fmt: skip
def test_the_first_bytes_say_what_a_file_is(tmp_path: Path, data: bytes, sort: Sort) -> None:
    (tmp_path / "file").write_bytes(data)

    assert sort_of(tmp_path / "file") is sort
