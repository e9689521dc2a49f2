from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace
from email.utils import formatdate
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives import hashes

from federation.outbox.promise import host_of
from storage import keys, peers, posts
from storage.database import Missing
from tests.federation.remote import (
    Remote,
    RemoteActor,
    Signing,
    deliver,
    deliver_rfc9421,
    remote,
    signed_headers,
    weak_pair,
)
from tests.serving import START, Fediverse, Served, rsa_pair

HOUR = 3600
OTHER = rsa_pair(200)


@pytest.fixture
async def node(fediverse: Fediverse) -> Served:
    served = await fediverse.node("north.example")
    await served.account("alice")
    await served.account("bob")
    return served


async def here(node: Served, uri: str) -> bool:
    async with node.database.reading() as db:
        try:
            await posts.by_uri(db, uri)
        except Missing:
            return False
    return True


async def said(node: Served, by: RemoteActor, how: Signing | None = None, **more: Any) -> tuple[int, bool]:
    """The status of delivering a Create, and whether its note is here now."""
    note = by.note("1")
    response = await deliver(node, by, by.create(note), how, **more)
    return response.status_code, await here(node, note["id"])


def at(hours: float) -> str:
    return formatdate(START / 1000 + hours * HOUR, usegmt=True)


TAKEN = {
    "control_valid": Signing(),
    "control_hs2019_label": Signing(algorithm="hs2019"),
    "control_content_type_signed": Signing(headers=("(request-target)", "host", "date", "digest", "content-type")),
    "control_ldjson_profile": Signing(
        content_type='application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
    ),
    "control_date_skew_10min": Signing(date=at(10 / 60)),
}


@pytest.mark.parametrize("how", TAKEN.values(), ids=TAKEN)
async def test_delivery_is_taken(node: Served, gina: RemoteActor, how: Signing) -> None:
    assert await said(node, gina, how, inbox="/users/alice/inbox") == (202, True)


async def test_control_shared_inbox(node: Served, gina: RemoteActor) -> None:
    assert await said(node, gina) == (202, True)


async def test_rfc_9421_is_taken(node: Served, gina: RemoteActor) -> None:
    note = gina.note("1")

    response = await deliver_rfc9421(node, gina, gina.create(note))

    assert response.status_code == 202, response.text
    assert (response.status_code, await here(node, note["id"])) == (202, True)


REFUSED = {
    "no_headers_param": Signing(headers=("date",), named=""),
    "wrong_key": Signing(private=OTHER[1]),
    "body_tampered": Signing(tampered=b'{"type":"Create"}'),
    "digest_missing": Signing(headers=("(request-target)", "host", "date"), without=frozenset({"digest"})),
    "digest_unsigned": Signing(headers=("(request-target)", "host", "date")),
    "digest_md5": Signing(digest="MD5=" + base64.b64encode(hashlib.md5(b"x").digest()).decode()),
    "digest_unknown_alg": Signing(digest="FOO-1=abcd"),
    "request_target_unsigned": Signing(headers=("host", "date", "digest")),
    "date_unsigned": Signing(headers=("(request-target)", "host", "digest")),
    "date_missing": Signing(headers=("(request-target)", "host", "digest"), without=frozenset({"date"})),
    "date_old_25h": Signing(date=at(-25)),
    "date_old_13h": Signing(date=at(-13)),
    "date_garbage": Signing(date="the day before yesterday"),
    "host_other": Signing(host="other.example"),
    "path_other": Signing(target="/users/bob/inbox"),
    "method_other": Signing(method="get"),
    "alg_sha1": Signing(hash=hashes.SHA1()),
    "content_type_wrong": Signing(content_type="text/plain"),
    "content_type_form": Signing(content_type="application/x-www-form-urlencoded"),
    "content_type_image": Signing(content_type="image/png"),
}


@pytest.mark.parametrize("how", REFUSED.values(), ids=REFUSED)
async def test_delivery_is_refused(node: Served, gina: RemoteActor, how: Signing) -> None:
    status, kept = await said(node, gina, how, inbox="/users/alice/inbox")

    assert 400 <= status < 500
    assert not kept


async def test_body_and_digest_tampered(node: Served, gina: RemoteActor) -> None:
    note = gina.note("1", "Other words.")
    body = orjson.dumps(gina.create(note))
    digest = "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()
    url = f"{node.site.base_url}/inbox"

    headers = signed_headers(gina, url, b"what was signed", Signing(), now=node.node.clock())
    async with node.client() as http:
        response = await http.post(url, content=body, headers={**headers, "digest": digest})

    assert response.status_code == 401
    assert not await here(node, note["id"])


