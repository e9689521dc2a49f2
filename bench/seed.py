"""The data that everything is measured on: made once for each number of posts, the same every time, kept in ``out``."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

import storage
from bench import people
from bench.bulk import Bulk
from bench.places import NODE_PORT, NODE_URL, OUT
from bench.posts import THREAD, THREADS, Telling
from storage import home, members

CODE = ("bulk.py", "people.py", "places.py", "posts.py", "seed.py", "words.py")
CONFIG = "config.toml"
PAGES = 10  # of the home timeline that are read in turn
PAGE = 20


@dataclass(frozen=True, slots=True)
class World:
    """What is in a database, as far as somebody must know who asks for it."""

    posts: int
    threads: list[int]  # ids of posts in the middle of a thread
    pages: list[int]  # ids to page the reader's home timeline by, the newest page first


def prepared(posts: int, seed: int) -> tuple[Path, World]:
    """A fresh copy of the data with ``posts`` posts: the folder of a node, and what is in it."""
    kept = OUT / "data" / f"{posts}-{seed}-{_version()}"
    if not (kept / "world.json").exists():
        shutil.rmtree(kept, ignore_errors=True)
        began = time.monotonic()
        asyncio.run(_make(kept, posts, seed))
        print(f"made {posts} posts in {time.monotonic() - began:.0f} s", file=sys.stderr)
    run = OUT / "run"
    shutil.rmtree(run, ignore_errors=True)
    shutil.copytree(kept, run)
    return run, World(**json.loads((run / "world.json").read_text()))


def _version() -> str:
    """Changes with whatever the data depends on."""
    files = [Path(__file__).with_name(one) for one in CODE]
    files += sorted(Path(storage.__path__[0]).rglob("*.sql"))
    return hashlib.sha256(b"".join(one.read_bytes() for one in files)).hexdigest()[:12]


async def _make(folder: Path, posts: int, seed: int) -> None:
    await asyncio.to_thread(_init, folder)
    random = Random(seed)
    db = Bulk(folder / "data" / "sharewell.db")
    everyone = await people.add(db, random, more=posts // 50)
    telling = Telling(db, random, everyone, posts)
    threads: list[int] = []
    while telling.made < posts:
        left = posts - telling.made
        if len(threads) < THREADS and left <= posts * (THREADS - len(threads)) / THREADS and left > THREAD:
            threads.append(await telling.thread())
        await telling.one()
    for member in everyone.here:
        await home.trim(db, member_id=member.id)
        # Whoever was long away loses the home timeline.
        await members.visit(db, member.id, now=time.time_ns() // 1_000_000 + 365 * 86_400_000)
    rows = await db.rows(
        "SELECT position FROM home WHERE member_id = :id ORDER BY position DESC LIMIT 200", id=everyone.here[0].id
    )
    db.close()
    pages = [row["position"] for row in rows][PAGE - 1 :: PAGE][: PAGES - 1]
    (folder / "world.json").write_text(json.dumps(asdict(World(posts, threads, pages))))


def _init(folder: Path) -> None:
    command = [
        sys.executable, "-m", "node", "init", "--config", str(folder / CONFIG), "--domain", f"127.0.0.1:{NODE_PORT}",
        "--base-url", NODE_URL, "--listen", f"127.0.0.1:{NODE_PORT}", "--insecure-http",
        "--private-peer", "127.1.0.0/16",
    ]  # fmt: skip
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    config = folder / CONFIG
    config.write_text(config.read_text().replace("#rate = true", "rate = false"))
