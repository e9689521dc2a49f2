"""``python -m node`` is ``sharewell``."""

from __future__ import annotations

from node.cli import main

main()
