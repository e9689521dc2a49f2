"""Nobody makes the node connect to its own machine or network: cases of group ``ssrf``, over real sockets.

Peers listen in 127.0.20.0/24, which is allowed. Everywhere else on loopback is a trap: one port, on many addresses.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from federation.client import Client
from federation.errors import FederationError, Forbidding, Refused
from federation.fetching import actors as fetch_actors
from federation.fetching import posts as fetch_posts
from federation.inbox import receive
from federation.signing import cavage
from federation.signing.request import SignedRequest, by_name
from federation.site import Document, Site
from node.guarding import inbound
from storage.actors import Actor
from storage.database import Database
from tests.federation.doors import Names, Settings
from tests.federation.loopback import Answer, Asked, Peer, answer, document, listening, moved
from tests.serving import Clock, rsa_pair

KNOWN = {
    "localhost": ["::1", "127.0.0.1"],
    "localhost.": ["127.0.0.1"],
    "loopback.test": ["127.0.0.1"],
    "internal.test": ["10.0.0.5", "127.8.8.8"],
    # What the system's resolver makes of numbers:
    **{one: ["127.0.0.1"] for one in ("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "127.0.0.1.")},
}
PLACES = {
    "v4_loopback": "http://127.0.0.1:{port}",
    "v6_loopback": "http://[::1]:{port}",
    "v4_mapped_v6": "http://[::ffff:127.0.0.1]:{port}",
    "v4_compat_v6": "http://[::127.0.0.1]:{port}",
    "zero": "http://0.0.0.0:{port}",
    "v6_unspecified": "http://[::]:{port}",
    "hex": "http://0x7f000001:{port}",
    "octal": "http://0177.0.0.1:{port}",
    "decimal": "http://2130706433:{port}",
    "localhost": "http://localhost:{port}",
    "localhost_dot": "http://localhost.:{port}",
    "name_to_loopback": "http://loopback.test:{port}",
    "name_to_private": "http://internal.test:{port}",
    "other_loopback": "http://127.8.8.8:{port}",
    "userinfo": "http://127.0.20.1@127.0.0.1:{port}",
    "upper_scheme": "HTTP://127.0.0.1:{port}",
    "nat64": "http://[64:ff9b::127.0.0.1]:{port}",
    "unicode_digits": "http://１２７.0.0.1:{port}",
    "trailing_dot_ip": "http://127.0.0.1.:{port}",
    "short": "http://127.1:{port}",
    "link_local_metadata": "http://169.254.169.254:{port}",
    "teredo": "http://[2001:0:7f00:1::1]:{port}",
    "6to4": "http://[2002:7f00:1::1]:{port}",
}


@dataclass
class Door:
    """A node's side, as far as federation knows it, with a real way out."""

    database: Database
    site: Site
    names: Names
    traps: Sequence[Peer]
    stack: AsyncExitStack

    @property
    def port(self) -> int:
        """Of all the traps."""
        return self.traps[0].port

    @property
    def trapped(self) -> int:
        """How often a trap was reached."""
        return sum(one.connections for one in self.traps)

    async def peer(self, answers: Answer | bytes, host: str = "127.0.20.1") -> Peer:
        """A server we may speak to."""
        return await self.stack.enter_async_context(listening(host, answers))

    async def deliver(self, key_uri: str) -> FederationError:
        """Why a delivery is not taken that claims this key and carries a made-up signature."""
        headers = [("host", "node.example"), ("date", "x"), ("digest", "x")]
        signature = f'keyId="{key_uri}",headers="(request-target) host date digest",signature="AAAA"'
        body = orjson.dumps({"type": "Follow", "actor": "http://127.0.20.1/gina", "object": "http://node.example/a"})
        with pytest.raises(FederationError) as raised:
            await receive.authenticate(
                self.database,
                self.site,
                SignedRequest("POST", "/inbox", by_name([*headers, ("signature", signature)]), body),
            )
        return raised.value

    async def search(self, url: str) -> FederationError:
        """Why what a member looks for by its address is not found."""
        with pytest.raises(FederationError) as raised:
            await fetch_posts.by_uri(self.database, self.site, url)
        return raised.value

    async def tell(self, actor: Actor, activity: Document) -> None:
        """Take in what ``actor`` said, as far as things have to be fetched for it."""
        said = receive.activity_of(activity, actor, self.site.clock())
        try:
            await receive.fetch_missing(self.database, self.site, said)
        except FederationError:
            return


