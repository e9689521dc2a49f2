"""What a MediaAttachment says of a film or sound, beside what it says of pictures. No I/O."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import orjson

from storage.attachments import Attachment


def meta(kept: Attachment) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stands in ``meta`` itself, and what in its ``original``; https://docs.joinmastodon.org/entities/MediaAttachment/."""
    if not kept.playing:
        return {}, {}
    known: dict[str, Any] = orjson.loads(kept.playing)
    duration = known.get("duration")
    above: dict[str, Any] = {}
    original: dict[str, Any] = {}
    if duration:
        above |= {"length": _length(duration), "duration": duration}
        original["duration"] = duration
    if "bitrate" in known:
        original["bitrate"] = known["bitrate"]
    if "frame_rate" in known:
        original["frame_rate"] = known["frame_rate"]
        above["fps"] = round(Fraction(known["frame_rate"]))
    if kept.width and kept.height:
        above |= {"size": f"{kept.width}x{kept.height}", "width": kept.width, "height": kept.height}
        above["aspect"] = kept.width / kept.height
    if "audio" in known:
        above |= {"audio_encode": known["audio"], "audio_bitrate": f"{known['audio_rate']} Hz"}
        above["audio_channels"] = known["audio_channels"]
    return above, original


def _length(seconds: float) -> str:
    """As "0:01:28.65"."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02d}:{rest:05.2f}"
