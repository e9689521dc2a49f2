"""The process that makes films and sounds, as ``node.pictures.child`` does pictures; with the extra ``video`` only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from node.pictures.child import Bounds, serve
from node.pictures.filming import look, make
from node.pictures.making import Unfit

FILMS = Bounds(memory=2 << 30, cpu=25 * 60, file=256 << 20, files=32, nice=10)


def answer(asked: dict[str, str]) -> dict[str, Any]:
    """Make a film or sound of one file, or only look at it; what it is, or ``wrong``: pixels, frames, length, nothing,
    broken."""
    try:
        if asked["role"] == "look":
            return look(Path(asked["source"]))
        return make(Path(asked["source"]), Path(asked["whole"]), Path(asked["small"]))
    except Unfit as unfit:
        return {"wrong": str(unfit)}
    except MemoryError:
        return {"wrong": "pixels"}
    except Exception as error:  # noqa: BLE001 - whatever a decoder makes of these bytes, they are no good film
        return {"wrong": "broken", "cause": type(error).__name__}


if __name__ == "__main__":
    serve(FILMS, answer)
