"""A picture made anew from its pixels alone: nothing that came beside them is kept. Runs in ``node.pictures.child``.

Position and time of a photograph, names of cameras and people, thumbnails, comments, colour profiles and bytes behind
the end all stay behind. The way up that EXIF tells is applied, colours are converted to sRGB.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import blurhash
from PIL import ExifTags, GifImagePlugin, Image, ImageCms, ImageOps, ImageSequence
from PIL import WebPImagePlugin as WebPImagePlugin  # it is known by being imported

from node.pictures.kinds import FRAMES, LARGEST, PIXELS, SIDE, SMALL, fitted

READ = ("JPEG", "PNG", "WEBP", "GIF")
CROPPED: Mapping[str, tuple[int, int]] = {"avatar": (400, 400), "header": (1500, 500)}
HASHED = 24  # pixels of the longer side of what the blurhash is made of
UNREADABLE = (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, OverflowError, struct.error)
_TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
_SAVED: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {  # format: ending, type, how
    "JPEG": ("jpg", "image/jpeg", {"quality": 85}),
    "PNG": ("png", "image/png", {"compress_level": 4}),
    "WEBP": ("webp", "image/webp", {"quality": 82, "method": 2}),
    "GIF": ("gif", "image/gif", {}),
}
Image.MAX_IMAGE_PIXELS = PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
GifImagePlugin.LOADING_STRATEGY = GifImagePlugin.LoadingStrategy.RGB_AFTER_DIFFERENT_PALETTE_ONLY


class Unfit(Exception):
    """It can be read, but is not taken: ``pixels``, ``frames``, ``length``, ``nothing``, ``broken``."""


def make(source: Path, role: str, whole: Path, small: Path) -> dict[str, Any]:
    """Write the picture to ``whole`` and a small one to ``small``; what they are.

    ``role``: "post", "avatar" or "header" (cropped, and no small one), "thumbnail" (only a small one).
    Raises Unfit, and whatever a decoder raises.
    """
    with Image.open(source, formats=READ) as image:
        if image.width * image.height > PIXELS or max(image.size) > SIDE:
            raise Unfit("pixels")
        kind = image.format or ""
        if kind == "GIF" and getattr(image, "is_animated", False) and role == "post":
            return _animation(image, whole, small)
        made = _upright(image, CROPPED.get(role, fitted(*image.size, LARGEST)), cropped=role in CROPPED)
    if role == "thumbnail":
        return small_of(made, small)
    said = {"original": _save(made, _kept(kind, made), whole)}
    if role == "post":
        said |= small_of(made, small)
    return said


def _upright(image: Image.Image, size: tuple[int, int], *, cropped: bool) -> Image.Image:
    """The pixels, the right way up, in sRGB, of the wanted size."""
    turned = _turned(image)
    if image.format == "JPEG":
        image.draft("RGB", (max(size), max(size)) if cropped else size)  # decoded at a half or a quarter, where enough
    profile = image.info.get("icc_profile")
    made: Image.Image = image.copy()
    made = _plain(_in_srgb(made, profile))
    made.info.clear()
    if turned in _TURNED:
        made = made.transpose(_TURNED[turned])
    if cropped:
        return ImageOps.fit(made, size, Image.Resampling.LANCZOS)
    longest = fitted(*made.size, LARGEST)
    return made if made.size == longest else made.resize(longest, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _turned(image: Image.Image) -> int:
    try:
        found = image.getexif().get(ExifTags.Base.Orientation, 1)
    except UNREADABLE:
        return 1
    return found if isinstance(found, int) else 1


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as browsers take them without a profile; a profile that cannot be used is not."""
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    try:
        theirs = ImageCms.getOpenProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(theirs).lower():
            return image
        ours = ImageCms.createProfile("sRGB")
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(image, theirs, ours, outputMode=mode) or image
    except (ImageCms.PyCMSError, *UNREADABLE):
        return image


def _plain(image: Image.Image) -> Image.Image:
    """Grey, colour, or colour with transparency: what every kind can keep."""
    if image.mode in ("L", "RGB", "RGBA") and "transparency" not in image.info:
        return image
    seen_through = image.has_transparency_data
    grey = image.mode in ("1", "I", "F", "L") or image.mode.startswith("I;")
    return image.convert("RGBA" if seen_through else "L" if grey else "RGB")


def _kept(kind: str, image: Image.Image) -> str:
    """As what it is kept. Making a WebP costs six times a JPEG, and only a JPEG everybody can open."""
    if kind == "WEBP" and image.mode != "RGBA":
        return "JPEG"
    return "PNG" if kind == "GIF" else kind


def _save(image: Image.Image, kind: str, path: Path) -> dict[str, Any]:
    if kind == "JPEG" and image.mode == "RGBA":
        image = _on_white(image)
    ending, media_type, how = _SAVED[kind]
    image.save(path, kind, **how)
    return {"ending": ending, "media_type": media_type, "width": image.width, "height": image.height}


def _on_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image)
    return white.convert("RGB")


def small_of(image: Image.Image, path: Path) -> dict[str, Any]:
    """The small picture, and the blurhash made of it."""
    size = fitted(*image.size, SMALL)
    made = image if image.size == size else image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    return {"small": _save(made, "PNG" if made.mode == "RGBA" else "JPEG", path), "blurhash": _blurhash(made)}


def _blurhash(image: Image.Image) -> str:
    factor = HASHED / max(image.size)
    size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    tiny = image.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    tiny = _on_white(tiny) if tiny.mode == "RGBA" else tiny.convert("RGB")
    data = tiny.tobytes()
    rows = [
        [tuple(data[at : at + 3]) for at in range(y * tiny.width * 3, (y + 1) * tiny.width * 3, 3)]
        for y in range(tiny.height)
    ]
    wide = tiny.width >= tiny.height
    return str(blurhash.encode(rows, 4 if wide else 3, 3 if wide else 4))


def _animation(image: Image.Image, whole: Path, small: Path) -> dict[str, Any]:
    """A GIF that moves: its frames and how long each stays."""
    frames: list[Image.Image] = []
    lasting: list[int] = []
    for frame in ImageSequence.Iterator(image):
        if len(frames) == FRAMES or (len(frames) + 1) * image.width * image.height > PIXELS:
            raise Unfit("frames")
        kept = frame.copy()
        lasting.append(int(frame.info.get("duration", 100)))
        kept.info = {name: frame.info[name] for name in ("transparency", "background") if name in frame.info}
        frames.append(kept)
    first = frames[0].convert("RGBA" if frames[0].has_transparency_data else "RGB")
    first.info.clear()
    frames[0].save(
        whole, "GIF", save_all=True, append_images=frames[1:], duration=lasting, loop=0, disposal=2, comment=b""
    )
    said = {"ending": "gif", "media_type": "image/gif", "width": image.width, "height": image.height}
    return {"original": said, **small_of(first, small)}
