"""``python -m bench``: measure a node's speed and memory, print the figures beside their targets.

Needs Linux (/proc). The node, the servers it delivers to and what asks it are processes of their own; only the node's
CPU time counts.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path

import uvloop

from bench import asking, keys, report, seed, yardsticks
from bench.http import ask
from bench.measures import MEASURES, NODE, Bench, Run
from bench.people import READER
from bench.places import OUT
from bench.processes import node, peers
from bench.report import Figures

IDLE = 5.0  # seconds until a node that nobody asks is idle


def main() -> int:
    """Measure as the arguments say; 1 when a figure is over its target and ``--strict`` is given."""
    options = _arguments()
    OUT.mkdir(exist_ok=True)
    found = []
    machine = yardsticks.taken(keys.pairs()[0][0][1])
    print("this machine, CPU µs: " + ", ".join(f"{name} {took:.1f}" for name, took in machine.items()), flush=True)
    with peers():
        for posts in options.posts:
            found.append(uvloop.run(_measure(posts, options)))
            print(report.table(found[-1:]), flush=True)
    print()
    print(report.table(found))
    report.write(found, machine, options.json)
    failed = any("PASS" not in line for line in report.table(found).splitlines()[2:] if line.startswith("|"))
    return int(options.strict and failed)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="1,000 posts and few runs: under a minute")
    parser.add_argument("--posts", type=int, nargs="+", default=[1_000, 10_000, 100_000], help="sizes of the data")
    parser.add_argument("--runs", type=int, default=5, help="of which the median counts")
    parser.add_argument("--operations", type=int, default=1200, help="reads in a run; half as many Creates")
    parser.add_argument("--in-flight", type=int, default=4, help="connections that ask at once; Creates: 16")
    parser.add_argument("--only", nargs="+", choices=list(MEASURES), default=list(MEASURES), metavar="MEASURE")
    parser.add_argument("--seed", type=int, default=1, help="of the data")
    parser.add_argument("--json", type=Path, default=OUT / "results.json", help="where all figures go")
    parser.add_argument("--strict", action="store_true", help="end with 1 when a figure is over its target")
    options = parser.parse_args()
    if options.quick:
        options.posts, options.runs, options.operations = options.posts[:1], min(options.runs, 3), 600
    return options


async def _measure(posts: int, options: argparse.Namespace) -> Figures:
    folder, world = await asyncio.to_thread(seed.prepared, posts, options.seed)
    starts = [await _start(folder) for _ in range(options.runs)]
    runs: dict[str, list[Run]] = {}
    with node(folder) as running:
        await ask(NODE, asking.webfinger(READER))
        await asyncio.sleep(IDLE)
        idle = running.memory
        bench = Bench(running, world, options.runs, options.operations, options.in_flight)
        for name, measure in MEASURES.items():
            if name in options.only:
                print(f"{posts} posts: {name}", file=sys.stderr, flush=True)
                runs[name] = await measure(bench)
        used = running.memory
    return Figures(posts, runs, starts, idle, used)


async def _start(folder: Path) -> Run:
    began = time.monotonic()
    with node(folder) as running:
        answer = await ask(NODE, asking.webfinger(READER))
        wall, cpu = time.monotonic() - began, running.cpu
    if answer.status != 200:
        raise RuntimeError(f"the first answer was {answer.status}")
    return Run(1, cpu, wall)


if __name__ == "__main__":
    sys.exit(main())
