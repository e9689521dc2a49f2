"""Figures beside their targets."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from bench.measures import Run

GROWTH = 1.2  # at the most posts, times what it is at the fewest


@dataclass(frozen=True, slots=True)
class Target:
    """What is measured and how much it may be."""

    title: str
    most: float
    unit: str = "CPU ms"


TARGETS: Mapping[str, Target] = {
    "inbox": Target("inbox Create, 16 at once", 0.8),
    "fan-out": Target("delivery, 512 hosts", 0.65),
    "share": Target("POST status", 1.2),
    "home": Target("GET home, 20", 0.6),
    "context": Target("GET context of 20", 0.8),
    "account": Target("GET posts of an account, 20", 0.6),
    "profile": Target("page of an account, HTML", 2.0),
    "home-page": Target("home page of a member, HTML", 2.0),
    "notifications": Target("GET notifications, 20", 0.8),
    "upload": Target("upload of 2 MP, 1 at once", 120),
    "actor": Target("signed GET actor", 0.3),
    "webfinger": Target("webfinger", 0.15),
    "start": Target("start to first answer", 0.6, "CPU s"),
    "memory": Target("idle RSS", 80, "MiB"),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What was found on one number of posts."""

    posts: int
    runs: Mapping[str, Sequence[Run]]
    starts: Sequence[Run]
    idle: float  # MiB before anything was asked
    used: float  # MiB after everything

    def value(self, name: str) -> float:
        """The figure beside the target of this name; nan when it was not measured."""
        if name == "memory":
            return self.idle
        if name == "start":
            return median(one.cpu for one in self.starts)
        return median(one.each for one in self.runs[name]) if name in self.runs else float("nan")

    def rate(self, name: str) -> float:
        """Operations a second, where that says something."""
        return median(one.rate for one in self.runs[name]) if name in self.runs else float("nan")


def table(found: Sequence[Figures]) -> str:
    """The figures in Markdown."""
    heads = [f"{one.posts // 1000}k posts" for one in found]
    lines = [
        f"| | target | {' | '.join(heads)} | growth | |",
        f"|---|---:|{'---:|' * len(found)}---:|---|",
    ]
    for name, target in TARGETS.items():
        values = [one.value(name) for one in found]
        if any(value != value for value in values):
            continue
        growth = values[-1] / values[0]
        grown = f"{growth:.2f}" if len(found) > 1 else ""
        shown = " | ".join(_shown(value) for value in values)
        lines.append(
            f"| {target.title} ({target.unit}) | {target.most:g} | {shown} | {grown} | {_verdict(target, values)} |"
        )
    lines += ["", *(_also(one) for one in found)]
    return "\n".join(lines)


def _shown(value: float) -> str:
    return f"{value:.3f}" if value < 10 else f"{value:.1f}"


def _verdict(target: Target, values: Sequence[float]) -> str:
    if max(values) > target.most:
        return "over"
    return "grows" if values[-1] > values[0] * GROWTH else "PASS"


def _also(one: Figures) -> str:
    rates = [
        f"{one.rate(name):.0f} {what}/s"
        for name, what in (("inbox", "creates"), ("share", "posts"), ("fan-out", "deliveries"), ("home", "homes"))
        if name in one.runs
    ]
    wall = median(start.wall for start in one.starts)
    return (
        f"{one.posts // 1000}k posts: {', '.join(rates)}; first answer after {wall:.2f} s; "
        f"{one.used:.0f} MiB after all of it."
    )


def write(found: Sequence[Figures], machine: Mapping[str, float], file: Path) -> None:
    """Everything as JSON."""
    made = {
        "machine": {"cpus": os.cpu_count(), "processor": _processor(), "python": platform.python_version(), **machine},
        "commit": _git("rev-parse", "--short", "HEAD") + ("+" if _git("status", "--porcelain", "-uno") else ""),
        "targets": {name: asdict(target) for name, target in TARGETS.items()},
        "found": [{**asdict(one), "values": {name: one.value(name) for name in TARGETS}} for one in found],
    }
    file.write_text(json.dumps(made, indent=1).replace("NaN", "null"))


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], capture_output=True, text=True, check=False).stdout.strip()


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")
