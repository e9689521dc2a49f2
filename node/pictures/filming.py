"""A film or sound made anew from its frames and samples alone. Runs in ``node.pictures.projector``.

How we know that nothing else is kept: the new file is begun empty, and all that ever goes into it is decoded frames and
samples that were encoded here. No packet, header, tag, chapter, cover, subtitle or data stream of what was sent is
copied, so neither the place in an MP4 nor what cameras write between the frames (SEI) can be. What the decoder hangs on
a frame beside its pixels (captions, user data) is what the encoder is told not to write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.filter import Graph
from av.packet import Packet
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from PIL import Image, ImageStat

from node.pictures import kinds, viewing
from node.pictures.kinds import fitted
from node.pictures.making import Unfit, small_of

CLOCK = 90_000  # ticks of a second in what is written
RATES = (32_000, 44_100, 48_000)  # samples a second that are kept; others become the last
TOGETHER = 1024  # samples in a frame of AAC
LOOKED = 3.0  # seconds in which a frame is sought that shows something
SHOWING = 12.0  # how far the brightness of such a frame varies, of 255
RGB, BT709, LIMITED = 0, 1, 1  # as ITU-T H.273 numbers colours, and FFmpeg ranges
WRITING = {"movflags": "+faststart", "fflags": "+bitexact"}
FILM: Mapping[str, str] = {
    "preset": "veryfast", "crf": "25", "maxrate": "2500k", "bufsize": "5000k", "profile": "high", "a53cc": "0",
    "udu_sei": "0",
}  # fmt: skip


def make(source: Path, whole: Path, small: Path) -> dict[str, Any]:
    """Write the film or sound to ``whole`` and a picture of the film to ``small``; what they are.

    Raises Unfit, and whatever a decoder raises.
    """
    with viewing.opened(source) as read:
        film, sound = viewing.chosen(read)
        start = (read.start_time or 0) / av.time_base
        with av.open(str(whole), "w", format="mp4", options=WRITING) as container:
            written = _Written(container, sum(one is not None for one in (film, sound)))
            seen = None if film is None else _Film(written, film, start)
            heard = None if sound is None else _Sound(written, sound, start)
            _copy(viewing.frames(read, film, sound), seen, heard)
            written.end()
        said = _said(whole, small, seen, heard)
        until = max(_length(seen, heard), 0.0 if seen is None else seen.until)
        if read.format.name.split(",")[0] in viewing.EXACT and until < viewing.claimed(read) * 0.9 - 1:
            raise Unfit("broken")  # the end is missing
    return said


def look(source: Path) -> dict[str, Any]:
    """Nothing, when the file can be opened and begun, which takes no time. Raises as ``make`` does."""
    with viewing.opened(source) as read:
        for frame in viewing.frames(read, *viewing.chosen(read)):
            if isinstance(frame, VideoFrame):
                viewing.fits(frame)
            return {}
    raise Unfit("broken")


def _copy(frames: Iterator[VideoFrame | AudioFrame], seen: _Film | None, heard: _Sound | None) -> None:
    """Write all frames. Raises Unfit when they last too long."""
    longest = kinds.SOUND_LENGTH if seen is None else kinds.FILM_LENGTH
    for frame in frames:
        if isinstance(frame, VideoFrame):
            if seen is not None:
                seen.take(frame)
        elif heard is not None:
            heard.take(frame)
        if _length(seen, heard) > longest + 1:
            raise Unfit("length")
    for one in (seen, heard):
        if one is not None:
            one.end()


def _length(seen: _Film | None, heard: _Sound | None) -> float:
    """Seconds so far."""
    return max(0.0 if seen is None else seen.length, 0.0 if heard is None else heard.length)


@dataclass
class _Written:
    """The file that is written. It cannot begin before all of its streams are known: until then packets wait."""

    container: OutputContainer
    streams: int
    _waiting: list[Packet[Any]] = field(default_factory=list)

    def mux(self, packets: list[Packet[Any]]) -> None:
        """Write packets, now or later."""
        if len(self.container.streams) < self.streams:
            self._waiting += packets
            return
        if self._waiting:
            packets, self._waiting = [*self._waiting, *packets], []
        self.container.mux(packets)

    def end(self) -> None:
        """No further stream comes."""
        self.streams = 0
        self.mux([])


@dataclass
class _Film:
    """The pictures that move, as they are written."""

    written: _Written
    film: VideoStream
    start: float  # seconds
    length: float = 0.0  # seconds
    until: float = 0.0  # seconds, of which the last frame of a slide show may take most
    kept: int = 0  # frames
    decoded: int = 0  # frames
    shown: Image.Image | None = None  # one that stands for all
    _found: bool = False
    _due: float = 0.0  # seconds
    _last: int = -1  # ticks
    _made: VideoStream | None = None
    _size: tuple[int, int] = (0, 0)
    _graph: Graph | None = None
    _reformatter: VideoReformatter = field(default_factory=VideoReformatter)
    _reformatter_of_small: VideoReformatter = field(default_factory=VideoReformatter)

    @property
    def size(self) -> tuple[int, int]:
        """Pixels of a frame that is written."""
        return (0, 0) if self._made is None else (self._made.width, self._made.height)

    @property
    def speed(self) -> float:
        """Frames a second that are written."""
        return (self.kept - 1) * CLOCK / self._last if self.kept > 1 else 1.0

    def take(self, frame: VideoFrame) -> None:
        """Write a frame, unless it comes too soon after the one before. Raises Unfit."""
        self.decoded += 1
        if self.decoded > kinds.FILM_LENGTH * kinds.FILM_RATE:
            raise Unfit("frames")
        viewing.fits(frame)
        step = 1 / kinds.FILM_SPEED
        moment = self.length if frame.pts is None else frame.time - self.start
        self.length = max(self.length, moment + step)
        self.until = max(self.until, moment + float(frame.duration * (frame.time_base or 0)))
        if moment < self._due - step / 4:
            return
        self._due = max(self._due + step, moment + step / 2)
        made = self._begun(frame)
        plain = self._plain(frame)
        self._look(plain, moment)
        plain.pts = self._last = max(self._last + 1, round(moment * CLOCK))
        plain.time_base = Fraction(1, CLOCK)
        plain.pict_type = 0  # the encoder chooses
        self.kept += 1
        self.written.mux(made.encode(plain))

    def end(self) -> None:
        """Write what the encoder still holds. Raises Unfit when there was no frame."""
        if self._made is None:
            raise Unfit("broken")
        self.written.mux(self._made.encode(None))

    def _begun(self, frame: VideoFrame) -> VideoStream:
        """The stream that is written; the first frame says of what size."""
        if self._made is not None:
            return self._made
        turn = frame.rotation % 360
        stretch = float(self.film.sample_aspect_ratio or 1)
        wide = round(frame.width * stretch) if 0.1 <= stretch <= 10 else frame.width
        self._size = _even(*fitted(wide, frame.height, kinds.FILM_KEPT))
        if turn in _TURNS:
            self._graph = _turning(self._size, _TURNS[turn])
        made = self.written.container.add_stream("libx264", rate=kinds.FILM_SPEED, options=dict(FILM))
        made.width, made.height = self._size[::-1] if turn in (90, 270) else self._size
        made.pix_fmt = "yuv420p"
        made.time_base = made.codec_context.time_base = Fraction(1, CLOCK)
        made.codec_context.thread_count = viewing.THREADS
        ours = made.codec_context
        ours.color_range, ours.colorspace = LIMITED, BT709 if frame.colorspace == RGB else _known(frame.colorspace)
        ours.color_primaries, ours.color_trc = _known(frame.color_primaries), _known(frame.color_trc)
        self._made = made
        return made

    def _plain(self, frame: VideoFrame) -> VideoFrame:
        """The frame in the size and the way up in which it is written."""
        frame.colorspace = frame.colorspace if frame.colorspace == RGB else _known(frame.colorspace)
        width, height = self._size
        plain = self._reformatter.reformat(
            frame, width, height, "yuv420p", dst_colorspace=BT709 if frame.colorspace == RGB else None,
            dst_color_range=LIMITED, threads=viewing.THREADS,
        )  # fmt: skip
        if self._graph is None:
            return plain
        self._graph.push(plain)
        turned = self._graph.pull()
        if not isinstance(turned, VideoFrame):
            raise Unfit("broken")
        return turned

    def _look(self, frame: VideoFrame, moment: float) -> None:
        """Keep the first frame that is not all of one brightness; else the first."""
        if self._found or (self.shown is not None and moment > LOOKED):
            return
        width, height = fitted(frame.width, frame.height, kinds.SMALL)
        small = self._reformatter_of_small.reformat(frame, width, height, "rgb24")
        image: Image.Image = small.to_image()  # type: ignore[no-untyped-call]  # so in PyAV's stub
        self._found = ImageStat.Stat(image.convert("L")).stddev[0] > SHOWING
        if self._found or self.shown is None:
            self.shown = image


def _known(number: int) -> int:
    """A number of H.273; those that mean nothing yet are taken for unspecified."""
    return 2 if number in (0, 3) else number


_TURNS = {90: "transpose=cclock", 180: "hflip,vflip", 270: "transpose=clock"}


def _turning(size: tuple[int, int], how: str) -> Graph:
    graph = Graph()
    last = graph.add_buffer(width=size[0], height=size[1], format=VideoFormat("yuv420p"), time_base=Fraction(1, CLOCK))
    for name, _, value in (one.partition("=") for one in how.split(",")):
        step = graph.add(name, value or None)
        last.link_to(step)
        last = step
    last.link_to(graph.add("buffersink"))
    graph.configure()
    return graph


def _even(width: int, height: int) -> tuple[int, int]:
    return max(2, width // 2 * 2), max(2, height // 2 * 2)


@dataclass
class _Sound:
    """What is heard, as it is written."""

    written: _Written
    sound: AudioStream
    start: float  # seconds
    rate: int = 0  # samples a second
    _made: AudioStream | None = None
    _resampler: AudioResampler | None = None
    _samples: int = 0

    @property
    def length(self) -> float:
        """Seconds so far."""
        return self._samples / self.rate if self.rate else 0.0

    @property
    def layout(self) -> str:
        """Stereo or mono."""
        return "mono" if self.sound.codec_context.channels == 1 else "stereo"

    def take(self, frame: AudioFrame) -> None:
        """Write some samples."""
        if self._resampler is None:
            self._begin(frame)
        self._write(frame)

    def end(self) -> None:
        """Write what is still held. There may have been nothing: films have tracks without sound."""
        if self._made is None:
            return
        self._write(None)
        self.written.mux(self._made.encode(None))

    def _begin(self, frame: AudioFrame) -> None:
        self.rate = frame.sample_rate if frame.sample_rate in RATES else RATES[-1]
        self._resampler = AudioResampler("fltp", self.layout, self.rate, frame_size=TOGETHER)
        self._made = self.written.container.add_stream(
            "aac", rate=self.rate, layout=self.layout, options={"aac_coder": "fast"}
        )
        self._made.codec_context.bit_rate = 96_000 if self.layout == "mono" else 128_000
        moment = 0.0 if frame.time is None else frame.time - self.start
        self._samples = round(min(max(0.0, moment), kinds.FILM_LENGTH) * self.rate)

    def _write(self, frame: AudioFrame | None) -> None:
        if self._resampler is None or self._made is None:
            return
        for some in self._resampler.resample(frame):
            some.pts, some.time_base = self._samples, Fraction(1, self.rate)
            self._samples += some.samples
            self.written.mux(self._made.encode(some))


def _said(whole: Path, small: Path, seen: _Film | None, heard: _Sound | None) -> dict[str, Any]:
    """What was made, in the words of ``workshop.Made``; ``playing`` as ``storage.attachments`` keeps it."""
    duration = _length(seen, heard)
    if not duration:
        raise Unfit("broken")
    playing: dict[str, Any] = {"duration": round(duration, 3), "bitrate": round(whole.stat().st_size * 8 / duration)}
    if heard is not None:
        playing |= {"audio": "aac (LC)", "audio_rate": heard.rate, "audio_channels": heard.layout}
    if seen is None or seen.shown is None:
        original = {"ending": "m4a", "media_type": "audio/mp4", "width": 0, "height": 0}
        return {"original": original, "playing": playing}
    rate = Fraction(seen.speed).limit_denominator(1001)
    playing["frame_rate"] = f"{rate.numerator}/{rate.denominator}"
    width, height = seen.size
    original = {"ending": "mp4", "media_type": "video/mp4", "width": width, "height": height}
    return {"original": original, "playing": playing, **small_of(seen.shown, small)}