async def test_expires_past(node: Served, gina: RemoteActor) -> None:
    how = Signing()
    url, body = f"{node.site.base_url}/inbox", orjson.dumps(gina.create(gina.note("1")))

    headers = signed_headers(gina, url, body, how, now=node.node.clock())
    headers["signature"] += f",expires={node.node.clock() // 1000 - 10}"
    async with node.client() as http:
        response = await http.post(url, content=body, headers=headers)

    assert response.status_code == 401


async def test_replay_identical(node: Served, gina: RemoteActor) -> None:
    alice = f"{node.site.base_url}/users/alice"
    follow = gina.activity("Follow", alice)

    url, body = f"{node.site.base_url}/inbox", orjson.dumps(follow)
    headers = signed_headers(gina, url, body, Signing(), now=node.node.clock())
    async with node.client() as http:
        answers = [(await http.post(url, content=body, headers=headers)).status_code for _ in range(3)]
        followers = (await http.get("/users/alice/followers", headers={"accept": "application/activity+json"})).json()

    assert answers == [202, 202, 202]
    assert followers["totalItems"] == 1


async def test_two_signature_headers(node: Served, good: Remote, gina: RemoteActor) -> None:
    mallory = good.actor("mallory", key=2)
    url, note = f"{node.site.base_url}/inbox", gina.note("1")
    body = orjson.dumps(gina.create(note))

    own = signed_headers(mallory, url, body, Signing(), now=node.node.clock())
    false = own["signature"].replace(mallory.key_uri, gina.key_uri)
    both = [*((name, value) for name, value in own.items()), ("signature", false)]
    async with node.client() as http:
        response = await http.post(url, content=body, headers=both)

    assert response.status_code in (400, 401, 403)
    assert not await here(node, note["id"])


async def test_duplicate_parameter(node: Served, good: Remote, gina: RemoteActor) -> None:
    mallory = good.actor("mallory", key=2)
    url, note = f"{node.site.base_url}/inbox", gina.note("1")
    body = orjson.dumps(gina.create(note))

    for first, second in ((gina.key_uri, mallory.key_uri), (mallory.key_uri, gina.key_uri)):
        headers = signed_headers(mallory, url, body, Signing(key_uri=first), now=node.node.clock())
        headers["signature"] += f',keyId="{second}"'
        async with node.client() as http:
            response = await http.post(url, content=body, headers=headers)
        assert response.status_code in (400, 401, 403)

    assert not await here(node, note["id"])


async def test_duplicate_signed_header(node: Served, gina: RemoteActor) -> None:
    url, body = f"{node.site.base_url}/inbox", orjson.dumps(gina.create(gina.note("1")))

    headers = signed_headers(gina, url, body, Signing(), now=node.node.clock())
    twice = [*headers.items(), ("date", at(1))]
    async with node.client() as http:
        response = await http.post(url, content=body, headers=twice)

    assert response.status_code == 401


@pytest.mark.parametrize("label", ["hmac-sha256", "hs2019"], ids=["alg_hmac_confusion", "alg_hmac_under_hs2019"])
async def test_public_key_as_hmac_secret_proves_nothing(node: Served, gina: RemoteActor, label: str) -> None:
    url, note = f"{node.site.base_url}/inbox", gina.note("1")
    body = orjson.dumps(gina.create(note))

    headers = signed_headers(gina, url, body, Signing(algorithm=label), now=node.node.clock())
    names = ("(request-target)", "host", "date", "digest")
    base = "\n".join(f"{one}: {'post /inbox' if one == names[0] else headers[one]}" for one in names)
    mac = base64.b64encode(hmac.digest(gina.public.encode(), base.encode(), "sha256")).decode()
    head, _, _ = headers["signature"].rpartition("signature=")
    async with node.client() as http:
        response = await http.post(url, content=body, headers={**headers, "signature": f'{head}signature="{mac}"'})

    assert response.status_code == 401
    assert not await here(node, note["id"])


@pytest.mark.parametrize("bits", [1024], ids=["rsa_1024"])
async def test_short_keys_prove_nothing(node: Served, good: Remote, gina: RemoteActor, bits: int) -> None:
    public, private = weak_pair(bits)
    document = {**gina.document, "publicKey": {**gina.document["publicKey"], "publicKeyPem": public}}
    good.serve(document)

    status, kept = await said(node, replace(gina, public=public, private=private))

    assert 400 <= status < 500
    assert not kept


