"""Several measures side by side: small charts on one scale, each with its sentence. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from node.learning.charts import drawing, judging, saying, svg
from storage.series import Series

KEPT = 32  # rows of charts that are kept ready
SIZE = (280, 190)  # pixels of one: letters stay readable where three stand beside each other


@dataclass(frozen=True, slots=True)
class Small:
    """One measure among others."""

    series: Series
    headline: str
    drawn: Markup  # "": it has no points
    newest: str  # value
    when: str  # of the newest
    centre: str  # the average or median that it is judged by now


@lru_cache(KEPT)
def side_by_side(given: tuple[Series, ...], ident: str) -> Sequence[Small]:
    """Each of these, on the scale that fits all. ``ident``: what the ids on the page begin with."""
    judged = [judging.judge(one) for one in given]
    spans = [drawing.bounds(one) for one in judged if one.series.points]
    within = (min(low for low, _ in spans), max(high for _, high in spans)) if spans else None
    return [_small(one, within, f"{ident}-{place}") for place, one in enumerate(judged)]


def _small(one: judging.Judged, within: drawing.Bounds | None, ident: str) -> Small:
    points = one.series.points
    if not points:
        return Small(one.series, saying.headline(one), Markup(), "", "", "")
    made = svg.figure(
        drawing.draw(one, SIZE, within=within), css="small-chart", ident=ident, title=one.series.name,
        described=saying.alt(one),
    )  # fmt: skip
    lines = one.stretches[-1].lines if one.stretches else None
    return Small(
        one.series,
        saying.headline(one),
        Markup(made),  # noqa: S704 - all words in it are escaped
        saying.number(points[-1].value, 2),
        saying.when(points[-1].at),
        "" if lines is None else saying.number(lines.centre, 2),
    )
