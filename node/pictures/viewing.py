"""A film or sound as it was sent: opened by itself, and decoded. Runs in ``node.pictures.projector``.

How we know that nothing else is read: the reader of the container is chosen by ``kinds.container_by``, never guessed by
FFmpeg, whose readers of playlists are so never asked; it reads an open file, may open no other, and has no protocol.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import InvalidDataError
from av.stream import Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from node.pictures import kinds
from node.pictures.making import Unfit

CODECS = (
    "h264", "hevc", "vp8", "vp9", "libdav1d", "av1", "mpeg4",
    "aac", "mp3", "mp3float", "opus", "libopus", "vorbis", "libvorbis", "flac", "alac", "pcm_s16le", "pcm_s24le",
    "pcm_s32le", "pcm_u8", "pcm_f32le", "pcm_s16be", "pcm_s24be",
)  # fmt: skip
EXACT = ("mov", "matroska", "flac", "wav")  # containers that say how long they last, not guess it
THREADS = 2
FAULTS = 25  # packets that cannot be decoded


@contextmanager
def opened(source: Path) -> Generator[InputContainer]:
    """The file, to be read. Raises Unfit, and what a reader of containers raises."""
    with source.open("rb") as file:
        container = kinds.container_by(file.read(kinds.HEAD))
        file.seek(0)
        if not container:
            raise Unfit("broken")
        options = {
            "format_whitelist": "matroska,webm" if container == "matroska" else container,
            "codec_whitelist": ",".join(CODECS),
            "protocol_whitelist": "none",
        }
        with av.open(
            file, "r", format=container, options=options, metadata_errors="replace", io_open=_nothing_else
        ) as read:
            yield read


def _nothing_else(*_: Any) -> NoReturn:
    raise PermissionError("only the one file is read")


def claimed(read: InputContainer) -> float:
    """Seconds that the file says it lasts; 0: it does not."""
    return (read.duration or 0) / av.time_base


def chosen(read: InputContainer) -> tuple[VideoStream | None, AudioStream | None]:
    """The first film that is no cover, and the first sound. Raises Unfit when there is none, or too much of it."""
    films = [one for one in read.streams.video if not one.disposition & Disposition.attached_pic]
    film, sound = next(iter(films), None), next(iter(read.streams.audio), None)
    if film is None and sound is None:
        raise Unfit("nothing")
    if claimed(read) > (kinds.SOUND_LENGTH if film is None else kinds.FILM_LENGTH):
        raise Unfit("length")
    if film is not None:
        fits(film.codec_context)
    return film, sound


def fits(frame: VideoFrame | VideoCodecContext) -> None:
    """Raises Unfit when it is too large."""
    if frame.width * frame.height > kinds.FILM_PIXELS or max(frame.width, frame.height) > kinds.FILM_SIDE:
        raise Unfit("pixels")


def frames(
    read: InputContainer, film: VideoStream | None, sound: AudioStream | None
) -> Iterator[VideoFrame | AudioFrame]:
    """What can be decoded. Raises Unfit when too little can."""
    streams = [one for one in (film, sound) if one is not None]
    for one in streams:
        one.codec_context.options = {"max_pixels": str(kinds.FILM_PIXELS)}
        one.codec_context.thread_count = THREADS
    wrong = 0
    for packet in read.demux(*streams):
        try:
            yield from (one for one in packet.decode() if isinstance(one, VideoFrame | AudioFrame))
        except InvalidDataError:
            wrong += 1
            if wrong > FAULTS:
                raise Unfit("broken") from None
