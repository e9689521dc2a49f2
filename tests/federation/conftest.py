"""A node of ours, a member of it, and an actor of a server that answers as a test says."""

from __future__ import annotations

import pytest

from storage.actors import Actor
from tests.federation.remote import Remote, RemoteActor, remote
from tests.serving import Fediverse, Served


@pytest.fixture
async def node(fediverse: Fediverse) -> Served:
    return await fediverse.node("north.example")


@pytest.fixture
async def alice(node: Served) -> Actor:
    return await node.account("alice")


@pytest.fixture
def good(fediverse: Fediverse) -> Remote:
    return remote(fediverse, "good.test")


@pytest.fixture
def gina(good: Remote) -> RemoteActor:
    return good.actor("gina", key=1)
