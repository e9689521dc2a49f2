"""``sharewell demo``: two nodes on this machine that federate, with sample content; Ctrl-C stops both."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import uvloop

from federation.errors import FederationError
from node.config import Config, load
from node.demo import content, plan, seeding, telling
from node.demo.children import Child, Ended, serve, while_running
from node.demo.content import Content, Place
from node.demo.folder import Folder, State, free, free_ports
from node.demo.seeding import Stuck, World
from node.errors import Invalid
from node.opening import clock, opened
from storage import posts

SHOWN = "plain-003"  # the conversation that is pointed to
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(path: Path, fresh: bool) -> int:
    """Run the demonstration in this folder until it is told to stop: 0, or 1 when a node ended by itself."""
    folder = Folder(path)
    try:
        return uvloop.run(_run(folder, fresh))
    except (Ended, Stuck, FederationError) as error:
        sys.stderr.write(f"sharewell: {error}\n")
        return 1
    finally:
        folder.close()


async def _run(folder: Folder, fresh: bool) -> int:
    stop = asyncio.Event()
    for one in STOPS:
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    showing = asyncio.create_task(_show(folder, fresh))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([showing, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not showing.done():
        telling.say("\nStopping …")
        showing.cancel()
    try:
        await showing
    except asyncio.CancelledError:
        telling.say("Both nodes have stopped.")
    return 0


async def _show(folder: Folder, fresh: bool) -> None:
    """Start both nodes, seed them unless an earlier run did, say what to try; then wait for ever."""
    sample = content.load(clock())
    state = None if fresh else folder.state()
    if state is None:
        folder.clear(sample.places)
        ports = free_ports(sample.places)
        for place in sample.places:
            folder.write_config(place, ports)
    else:
        ports = dict(state.ports)
        _check_free(ports, folder)
    configs = {place: load(folder.config_path(place)) for place in sample.places}
    telling.say(f"Sharewell demonstration in {folder.path}/")
    async with AsyncExitStack() as children:
        running: dict[Place, Child] = {}
        children.push_async_callback(_stop, running)
        for place in configs:
            path = folder.config_path(place).resolve()
            running[place] = await serve(place, path, folder.log_path(place), lock=folder.lock)
        if state is None:
            state = await while_running(running, _seed(sample, configs, running, State(ports)))
            folder.keep(state)
        else:
            await while_running(running, _ready(running))
        telling.ready(configs, state, folder.path)
        await while_running(running, asyncio.Event().wait())


def _check_free(ports: Mapping[str, int], folder: Folder) -> None:
    taken = [port for port in ports.values() if not free(port)]
    if taken:
        raise Invalid(
            f"somebody else answers on port {taken[0]}, which the nodes in {folder.path} have in their addresses:"
            " end that, or begin anew with --fresh"
        )


async def _ready(running: Mapping[Place, Child]) -> None:
    with telling.step("Starting both nodes", len(running)) as done:
        for child in running.values():
            await child.ready()
            done()


async def _stop(running: Mapping[Place, Child]) -> None:
    await asyncio.gather(*(child.stop() for child in running.values()))


async def _seed(
    sample: Content, configs: Mapping[Place, Config], running: Mapping[Place, Child], state: State
) -> State:
    """Put everything in; accounts are made while the nodes start."""
    async with AsyncExitStack() as stack:
        nodes = {
            place.domain: await stack.enter_async_context(opened(config, command=True))
            for place, config in configs.items()
        }
        world = World(sample, nodes)
        people, items = len(sample.people), len(sample.items)
        first, others = plan.first_follows(sample), plan.follows(sample)
        with telling.step(f"Making keys and accounts for {people} members, teams and alliances", people) as done:
            await seeding.make_accounts(world, done)
        await seeding.ally(world)
        await _ready(running)
        with telling.step("The two alliances follow their neighbours, through federation", len(first)) as done:
            await seeding.make_follows(world, first, done)
        with telling.step(f"Sharing {items} posts, until each has arrived on the other node", items) as done:
            world = await seeding.share(world, done)
            await seeding.welcome(world)
        with telling.step("Members follow one another, on both nodes", len(others)) as done:
            await seeding.make_follows(world, others, done)
        with telling.step("Thanking and passing on, until every count is right on both") as done:
            await seeding.react(world, done)
            await seeding.highlight(world)
        with telling.step("Voting, and coming to events") as done:
            await seeding.gather(world, done)
        await seeding.hold(world)
        tokens = {place.domain: await seeding.give_token(nodes[place.domain], place) for place in configs}
        return replace(state, complete=True, tokens=tokens, shown=await _shown(world))


async def _shown(world: World) -> dict[str, str]:
    """The path of the example conversation on each node."""
    uri = world.uris[SHOWN]
    found: dict[str, str] = {}
    for domain, node in world.nodes.items():
        async with node.database.reading() as db:
            post = await posts.by_uri(db, uri)
        author = next(item.author for item in world.content.items if item.id == SHOWN)
        found[domain] = f"/@{world.handle(author, domain)}/{post.id}"
    return found
