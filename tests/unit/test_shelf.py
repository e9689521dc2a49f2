"""The shelf keeps what was used last, and in memory no more than it says."""

from __future__ import annotations

import tracemalloc

import orjson
import pytest

from node.shelf import Shelf

SIZE = 2 << 20


@pytest.mark.parametrize("length", [60, 200, 800, 3_000])
def test_a_full_shelf_is_as_large_as_it_says(length: int) -> None:
    tracemalloc.start()
    try:
        shelf = Shelf(SIZE)
        for number in range(20_000):
            shelf.put(("body", (1 << 55) + number, (1 << 40) + number), orjson.dumps("x" * length))
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert 0.8 * SIZE < used < 1.25 * SIZE


def test_what_was_not_used_for_longest_makes_room() -> None:
    shelf = Shelf(10_000)
    shelf.put(("body", 1), b"x" * 3_000)
    shelf.put(("body", 2), b"y" * 3_000)
    shelf.get("body", 1)
    shelf.put(("body", 3), b"z" * 4_000)

    assert shelf.get("body", 2) is None
    assert (shelf.get("body", 1), shelf.get("body", 3)) == (b"x" * 3_000, b"z" * 4_000)


def test_what_is_laid_down_again_takes_its_own_place() -> None:
    shelf = Shelf(10_000)
    for _ in range(100):
        shelf.put(("body", 1), b"x" * 9_000)

    assert len(shelf) == 1
    assert shelf.get("body", 1) == b"x" * 9_000


def test_what_is_larger_than_the_shelf_is_not_kept() -> None:
    shelf = Shelf(1_000)
    shelf.put(("body", 1), b"x" * 2_000)

    assert shelf.get("body", 1) is None
