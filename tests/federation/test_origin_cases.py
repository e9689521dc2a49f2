from __future__ import annotations

from typing import Any

import orjson
import pytest

from federation.errors import FederationError
from federation.fetching import actors as fetch_actors
from federation.fetching import posts as fetch_posts
from node.connecting import follows as connecting
from node.learning import search
from storage import actors, follows, posts, reactions
from storage.actors import Actor
from storage.database import Missing
from storage.paging import Page
from storage.posts import Post
from tests.federation.remote import AS2, Remote, RemoteActor, deliver, remote
from tests.serving import Fediverse, Served


@pytest.fixture
def evil(fediverse: Fediverse) -> Remote:
    return remote(fediverse, "evil.test")


@pytest.fixture
def mallory(evil: Remote) -> RemoteActor:
    return evil.actor("mallory", key=2)


async def kept(node: Served, uri: str) -> Post | None:
    async with node.database.reading() as db:
        try:
            return await posts.by_uri(db, uri)
        except Missing:
            return None


async def kept_actor(node: Served, uri: str) -> Actor | None:
    async with node.database.reading() as db:
        try:
            return await actors.by_uri(db, uri)
        except Missing:
            return None


async def fetched(node: Served, url: str) -> Post | None:
    try:
        return (await fetch_posts.by_uri(node.database, node.site, url))[0]
    except FederationError:
        return None


async def test_control_fetch_note(node: Served, good: Remote, gina: RemoteActor) -> None:
    note = gina.note("1")
    good.serve(note)

    found = await search.resolve(node.node, note["id"])

    assert isinstance(found, Post)
    assert found.uri == note["id"]


async def test_fetch_id_on_other_host(node: Served, evil: Remote, gina: RemoteActor) -> None:
    note = gina.note("1", "Not hers.")
    evil.serve(note, at="/notes/1")

    assert await fetched(node, "https://evil.test/notes/1") is None
    assert await kept(node, note["id"]) is None


async def test_fetch_actor_id_on_other_host(node: Served, evil: Remote, gina: RemoteActor) -> None:
    await fetch_actors.by_uri(node.database, node.site, gina.uri)
    evil.serve({**gina.document, "name": "Not Gina"}, at="/users/gina")

    with pytest.raises(FederationError):
        await fetch_actors.by_uri(node.database, node.site, "https://evil.test/users/gina")

    known = await kept_actor(node, gina.uri)
    assert known is not None
    assert known.name == "Gina"


NOT_DOCUMENTS = {
    "content_type_html": "text/html",
    "content_type_octet_stream": "application/octet-stream",
    "content_type_plain": "text/plain",
}


@pytest.mark.parametrize("kind", NOT_DOCUMENTS.values(), ids=NOT_DOCUMENTS)
async def test_what_is_not_served_as_a_document_is_none(
    node: Served, good: Remote, gina: RemoteActor, kind: str
) -> None:
    note = gina.note("1")
    good.serve(note, kind=kind)

    assert await fetched(node, note["id"]) is None


async def test_content_type_actor_json(node: Served, good: Remote, gina: RemoteActor) -> None:
    good.serve(gina.document, kind="application/json")

    with pytest.raises(FederationError):
        await fetch_actors.by_uri(node.database, node.site, gina.uri)


async def refused_create(node: Served, by: RemoteActor, note: dict[str, Any]) -> None:
    response = await deliver(node, by, by.activity("Create", note))
    await node.fediverse.quiet()

    assert 400 <= response.status_code < 500
    assert await kept(node, note["id"]) is None


async def test_create_foreign_object_id(node: Served, gina: RemoteActor, mallory: RemoteActor) -> None:
    await refused_create(node, mallory, {**mallory.note("1"), "id": gina.note("1")["id"]})


async def test_create_attributed_to_gina(node: Served, gina: RemoteActor, mallory: RemoteActor) -> None:
    await refused_create(node, mallory, {**mallory.note("1"), "attributedTo": gina.uri})


