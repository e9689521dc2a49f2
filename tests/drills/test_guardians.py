"""Two nodes as they are served: what is held does not leave until a guardian released it, and the time after that."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.clients.guards import BLOCKED, CASES, HELD, NUMBER
from tests.clients.nodes import Nodes, soon, two_nodes
from tests.house.tree import ROOT

pytestmark = pytest.mark.xdist_group("drills")
DELAY = 2  # seconds in which a post can be taken back


@pytest.fixture
def nodes(tmp_path: Path) -> Generator[Nodes]:
    with two_nodes(tmp_path, delay=DELAY, guardian="gwen") as found:
        yield found


def command(folder: Path, *words: str) -> str:
    """Type a command beside the node; what it says."""
    typed = [sys.executable, "-m", "node", *words, "--config", str(folder / "config.toml")]
    return subprocess.run(typed, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60).stdout


def member(folder: Path, name: str) -> requests.Session:
    """An app of a member."""
    session = requests.Session()
    session.headers["authorization"] = f"Bearer {command(folder, 'token', 'create', name).splitlines()[-1]}"
    return session


def texts(who: requests.Session, base: str) -> list[str]:
    """What stands on the home timeline."""
    return [one["content"] for one in who.get(f"{base}/api/v1/timelines/home", timeout=60).json()]


def test_held_here_it_is_not_there_until_a_guardian_released_it(nodes: Nodes, tmp_path: Path) -> None:
    alice, gwen = (member(tmp_path / "here", name) for name in ("alice", "gwen"))
    cara = member(tmp_path / "there", "cara")
    command(tmp_path / "there", "peer", "add", urlsplit(nodes.here).netloc)  # whose guardians are relied on there
    found = cara.get(f"{nodes.there}/api/v2/search", params={"q": nodes.alice, "resolve": "true"}, timeout=60).json()
    cara.post(f"{nodes.there}/api/v1/accounts/{found['accounts'][0]['id']}/follow", timeout=60)
    soon(lambda: alice.get(f"{nodes.here}/api/v1/accounts/verify_credentials", timeout=60).json()["followers_count"])

    # As toot and other apps of the command line send it: a form.
    blocked = alice.post(f"{nodes.here}/api/v1/statuses", data={"status": BLOCKED}, timeout=60)
    held = alice.post(f"{nodes.here}/api/v1/statuses", data={"status": HELD}, timeout=60).json()
    alice.post(f"{nodes.here}/api/v1/statuses", data={"status": "Something else"}, timeout=60)
    soon(lambda: texts(cara, nodes.there) == ["<p>Something else</p>"])
    [case] = gwen.get(f"{nodes.here}{CASES}", timeout=60).json()
    since = time.monotonic()
    decided = gwen.post(f"{nodes.here}{CASES}/{case['id']}/release", timeout=60)
    soon(lambda: f"<p>{HELD}</p>" in texts(cara, nodes.there))
    took = time.monotonic() - since
    out = alice.get(f"{nodes.here}/api/v1/statuses/{held['id']}", timeout=60).json()

    assert (blocked.status_code, decided.status_code) == (422, 200)
    assert blocked.json()["error"].startswith("Not published: this looks like an NHS number (characters 31-42).")
    assert took >= DELAY
    assert out["id"] != held["id"]
    assert texts(cara, nodes.there) == [f"<p>{HELD}</p>", "<p>Something else</p>"]
    here = [one for one in (tmp_path / "here").rglob("*") if one.is_file() and NUMBER.encode() in one.read_bytes()]
    assert here == []
