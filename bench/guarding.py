"""``python -m bench.guarding``: what the privacy guard takes for a post of the sample content and for hostile texts."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from node.confidentiality import guard
from node.demo import content

ROUNDS = 7
LENGTH = 100_000  # characters of a hostile text
HOSTILE = (
    "a", "1", "9 ", "1O", "ﷺ", "\u200b", "NHS ", "nhs no 999 456 7810 ",
    "12/03/2025 ", "born 12/3/47 ", "Mr ", "Dr ",
    "help ",
    "QX4 7TB ", "91 year old farmer on Ward 7 last Tuesday fell ", "bed 6 ", "x.jpg ", "a@b.c ", "told me to change ",
)  # fmt: skip


def main() -> int:
    """Print CPU time, the least of some rounds."""
    lines = (Path(content.__file__).parent / "items.jsonl").read_text(encoding="utf-8").splitlines()
    posts = [f"{item['title']}\n\n{item['content']}" for item in map(json.loads, lines)]
    print(f"{len(posts)} posts of {sum(map(len, posts)) / len(posts):.0f} characters: ", end="")
    print(f"{min(_seconds(posts) for _ in range(ROUNDS)) / len(posts) * 1e6:.0f} µs each")
    for took, piece in sorted(((_seconds([(piece * LENGTH)[:LENGTH]]), piece) for piece in HOSTILE), reverse=True):
        print(f"{took:6.3f} s  {LENGTH} characters of {piece!r}")
    return 0


def _seconds(texts: list[str]) -> float:
    before = time.process_time()
    for text in texts:
        guard.check(text)
    return time.process_time() - before


if __name__ == "__main__":
    sys.exit(main())
