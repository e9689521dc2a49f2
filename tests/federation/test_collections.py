"""Collections between servers (FEP-7aa9): asked for, agreed to, proven, taken back; and what peers only say of them."""

from __future__ import annotations

from typing import Any

import pytest

from federation.fetching import actors as fetching
from federation.inbox.collected import WINDOW
from storage import blocks, collections
from storage.actors import Actor
from storage.collections import Collection, Item, State
from storage.database import Missing
from tests.federation.remote import AS, PUBLIC, Remote, RemoteActor, deliver, remote
from tests.federation.test_quotes import api, document
from tests.federation.test_two_nodes import follow, known_at
from tests.serving import ON_BOTH, Fediverse, Served

pytestmark = ON_BOTH

ANYBODY = {"canFeature": {"automaticApproval": [PUBLIC], "manualApproval": []}}
CONTEXT = [AS, {name: f"https://w3id.org/fep/7aa9#{name}" for name in ("FeaturedCollection", "FeaturedItem")}]


async def settled(fediverse: Fediverse) -> None:
    """Until everything is told, read and told again."""
    for _ in range(4):
        await fediverse.quiet()
        fediverse.clock.advance(seconds=WINDOW / 1000)
    await fediverse.quiet()


async def kept(node: Served, uri: str) -> tuple[Collection, list[Item]]:
    async with node.database.reading() as db:
        found = await collections.by_uri(db, uri)
        return found, await collections.every(db, found.id)


async def states(node: Served, uri: str) -> list[State]:
    return [one.state for one in (await kept(node, uri))[1]]


async def is_here(node: Served, uri: str) -> bool:
    async with node.database.reading() as db:
        try:
            await collections.by_uri(db, uri)
        except Missing:
            return False
    return True


@pytest.fixture
async def here(fediverse: Fediverse) -> Served:
    return await fediverse.node("here.test")


@pytest.fixture
async def alice(here: Served) -> Actor:
    return await here.account("alice")


async def made(node: Served, owner: Actor, *ids: int, **more: Any) -> Any:
    values = {"name": "Wards", "discoverable": True, "account_ids": [str(one) for one in ids], **more}
    return (await api(node, owner, "POST", "/api/v1/collections", **values))["collection"]


@pytest.fixture
def far(fediverse: Fediverse) -> Remote:
    return remote(fediverse, "far.test")


@pytest.fixture
def hank(far: Remote) -> RemoteActor:
    return far.actor("hank", key=2, interactionPolicy=ANYBODY)


def stamp(by: RemoteActor, collection: str, **more: Any) -> dict[str, Any]:
    """A FeatureAuthorization, as Mastodon writes it."""
    return {
        "@context": AS, "id": f"{by.uri}/stamps/1", "type": "FeatureAuthorization", "interactingObject": collection,
        "interactionTarget": by.uri, **more,
    }  # fmt: skip


def collection(owner: RemoteActor, *items: dict[str, Any], name: str = "7", **more: Any) -> dict[str, Any]:
    """A FeaturedCollection, as Mastodon writes it."""
    return {
        "@context": CONTEXT, "id": f"{owner.uri}/featured/{name}", "type": "FeaturedCollection", "name": "Beds",
        "summaryMap": {"en": "All of <b>them</b>"}, "attributedTo": owner.uri, "sensitive": False,
        "discoverable": True, "topic": {"type": "Hashtag", "name": "#Beds"}, "totalItems": len(items),
        "orderedItems": list(items), "published": "2026-10-26T06:00:00Z", "updated": "2026-10-26T06:00:00Z", **more,
    }  # fmt: skip


def item(owner: RemoteActor, actor_uri: str, authorization: str, name: str = "1", **more: Any) -> dict[str, Any]:
    return {
        "id": f"{owner.uri}/featured/7/items/{name}", "type": "FeaturedItem", "featuredObject": actor_uri,
        "featuredObjectType": "Person", "featureAuthorization": authorization, **more,
    }  # fmt: skip


async def known_at_far(node: Served, who: RemoteActor) -> Actor:
    """Somebody of another server as a node sees them."""
    return await fetching.by_uri(node.database, node.site, who.uri)


async def friends(node: Served, member: Actor, who: RemoteActor) -> None:
    """A member follows somebody of another server, who lets them."""
    await follow(node, member, await known_at_far(node, who))
    asked = {"type": "Follow", "actor": member.uri, "object": who.uri}
    await deliver(node, who, who.activity("Accept", asked, name="follow"))


