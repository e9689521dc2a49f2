"""Who in this process wants to hear what happened: topics, and the functions called for each."""

from __future__ import annotations

from collections.abc import Callable

Hear = Callable[[int], None]


class Signals:
    """The listeners of one process."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[Hear]] = {}

    def tell(self, topic: str, id: int) -> None:
        """Call every listener of ``topic``."""
        for hear in tuple(self._listeners.get(topic, ())):
            hear(id)

    def tell_all(self) -> None:
        """Tell every listener of every topic to look at the tables: signals may have been lost."""
        for topic in tuple(self._listeners):
            self.tell(topic, 0)

    def listen(self, topic: str, hear: Hear) -> Callable[[], None]:
        """Call ``hear(id)`` for every signal of ``topic``; the answer stops it."""
        self._listeners.setdefault(topic, []).append(hear)

        def stop() -> None:
            listeners = self._listeners.get(topic, [])
            if hear in listeners:
                listeners.remove(hear)

        return stop
