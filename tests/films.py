"""Films and sounds as people send them, made here by PyAV."""

from __future__ import annotations

import io
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.container import OutputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from tests.pictures import MARK

RATE = 25  # frames a second
SAMPLES = 48_000  # a second
SPEECH = {"mp3": "libmp3lame", "ogg": "libopus", "flac": "flac", "wav": "pcm_s16le", "adts": "aac", "ipod": "aac"}
TELLING = {  # all that phones and programs write into a file, with the mark in it
    "title": MARK, "artist": MARK, "comment": MARK, "encoder": MARK, "creation_time": "2026-01-02T03:04:05Z",
    "location": "+51.4700-000.4500/", "location-eng": "+51.4700-000.4500/", "make": MARK, "model": MARK,
    "com.apple.quicktime.location.ISO6709": "+51.4700-000.4500/", "com.apple.quicktime.model": MARK, "copyright": MARK,
}  # fmt: skip
PLACE = b"+51.4700"


def film(
    kind: str = "mp4", *, seconds: float = 1.0, size: tuple[int, int] = (160, 90), rate: int = RATE, heard: bool = True,
    codec: str = "libx264", turned: int = 0, told: bool = False, dark: float = 0.0, noise: bool = False,
    form: str = "yuv420p",
) -> bytes:  # fmt: skip
    """A film: red left, blue right, with a rising grey between. ``told``: it tells where it was made, and by whom."""
    file = io.BytesIO()
    options = {"movflags": "use_metadata_tags"} if told and kind in ("mp4", "mov") else {}
    with av.open(file, "w", format=kind, options=options) as made:
        if told:
            made.metadata.update(TELLING)
            made.set_chapters(
                [{"id": 1, "start": 0, "end": 500, "time_base": Fraction(1, 1000), "metadata": {"title": MARK}}]
            )
        seen = made.add_stream(codec, rate=rate, options={"preset": "ultrafast"} if codec == "libx264" else {})
        assert isinstance(seen, VideoStream)
        seen.width, seen.height, seen.pix_fmt = *size, form
        sound = (
            made.add_stream("libopus" if kind == "webm" else "aac", rate=SAMPLES, layout="stereo") if heard else None
        )
        if told:
            for one in (seen, sound):
                if one is not None:
                    one.metadata.update(TELLING | {"handler_name": MARK, "language": "cym"})
        if told and kind in ("mp4", "mov"):
            _write_under(made)
        if told and kind == "matroska":
            made.add_attachment("place.txt", "font/ttf", MARK.encode())
        if turned:
            seen.set_display_rotation(turned)
        for number in range(round(seconds * rate)):
            _add(made, seen, _picture(number, size, number / rate < dark, noise, form))
        _add(made, seen, None)
        if sound is not None:
            _sing(made, sound, seconds)
    return file.getvalue().replace(b"x264 - core 16", MARK.encode())  # what an encoder writes between the frames (SEI)


def _write_under(made: OutputContainer) -> None:
    """A stream of subtitles."""
    stream = made.add_mux_stream("mov_text")
    said = MARK.encode()
    packet = av.Packet(len(said).to_bytes(2, "big") + said)
    packet.stream, packet.time_base = stream, Fraction(1, 1000)
    packet.pts = packet.dts = 0
    packet.duration = 100
    made.mux(packet)


def _picture(
    number: int, size: tuple[int, int], dark: bool = False, noise: bool = False, form: str = "yuv420p"
) -> VideoFrame:
    if noise:
        image = Image.frombytes("RGB", size, random.Random(number).randbytes(size[0] * size[1] * 3))
    elif dark:
        image = Image.new("RGB", size)
    else:
        image = Image.new("RGB", size, (number % 256,) * 3)
        image.paste((255, 0, 0), (0, 0, size[0] // 3, size[1]))
        image.paste((0, 0, 255), (size[0] * 2 // 3, 0, size[0], size[1]))
    frame: VideoFrame = VideoFrame.from_image(image)  # type: ignore[no-untyped-call]  # so in PyAV's stub
    frame.pts = number
    return frame.reformat(format=form)


def _add(made: OutputContainer, stream: Any, frame: VideoFrame | AudioFrame | None) -> None:
    if isinstance(frame, VideoFrame):
        frame.time_base = 1 / stream.codec_context.framerate
    made.mux(stream.encode(frame))


def _sing(made: OutputContainer, stream: Any, seconds: float) -> None:
    layout = stream.codec_context.layout.name
    for start in range(0, round(seconds * SAMPLES), 960):
        frame = AudioFrame("s16", layout, 960)
        for plane in frame.planes:
            plane.update(bytes((start // 960 * 7 + place // 40) % 256 for place in range(plane.buffer_size)))
        frame.sample_rate, frame.pts, frame.time_base = SAMPLES, start, Fraction(1, SAMPLES)
        _add(made, stream, frame)
    _add(made, stream, None)


def sound(kind: str = "mp3", *, seconds: float = 1.0, layout: str = "stereo", told: bool = False) -> bytes:
    """A sound. ``told``: with tags, and a cover where one can be."""
    file = io.BytesIO()
    with av.open(file, "w", format=kind) as made:
        if told:
            made.metadata.update(TELLING)
        stream: Any = made.add_stream(SPEECH[kind], rate=SAMPLES, layout=layout)
        if told and kind in ("mp3", "flac"):
            _cover(made)
        _sing(made, stream, seconds)
    return file.getvalue()


def _cover(made: OutputContainer) -> None:
    cover: Any = made.add_stream("mjpeg", rate=1)
    cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
    cover.disposition = Disposition.attached_pic
    frame = _picture(0, (64, 64), form="yuvj420p")
    made.mux([*cover.encode(frame), *cover.encode(None)])


def streams(data: bytes) -> list[tuple[str, str]]:
    """Type and codec of each stream of a file."""
    with av.open(io.BytesIO(data), "r") as read:
        return [(one.type, str(getattr(one.codec_context, "name", ""))) for one in read.streams]


def words(data: bytes) -> dict[str, str]:
    """All tags of a file and its streams."""
    with av.open(io.BytesIO(data), "r") as read:
        found = dict(read.metadata)
        for one in read.streams:
            found |= one.metadata
        return found


def frames(data: bytes) -> list[tuple[float, Image.Image]]:
    """Moment and picture of each frame of a film that came back."""
    with av.open(io.BytesIO(data), "r") as read:
        return [(one.time, one.to_image()) for one in read.decode(video=0)]  # type: ignore[no-untyped-call]


def lasting(data: bytes) -> float:
    """Seconds of what can be decoded of its sound."""
    with av.open(io.BytesIO(data), "r") as read:
        return sum(one.samples / one.sample_rate for one in read.decode(audio=0))


def written(folder: Path, data: bytes) -> Path:
    """The file with these bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "sent"
    path.write_bytes(data)
    return path
