"""The folder of a demonstration: its two nodes, their ports, and whether all content is in."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from node.config import Config, parse
from node.demo.content import Place
from node.errors import Invalid
from node.operating.template import template

MARKER = "demo.json"
LOCK = "demo.lock"
TRIED = 50  # ports from the preferred one upwards


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered from run to run."""

    ports: Mapping[str, int]  # by a place's domain
    complete: bool = False
    tokens: Mapping[str, str] = field(default_factory=dict)  # of the shown members, by a place's domain
    shown: Mapping[str, str] = field(default_factory=dict)  # the example post's path, by a place's domain


class Folder:
    """A demonstration's folder, held by one run at a time; close it at the end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        _check_ours(path)
        path.mkdir(parents=True, exist_ok=True)
        self._lock = (path / LOCK).open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            raise Invalid(f"the demonstration in {path} is running already") from error

    @property
    def lock(self) -> int:
        """The lock's descriptor; a child that has it too holds the folder for as long as it runs."""
        return self._lock.fileno()

    def close(self) -> None:
        """Let others have it."""
        self._lock.close()

    def state(self) -> State | None:
        """What an earlier run left, when it came to its end."""
        try:
            kept = State(**json.loads((self.path / MARKER).read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        return kept if kept.complete else None

    def keep(self, state: State) -> None:
        """Remember; whole or not at all. Tokens are in it: only the owner may read it."""
        fresh = self.path / f"{MARKER}.new"
        with open(fresh, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            json.dump(asdict(state), file, indent=1)
        fresh.replace(self.path / MARKER)

    def clear(self, places: Sequence[Place]) -> None:
        """Throw the nodes away."""
        (self.path / MARKER).unlink(missing_ok=True)
        for place in places:
            shutil.rmtree(self.path / place.slug, ignore_errors=True)

    def config_path(self, place: Place) -> Path:
        """Where a node's settings are."""
        return self.path / place.slug / "config.toml"

    def log_path(self, place: Place) -> Path:
        """Where a node writes what it has to say."""
        return self.path / place.slug / "log.txt"

    def write_config(self, place: Place, ports: Mapping[str, int]) -> Config:
        """A node's settings, written down: only the other node may be asked, over http, on this machine."""
        port = ports[place.domain]
        others = [number for domain, number in ports.items() if domain != place.domain]
        given: dict[str, Any] = {
            "domain": f"localhost:{port}",
            "base_url": f"http://localhost:{port}",
            "listen": f"127.0.0.1:{port}",
            "title": place.name,
            "description": "Sample content for trying Sharewell out: every person, place and event here is fictional.",
            "contact": f"hello@{place.domain}",
        }
        federation = {
            "insecure_http": True,
            "private_peers": [f"{host}:{other}" for other in others for host in ("127.0.0.1", "[::1]")],
        }
        path = self.config_path(place)
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            template({**given, **{f"federation.{name}": value for name, value in federation.items()}}), encoding="utf-8"
        )
        return parse({**given, "federation": federation}, folder=path.parent)


def _check_ours(path: Path) -> None:
    if path.is_dir() and not (path / LOCK).exists() and any(path.iterdir()):
        raise Invalid(f"{path} is not empty and not a demonstration's folder: choose another")


def free_ports(places: Sequence[Place]) -> dict[str, int]:
    """A port of this machine for each place: its own, or the next that nobody has."""
    found: dict[str, int] = {}
    for place in places:
        for port in range(place.port, place.port + TRIED):
            if port not in found.values() and free(port):
                found[place.domain] = port
                break
        else:
            raise Invalid(f"no free port from {place.port} to {place.port + TRIED - 1}")
    return found


def free(port: int) -> bool:
    """Whether nobody answers at ``localhost:port``, in either family (a browser may ask ::1 first)."""
    if not _can_bind(socket.AF_INET, "127.0.0.1", port):
        return False
    return not _answers("::1", port)


def _can_bind(family: socket.AddressFamily, host: str, port: int) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, port))
        except OSError:
            return False
    return True


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=0.5).close()
    except OSError:
        return False
    return True
