"""toot, an app of others for the command line: its commands, as typed, against a node with another behind it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from toot.cli import cli

from tests import pictures
from tests.clients.counts import CLIENT
from tests.clients.guards import BLOCKED, HELD
from tests.clients.nodes import PATIENCE, Nodes, code_for, soon, two_nodes

_LOGIN = re.compile(r"https?://\S+/oauth/authorize\S*")
_TOOT = [sys.executable, "-m", "toot"]


@dataclass
class Terminal:
    """A member's terminal: what was typed in it and went wrong."""

    base: str
    name: str
    home: Path
    passed: int = 0
    failed: list[str] = field(default_factory=list)

    def sign_in(self) -> None:
        """``toot login``: the address it shows is opened in a browser, the code there typed."""
        command = [*_TOOT, "login", "--instance", self.base]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=self._env()
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("n\n")
        process.stdin.flush()
        seen = ""
        while not (found := _LOGIN.search(seen)):
            line = process.stdout.readline()
            assert line, seen
            seen += line
        said, _ = process.communicate(f"{code_for(self.base, found[0], self.name)}\n", timeout=PATIENCE)
        self._count(process.returncode == 0 and "Successfully logged in" in said, "login", said)

    def does(self, words: str, *more: str, shows: str = "") -> str:
        """Type a command; whether it ended well and showed this is counted. What it showed."""
        done = self._typed(words, *more)
        self._count(done.exit_code == 0 and shows in done.output, f"toot {words}", done.output)
        return done.stdout

    def answers(self, words: str, *more: str) -> Any:
        """Type a command with ``--json``; what it answered."""
        return json.loads(self.does(f"{words} --json", *more) or "null")

    def is_refused(self, words: str, *more: str, says: str) -> None:
        """Type a command that the node has to refuse with this reason."""
        done = self._typed(words, *more)
        self._count(done.exit_code == 1 and says in done.stderr, f"toot {words}", done.output)

    def _typed(self, words: str, *more: str) -> Result:
        # In this process: a new one would take half a second for each step.
        return CliRunner().invoke(cli, ["--no-color", *words.split(), *more], env=self._env())

    def sees(self, what: str, look: Callable[[], object]) -> None:
        """Count whether this becomes true."""
        try:
            self._count(bool(soon(look)), what, "")
        except AssertionError as error:
            self._count(False, what, str(error))

    def _count(self, fine: bool, what: str, said: str) -> None:
        if fine:
            self.passed += 1
        else:
            self.failed.append(f"{self.name}: {what}\n{said}")

    def _env(self) -> dict[str, str]:
        return {**os.environ, "XDG_CONFIG_HOME": str(self.home)}


@pytest.fixture
def nodes(tmp_path: Path) -> Any:
    """Two nodes that serve."""
    with two_nodes(tmp_path) as found:
        yield found


