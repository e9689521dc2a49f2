"""Put the sample content into two running nodes, by the code that members' own doors use.

Accounts, posts, follows and thanks are written beside the serving processes, as the commands do; what crosses from node
to node is delivered by their workers, signed, and awaited here.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

from federation.fetching import actors as fetching
from federation.signing import keys as signing_keys
from node.connecting import follows as follow
from node.connecting import members as use
from node.connecting import passwords
from node.connecting.members import KeyPair, NewAccount
from node.context import Node
from node.demo import plan
from node.demo.content import DAY, Content, Item, Person, Place
from node.guarding import Warned, asking
from node.oauth import scopes
from node.requests import secret_hash
from node.review import highlighting
from node.sharing import attending, reactions
from node.sharing import polls as voting
from node.sharing import posts as sharing
from node.sharing.drafts import Draft
from node.sharing.questions import NewPoll
from node.surfacing.surface import Told, announce
from storage import actors, experts, follows, members, peers, polls, posts, tokens
from storage.actors import Actor, ActorKind
from storage.database import Missing
from storage.experts import NONE as NOBODY
from storage.experts import Expertise
from storage.members import Role
from storage.peers import Policy
from storage.pending import Pending, Reason
from storage.posts import Post
from storage.vocabularies import TOPICS

PASSWORD = "safe-by-sharing"  # noqa: S105 - of every sample account, and shown
HELD = (
    "High scores were accepted as ‘normal for him’ with no plan written down. Last Tuesday an 84-year-old man waited"
    " four hours in bay 3."
)  # what the privacy guard finds in it waits for a guardian
WHY = "Small, cheap and tried out: the post says what changed and what it took. Try it on one shift first."
PATIENCE = 30.0  # seconds for something to come over from the other node
LOOK = 0.05  # seconds between looks
AT_ONCE = 2  # keys made at a time
_HANDLE = re.compile(r"@(\w+@[\w.]+\.example)\b")

T = TypeVar("T")
Progress = Callable[[], None]  # one more is done


class Stuck(Exception):
    """Something has not come over in time; the message names it."""


@dataclass(frozen=True, slots=True)
class World:
    """The running nodes by the domain of their place, and what is in them so far."""

    content: Content
    nodes: Mapping[str, Node]
    people: dict[str, Actor] = field(default_factory=dict)  # by acct, as their own node knows them
    uris: dict[str, str] = field(default_factory=dict)  # of posts, by the item's id

    def home(self, acct: str) -> str:
        """The domain of the place where somebody lives."""
        return next(one.home for one in self.content.people if one.acct == acct)

    def node(self, acct: str) -> Node:
        """The node where somebody lives."""
        return self.nodes[self.home(acct)]

    def others(self, domain: str) -> list[Node]:
        """Every node but one."""
        return [node for name, node in self.nodes.items() if name != domain]

    def handle(self, acct: str, seen_from: str) -> str:
        """How somebody is called on a node: ``name`` or ``name@domain``."""
        name, home = acct.partition("@")[0], self.home(acct)
        return name if home == seen_from else f"{name}@{self.nodes[home].config.domain}"


def at(node: Node, moment: int) -> Node:
    """The node at another time: what is shared then has that date. Deliveries are promised now."""
    return replace(node, clock=lambda: moment)


async def awaited(look: Callable[[], Awaitable[T | None]], what: str) -> T:
    """What ``look`` finds in the end. Raises Stuck."""
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE
    while True:
        found = await look()
        if found is not None:
            return found
        if loop.time() > until:
            raise Stuck(f"{what} has not arrived within {PATIENCE:.0f} seconds")
        await asyncio.sleep(LOOK)


async def make_accounts(world: World, done: Progress) -> None:
    """An account for everyone, made the day before the first item; the shown members look after their nodes."""
    opened = min(item.published for item in world.content.items) // DAY * DAY - DAY
    password = await passwords.hashed(PASSWORD)
    shown = {f"{place.sign_in}@{place.domain}" for place in world.content.places}
    gate = asyncio.Semaphore(AT_ONCE)

    async def keys() -> tuple[KeyPair, KeyPair]:
        async with gate:
            return await asyncio.to_thread(lambda: (signing_keys.generate_rsa(), signing_keys.generate_ed25519()))

    async with asyncio.TaskGroup() as group:
        making = [(one, group.create_task(keys())) for one in world.content.people]
        for one, pairs in making:
            rsa, ed25519 = await pairs
            account = _account(one, password, Role.ADMIN if one.acct in shown else Role.MEMBER)
            node = world.node(one.acct)
            site = replace(node.site, clock=lambda: opened)
            async with node.database.writing() as db:
                world.people[one.acct] = await use.create(db, site, account, rsa=rsa, ed25519=ed25519)
                await members.visit(db, world.people[one.acct].id, now=node.clock())
                await experts.put(db, world.people[one.acct].id, _expertise(one))
            done()


def _account(one: Person, password: str, role: Role) -> NewAccount:
    return NewAccount(
        handle=one.handle, email=one.acct, password=password, role=role, kind=one.kind, name=one.name, note=one.note
    )


def _expertise(one: Person) -> Expertise:
    """What people work on, they can be asked about."""
    return Expertise(tuple(sorted(one.topics & TOPICS - {"network"}))) if one.kind is ActorKind.PERSON else NOBODY


async def ally(world: World) -> None:
    """Let each node rely on the guardians of the other."""
    for node in world.nodes.values():
        others = [urlsplit(one.site.base_url).netloc for one in world.nodes.values() if one is not node]
        async with node.database.writing() as db:
            for host in others:
                await peers.decide(db, host, Policy.ALLIED, reason="", now=node.clock())


async def make_follows(world: World, pairs: Iterable[plan.Pair], done: Progress) -> None:
    """Follow, and wait until every server said yes."""
    asked: list[tuple[Node, Actor, Actor]] = []
    for one, other in pairs:
        node, actor = world.node(one.acct), world.people[one.acct]
        target = await _found(world, one, other)
        async with node.database.writing() as db:
            told = await follow.follow(db, node, actor, target)
        announce(node, told)
        asked.append((node, actor, target))
        done()
    for node, actor, target in asked:
        await awaited(partial(_accepted, node, actor, target), f"the answer of {target.handle}")


async def _found(world: World, one: Person, other: Person) -> Actor:
    """The other's actor as the node of the first knows it, by WebFinger where it lives elsewhere."""
    if one.home == other.home:
        return world.people[other.acct]
    node = world.nodes[one.home]
    return await fetching.by_handle(node.database, node.site, world.handle(other.acct, one.home))


