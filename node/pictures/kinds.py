"""What a file is by its first bytes; what its sender says of it is not believed. And how large it may be."""

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

FILM_TYPES = ("video/mp4", "video/quicktime", "video/webm")
SOUND_TYPES = (
    "audio/mpeg", "audio/mp3", "audio/mp4", "audio/x-m4a", "audio/m4a", "audio/aac", "audio/ogg", "audio/opus",
    "audio/vorbis", "audio/webm", "audio/flac", "audio/x-flac", "audio/wav", "audio/x-wav", "audio/wave",
)  # fmt: skip
HEAVIEST = 96 << 20  # bytes of a film or sound as it is sent
FILM_LENGTH = 10 * 60  # seconds
SOUND_LENGTH = 60 * 60  # seconds
FILM_PIXELS = 3840 * 2160  # of a frame as it is sent
FILM_SIDE = 8192  # pixels
FILM_RATE = 120  # frames a second that are decoded
FILM_KEPT = 1280 * 720  # pixels of a frame that are kept
FILM_SPEED = 30  # frames a second that are kept


class Sort(StrEnum):
    """What can be read, and what people send though it cannot."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"
    FILM = "video/mp4"  # what is made of each
    SOUND = "audio/mp4"
    OTHER = "other"


_STARTS = {
    b"\xff\xd8\xff": Sort.JPEG,
    b"\x89PNG\r\n\x1a\n": Sort.PNG,
    b"GIF87a": Sort.GIF,
    b"GIF89a": Sort.GIF,
}
_STILL = (b"heic", b"heix", b"heif", b"mif1", b"msf1", b"avif", b"avis")  # pictures in the container of films
_BOXES = (b"moov", b"mdat", b"wide")  # QuickTime before it had ``ftyp``
_CONTAINERS = {b"\x1a\x45\xdf\xa3": "matroska", b"OggS": "ogg", b"ID3": "mp3", b"fLaC": "flac"}
SOUNDS = ("ogg", "mp3", "aac", "flac", "wav")


def sort_of(path: Path) -> Sort:
    """What the file is; reads its first bytes."""
    with path.open("rb") as file:
        return sort_by(file.read(HEAD))


def sort_by(head: bytes) -> Sort:
    """What a file with these first bytes is."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Sort.WEBP
    found = container_by(head)
    if found:
        return Sort.SOUND if found in SOUNDS or head[8:11] == b"M4A" else Sort.FILM
    return next((sort for start, sort in _STARTS.items() if head.startswith(start)), Sort.OTHER)


def container_by(head: bytes) -> str:
    """The container of a film or sound with these first bytes, as FFmpeg calls its reader; "": it is none."""
    if head[4:8] == b"ftyp":
        return "" if head[8:12] in _STILL else "mov"
    if head[4:8] in _BOXES:
        return "mov"
    if head[:4] == b"RIFF":
        return "wav" if head[8:12] == b"WAVE" else ""
    if head[:1] == b"\xff" and len(head) > 1:  # the frames of MP3 (layer III) and AAC (layer 0) say so each
        return {0xE2: "mp3", 0xF0: "aac"}.get(head[1] & (0xE6 if head[1] & 0x06 else 0xF6), "")
    return next((name for start, name in _CONTAINERS.items() if head.startswith(start)), "")


def fitted(width: int, height: int, area: int) -> tuple[int, int]:
    """The size of the same shape that has at most ``area`` pixels; never larger than it is."""
    if width * height <= area:
        return width, height
    factor = (area / (width * height)) ** 0.5
    return max(1, int(width * factor)), max(1, int(height * factor))
