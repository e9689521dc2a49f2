"""Measures that a post shows: copies of their numbers as they were when it was shared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storage.series import TOGETHER, WrongSeries, dumped, loaded
from storage.shapes.rules import WrongField


class Measured:
    """Copies of measures (``storage.series.dumped``); of another server's only those that are whole."""

    def strict(self, name: str, value: Any) -> tuple[dict[str, Any], ...]:
        found = value if isinstance(value, list | tuple) else [value]
        if len(found) > TOGETHER:
            raise WrongField(name, f"At most {TOGETHER} measures.")
        try:
            return tuple(dumped(loaded(one)) for one in found)
        except WrongSeries as wrong:
            raise WrongField(name, str(wrong)) from wrong

    def lenient(self, name: str, value: Any) -> tuple[Mapping[str, Any], ...]:
        found = value if isinstance(value, list | tuple) else [value]
        whole: list[Mapping[str, Any]] = []
        for one in found[:TOGETHER]:
            try:
                whole.append(dumped(loaded(one)))
            except WrongSeries:
                continue
        return tuple(whole)
