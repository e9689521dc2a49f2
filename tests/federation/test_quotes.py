"""Quotes between servers (FEP-044f): asked for, allowed, proven, revoked; and what others only say of them."""

from __future__ import annotations

from typing import Any

import pytest

from storage import posts, quotes
from storage.actors import Actor
from storage.posts import Post
from storage.quotes import Quote, State
from tests.federation.remote import AS, PUBLIC, Remote, RemoteActor, deliver, remote
from tests.federation.test_two_nodes import follow, known_at
from tests.serving import Fediverse, Served

AS2 = {"accept": "application/activity+json"}
FEP = "https://w3id.org/fep/044f#"
ANYBODY = {"canQuote": {"automaticApproval": [PUBLIC], "manualApproval": []}}


async def api(node: Served, who: Actor, method: str, path: str, **values: Any) -> Any:
    async with await node.as_member(who) as app:
        answer = await app.request(method, path, json=values or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def say(node: Served, who: Actor, words: str = "One", **values: Any) -> Any:
    return await api(node, who, "POST", "/api/v1/statuses", status=words, **values)


async def document(node: Served, uri: str) -> Any:
    async with node.client() as http:
        answer = await http.get(uri, headers=AS2)
    return answer.json() if answer.status_code == 200 else answer.status_code


async def kept(node: Served, uri: str) -> tuple[Post, Quote]:
    async with node.database.reading() as db:
        post = await posts.by_uri(db, uri)
        quote = await quotes.one(db, post.id)
    assert quote is not None
    return post, quote


async def state(node: Served, uri: str) -> State:
    return (await kept(node, uri))[1].state


@pytest.fixture
def far(fediverse: Fediverse) -> Remote:
    return remote(fediverse, "far.test")


@pytest.fixture
def hank(far: Remote) -> RemoteActor:
    return far.actor("hank", key=2)


@pytest.fixture
def quoted(far: Remote, hank: RemoteActor) -> dict[str, Any]:
    """A post of a third server."""
    made = hank.note("first", "Quote me", interactionPolicy=ANYBODY)
    far.serve(made)
    return made


def stamp(by: RemoteActor, quoting: dict[str, Any], quoted: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A QuoteAuthorization as Mastodon writes it."""
    context = {
        "QuoteAuthorization": f"{FEP}QuoteAuthorization", "gts": "https://gotosocial.org/ns#",
        "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
        "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
    }  # fmt: skip
    return {
        "@context": [AS, context], "id": f"{by.uri}/quote_authorizations/1", "type": "QuoteAuthorization",
        "attributedTo": by.uri, "interactingObject": quoting["id"], "interactionTarget": quoted["id"], **more,
    }  # fmt: skip


def quoting(by: RemoteActor, uri: str, **more: Any) -> dict[str, Any]:
    """A post that quotes, as Mastodon writes it."""
    return by.note("quotes", "Read this", quote=uri, quoteUri=uri, _misskey_quote=uri, **more)


def request(by: RemoteActor, uri: str, instrument: Any, name: str = "1") -> dict[str, Any]:
    """A QuoteRequest as Mastodon writes it."""
    context = [AS, {"QuoteRequest": f"{FEP}QuoteRequest"}]
    return {
        "@context": context, "id": f"{by.uri}/quote_requests/{name}", "type": "QuoteRequest", "actor": by.uri,
        "object": uri, "instrument": instrument,
    }  # fmt: skip


async def test_a_quote_is_asked_for_allowed_proven_and_revoked(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    west = await fediverse.node("west.example")
    rosa, sam, wim = await north.account("rosa"), await south.account("sam"), await west.account("wim")
    await follow(south, sam, await known_at(south, rosa, north))
    await follow(west, wim, await known_at(west, sam, south))
    await fediverse.quiet()
    first = await say(north, rosa, "Look under the heel")
    await fediverse.quiet()
    async with south.database.reading() as db:
        there = await posts.by_uri(db, first["uri"])

    made = await say(south, sam, "Worth reading", quoted_status_id=str(there.id))
    before = made["quote"]
    await fediverse.quiet()

    assert before == {"state": "pending", "quoted_status": None}
    for node in (north, south, west):
        assert await state(node, made["uri"]) is State.ACCEPTED
    [told] = await api(north, rosa, "GET", "/api/v1/notifications?types[]=quote")
    assert told["status"]["uri"] == made["uri"]
    written = await document(south, made["uri"])
    assert written["quote"] == written["quoteUri"] == written["quoteUrl"] == written["_misskey_quote"] == first["uri"]
    proof = written["quoteAuthorization"]
    assert (await document(north, proof)) == {
        "@context": [AS, (await document(north, proof))["@context"][1]], "id": proof, "type": "QuoteAuthorization",
        "attributedTo": rosa.uri, "interactingObject": made["uri"], "interactionTarget": first["uri"],
    }  # fmt: skip
    assert written["@context"][1]["quote"] == {"@id": f"{FEP}quote", "@type": "@id"}

    async with north.database.reading() as db:
        at_north = await posts.by_uri(db, made["uri"])
    await api(north, rosa, "POST", f"/api/v1/statuses/{first['id']}/quotes/{at_north.id}/revoke")
    await fediverse.quiet()

    assert await state(north, made["uri"]) is await state(south, made["uri"]) is State.REVOKED
    assert await document(north, proof) == 410
    assert "quoteAuthorization" not in await document(south, made["uri"])
    seen = await api(south, sam, "GET", f"/api/v1/statuses/{made['id']}")
    assert (seen["quote"]["state"], seen["edited_at"]) == ("revoked", None)


async def test_what_was_quoted_is_gone_with_what_allowed_it(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam = await north.account("rosa"), await south.account("sam")
    await follow(south, sam, await known_at(south, rosa, north))
    await fediverse.quiet()
    first = await say(north, rosa)
    await fediverse.quiet()
    async with south.database.reading() as db:
        there = await posts.by_uri(db, first["uri"])
    made = await say(south, sam, quoted_status_id=str(there.id))
    await fediverse.quiet()
    proof = (await document(south, made["uri"]))["quoteAuthorization"]

    await api(north, rosa, "DELETE", f"/api/v1/statuses/{first['id']}")
    await fediverse.quiet()

    assert await state(north, made["uri"]) is await state(south, made["uri"]) is State.DELETED
    assert await document(north, proof) in (404, 410)
    async with north.database.reading() as db:
        assert await db.rows("SELECT id FROM quote_stamps") == []


async def test_a_post_says_who_may_quote_it_and_others_heed_it(fediverse: Fediverse) -> None:
    north, south = await fediverse.node("north.example"), await fediverse.node("south.example")
    rosa, sam, eve = await north.account("rosa"), await south.account("sam"), await south.account("eve")
    await follow(south, sam, await known_at(south, rosa, north))
    await fediverse.quiet()
    made = [await say(north, rosa, one, quote_approval_policy=one) for one in ("public", "followers", "nobody")]
    await fediverse.quiet()
    async with south.database.reading() as db:
        there = [await posts.by_uri(db, one["uri"]) for one in made]

    async def tried(who: Actor) -> list[int]:
        async with await south.as_member(who) as app:
            asked = [{"status": "x", "quoted_status_id": str(one.id)} for one in there]
            return [(await app.post("/api/v1/statuses", json=one)).status_code for one in asked]

    rules = [(await document(north, one["uri"]))["interactionPolicy"]["canQuote"] for one in made]
    assert [one["automaticApproval"] for one in rules] == [[PUBLIC], [rosa.followers], [rosa.uri]]
    assert await tried(sam) == [200, 200, 422]
    assert await tried(eve) == [200, 422, 422]
    await api(
        north, rosa, "PUT", f"/api/v1/statuses/{made[0]['id']}/interaction_policy", quote_approval_policy="nobody"
    )
    await fediverse.quiet()
    assert (await tried(eve))[0] == 422
    async with south.database.reading() as db:
        assert (await posts.by_uri(db, made[0]["uri"])).edited is None


@pytest.mark.parametrize("given", ["right", "none", "host", "actor", "post", "quoting", "type", "two"])
async def test_only_the_word_of_the_quoted_author_counts(
    fediverse: Fediverse, node: Served, far: Remote, good: Remote, gina: RemoteActor, hank: RemoteActor,
    quoted: dict[str, Any], given: str,
) -> None:  # fmt: skip
    """A QuoteAuthorization on another server, of another actor, for another post … is none."""
    other = far.actor("otto", key=3)
    note = quoting(gina, quoted["id"])
    proofs: dict[str, dict[str, Any]] = {
        "right": stamp(hank, note, quoted),
        "host": stamp(hank, note, quoted, id=f"{gina.uri}/stamps/1"),
        "actor": stamp(hank, note, quoted, attributedTo=other.uri),
        "post": stamp(hank, note, quoted, interactionTarget="https://far.test/notes/second"),
        "quoting": stamp(hank, note, quoted, interactingObject="https://good.test/notes/other"),
        "type": stamp(hank, note, quoted, type="Note"),
        "two": stamp(hank, note, quoted, interactionTarget=["https://far.test/notes/second", quoted["id"]]),
    }
    if given != "none":
        proof = proofs[given]
        note["quoteAuthorization"] = proof["id"]
        (good if given == "host" else far).serve(proof)

    answer = await deliver(node, gina, gina.create(note))
    at_first = await state(node, note["id"])
    await fediverse.quiet()

    post, quote = await kept(node, note["id"])
    assert (answer.status_code, at_first) == (202, State.PENDING)
    assert quote.state is (State.ACCEPTED if given == "right" else State.PENDING)
    async with node.client() as http:
        seen = (await http.get(f"/api/v1/statuses/{post.id}")).json()
    assert (seen["quote"]["quoted_status"] or {}).get("uri") == (quoted["id"] if given == "right" else None)


@pytest.mark.parametrize("name", ["quoteUri", "quoteUrl", "_misskey_quote", "tag"])
async def test_quotes_of_before_are_read_and_not_believed(
    fediverse: Fediverse, node: Served, gina: RemoteActor, quoted: dict[str, Any], name: str
) -> None:
    rel = "https://misskey-hub.net/ns#_misskey_quote"
    tag = [{"type": "Link", "mediaType": "application/activity+json", "rel": rel, "href": quoted["id"]}]
    note = gina.note("old", "RE", **({"tag": tag} if name == "tag" else {name: quoted["id"]}))

    await deliver(node, gina, gina.create(note))
    await fediverse.quiet()

    _, quote = await kept(node, note["id"])
    assert (quote.state, quote.quoted_uri) == (State.PENDING, quoted["id"])


async def test_one_quotes_oneself_without_asking(
    fediverse: Fediverse, node: Served, good: Remote, gina: RemoteActor
) -> None:
    first = gina.note("first")
    good.serve(first)
    note = quoting(gina, first["id"])

    await deliver(node, gina, gina.create(note))
    await fediverse.quiet()

    assert await state(node, note["id"]) is State.ACCEPTED


async def test_a_later_word_makes_it_shown_and_is_no_edit(
    fediverse: Fediverse, node: Served, far: Remote, gina: RemoteActor, hank: RemoteActor, quoted: dict[str, Any]
) -> None:
    note = quoting(gina, quoted["id"])
    await deliver(node, gina, gina.create(note))
    await fediverse.quiet()
    proof = stamp(hank, note, quoted)
    far.serve(proof)

    update = gina.activity("Update", {**note, "quoteAuthorization": proof["id"]})
    await deliver(node, gina, update)
    await fediverse.quiet()
    again = gina.activity("Update", {**note, "quoteAuthorization": proof["id"]}, "2")
    await deliver(node, gina, again)
    await fediverse.quiet()

    post, quote = await kept(node, note["id"])
    assert (quote.state, post.edited) == (State.ACCEPTED, None)
    async with node.database.reading() as db:
        assert await posts.edits(db, post.id) == []
        assert (await posts.by_uri(db, quoted["id"])).quotes_count == 1


async def test_only_who_was_quoted_takes_it_back(
    fediverse: Fediverse, node: Served, far: Remote, gina: RemoteActor, hank: RemoteActor, quoted: dict[str, Any]
) -> None:
    note = quoting(gina, quoted["id"])
    proof = stamp(hank, note, quoted)
    far.serve(proof)
    await deliver(node, gina, gina.create({**note, "quoteAuthorization": proof["id"]}))
    await fediverse.quiet()
    otto = far.actor("otto", key=3)

    for by in (gina, otto):
        await deliver(node, by, by.activity("Delete", {"id": proof["id"], "type": "QuoteAuthorization"}))
    assert await state(node, note["id"]) is State.ACCEPTED
    await deliver(node, hank, hank.activity("Delete", {"id": proof["id"], "type": "QuoteAuthorization"}))

    assert await state(node, note["id"]) is State.REVOKED
    await deliver(node, gina, gina.activity("Update", {**note, "quoteAuthorization": proof["id"]}, "3"))
    await fediverse.quiet()
    assert await state(node, note["id"]) is State.REVOKED


async def test_who_asks_is_answered_as_the_post_says(
    fediverse: Fediverse, node: Served, alice: Actor, good: Remote, gina: RemoteActor
) -> None:
    first = await say(node, alice)
    shut = await say(node, alice, "Two", quote_approval_policy="nobody")
    note, other = quoting(gina, first["uri"]), {**quoting(gina, shut["uri"]), "id": "https://good.test/notes/shut"}

    for _ in range(2):
        assert (await deliver(node, gina, request(gina, first["uri"], note))).status_code == 202
    await deliver(node, gina, gina.create(note))
    await deliver(node, gina, request(gina, shut["uri"], other, "2"))
    await fediverse.quiet()

    accepts = [one for one in good.got if one["type"] == "Accept"]
    assert {one["id"] for one in accepts} == {accepts[0]["id"]}
    assert accepts[0]["object"] == {
        "id": f"{gina.uri}/quote_requests/1", "type": "QuoteRequest", "actor": gina.uri, "object": first["uri"],
        "instrument": note["id"],
    }  # fmt: skip
    proof = await document(node, accepts[0]["result"])
    assert (proof["interactingObject"], proof["interactionTarget"]) == (note["id"], first["uri"])
    [reject] = [one for one in good.got if one["type"] == "Reject"]
    assert (reject["object"]["instrument"], "result" in reject) == (other["id"], False)
    assert (await state(node, note["id"]), await state(node, other["id"])) == (State.ACCEPTED, State.REJECTED)
    told = await api(node, alice, "GET", "/api/v1/notifications?types[]=quote")
    assert [one["status"]["uri"] for one in told] == [note["id"]]
    assert (await api(node, alice, "GET", f"/api/v1/statuses/{first['id']}"))["quotes_count"] == 1


async def test_what_was_allowed_stays_when_the_policy_changes(
    fediverse: Fediverse, node: Served, alice: Actor, good: Remote, gina: RemoteActor
) -> None:
    first = await say(node, alice)
    note = quoting(gina, first["uri"])
    await deliver(node, gina, request(gina, first["uri"], note))

    path = f"/api/v1/statuses/{first['id']}/interaction_policy"
    await api(node, alice, "PUT", path, quote_approval_policy="nobody")
    await deliver(node, gina, request(gina, first["uri"], note, "2"))
    await fediverse.quiet()

    assert await state(node, note["id"]) is State.ACCEPTED
    assert [one["type"] for one in good.got if one["type"] != "Update"] == ["Accept", "Accept"]


async def test_a_post_that_only_was_named_is_fetched_first(
    fediverse: Fediverse, node: Served, alice: Actor, good: Remote, gina: RemoteActor
) -> None:
    first = await say(node, alice)
    note = quoting(gina, first["uri"])
    good.serve(note)

    await deliver(node, gina, request(gina, first["uri"], note["id"]))
    await fediverse.quiet()

    assert await state(node, note["id"]) is State.ACCEPTED
    assert [one["type"] for one in good.got] == ["Accept"]


async def test_nobody_asks_for_what_is_not_theirs(
    fediverse: Fediverse, node: Served, alice: Actor, far: Remote, good: Remote, gina: RemoteActor, hank: RemoteActor
) -> None:
    first, secret = await say(node, alice), await say(node, alice, "Two", visibility="private")
    his = quoting(hank, first["uri"])
    far.serve(his)
    await deliver(node, hank, hank.create(his))
    elsewhere = quoting(gina, "https://good.test/notes/else")

    wrong: list[dict[str, Any]] = [
        request(gina, first["uri"], his, "1"), request(gina, first["uri"], his["id"], "2"),
        request(gina, first["uri"], elsewhere, "3"), request(gina, first["uri"], None, "4"),
        request(gina, "https://north.example/@alice/1", quoting(gina, "https://north.example/@alice/1"), "5"),
        request(gina, secret["uri"], quoting(gina, secret["uri"]), "6"),
        request(gina, first["uri"], {**quoting(gina, first["uri"]), "attributedTo": hank.uri}, "7"),
        request(gina, first["uri"], {"id": first["uri"], "type": "Note"}, "8"),
    ]  # fmt: skip
    for one in wrong:
        assert (await deliver(node, gina, one)).status_code in (202, 400, 403, 404), one
    await fediverse.quiet()

    assert [one["type"] for one in good.got] == []
    async with node.database.reading() as db:
        rows = await db.rows("SELECT quoting_uri FROM quote_stamps")
    assert [row[0] for row in rows] == [his["id"]]  # her own answer to his, by the policy


async def test_what_was_revoked_is_not_allowed_again(
    fediverse: Fediverse, node: Served, alice: Actor, good: Remote, gina: RemoteActor
) -> None:
    first = await say(node, alice)
    note = quoting(gina, first["uri"])
    await deliver(node, gina, request(gina, first["uri"], note))
    post, _ = await kept(node, note["id"])

    await api(node, alice, "POST", f"/api/v1/statuses/{first['id']}/quotes/{post.id}/revoke")
    await deliver(node, gina, request(gina, first["uri"], note, "2"))
    await fediverse.quiet()

    assert await state(node, note["id"]) is State.REVOKED
    assert [one["type"] for one in good.got] == ["Accept", "Delete", "Reject"]
    assert good.got[1]["object"]["id"] == good.got[0]["result"]


async def test_only_who_was_asked_answers(
    fediverse: Fediverse, node: Served, alice: Actor, far: Remote, good: Remote, gina: RemoteActor, hank: RemoteActor,
    quoted: dict[str, Any],
) -> None:  # fmt: skip
    [there] = (await api(node, alice, "GET", f"/api/v2/search?resolve=true&q={quoted['id']}"))["statuses"]
    made = await say(node, alice, "Read this", quoted_status_id=there["id"])
    await fediverse.quiet()
    [asked] = [one for one in far.got if one["type"] == "QuoteRequest"]
    proof = stamp(hank, {"id": made["uri"]}, quoted)

    async def answer(by: RemoteActor, type: str, name: str, result: str | None) -> int:
        said = by.activity(type, {key: asked[key] for key in ("id", "type", "actor", "object")}, name)
        return (await deliver(node, by, said | ({} if result is None else {"result": result}))).status_code

    assert (asked["object"], asked["instrument"]["id"]) == (quoted["id"], made["uri"])
    assert asked["instrument"]["quote"] == quoted["id"]
    assert await answer(gina, "Accept", "1", proof["id"]) in (400, 403)
    assert await answer(hank, "Accept", "2", "https://good.test/stamps/1") in (400, 403)
    assert await answer(hank, "Accept", "3", None) in (400, 403)
    assert await state(node, made["uri"]) is State.PENDING
    assert await answer(hank, "Reject", "4", None) == 202
    assert await state(node, made["uri"]) is State.REJECTED
    assert await answer(hank, "Accept", "5", proof["id"]) == 202
    assert await state(node, made["uri"]) is State.ACCEPTED
    assert (await document(node, made["uri"]))["quoteAuthorization"] == proof["id"]
    assert await answer(hank, "Reject", "6", None) == 202
    assert "quoteAuthorization" not in await document(node, made["uri"])
    await fediverse.quiet()


@pytest.mark.parametrize(
    "rules, said",
    [
        ({}, (422, "denied")),
        ({"canQuote": {"manualApproval": PUBLIC}}, (200, "manual")),
        ({"canQuote": {"always": [PUBLIC]}}, (200, "automatic")),
        ({"canQuote": {"automaticApproval": ["https://far.test/circles/1"]}}, (200, "unknown")),
        ({"canQuote": {"automaticApproval": ["https://far.test/users/hank/followers"]}}, (422, "denied")),
        ({"canQuote": [1, {"x": None}]}, (422, "denied")),
        ([], (422, "denied")),
    ],
)
async def test_what_another_server_says_of_who_may_quote_is_heeded(
    node: Served, alice: Actor, far: Remote, hank: RemoteActor, rules: Any, said: tuple[int, str]
) -> None:
    note = hank.note("ruled", interactionPolicy=rules)
    far.serve(note)
    [there] = (await api(node, alice, "GET", f"/api/v2/search?resolve=true&q={note['id']}"))["statuses"]

    async with await node.as_member(alice) as app:
        answer = await app.post("/api/v1/statuses", json={"status": "x", "quoted_status_id": there["id"]})

    assert (answer.status_code, there["quote_approval"]["current_user"]) == said


async def test_a_deleted_post_leaves_no_words_in_a_question_that_waits(
    fediverse: Fediverse, node: Served, alice: Actor, quoted: dict[str, Any]
) -> None:
    [there] = (await api(node, alice, "GET", f"/api/v2/search?resolve=true&q={quoted['id']}"))["statuses"]
    fediverse.down.add("far.test")
    made = await say(node, alice, "zanzibarquartz", quoted_status_id=there["id"])

    await api(node, alice, "DELETE", f"/api/v1/statuses/{made['id']}")

    async with node.database.reading() as db:
        bodies = [bytes(row[0]) for row in await db.rows("SELECT body FROM activities_out")]
        assert await db.rows("SELECT post_id FROM quotes") == []
    assert bodies and not any(b"zanzibarquartz" in one for one in bodies)


async def test_who_leaves_elsewhere_leaves_nothing_that_allows_them(
    fediverse: Fediverse, node: Served, alice: Actor, gina: RemoteActor
) -> None:
    first = await say(node, alice)
    await deliver(node, gina, request(gina, first["uri"], quoting(gina, first["uri"])))

    await deliver(node, gina, gina.activity("Delete", gina.uri))

    async with node.database.reading() as db:
        assert await db.rows("SELECT id FROM quote_stamps") == []
        assert (await posts.by_uri(db, first["uri"])).quotes_count == 0


async def test_a_chain_of_quotes_is_not_followed_for_ever(
    fediverse: Fediverse, node: Served, far: Remote, gina: RemoteActor, hank: RemoteActor
) -> None:
    chain = [hank.note(f"n{n}", quote=f"https://far.test/notes/n{n + 1}") for n in range(9)]
    for one in chain:
        far.serve(one)

    await deliver(node, gina, gina.create(quoting(gina, chain[0]["id"])))
    await fediverse.quiet()

    asked = [one for one in far.asked if one.startswith("/notes/")]
    assert asked == ["/notes/n0", "/notes/n1"]


async def test_nonsense_said_of_quotes_is_nothing(node: Served, gina: RemoteActor) -> None:
    nonsense: list[dict[str, Any]] = [
        {"quote": {"x": 1}}, {"quote": 7}, {"quote": []}, {"quote": "ftp://x"}, {"quoteUrl": None},
        {"quote": "https://good.test/notes/6"}, {"tag": [{"type": "Link", "rel": 1, "href": []}]},
        {"interactionPolicy": 1}, {"interactionPolicy": {"canQuote": {"automaticApproval": {"a": []}}}},
        {"quote": "https://far.test/n", "quoteAuthorization": {"id": 5}},
    ]  # fmt: skip
    for place, more in enumerate(nonsense):
        answer = await deliver(node, gina, gina.create(gina.note(str(place + 1), **more)))
        assert answer.status_code == 202, more

    async with node.database.reading() as db:
        rows = await db.rows("SELECT quoted_uri, stamp FROM quotes")
    assert [tuple(row) for row in rows] == [("https://far.test/n", "")]
