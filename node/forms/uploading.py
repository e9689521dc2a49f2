"""Files that come with a form: written to disk as they come, never held in memory, and gone when nobody took them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BufferedWriter
from pathlib import Path
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from node.errors import Invalid, TooLarge
from node.requests import VALUES, Params, nested, params
from node.texts import _
from storage.media.folder import Folder

WRITTEN = 256 << 10  # bytes that are gathered before they are written
VALUE = 256 << 10  # bytes of a value that is no file, and of all of them
HEADER = 4 << 10  # bytes of the head of a part
FIRST = 64  # bytes of a file that say what it is


Most = int | Callable[[bytes], int]  # bytes of a file, or of one that begins so


@dataclass
class _Part:
    """One value of the form, as far as it came."""

    head: bytearray = field(default_factory=bytearray)
    name: str = ""
    path: Path | None = None  # None: no file
    called: bool = False  # the form gives it the name of a file
    value: bytearray = field(default_factory=bytearray)


@asynccontextmanager
async def received(
    request: Request[Any], folder: Folder, *, files: Collection[str], most: Most
) -> AsyncGenerator[tuple[Params, dict[str, Path]]]:
    """The values of a request, and its files by name, of at most ``most`` bytes each, or as it says of the first ones.

    A file is what the form calls one, or a value under one of the names in ``files``. What is still where it arrived
    in the end is thrown away. Raises Invalid, TooLarge.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data":
        yield await params(request), {}
        return
    form = _Form(folder, files, most, options.get(b"boundary", b""))
    try:
        await form.read(request)
        yield {**nested(list(request.query_params.multi_items())), **nested(form.values)}, form.files
    finally:
        await form.clear()


def chosen(files: Mapping[str, Path]) -> dict[str, Path]:
    """Without the empty files that browsers send for fields in which nothing was chosen."""
    return {name: path for name, path in files.items() if path.exists() and path.stat().st_size}


class _Form:
    """A form that is being read."""

    def __init__(self, folder: Folder, wanted: Collection[str], most: Most, boundary: bytes) -> None:
        self.values: list[tuple[str, str]] = []
        self.files: dict[str, Path] = {}
        self._folder, self._wanted, self._most = folder, wanted, most
        self._first, self._limit = bytearray(), 0
        self._arrived: list[Path] = []
        self._open: BufferedWriter | None = None
        self._size = self._said = 0
        self._part = _Part()
        self._head_name = bytearray()
        self._gathered: list[tuple[str, bytes]] = []  # what the parser found in a chunk: "file", "data" and "end"
        self._ended = False
        if not boundary or len(boundary) > 200:
            raise Invalid(_("The form has no boundary."))
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._on_head_name,
                "on_header_value": self._on_head_value,
                "on_header_end": self._on_head_end,
                "on_headers_finished": self._on_heads_finished,
                "on_part_data": self._on_data,
                "on_part_end": self._on_end,
                "on_end": self._on_form_end,
            },
        )

    async def read(self, request: Request[Any]) -> None:
        """Read all of it. Raises Invalid, TooLarge."""
        try:
            async for chunk in request.stream():
                self._parser.write(chunk)
                await self._write()
        except FormParserError as error:
            raise Invalid(_("The form cannot be read.")) from error
        except ClientDisconnect as error:
            raise Invalid(_("The upload broke off.")) from error
        await self._write(all=True)
        if not self._ended:
            raise Invalid(_("The upload broke off."))

    async def clear(self) -> None:
        """Throw away what nobody took."""
        if self._open is not None:
            self._open.close()
        await asyncio.to_thread(_remove, self._arrived)

    def _begin(self) -> None:
        self._part = _Part()

    def _on_head_name(self, data: bytes, start: int, end: int) -> None:
        self._head_name += data[start:end]

    def _on_head_value(self, data: bytes, start: int, end: int) -> None:
        if bytes(self._head_name).lower() == b"content-disposition":
            self._part.head += data[start:end]
        if len(self._part.head) > HEADER or len(self._head_name) > HEADER:
            raise Invalid(_("The form cannot be read."))

    def _on_head_end(self) -> None:
        self._head_name.clear()

    def _on_heads_finished(self) -> None:
        _kind, options = parse_options_header(bytes(self._part.head))
        self._part.name = options.get(b"name", b"").decode("utf-8", "replace")
        self._part.called = b"filename" in options
        if self._part.called or self._part.name in self._wanted:
            if self._part.name not in self._wanted or self._part.name in self.files:
                raise Invalid(_("No file belongs here."), field=self._part.name)
            self._part.path = self._folder.arriving()
            self._arrived.append(self._part.path)
            self.files[self._part.name] = self._part.path
            self._gathered.append(("file", b""))
            self._size = 0
            self._first.clear()

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._part.path is not None:
            self._size += end - start
            if len(self._first) < FIRST:
                self._first += data[start : min(end, start + FIRST - len(self._first))]
                self._limit = self._most if isinstance(self._most, int) else self._most(bytes(self._first))
            if self._size > self._limit:
                raise TooLarge
            self._gathered.append(("data", data[start:end]))
            return
        self._said += end - start
        if self._said > VALUE:
            raise TooLarge
        self._part.value += data[start:end]

    def _on_end(self) -> None:
        if self._part.path is not None:
            self._gathered.append(("end", b""))
            if not self._size and not self._part.called:  # an empty value, not an empty file
                del self.files[self._part.name]
            return
        self.values.append((self._part.name, self._part.value.decode("utf-8", "replace")))
        if len(self.values) > VALUES:
            raise Invalid(_("Too many values."))

    def _on_form_end(self) -> None:
        self._ended = True

    async def _write(self, *, all: bool = False) -> None:
        """Write what was gathered, when it is enough."""
        if self._gathered and (all or sum(len(data) for _what, data in self._gathered) >= WRITTEN):
            gathered, self._gathered = self._gathered, []
            await asyncio.to_thread(self._written, gathered)

    def _written(self, gathered: list[tuple[str, bytes]]) -> None:
        for what, data in gathered:
            if what == "file":
                self._open = self._arrived[self._begun].open("wb")
                self._begun += 1
            elif self._open is not None and what == "data":
                self._open.write(data)
            elif self._open is not None:
                self._open.close()
                self._open = None

    _begun = 0  # files that were opened


def _remove(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
