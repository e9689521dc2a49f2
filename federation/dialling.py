"""Connect to a host: resolve its name, check every address, dial only those that were checked."""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote, urlsplit

from federation.connection import Connection
from federation.errors import Forbidding, Unreachable
from federation.guard import Guard, Origin, usual

Resolver = Callable[[str], Awaitable[Sequence[str]]]  # a host name's addresses; raises OSError

TRIED = 4  # addresses of one name
LOOKUPS = 32  # at once
PATIENCE = 3.0  # seconds for one of several addresses


class _System:
    """Asks the system for a name's addresses, in threads of its own: a silent name server holds up nothing else."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(LOOKUPS, "resolver")

    async def __call__(self, host: str) -> Sequence[str]:
        found = await asyncio.get_running_loop().run_in_executor(self._threads, _addresses, host)
        return list(dict.fromkeys(found))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _addresses(host: str) -> list[str]:
    return [str(address[0]) for *_, address in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


class _Trust:
    """Whose certificates are believed. The system's are read with the first https connection: that takes 40 ms."""

    def __init__(self, ca_file: str) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context.set_alpn_protocols(["http/1.1"])
        if ca_file:
            try:
                self._context.load_verify_locations(ca_file)
            except OSError as error:  # ssl.SSLError is one
                raise ValueError(f"federation.ca_file {ca_file!r} cannot be used: {error}") from error
        self._read = False
        self._reading = asyncio.Lock()

    async def context(self) -> ssl.SSLContext:
        async with self._reading:
            if not self._read:
                await asyncio.to_thread(self._context.load_default_certs)
                self._read = True
        return self._context


class Dialler:
    """Opens connections, directly or through the operator's proxy."""

    def __init__(self, guard: Guard, *, resolver: Resolver | None = None, ca_file: str = "", proxy: str = "") -> None:
        """``resolver``: None asks the system. ``proxy``: http://[user:password@]host:port.

        Raises ValueError when the proxy is no such thing or ``ca_file`` holds no certificates.
        """
        self._guard = guard
        self._system = _System()
        self._resolver = resolver or self._system
        self._trust = _Trust(ca_file)
        self.proxy = _proxy(proxy)

    def close(self) -> None:
        """Let the threads go."""
        self._system.close()

    async def connect(self, origin: Origin) -> Connection:
        """A fresh connection to ``origin``. Raises Forbidding, Unreachable."""
        try:
            return await (self._directly(origin) if self.proxy is None else self._through(origin, *self.proxy))
        except (OSError, UnicodeError) as error:  # ssl.SSLError is an OSError; UnicodeError: a name IDNA refuses
            raise Unreachable(f"cannot connect to {origin.host}:{origin.port}: {error}") from error

    async def _directly(self, origin: Origin) -> Connection:
        addresses = [origin.host] if origin.literal is not None else await self._resolver(origin.host)
        allowed = self._guard.chosen(origin, addresses)[:TRIED]
        tls = await self._trust.context() if origin.scheme == "https" else None
        last: OSError = OSError("no address")
        for address in allowed:
            try:
                async with asyncio.timeout(PATIENCE if address != allowed[-1] else None):
                    transport, connection = await asyncio.get_running_loop().create_connection(
                        Connection, str(address), origin.port, ssl=tls, server_hostname=origin.host if tls else None
                    )
                    return connection.over(transport)
            except OSError as error:  # TimeoutError is one
                last = error
        raise last

    async def _through(self, origin: Origin, host: str, port: int, authorization: str) -> Connection:
        """The operator's proxy is trusted as written; where it leads to is checked as far as we can see."""
        if origin.literal is None:
            try:
                addresses = await self._resolver(origin.host)
            except OSError:
                addresses = []  # only the proxy knows the name
            if not addresses and not usual(origin.port):
                raise Forbidding(f"port {origin.port} is not used by public servers")
            if addresses and len(self._guard.chosen(origin, addresses)) < len(addresses):
                raise Forbidding(f"{origin.host} has an address that is not allowed, and the proxy may choose it")
        loop = asyncio.get_running_loop()
        if origin.scheme == "http":
            transport, connection = await loop.create_connection(Connection, host, port)
            return connection.over(transport)
        tls = await self._trust.context()
        transport, tunnel = await loop.create_connection(_Tunnel, host, port)
        try:
            await tunnel.open(transport, origin, authorization)
            connection = Connection()
            transport.set_protocol(connection)
            wrapped = await loop.start_tls(transport, connection, tls, server_hostname=origin.host)
            if wrapped is None:
                raise Unreachable("proxy hung up")
        except BaseException:
            transport.abort()
            raise
        return connection.over(wrapped)


def _proxy(text: str) -> tuple[str, int, str] | None:
    """Host, port and Proxy-Authorization of a proxy."""
    if not text:
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme != "http" or not parts.hostname or port is None or parts.path.strip("/"):
        raise ValueError(f"proxy.outgoing {text!r} is not like http://host:port")
    if parts.username is None:
        return parts.hostname, port, ""
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    return parts.hostname, port, f"Basic {base64.b64encode(pair).decode()}"


class _Tunnel(asyncio.Protocol):
    """Waits for a proxy's answer to CONNECT (RFC 9110 9.3.6)."""

    def __init__(self) -> None:
        self._got = b""
        self._answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def open(self, transport: asyncio.Transport, origin: Origin, authorization: str) -> None:
        host = f"[{origin.host}]" if ":" in origin.host else origin.host
        head = f"CONNECT {host}:{origin.port} HTTP/1.1\r\nHost: {host}:{origin.port}\r\n"
        if authorization:
            head += f"Proxy-Authorization: {authorization}\r\n"
        transport.write(f"{head}\r\n".encode())
        status = (await self._answer).split(b" ", 2)
        if len(status) < 2 or not status[0].startswith(b"HTTP/1.") or not status[1].startswith(b"2"):
            raise Unreachable(f"proxy refused to connect to {origin.host}:{origin.port}")

    def data_received(self, data: bytes) -> None:
        self._got += data
        if self._answer.done():
            return
        if b"\r\n\r\n" in self._got:
            self._answer.set_result(self._got)
        elif len(self._got) > 8192:
            self._answer.set_exception(Unreachable("proxy answers nonsense"))

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._answer.done():
            self._answer.set_exception(Unreachable("proxy hung up"))
