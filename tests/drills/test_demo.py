"""``sharewell demo`` as it is run: seeded, stopped, started again, looked at over HTTP. The tests go in order."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest

from node.demo import content
from node.demo.seeding import PASSWORD

SEEDED = 60.0  # seconds until the first run is ready, on a machine that does other things too
AGAIN = 20.0  # seconds until the second is; about 2 where nothing else runs
ENDED = 10.0  # seconds from Ctrl-C to the end
COMES_OVER = 10.0  # seconds for something to arrive on the other node
NORTHMOOR, WEXLEY = "northmoor.example", "wexleyvale.example"

pytestmark = pytest.mark.xdist_group("demo")


@dataclass(frozen=True, slots=True)
class Demo:
    """A run of the demonstration."""

    folder: Path
    process: subprocess.Popen[str]
    seconds: float  # until it was ready

    def base(self, domain: str) -> str:
        return f"http://localhost:{self.kept['ports'][domain]}"

    @property
    def kept(self) -> dict[str, Any]:
        kept: dict[str, Any] = json.loads((self.folder / "demo.json").read_text())
        return kept

    def ask(self, domain: str, path: str, form: dict[str, str] | None = None) -> Any:
        """The JSON of an answer to the shown member of a node."""
        body = None if form is None else urlencode(form).encode()
        headers = {"authorization": f"Bearer {self.kept['tokens'][domain]}"}
        with urlopen(Request(self.base(domain) + path, body, headers), timeout=10) as answer:
            return json.load(answer)

    def example(self, domain: str) -> Any:
        """The example conversation's first post, as a node has it."""
        return self.ask(domain, f"/api/v1/statuses/{self.kept['shown'][domain].rpartition('/')[2]}")

    def replies(self, domain: str) -> Any:
        """The replies of the example conversation, as a node has them."""
        return self.ask(domain, f"/api/v1/statuses/{self.example(domain)['id']}/context")["descendants"]


def command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "node", "demo", "--folder", str(folder)]