async def test_create_attributed_to_neighbour(node: Served, evil: Remote, mallory: RemoteActor) -> None:
    victor = evil.actor("victor", key=3)

    await refused_create(node, mallory, {**mallory.note("1"), "attributedTo": victor.uri})


async def test_create_local_id(node: Served, mallory: RemoteActor) -> None:
    await refused_create(node, mallory, {**mallory.note("1"), "id": f"{node.site.base_url}/@alice/1"})


async def test_actor_array(node: Served, gina: RemoteActor, mallory: RemoteActor) -> None:
    note = {**mallory.note("1"), "attributedTo": [mallory.uri, gina.uri]}

    response = await deliver(node, mallory, {**mallory.activity("Create", note), "actor": [mallory.uri, gina.uri]})

    assert 400 <= response.status_code < 500
    assert await kept(node, note["id"]) is None


async def test_actor_embedded(node: Served, gina: RemoteActor, mallory: RemoteActor) -> None:
    embedded = {**gina.document, "publicKey": {**gina.document["publicKey"], "publicKeyPem": mallory.public}}
    note = gina.note("1")

    response = await deliver(node, mallory, {**mallory.activity("Create", note), "actor": embedded})

    assert 400 <= response.status_code < 500
    assert await kept(node, note["id"]) is None


async def created(node: Served, by: RemoteActor, name: str = "1", content: str = "As she wrote it.") -> str:
    note = by.note(name, content)
    response = await deliver(node, by, by.create(note))
    assert response.status_code == 202, response.text
    return str(note["id"])


async def test_control_update_own(node: Served, gina: RemoteActor) -> None:
    uri = await created(node, gina)

    await deliver(node, gina, gina.activity("Update", gina.note("1", "Better words.")))

    post = await kept(node, uri)
    assert post is not None
    assert post.text == "Better words."


@pytest.mark.parametrize("neighbour", [False, True], ids=["update_of_other_by_mallory", "update_of_other_by_greg"])
async def test_update_of_anothers_note_is_refused(
    node: Served, good: Remote, gina: RemoteActor, mallory: RemoteActor, neighbour: bool
) -> None:
    uri = await created(node, gina)
    by = good.actor("greg", key=4) if neighbour else mallory

    for note in (gina.note("1", "False."), {**gina.note("1", "False."), "attributedTo": by.uri}):
        response = await deliver(node, by, by.activity("Update", note, name=str(note["attributedTo"])))
        assert 400 <= response.status_code < 500

    post = await kept(node, uri)
    assert post is not None
    assert post.text == "As she wrote it."


async def test_update_actor_of_other(node: Served, good: Remote, gina: RemoteActor, mallory: RemoteActor) -> None:
    await created(node, gina)
    greg = good.actor("greg", key=4)

    for by in (mallory, greg):
        response = await deliver(node, by, by.activity("Update", {**gina.document, "name": "Not Gina"}))
        assert 400 <= response.status_code < 500

    known = await kept_actor(node, gina.uri)
    assert known is not None
    assert known.name == "Gina"


async def test_delete_of_other_by_mallory(node: Served, good: Remote, gina: RemoteActor, mallory: RemoteActor) -> None:
    uri = await created(node, gina)

    for by in (mallory, good.actor("greg", key=4)):
        await deliver(node, by, by.activity("Delete", uri))
        await deliver(node, by, by.activity("Delete", {"id": uri, "type": "Tombstone"}, name="2"))

    assert await kept(node, uri) is not None


async def test_delete_of_what_is_not_here_does_not_keep_anothers_note_out(
    node: Served, good: Remote, gina: RemoteActor, mallory: RemoteActor
) -> None:
    await deliver(node, mallory, mallory.activity("Delete", gina.note("1")["id"]))

    assert await kept(node, await created(node, gina)) is not None