async def test_actor_mismatch(node: Served, fediverse: Fediverse, gina: RemoteActor) -> None:
    mallory = remote(fediverse, "evil.test").actor("mallory", key=2)
    note = gina.note("1")

    response = await deliver(node, mallory, gina.create(note))

    assert response.status_code == 403
    assert not await here(node, note["id"])


async def test_actor_mismatch_same_host(node: Served, good: Remote, gina: RemoteActor) -> None:
    mallory = good.actor("mallory", key=2)
    note = gina.note("1")

    response = await deliver(node, mallory, gina.create(note))

    assert response.status_code == 403
    assert not await here(node, note["id"])


async def test_keyid_owner_same_host(node: Served, good: Remote, gina: RemoteActor) -> None:
    key = {
        "id": "https://good.test/keys/7", "type": "Key", "owner": gina.uri, "publicKeyPem": OTHER[0],
    }  # fmt: skip
    good.serve(key)

    status, kept = await said(node, gina, Signing(key_uri=key["id"], private=OTHER[1]))

    assert 400 <= status < 500
    assert not kept


async def test_key_array_poison(node: Served, fediverse: Fediverse, gina: RemoteActor) -> None:
    evil = remote(fediverse, "evil.test")
    mallory = evil.actor("mallory", key=2)
    own = mallory.document["publicKey"]
    claimed = {"id": gina.key_uri, "owner": mallory.uri, "publicKeyPem": OTHER[0]}
    evil.serve({**mallory.document, "publicKey": [own, claimed]})
    await deliver(node, mallory, mallory.create(mallory.note("2")))

    status, kept = await said(node, gina, Signing(private=OTHER[1]))
    assert (status, kept) == (401, False)
    assert await said(node, gina) == (202, True)


async def test_keyid_key_id_claims_victim(node: Served, fediverse: Fediverse, gina: RemoteActor) -> None:
    assert (await said(node, gina))[0] == 202
    evil = remote(fediverse, "evil.test")
    mallory = evil.actor("mallory", key=2)
    evil.serve({**mallory.document, "publicKey": {**mallory.document["publicKey"], "id": gina.key_uri}})
    await deliver(node, mallory, mallory.create(mallory.note("2")))

    async with node.database.reading() as db:
        key, owner = await keys.owner(db, gina.key_uri)
    assert (key.public, owner.uri) == (gina.public, gina.uri)


async def test_keyid_local_user(node: Served, gina: RemoteActor) -> None:
    alice = f"{node.site.base_url}/users/alice"

    status, kept = await said(node, gina, Signing(key_uri=f"{alice}#main-key"))

    assert (status, kept) == (401, False)


ODD_KEYS = ["file:///etc/passwd", "data:text/plain,x", "javascript:alert(1)", "/users/gina", "", "https://", "x" * 3000]


@pytest.mark.parametrize("key_uri", ODD_KEYS, ids=["file", "data", "javascript", "relative", "empty", "bare", "long"])
async def test_keyid_weird_schemes(node: Served, gina: RemoteActor, key_uri: str) -> None:
    url, body = f"{node.site.base_url}/inbox", orjson.dumps(gina.create(gina.note("1")))

    headers = signed_headers(gina, url, body, Signing(), now=node.node.clock())
    headers["signature"] = headers["signature"].replace(gina.key_uri, key_uri)
    async with node.client() as http:
        response = await http.post(url, content=body, headers=headers)

    assert 400 <= response.status_code < 500


async def test_key_rotation(node: Served, fediverse: Fediverse, good: Remote, gina: RemoteActor) -> None:
    assert (await said(node, gina))[0] == 202
    fediverse.clock.advance(seconds=120)
    good.serve({**gina.document, "publicKey": {**gina.document["publicKey"], "publicKeyPem": OTHER[0]}})
    note = gina.note("2")

    response = await deliver(node, gina, gina.create(note), Signing(private=OTHER[1]))

    assert (response.status_code, await here(node, note["id"])) == (202, True)


@pytest.mark.parametrize("port", ["", ":443", ":8443"])
async def test_how_a_server_signs_is_remembered_where_what_is_for_it_waits(
    node: Served, fediverse: Fediverse, port: str
) -> None:
    there = remote(fediverse, f"[2606:4700::1111]{port}")
    fediverse.apps[there.host.removesuffix(":443")] = there
    gina = there.actor("gina", key=5)

    response = await deliver_rfc9421(node, gina, gina.create(gina.note("1")))

    assert response.status_code == 202, response.text
    host = host_of(gina.inbox)
    async with node.database.reading() as db:
        assert await peers.forms(db, [host]) == {host: "rfc9421"}
