"""The one door out: every request this node makes of another server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Protocol
from urllib.parse import quote, urljoin, urlsplit

import httpx2
import orjson

from federation.connection import Unreadable
from federation.dialling import Resolver
from federation.documents import reading
from federation.errors import Forbidding, Gone, Refused, Unreachable
from federation.guard import Guard, spelled
from federation.once import Once
from federation.site import Document, Signer
from federation.transport import BODY, TIMEOUT, Transport, whole
from federation.vocabulary import ACTIVITY_JSON, CONTEXT, LD_JSON

DEPTH = 32  # of nested JSON
REDIRECTS = 3
ANSWER = 65_536  # bytes that are read of the answer to a POST
DOCUMENTS = f"{ACTIVITY_JSON}, {LD_JSON}"
_MOVED = frozenset({301, 302, 303, 307, 308})
_LATER = frozenset({408, 425, 429})
_ASCII = "".join(map(chr, range(33, 127)))


class Settings(Protocol):
    """Section ``[federation]`` of the node's settings."""

    @property
    def insecure_http(self) -> bool: ...

    @property
    def private_peers(self) -> Sequence[str]: ...

    @property
    def ca_file(self) -> str: ...


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document and the URL it was found at, after redirects."""

    document: Document
    url: str


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A page or picture, and the URL it was found at, after redirects."""

    body: bytes
    content_type: str
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a peer answered to a POST; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """Asks and tells other servers."""

    def __init__(
        self,
        transport: httpx2.AsyncBaseTransport,
        guard: Guard,
        *,
        agent: str,
        timeout: float = TIMEOUT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``timeout`` is seconds for a question with all its redirects. ``clock`` gives seconds."""
        self._transport = transport
        self._agent = agent
        self._timeout = timeout
        self._asked: Once[FoundDocument] = Once(clock)
        self._place = lru_cache(1024)(_Places(guard))

    @classmethod
    def of(
        cls,
        base_url: str,
        contact: str,
        settings: Settings,
        proxy: str = "",
        *,
        resolver: Resolver | None = None,
        timeout: float = TIMEOUT,
        clock: Callable[[], float] = time.monotonic,
    ) -> Client:
        """The client of a node with these settings. Raises ValueError for a setting that cannot be used."""
        guard = Guard(insecure_http=settings.insecure_http, private_peers=settings.private_peers)
        transport = Transport(guard, resolver=resolver, ca_file=settings.ca_file, proxy=proxy, timeout=timeout)
        return cls(transport, guard, agent=user_agent(base_url, contact), timeout=timeout, clock=clock)

    async def close(self) -> None:
        """Hang up everywhere."""
        await self._transport.aclose()

    async def get_document(self, url: str, *, signer: Signer | None = None) -> FoundDocument:
        """An AS2 document. ``signer`` signs anew for each hop. Raises Refused, Gone, Unreachable, Forbidding."""
        return await self._get(url, DOCUMENTS, signer)

    async def get_json(self, url: str, *, accept: str) -> FoundDocument:
        """Another JSON document (JRD, NodeInfo). Raises as ``get_document``."""
        return await self._get(url, accept, None)

    async def get_file(self, url: str, *, accept: str, kinds: Collection[str], limit: int) -> FoundFile:
        """A page or picture of one of these ``kinds``, of at most ``limit`` bytes. Raises as ``get_document``."""
        plain = url.partition("#")[0]
        try:
            async with asyncio.timeout(self._timeout):
                response, found = await self._follow(plain, accept, None, limit)
        except TimeoutError as error:
            raise Unreachable("no answer in time") from error
        judge(response.status_code)
        kind = response.headers.get("content-type", "")
        if kind.partition(";")[0].strip().lower() not in kinds:
            raise Refused(f"answer is {kind[:80] or 'of no type'}")
        return FoundFile(await whole(response.stream), kind, found)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post what is signed or sealed. Whatever is answered is an answer. Raises Unreachable, Forbidding."""
        place, target = self._place(url)
        request = httpx2.Request(
            "POST",
            place,
            headers={"Accept": DOCUMENTS, **headers, "User-Agent": self._agent},
            stream=httpx2.ByteStream(body),
            extensions={"target": target, "limit": ANSWER},
        )
        try:
            response = await self._transport.handle_async_request(request)
        except Unreadable as error:  # what counts is the status
            return Answer(error.answered.status, httpx2.Headers(error.answered.headers), b"")
        return Answer(response.status_code, response.headers, await whole(response.stream))

    def place(self, url: str) -> str:
        """The host that ``url`` leads to, as far as it can be judged before it is looked up. Raises Forbidding."""
        self._place(url)
        return str(spelled(url))

    async def _get(self, url: str, accept: str, signer: Signer | None) -> FoundDocument:
        plain, mark, _ = url.partition("#")
        found = await self._asked.once(f"{accept} {plain}", lambda: self._fetch(plain, accept, signer))
        return FoundDocument(found.document, url) if mark and found.url == plain else found

    async def _fetch(self, url: str, accept: str, signer: Signer | None) -> FoundDocument:
        try:
            async with asyncio.timeout(self._timeout):
                response, found = await self._follow(url, accept, signer)
        except TimeoutError as error:
            raise Unreachable("no answer in time") from error
        judge(response.status_code)
        kind = response.headers.get("content-type", "")
        if not (is_document(kind) if accept == DOCUMENTS else is_json(kind)):
            raise Refused(f"answer is {kind[:80] or 'of no type'}")
        return FoundDocument(parse(await whole(response.stream)), found)

    async def _follow(
        self, url: str, accept: str, signer: Signer | None, limit: int = BODY
    ) -> tuple[httpx2.Response, str]:
        for _ in range(REDIRECTS + 1):
            response = await self._ask(url, accept, signer, limit)
            if response.status_code not in _MOVED or "location" not in response.headers:
                return response, url
            try:
                url = urljoin(url, response.headers["location"])
            except ValueError as error:
                raise Forbidding("redirected to what is no address") from error
        raise Refused("redirected too often")

    async def _ask(self, url: str, accept: str, signer: Signer | None, limit: int) -> httpx2.Response:
        plain = quote(url, safe=_ASCII)  # an id may hold letters a request line may not
        place, target = self._place(plain)
        signed = signer("GET", plain, None) if signer is not None else {}
        headers = {**signed, "User-Agent": self._agent, "Accept": accept, "Accept-Encoding": "gzip"}
        request = httpx2.Request(
            "GET", place, headers=headers, stream=httpx2.ByteStream(b""), extensions={"target": target, "limit": limit}
        )
        try:
            return await self._transport.handle_async_request(request)
        except Unreadable as error:
            raise Refused(str(error)) from error


class _Places:
    """From a URL to what a request needs of it, kept for those asked often."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def __call__(self, url: str) -> tuple[httpx2.URL, bytes]:
        """The URL as httpx2 reads it, and its path and query as they are signed. Raises Forbidding."""
        self._guard.of_url(url)
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            return httpx2.URL(url), target.encode("ascii")
        except httpx2.InvalidURL as error:
            raise Forbidding("not a plain web address") from error


def user_agent(base_url: str, contact: str) -> str:
    """How we introduce ourselves, with somebody to write to."""
    about = f"+{base_url}; {contact}" if contact else f"+{base_url}"
    plain = "".join(one for one in about if " " <= one <= "~")
    return f"Sharewell/{version('sharewell')} ({plain})"


def judge(status: int) -> None:
    """Raises what the status of an answer to a GET means, if it is not the answer itself."""
    if 200 <= status < 300:
        return
    if status in (404, 410):
        raise Gone(f"answered {status}")
    if status >= 500 or status in _LATER:
        raise Unreachable(f"answered {status}")
    raise Refused(f"answered {status}")


def is_document(content_type: str) -> bool:
    """Whether a Content-Type is that of AS2 (AP 3.2): what members upload elsewhere must not speak for a server."""
    kind, *parameters = (one.strip() for one in content_type.split(";"))
    if kind.lower() == ACTIVITY_JSON:
        return True
    pairs = (one.partition("=") for one in parameters)
    profiles = [value.strip('" ').split() for name, _, value in pairs if name.lower() == "profile"]
    return kind.lower() == "application/ld+json" and any(CONTEXT in one for one in profiles)


def is_json(content_type: str) -> bool:
    """Whether a Content-Type is JSON of any kind."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def parse(body: bytes) -> Document:
    """The JSON object of a body. Raises Refused."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused("answer is not JSON") from error
    if not isinstance(document, dict):
        raise Refused("answer is not a JSON object")
    if not reading.depth_within(document, DEPTH):
        raise Refused("answer is nested too deeply")
    return document