async def test_control_follow_undo(node: Served, alice: Actor, gina: RemoteActor) -> None:
    follow = gina.activity("Follow", alice.uri)
    await deliver(node, gina, follow)
    async with node.database.reading() as db:
        followed = (await actors.by_id(db, alice.id)).followers_count

    await deliver(node, gina, gina.activity("Undo", follow))

    async with node.database.reading() as db:
        assert (followed, (await actors.by_id(db, alice.id)).followers_count) == (1, 0)


async def test_undo_follow_of_other(node: Served, alice: Actor, gina: RemoteActor, mallory: RemoteActor) -> None:
    follow = gina.activity("Follow", alice.uri)
    await deliver(node, gina, follow)

    await deliver(node, mallory, mallory.activity("Undo", follow))
    await deliver(node, mallory, mallory.activity("Undo", follow["id"], name="2"))

    async with node.database.reading() as db:
        assert (await actors.by_id(db, alice.id)).followers_count == 1


async def test_undo_like_of_other(node: Served, gina: RemoteActor, mallory: RemoteActor) -> None:
    uri = await created(node, gina)
    like = gina.activity("Like", uri)
    await deliver(node, gina, like)

    await deliver(node, mallory, mallory.activity("Undo", like))
    await deliver(node, mallory, mallory.activity("Undo", {**like, "actor": mallory.uri}, name="2"))
    await deliver(node, mallory, mallory.activity("Undo", like["id"], name="3"))

    post = await kept(node, uri)
    assert post is not None
    assert post.likes_count == 1


async def asked(node: Served, alice: Actor, target: RemoteActor) -> tuple[Actor, str]:
    """Alice's request to follow somebody elsewhere, and its id."""
    there = await fetch_actors.by_uri(node.database, node.site, target.uri)
    async with node.database.writing() as db:
        await connecting.follow(db, node.node, alice, there)
        found = await follows.between(db, follower_id=alice.id, target_id=there.id)
    assert found is not None
    return there, found.uri


async def accepted(node: Served, alice: Actor, there: Actor) -> bool:
    async with node.database.reading() as db:
        found = await follows.between(db, follower_id=alice.id, target_id=there.id)
    return found is not None and found.accepted is not None


async def test_accept_of_the_target_counts(node: Served, alice: Actor, gina: RemoteActor) -> None:
    there, uri = await asked(node, alice, gina)

    await deliver(node, gina, gina.activity("Accept", uri))

    assert await accepted(node, alice, there)


async def test_accept_forged(node: Served, alice: Actor, good: Remote, gina: RemoteActor, mallory: RemoteActor) -> None:
    there, uri = await asked(node, alice, gina)
    whole = {"id": uri, "type": "Follow", "actor": alice.uri, "object": gina.uri}

    for by in (mallory, good.actor("greg", key=4)):
        await deliver(node, by, by.activity("Accept", uri))
        await deliver(node, by, by.activity("Accept", whole, name="2"))

    assert not await accepted(node, alice, there)


async def test_accept_pending_stays(node: Served, alice: Actor, gina: RemoteActor) -> None:
    there, _ = await asked(node, alice, gina)
    await node.fediverse.quiet()

    assert not await accepted(node, alice, there)


async def test_accept_unsolicited(node: Served, alice: Actor, gina: RemoteActor) -> None:
    follow = {"id": f"{alice.uri}#follows/1/1", "type": "Follow", "actor": alice.uri, "object": gina.uri}

    await deliver(node, gina, gina.activity("Accept", follow))

    known = await kept_actor(node, gina.uri)
    assert known is not None
    assert known.followers_count == 0


async def test_move_forged(node: Served, alice: Actor, gina: RemoteActor, mallory: RemoteActor) -> None:
    there, uri = await asked(node, alice, gina)
    await deliver(node, gina, gina.activity("Accept", uri))

    move = {**mallory.activity("Move", gina.uri), "target": mallory.uri}
    await deliver(node, mallory, move)

    assert await accepted(node, alice, there)


