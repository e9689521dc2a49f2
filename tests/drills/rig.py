"""A served node, its members, and a server with actors whose activities it takes and whose inboxes it fills.

All of it is real: processes, sockets, databases. Everything that was acknowledged is written down, to be looked for.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import ssl
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import orjson

from federation.signing import keys as signing
from node.config import load
from node.connecting import members
from node.connecting.members import NewAccount
from node.opening import opened, opened_database
from node.operating.template import template
from node.requests import secret_hash
from storage import actors, follows, keys, tokens
from storage.actors import ActorKind, Profile
from storage.database import Row, Value, Writing
from storage.keys import Key, KeyKind
from tests.federation import loopback
from tests.federation.loopback import Asked, Peer
from tests.federation.remote import RemoteActor, Signing, signed_headers
from tests.house.tree import ROOT
from tests.postgres import free_port
from tests.serving import hashed_password, rsa_pair

HOST = "127.0.31.7"  # where the other server listens
PEERS = "127.0.31.0/24"  # where there may be more of them
ACTORS, MEMBERS = 6, 3
TASKS = 200  # that deliver and post side by side
START = 90.0  # seconds until a node answers, on a machine under load
SETTLED = 120.0  # seconds until what was promised has arrived


def now() -> int:
    return time.time_ns() // 1_000_000


@dataclass
class Process:
    """A command that runs."""

    process: asyncio.subprocess.Process

    @property
    def pid(self) -> int:
        return self.process.pid

    async def kill(self) -> None:
        """As a power cut ends it."""
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        """Ask it to end; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), START)


@dataclass
class Load:
    """Deliveries and posts that go on."""

    task: asyncio.Task[None]
    stop: asyncio.Event

    async def ended(self) -> None:
        """Begin no more, and wait for what was begun."""
        self.stop.set()
        await self.task


