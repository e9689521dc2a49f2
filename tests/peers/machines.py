"""Servers as processes that speak to each other on loopback: a node of ours, and peers made with other people's code.

Nothing waits for a fixed time: ``until`` looks again and again, for a bounded time.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx2

from federation.signing import keys as signing
from node.config import Config, load
from node.connecting import members
from node.connecting.members import NewAccount
from node.opening import opened
from node.requests import secret_hash
from storage import tokens
from storage.actors import Actor, ActorKind
from tests.needs import ROOT
from tests.serving import hashed_password, rsa_pair

PATIENCE = 90.0  # seconds for anything that has to come over; most things take a few hundredths of one
START = 120.0  # seconds for a process to answer, on a machine that does other things too
PAIRS = 6

Json = Any
T = TypeVar("T")
_numbers = itertools.count()


def until(look: Callable[[], T | None], what: str, *, within: float = PATIENCE) -> T:
    """What ``look`` finds as soon as it is something."""
    end = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < end, f"in {within} s not: {what}"
        time.sleep(0.02)
    return found


class Lines:
    """What a process says, taken in as it comes: a pipe that nobody reads stops whoever writes to it."""

    def __init__(self, process: subprocess.Popen[str], read: Callable[[str], Any] = str.strip) -> None:
        self.said: list[Any] = []  # by stdout, each line as ``read`` reads it
        self.complaints: list[str] = []  # by stderr
        self._process = process
        self._threads = [
            threading.Thread(target=self._take, args=(process.stdout, self.said, read)),
            threading.Thread(target=self._take, args=(process.stderr, self.complaints, str)),
        ]
        for one in self._threads:
            one.start()

    @staticmethod
    def _take(pipe: Any, kept: list[Any], read: Callable[[str], Any]) -> None:
        with pipe:
            for line in pipe:
                kept.append(read(line))  # noqa: PERF401 - others look while it goes on

    def first(self) -> Any:
        """The first line, which says that it answers."""
        until(lambda: self.said or self._process.poll() is not None, "its first line", within=START)
        assert self.said, f"it ended: {self.complaints}"
        return self.said[0]

    def kill(self) -> None:
        """End it as a power cut does."""
        self._process.kill()
        self.end()

    def end(self) -> int:
        """Tell it to end; its exit status."""
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
        for one in self._threads:
            one.join()
        return self._process.wait()


@contextmanager
def started(
    command: list[str], folder: Path, environment: Mapping[str, str], read: Callable[[str], Any] = str.strip
) -> Generator[Lines]:
    """A process that has been started and need not answer yet; ended afterwards."""
    process = subprocess.Popen(
        command, cwd=folder, env={**os.environ, **environment},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    lines = Lines(process, read)
    try:
        yield lines
    finally:
        lines.end()


@dataclass(frozen=True, slots=True)
class Member:
    """A member of our node, with an app."""

    actor: Actor
    handle: str  # @name@domain
    app: httpx2.Client

    def get(self, path: str, **query: str) -> Json:
        """The JSON of a GET that succeeds."""
        return _fine(self.app.get(path, params=query))

    def post(self, path: str, **values: Any) -> Json:
        """The JSON of a POST that succeeds."""
        return _fine(self.app.post(path, json=values))

    def put(self, path: str, **values: Any) -> Json:
        """The JSON of a PUT that succeeds."""
        return _fine(self.app.put(path, json=values))

    def say(self, status: str, **values: Any) -> Json:
        """Share a post."""
        return self.post("/api/v1/statuses", status=status, **values)

    def find(self, query: str) -> Json:
        """What the search finds on another server: an account or a status."""
        found = self.get("/api/v2/search", q=query, resolve="true")
        [one] = found["accounts"] + found["statuses"]
        return one

    def standing(self, account_id: str) -> Json:
        """The Relationship to an account."""
        return self.get("/api/v1/accounts/relationships", id=account_id)[0]

    def home(self) -> list[Json]:
        """The home timeline."""
        found: list[Json] = self.get("/api/v1/timelines/home", limit="40")
        return found

    def followers(self) -> list[str]:
        """Who follows the member: their ids on the web."""
        return [one["uri"] for one in self.get(f"/api/v1/accounts/{self.actor.id}/followers")]

    def told(self, reason: str) -> list[str]:
        """Who is named by the member's notifications of a kind."""
        return [one["account"]["uri"] for one in self.get("/api/v1/notifications") if one["type"] == reason]

    def about(self, uri: str) -> list[Json]:
        """The member's notifications about a post."""
        return [one for one in self.get("/api/v1/notifications") if one.get("status", {}).get("uri") == uri]


def _fine(answer: httpx2.Response) -> Json:
    assert answer.status_code == 200, f"{answer.request.url}: {answer.status_code} {answer.text}"
    return answer.json()


@dataclass(frozen=True, slots=True)
class OurNode:
    """A node of ours that serves."""

    config: Config
    lines: Lines
    ends: ExitStack

    def member(self, kind: ActorKind = ActorKind.PERSON, name: str = "") -> Member:
        """A new member, team or alliance, with an app, made as the commands do it while the node serves."""
        return asyncio.run(self._member(kind, name))

    async def _member(self, kind: ActorKind, name: str) -> Member:
        number = next(_numbers)
        name, token = name or f"{kind.value.lower()}{number}", f"token-{number}"
        new = NewAccount(name, f"{name}@mail.example", hashed_password(), kind=kind)
        async with opened(self.config, command=True) as node, node.database.writing() as db:
            rsa, ed25519 = rsa_pair(number % PAIRS), signing.generate_ed25519()
            actor = await members.create(db, node.site, new, rsa=rsa, ed25519=ed25519)
            scopes = "read write follow push"
            await tokens.add(db, secret_hash(token), app_id=None, member_id=actor.id, scopes=scopes, now=node.clock())
        app = httpx2.Client(base_url=f"http://{self.config.listen}", headers={"authorization": f"Bearer {token}"})
        return Member(actor, f"@{name}@{self.config.domain}", self.ends.enter_context(app))


