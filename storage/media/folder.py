"""The folder of media: files under random names, which come whole or not at all. Blocking: call it in a thread.

A file is written below ``incoming``, synced, and renamed to its place; only then its row is committed. So a crash
leaves a file without a row at worst, which is swept away; never a row whose file is half there.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

NAME = re.compile(r"[0-9a-f]{32}\.(?:jpg|png|webp|gif|mp4|m4a|upload)")
PLACES = [f"{number:02x}" for number in range(256)]
INCOMING = "incoming"


def new_name(ending: str) -> str:
    """A name that nobody can guess."""
    return f"{secrets.token_hex(16)}.{ending}"


class Folder:
    """``media`` in the node's data folder; made when the first file comes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def place(self, name: str) -> Path:
        """Where the file of this name is, or would be. Raises ValueError for what is no name of ours."""
        if not NAME.fullmatch(name):
            raise ValueError("not the name of a file of media")
        return self.path / name[:2] / name

    def arriving(self) -> Path:
        """A place to write what is to be kept, or thrown away."""
        folder = self.path / INCOMING
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        return folder / secrets.token_hex(16)

    def keep(self, arrived: Path, name: str) -> int:
        """Bring a written file to its place, durably; its size."""
        place = self.place(name)
        place.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        _sync(arrived)
        arrived.replace(place)
        _sync(place.parent)
        return place.stat().st_size

    def remove(self, names: Iterable[str]) -> None:
        """Remove files; one that is gone is fine."""
        for name in names:
            self.place(name).unlink(missing_ok=True)

    def there(self, names: Iterable[str]) -> set[str]:
        """Those of ``names`` whose file is here."""
        return {name for name in names if self.place(name).is_file()}

    def older(self, *, seconds: float) -> Iterator[list[str]]:
        """Names of the files that were written before, some at a time."""
        before = time.time() - seconds
        for place in PLACES:
            found = [one for one in _files(self.path / place) if NAME.fullmatch(one.name)]
            names = [one.name for one in found if one.name[:2] == place and _written(one) < before]
            if names:
                yield names

    def clear_incoming(self, *, seconds: float) -> None:
        """Throw away what was left half written by who died meanwhile."""
        before = time.time() - seconds
        for one in _files(self.path / INCOMING):
            if _written(one) < before:
                one.unlink(missing_ok=True)


def _files(folder: Path) -> list[Path]:
    try:
        return [one for one in folder.iterdir() if one.is_file()]
    except FileNotFoundError:
        return []


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
