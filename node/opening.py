"""Open a node: its database, its door out, its own actor; and close them again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from federation.client import Client
from federation.signing import keys as signing_keys
from federation.site import Site
from node import guarding
from node.config import Config, ConfigError
from node.connecting import members
from node.context import Node
from node.surfacing import pushing
from storage.database import Database, Unavailable
from storage.opening import open_database


def clock() -> int:
    """Milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


def door(config: Config) -> Client:
    """The node's way to other servers. Raises ConfigError."""
    try:
        return Client.of(config.base_url, config.contact, config.federation, config.proxy.outgoing)
    except ValueError as error:
        raise ConfigError(str(error)) from error


@asynccontextmanager
async def opened_database(config: Config, *, command: bool = False) -> AsyncGenerator[Database]:
    """The node's database, brought up to date. ``command``: beside a serving process. Raises Unavailable."""
    folder = Path(config.data)
    try:
        await asyncio.to_thread(folder.mkdir, mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"cannot keep data in {folder}: {error.strerror}") from error
    try:
        database = await open_database(config.database or folder / "sharewell.db", command=command)
    except Unavailable as error:
        raise Unavailable(f"cannot open the database: {error}") from error
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def opened(
    config: Config,
    *,
    command: bool = False,
    clock: Callable[[], int] = clock,
    client: Client | None = None,
) -> AsyncGenerator[Node]:
    """The node of these settings. Tests pass their own ``clock`` and a ``client`` of their own network."""
    async with opened_database(config, command=command) as database:
        own = client or door(config)
        try:

            def site_of(key: tuple[str, str]) -> Site:
                return Site(config.domain, config.base_url, clock, own, key, guarding.inbound)

            key = await members.ensure_node_actor(database, site_of, make_key=signing_keys.generate_rsa, now=clock())
            contact = f"mailto:{config.contact}" if config.contact else config.base_url
            vapid = await pushing.ensure_key(database, contact)
            node = Node(config, database, site_of(key), own, clock, vapid)
            try:
                yield node
            finally:
                for one in (node.pictures, node.films):
                    if one is not None:
                        await one.close()
        finally:
            if client is None:
                await own.close()
