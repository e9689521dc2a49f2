"""Streams as apps read them, over real sockets."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from node.operating.serving import settings
from tests.clients.person import Person
from tests.serving import Served

SOON = 5.0  # seconds: enough for a loaded machine
QUIET = 0.5


class Reading:
    """One open WebSocket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(SOON):
            said: dict[str, Any] = json.loads(await self.socket.recv())
        return said

    async def event(self) -> tuple[str, Any]:
        said = await self.next()
        payload = said.get("payload")
        return said["event"], payload if payload is None or said["event"] == "delete" else json.loads(payload)

    async def say(self, **message: object) -> None:
        await self.socket.send(json.dumps(message))

    async def nothing(self) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(QUIET):
                await self.socket.recv()

    async def closed(self) -> int | None:
        with pytest.raises(ConnectionClosed):
            async with asyncio.timeout(SOON):
                while True:
                    await self.socket.recv()
        return self.socket.close_code


@asynccontextmanager
async def listening(served: Served) -> AsyncGenerator[str]:
    """host:port of the node on loopback, served as ``sharewell serve`` does."""
    server = uvicorn.Server(settings(served.app, served.node.config))
    server.config.lifespan = "off"
    with socket.create_server(("127.0.0.1", 0)) as listening:
        host, port = listening.getsockname()
        task = asyncio.create_task(server._serve([listening]))  # without its signal handlers
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield f"{host}:{port}"
        server.should_exit = True
        await task


def token_of(person: Person) -> str:
    return str(person.web.headers["authorization"].removeprefix("Bearer "))


@asynccontextmanager
async def opened(door: str, token: str = "", query: str = "", **more: Any) -> AsyncGenerator[Reading]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with connect(f"ws://{door}/api/v1/streaming{query}", additional_headers=headers, **more) as socket:
        yield Reading(socket)
