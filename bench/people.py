"""Who is in the data: members here, one actor on each of the other servers, who follows whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import NoReturn

from bench.bulk import Bulk
from bench.keys import Pair, pairs
from bench.places import HOSTS, NODE_PORT, NODE_URL, PEER_PORT, address, base_url
from federation.site import Site
from node.connecting import members
from node.connecting.members import NewAccount
from node.guarding import inbound
from node.requests import secret_hash
from storage import actors, follows, keys, sessions, tokens
from storage.actors import Actor, ActorKind, Profile
from storage.keys import Key, KeyKind

BEGIN = 1_767_225_600_000  # 2026-01-01; the data ends here
READER = "reader"  # has the home timeline that is read, and gets what comes in
WRITER = "writer"  # shares; nine members follow
FAN = "fan"  # is followed by one actor on each of the other servers
MEMBERS = 40
SENDERS = 64  # of the actors elsewhere: what they send is measured; the reader follows them
FOLLOWED = 100  # of the actors elsewhere that the reader follows
TOKENS = {READER: "bench-token-of-reader", WRITER: "bench-token-of-writer", FAN: "bench-token-of-fan"}


SESSION = "bench-session-of-reader"  # of the reader's browser
LATER = 2 * BEGIN  # when that browser was seen last: it stays signed in for good


class _Nowhere:
    """Satisfies ``Out``: nobody is asked while the data is made."""

    async def get_document(self, url: str, *, signer: object = None) -> NoReturn:
        raise NotImplementedError

    async def get_json(self, url: str, *, accept: str) -> NoReturn:
        raise NotImplementedError

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> NoReturn:
        raise NotImplementedError


SITE = Site(f"127.0.0.1:{NODE_PORT}", NODE_URL, lambda: BEGIN, _Nowhere(), ("", ""), inbound)


@dataclass(frozen=True, slots=True)
class People:
    """Everyone."""

    here: list[Actor]  # READER, WRITER, FAN first
    elsewhere: list[Actor]  # one on each host, then more


def actor_uri(place: int) -> str:
    """The id of an actor elsewhere."""
    return f"{base_url(place % HOSTS)}/users/person{place}"


def key_of(place: int) -> Pair:
    """The keys of an actor elsewhere, or of a member here."""
    known = pairs()[0]
    return known[place % len(known)]


async def add(db: Bulk, random: Random, *, more: int) -> People:
    """Keep everyone; ``more`` actors elsewhere than one on each host."""
    rsa, ed25519 = pairs()
    names = [READER, WRITER, FAN, *(f"member{place}" for place in range(3, MEMBERS))]
    here = [
        await members.create(
            db, SITE, NewAccount(name, f"{name}@example.org", "-", name=name.title(), note="On the ward since 2009."),
            rsa=rsa[place % len(rsa)], ed25519=ed25519,
        )
        for place, name in enumerate(names)
    ]  # fmt: skip
    for actor in here[: len(TOKENS)]:
        await tokens.add(
            db, secret_hash(TOKENS[actor.handle]), app_id=None, member_id=actor.id, scopes="read write follow push",
            now=BEGIN,
        )  # fmt: skip
    await sessions.add(db, secret_hash(SESSION), member_id=here[0].id, own_device=True, agent="bench", now=LATER)
    elsewhere = [await _elsewhere(db, place) for place in range(HOSTS + more)]
    people = People(here, elsewhere)
    await _follow(db, random, people)
    return people


async def _elsewhere(db: Bulk, place: int) -> Actor:
    uri, base = actor_uri(place), base_url(place % HOSTS)
    profile = Profile(
        uri=uri, kind=ActorKind.PERSON, handle=f"person{place}", domain=f"{address(place % HOSTS)}:{PEER_PORT}",
        published=BEGIN, name=f"Person {place}", summary="<p>Theatre nurse. Opinions are mine.</p>",
        url=f"{base}/@person{place}", inbox=f"{uri}/inbox", shared_inbox=f"{base}/inbox", outbox=f"{uri}/outbox",
        followers=f"{uri}/followers", following=f"{uri}/following", icon=f"{base}/avatars/{place}.png",
        fields='[{"name": "Hospital", "value": "Wexley Vale"}]',
    )  # fmt: skip
    await actors.add(db, profile, now=BEGIN)
    actor = await actors.by_uri(db, uri)
    await keys.put(db, Key(f"{uri}#main-key", actor.id, KeyKind.RSA, key_of(place)[0], None, BEGIN))
    return actor


async def _follow(db: Bulk, random: Random, people: People) -> None:
    reader, writer, fan = people.here[:3]
    wanted = [(reader, one) for one in people.elsewhere[:FOLLOWED]]
    wanted += [(one, writer) for one in people.here[3:12]]
    wanted += [(one, fan) for one in people.elsewhere[:HOSTS]]
    for member in people.here[3:]:
        wanted += [(member, one) for one in random.sample(people.here[3:], 12) if one is not member]
        wanted += [(member, one) for one in random.sample(people.elsewhere, 30)]
    for follower, target in wanted:
        uri = f"{follower.uri}#follows/{target.id}"
        await follows.ask(db, follower_id=follower.id, target_id=target.id, uri=uri, now=BEGIN, accepted=BEGIN)
