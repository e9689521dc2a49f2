"""Clients as nodes have them, for servers on loopback; names resolve as a test says."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from federation.client import Client

PEERS = ("127.0.20.0/24",)  # where tests let their peers listen; everything else on loopback is out of bounds


@dataclass(frozen=True)
class Settings:
    """``[federation]`` of a node under test."""

    insecure_http: bool = True
    private_peers: Sequence[str] = PEERS
    ca_file: str = ""


class Names:
    """A resolver that knows what a test tells it, and remembers what it was asked."""

    def __init__(self, known: Mapping[str, Sequence[str]] | None = None) -> None:
        self.known = dict(known or {})
        self.asked: list[str] = []

    async def __call__(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        if host not in self.known:
            raise OSError("no such name")
        return self.known[host]


@asynccontextmanager
async def door(
    settings: Settings | None = None,
    names: Mapping[str, Sequence[str]] | None = None,
    *,
    proxy: str = "",
    timeout: float = 10.0,
) -> AsyncGenerator[Client]:
    """The way out of a node."""
    client = Client.of(
        "http://node.example",
        "desk@node.example",
        settings or Settings(),
        proxy,
        resolver=Names(names),
        timeout=timeout,
    )
    try:
        yield client
    finally:
        await client.close()
