"""A node as static files: what everybody may read, at the same addresses, served by a web server that knows nothing."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Generator
from functools import partial
from html import escape, unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.archive.places import place
from node.archive.rewriting import rewritten
from node.archive.walking import Walk
from node.errors import Invalid
from tests.pages.sample import Sample

BASE = "https://northmoor.example"


class Quiet(SimpleHTTPRequestHandler):
    """Files of a folder, as any web server gives them."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(tmp_path: Path) -> Generator[str]:
    with ThreadingHTTPServer(("127.0.20.63", 0), partial(Quiet, directory=str(tmp_path / "kept"))) as served:
        thread = threading.Thread(target=served.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.20.63:{served.server_address[1]}"
        served.shutdown()
        thread.join()


async def archive(sample: Sample, folder: Path, only: str = "") -> Walk:
    """An archive in ``folder``/kept: the folder itself has the node's database."""
    walk = Walk(sample.served.app, sample.served.node, folder / "kept", only)
    await walk.whole()
    return walk


def whole(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file())


def read(address: str) -> str | None:
    try:
        with urlopen(address, timeout=10) as answer:
            return answer.read().decode("utf-8", "replace")  # type: ignore[no-any-return]
    except HTTPError:
        return None


def walked(start: str) -> tuple[dict[str, str], list[str]]:
    """Every page that links lead to, and the links that lead nowhere."""
    pages: dict[str, str] = {}
    broken = []
    waiting = [start]
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        page = read(address)
        if page is None:
            broken.append(address)
            continue
        pages[address] = page
        if "<html" not in page[:200]:
            continue
        for href in re.findall(r'(?:href|src)="([^"]+)"', page):
            there = urljoin(address if address.endswith("/") else f"{address}/", unescape(href)).partition("#")[0]
            if there.startswith(start) and not href.startswith("#"):
                waiting.append(there)
    return pages, broken


async def test_every_page_is_there_and_every_link_leads_on(sample: Sample, tmp_path: Path, server: str) -> None:
    walk = await archive(sample, tmp_path)
    pages, broken = walked(server)

    assert broken == []
    assert {urlsplit(sample.posts["note"].uri).path, "/@rosa", "/about", "/learn", "/learn/idea", "/feed.atom"} <= {
        urlsplit(one).path.rstrip("/") for one in pages
    }
    shown = [page for page in pages.values() if "<html" in page[:200]]
    assert all("This is an archive, made on" in page for page in shown)
    assert not any(re.search(r"<(?:form|script)|Sign in</a>", page) for page in shown)
    said = json.loads((tmp_path / "kept" / "archive.json").read_text())
    assert (said["base_url"], said["pages"]) == (BASE, len([one for one in walk.pages.values() if not one]))
    assert not (tmp_path / "kept" / ".archive-begun").exists()


async def test_posts_keep_the_form_that_other_servers_read(sample: Sample, tmp_path: Path) -> None:
    await archive(sample, tmp_path)
    note = sample.posts["note"]

    document = json.loads((tmp_path / "kept" / urlsplit(note.uri).path.lstrip("/") / "index.json").read_text())
    assert (document["id"], document["type"]) == (note.uri, "Note")
    actor = json.loads((tmp_path / "kept" / "users" / "rosa" / "index.json").read_text())
    assert actor["preferredUsername"] == "rosa"


async def test_nothing_that_is_not_for_everybody_is_in_it(sample: Sample, tmp_path: Path) -> None:
    await archive(sample, tmp_path)

    everything = await asyncio.to_thread(whole, tmp_path / "kept")
    async with sample.served.database.reading() as db:
        rows = await db.rows("SELECT text FROM posts WHERE visibility IN ('private', 'direct') AND text <> ''")
    assert rows
    assert not any(row["text"].encode() in everything for row in rows)
    assert b"mail.example" not in everything


async def test_one_account_can_be_archived_alone(sample: Sample, tmp_path: Path) -> None:
    walk = await archive(sample, tmp_path, "rosa")

    paths = {one.path for one in walk.pages}
    assert "/@rosa" in paths
    assert all(one == "/@rosa" or one.startswith("/@rosa/") for one in paths)
    page = (tmp_path / "kept" / "@rosa" / "index.html").read_text()
    assert 'href="/about"' not in page


async def test_a_folder_with_something_else_in_it_is_left_alone(sample: Sample, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "thesis.txt").write_text("Years of work")
    with pytest.raises(Invalid):
        await archive(sample, tmp_path)
    assert (kept / "thesis.txt").read_text() == "Years of work"

    (kept / "thesis.txt").unlink()
    await archive(sample, tmp_path, "rosa")
    (kept / "@rosa" / "stale.html").touch()
    await archive(sample, tmp_path, "rosa")
    assert not (kept / "@rosa" / "stale.html").exists()


@pytest.mark.parametrize(
    "href",
    [
        "/sign-in",
        "/write/idea",
        f"{BASE}/report?post=1",
        "/search?q=a",
        "//evil.example/a",
        "https://else.example/",
        "",
    ],
)
def test_doors_and_other_servers_have_no_place(href: str) -> None:
    assert place(href, BASE) is None


@pytest.mark.parametrize("href", ["/tags/..", "/a/%2e%2e/b", "/%00", "/" + "x" * 300, "/a%2Fb"])
def test_no_address_leads_out_of_the_folder(href: str) -> None:
    found = place(href, BASE)
    assert found is not None
    with pytest.raises(ValueError, match="no file"):
        _ = found[0].at


@given(st.text(alphabet="/abc.%2?&=#@é", max_size=40))
def test_a_place_is_a_file_below_the_folder(href: str) -> None:
    found = place(f"/{href}", BASE)
    if found is None:
        return
    try:
        at = found[0].at
    except ValueError:
        return
    assert not at.is_absolute()
    assert ".." not in at.parts


@given(st.text(alphabet='<>/abp ="&;#x1!-\n', max_size=60))
def test_what_is_not_dropped_stays(text: str) -> None:
    page = f"<p>{escape(text)}</p>"

    assert rewritten(page, lambda _: None, "") == page
