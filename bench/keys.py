"""RSA pairs for everyone in the data, made once: they are the only part of it that no seed decides."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

from bench.places import OUT
from federation.signing.keys import generate_ed25519, generate_rsa

PAIRS = 32
Pair = tuple[str, str]  # public and private PEM


def pairs() -> tuple[list[Pair], Pair]:
    """RSA pairs, and one Ed25519 pair."""
    file = OUT / "keys.json"
    if not file.exists():
        OUT.mkdir(exist_ok=True)
        with ThreadPoolExecutor(2) as threads:
            made = list(threads.map(lambda _: generate_rsa(), range(PAIRS)))
        file.write_text(json.dumps({"rsa": made, "ed25519": generate_ed25519()}))
    kept = json.loads(file.read_text())
    public, private = kept["ed25519"]
    return [(one[0], one[1]) for one in kept["rsa"]], (public, private)
