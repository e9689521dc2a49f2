"""``sharewell serve`` and ``sharewell work``: the processes that stay."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager, nullcontext

import uvicorn
import uvloop
from starlette.types import ASGIApp

from node import guarding
from node.app import WORK, create_app
from node.config import Config, ConfigError
from node.corking import Protocol
from node.opening import opened
from node.worker import Worker
from storage.database import Unavailable

FINISH = 15  # seconds that requests under way have to finish after SIGTERM
GARBAGE = 20_000, 20, 50  # objects, and rounds: with the usual 700 a text is looked through while it is read
KEEP_ALIVE = 75  # seconds an idle connection stays open
MESSAGE = 4096  # bytes of what a reader of streams may say
BACKLOG = 2048  # connections that wait to be taken
STOPS = (signal.SIGTERM, signal.SIGINT)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _log() -> None:
    """To stderr, once the node runs: a start that fails is one line, and a command's errors are too."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


class Server(uvicorn.Server):
    """Says the base URL once it answers; a signal to stop ends it in peace."""

    def __init__(self, config: uvicorn.Config, base_url: str) -> None:
        super().__init__(config)
        self._base_url = base_url
        self._preparing: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            gc.set_threshold(*GARBAGE)
            gc.freeze()  # what was loaded stays: looking through it for garbage takes 70 ms each time
            _say(self._base_url)
            self._preparing = asyncio.create_task(guarding.prepare())

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        # uvicorn's own raises the signal again when all is finished, so that the process would not end with 0.
        loop = asyncio.get_running_loop()
        for one in STOPS:
            loop.add_signal_handler(one, self.handle_exit, one, None)
        try:
            yield
        finally:
            for one in STOPS:
                loop.remove_signal_handler(one)


def serve(config: Config) -> int:
    """Serve until SIGTERM or Ctrl-C; 0 when it ended so."""
    with _listening(config) as door:
        return uvloop.run(_serve(config, door))


def _listening(config: Config) -> socket.socket:
    host, port = config.address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise Unavailable(f"cannot listen on {config.listen}: {str(error.strerror).partition(' (')[0]}") from error


def settings(app: ASGIApp, config: Config) -> uvicorn.Config:
    """How the server serves."""
    return uvicorn.Config(
        app,
        http=Protocol,
        ws="websockets-sansio",
        ws_max_size=MESSAGE,
        ws_per_message_deflate=False,  # 64 KiB a connection for messages of a kilobyte
        lifespan="on",
        access_log=False,
        log_config=None,
        proxy_headers=bool(config.proxy.trusted),
        forwarded_allow_ips=config.proxy.trusted,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=FINISH,
        backlog=BACKLOG,
    )


async def _serve(config: Config, door: socket.socket) -> int:
    # Opened here and not by the server, which would say what a wrong setting is in a traceback.
    async with opened(config) as node:
        _log()
        server = Server(settings(create_app(config, opening=lambda: nullcontext(node)), config), config.base_url)
        await server.serve([door])
    return 0 if server.started else 1


def work(config: Config) -> int:
    """Do jobs and deliveries until SIGTERM or Ctrl-C."""
    if not config.database:
        raise ConfigError("work needs PostgreSQL: on SQLite the serving process does the work")
    uvloop.run(_work(config))
    return 0


async def _work(config: Config) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in STOPS:
        loop.add_signal_handler(one, stop.set)
    async with opened(config) as node:
        _log()
        _say(f"working for {config.base_url}")
        await Worker(node, config.cluster.name, kinds=WORK).run(stop)
