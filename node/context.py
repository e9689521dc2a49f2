"""What every handler can reach: opened once when the node starts, closed when it stops."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from federation.client import Client
from federation.site import Site
from federation.webpush import Vapid
from node.config import Config
from node.pictures.workshop import Workshop, for_films
from node.shelf import Shelf
from node.streams import Streams
from storage.database import Database
from storage.media.folder import Folder


@dataclass(frozen=True, slots=True)
class Node:
    """The running node."""

    config: Config
    database: Database
    site: Site
    client: Client
    clock: Callable[[], int]  # milliseconds since 1970 UTC
    vapid: Vapid
    streams: Streams = field(default_factory=Streams)
    shelf: Shelf = field(default_factory=Shelf)
    heard: dict[str, tuple[int, str]] = field(default_factory=dict)  # host: when noted last, and how it signed
    fetched: dict[tuple[int, str], str] = field(default_factory=dict)  # (post, host): key; to be written down
    pictures: Workshop = field(default_factory=Workshop)
    films: Workshop | None = field(default_factory=for_films)  # sounds too; None: this node takes none

    @property
    def media(self) -> Folder:
        """The files that members uploaded."""
        return Folder(Path(self.config.data) / "media")

    @property
    def archives(self) -> Path:
        """The folder of what members take along."""
        return Path(self.config.data) / "archives"


class State(TypedDict):
    """The lifespan's state; see https://starlette.dev/lifespan/."""

    node: Node
