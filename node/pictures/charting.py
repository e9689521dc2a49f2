"""A chart as a PNG, for servers and apps that show no SVG. Runs in ``node.pictures.child``.

What lies where was decided elsewhere (``node.learning.charts.drawing``): here it is only drawn, at twice the size.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from node.pictures.making import Unfit, small_of

FONT = Path(__file__).parents[1] / "web" / "static" / "fonts" / "atkinson-next.woff2"
SCALE = 2
SIDE = 2_000  # pixels before that
SHAPES = 8_000  # lines, marks and words
PAPER, INK, INK_2, LINE, EDGE = "#fbfcfa", "#14231e", "#4b5b54", "#cfdad3", "#6f8177"
BRAND, CONCERN = "#0c5b4b", "#a8480a"
_LINES = {
    "axis": (LINE, 1.0, ()), "series": (EDGE, 1.5, ()), "centre": (INK, 1.5, ()), "limit": (INK_2, 1.5, (5, 4)),
    "event": (INK_2, 1.5, (1.5, 4)),
}  # fmt: skip
_WORDS = {"": (INK_2, 13, "Regular"), "strong": (INK, 13, "Bold"), "title": (INK, 16, "Bold")}
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}
COLOURS = 64  # of the palette: a quarter of the bytes


def draw(source: Path, whole: Path, small: Path) -> dict[str, Any]:
    """Write the chart of a drawing (JSON) to ``whole``, and a small one; what they are. Raises Unfit."""
    drawing = json.loads(source.read_bytes())
    width, height = drawing["width"], drawing["height"]
    if max(width, height) > SIDE or sum(len(drawing[name]) for name in ("lines", "marks", "words")) > SHAPES:
        raise Unfit("pixels")
    image = Image.new("RGB", (width * SCALE, height * SCALE), PAPER)
    canvas = ImageDraw.Draw(image)
    for one in drawing["lines"]:
        _line(canvas, one["css"], one["points"])
    for one in drawing["marks"]:
        _mark(canvas, one["css"], one["x"] * SCALE, one["y"] * SCALE)
    for one in drawing["words"]:
        colour, size, weight = _WORDS[one["css"]]
        place = (one["x"] * SCALE, one["y"] * SCALE)
        canvas.text(place, one["text"], fill=colour, font=_font(size, weight), anchor=_ANCHORS[one["anchor"]])
    said = small_of(image, small)
    image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE).save(whole, "PNG", compress_level=6)
    return {
        "original": {"ending": "png", "media_type": "image/png", "width": image.width, "height": image.height}
    } | said


@lru_cache(8)
def _font(size: int, weight: str) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(FONT), size * SCALE)
    font.set_variation_by_name(weight)
    return font


def _line(canvas: ImageDraw.ImageDraw, css: str, points: Sequence[Sequence[float]]) -> None:
    colour, width, dashes = _LINES[css]
    places = [(x * SCALE, y * SCALE) for x, y in points]
    thick = round(width * SCALE)
    if not dashes:
        canvas.line(places, fill=colour, width=thick, joint="curve")
        return
    on, off = (one * SCALE for one in dashes)
    (x, y), (end_x, end_y) = places
    length = abs(end_x - x) + abs(end_y - y)  # such lines lie flat or stand upright
    across = end_x != x
    at = 0.0
    while at < length:
        until = min(at + on, length)
        dash = [(x + at, y), (x + until, y)] if across else [(x, y + at), (x, y + until)]
        canvas.line(dash, fill=colour, width=thick)
        at += on + off


def _mark(canvas: ImageDraw.ImageDraw, css: str, x: float, y: float) -> None:
    """Each kind has a shape of its own."""
    if css == "worse":
        side = 6.0 * SCALE
        canvas.polygon([(x, y - side), (x + side, y), (x, y + side), (x - side, y)], fill=CONCERN)
    elif css == "other":
        side = 4.5 * SCALE
        canvas.rectangle((x - side, y - side, x + side, y + side), fill=INK)
    elif css == "better":
        canvas.circle((x, y), 5 * SCALE, fill=BRAND)
    else:
        canvas.circle((x, y), 4 * SCALE, fill=PAPER, outline=INK_2, width=round(1.75 * SCALE))
