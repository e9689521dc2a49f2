"""A furnished node, in this process or on a socket, and a real browser."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager

import httpx2
import pytest
import uvicorn

from storage.actors import Actor
from tests import browser as chromium
from tests.browser import Browser
from tests.pages.sample import Sample, furnish
from tests.serving import PASSWORD, Fediverse, Served

HOST = "127.0.20.61"


@pytest.fixture
async def sample(fediverse: Fediverse) -> Sample:
    """A node with a little of everything."""
    return await furnish(await fediverse.node("northmoor.example", title="Northmoor Coast"))


@pytest.fixture
async def reader(sample: Sample) -> AsyncGenerator[httpx2.AsyncClient]:
    """Somebody without an account."""
    async with sample.served.client() as client:
        yield client


@asynccontextmanager
async def browsing(served: Served, actor: Actor) -> AsyncGenerator[httpx2.AsyncClient]:
    """A browser in which a member is signed in; no scripts, but forms and cookies."""
    async with served.client() as client:
        answer = await client.post("/sign-in", data={"login": actor.handle, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        yield client


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of a form."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, f"no field {name}"
    return found[1]


@asynccontextmanager
async def on_a_socket(fediverse: Fediverse, name: str = HOST, **options: object) -> AsyncGenerator[Served]:
    """A node that answers on loopback; ``name``: "localhost", to browsers as safe as https."""
    with socket.socket() as bound:
        bound.bind((HOST if name == HOST else "127.0.0.1", 0))
        place = f"{name}:{bound.getsockname()[1]}"
        served = await fediverse.node(
            place,
            base_url=f"http://{place}",
            title="Northmoor Coast",
            contact="help@northmoor.example",
            federation={"insecure_http": True},
            **options,
        )
        server = uvicorn.Server(uvicorn.Config(served.app, lifespan="off", access_log=False, log_level="warning"))
        serving = asyncio.create_task(server.serve(sockets=[bound]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        try:
            yield served
        finally:
            server.should_exit = True
            await serving


@pytest.fixture
async def shown(fediverse: Fediverse) -> AsyncGenerator[Sample]:
    """A furnished node that a browser can open."""
    async with on_a_socket(fediverse) as served:
        yield await furnish(served)


@pytest.fixture(scope="session")
def chromium_address() -> Generator[str]:
    """The session's Chromium."""
    with chromium.running() as address:
        yield address


@pytest.fixture
async def browser(chromium_address: str) -> AsyncGenerator[Browser]:
    """A connection to it."""
    async with chromium.connected(chromium_address) as found:
        yield found