async def test_forwarded_without_proof(node: Served, gina: RemoteActor, mallory: RemoteActor) -> None:
    note = gina.note("1", "Altered on the way.")

    await deliver(node, mallory, gina.create(note))
    await node.fediverse.quiet()

    assert await kept(node, note["id"]) is None


async def test_ld_signature_bogus(node: Served, gina: RemoteActor, mallory: RemoteActor) -> None:
    note = gina.note("1", "Altered on the way.")
    signature = {
        "type": "RsaSignature2017", "creator": gina.key_uri, "created": "2026-10-26T06:00:00Z",
        "signatureValue": "AAAA",
    }  # fmt: skip

    await deliver(node, mallory, {**gina.create(note), "signature": signature})
    await node.fediverse.quiet()

    assert await kept(node, note["id"]) is None


def jrd(subject: str, href: str) -> bytes:
    return orjson.dumps({"subject": subject, "links": [{"rel": "self", "type": AS2, "href": href}]})


async def test_webfinger_subject_other_domain(node: Served, evil: Remote, mallory: RemoteActor) -> None:
    path = "/.well-known/webfinger?resource=acct%3Amallory%40evil.test"
    jrd = (
        b'{"subject":"acct:mallory@good.test","links":[{"rel":"self","type":"application/activity+json","href":"%b"}]}'
    )
    evil.pages[path] = (200, "application/jrd+json", jrd % mallory.uri.encode())

    there = await fetch_actors.by_uri(node.database, node.site, mallory.uri)

    assert there.domain == "evil.test"


async def test_webfinger_claims_local(node: Served, alice: Actor, evil: Remote) -> None:
    false = evil.actor("alice", key=2)
    path = "/.well-known/webfinger?resource=acct%3Aalice%40evil.test"
    evil.pages[path] = (200, "application/jrd+json", jrd("acct:alice@north.example", false.uri))

    there = await fetch_actors.by_uri(node.database, node.site, false.uri)

    assert there.acct == "alice@evil.test"
    async with node.database.reading() as db:
        assert (await actors.by_handle(db, "alice")).id == alice.id


TRICKS = ["a@good.test", "a/b", "a\u202eb", "<b>a</b>", "", " ", "x" * 500, 7, None, ["a"], {"a": 1}]


@pytest.mark.parametrize("name", TRICKS, ids=[repr(one)[:12] for one in TRICKS])
async def test_preferred_username_tricks(node: Served, evil: Remote, name: Any) -> None:
    mallory = evil.actor("mallory", key=2, preferredUsername=name)

    with pytest.raises(FederationError):
        await fetch_actors.by_uri(node.database, node.site, mallory.uri)


async def test_preferred_username_loses_what_no_database_takes(node: Served, evil: Remote) -> None:
    mallory = evil.actor("mallory", key=2, preferredUsername="a\x00b")

    assert (await fetch_actors.by_uri(node.database, node.site, mallory.uri)).handle == "ab"


IDS = {
    "id_userinfo": "https://good.test@evil.test/notes/1",
    "id_idna_dot_fullwidth": "https://good\uff0etest/notes/1",
    "id_idna_dot_trailing": "https://good.test./notes/1",
    "id_idna_upper": "https://GOOD.test/notes/1",
}


@pytest.mark.parametrize("uri", IDS.values(), ids=IDS)
async def test_ids_that_only_look_like_anothers_are_refused(node: Served, mallory: RemoteActor, uri: str) -> None:
    await refused_create(node, mallory, {**mallory.note("1"), "id": uri})


async def test_url_field_javascript(node: Served, evil: Remote) -> None:
    bad = "javascript:alert(1)"
    mallory = evil.actor(
        "mallory",
        key=2,
        url=bad,
        icon={"type": "Image", "url": bad},
        image={"type": "Image", "url": "data:text/html,x"},
    )
    note = mallory.note("1", f'<a href="{bad}">x</a>', url=bad, attachment=[{"type": "Image", "url": bad}])

    await deliver(node, mallory, mallory.create(note))

    post, actor = await kept(node, note["id"]), await kept_actor(node, mallory.uri)
    assert post is not None
    assert actor is not None
    assert not [one for one in (post.url, post.html, actor.url, actor.icon, actor.header) if "javascript" in one]
    assert "data:" not in actor.header


