"""What a file is by its first bytes; what its sender says of it is not believed. And how large pictures may be."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

HEAD = 64  # bytes that tell
PIXELS = 50_000_000  # of a picture, or of all frames of one, before it is decoded
SIDE = 30_000  # pixels
FRAMES = 300  # of an animation
LARGEST = 3840 * 2160  # pixels that are kept
SMALL = 640 * 360  # pixels of the small picture
TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif")


class Sort(StrEnum):
    """What can be read, and what people send though it cannot."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"
    FILM = "film"
    SOUND = "sound"
    OTHER = "other"


_STARTS = {
    b"\xff\xd8\xff": Sort.JPEG,
    b"\x89PNG\r\n\x1a\n": Sort.PNG,
    b"GIF87a": Sort.GIF,
    b"GIF89a": Sort.GIF,
    b"\x1a\x45\xdf\xa3": Sort.FILM,
    b"OggS": Sort.SOUND,
    b"ID3": Sort.SOUND,
    b"fLaC": Sort.SOUND,
}
_RIFF = {b"WEBP": Sort.WEBP, b"AVI ": Sort.FILM, b"WAVE": Sort.SOUND}
_STILL = (b"heic", b"heix", b"heif", b"mif1", b"msf1", b"avif", b"avis")  # pictures in the container of films


def sort_of(path: Path) -> Sort:
    """What the file is; reads its first bytes."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], Sort.OTHER)
    if head[4:8] == b"ftyp":
        return Sort.SOUND if head[8:11] == b"M4A" else Sort.OTHER if head[8:12] in _STILL else Sort.FILM
    return next((sort for start, sort in _STARTS.items() if head.startswith(start)), Sort.OTHER)


def fitted(width: int, height: int, area: int) -> tuple[int, int]:
    """The size of the same shape that has at most ``area`` pixels; never larger than it is."""
    if width * height <= area:
        return width, height
    factor = (area / (width * height)) ** 0.5
    return max(1, int(width * factor)), max(1, int(height * factor))
