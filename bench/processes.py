"""The processes that are measured and that measure: started, asked for their CPU time and memory, stopped."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.places import NODE_URL, OUT
from bench.seed import CONFIG

_TICKS = os.sysconf("SC_CLK_TCK")
START = 30  # seconds


@dataclass(frozen=True, slots=True)
class Running:
    """A process with whatever it starts."""

    process: subprocess.Popen[bytes]

    @property
    def cpu(self) -> float:
        """Seconds of CPU, user and system, of the process, its threads and its children, ended ones too."""
        return sum(_ticks(one) for one in _family(self.process.pid)) / _TICKS

    @property
    def memory(self) -> float:
        """MiB in memory: VmRSS of the process and its children."""
        return sum(_resident(one) for one in _family(self.process.pid)) / 1024


def _ticks(pid: int) -> int:
    # See proc_pid_stat(5): what follows the name in parentheses are fields 3 and on; 14 to 17 are the times.
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return sum(int(one) for one in fields[11:15])
    return 0  # ended: its parent has its times


def _resident(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def _family(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # ended
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


@contextlib.contextmanager
def node(folder: Path) -> Iterator[Running]:
    """The node of this folder, answering; stopped by SIGTERM, which has to end it with 0."""
    with _started([sys.executable, "-m", "node", "serve", "--config", str(folder / CONFIG)], NODE_URL) as running:
        yield running
    if running.process.returncode != 0:
        raise RuntimeError(f"the node ended with {running.process.returncode}, see {OUT / 'serve.log'}")


@contextlib.contextmanager
def peers() -> Iterator[Running]:
    """The other servers."""
    with _started([sys.executable, "-m", "bench.peers"], "ready") as running:
        yield running


@contextlib.contextmanager
def _started(command: list[str], line: str) -> Iterator[Running]:
    with (OUT / f"{command[3] if command[2] == 'node' else command[2]}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=_environment())
        try:
            _wait_for(process, line)
            yield Running(process)
        finally:
            process.terminate()
            try:
                process.wait(START)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _environment() -> dict[str, str]:
    """Ours, in which modules are compiled once, as where a node is installed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _wait_for(process: subprocess.Popen[bytes], line: str) -> None:
    assert process.stdout is not None
    ends = time.monotonic() + START
    while time.monotonic() < ends:
        said = process.stdout.readline()
        if said.strip() == line.encode():
            return
        if not said:
            break
    raise RuntimeError(f"did not start: {process.args!r}; see the logs in {OUT}")