@pytest.fixture
async def door(sqlite_database: Database) -> AsyncGenerator[Door]:
    names, clock = Names(KNOWN), Clock()
    client = Client.of("http://node.example", "", Settings(), resolver=names, timeout=3)
    site = Site(
        "node.example", "http://node.example", clock, client, ("http://node.example/actor#key", rsa_pair(0)[1]), inbound
    )
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(listening("127.0.0.1", document({"id": "caught"})))
        others = [
            await stack.enter_async_context(listening(one, document({"id": "caught"}), port=first.port))
            for one in ("127.8.8.8", "::1")
        ]
        yield Door(sqlite_database, site, names, [first, *others], stack)
        await client.close()


def guarded(error: BaseException | None) -> bool:
    """Whether it was refused before a connection was tried: not merely unreachable."""
    while error is not None and not isinstance(error, Forbidding):
        if isinstance(error, Refused) and error.__cause__ is None:
            return True
        error = error.__cause__
    return error is not None


KEYIDS = [
    *("v4_loopback", "v6_loopback", "v4_mapped_v6", "v4_compat_v6", "zero", "v6_unspecified", "hex", "octal"),
    *("localhost", "localhost_dot", "name_to_private", "other_loopback", "userinfo", "upper_scheme", "nat64"),
    *("unicode_digits", "trailing_dot_ip", "decimal", "short", "link_local_metadata", "teredo", "6to4"),
]
SEARCHES = [
    *("v4_loopback", "v6_loopback", "v4_mapped_v6", "zero", "v6_unspecified", "decimal", "name_to_loopback"),
    *("name_to_private", "localhost", "hex", "octal", "short", "nat64", "userinfo", "trailing_dot_ip"),
]


@pytest.mark.parametrize("place", [pytest.param(PLACES[one], id=f"ssrf.keyid_{one}") for one in KEYIDS])
async def test_a_key_on_our_own_network_is_not_fetched(door: Door, place: str) -> None:
    error = await door.deliver(place.format(port=door.port) + "/actor#main-key")

    assert (guarded(error), door.trapped) == (True, 0)


@pytest.mark.parametrize("place", [pytest.param(PLACES[one], id=f"ssrf.search_{one}") for one in SEARCHES])
async def test_what_a_member_looks_for_on_our_own_network_is_not_fetched(door: Door, place: str) -> None:
    error = await door.search(place.format(port=door.port) + "/note")

    assert (guarded(error), door.trapped) == (True, 0)


def _client(door: Door) -> Client:
    assert isinstance(door.site.out, Client)
    return door.site.out


@pytest.mark.parametrize("place", [pytest.param(one, id=f"client.{name}") for name, one in PLACES.items()])
async def test_the_client_itself_is_guarded(door: Door, place: str) -> None:
    for asking in (
        door.site.out.get_document(place.format(port=door.port)),
        door.site.out.get_json(place.format(port=door.port), accept="application/json"),
        door.site.out.post(place.format(port=door.port), b"{}", {}),
        _client(door).get_file(place.format(port=door.port), accept="*/*", kinds=["text/html"], limit=1_000),
    ):
        with pytest.raises(Forbidding):
            await asking

    assert door.trapped == 0


@pytest.mark.parametrize("case", ["ssrf.search_handle_private"])
async def test_a_handle_of_our_own_network_is_not_fingered(door: Door, case: str) -> None:
    for domain in ("127.0.0.1", "internal.test", "loopback.test", "localhost"):
        with pytest.raises(Forbidding):
            await fetch_actors.by_handle(door.database, door.site, f"@user@{domain}:{door.port}")

    assert door.trapped == 0


@pytest.mark.parametrize(
    "status", [pytest.param(one, id=f"ssrf.redirect_{one}_to_loopback") for one in (302, 307, 308)]
)
async def test_a_redirect_to_our_own_network_is_not_followed(door: Door, status: int) -> None:
    peer = await door.peer(moved(f"http://127.0.0.1:{door.port}/note", status))

    error = await door.search(peer.url())

    assert (type(error), len(peer.asked), door.trapped) == (Forbidding, 1, 0)


@pytest.mark.parametrize("case", ["ssrf.redirect_keyid"])
async def test_a_key_is_not_followed_to_our_own_network(door: Door, case: str) -> None:
    peer = await door.peer(moved(f"http://127.0.0.1:{door.port}/actor"))

    error = await door.deliver(peer.url("/actor#main-key"))

    assert (guarded(error), len(peer.asked), door.trapped) == (True, 1, 0)


@pytest.mark.parametrize("case", ["ssrf.redirect_name"])
async def test_a_redirect_to_a_name_for_our_own_network_is_not_followed(door: Door, case: str) -> None:
    peer = await door.peer(moved(f"http://loopback.test:{door.port}/note"))

    error = await door.search(peer.url())

    assert (type(error), door.names.asked, door.trapped) == (Forbidding, ["loopback.test"], 0)