def test_toot_does_what_its_users_do(
    nodes: Nodes, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    alice, bob = Terminal(nodes.here, "alice", tmp_path / "a"), Terminal(nodes.here, "bob", tmp_path / "b")
    cara = Terminal(nodes.there, "cara", tmp_path / "c")
    (tmp_path / "bed.jpg").write_bytes(pictures.jpeg())
    (tmp_path / "face.png").write_bytes(pictures.png())
    for one in (alice, bob, cara):
        one.sign_in()

    _profile(alice, tmp_path)
    post = _posts(alice, bob, tmp_path)
    _guarded(alice)
    _reactions(bob, post)
    _following(alice, bob, nodes)
    _lists_and_tags(alice, nodes)
    _other_node(alice, cara, nodes)
    _refusals(bob, post)
    alice.does("logout", f"alice@{nodes.here.removeprefix('http://')}", shows="logged out")

    passed, failed = alice.passed + bob.passed + cara.passed, alice.failed + bob.failed + cara.failed
    record_property(CLIENT, f"toot: {passed} steps passed, {len(failed)} failed")
    assert not failed, "\n\n".join(failed)
    assert passed >= 40


def _profile(alice: Terminal, folder: Path) -> None:
    alice.does("auth", shows="ACTIVE")
    alice.does("whoami", shows="@alice")
    alice.does("instance", shows=alice.base.removeprefix("http://"))
    alice.does("update_account --display-name", "Alice Moor", "--note", "Ward 7", "--language", "en", shows="updated")
    alice.does("update_account --privacy public --no-bot --discoverable --avatar", str(folder / "face.png"))
    me = alice.answers("whoami")
    assert (me["display_name"], me["source"]["note"], me["discoverable"]) == ("Alice Moor", "Ward 7", True)
    assert me["avatar"].endswith(".png")


def _guarded(alice: Terminal) -> None:
    alice.is_refused("post", BLOCKED, says="Not published: this looks like an NHS number")
    held = alice.answers("post", HELD)
    alice.does(f"status {held['id']}", shows="Held for a privacy check")
    alice.does(f"delete {held['id']}", shows="deleted")


def _posts(alice: Terminal, bob: Terminal, folder: Path) -> str:
    post = alice.answers("post", "Hello @bob, #handover went well", "--spoiler-text", "Short", "--language", "en")["id"]
    alice.does(f"status {post}", shows="handover went well")
    bob.does(f"post --reply-to {post}", "Hello back @alice", shows="posted")
    alice.does(f"thread {post}", shows="Hello back")
    bob.does("post --reply-last", "And one more", shows="posted")
    picture = alice.answers("post", "Look", "--media", str(folder / "bed.jpg"), "--description", "A made bed")
    assert [one["description"] for one in picture["media_attachments"]] == ["A made bed"]
    alice.does("upload --description", "A bed", str(folder / "bed.jpg"), shows="image")
    private = alice.answers("post --visibility private", "For followers")
    assert private["visibility"] == "private"
    alice.does("post --visibility direct", "@bob between us", shows="posted")
    alice.does("timelines account --no-pager @alice", shows="Look")
    alice.does("timelines public --no-pager --local", shows="handover went well")
    alice.does("timeline --once --public --local", shows="handover went well")
    alice.does("timelines home --no-pager", shows="Look")
    alice.does("search handover", shows="handover")
    bob.does("notifications", shows="handover went well")
    bob.does("notifications --mentions", shows="between us")
    alice.does(f"pin {post}", shows="pinned")
    alice.does(f"unpin {post}", shows="unpinned")
    alice.does(f"delete {picture['id']}", shows="deleted")
    return str(post)


def _reactions(bob: Terminal, post: str) -> None:
    bob.does(f"favourite {post}", shows="favourited")
    bob.does("timelines favourites --no-pager", shows="handover went well")
    bob.does(f"unfavourite {post}", shows="unfavourited")
    bob.does(f"reblog {post}", shows="reblogged")
    bob.does(f"reblogged_by {post}", shows="bob")
    bob.does(f"unreblog {post}", shows="unreblogged")
    bob.does(f"bookmark {post}", shows="bookmarked")
    bob.does("bookmarks --once", shows="handover went well")
    bob.does(f"unbookmark {post}", shows="unbookmarked")


def _following(alice: Terminal, bob: Terminal, nodes: Nodes) -> None:
    bob.does("follow alice", shows="You are now following alice")
    bob.does("following", shows="@alice")
    alice.does("followers", shows="@bob")
    bob.does("mute alice", shows="muted")
    bob.does("muted", shows="@alice")
    bob.does("unmute alice", shows="no longer muted")
    bob.does("unfollow alice", shows="no longer following")
    alice.does("update_account --locked", shows="updated")
    bob.answers("follow alice")
    alice.does("follow-requests list", shows="@bob")
    alice.does("follow-requests accept bob")
    alice.does("update_account --no-locked", shows="updated")
    alice.does("block bob", shows="blocking bob")
    alice.does("blocked", shows="@bob")
    alice.does("unblock bob", shows="no longer blocked")


def _lists_and_tags(alice: Terminal, nodes: Nodes) -> None:
    alice.does("follow bob", shows="following bob")
    alice.does("lists create", "Night shift", shows="created")
    alice.does("lists list", shows="Night shift")
    alice.does("lists add", "Night shift", "bob", shows="Added")
    alice.does("lists accounts", "Night shift", shows="@bob")
    alice.does("timelines list --no-pager", "Night shift")
    alice.does("lists remove", "Night shift", "bob", shows="Removed")
    alice.does("lists delete", "Night shift", shows="deleted")
    alice.does("tags follow handover", shows="following")
    alice.does("tags followed", shows="handover")
    alice.does("tags info handover", shows="handover")
    alice.does("timelines tag --no-pager handover", shows="went well")
    alice.does("tags unfollow handover", shows="no longer following")
    alice.does("tags feature handover", shows="featured")
    alice.does("tags featured", shows="handover")
    alice.does("tags unfeature handover", shows="no longer featured")


def _other_node(alice: Terminal, cara: Terminal, nodes: Nodes) -> None:
    """What goes from node to node."""
    alice.does(f"search --resolve {nodes.cara}", shows=nodes.cara)
    alice.does(f"whois {nodes.cara}", shows="cara")
    alice.does(f"follow {nodes.cara}", shows=nodes.cara)
    cara.sees("alice follows", lambda: "@alice" in cara.does("followers"))
    cara.does(f"follow {nodes.alice}", shows=nodes.alice)
    cara.answers("post", "From another region #handover")
    alice.sees("the post came", lambda: "From another region" in alice.does("timelines home --no-pager"))
    post = next(one for one in alice.answers("timelines home --no-pager") if "another region" in one["content"])
    alice.does(f"favourite {post['id']}", shows="favourited")
    alice.does(f"reblog {post['id']}", shows="reblogged")
    alice.does(f"post --reply-to {post['id']}", f"Thank you @{nodes.cara}", shows="posted")
    cara.sees("the reply came", lambda: "Thank you" in cara.does("notifications --type mention"))
    cara.sees("the favourite came", lambda: "favourited" in cara.does("notifications --type favourite"))
    cara.sees("the boost came", lambda: "boosted" in cara.does("notifications --type reblog"))
    alice.does(f"unfollow {nodes.cara}", shows="no longer following")


def _refusals(bob: Terminal, post: str) -> None:
    bob.is_refused("status 1", says="not found")
    bob.is_refused(f"delete {post}", says="")
    bob.is_refused("follow nobody", says="Account not found")
    bob.is_refused("post", "x" * 100_000, says="")
