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
from pathlib import Path
from typing import Any

from PIL import Image

from node.pictures.making import Unfit, make

MEMORY = 2 << 30  # bytes of addresses
CPU = 20  # seconds for one picture
FILE = 128 << 20  # bytes of a file that is written
FILES = 32  # open at once
IDLE = 60.0  # seconds


def limit() -> None:
    """Give up what is not needed."""
    os.nice(5)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, FILE), (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))


def answer(asked: dict[str, str]) -> dict[str, Any]:
    """Make the pictures of one file; what they are, or ``wrong``: pixels, frames, broken."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU, hard))
    try:
        return make(Path(asked["source"]), asked["role"], Path(asked["whole"]), Path(asked["small"]))
    except Unfit as unfit:
        return {"wrong": str(unfit)}
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        return {"wrong": "pixels"}
    except Exception as error:  # noqa: BLE001 - whatever a decoder makes of these bytes, they are no good picture
        return {"wrong": "broken", "cause": type(error).__name__}


def main() -> None:
    """Answer until the parent is gone, or nothing was asked for a while."""
    limit()
    while select.select([sys.stdin], [], [], IDLE)[0]:
        line = sys.stdin.readline()
        if not line:
            return
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