@pytest.mark.parametrize(
    "location",
    [
        pytest.param(one, id=f"ssrf.redirect_scheme {one[:6]}")
        for one in (
            "file:///etc/passwd",
            "gopher://127.0.0.1:{port}/x",
            "ftp://127.0.0.1/",
            "data:application/json,{{}}",
        )
    ],
)
async def test_a_redirect_away_from_the_web_is_not_followed(door: Door, location: str) -> None:
    peer = await door.peer(moved(location.format(port=door.port)))

    error = await door.search(peer.url())

    assert (type(error), door.trapped) == (Forbidding, 0)


@pytest.mark.parametrize("case", ["ssrf.redirect_webfinger"])
async def test_webfinger_is_not_followed_to_our_own_network(door: Door, case: str) -> None:
    peer = await door.peer(moved(f"http://127.0.0.1:{door.port}/.well-known/webfinger"))

    with pytest.raises(Forbidding):
        await fetch_actors.by_handle(door.database, door.site, f"@user@{peer.place}")

    assert (len(peer.asked), door.trapped) == (1, 0)


@pytest.mark.parametrize("case", ["ssrf.host_meta_template"])
async def test_host_meta_does_not_say_where_webfinger_is(door: Door, case: str) -> None:
    def answers(asked: Asked) -> bytes:
        if "host-meta" not in asked.target:
            return answer(status=404)
        template = f'<XRD><Link rel="lrdd" template="http://127.0.0.1:{door.port}/?resource={{uri}}"/></XRD>'
        return answer(template.encode(), type="application/xrd+xml")

    peer = await door.peer(answers)

    with pytest.raises(Refused):
        await fetch_actors.by_handle(door.database, door.site, f"@user@{peer.place}")

    assert door.trapped == 0


@pytest.mark.parametrize("order", [("127.0.0.1", "127.0.20.7"), ("127.0.20.7", "127.0.0.1")])
@pytest.mark.parametrize("case", ["ssrf.dns_mixed_answer"])
async def test_of_two_addresses_of_a_name_the_private_one_is_never_dialled(
    door: Door, case: str, order: Sequence[str]
) -> None:
    peer = await door.stack.enter_async_context(listening("127.0.20.7", document({"id": "a"}), port=door.port))
    door.names.known["mixed.test"] = order

    found = [(await door.site.out.get_document(peer.url(f"/{n}").replace(peer.host, "mixed.test"))) for n in range(5)]

    assert ([one.document for one in found], door.trapped) == ([{"id": "a"}] * 5, 0)


@pytest.mark.parametrize("case", ["ssrf.dns_mixed_answer"])
async def test_the_private_address_is_not_dialled_when_the_other_does_not_answer(door: Door, case: str) -> None:
    door.names.known["mixed.test"] = ["127.0.20.99", "127.0.0.1"]

    await door.search(f"http://mixed.test:{door.port}/note")

    assert door.trapped == 0


async def test_a_name_that_leads_elsewhere_the_second_time_is_checked_again(door: Door) -> None:
    """DNS rebinding: what was allowed when it was asked first is not what is connected to later."""
    peer = await door.stack.enter_async_context(
        listening("127.0.20.7", answer(b'{"id": "a"}', Connection="close"), port=door.port)
    )
    door.names.known["moving.test"] = ["127.0.20.7"]
    url = f"http://moving.test:{peer.port}/"
    await door.site.out.get_document(url)

    door.names.known["moving.test"] = ["127.0.0.1"]

    with pytest.raises(Forbidding):
        await door.site.out.get_document(url)
    assert (peer.connections, door.trapped) == (1, 0)


@pytest.mark.parametrize("case", ["ssrf.port_restriction"])
async def test_a_port_that_is_not_listed_is_refused(sqlite_database: Database, case: str) -> None:
    async with listening("127.0.20.1", document({"id": "a"})) as listed, listening("127.0.20.1") as other:
        settings = Settings(private_peers=[f"127.0.20.0/24:{listed.port}"])
        client = Client.of("http://node.example", "", settings, resolver=Names())

        await client.get_document(listed.url())
        with pytest.raises(Forbidding):
            await client.get_document(other.url())
        await client.close()

    assert (listed.connections, other.connections) == (1, 0)


def gina(peer: Peer, **more: Any) -> Document:
    """An actor at ``peer``."""
    uri = peer.url("/gina")
    return {
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
        "id": uri,
        "type": "Person",
        "preferredUsername": "gina",
        "inbox": f"{uri}/inbox",
        "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": rsa_pair(1)[0]},
        **more,
    }