async def test_two_nodes_ask_agree_tell_and_take_back(fediverse: Fediverse, here: Served, alice: Actor) -> None:
    there = await fediverse.node("there.test")
    bob, carol = await there.account("bob"), await there.account("carol")
    await follow(there, carol, await known_at(there, alice, here))
    target = await known_at(here, bob, there)
    pending = await made(here, alice, target.id, description="Who writes of wards", tag_name="wards")
    await settled(fediverse)

    uri = pending["uri"]
    mine, theirs = await kept(here, uri), await kept(there, uri)
    whole = await document(here, uri)
    authorization = await document(there, whole["orderedItems"][0]["featureAuthorization"])
    listed = await document(here, (await document(here, alice.uri))["featuredCollections"])
    notified = await api(there, bob, "GET", "/api/v1/notifications")

    assert [one["state"] for one in pending["items"]] == ["pending"]
    assert [one.state for one in (*mine[1], *theirs[1])] == [State.ACCEPTED, State.ACCEPTED]
    assert (theirs[0].name, theirs[0].description, theirs[0].tag) == ("Wards", "Who writes of wards", "wards")
    assert theirs[1][0].uri == whole["orderedItems"][0]["id"]
    assert (await document(here, theirs[1][0].uri))["featuredObject"] == bob.uri
    assert (authorization["interactingObject"], authorization["interactionTarget"]) == (uri, bob.uri)
    assert listed["orderedItems"] == [uri]
    assert [one["type"] for one in notified] == ["added_to_collection"]

    number = str(theirs[0].id)
    shown = await api(there, carol, "GET", f"/api/v1/collections/{number}")
    await api(here, alice, "PATCH", f"/api/v1/collections/{pending['id']}", name="Night wards")
    await settled(fediverse)
    changed = [one["type"] for one in await api(there, bob, "GET", "/api/v1/notifications")]
    renamed = (await kept(there, uri))[0].name
    await api(there, bob, "POST", f"/api/v1/collections/{number}/items/{theirs[1][0].id}/revoke")
    await settled(fediverse)

    assert [one["acct"] for one in shown["accounts"]] == ["alice@here.test", "bob"]
    assert shown["collection"]["local"] is False
    assert (renamed, changed) == ("Night wards", ["collection_update", "added_to_collection"])
    assert await states(here, uri) == [State.REVOKED]
    assert (await document(here, uri))["orderedItems"] == []
    assert await document(there, whole["orderedItems"][0]["featureAuthorization"]) == 404

    await api(here, alice, "DELETE", f"/api/v1/collections/{pending['id']}")
    await settled(fediverse)
    assert [await is_here(one, uri) for one in (here, there)] == [False, False]


async def test_one_of_ours_is_asked_and_answers_as_their_page_says(
    fediverse: Fediverse, here: Served, alice: Actor, far: Remote, hank: RemoteActor
) -> None:
    quiet, blocker = await here.account("quiet"), await here.account("blocker")
    await api(here, quiet, "PATCH", "/api/v1/accounts/update_credentials", discoverable=False)
    said = collection(hank)
    far.serve(said)
    answers = []
    for number, one in enumerate((alice, quiet, alice)):
        ask = hank.activity("FeatureRequest", one.uri, instrument=said["id"], name=str(number))
        answers.append(await deliver(here, hank, ask))
        await settled(fediverse)
    async with here.database.writing() as db:
        known = await known_at(here, alice, here)
        owner = (await kept(here, said["id"]))[0].owner_id
        await blocks.add(db, actor_id=blocker.id, target_id=owner)
        assert known.id == alice.id
    await deliver(here, hank, hank.activity("FeatureRequest", blocker.uri, instrument=said["id"], name="9"))
    await settled(fediverse)

    assert [one.status_code for one in answers] == [202, 202, 202]
    assert [one["type"] for one in far.got] == ["Accept", "Reject", "Accept", "Reject"]
    assert far.got[0]["result"] == far.got[2]["result"]
    assert (await document(here, far.got[0]["result"]))["interactingObject"] == said["id"]
    assert await states(here, said["id"]) == [State.ACCEPTED]
    assert [one["type"] for one in await api(here, alice, "GET", "/api/v1/notifications")] == ["added_to_collection"]