async def _accepted(node: Node, actor: Actor, target: Actor) -> bool | None:
    async with node.database.reading() as db:
        found = await follows.between(db, follower_id=actor.id, target_id=target.id)
    return True if found is not None and found.accepted is not None else None


async def share(world: World, done: Progress) -> World:
    """Share every item at its own date, and wait until the other node has it. The world with those that are out: what
    the privacy guard holds waits for the shown members, who are guardians, as do replies to it."""
    for item in world.content.items:
        await _share(world, item)
        done()
    out = [item for item in world.content.items if item.id in world.uris]
    for item in out:
        for node in world.others(world.home(item.author)):
            await _arrived(node, world.uris[item.id])
    return replace(world, content=replace(world.content, items=out))


async def _share(world: World, item: Item) -> None:
    if any(other and other not in world.uris for other in (item.answers, item.built_on)):
        return
    home = world.home(item.author)
    node, author = at(world.nodes[home], item.published), world.people[item.author]

    def named(words: str) -> str:
        return _HANDLE.sub(lambda match: "@" + world.handle(match[1], home), words)

    draft = Draft(
        text=named(item.text),
        kind=item.kind,
        title=item.title,
        language=item.language,
        in_reply_to_id=(await _arrived(node, world.uris[item.answers])).id if item.answers else None,
        fields={
            **{name: named(value) if name == "whom" else value for name, value in item.fields.items()},
            **await _built_on(world, node, item),
        },
        poll=NewPoll(item.options, (item.closes - item.published) // 1000, item.multiple) if item.options else None,
    )
    mentioned = await sharing.resolve(node, draft.naming)
    try:
        post, told = await _publish(node, author, draft, mentioned)
    except Warned:  # their authors looked again
        post, told = await _publish(node, author, draft, mentioned)
    announce(node, told)
    if isinstance(post, Pending) and post.reason is Reason.HELD:
        return
    if not isinstance(post, Post):
        raise Stuck(f"{item.id} waits, though the sample nodes let nothing wait")
    world.uris[item.id] = post.uri


async def _built_on(world: World, node: Node, item: Item) -> Mapping[str, str]:
    """The field that says what an item builds on, once that is on the author's node."""
    return {"derived_from": (await _arrived(node, world.uris[item.built_on])).uri} if item.built_on else {}


async def _publish(
    node: Node, author: Actor, draft: Draft, mentioned: Mapping[str, Actor]
) -> tuple[Post | Pending, list[Told]]:
    async with asking(node), node.database.writing() as db:
        return await sharing.publish(db, node, author, draft, mentioned)


async def _arrived(node: Node, uri: str) -> Post:
    async def look() -> Post | None:
        async with node.database.reading() as db:
            try:
                return await posts.by_uri(db, uri)
            except Missing:
                return None

    return await awaited(look, uri)


async def gather(world: World, done: Progress) -> None:
    """Vote in what is asked, come to events, and wait until the author's node has counted all of it."""
    for one, item, places in plan.votes(world.content):
        await _take_part(world, one, item, partial(_vote, places=places))
        done()
    for one, item in plan.coming(world.content):
        await _take_part(world, one, item, _come)
        done()
    for item in world.content.items:
        if item.options:
            await awaited(partial(_voted, world, item), f"votes for {item.id}")


async def _take_part(
    world: World, one: Person, item: Item, act: Callable[[Node, Actor, int, Item], Awaitable[None]]
) -> None:
    node = at(world.node(one.acct), item.published + plan.SOON)
    post = await _arrived(node, world.uris[item.id])
    await act(node, world.people[one.acct], post.id, item)


async def _vote(node: Node, member: Actor, post_id: int, item: Item, *, places: Sequence[int]) -> None:
    async with node.database.writing() as db:
        told = await voting.vote(db, node, member, post_id, places)
    announce(node, told)


async def _come(node: Node, member: Actor, post_id: int, item: Item) -> None:
    async with node.database.writing() as db:
        _state, told = await attending.join(db, node, member, post_id)
    announce(node, told)


async def _voted(world: World, item: Item) -> bool | None:
    """Whether everybody's vote is counted."""
    node = world.node(item.author)
    post = await _arrived(node, world.uris[item.id])
    async with node.database.reading() as db:
        poll = await polls.one(db, post.id)
    wanted = sum(1 for _, one, _ in plan.votes(world.content) if one.id == item.id)
    return True if poll is not None and poll.voters == wanted else None


async def react(world: World, done: Progress) -> None:
    """Thank and pass on, and wait until the author's node has counted all of it."""
    liked: dict[str, int] = {}
    boosted: dict[str, int] = {}
    for one, item, moment in plan.likes(world.content):
        node = at(world.node(one.acct), min(moment, world.node(one.acct).clock()))
        post = await _arrived(node, world.uris[item.id])
        async with node.database.writing() as db:
            told = await reactions.like(db, node, world.people[one.acct], post.id)
        announce(node, told)
        liked[item.id] = liked.get(item.id, 0) + 1
        done()
    for one, item, moment in plan.boosts(world.content, next(iter(world.nodes.values())).clock()):
        node = at(world.node(one.acct), moment)
        post = await _arrived(node, world.uris[item.id])
        async with node.database.writing() as db:
            _, told = await reactions.boost(db, node, world.people[one.acct], post.id)
        announce(node, told)
        boosted[item.id] = boosted.get(item.id, 0) + 1
        done()
    for item in world.content.items:
        await _counted(world, item, liked.get(item.id, 0), boosted.get(item.id, 0))


async def _counted(world: World, item: Item, likes: int, boosts: int) -> None:
    node, uri = world.node(item.author), world.uris[item.id]

    async def look() -> Post | None:
        post = await _arrived(node, uri)
        return post if (post.likes_count, post.boosts_count) == (likes, boosts) else None

    await awaited(look, f"thanks for {uri}")


async def welcome(world: World) -> None:
    """Pin each alliance's welcome."""
    for item in plan.welcomes(world.content):
        node = world.node(item.author)
        post = await _arrived(node, world.uris[item.id])
        async with node.database.writing() as db:
            told = await reactions.pin(db, node, world.people[item.author], post.id)
        announce(node, told)


async def highlight(world: World) -> None:
    """Have each node show a highlight of the month, which its alliance tells its followers."""
    for editor, item in plan.highlights(world.content):
        node, actor = world.node(editor.acct), world.people[editor.acct]
        post = await _arrived(node, world.uris[item.id])
        async with node.database.writing() as db:
            listing, member = await highlighting.of_node(db, node), await members.by_id(db, actor.id)
            _one, told = await highlighting.choose(db, node, actor, member, listing, post.id, WHY)
        announce(node, told)


async def hold(world: World) -> None:
    """Leave the shown members, who are guardians, something to decide on."""
    for place in world.content.places:
        node = world.nodes[place.domain]
        author = next(
            one for one in world.content.people
            if one.home == place.domain and one.kind is ActorKind.PERSON and one.handle != place.sign_in
        )  # fmt: skip
        async with node.database.writing() as db:
            _, told = await sharing.publish(db, node, world.people[author.acct], Draft(HELD), {})
        announce(node, told)


async def give_token(node: Node, place: Place) -> str:
    """A token of the shown member, for apps and for trying things out."""
    token = secrets.token_urlsafe(32)
    async with node.database.writing() as db:
        actor = await actors.by_handle(db, place.sign_in)
        await tokens.add(
            db, secret_hash(token), app_id=None, member_id=actor.id, scopes=scopes.parse("read write follow push"),
            now=node.clock(),
        )  # fmt: skip
    return token
