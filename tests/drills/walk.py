"""Three nodes and a server made with Fedify as processes of their own, and what members' apps do and see there.

Nothing here waits for a fixed time. ``Walk.seen`` keeps how long each thing took from the act to the other node.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import permutations
from pathlib import Path

import httpx2

from node.config import load
from tests.needs import ROOT
from tests.peers.conftest import environment, exactly, fedify_command
from tests.peers.machines import (
    Json,
    Member,
    OurNode,
    Peer,
    T,
    answering,
    configured,
    serving,
    started,
    until,
)  # fmt: skip
from tests.postgres import free_port

AS2 = {"accept": "application/activity+json"}
SOON = 30.0  # seconds for one thing to be seen at another node, on a machine that does other things too


class Place:
    """A node that is ended and started again."""

    def __init__(self, config: Path, ends: ExitStack) -> None:
        self._config, self._ends = config, ends
        self.runs: list[OurNode] = []

    def begin(self) -> None:
        """Start it; it need not answer yet."""
        lines = self._ends.enter_context(started(serving(self._config), ROOT, {}))
        self.runs.append(OurNode(load(self._config), lines, self._ends))

    @property
    def node(self) -> OurNode:
        """As it runs now, or ran last."""
        return self.runs[-1]

    def ready(self) -> None:
        """Wait until it answers."""
        assert self.node.lines.first() == self.node.config.base_url

    def run(self, sql: str, **values: object) -> None:
        """Change its database beside it."""
        file = Path(self.node.config.data) / "sharewell.db"
        with closing(sqlite3.connect(file, timeout=30)) as db, db:
            db.execute(sql, values)


@dataclass
class Walk:
    """Who takes part. Rosa and Una are at ``a``, Sam at ``b``, Wim at ``c``; all but Una follow each other."""

    a: Place
    b: Place
    c: Place
    rosa: Member
    una: Member
    sam: Member
    wim: Member
    peer: Peer
    took: dict[str, float] = field(default_factory=dict)  # seconds, by what was waited for

    def seen(self, what: str, look: Callable[[], T | None], *, within: float = SOON) -> T:
        """What is found at another node as soon as it is."""
        since = time.monotonic()
        found = until(look, what, within=within)
        self.took[what] = time.monotonic() - since
        return found

    def arrives(self, who: Member, uri: str) -> Json:
        """A post in the home timeline of a member elsewhere."""
        what = f"{uri.rpartition('/')[2]} comes to {who.handle.split('@')[1]}"
        return self.seen(what, lambda: next((one for one in who.home() if one["uri"] == uri), None))

    def passed_on(self, who: Member, uri: str) -> Json:
        """What passed a post on to the home timeline of a member."""
        what = f"{uri.rpartition('/')[2]} is passed on to {who.handle.split('@')[1]}"
        return self.seen(
            what, lambda: next((one for one in who.home() if (one["reblog"] or {}).get("uri") == uri), None)
        )


def share(who: Member, kind: str, title: str, **fields: object) -> Json:
    """A structured post."""
    return who.say("", sharewell={"kind": kind, "title": title, "fields": fields})


def page(address: str) -> str:
    """What anybody reads there."""
    answer = httpx2.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return answer.text


def document(uri: str) -> Json:
    """What another server reads there."""
    answer = httpx2.get(uri, headers=AS2)
    assert answer.status_code == 200, f"{uri}: {answer.status_code}"
    return answer.json()


def follow(who: Member, other: Member) -> None:
    """Follow somebody elsewhere, and wait until it is accepted."""
    id = who.find(other.handle)["id"]
    who.post(f"/api/v1/accounts/{id}/follow")
    until(lambda: who.standing(id)["following"], f"{who.handle} follows {other.handle}")


def insist(who: Member, texts: Sequence[str], answered: list[str]) -> None:
    """Share each text as an app does that gets no answer: again under the same key, until it gets one."""
    for one in texts:
        answered.append(until(partial(_tried, who, one), f"{one} is answered"))  # noqa: PERF401 - others look meanwhile


def _tried(who: Member, text: str) -> str | None:
    try:
        answer = who.app.post("/api/v1/statuses", json={"status": text}, headers={"idempotency-key": text})
    except httpx2.TransportError:
        return None  # nobody there
    assert answer.status_code in (200, 409, 503), answer.text
    uri: str | None = answer.json()["uri"] if answer.status_code == 200 else None
    return uri


@contextmanager
def saying(who: Member, texts: Sequence[str], *, apps: int) -> Generator[list[str]]:
    """Texts that are shared side by side meanwhile; the uris of what was answered."""
    answered: list[str] = []
    with ThreadPoolExecutor(apps) as pool:
        done = [pool.submit(insist, who, texts[one::apps], answered) for one in range(apps)]
        yield answered
        for one in done:
            one.result()


@contextmanager
def walk(folder: Path) -> Generator[Walk]:
    """All of it, started side by side."""
    names = ("a", "b", "c", "peer")
    where = {name: f"127.0.51.{number}:{free_port()}" for number, name in enumerate(names, 1)}
    with ExitStack() as ends:
        lines = ends.enter_context(started(*fedify_command(), environment(where["peer"]), json.loads))
        places = [_place(folder / one, where, one, ends) for one in names[:3]]
        for one in places:
            one.ready()
        a, b, c = places
        rosa, una = a.node.member(name="rosa"), a.node.member(name="una")
        sam, wim = b.node.member(name="sam"), c.node.member(name="wim")
        peer = ends.enter_context(answering(lines, "rfc9421"))
        for who, other in permutations((rosa, sam, wim), 2):
            follow(who, other)
        peer.follow(rosa)
        yield Walk(a, b, c, rosa, una, sam, wim, peer)
    for one in places:
        said = [line for run in one.runs for line in run.lines.complaints]
        assert not any("Traceback" in line for line in said), said


def _place(folder: Path, where: dict[str, str], name: str, ends: ExitStack) -> Place:
    folder.mkdir()
    others = [exactly(place) for other, place in where.items() if other != name]
    made = Place(configured(folder, where[name], others), ends)
    made.begin()
    return made


def group_of(who: Member, name: str, uri: str) -> Member:
    """A group as somebody who is found by handle and id."""
    domain = who.handle.rpartition("@")[2]
    return Member(replace(who.actor, uri=uri), f"@{name}@{domain}", who.app)
