"""Which PostgreSQL server to talk to: a walk over the hosts of the URL to the one that takes writes.

asyncpg's own walk gives all hosts one time-out together: behind a silent first host the second was never tried.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from storage.database import Unavailable, Unreached
from storage.refusals import FAILURES, refusal

log = logging.getLogger(__name__)

PATIENCE = 1.0  # seconds for each of several hosts to connect and tell its role
PATIENCE_ALONE = 4.0  # seconds for the only host: there is nobody else to turn to
SILENCE = 5  # seconds until a connection whose other end is silent is given up

SETTINGS = {
    "application_name": "sharewell",
    "idle_in_transaction_session_timeout": "10s",
    "lock_timeout": "5s",
    "tcp_user_timeout": "5s",
    "jit": "off",  # compiling costs more than any query of ours runs
}


def hosts_of(url: str) -> list[str]:
    """One URL for each host of ``url``.

    >>> hosts_of("postgresql://u@a,b:5433/db?sslmode=require")
    ['postgresql://u@a/db?sslmode=require', 'postgresql://u@b:5433/db?sslmode=require']
    """
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    return [parts._replace(netloc=f"{user}{at}{host}").geturl() for host in hosts.split(",")]


class Hosts:
    """The hosts of a URL, the last good one first."""

    def __init__(self, url: str, password: str | None) -> None:
        self._urls = hosts_of(url)
        self._password = password  # None: as the URL or PGPASSFILE say
        self._patience = PATIENCE if len(self._urls) > 1 else PATIENCE_ALONE

    async def connect(self, **options: Any) -> tuple[Any, bool]:
        """A connection to a server that takes writes; whether it is another than last time.

        Raises Unreached when none of them answers or takes writes, Unavailable when one of them turns us away.
        """
        refused: list[Unavailable] = []
        for url in tuple(self._urls):
            try:
                connection = await self._try(url, options)
            except Unavailable as error:
                log.warning("database host passed over: %s", error)
                refused.append(error)
                continue
            moved = url != self._urls[0]
            self._urls.sort(key=lambda one: one != url)
            return connection, moved
        kind = Unreached if any(isinstance(error, Unreached) for error in refused) else Unavailable
        raise kind("; ".join(map(str, refused))) from refused[-1]

    async def _try(self, url: str, options: dict[str, Any]) -> Any:
        name = urlsplit(url).netloc.rpartition("@")[2] or "local socket"
        try:
            async with asyncio.timeout(self._patience):
                connection = await asyncpg.connect(url, password=self._password, server_settings=SETTINGS, **options)
                try:
                    await check_role(connection)
                except BaseException:
                    connection.terminate()
                    raise
        except Unreached as error:
            raise Unreached(f"{name}: {error}") from error
        except TimeoutError as error:
            raise Unreached(f"{name}: no answer within {self._patience:g} s") from error
        except FAILURES as error:
            raise (refusal(error, closed=True) or Unavailable)(f"{name}: {error}") from error
        _give_up_silent(connection)
        return connection


async def check_role(connection: Any) -> None:
    """Raise Unreached when this server takes no writes: a standby, or one that was told so."""
    if await connection.fetchval("SHOW transaction_read_only") == "on":
        raise Unreached("takes no writes")


async def hang_up(connection: Any) -> None:
    """Close a connection, with a word to the server if it still listens."""
    try:
        await connection.close(timeout=PATIENCE)
    except FAILURES:
        connection.terminate()


def _give_up_silent(connection: Any) -> None:
    """Notice a server that vanished: the kernel itself would wait a quarter of an hour for it."""
    line = connection._transport.get_extra_info("socket")
    if line is None or line.family == socket.AF_UNIX:
        return
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, seconds in (("TCP_KEEPIDLE", 2), ("TCP_KEEPINTVL", 1), ("TCP_KEEPCNT", SILENCE - 2)):
        if hasattr(socket, name):
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), seconds)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENCE * 1000)