async def test_who_is_in_a_collection_elsewhere_is_proven_by_their_own_server(
    fediverse: Fediverse, here: Served, alice: Actor, far: Remote, hank: RemoteActor
) -> None:
    third = remote(fediverse, "third.test")
    good, bad, none, silent = (third.actor(name, key=n) for n, name in enumerate(("good", "bad", "none", "silent"), 3))
    uri = f"{hank.uri}/featured/7"
    third.serve(stamp(good, uri))
    third.serve(stamp(bad, f"{hank.uri}/featured/8"))
    items = [
        item(hank, good.uri, f"{good.uri}/stamps/1", "1"),
        item(hank, bad.uri, f"{bad.uri}/stamps/1", "2"),
        item(hank, none.uri, f"{hank.uri}/stamps/1", "3"),
        item(hank, silent.uri, f"{silent.uri}/stamps/1", "4"),
        item(hank, alice.uri, f"{alice.uri}/feature_authorizations/1", "5"),
        item(hank, hank.uri, f"{hank.uri}/stamps/1", "6", id="https://evil.test/items/6"),
    ]
    far.serve(stamp(none, uri, id=f"{hank.uri}/stamps/1"))
    far.serve(collection(hank, *items))
    await friends(here, alice, hank)
    await settled(fediverse)
    target = f"{hank.uri}/featured_collections"
    answer = await deliver(here, hank, hank.activity("Add", collection(hank, *items), target=target))
    await settled(fediverse)
    found, placed = await kept(here, uri)
    shown = await api(here, alice, "GET", f"/api/v1/collections/{found.id}")
    on_page = await api(here, alice, "GET", f"/api/v1/accounts/{found.owner_id}/collections")

    assert answer.status_code == 202
    assert [one.stamp for one in placed] == [f"{good.uri}/stamps/1"]
    assert [one["acct"] for one in shown["accounts"]] == ["hank@far.test", "good@third.test"]
    assert (found.description, found.language, found.tag) == ("All of them", "en", "Beds")
    assert [one["name"] for one in on_page["collections"]] == ["Beds"]

    taken = await deliver(here, good, good.activity("Delete", stamp(good, uri)))
    assert taken.status_code == 202
    assert await states(here, uri) == [State.REVOKED]


async def test_a_collection_elsewhere_changes_shrinks_and_goes_as_its_owner_says(
    fediverse: Fediverse, here: Served, alice: Actor, far: Remote, hank: RemoteActor
) -> None:
    eve = far.actor("eve", key=7)
    uri = f"{hank.uri}/featured/7"
    far.serve(stamp(eve, uri))
    place = item(hank, eve.uri, f"{eve.uri}/stamps/1")
    far.serve(collection(hank, place))
    await friends(here, alice, hank)
    await deliver(here, hank, hank.activity("Create", collection(hank, place)))
    await settled(fediverse)
    before = await states(here, uri)
    far.serve(collection(hank, place, name="7", summary="Other words"))
    await deliver(here, hank, hank.activity("Update", collection(hank, place)))
    await settled(fediverse)

    others = [
        await deliver(here, eve, eve.activity("Remove", place["id"], target=uri)),
        await deliver(here, eve, eve.activity("Delete", uri, name="2")),
        await deliver(here, eve, eve.activity("Update", collection(hank, place), name="3")),
    ]
    untouched = await states(here, uri)
    await deliver(here, hank, hank.activity("Remove", place["id"], target=uri))
    shrunk = await states(here, uri)
    await deliver(here, hank, hank.activity("Remove", uri, name="2", target=f"{hank.uri}/featured_collections"))

    assert before == untouched == [State.ACCEPTED]
    assert [one.status_code < 500 for one in others] == [True] * 3
    assert shrunk == []
    assert not await is_here(here, uri)


async def test_collections_of_whom_nobody_follows_are_not_read(
    fediverse: Fediverse, here: Served, far: Remote, hank: RemoteActor
) -> None:
    far.serve(collection(hank))
    answer = await deliver(here, hank, hank.activity("Add", collection(hank), target=f"{hank.uri}/fc"))
    await settled(fediverse)

    assert answer.status_code == 202
    assert not await is_here(here, f"{hank.uri}/featured/7")


