"""Nodes in one process that speak to each other without sockets: real apps, real databases, real signatures.

``Fediverse.node`` opens a node; requests between nodes go straight from one's client into the other's app. ``quiet``
lets the workers run until nothing is left to do. Time is ``Fediverse.clock``, which tests move.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from federation.client import Client
from federation.errors import Unreachable
from federation.guard import Guard
from federation.signing import keys as signing
from federation.site import Site
from node import guarding
from node.app import WORK, create_app
from node.config import Config, parse
from node.connecting import members, passwords
from node.connecting.members import KeyPair, NewAccount
from node.context import Node
from node.requests import secret_hash
from node.surfacing import pushing
from node.surfacing.streaming import Streaming
from node.worker import Handler, Worker
from storage import tokens
from storage.actors import Actor, ActorKind
from storage.database import Database
from storage.members import Role

START = 1_793_000_000_000  # ms; 2026-10-26
PASSWORD = "correct horse battery"
PAIRS = 6
ON_BOTH = pytest.mark.parametrize("opening", ["sqlite", "postgres"], indirect=True)
_numbers = itertools.count()


@cache
def rsa_pair(number: int) -> KeyPair:
    """One of a few RSA pairs: making one takes 100 ms."""
    return signing.generate_rsa()


@cache
def hashed_password() -> str:
    """What is kept of ``PASSWORD``."""
    return passwords.hash_password(PASSWORD)


class Clock:
    """Milliseconds since 1970 UTC; every reading is one millisecond later, so that nothing is at the same time."""

    def __init__(self, now: int = START) -> None:
        self.now = now

    def __call__(self) -> int:
        self.now += 1
        return self.now

    def advance(self, *, seconds: float) -> None:
        """Let time pass."""
        self.now += int(seconds * 1000)


@dataclass
class Exchange:
    """One request that went from a node to another server."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    status: int


class Wire(httpx2.AsyncBaseTransport):
    """Carries a node's requests into the app of the host they are for. ``down`` hosts do not answer."""

    def __init__(self, apps: Mapping[str, ASGIApp], down: set[str], log: list[Exchange]) -> None:
        self._apps, self._down, self._log = apps, down, log

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.headers.get("host") or request.url.netloc.decode()
        app = self._apps.get(host)
        if app is None or host in self._down:
            raise Unreachable(f"{host} does not answer")
        request.headers["host"] = host  # as the transport over sockets does
        target = request.extensions.get("target")
        if target is not None:
            request.extensions = {**request.extensions, "target": target}
        body = await request.aread()
        response = await httpx2.ASGITransport(app, raise_app_exceptions=False).handle_async_request(request)
        await response.aread()
        self._log.append(Exchange(request.method, str(request.url), dict(request.headers), body, response.status_code))
        return response


def with_state(app: ASGIApp, state: Mapping[str, Any]) -> ASGIApp:
    """The app with the lifespan's state in each request, as a server gives it."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": dict(state)}, receive, send)

    return served


@dataclass
class Served:
    """A node that answers."""

    node: Node
    app: ASGIApp
    fediverse: Fediverse

    @property
    def database(self) -> Database:
        return self.node.database

    @property
    def site(self) -> Site:
        return self.node.site

    async def account(
        self, handle: str, *, kind: ActorKind = ActorKind.PERSON, role: Role = Role.MEMBER, **more: Any
    ) -> Actor:
        """A member, team or alliance that may act; signs in with ``PASSWORD``."""
        number = next(_numbers) % PAIRS
        new = NewAccount(handle, f"{handle}@mail.example", hashed_password(), role=role, kind=kind, **more)
        async with self.database.writing() as db:
            return await members.create(db, self.site, new, rsa=rsa_pair(number), ed25519=signing.generate_ed25519())

    async def token(self, actor: Actor, scopes: str = "read write follow push") -> str:
        """An access token for a member."""
        token = f"token-{next(_numbers)}"
        async with self.database.writing() as db:
            await tokens.add(
                db, secret_hash(token), app_id=None, member_id=actor.id, scopes=scopes, now=self.node.clock()
            )
        return token

    def client(self, token: str | None = None) -> httpx2.AsyncClient:
        """An HTTP client of this node; ``token`` signs in."""
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self.app, raise_app_exceptions=False),
            base_url=self.site.base_url,
            headers=headers,
        )

    async def as_member(self, actor: Actor) -> httpx2.AsyncClient:
        """An HTTP client that speaks for a member."""
        return self.client(await self.token(actor))


OpenDatabase = Callable[[], Any]  # an async context manager of a fresh, migrated database


@dataclass
class Fediverse:
    """Some nodes and how they reach each other."""

    open_database: OpenDatabase
    folder: Path  # of the nodes' data
    clock: Clock = field(default_factory=Clock)
    apps: dict[str, ASGIApp] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    exchanged: list[Exchange] = field(default_factory=list)
    nodes: list[Served] = field(default_factory=list)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def node(
        self,
        domain: str,
        *,
        client: Any = None,
        films: Any = True,
        work: Any = WORK,
        **options: Any,
    ) -> Served:
        """A new node at ``https://domain``. ``client``: another way out than to the other nodes. ``films``: as with the
        extra ``video``. ``work``: what its worker does for each kind of job."""
        config: Config = parse(
            {
                "domain": domain,
                "limits": {"rate": False},
                "data": str(self.folder / domain.replace(":", "-")),
                **options,
            }
        )
        database: Database = await self._stack.enter_async_context(self.open_database())
        client = client or Client(
            Wire(self.apps, self.down, self.exchanged),
            Guard(),
            agent=f"Sharewell test ({domain})",
            clock=lambda: self.clock.now / 1000,
        )

        def site_of(key: tuple[str, str]) -> Site:
            return Site(config.domain, config.base_url, self.clock, client, key, guarding.inbound)

        number = next(_numbers) % PAIRS
        key = await members.ensure_node_actor(database, site_of, make_key=lambda: rsa_pair(number), now=self.clock())
        vapid = await pushing.ensure_key(database, "mailto:safety@mail.example")
        node = Node(config, database, site_of(key), client, self.clock, vapid)
        if not films:
            node = replace(node, films=None)
        app = with_state(create_app(config), {"node": node})
        served = Served(node, app, self)
        self.apps[domain] = app
        self.nodes.append(served)
        await self._stack.enter_async_context(_working(node, work))
        return served

    async def quiet(self, *, seconds: float = 20) -> None:
        """Wait until no node has anything left to do that is due."""
        async with asyncio.timeout(seconds):
            while any([await self._busy(one) for one in self.nodes]):  # noqa: ASYNC110 - workers do not tell
                await asyncio.sleep(0.005)

    async def _busy(self, one: Served) -> bool:
        async with one.database.reading() as db:
            row = await db.row("SELECT COUNT(*) AS n FROM jobs WHERE due <= :now", now=self.clock.now)
        return row is not None and row["n"] > 0

    async def close(self) -> None:
        """Stop everything."""
        await self._stack.aclose()


async def _soon(seconds: float) -> None:
    await asyncio.sleep(min(seconds, 0.01))


@asynccontextmanager
async def _working(node: Node, work: Mapping[str, Handler]) -> AsyncGenerator[None]:
    stop = asyncio.Event()
    worker = Worker(node, f"worker of {node.config.domain}", kinds=work, recurring={}, sleep=_soon)
    tasks = [asyncio.create_task(worker.run(stop)), asyncio.create_task(Streaming(node).run(stop))]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)
        await node.pictures.close()
        if node.films is not None:
            await node.films.close()
