"""``sharewell close FILE.csv``: move many accounts to other servers before a node closes; ``node.cli`` reads arguments.

Every new account is asked first. Each move is one transaction, so that the same command goes on where it was stopped:
who has moved there already is passed over. The node can serve meanwhile, and sends what is promised; it has to go on
serving until that has left, and as long as old links shall lead on.
"""

from __future__ import annotations

import asyncio
import csv
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from federation.errors import Refused
from federation.fetching import webfinger
from node.config import Config
from node.connecting import moving
from node.context import Node
from node.errors import Invalid, NotAllowed
from node.opening import opened
from node.surfacing.surface import announce
from storage import actors, audit, jobs, moves
from storage.actors import Actor
from storage.database import Missing

SIZE, ROWS = 1 << 20, 10_000  # bytes and lines of a file
COLUMNS = ("handle", "address")  # a first line with these words is no account


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file."""

    line: int
    handle: str
    address: str


@dataclass(frozen=True, slots=True)
class Ready:
    """Who moves where."""

    row: Row
    me: Actor
    target: Actor


def read(path: Path, domain: str) -> list[Row]:
    """The lines of a file. Raises Invalid, naming those that cannot be used."""
    with path.open("rb") as file:
        content = file.read(SIZE + 1)
    if len(content) > SIZE:
        raise Invalid(f"{path} is larger than {SIZE >> 20} MB")
    try:
        lines = content.decode("utf-8-sig").replace("\x00", "").splitlines()
        cells = [(number, [one.strip() for one in row]) for number, row in enumerate(csv.reader(lines), 1) if any(row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Invalid(f"{path} is no table (CSV, UTF-8)") from error
    if cells and tuple(one.lower() for one in cells[0][1]) == COLUMNS:
        cells = cells[1:]
    rows = [_row(number, row, domain) for number, row in cells]
    if not rows or len(rows) > ROWS:
        raise Invalid(f"{path} has {len(rows)} accounts; 1 to {ROWS} can be moved at once")
    for what, found in (("handle", [one.handle for one in rows]), ("address", [one.address for one in rows])):
        twice = next((one for one in found if found.count(one) > 1), None) if len(set(found)) < len(found) else None
        if twice is not None:
            raise Invalid(f"{path} names the {what} {twice} twice")
    return rows


def _row(line: int, cells: Sequence[str], domain: str) -> Row:
    """Raises Invalid."""
    if len(cells) != 2:
        raise Invalid(f"line {line}: a handle here and a new address, with a comma between")
    handle, _at, place = cells[0].removeprefix("@").lower().partition("@")
    try:
        name, there = webfinger.split(cells[1])
    except Refused as error:
        raise Invalid(f"line {line}: {cells[1][:60]!r} is no address such as name@example.org") from error
    if not handle or place not in ("", domain):
        raise Invalid(f"line {line}: {cells[0][:60]!r} is no account of this node")
    return Row(line, handle, f"{name}@{there}")


async def alias(config: Config, options: Mapping[str, Any]) -> None:
    """Name an earlier account of an account here, as its member does on a page; a team has nobody who could."""
    async with opened(config, command=True) as node:
        async with node.database.reading() as db:
            try:
                me = await actors.by_handle(db, options["name"])
            except Missing as missing:
                raise Invalid(f"there is no account {options['name']}") from missing
        other = await moving.asked(node, options["address"])
        async with node.database.writing() as db:
            if options["remove"]:
                told = await moving.remove_alias(db, node, me, other.uri)
            else:
                told = await moving.add_alias(db, node, me, other)
        announce(node, told)


async def run(config: Config, options: Mapping[str, Any]) -> None:
    """Look at every account, then move them; how far it is goes to stderr. Raises Invalid when some cannot be moved."""
    rows = await asyncio.to_thread(read, options["file"], config.domain)
    async with opened(config, command=True) as node:
        ready, done, wrong = await look(node, rows)
        for row, why in wrong:
            sys.stderr.write(f"line {row.line}: {row.handle} -> {row.address}: {why}\n")
        if wrong and not options["partly"]:
            what = "can" if options["check"] else "nobody was moved: all but these can"
            raise Invalid(f"{len(wrong)} of {len(rows)} cannot be moved yet; {what} be with --partly")
        if not options["check"]:
            await move(node, ready)
            done += len(ready)
    sys.stdout.write(f"{done} of {len(rows)} have moved, {len(rows) - done} have not\n")


async def look(node: Node, rows: Sequence[Row]) -> tuple[list[Ready], int, list[tuple[Row, str]]]:
    """Who can be moved, how many have moved there already, and who cannot, with the reason."""
    ready: list[Ready] = []
    done = 0
    wrong: list[tuple[Row, str]] = []
    for place, row in enumerate(rows, 1):
        try:
            found = await _ready(node, row)
        except Missing:
            wrong.append((row, f"there is no account {row.handle} here"))
        except (Invalid, NotAllowed) as error:
            wrong.append((row, str(error)))
        else:
            done += found is None
            ready += [] if found is None else [found]
        _say("looked at", place, len(rows))
    return ready, done, wrong


async def _ready(node: Node, row: Row) -> Ready | None:
    """None: it has moved there. Raises Missing, Invalid, NotAllowed."""
    async with node.database.reading() as db:
        me = await actors.by_handle(db, row.handle)
        last = await moves.of(db, me.id)
        there = None if last is None or last.ended is not None else await actors.by_id(db, last.target_id)
    if me.gone is not None or me.suspended is not None:
        raise Missing(row.handle)
    if there is not None and f"{there.handle}@{there.domain or node.config.domain}".lower() == row.address.lower():
        return None
    target = await moving.asked(node, row.address)
    moving.check(me, target)
    return Ready(row, me, target)


async def move(node: Node, ready: Sequence[Ready]) -> None:
    """Move them, one after the other. Raises Invalid, NotAllowed: it changed since it was looked at."""
    for place, one in enumerate(ready, 1):
        async with node.database.writing() as db:
            told = await moving.begin(db, node, one.me, one.target)
            await audit.note(db, "account.move", one.me.uri, actor_id=None, now=node.clock())
        announce(node, told)
        _say("moved", place, len(ready))
    node.database.signal(jobs.WAKE)


def _say(what: str, place: int, all: int) -> None:
    sys.stderr.write(f"{what} {place} of {all}\n")
    sys.stderr.flush()