async def test_an_account_elsewhere_answers_for_itself_alone(
    fediverse: Fediverse, here: Served, alice: Actor, far: Remote, hank: RemoteActor
) -> None:
    eve = far.actor("eve", key=7, interactionPolicy=ANYBODY)
    target = await known_at_far(here, hank)
    uri = (await made(here, alice, target.id))["uri"]
    await settled(fediverse)
    [asked] = far.got
    stamp_uri, places = f"{hank.uri}/1", f"{uri}/items"
    answers = [
        await deliver(here, eve, eve.activity("Accept", asked["id"], result=f"{eve.uri}/stamps/1")),
        await deliver(here, hank, hank.activity("Accept", asked["id"], result="https://evil.test/1")),
        await deliver(here, hank, hank.activity("Accept", f"{places}/999#request", name="2", result=stamp_uri)),
        await deliver(here, hank, hank.activity("Accept", f"{places}/x#request", name="3", result=stamp_uri)),
    ]
    before = await states(here, uri)
    await deliver(here, hank, hank.activity("Accept", asked["id"], name="4", result=f"{hank.uri}/stamps/1"))
    after = await states(here, uri)
    await deliver(here, hank, hank.activity("Reject", asked["id"], name="5"))

    assert (asked["type"], asked["object"], asked["instrument"]) == ("FeatureRequest", hank.uri, uri)
    assert [400 <= one.status_code < 500 for one in answers] == [True] * 4
    assert (before, after, await states(here, uri)) == ([State.PENDING], [State.ACCEPTED], [State.REVOKED])


@pytest.mark.parametrize("who", ["owner", "account"])
async def test_a_block_ends_what_two_servers_know_of_each_others_collections(
    fediverse: Fediverse, here: Served, alice: Actor, far: Remote, hank: RemoteActor, who: str
) -> None:
    target = await known_at_far(here, hank)
    uri, theirs = (await made(here, alice, target.id))["uri"], collection(hank)
    await settled(fediverse)
    await deliver(here, hank, hank.activity("Accept", far.got[0]["id"], result=f"{hank.uri}/stamps/1"))
    far.serve(theirs)
    await deliver(here, hank, hank.activity("FeatureRequest", alice.uri, instrument=theirs["id"]))
    await settled(fediverse)
    before, far.got[:] = [await states(here, one) for one in (uri, theirs["id"])], []

    if who == "owner":
        await api(here, alice, "POST", f"/api/v1/accounts/{target.id}/block")
    else:
        await deliver(here, hank, hank.activity("Block", alice.uri))
    await settled(fediverse)

    assert before == [[State.ACCEPTED], [State.ACCEPTED]]
    assert [await states(here, one) for one in (uri, theirs["id"])] == [[], []]
    said = {(one["type"], str(one.get("target"))) for one in far.got}
    assert {("Remove", uri), ("Delete", "None")} <= said


@pytest.mark.parametrize(
    "policy",
    [
        None,
        {"canFeature": {"automaticApproval": ["https://far.test/users/hank"]}},
        {"canFeature": {"automaticApproval": ["https://far.test/users/hank/followers"]}},
        {"canFeature": {"automaticApproval": ["https://far.test/lists/1"]}},
        {"canFeature": "anybody"},
    ],
    ids=["none", "nobody", "followers", "unknown", "no policy"],
)
async def test_who_never_agreed_to_be_recommended_is_not_even_asked(
    fediverse: Fediverse, here: Served, alice: Actor, far: Remote, policy: Any
) -> None:
    hank = far.actor("hank", key=2, **({} if policy is None else {"interactionPolicy": policy}))
    target = await known_at_far(here, hank)
    async with await here.as_member(alice) as app:
        answer = await app.post("/api/v1/collections", json={"name": "Wards", "account_ids": [str(target.id)]})
    await settled(fediverse)

    assert answer.status_code == 422
    assert far.got == []


SHAPES: list[Any] = [None, 7, "x", [], {}, {"id": 7}, [{"id": "https://far.test/1"}], "https://far.test/nothing"]


@pytest.mark.parametrize("type", ["FeatureRequest", "Add", "Remove", "Update", "Create", "Delete", "Accept", "Reject"])
async def test_nothing_that_a_peer_says_of_collections_is_an_error_of_ours(
    fediverse: Fediverse, here: Served, alice: Actor, far: Remote, hank: RemoteActor, type: str
) -> None:
    await friends(here, alice, hank)
    found = set()
    for n, shape in enumerate(SHAPES):
        whole = collection(hank, orderedItems=shape, topic=shape, summaryMap=shape, name=str(n), url=shape)
        far.serve(whole)
        wrong = {"id": f"{hank.uri}/featured/{n}", "type": "FeaturedCollection", "attributedTo": shape, "name": shape}
        for m, object in enumerate((shape, whole, wrong, {"type": "FeaturedItem", "id": shape}, alice.uri)):
            more = {"target": shape, "instrument": shape, "result": shape}
            said = hank.activity(type, object, name=f"{n}.{m}", **more)
            found.add((await deliver(here, hank, said)).status_code)
    await settled(fediverse)

    assert found <= {202, 400, 401, 403, 404, 410, 422}, found
