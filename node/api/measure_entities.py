"""A measure as apps get it: Mastodon has no word for it. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from node.api import entities
from node.learning.charts import judging, showing
from node.texts import _
from storage.measures import Change, Measure
from storage.series import Series

Entity = dict[str, Any]


def measure(kept: Measure, base_url: str, *, judged: bool = True) -> Entity:
    """A measure with its points and, where it is ``judged``, what they say."""
    page, files = f"{base_url}/measures/{kept.id}", f"{base_url}/api/v1/sharewell/measures/{kept.id}"
    return {
        "id": str(kept.id),
        "account_id": str(kept.owner_id),
        "url": page,
        "open": kept.opened is not None,
        **_numbers(kept.series),
        **(_said(kept.series) if judged else {}),
        "csv_url": f"{files}/points.csv",
        "svg_url": f"{files}/chart.svg",
        "png_url": f"{files}/chart.png",
        "created_at": entities.time(kept.created),
        "updated_at": entities.time(kept.changed),
    }


def series(given: Series) -> Entity:
    """The numbers of a measure, and what they say."""
    return {**_numbers(given), **_said(given)}


def _said(given: Series) -> Entity:
    return {"judgement": showing.judgement(given), "warnings": warnings(given)}


def defined(given: Series) -> Entity:
    """What is counted."""
    names = ("name", "definition", "numerator", "denominator", "unit", "direction", "interval", "chart")
    return {name: getattr(given, name) for name in names}


def _numbers(given: Series) -> Entity:
    return {
        **defined(given),
        "baseline": given.baseline or None,
        "screen": given.screen,
        "shift": given.shift or None,
        "trend": given.trend or None,
        "shared": given.shared or None,
        "points": [[one.at, one.value] for one in given.points],
        "annotations": [{"at": one.at, "text": one.words} for one in given.annotations],
        "rebases": [
            {
                "at": one.at, "change": one.change, "why": one.why,
                "created_at": entities.time(one.made) if one.made else None,
            }
            for one in given.rebases
        ],
    }  # fmt: skip


def warnings(given: Series) -> list[Entity]:
    """What its author should look at before others see it."""
    small = [one.at for one in judging.small_numbers(given)]
    if not small:
        return []
    words = _("Small numbers can point to a person when place and month are known. Longer intervals, or several wards"
              " together, say the same and protect them.")  # fmt: skip
    return [{"kind": "small-numbers", "text": words, "at": small}]


def change(made: Change) -> Entity:
    """What was changed, and when."""
    corrected: Mapping[str, tuple[float, float]] = made.corrected
    return {
        "created_at": entities.time(made.made),
        "fields": list(made.fields),
        "added": list(made.added),
        "removed": list(made.removed),
        "corrected": [{"at": at, "from": was, "to": now} for at, (was, now) in corrected.items()],
    }
