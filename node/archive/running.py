"""``sharewell archive DIR``; ``node.cli`` reads the arguments."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from node.app import create_app
from node.archive.walking import Walk
from node.config import Config
from node.errors import Invalid
from node.opening import opened
from storage import actors
from storage.database import Missing

EVERY = 50  # pages and files between two words of how far it is


async def run(config: Config, options: Mapping[str, Any]) -> None:
    """Write the archive; it may be of one account alone. The node can go on serving."""
    config = replace(config, limits=replace(config.limits, rate=False))  # nobody else asks
    app = create_app(config)
    async with opened(config, command=True) as node:
        only = options["only"].removeprefix("@")
        if only:
            try:
                async with node.database.reading() as db:
                    only = (await actors.by_handle(db, only)).handle
            except Missing as missing:
                raise Invalid(f"there is no account {only}") from missing
        walk = Walk(app, node, options["folder"], only, _came)
        await walk.whole()
    kept = sum(not elsewhere for elsewhere in walk.pages.values())
    sys.stderr.write("\n")
    sys.stdout.write(f"{options['folder']}: {kept} pages, {len(walk.files)} files\n")


def _came(done: int, known: int) -> None:
    if done % EVERY == 0:
        sys.stderr.write(f"\r{done} of {known} so far")
        sys.stderr.flush()
