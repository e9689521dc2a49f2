"""The process that makes pictures: a line of JSON asks, a line answers. It ends when nobody asked for a while.

Decoders have bugs and pictures come from anywhere, so this process has little: no secrets, no database, bounded memory,
time and files. Started by ``node.pictures.workshop``.
"""

from __future__ import annotations

import json
import os
import resource
import select
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from node.pictures import charting
from node.pictures.making import Unfit, make

IDLE = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the process may use."""

    memory: int  # bytes of addresses
    cpu: int  # seconds for one file
    file: int  # bytes of a file that is written
    files: int  # open at once
    nice: int


PICTURES = Bounds(memory=2 << 30, cpu=20, file=128 << 20, files=32, nice=5)


def limit(bounds: Bounds) -> None:
    """Give up what is not needed."""
    os.nice(bounds.nice)
    for what, most in (
        (resource.RLIMIT_AS, bounds.memory), (resource.RLIMIT_FSIZE, bounds.file),
        (resource.RLIMIT_NOFILE, bounds.files), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))


def allow(seconds: int) -> None:
    """So much more time of the processor; the process is killed when it took that."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))


def answer(asked: dict[str, str]) -> dict[str, Any]:
    """Make the pictures of one file; what they are, or ``wrong``: pixels, frames, broken."""
    try:
        if asked["role"] == "chart":
            return charting.draw(Path(asked["source"]), Path(asked["whole"]), Path(asked["small"]))
        return make(Path(asked["source"]), asked["role"], Path(asked["whole"]), Path(asked["small"]))
    except Unfit as unfit:
        return {"wrong": str(unfit)}
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        return {"wrong": "pixels"}
    except Exception as error:  # noqa: BLE001 - whatever a decoder makes of these bytes, they are no good picture
        return {"wrong": "broken", "cause": type(error).__name__}


def serve(bounds: Bounds, answer: Callable[[dict[str, str]], dict[str, Any]]) -> None:
    """Answer until the parent is gone, or nothing was asked for a while."""
    limit(bounds)
    while select.select([sys.stdin], [], [], IDLE)[0]:
        line = sys.stdin.readline()
        if not line:
            return
        allow(bounds.cpu)
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve(PICTURES, answer)
