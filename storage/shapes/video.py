"""A video, with captions, and all that is said in it."""

from __future__ import annotations

from dataclasses import dataclass

from storage.shapes.common import Shape, by
from storage.shapes.rules import Address, Lasting, Text, WrongField, YesNo

TRANSCRIPT = 20_000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Video(Shape):
    """A film that comes with the post, or stands elsewhere."""

    description: str = by(Text())
    source: str = by(Address())
    duration: str = by(Lasting())
    captions: bool | None = by(YesNo(), None)  # or nobody speaks
    transcript: str = by(Text(most=TRANSCRIPT))

    def check(self) -> None:
        if not self.captions:
            raise WrongField("captions", "A video needs captions: many cannot hear it, or watch without sound.")
        if not self.transcript:
            raise WrongField("transcript", "Write down what is said and shown: many cannot watch it.")
