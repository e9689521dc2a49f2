"""Our node and the peers, started once for all tests here; every test runs with each peer."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import needs
from tests.peers.machines import Json, Lines, Member, OurNode, Peer, answering, our_node, started, until
from tests.peers.matrix import BOVINE, FEDIFY, FEDIFY_CAVAGE, PEERS
from tests.postgres import free_port

HERE = Path(__file__).parent
FORMS = {FEDIFY: "rfc9421", FEDIFY_CAVAGE: "cavage", BOVINE: "cavage"}


def fedify_command() -> tuple[list[str], Path]:
    """How a Fedify peer is started, and where: Node.js finds packages from the folder of the script."""
    folder = needs.fedify()
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".mjs", delete=False) as copy:
        copy.write((HERE / "fedify" / "peer.mjs").read_bytes())
    Path(copy.name).replace(folder / "peer.mjs")  # whole at any time: others may be starting theirs
    return [str(needs.node() / "node"), "peer.mjs"], folder


def environment(place: str) -> dict[str, str]:
    """Where a peer listens."""
    host, _, port = place.partition(":")
    return {"HOST": host, "PORT": port}


def exactly(place: str) -> str:
    """host:port as ``private_peers`` has it, and no address beside it."""
    host, _, port = place.partition(":")
    return f"{host}/32:{port}"


@dataclass(frozen=True, slots=True)
class Friends:
    """A member of our node and a peer that follow each other."""

    node: OurNode
    peer: Peer
    member: Member
    account: Json  # of the peer's actor, as the member's app sees it


def befriended(node: OurNode, peer: Peer) -> Friends:
    """A new member and a peer that have followed each other: the peer first, so that we know how it signs."""
    member = node.member()
    peer.follow(member)
    account = member.find(peer.handle)
    member.post(f"/api/v1/accounts/{account['id']}/follow")
    until(lambda: member.standing(account["id"])["following"], "our follow is accepted")
    return Friends(node, peer, member, account)


@pytest.fixture(scope="session")
def places() -> dict[str, str]:
    """host:port for our node ("") and for each peer: an address each, so that none shares anything with another."""
    return {name: f"127.0.41.{i}:{free_port()}" for i, name in enumerate(("", *PEERS), 1)}


@pytest.fixture(scope="session")
def starting(places: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Generator[dict[str, Lines]]:
    """The peers, which make themselves ready while our node does. bovine keeps a file where it is started."""
    fedify, folder = fedify_command()
    bovine = [str(needs.bovine()), str(HERE / "bovine" / "peer.py")]
    first = {"FIRST_KNOCK": "draft-cavage-http-signatures-12"}
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(started(command, where, environment(places[name]) | more, json.loads))
            for name, command, where, more in (
                (FEDIFY, fedify, folder, {}),
                (FEDIFY_CAVAGE, fedify, folder, first),
                (BOVINE, bovine, tmp_path_factory.mktemp("bovine"), {"HTTPS_PROXY": "http://127.0.0.1:9"}),
            )
        }


@pytest.fixture(scope="session")
def node(
    tmp_path_factory: pytest.TempPathFactory, places: dict[str, str], starting: dict[str, Lines]
) -> Generator[OurNode]:
    peers = [exactly(places[name]) for name in PEERS]
    with our_node(tmp_path_factory.mktemp("node"), places[""], peers) as running:
        yield running


@pytest.fixture(scope="session")
def peers(starting: dict[str, Lines]) -> Generator[dict[str, Peer]]:
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(answering(lines, FORMS[name], by_handle=name == BOVINE))
            for name, lines in starting.items()
        }


@pytest.fixture(scope="session")
def made() -> dict[str, Friends]:
    """The friends of this session, by peer."""
    return {}


@pytest.fixture(params=PEERS)
def friends(request: pytest.FixtureRequest, node: OurNode, peers: dict[str, Peer], made: dict[str, Friends]) -> Friends:
    """A member and a peer that follow each other."""
    name: str = request.param
    if name not in made:
        made[name] = befriended(node, peers[name])
    return made[name]