@dataclass
class Rig:
    """The node's settings and what is around it."""

    folder: Path
    port: int
    peer: Peer
    peer_port: int
    database: str = ""
    roles: Sequence[str] = ("web", "worker")
    people: list[RemoteActor] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    member_uris: list[str] = field(default_factory=list)
    got: list[dict[str, Any]] = field(default_factory=list)  # activities that came to the other server
    taken: list[str] = field(default_factory=list)  # uris of notes that were answered 202
    shared: dict[str, str] = field(default_factory=dict)  # Idempotency-Key to the uri of a post that was answered 200
    down: bool = False
    running: list[Process] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def write(self, name: str = "config.toml", roles: Sequence[str] | None = None) -> Path:
        """The settings file."""
        given: dict[str, Any] = {
            "domain": f"127.0.0.1:{self.port}", "base_url": self.base, "listen": f"127.0.0.1:{self.port}",
            "data": "data", "database": self.database, "federation.insecure_http": True,
            "federation.private_peers": [PEERS], "limits.rate": False,
            "cluster.roles": list(roles or self.roles),
        }  # fmt: skip
        path = self.folder / name
        path.write_text(template(given), encoding="utf-8")
        return path

    def answer(self, asked: Asked) -> bytes:
        """What the other server answers."""
        if self.down:
            return b""
        if asked.method == "POST":
            self.got.append(orjson.loads(asked.body))
            return loopback.answer(status=202)
        found = next((one for one in self.people if one.uri.endswith(asked.target)), None)
        return loopback.answer(status=404) if found is None else loopback.document(found.document)

    async def prepare(self) -> None:
        """Members with tokens, actors that the node knows; all follow the first of the others."""
        config = load(self.write())
        async with opened(config, command=True) as node, node.database.writing() as db:
            for number in range(MEMBERS):
                new = NewAccount(f"member{number}", f"m{number}@mail.example", hashed_password())
                made = await members.create(
                    db, node.site, new, rsa=rsa_pair(number), ed25519=signing.generate_ed25519()
                )
                token = f"token-{number}"
                await tokens.add(
                    db, secret_hash(token), app_id=None, member_id=made.id, scopes="read write follow push", now=now()
                )
                self.tokens.append(token)
                self.member_uris.append(made.uri)
            for number in range(ACTORS):
                one = self._person(number)
                profile = Profile(
                    one.uri, ActorKind.PERSON, f"far{number}", f"{HOST}:{self.peer_port}", now(), inbox=one.inbox,
                    shared_inbox=self.peer.url("/inbox"), followers=one.followers,
                )  # fmt: skip
                actor_id = await self.befriend(db, profile)
                await keys.put(db, Key(one.key_uri, actor_id, KeyKind.RSA, one.public, None, now()))

    async def befriend(self, db: Writing, profile: Profile) -> int:
        """Let the node know an actor elsewhere who follows the members, and whom they follow."""
        actor_id = await actors.add(db, profile, now=now())
        assert actor_id is not None
        for member_uri in self.member_uris:
            member = await actors.by_uri(db, member_uri)
            for a, b in ((actor_id, member.id), (member.id, actor_id)):
                uri = f"{self.base}/f/{a}/{b}"
                await follows.ask(db, follower_id=a, target_id=b, uri=uri, now=now(), accepted=now())
        return actor_id

    def _person(self, number: int) -> RemoteActor:
        uri = self.peer.url(f"/users/far{number}")
        public, private = rsa_pair(10 + number)
        document = {
            "@context": "https://www.w3.org/ns/activitystreams", "id": uri, "type": "Person",
            "preferredUsername": f"far{number}", "inbox": f"{uri}/inbox", "followers": f"{uri}/followers",
            "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": public},
        }  # fmt: skip
        self.people.append(RemoteActor(uri, f"{uri}#main-key", public, private, document))
        return self.people[-1]

    async def start(self, *words: str, name: str = "config.toml", wrapped: Sequence[str] = ()) -> Process:
        """Run a command until it says that it works."""
        process = await asyncio.create_subprocess_exec(
            *wrapped, sys.executable, "-m", "node", *words, "--config", str(self.folder / name), cwd=ROOT,
            stdout=asyncio.subprocess.PIPE, stderr=None, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        running = Process(process)
        self.running.append(running)
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), START)
        assert line, "the node ended before it answered"
        return running

    async def command(self, *words: str) -> tuple[int, str]:
        """Run a command to its end; its exit status and what it printed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "node", *words, "--config", str(self.folder / "config.toml"), cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        printed, _ = await asyncio.wait_for(process.communicate(), START)
        return await process.wait(), printed.decode()

    async def serve(self) -> Process:
        return await self.start("serve")

    async def end(self) -> None:
        for one in self.running:
            if one.process.returncode is None:
                await one.kill()

    async def deliver(self, http: httpx2.AsyncClient, by: RemoteActor, activity: dict[str, Any]) -> httpx2.Response:
        """Post an activity to the shared inbox."""
        body = orjson.dumps(activity)
        headers = signed_headers(by, f"{self.base}/inbox", body, Signing(), now=now())
        return await http.post(f"{self.base}/inbox", content=body, headers=headers)

    async def create(self, http: httpx2.AsyncClient, by: RemoteActor, name: str) -> int:
        """Deliver a Create; what is answered 202 is written down."""
        note = by.note(name, f"Note {name}.", published="2026-11-01T00:00:00Z")
        response = await self.deliver(http, by, by.create(note))
        if response.status_code == 202:
            self.taken.append(str(note["id"]))
        return response.status_code

    async def share(self, http: httpx2.AsyncClient, token: str, key: str, text: str = "") -> httpx2.Response:
        """Share a post; what is answered 200 is written down."""
        response = await http.post(
            f"{self.base}/api/v1/statuses",
            data={"status": text or f"Post {key}."},
            headers={"authorization": f"Bearer {token}", "idempotency-key": key},
        )
        if response.status_code == 200:
            self.shared[key] = response.json()["uri"]
        return response

    async def load(self, name: str, *, tasks: int, stop: asyncio.Event) -> None:
        """Deliveries and posts side by side until ``stop``; a node that is gone answers nothing."""

        trusted = ssl.create_default_context()  # one for all: reading the authorities takes 100 ms

        async def one(number: int) -> None:
            async with httpx2.AsyncClient(timeout=60, verify=trusted) as http:
                count = 0
                while not stop.is_set():
                    count += 1
                    with contextlib.suppress(httpx2.HTTPError):
                        if number % 2:
                            await self.create(http, self.people[number % ACTORS], f"{name}-{number}-{count}")
                        else:
                            await self.share(http, self.tokens[number % MEMBERS], f"{name}-{number}-{count}")

        await asyncio.gather(*(one(number) for number in range(tasks)))

    async def loaded(self, name: str, *, enough: int) -> Load:
        """Load that runs, once ``enough`` was acknowledged."""
        stop = asyncio.Event()
        load = Load(asyncio.create_task(self.load(name, tasks=TASKS, stop=stop)), stop)
        assert await until(lambda: len(self.taken) >= enough and len(self.shared) >= enough)
        return load

    async def rows(self, sql: str, **values: Value) -> Sequence[Row]:
        """What the database says, whether or not the node runs."""
        config = load(self.folder / "config.toml")
        async with opened_database(config, command=True) as database, database.reading() as db:
            return await db.rows(sql, **values)

    async def kept(self) -> dict[str, int]:
        """How often each uri of a post is in the database."""
        return {row["uri"]: row["n"] for row in await self.rows("SELECT uri, COUNT(*) AS n FROM posts GROUP BY uri")}

    async def lost(self) -> list[str]:
        """What was acknowledged and is not there exactly once."""
        kept = await self.kept()
        return [uri for uri in [*self.taken, *self.shared.values()] if kept.get(uri) != 1]

    def arrived(self) -> set[str]:
        """Objects whose Create came to the other server."""
        return {one["object"]["id"] for one in self.got if one["type"] == "Create"}

    async def undelivered(self) -> set[str]:
        """Posts acknowledged to members whose Create has not come, when there has been time for it."""
        await until(lambda: set(self.shared.values()) <= self.arrived())
        return set(self.shared.values()) - self.arrived()


async def until(true: Callable[[], bool], *, seconds: float = SETTLED) -> bool:
    """Wait until it is true, or for so long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not true():  # noqa: ASYNC110 - what is waited for is in another process
                await asyncio.sleep(0.05)
    return true()


@asynccontextmanager
async def rig(folder: Path, *, database: str = "", roles: Sequence[str] = ("web", "worker")) -> AsyncGenerator[Rig]:
    """Everything around a node, which is not started yet."""
    made: list[Rig] = []
    async with loopback.listening(HOST, lambda asked: made[0].answer(asked)) as peer:
        made.append(Rig(folder, free_port(), peer, peer.port, database, roles))
        try:
            await made[0].prepare()
            yield made[0]
        finally:
            await made[0].end()


async def at_once(count: int, one: Callable[[int], Awaitable[Any]]) -> list[Any]:
    """The answers of ``count`` that run side by side."""
    return await asyncio.gather(*(one(number) for number in range(count)))
