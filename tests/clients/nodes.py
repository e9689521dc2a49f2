"""Two nodes as they are served, each the other's only neighbour, and members who sign in with apps as people do."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import TypeVar

import requests

from tests.house.tree import ROOT
from tests.postgres import free_port

PASSWORD = "correct horse battery"
PATIENCE = 60  # seconds; a machine under load starts slowly
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
_CODE = re.compile(r'id="code"[^>]* value="([^"]+)"')
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Nodes:
    """Where they answer. ``here`` has the members alice and bob, ``there`` has cara."""

    here: str
    there: str

    @property
    def cara(self) -> str:
        """How cara is called from here."""
        return f"cara@{self.there.removeprefix('http://')}"

    @property
    def alice(self) -> str:
        """How alice is called from there."""
        return f"alice@{self.here.removeprefix('http://')}"


@contextmanager
def two_nodes(
    folder: Path, *, pushing: Sequence[int] = (), joining: str = "closed", delay: int = 0, guardian: str = ""
) -> Generator[Nodes]:
    """Both, until the block ends. ``pushing``: ports of push services; ``joining``: who may join ``here``; ``delay``:
    seconds in which posts can be taken back there; ``guardian``: one more member there."""
    here, there = free_port(), free_port()
    with ExitStack() as stack:
        yield Nodes(
            stack.enter_context(
                _served(
                    folder / "here",
                    here,
                    [there, *pushing],
                    "alice",
                    "bob",
                    joining=joining,
                    announced="Lifts out",
                    delay=delay,
                    guardian=guardian,
                )
            ),
            stack.enter_context(_served(folder / "there", there, [here], "cara")),
        )


@contextmanager
def _served(
    folder: Path,
    port: int,
    neighbours: list[int],
    *names: str,
    joining: str = "closed",
    announced: str = "",
    delay: int = 0,
    guardian: str = "",
) -> Generator[str]:
    folder.mkdir()
    config, url = ["--config", str(folder / "config.toml")], f"http://127.0.0.1:{port}"
    where = ["--domain", f"127.0.0.1:{port}", "--base-url", url, "--listen", f"127.0.0.1:{port}", "--insecure-http"]
    peers = [word for one in neighbours for word in ("--private-peer", f"127.0.0.1:{one}")]
    _run("init", *config, *where, *peers)
    written = (folder / "config.toml").read_text(encoding="utf-8")
    (folder / "terms.txt").write_text("Be kind.\n", encoding="utf-8")
    changed = written.replace('#mode = "closed"', f'mode = "{joining}"')
    changed = changed.replace(
        "[about]", '[about]\nterms = "terms.txt"\nterms_date = "2026-01-31"\nblocked_servers = "everybody"'
    )
    changed = changed.replace("#fan_out_delay = 0", f"fan_out_delay = {delay}")
    (folder / "config.toml").write_text(changed, encoding="utf-8")
    for name in (*names, guardian) if guardian else names:
        role = "guardian" if name == guardian else "member"
        account = ["--email", f"{name}@mail.example", "--password", PASSWORD, "--role", role]
        _run("account", "create", name, *account, *config)
    if announced:
        _run("announcement", "add", announced, *config)
    process = subprocess.Popen(_sharewell("serve", *config), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == url
    try:
        yield url
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def _sharewell(*words: str) -> list[str]:
    return [sys.executable, "-m", "node", *words]


def _run(*words: str) -> None:
    subprocess.run(_sharewell(*words), cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE)


def code_for(base: str, address: str, name: str) -> str:
    """The code that a member sees who is sent to ``address`` by an app, signs in and allows it."""
    with requests.Session() as browser:
        page = browser.get(address, timeout=PATIENCE)
        form = {**_hidden(page), "login": name, "password": PASSWORD}
        page = browser.post(f"{base}/sign-in", data=form, timeout=PATIENCE)
        page = browser.post(f"{base}/oauth/authorize", data={**_hidden(page), "decision": "allow"}, timeout=PATIENCE)
    code = _CODE.search(page.text)
    assert code is not None, page.text
    return code[1]


def _hidden(page: requests.Response) -> dict[str, str]:
    assert page.status_code == 200, page.text
    return {name: unescape(value) for name, value in _HIDDEN.findall(page.text)}


def soon(look: Callable[[], T]) -> T:
    """What is seen once it is true: what goes to the other node takes a moment."""
    until = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.1)
    return found
