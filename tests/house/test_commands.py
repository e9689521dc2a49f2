"""A node as a process: what it says when it answers, how it ends, and commands beside it while it serves."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from tests.postgres import free_port

PATIENCE = 60  # seconds; a machine under load starts slowly
SHAREWELL = [sys.executable, "-m", "node"]


def command(config: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*SHAREWELL, *words, "--config", str(config)],
        cwd=ROOT, input=typed, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


@contextmanager
def running(config: Path, *words: str, folder: Path = ROOT) -> Generator[subprocess.Popen[str]]:
    """A command that goes on until it is told to stop; ended here if it has not ended by itself."""
    process = subprocess.Popen(
        [*SHAREWELL, *words, "--config", str(config)],
        cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def stopped(process: subprocess.Popen[str], by: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
    """Its exit status and what it said after what was read of it, once it was told to stop."""
    process.send_signal(by)
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


def said_first(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def asked(port: int, path: str, token: str = "") -> int:
    """The status of an answer."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
        return connection.getresponse().status


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def config(tmp_path: Path, port: int) -> Path:
    """The configuration of a node with an empty SQLite database."""
    path = tmp_path / "config.toml"
    made = subprocess.run(
        [*SHAREWELL, "init", "--config", str(path), "--domain", f"localhost:{port}", "--insecure-http",
         "--base-url", f"http://localhost:{port}", "--listen", f"127.0.0.1:{port}"],
        cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert (made.returncode, made.stderr) == (0, "")
    return path


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_a_node_says_its_address_when_it_answers_and_ends_with_0(config: Path, port: int, by: signal.Signals) -> None:
    with running(config, "serve") as process:
        said = said_first(process)
        status = asked(port, "/")

        ended = stopped(process, by)

    assert said == f"http://localhost:{port}\n"
    assert status == 200
    assert ended == (0, "", "")


def test_a_request_under_way_is_answered_before_the_node_ends(config: Path, port: int) -> None:
    body = b"client_name=Ward&redirect_uris=urn:ietf:wg:oauth:2.0:oob"
    head = (
        f"POST /api/v1/apps HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )
    with running(config, "serve") as process:
        said_first(process)
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
            client.sendall(head.encode() + body[:10])
            time.sleep(0.5)  # the node has read the head
            process.send_signal(signal.SIGTERM)
            time.sleep(0.5)  # and is finishing
            client.sendall(body[10:])
            answer = client.recv(1 << 16)
        out, err = process.communicate(timeout=PATIENCE)

    assert answer.startswith(b"HTTP/1.1 200")
    assert (process.returncode, out, err) == (0, "", "")


def test_commands_work_while_the_node_serves(config: Path, port: int) -> None:
    with running(config, "serve") as process:
        said_first(process)

        made = command(
            config, "account", "create", "maria", "--email", "m@ward.example", "--password", "first one here"
        )
        changed = command(config, "account", "password", "maria", typed="another one here\n")
        token = command(config, "token", "create", "maria").stdout.splitlines()[-1]
        before = asked(port, "/api/v1/accounts/verify_credentials", token)
        done = [
            command(config, *words.split()).returncode
            for words in ("keys rotate maria", "peer add loud.example --policy silenced", "account disable maria")
        ]
        after = asked(port, "/api/v1/accounts/verify_credentials", token)
        approved = command(config, "account", "approve", "maria").returncode
        erased = command(config, "account", "delete", "maria").returncode

    assert (made.returncode, made.stdout) == (0, f"@maria@localhost:{port}\n")
    assert (changed.returncode, changed.stderr) == (0, "")
    assert (before, done, after, approved, erased) == (200, [0, 0, 0], 401, 0, 0)


def test_a_worker_without_web_says_so_and_ends_with_0(tmp_path: Path, postgres_url: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'domain = "ward.example"\ndatabase = "{postgres_url}"\n')

    with running(path, "work") as process:
        said = said_first(process)

        ended = stopped(process)

    assert said == "working for https://ward.example\n"
    assert ended == (0, "", "")


def test_a_mistake_is_one_line_in_a_process_too(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('domain = "ward.example"\ndatabase = "postgresql://nobody@127.0.0.1:1/none"\n')

    ended = command(path, "serve")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("sharewell: cannot open the database: ")
    assert ended.stderr.count("\n") == 1