async def test_overwrite_neighbours_note(node: Served, evil: Remote, mallory: RemoteActor) -> None:
    victor = evil.actor("victor", key=3)
    uri = await created(node, victor, content="Victor's words.")

    await deliver(node, mallory, mallory.activity("Create", {**mallory.note("2", "Mallory's."), "id": uri}))

    post = await kept(node, uri)
    assert post is not None
    assert post.text == "Victor's words."


async def test_suspicious_inbox_of_local(node: Served, alice: Actor, evil: Remote) -> None:
    base = f"{node.site.base_url}/users/alice"
    mallory = evil.actor(
        "mallory", key=2, outbox=f"{base}/outbox", followers=f"{base}/followers", featured=f"{base}/featured",
        endpoints={"sharedInbox": f"{node.site.base_url}/inbox"},
    )  # fmt: skip

    there = await fetch_actors.by_uri(node.database, node.site, mallory.uri)

    assert [there.outbox, there.followers, there.featured, there.shared_inbox] == ["", "", "", ""]


async def test_inbox_of_another_server_makes_no_actor(node: Served, alice: Actor, evil: Remote) -> None:
    mallory = evil.actor("mallory", key=2, inbox=alice.inbox)

    with pytest.raises(FederationError):
        await fetch_actors.by_uri(node.database, node.site, mallory.uri)


async def test_like_counts_once_however_often_it_comes(node: Served, gina: RemoteActor, mallory: RemoteActor) -> None:
    uri = await created(node, gina)

    for number in range(3):
        await deliver(node, mallory, mallory.activity("Like", uri, name=str(number)))

    async with node.database.reading() as db:
        post = await posts.by_uri(db, uri)

        likers = await reactions.likers(db, post.id, Page())
    assert (post.likes_count, len(likers)) == (1, 1)


async def test_nobody_is_sent_to_another_server_for_what_they_say_is_theirs(
    node: Served, good: Remote, evil: Remote, gina: RemoteActor, mallory: RemoteActor
) -> None:
    own, other = mallory.note("1", "By its id."), gina.note("2")
    for place, note in ((evil, own), (good, other)):
        place.serve(note)

    for n, type in enumerate(("Create", "Update")):
        good.asked.clear()
        assert (await deliver(node, mallory, mallory.activity(type, own["id"], f"own {n}"))).status_code == 202
        assert (await deliver(node, mallory, mallory.activity(type, other["id"], f"other {n}"))).status_code >= 400
        await node.fediverse.quiet()

        assert await kept(node, own["id"]) is not None
        assert good.asked == []


async def test_strangers_send_nobody_to_third_servers_by_what_they_pass_on(
    node: Served, good: Remote, gina: RemoteActor, mallory: RemoteActor
) -> None:
    first, second = gina.note("1"), gina.note("2")
    for note in (first, second):
        good.serve(note)
    rosa = await node.account("rosa_1")

    stranger = await deliver(node, mallory, mallory.activity("Announce", first["id"], "boost 1"))
    await node.fediverse.quiet()
    asked = list(good.asked)
    async with node.database.writing() as db:
        there, now = await actors.by_uri(db, mallory.uri), node.node.clock()
        await follows.ask(db, follower_id=rosa.id, target_id=there.id, uri=f"{rosa.uri}#1", now=now, accepted=now)
    known = await deliver(node, mallory, mallory.activity("Announce", second["id"], "boost 2"))
    await node.fediverse.quiet()

    assert (stranger.status_code, asked, await kept(node, first["id"])) == (400, [], None)
    assert known.status_code == 202
    assert await kept(node, second["id"]) is not None