def start(folder: Path, within: float) -> Demo:
    """Run it until it says what to try."""
    began = time.monotonic()
    process = subprocess.Popen(command(folder), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("Ctrl-C stops both"):
            break
    seconds = time.monotonic() - began
    assert process.poll() is None, "".join(said)
    assert seconds < within, "".join(said)
    return Demo(folder, process, seconds)


def ended(demo: Demo) -> Generator[Demo]:
    """Hand it out; end it afterwards, if the test did not."""
    try:
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.process.terminate()
        demo.process.communicate(timeout=30)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Generator[Demo]:
    """A run in a folder where another was interrupted while it seeded."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "demo.lock").touch()
    (folder / "northmoor" / "data").mkdir(parents=True)
    (folder / "northmoor" / "data" / "half-done").touch()
    yield from ended(start(folder, SEEDED))


@pytest.fixture(scope="module")
def second(first: Demo) -> Generator[Demo]:
    """Another run in the folder of the first, which has ended."""
    if first.process.poll() is None:
        first.process.send_signal(signal.SIGINT)
        first.process.wait(30)
    yield from ended(start(first.folder, SEEDED))


def awaited(look: Callable[[], Any]) -> Any:
    until = time.monotonic() + COMES_OVER
    while not (found := look()) and time.monotonic() < until:
        time.sleep(0.1)
    return found


def children(process: subprocess.Popen[str]) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def test_what_an_interrupted_seeding_left_is_thrown_away(first: Demo) -> None:
    assert not (first.folder / "northmoor" / "data" / "half-done").exists()


def test_a_safety_note_of_one_node_is_on_the_other_with_its_fields(first: Demo) -> None:
    notes = first.ask(WEXLEY, "/api/v1/timelines/tag/pressureulcers?limit=40")

    note = next(one for one in notes if "Look under the heel" in one["content"])
    assert note["account"]["acct"] == f"rosa_quill@{first.base(NORTHMOOR)[7:]}"
    assert note["sharewell"]["kind"] == "safety-note"


def test_a_reply_from_the_other_node_came_back(first: Demo) -> None:
    there = first.base(WEXLEY)[7:]

    assert [one["account"]["acct"] for one in first.replies(NORTHMOOR)] == [
        f"priti_lowndes@{there}",
        "rosa_quill",
        f"cannula_collab@{there}",
    ]


def test_a_conversation_is_whole_on_both_nodes(first: Demo) -> None:
    here, there = (first.replies(domain) for domain in (NORTHMOOR, WEXLEY))

    assert [one["uri"] for one in here] == [one["uri"] for one in there] != []


def test_a_boost_from_the_other_node_is_counted(first: Demo) -> None:
    home = first.ask(NORTHMOOR, "/api/v1/timelines/home?limit=40")

    boosts = [one["reblog"] for one in home if one["reblog"] and "@" in one["account"]["acct"]]

    assert boosts
    assert all(one["reblogs_count"] == 1 for one in boosts)


def test_thanks_from_the_other_node_are_counted(first: Demo) -> None:
    example = first.example(NORTHMOOR)
    before = example["favourites_count"]

    first.ask(WEXLEY, f"/api/v1/statuses/{first.example(WEXLEY)['id']}/favourite", {})

    assert awaited(lambda: first.example(NORTHMOOR)["favourites_count"] == before + 1)


def test_what_is_shared_now_arrives_on_the_other_node(first: Demo) -> None:
    shared = first.ask(WEXLEY, "/api/v1/statuses", {"status": "Hello from the vale #justnow"})

    found = awaited(lambda: first.ask(NORTHMOOR, "/api/v1/timelines/tag/justnow"))

    assert [one["uri"] for one in found] == [shared["uri"]]


def test_a_post_waits_for_the_shown_members_who_are_guardians(first: Demo) -> None:
    for domain in (NORTHMOOR, WEXLEY):
        [case] = first.ask(domain, "/api/v1/sharewell/guardian/cases")
        assert [one["kind"] for one in case["guard"]] == ["date_place_age"]


def test_signing_in_on_one_node_leaves_one_signed_in_on_the_other(first: Demo) -> None:
    browser = build_opener(HTTPCookieProcessor())
    for place in content.load(0).places:
        form = {"login": f"{place.sign_in}@{place.domain}", "password": PASSWORD}
        browser.open(first.base(place.domain) + "/sign-in", urlencode(form).encode(), timeout=10).close()

    pages = [browser.open(first.base(domain), timeout=10).read() for domain in (NORTHMOOR, WEXLEY)]

    assert [b'href="/sign-out"' in page for page in pages] == [True, True]


def test_it_runs_only_once_in_a_folder(first: Demo) -> None:
    other = subprocess.run(command(first.folder), capture_output=True, text=True, timeout=20, check=False)

    assert (other.returncode, other.stderr.count("\n")) == (1, 1)
    assert "running already" in other.stderr


def test_ctrl_c_ends_both_nodes(first: Demo) -> None:
    bases = [first.base(NORTHMOOR), first.base(WEXLEY)]
    began = time.monotonic()

    first.process.send_signal(signal.SIGINT)

    assert first.process.wait(ENDED * 3) == 0
    assert time.monotonic() - began < ENDED
    for base in bases:
        with pytest.raises(URLError):
            urlopen(base, timeout=5)


def test_it_starts_again_at_once_with_what_is_there(second: Demo) -> None:
    found = second.ask(NORTHMOOR, "/api/v1/timelines/tag/justnow")

    assert [one["account"]["username"] for one in found] == ["priti_lowndes"]
    assert second.seconds < AGAIN


def test_a_node_that_dies_is_named_and_ends_the_other(second: Demo) -> None:
    one, other = children(second.process)

    os.kill(one, signal.SIGKILL)
    said, _ = second.process.communicate(timeout=30)

    assert second.process.returncode == 1
    assert said.count("sharewell: ") == 1
    assert "stopped by itself" in said
    assert not Path(f"/proc/{other}").exists()
