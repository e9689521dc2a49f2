"""A bounded shelf of bytes that are costly to make, under keys that name a version: nothing on it is ever stale."""

from __future__ import annotations

import threading
from collections import OrderedDict

SIZE = 24 << 20  # bytes on the shelf
Key = tuple[str | int, ...]
ENTRY = 300  # bytes that a place costs beside what lies on it


class Shelf:
    """Least recently used goes first. Made for threads: work on a database may use it."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._used = 0
        self._places: OrderedDict[Key, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, *key: str | int) -> bytes | None:
        """What lies under this key: what it is, an id, versions."""
        with self._lock:
            found = self._places.get(key)
            if found is not None:
                self._places.move_to_end(key)
            return found

    def put(self, key: Key, value: bytes) -> None:
        """Lay it down; what was not used for longest makes room."""
        value = bytes(memoryview(value))  # orjson's own answers lie in 8 KiB each, however short they are
        with self._lock:
            old = self._places.pop(key, None)
            if old is not None:
                self._used -= len(old) + ENTRY
            self._places[key] = value
            self._used += len(value) + ENTRY
            while self._used > self._size and self._places:
                _, dropped = self._places.popitem(last=False)
                self._used -= len(dropped) + ENTRY

    def __len__(self) -> int:
        return len(self._places)
