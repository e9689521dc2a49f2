"""Walk through a node as somebody who is not signed in, and keep what everybody may see.

First every page is kept as it is, then each is rewritten, when it is known which links lead to something that is there.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from starlette.types import ASGIApp, Message, Scope

from node.archive.places import Place, door, place
from node.archive.rewriting import links, rewritten
from node.context import Node
from node.errors import Invalid
from node.texts import _
from node.words import vocabulary

log = logging.getLogger("sharewell.archive")
AS2 = "application/activity+json"
MARK = "archive.json"  # in the folder when it is whole
BEGUN = ".archive-begun"  # in the folder until then
Progress = Callable[[int, int], None]  # kept, and known of


@dataclass(frozen=True, slots=True)
class Answer:
    """What the node answered."""

    status: int
    kind: str
    body: bytes


async def ask(app: ASGIApp, node: Node, target: str, accept: str) -> Answer:
    """Ask the node, in this process."""
    path, _mark, query = target.partition("?")
    host = urlsplit(node.site.base_url)
    scope: Scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": host.scheme,
        "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(b"host", host.netloc.encode()), (b"accept", accept.encode())],
        "client": ("127.0.0.1", 0), "server": (host.hostname, host.port or 80), "state": {"node": node},
    }  # fmt: skip
    status, kind, body = 500, "", bytearray()
    asked: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if not asked:
            await asyncio.Event().wait()  # nobody hangs up
        return asked.pop()

    async def send(message: Message) -> None:
        nonlocal status, kind
        if message["type"] == "http.response.start":
            status = message["status"]
            kind = dict(message["headers"]).get(b"content-type", b"").decode("latin-1")
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    await app(scope, receive, send)
    return Answer(status, kind.partition(";")[0].strip(), bytes(body))


@dataclass
class Walk:
    """One archive in the making. ``only``: an account's handle; of the rest no more than what its pages show."""

    app: ASGIApp
    node: Node
    folder: Path
    only: str = ""
    came: Progress = lambda done, known: None
    pages: dict[Place, str] = field(default_factory=dict)  # that are kept; the original of each, if elsewhere
    files: set[Place] = field(default_factory=set)
    _waiting: deque[Place] = field(default_factory=deque)
    _known: set[Place] = field(default_factory=set)

    async def whole(self) -> None:
        """Walk, then rewrite, then say that it is whole. Raises Invalid for a folder with something else in it."""
        await asyncio.to_thread(_prepare, self.folder)
        for start in (f"/@{self.only}", f"/@{self.only}.atom") if self.only else ("/", "/about", "/feed.atom"):
            self._come_to(start, "/")
        while self._waiting:
            await self._keep(self._waiting.popleft())
            self.came(len(self.pages) + len(self.files), len(self._known))
        for one, elsewhere in self.pages.items():
            if not elsewhere:
                await asyncio.to_thread(self._rewrite, one)
        await asyncio.to_thread(self._finish)

    def _come_to(self, href: str, at: str) -> None:
        found = place(href, self.node.site.base_url, at=at)
        if found is None or found[0] in self._known or not self._wanted(found[0]):
            return
        self._known.add(found[0])
        self._waiting.append(found[0])

    def _wanted(self, one: Place) -> bool:
        if one.path.startswith("/static/") or one.path.startswith("/media/") or not self.only:
            return True
        start = f"/@{self.only}"
        return one.path == start or one.path.startswith((f"{start}/", f"{start}."))

    async def _keep(self, one: Place) -> None:
        try:
            at = self.folder / one.at
        except ValueError as error:
            log.warning("left out: %s", error)
            return
        answer = await ask(self.app, self.node, one.target, "text/html")
        if answer.status != 200:
            return
        if one.file or answer.kind != "text/html":
            self.files.add(one)
            await asyncio.to_thread(_write, at if one.file else self.folder / one.below("index"), answer.body)
            return
        read = links(answer.body.decode())
        elsewhere = read.canonical if not read.canonical.startswith(self.node.site.base_url) else ""
        self.pages[one] = elsewhere
        if elsewhere:
            return  # a post or an account of another server: it is there, and its author's to take back
        await asyncio.to_thread(_write, at, answer.body)
        for href in read.found:
            self._come_to(href, one.target)
        if read.document:
            await self._keep_document(read.document)

    async def _keep_document(self, uri: str) -> None:
        """The AS2 form of a page, beside it."""
        found = place(uri, self.node.site.base_url)
        if found is None:
            return
        answer = await ask(self.app, self.node, found[0].target, AS2)
        if answer.status == 200:
            await asyncio.to_thread(_write, self.folder / found[0].below("index.json"), answer.body)

    def _rewrite(self, one: Place) -> None:
        at = self.folder / one.at

        def leads(href: str) -> str | None:
            found = place(href, self.node.site.base_url, at=one.target)
            if found is None:
                return "" if door(href, self.node.site.base_url) else href
            there, mark = found
            if there in self.files or self.pages.get(there) == "":
                return there.href + mark
            return self.pages.get(there) or None

        notice = f'<div class="wrap"><div class="notice hold"><p>{escape(self._notice())}</p></div></div>'
        at.write_text(rewritten(at.read_text(encoding="utf-8"), leads, notice), encoding="utf-8")

    def _notice(self) -> str:
        day = vocabulary.day(self.node.clock())
        return _("This is an archive, made on {day}. It can be read, and nothing can be written here.").format(day=day)

    def _finish(self) -> None:
        kept = [one for one, elsewhere in self.pages.items() if not elsewhere]
        said = {
            "node": self.node.config.name, "base_url": self.node.site.base_url, "only": self.only,
            "made": vocabulary.iso(self.node.clock()), "pages": len(kept), "files": len(self.files),
        }  # fmt: skip
        _write(self.folder / "README.txt", _README.format(base_url=self.node.site.base_url).encode())
        _write(self.folder / MARK, json.dumps(said, indent=1, ensure_ascii=False).encode())
        (self.folder / BEGUN).unlink()


_README = """\
This folder is an archive of {base_url}: its pages, pictures and feeds, as files.

Any web server can serve it as it is: an address like /@rosa/123 is the folder @rosa/123 with its index.html.
Beside each page that other servers know stands its ActivityPub form, index.json. To give them that too, nginx:

    map $http_accept $page {{ default index.html; "~*activity\\+json|ld\\+json" index.json; }}
    location / {{ try_files $uri $uri/$page $uri/index.html =404; }}
"""


def _prepare(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    there = list(folder.iterdir())
    ours = (folder / MARK).exists() or (folder / BEGUN).exists()
    if there and not ours:
        raise Invalid(f"{folder} is not empty; name a new folder, or one with an archive that may be replaced")
    (folder / BEGUN).touch()
    for one in there:
        if one.name != BEGUN:
            shutil.rmtree(one) if one.is_dir() else one.unlink()


def _write(at: Path, body: bytes) -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    at.write_bytes(body)
