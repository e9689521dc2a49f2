"""A node and two of its members as apps meet them; on both databases where a module or test says ``ON_BOTH``."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from storage.members import Role
from tests.clients.person import Person, person
from tests.clients.sockets import listening
from tests.serving import Fediverse, Served


@pytest.fixture
async def served(fediverse: Fediverse) -> Served:
    """A node that answers."""
    return await fediverse.node("here.example")


@pytest.fixture
async def alice(served: Served) -> AsyncGenerator[Person]:
    """A member with an app."""
    async with person(served, "alice") as made:
        yield made


@pytest.fixture
async def bob(served: Served) -> AsyncGenerator[Person]:
    """Another member with an app, who follows nobody."""
    async with person(served, "bob") as made:
        yield made


@pytest.fixture
async def gwen(served: Served) -> AsyncGenerator[Person]:
    """A guardian with an app."""
    async with person(served, "gwen", role=Role.GUARDIAN) as made:
        yield made


@pytest.fixture
async def door(served: Served) -> AsyncGenerator[str]:
    """host:port of the node on loopback, served as ``sharewell serve`` does."""
    async with listening(served) as place:
        yield place


@pytest.fixture
async def nobody(served: Served) -> AsyncGenerator[Person]:
    """An app without a token."""
    async with served.client() as web:
        yield Person(None, web, served)