async def home_of(door: Door, **more: Any) -> Peer:
    """A server where gina lives, and a note of hers."""
    peers: list[Peer] = []

    def answers(asked: Asked) -> bytes:
        [peer] = peers
        if asked.target == "/gina":
            return document(gina(peer, **more))
        if asked.target == "/note":
            return document(note(peer))
        return answer(status=404)

    peers.append(await door.peer(answers))
    return peers[0]


def note(peer: Peer, **more: Any) -> Document:
    """A note of gina's."""
    return {
        "id": peer.url("/note"),
        "type": "Note",
        "attributedTo": peer.url("/gina"),
        "content": "<p>Hello</p>",
        "to": "https://www.w3.org/ns/activitystreams#Public",
        "published": "2026-10-01T10:00:00Z",
        **more,
    }


@pytest.mark.parametrize("case", ["ssrf.control_keyid_fetched"])
async def test_a_key_of_an_allowed_server_is_fetched(door: Door, case: str) -> None:
    peer = await home_of(door)
    body = orjson.dumps({"type": "Follow", "actor": peer.url("/gina"), "object": "http://node.example/users/ann"})
    key_id, now = peer.url("/gina#main-key"), door.site.clock()
    headers = cavage.sign_request(
        "POST", "http://node.example/inbox", body, key_id=key_id, private_pem=rsa_pair(1)[1], now=now
    )
    request = SignedRequest("POST", "/inbox", by_name((name.lower(), value) for name, value in headers.items()), body)

    found = await receive.authenticate(door.database, door.site, request)

    assert (found.signer.uri, "/gina" in peer.targets) == (peer.url("/gina"), True)


@pytest.mark.parametrize("case", ["ssrf.control_redirect_followed"])
async def test_a_redirect_between_allowed_servers_is_followed(door: Door, case: str) -> None:
    peer = await home_of(door)
    other = await door.peer(moved(peer.url("/gina")), "127.0.20.2")

    found = await fetch_actors.by_uri(door.database, door.site, other.url("/someone"))

    assert found.uri == peer.url("/gina")


def inside(door: Door, path: str = "/x") -> str:
    return f"http://127.0.0.1:{door.port}{path}"


@pytest.mark.parametrize("case", ["ssrf.actor_icon", "ssrf.actor_collections"])
async def test_what_an_actor_names_on_our_own_network_is_not_fetched(door: Door, case: str) -> None:
    named = dict.fromkeys(("followers", "following", "outbox", "featured", "liked"), inside(door, "/collection"))
    icon = {"type": "Image", "url": inside(door, "/icon.png")}
    peer = await home_of(door, **named, icon=icon, image=icon, alsoKnownAs=[inside(door, "/alias")])

    await fetch_actors.by_uri(door.database, door.site, peer.url("/gina"))
    await asyncio.sleep(0.05)

    assert door.trapped == 0


@pytest.mark.parametrize(
    "case", ["ssrf.in_reply_to", "ssrf.mention_href", "ssrf.emoji_icon", "ssrf.jsonld_context", "ssrf.announce_object"]
)
async def test_what_an_activity_names_on_our_own_network_is_not_fetched(door: Door, case: str) -> None:
    peer = await home_of(door)
    actor = await fetch_actors.by_uri(door.database, door.site, peer.url("/gina"))
    icon = {"type": "Image", "url": inside(door, "/emoji.png")}
    given: dict[str, Any] = {
        "ssrf.in_reply_to": note(peer, inReplyTo=inside(door)),
        "ssrf.mention_href": note(peer, tag=[{"type": "Mention", "href": inside(door), "name": "@a@b"}]),
        "ssrf.emoji_icon": note(peer, tag=[{"type": "Emoji", "name": ":a:", "icon": icon}]),
        "ssrf.jsonld_context": note(peer, **{"@context": [inside(door)]}),
        "ssrf.announce_object": inside(door),
    }

    type = "Announce" if case == "ssrf.announce_object" else "Create"
    await door.tell(actor, {"id": peer.url("/activity"), "type": type, "actor": actor.uri, "object": given[case]})

    assert door.trapped == 0


@pytest.mark.parametrize("status", [404, 410, 403, 500])
@pytest.mark.parametrize("case", ["dos.keyid_fetch_amplification"])
async def test_thirty_deliveries_with_one_dead_key_are_one_fetch(door: Door, case: str, status: int) -> None:
    peer = await door.peer(answer(status=status))

    await asyncio.gather(*(door.deliver(peer.url(f"/gina#key-{number}")) for number in range(15)))
    for number in range(15):
        await door.deliver(peer.url(f"/gina#key-{number}"))

    assert len(peer.asked) == 1
