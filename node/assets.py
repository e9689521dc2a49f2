"""Files that every page uses: style, font, pictures. Their addresses change with their content."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "web" / "static"


@cache
def version(name: str) -> str:
    """What stands for the content of a file; "" when there is no such file."""
    try:
        return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]
    except OSError:
        return ""


def address(name: str) -> str:
    """Where browsers find a file, in this version of it."""
    return f"/static/{name}?v={version(name)}"
