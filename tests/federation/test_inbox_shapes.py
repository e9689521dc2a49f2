"""Whatever other servers send: 202 or a 4xx with a reason, never a 5xx, and the node goes on."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation.documents import actors as actor_documents
from federation.documents import posts as post_documents
from federation.documents import reading
from federation.errors import Refused
from federation.site import Limits
from storage import actors
from storage.actors import Actor, ActorKind
from tests.federation.remote import PUBLIC, RemoteActor, deliver, remote
from tests.serving import ON_BOTH, Fediverse, Served

ODD: list[Any] = [
    None, True, False, 0, -1, 10**18, 1.5, "", " ", "x", "https://good.test/", "https://[::1", "\x00", "\u202e",
    "x" * 10_000, [], [[]], [None], ["x"], {}, {"id": None}, {"id": 7}, {"id": []}, {"type": []}, {"@id": "x"},
    [{"id": "https://good.test/a"}, {"id": "https://good.test/b"}], {"a": {"b": {"c": {}}}},
]  # fmt: skip
TYPES = [
    "Create", "Update", "Delete", "Follow", "Accept", "Reject", "Undo", "Like", "Announce", "Block", "Flag", "Add",
    "Remove", "Move", "View", "EmojiReact", "Nonsense",
]  # fmt: skip


@pytest.fixture
async def node(fediverse: Fediverse) -> Served:
    served = await fediverse.node("north.example")
    await served.account("alice")
    return served


@pytest.fixture
def gina(fediverse: Fediverse) -> RemoteActor:
    return remote(fediverse, "good.test").actor("gina", key=1)


async def judged(node: Served, by: RemoteActor, activity: Any) -> list[tuple[Any, int]]:
    """What was answered, where it is neither 202 nor a 4xx with a reason."""
    response = await deliver(node, by, activity)
    fine = response.status_code == 202 or (400 <= response.status_code < 500 and response.json()["detail"])
    return [] if fine else [(activity, response.status_code)]


@ON_BOTH
@pytest.mark.parametrize("type", TYPES)
async def test_any_object_of_any_activity(node: Served, gina: RemoteActor, type: str) -> None:
    wrong: list[tuple[Any, int]] = []
    for number, odd in enumerate(ODD):
        wrong += await judged(node, gina, gina.activity(type, odd, name=str(number)))
    without = gina.activity(type, None, name="none")
    del without["object"]
    wrong += await judged(node, gina, without)
    await node.fediverse.quiet()

    assert wrong == []


@pytest.mark.parametrize("member", ["@context", "id", "type", "actor", "object", "to", "cc", "published", "target"])
async def test_any_member_of_an_activity(node: Served, gina: RemoteActor, member: str) -> None:
    wrong: list[tuple[Any, int]] = []
    for number, odd in enumerate(ODD):
        create = gina.create(gina.note(str(number)))
        wrong += await judged(node, gina, {**create, member: odd})
        create.pop(member, None)
        wrong += await judged(node, gina, create)
    await node.fediverse.quiet()

    assert wrong == []


MEMBERS = [
    "@context", "id", "type", "attributedTo", "content", "contentMap", "summary", "name", "to", "cc", "published",
    "updated", "url", "inReplyTo", "tag", "attachment", "image", "sensitive", "replies", "likes", "shares", "kind",
    "title", "topic", "setting", "situation", "recommendation", "sbar", "harm", "composite", "licence", "reviewBy",
]  # fmt: skip


@pytest.mark.parametrize("member", MEMBERS)
async def test_any_member_of_a_note(node: Served, gina: RemoteActor, member: str) -> None:
    wrong: list[tuple[Any, int]] = []
    for number, odd in enumerate(ODD):
        note = {**gina.note(str(number)), "kind": "sw:SafetyNote", "situation": "It happens.", member: odd}
        wrong += await judged(node, gina, gina.activity("Create", note, name=str(number)))
    await node.fediverse.quiet()

    assert wrong == []
    async with node.client() as http:
        assert (await http.get("/api/v1/timelines/public")).status_code == 200


ACTOR_MEMBERS = [
    "name", "summary", "inbox", "outbox", "followers", "endpoints", "publicKey", "icon", "image", "attachment", "tag",
    "url", "published", "preferredUsername", "assertionMethod", "alsoKnownAs", "movedTo", "type", "id",
]  # fmt: skip


@pytest.mark.parametrize("member", ACTOR_MEMBERS)
async def test_any_member_of_an_actor(node: Served, gina: RemoteActor, member: str) -> None:
    wrong: list[tuple[Any, int]] = []
    for number, odd in enumerate(ODD):
        update = gina.activity("Update", {**gina.document, member: odd}, name=str(number))
        wrong += await judged(node, gina, update)
    await node.fediverse.quiet()

    assert wrong == []


BODIES = {
    "json_depth_signed_arrays": b'{"type":"Create","actor":"https://good.test/users/gina","object":'
    + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "json_depth_signed_objects": b'{"type":"Create","actor":"https://good.test/users/gina","object":'
    + b'{"a":' * 5_000 + b"1" + b"}" * 5_000 + b"}",
    "invalid_utf8_body": b'{"type":"Create","actor":"https://good.test/users/gina","object":"\xff\xfe"}',
    "not_json": b"hello",
    "empty": b"",
    "list": b"[]",
    "nan": b'{"type":"Create","actor":"https://good.test/users/gina","object":NaN}',
    "twice": b'{"type":"Create","actor":"https://good.test/users/gina","actor":"https://evil.test/users/m","object":{}}',
}  # fmt: skip


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_odd_bodies_are_refused(node: Served, gina: RemoteActor, body: bytes) -> None:
    response = await deliver(node, gina, body)

    assert 400 <= response.status_code < 500


async def test_inbox_body_20mb_signed(node: Served, gina: RemoteActor) -> None:
    response = await deliver(node, gina, gina.create(gina.note("1", "x" * 20_000_000)))

    assert response.status_code == 413


async def test_absurd_dates(node: Served, gina: RemoteActor) -> None:
    dates = ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "-0005-01-01T00:00:00Z", "1000000000-01-01", "2026-99-99"]
    for number, date in enumerate(dates):
        response = await deliver(node, gina, gina.create(gina.note(str(number), published=date, updated=date)))
        assert response.status_code == 202
    async with node.client() as http:
        shown = (await http.get("/api/v1/timelines/public")).json()

    assert len(shown) == len(dates)


async def test_huge_fields_are_cut(node: Served, gina: RemoteActor) -> None:
    fields = [{"type": "PropertyValue", "name": f"f{n}", "value": "v"} for n in range(2_000)]
    huge = {**gina.document, "name": "N" * 200_000, "summary": "S" * 200_000, "attachment": fields}
    await deliver(node, gina, gina.create(gina.note("1")))
    await deliver(node, gina, gina.activity("Update", huge))

    async with node.database.reading() as db:
        known = await actors.by_uri(db, gina.uri)
    assert len(known.name) <= 500
    assert len(orjson.loads(known.fields)) <= 16
    assert len(known.summary) <= 110_000


NAMES = [*MEMBERS, *ACTOR_MEMBERS, "href", "mediaType", "value"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30)
    | st.sampled_from(["https://good.test/users/gina", PUBLIC, "Note", "2026-10-26T06:00:00Z"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)  # fmt: skip
GINA = Actor(
    1, "https://good.test/users/gina", ActorKind.PERSON, "gina", "good.test", "", "", "", "", "", "", "",
    "https://good.test/users/gina/followers", "", "", "", "", "[]", "[]", "[]", "", None, None, None, None, None, 0, 0,
    1, 0, 0, 0, None, None, None, None,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=12))
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_reading_any_post_gives_a_post_or_refuses(document: dict[str, Any]) -> None:
    note = {"id": "https://good.test/n/1", "type": "Note", "attributedTo": GINA.uri, **document}
    try:
        post = post_documents.read(note, GINA, now=1_793_000_000_000, limits=Limits())
    except Refused:
        return

    assert post.uri.startswith("https://good.test/")
    assert 0 <= post.published <= 1_793_000_000_000
    assert "<script" not in post.html


@given(st.dictionaries(st.sampled_from(ACTOR_MEMBERS), JSON, max_size=12))
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_reading_any_actor_gives_an_actor_or_refuses(document: dict[str, Any]) -> None:
    whole = {"id": GINA.uri, "type": "Person", "inbox": f"{GINA.uri}/inbox", "preferredUsername": "gina", **document}
    try:
        found = actor_documents.read(whole, domain="good.test", now=1_793_000_000_000, limits=Limits())
    except Refused:
        return

    assert found.profile.inbox.startswith("https://good.test/")
    assert len(found.profile.name) <= Limits().name


@given(JSON)
def test_small_questions_take_any_json(value: Any) -> None:
    reading.uri(value)
    reading.uris(value, 5)
    reading.link(value)
    reading.moment(value)
    reading.count(value)
    reading.languages(value)
    reading.text(value)
    assert reading.depth_within(value, 64)
