"""masto.js, the library that Elk and Phanpy are made with, against two nodes as they are served."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import needs
from tests.clients.counts import CLIENT
from tests.house.tree import ROOT
from tests.peers.conftest import exactly
from tests.peers.machines import Member, our_node
from tests.postgres import free_port

pytestmark = pytest.mark.xdist_group("drills")
SUITE = Path(__file__).parent / "masto"
PATIENCE = 300  # seconds; the suite takes ten on a machine that does nothing else


def token_of(member: Member) -> str:
    return str(member.app.headers["authorization"].removeprefix("Bearer "))


def test_masto_js_does_what_its_users_do(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    here, away, push = (f"127.0.61.{number}:{free_port()}" for number in (1, 2, 3))
    folder = needs.masto()
    for script in SUITE.glob("*.mjs"):  # Node.js finds packages from the folder of the script
        shutil.copy(script, folder / script.name)
    with ExitStack() as stack:
        nodes = [
            stack.enter_context(our_node(tmp_path / name, place, [exactly(other), exactly(push)]))
            for name, place, other in (("here", here, away), ("away", away, here))
        ]
        announce = [sys.executable, "-m", "node", "announcement", "add", "Lifts out"]
        configured = ["--config", str(tmp_path / "here" / "config.toml")]
        subprocess.run([*announce, *configured], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        homes = {"alice": nodes[0], "bob": nodes[0], "carol": nodes[1]}
        tokens = {name: token_of(node.member()) for name, node in homes.items()}
        told = {"HERE": f"http://{here}", "AWAY": f"http://{away}", "PUSH": push, "TOKENS": json.dumps(tokens)}
        command = [str(needs.node() / "node"), "suite.mjs"]
        ran = subprocess.run(
            command,
            cwd=folder,
            env={**needs.with_node(), **told},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    *failures, counts = ran.stdout.splitlines()
    record_property(CLIENT, counts)
    assert (failures, ran.stderr) == ([], "")
    assert re.fullmatch(r"masto\.js: [1-9][0-9]* passed, 0 failed, [0-9]+ methods", counts)
    assert ran.returncode == 0
