"""What a demonstration says on the terminal: a line a step, which counts while somebody watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from node.config import Config
from node.demo.content import Place
from node.demo.folder import State
from node.demo.seeding import PASSWORD


def say(line: str = "") -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@contextmanager
def step(about: str, total: int = 0) -> Generator[Callable[[], None]]:
    """A step of the work; what it yields is called for each part that is done. ``total``: parts; 0: not known."""
    began, watched, parts = time.monotonic(), sys.stdout.isatty(), 0

    def done() -> None:
        nonlocal parts
        parts += 1
        if watched:
            sys.stdout.write(f"\r  {about} … {parts}{f' of {total}' if total else ''}\033[K")
            sys.stdout.flush()

    yield done
    clear = "\r\033[K" if watched else ""
    say(f"{clear}  {about} … {time.monotonic() - began:.1f} s")


def ready(configs: Mapping[Place, Config], state: State, folder: Path) -> None:
    """Where to look, who to be, what to try."""
    say()
    say("Two nodes are running and federate with each other. All people, places and events on them are fictional.")
    say()
    for place, config in configs.items():
        say(f"  {place.short:16} {config.base_url}")
        say(f"  {'':16} sign in: {place.sign_in}@{place.domain}   password: {PASSWORD}")
    say()
    (here, one), (there, other) = configs.items()
    token, shown = state.tokens[here.domain], state.shown
    say("Try this:")
    say()
    say("  1. One conversation, on both nodes; every reply lives where its author does:")
    say(f"       {one.base_url}{shown[here.domain]}")
    say(f"       {other.base_url}{shown[there.domain]}")
    say("  2. Sign in on both (everyone here has the same password), and look at the home page, a team, a tag:")
    say(f"       {one.base_url}/sign-in   {one.base_url}/@skin_links   {other.base_url}/tags/medication")
    say("  3. Share something on one node, and see it on the other a second later:")
    say(f'       curl -H "Authorization: Bearer {token}" \\')
    say(f'            -d "status=Hello from the coast #welcome" {one.base_url}/api/v1/statuses')
    say(f"       {other.base_url}/@{here.sign_in}@{one.domain}")
    say("  4. Read the same address as another server does:")
    say(f'       curl -H "Accept: application/activity+json" {one.base_url}{shown[here.domain]}')
    say("  5. Ask who somebody is, as every server in the fediverse can:")
    say(f'       curl "{other.base_url}/.well-known/webfinger?resource=acct:{there.sign_in}@{other.domain}"')
    say("  6. Decide on a post that the privacy guard holds, signed in as above, who are guardians:")
    say(f"       {one.base_url}/guardian   {other.base_url}/guardian")
    say("  7. Point a Mastodon app on this machine that takes http addresses at one of the two, and sign in.")
    say()
    say(f"Ctrl-C stops both. Next time this starts at once, with what is there; to begin anew: rm -r {folder}")