def configured(folder: Path, place: str, peers: list[str], *, words: tuple[str, ...] = ("--insecure-http",)) -> Path:
    """The settings of a new node of ours, as for ``our_node``."""
    config = folder / "config.toml"
    known = ["--domain", place, "--base-url", f"http://{place}"] if "--domain" not in words else []
    init = ["init", "--config", str(config), "--listen", place, *known, *words]
    init += [word for one in peers for word in ("--private-peer", one)]
    subprocess.run([sys.executable, "-m", "node", *init], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    config.write_text(config.read_text().replace("fan_out_delay = 60", "fan_out_delay = 0"))
    return config


def serving(config: Path) -> list[str]:
    """The command that serves a node with these settings."""
    return [sys.executable, "-m", "node", "serve", "--config", str(config)]


@contextmanager
def our_node(
    folder: Path, place: str, peers: list[str], *, words: tuple[str, ...] = ("--insecure-http",), ca_file: str = ""
) -> Generator[OurNode]:
    """A node that listens on ``place`` and may connect to no other private addresses than ``peers``.

    ``words``: more for ``init``; the domain and base URL are those of ``place`` if nothing else is said.
    """
    config = configured(folder, place, peers, words=words)
    config.write_text(config.read_text().replace('#ca_file = ""', f'ca_file = "{ca_file}"'))
    with ExitStack() as ends, started(serving(config), ROOT, {}) as lines:
        running = OurNode(load(config), lines, ends)
        assert lines.first() == running.config.base_url
        yield running
        status = lines.end()
        # bovine keeps no keys and answers 401 to the Delete of an account; minutes later the node gives that up.
        complaints = [one for one in lines.complaints if not ("status=401" in one and "#delete" in one)]
        assert (status, complaints) == (0, []), (status, complaints)


@dataclass(frozen=True, slots=True)
class Heard:
    """An activity that came to a peer's inbox."""

    status: int  # what the peer answered
    form: str  # of the signature
    signer: str  # id of the actor whose signature the peer found valid
    path: str
    document: Json


@dataclass(frozen=True, slots=True)
class Peer:
    """A server made with other people's code."""

    form: str  # in which it signs, and which it therefore is sent
    actor: str
    handle: str
    by_handle: bool  # whether it can find one of ours by handle: Fedify looks handles up over https only
    lines: Lines
    control: httpx2.Client = field(repr=False)

    def ask(self, verb: str, **values: Any) -> Json:
        """Make it act."""
        return _fine(self.control.post(verb, json=values))

    def state(self) -> Json:
        """Its followers, whom it follows, and who liked or passed on what, as far as it understood us."""
        return self.ask("state")

    def follow(self, member: Member) -> str:
        """Follow one of ours, found by handle or id; the id of the Follow."""
        id: str = self.ask("follow", actor=member.handle if self.by_handle else member.actor.uri)["id"]
        until(lambda: self.state()["following"].get(member.actor.uri), "its follow is accepted")
        return id

    def note(self, content: str, **more: Any) -> str:
        """Post; the note's id."""
        id: str = self.ask("note", content=content, **more)["id"]
        return id

    def heard(self, type: str, about: str, by: Member | None = None) -> Heard:
        """The newest activity of a type about an object, or an activity, with this id."""
        return until(lambda: next(self._arrived(type, about, by), None), f"{type} of {about} arrives")

    def _arrived(self, type: str, about: str, by: Member | None) -> Generator[Heard]:
        for line in reversed(self.events("inbox")):
            document = line["document"]
            meant = document["type"] == type and _id(document["object"]) == about
            if meant and (by is None or document["actor"] == by.actor.uri):
                yield Heard(line["status"], line["form"], line["signer"], line["path"], document)

    def understood(self, heard: Heard) -> Json:
        """What its library made of the object of an activity."""
        id = heard.document["id"]
        return until(lambda: [one["object"] for one in self.events("read") if one["id"] == id], f"{id} is read")[0]

    def events(self, kind: str) -> list[Json]:
        """What it has said of a kind, oldest first."""
        return [one for one in self.lines.said if one["event"] == kind]


def _id(object: Json) -> str:
    """The id of an object, of the first of several."""
    if isinstance(object, list):
        object = object[0]
    found: str = object["id"] if isinstance(object, dict) else object
    return found


@contextmanager
def answering(lines: Lines, form: str, *, by_handle: bool = False, verify: Any = True) -> Generator[Peer]:
    """A started peer, once it answers. ``verify``: how its certificate is judged, if it has one."""
    said = lines.first()
    with httpx2.Client(base_url=said["control"], timeout=PATIENCE, verify=verify) as control:
        peer = Peer(form, said["actor"], said["handle"], by_handle, lines, control)
        yield peer
        wrong = peer.events("error")  # none: it could make sense of whatever we sent
        assert wrong == [], wrong
