"""Notifications sent to devices by a push service on loopback, which a device of our own reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import LiteralString

import pytest

from federation.client import Client
from node.config import parse
from node.connecting import members as accounts
from node.surfacing import pushing
from storage import node_keys
from storage.database import Database
from tests.clients.device import ALL, Device
from tests.clients.person import Json, Person, person
from tests.federation.loopback import Asked, Peer, answer, listening
from tests.serving import ON_BOTH, Fediverse, Served

PATH = "/api/v1/push/subscription"
SENTENCE = "Not for everybody: open the app to read it."
HOST = "127.0.51.1"
Answering = bytes | AsyncGenerator[bytes]


@dataclass
class Service:
    """A push service that answers as it is told."""

    peer: Peer
    fediverse: Fediverse
    said: list[Answering] = field(default_factory=list)  # answers; then 201

    async def sent(self) -> list[Asked]:
        """What was sent to it since it was asked last."""
        await self.fediverse.quiet()
        found = list(self.peer.asked)
        self.peer.asked.clear()
        return found

    async def read(self, device: Device) -> list[Json]:
        """What the device read of it."""
        return [device.open(one.headers, one.body).read for one in await self.sent()]


@pytest.fixture
async def service(fediverse: Fediverse) -> AsyncGenerator[Service]:
    said: list[Answering] = []
    async with listening(HOST, lambda _: said.pop(0) if said else answer(status=201)) as peer:
        yield Service(peer, fediverse, said)


@pytest.fixture
async def served(fediverse: Fediverse, service: Service) -> AsyncGenerator[Served]:
    """A node that sends over sockets, to the push service and to no other private address."""
    federation = {"insecure_http": True, "private_peers": [service.peer.place]}
    config = parse({"domain": "here.example", "federation": federation})
    client = Client.of(config.base_url, "", config.federation)
    yield await fediverse.node("here.example", client=client, federation=federation)
    await client.close()


@pytest.fixture
def device() -> Device:
    return Device()


@ON_BOTH
@pytest.mark.parametrize("standard", [True, False], ids=["aes128gcm", "aesgcm"])
async def test_a_mention_reaches_the_device_and_nobody_else_can_read_it(
    served: Served, service: Service, device: Device, alice: Person, bob: Person, standard: bool
) -> None:
    made = await device.subscribe(alice, service.peer.url("/send/1?x=y"), standard=standard)
    await bob.say("@alice look at   ward 7")
    [told] = await alice.get("/api/v1/notifications")

    [asked] = await service.sent()
    message = device.open(asked.headers, asked.body)

    assert message.read == {
        "access_token": alice.web.headers["authorization"].removeprefix("Bearer "),
        "preferred_locale": "en",
        "notification_id": int(told["id"]),
        "notification_type": "mention",
        "icon": "https://here.example/static/avatar.png",
        "title": "@bob wrote to you",
        "body": "@alice look at ward 7",
    }
    assert (asked.method, asked.target) == ("POST", "/send/1?x=y")
    assert message.encoding == ("aes128gcm" if standard else "aesgcm")
    assert (asked.headers["ttl"], asked.headers["urgency"], len(asked.headers["topic"])) == ("172800", "normal", 32)
    assert message.server_key == made["server_key"] == served.node.vapid.public
    assert message.claims["aud"] == f"http://{service.peer.place}"
    assert message.claims["sub"] == "mailto:safety@mail.example"
    assert 0 < message.claims["exp"] - served.fediverse.clock.now // 1000 <= 24 * 60 * 60


@ON_BOTH
async def test_a_subscription_is_a_tokens_own(
    served: Served, service: Service, device: Device, alice: Person, bob: Person
) -> None:
    first = await device.subscribe(alice, service.peer.url("/1"), alerts={"mention": True})
    assert alice.actor is not None
    async with served.client(await served.token(alice.actor, "push")) as web:
        other = Person(alice.actor, web, served)
        before = await other.status_of("GET", PATH)
        second = await device.subscribe(other, service.peer.url("/2"), policy="follower")
        assert await other.get(PATH) == second
        assert await other.delete(PATH) == {} == await other.delete(PATH)
        assert await other.status_of("GET", PATH) == await other.status_of("PUT", PATH, json={}) == 404

    assert (before, await bob.status_of("GET", PATH)) == (404, 404)
    assert await alice.get(PATH) == first
    alerts = {
        **dict.fromkeys([*ALL, "poll", "quote", "quoted_update", "admin.sign_up", "admin.report"], False),
        "mention": True,
    }
    assert first == {
        "id": first["id"], "endpoint": service.peer.url("/1"), "standard": True, "alerts": alerts, "policy": "all",
        "server_key": served.node.vapid.public,
    }  # fmt: skip
    assert (second["policy"], second["alerts"]["follow"], second["alerts"]["poll"]) == ("follower", True, False)


async def test_what_is_sent_can_be_changed_and_a_new_subscription_takes_the_place(
    service: Service, device: Device, alice: Person, bob: Person
) -> None:
    first = await device.subscribe(alice, service.peer.url("/1"))
    form = {"data[alerts][mention]": "false", "data[alerts][favourite]": "true", "data[policy]": "followed"}
    changed = (await alice.web.put(PATH, data=form)).json()
    policy = (await alice.web.put(PATH, json={"policy": "all"})).json()
    said = await alice.say("Hello")
    await bob.say("@alice hello")
    await bob.post(f"/api/v1/statuses/{said['id']}/favourite")
    [read] = await service.read(device)
    await device.subscribe(alice, service.peer.url("/2"), standard=False)
    await bob.say("@alice again")

    alerts = {**dict.fromkeys(first["alerts"], False), "favourite": True}
    assert changed == {**first, "alerts": alerts, "policy": "followed"}
    assert policy == {**changed, "policy": "all"}
    assert (read["notification_type"], read["title"], read["body"]) == (
        "favourite", "@bob thanked you for your post", "Hello",
    )  # fmt: skip
    assert [one.target for one in await service.sent()] == ["/2"]


@ON_BOTH
async def test_each_reason_is_sent_once_and_only_if_asked_for(
    service: Service, device: Device, alice: Person, bob: Person
) -> None:
    await device.subscribe(alice, service.peer.url())
    await alice.post(f"/api/v1/accounts/{bob.id}/follow", notify=True)
    said = await alice.say("Hello")
    theirs = await bob.say("To all")
    await alice.post(f"/api/v1/statuses/{theirs['id']}/reblog")
    await bob.post(f"/api/v1/statuses/{said['id']}/favourite")
    await bob.post(f"/api/v1/statuses/{said['id']}/reblog")
    await bob.edit(theirs["id"], status="To all of you")
    await bob.edit(theirs["id"], status="To everybody")
    await bob.post(f"/api/v1/accounts/{alice.id}/follow")
    await alice.web.patch("/api/v1/accounts/update_credentials", json={"locked": True})
    async with person(alice.served, "carol") as carol:
        await carol.post(f"/api/v1/accounts/{alice.id}/follow")
        read = await service.read(device)
        await alice.web.put(PATH, json={"data": {"alerts": {}}})
        await carol.say("@alice hello")
        silent = await service.sent()

    assert sorted(one["notification_type"] for one in read) == sorted(set(ALL) - {"mention"})
    titles = {one["notification_type"]: (one["title"], one["body"]) for one in read}
    assert titles["follow"] == ("@bob follows you now", "@bob")
    assert titles["follow_request"] == ("@carol asks to follow you", "@carol")
    assert titles["reblog"] == ("@bob passed your post on", "Hello")
    assert titles["status"][0] == "@bob shared something"  # with the words it has when the message goes
    assert titles["update"][0] == "@bob changed what you passed on"
    assert silent == []


@ON_BOTH
async def test_the_end_of_a_poll_is_sent_to_who_voted(
    served: Served, service: Service, device: Device, alice: Person, bob: Person
) -> None:
    await device.subscribe(alice, service.peer.url(), alerts={"poll": True})
    asked = await bob.say("What helps?", poll={"options": ["Torch", "Mirror"], "expires_in": 3600})
    await alice.post(f"/api/v1/polls/{asked['poll']['id']}/votes", choices=[1])
    before = await service.sent()
    served.fediverse.clock.advance(seconds=3601)
    [read] = await service.read(device)

    assert before == []
    assert (read["notification_type"], read["title"], read["body"]) == (
        "poll", "A poll by @bob is over", "What helps? Torch Mirror",
    )  # fmt: skip


@ON_BOTH
async def test_a_quote_is_sent_to_who_is_quoted_and_a_change_to_who_quotes(
    service: Service, device: Device, alice: Person, bob: Person
) -> None:
    await device.subscribe(alice, service.peer.url(), alerts={"quote": True, "quoted_update": True})
    said, theirs = await alice.say("Hello"), await bob.say("To all")
    await bob.say("Read this", quoted_status_id=said["id"])
    await alice.say("And this", quoted_status_id=theirs["id"])
    await bob.edit(theirs["id"], status="To everybody")

    read = {one["notification_type"]: (one["title"], one["body"]) for one in await service.read(device)}

    assert read == {
        "quote": ("@bob quoted your post", "Read this"),
        "quoted_update": ("@bob changed what you quoted", "And this"),
    }


@ON_BOTH
@pytest.mark.parametrize(
    ("policy", "heard"),
    [("all", ["bob", "carol", "dora"]), ("followed", ["bob"]), ("follower", ["carol"]), ("none", [])],
)
async def test_the_policy_says_of_whom(
    served: Served, service: Service, device: Device, alice: Person, bob: Person, policy: str, heard: list[str]
) -> None:
    async with person(served, "carol") as carol, person(served, "dora") as dora:
        await alice.post(f"/api/v1/accounts/{bob.id}/follow")
        await carol.post(f"/api/v1/accounts/{alice.id}/follow")
        await device.subscribe(alice, service.peer.url(), policy=policy, alerts={"mention": True})
        for one in (bob, carol, dora):
            await one.say("@alice hello")
        read = await service.read(device)

    assert sorted(one["title"].removeprefix("@").partition(" ")[0] for one in read) == heard


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_what_is_not_for_everybody_never_stands_on_a_locked_screen(
    service: Service, device: Device, alice: Person, bob: Person, visibility: str
) -> None:
    await alice.post(f"/api/v1/accounts/{bob.id}/follow")
    await device.subscribe(alice, service.peer.url())
    await bob.say("@alice the xylophone is out of tune", spoiler_text="about music", visibility=visibility)

    [read] = await service.read(device)

    assert (read["notification_type"], read["body"]) == ("mention", SENTENCE)
    assert "xylophone" not in str(read) and "music" not in str(read)


async def test_a_warning_stands_before_what_it_warns_of_and_long_texts_are_cut(
    service: Service, device: Device, alice: Person, bob: Person
) -> None:
    await device.subscribe(alice, service.peer.url())
    await bob.say("@alice a text", spoiler_text="a warning")
    await bob.say("@alice " + "🩺\n" * 1_000)

    first, second = await service.read(device)

    assert first["body"] == "a warning"
    assert (len(second["body"]), second["body"][-1]) == (140, "…")


# What keeps a notification from being sent that waits already: a request, or a statement. Alice is told of Bob's.
REQUESTS = {
    "muted": ("alice", "POST", "/api/v1/accounts/{bob}/mute", {}),
    "blocked": ("alice", "POST", "/api/v1/accounts/{bob}/block", {}),
    "blocks": ("bob", "POST", "/api/v1/accounts/{alice}/block", {}),
    "filtered": ("alice", "POST", "/api/v2/filters",
                 {"title": "x", "context": ["notifications"], "keywords_attributes": [{"keyword": "look"}]}),
    "unsubscribed": ("alice", "DELETE", PATH, {}),
    "dismissed": ("alice", "POST", "/api/v1/notifications/clear", {}),
    "not wanted": ("alice", "PUT", PATH, {"data": {"policy": "none"}}),
    "deleted": ("bob", "DELETE", "/api/v1/statuses/{post}", {}),
}  # fmt: skip
STATEMENTS: dict[str, LiteralString] = {
    "revoked": "DELETE FROM tokens WHERE member_id = :alice",
    "disabled": "UPDATE members SET disabled = 1 WHERE actor_id = :alice",
    "suspended": "UPDATE actors SET suspended = 1 WHERE id = :alice",
    "theirs suspended": "UPDATE actors SET suspended = 1 WHERE id = :bob",
}


@ON_BOTH
@pytest.mark.parametrize("how", [*REQUESTS, *STATEMENTS])
async def test_what_the_member_would_not_be_told_now_is_not_sent(
    service: Service, device: Device, alice: Person, bob: Person, how: str
) -> None:
    await device.subscribe(alice, service.peer.url())
    service.said.append(answer(status=503))
    said = await bob.say("@alice look")
    assert len(await service.sent()) == 1  # it waits to be tried again
    if how in REQUESTS:
        who, method, path, body = REQUESTS[how]
        app = alice if who == "alice" else bob
        path = path.format(alice=alice.id, bob=bob.id, post=said["id"])
        assert await app.status_of(method, path, json=body) == 200
    else:
        sql, names = STATEMENTS[how], {"alice": int(alice.id), "bob": int(bob.id)}
        async with alice.served.database.writing() as db:
            await db.run(sql, **{name: id for name, id in names.items() if f":{name}" in sql})
    service.fediverse.clock.advance(seconds=60)

    assert await service.sent() == []
    assert await jobs_left(service) == 0


async def jobs_left(service: Service) -> int:
    async with service.fediverse.nodes[0].database.reading() as db:
        row = await db.row("SELECT COUNT(*) AS n FROM jobs WHERE kind = 'push'")
    assert row is not None
    return int(row["n"])


@ON_BOTH
async def test_what_waits_for_a_member_who_leaves_goes_with_them(
    served: Served, service: Service, device: Device, alice: Person, bob: Person
) -> None:
    await device.subscribe(alice, service.peer.url("/1"))
    await device.subscribe(bob, service.peer.url("/2"))
    service.said += [answer(status=503)] * 2
    await bob.say("@alice look")
    await alice.say("@bob look")
    await service.sent()
    before = await jobs_left(service)
    assert alice.actor is not None
    async with served.database.writing() as db:
        await accounts.delete(db, served.node, alice.actor)

    async with served.database.reading() as db:
        left = await db.rows("SELECT member_id FROM push_subscriptions")
        waiting = await db.rows("SELECT payload FROM jobs WHERE kind = 'push'")
    assert [row["member_id"] for row in left] == [int(bob.id)]
    assert (before, len(waiting)) == (2, 1)


@ON_BOTH
async def test_a_filter_for_other_places_keeps_nothing_back(
    service: Service, device: Device, alice: Person, bob: Person
) -> None:
    await alice.post("/api/v2/filters", title="x", context=["home"], keywords_attributes=[{"keyword": "look"}])
    await device.subscribe(alice, service.peer.url())
    await bob.say("@alice look")

    assert len(await service.sent()) == 1


@ON_BOTH
@pytest.mark.parametrize("status", [404, 410])
async def test_an_endpoint_that_is_gone_is_forgotten(
    service: Service, device: Device, alice: Person, bob: Person, status: int
) -> None:
    await device.subscribe(alice, service.peer.url())
    service.said.append(answer(status=status))
    await bob.say("@alice one")
    assert len(await service.sent()) == 1
    await bob.say("@alice two")

    assert await service.sent() == []
    assert await alice.status_of("GET", PATH) == 404


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_push_service_that_is_busy_is_asked_again_in_growing_pauses(
    service: Service, device: Device, alice: Person, bob: Person, status: int
) -> None:
    await device.subscribe(alice, service.peer.url())
    service.said += [answer(status=status)] * 3
    await bob.say("@alice one")
    tries: list[int] = []
    for seconds in (0, 4, 4, 14, 30):
        service.fediverse.clock.advance(seconds=seconds)
        tries.append(len(await service.sent()))

    assert tries == [1, 0, 1, 1, 1]
    assert await jobs_left(service) == 0


async def test_a_push_service_may_ask_for_a_longer_pause_and_all_that_waits_for_it_waits(
    service: Service, device: Device, alice: Person, bob: Person
) -> None:
    await device.subscribe(alice, service.peer.url())
    service.said += [answer(status=429, Retry_After="300"), answer(status=503)]
    for number in range(3):
        await bob.say(f"@alice {number}")
    tries = [len(await service.sent())]
    for seconds in (120, 240, 600):
        service.fediverse.clock.advance(seconds=seconds)
        tries.append(len(await service.sent()))

    assert sum(tries) == 3 + 2
    assert tries[0] <= 2 and tries[1] <= 1
    assert await jobs_left(service) == 0


@pytest.mark.parametrize("status", [301, 400, 403, 413])
async def test_a_push_service_that_refuses_is_not_asked_again(
    service: Service, device: Device, alice: Person, bob: Person, status: int
) -> None:
    await device.subscribe(alice, service.peer.url())
    service.said.append(answer(status=status, Location=service.peer.url("/elsewhere")))
    await bob.say("@alice one")

    assert len(await service.sent()) == 1
    assert (await jobs_left(service), await alice.status_of("GET", PATH)) == (0, 200)


async def test_a_redirect_to_another_place_is_not_followed_nor_a_private_address_reached(
    service: Service, device: Device, alice: Person, bob: Person, served: Served
) -> None:
    async with listening("127.0.51.2") as other:
        refused = await alice.status_of(
            "POST", PATH, json={"subscription": {"endpoint": other.url(), "keys": device.keys}}
        )
        # What was kept before the settings changed, or what a name leads to now, is judged when it is sent.
        await device.subscribe(alice, service.peer.url())
        async with served.database.writing() as db:
            await db.run("UPDATE push_subscriptions SET endpoint = :url", url=other.url())
        await bob.say("@alice hello")
        await service.fediverse.quiet()

        assert (refused, other.connections, await jobs_left(service)) == (422, 0, 0)


async def test_a_name_that_leads_to_a_private_address_is_not_reached(
    fediverse: Fediverse, service: Service, device: Device
) -> None:
    async def looked_up(host: str) -> list[str]:
        return ["127.0.51.3"]

    federation = {"insecure_http": True, "private_peers": [service.peer.place]}
    config = parse({"domain": "there.example", "federation": federation})
    client = Client.of(config.base_url, "", config.federation, resolver=looked_up)
    served = await fediverse.node("there.example", client=client, federation=federation)
    async with listening("127.0.51.3") as other, person(served, "dora") as dora, person(served, "eve") as eve:
        await device.subscribe(dora, f"http://push.example:{other.port}/1")
        await eve.say("@dora look")
        await fediverse.quiet()

        async with served.database.reading() as db:
            left = await db.rows("SELECT id FROM jobs WHERE kind = 'push'")
        assert (other.connections, len(left)) == (0, 0)
    await client.close()


@pytest.mark.parametrize(
    "endpoint",
    ["", "x", "ftp://push.example/1", "http://127.0.0.1/1", "http://[::1]/1", "http://localhost@127.0.51.1/",
     "https://10.0.0.1/", "https://push.example:22/" + "x" * 3_000, "javascript:alert(1)", "https://169.254.169.254/"],
)  # fmt: skip
async def test_an_endpoint_that_is_no_public_address_is_refused(alice: Person, device: Device, endpoint: str) -> None:
    asked = {"subscription": {"endpoint": endpoint, "keys": device.keys}}

    assert await alice.status_of("POST", PATH, json=asked) == 422
    assert await alice.status_of("GET", PATH) == 404


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"subscription": "x"}, {"subscription": []}, {"subscription": {"keys": "x"}}, {"keys": {}},
        {"keys": {"p256dh": "", "auth": ""}}, {"keys": {"p256dh": "AAAA", "auth": "AAAAAAAAAAAAAAAAAAAAAA"}},
        {"keys": {"p256dh": "BA" + "A" * 85, "auth": "AAAAAAAAAAAAAAAAAAAAAA"}}, {"auth": "AAAA"},
        {"auth": "é\x00"}, {"auth": 7}, {"data": "x"}, {"data": {"alerts": 7}}, {"data": {"policy": "some"}},
        {"data": {"alerts": {"mention": "perhaps"}}}, {"data": {"policy": ["all"]}},
    ],
    ids=str,
)  # fmt: skip
async def test_what_is_no_subscription_is_refused(alice: Person, device: Device, sent: Json) -> None:
    keys = {**device.keys, **({"auth": sent["auth"]} if "auth" in sent else {}), **sent.get("keys", {})}
    good = {"endpoint": "https://push.example/1", "keys": keys if sent.get("keys") != {} else {}}
    body = {"subscription": sent.get("subscription", good), "data": sent.get("data", {})} if sent else {}

    answer = await alice.web.post(PATH, json=body)

    assert (answer.status_code, bool(answer.json()["error"])) == (422, True)


async def test_one_that_asks_twenty_times_at_once_has_one(alice: Person, service: Service, device: Device) -> None:
    await asyncio.gather(*(device.subscribe(alice, service.peer.url(f"/{n}")) for n in range(20)))

    async with service.fediverse.nodes[0].database.reading() as db:
        rows = await db.rows("SELECT endpoint FROM push_subscriptions")
    assert [row["endpoint"] for row in rows] == [(await alice.get(PATH))["endpoint"]]


async def test_twenty_that_start_at_once_make_one_key(database: Database) -> None:
    made = await asyncio.gather(*(pushing.ensure_key(database, "https://here.example") for _ in range(20)))

    async with database.reading() as db:
        kept = await node_keys.by_name(db, node_keys.VAPID)
    assert {one.private for one in made} == {kept}


async def test_apps_are_told_the_nodes_key(served: Served, nobody: Person) -> None:
    made = await nobody.post("/api/v1/apps", client_name="Ward app", redirect_uris="urn:ietf:wg:oauth:2.0:oob")
    instance = await nobody.get("/api/v2/instance")

    assert made["vapid_key"] == instance["configuration"]["vapid"]["public_key"] == served.node.vapid.public
    assert len(made["vapid_key"]) == 87


async def test_a_slow_push_service_holds_up_nothing_else(
    served: Served, service: Service, device: Device, alice: Person, bob: Person
) -> None:
    going_on = asyncio.Event()

    async def slowly() -> AsyncGenerator[bytes]:
        await going_on.wait()
        yield answer(status=201)

    service.said.append(slowly())
    await device.subscribe(alice, service.peer.url())
    for number in range(80):
        await bob.say(f"@alice {number}")
    await asyncio.wait_for(service.peer.reached.wait(), 10)
    async with served.database.writing() as db:
        await db.run("INSERT INTO jobs (kind, shard, due) VALUES ('scrub', 0, 0)")
    try:
        async with asyncio.timeout(5):
            while await kinds_left(served) != {"push"}:  # noqa: ASYNC110 - workers do not tell
                await asyncio.sleep(0.02)
    finally:
        going_on.set()

    assert len(await service.sent()) == 80


async def kinds_left(served: Served) -> set[str]:
    async with served.database.reading() as db:
        return {row["kind"] for row in await db.rows("SELECT DISTINCT kind FROM jobs")}
