"""Whatever is read from a node that has everything on it is as documented, through and through.

Each GET of the API is asked for by a member. What comes is compared attribute by attribute with
``documents/entities.json``, and so is what lies in it: the account of a status, the poll, the options of that.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from node.sharing import announcements
from tests import pictures
from tests.clients.device import Device
from tests.clients.person import Json, Person, person
from tests.clients.test_entities import DOCUMENTED, differences
from tests.house.client_api import served as routes
from tests.serving import Fediverse, Served

# What is answered: an entity (two joined by +: one that adds to the other), [a list], {an object of them} or a type.
ANSWERS = {
    "/api/v1/accounts/verify_credentials": "Account+CredentialAccount",
    "/api/v1/media/{upload}": "MediaAttachment",
    "/api/v1/accounts/relationships?id[]={bob}": "[Relationship]",
    "/api/v1/accounts/search?q=bob": "[Account]",
    "/api/v1/follow_requests": "[Account]",
    "/api/v1/blocks": "[Account]",
    "/api/v1/mutes": "[Account+MutedAccount]",
    "/api/v1/domain_blocks": "[string]",
    "/api/v1/accounts/familiar_followers?id[]={carol}": "[FamiliarFollowers]",
    "/api/v1/endorsements": "[Account]",
    "/api/v1/followed_tags": "[Tag]",
    "/api/v1/featured_tags": "[FeaturedTag]",
    "/api/v1/featured_tags/suggestions": "[Tag]",
    "/api/v2/filters": "[Filter]",
    "/api/v2/filters/{filter}": "Filter",
    "/api/v2/filters/{filter}/keywords": "[FilterKeyword]",
    "/api/v2/filters/{filter}/statuses": "[FilterStatus]",
    "/api/v2/filters/keywords/{keyword}": "FilterKeyword",
    "/api/v2/filters/statuses/{filtered}": "FilterStatus",
    "/api/v1/filters": "[V1::Filter]",
    "/api/v1/filters/{keyword}": "V1::Filter",
    "/api/v1/lists": "[List]",
    "/api/v1/lists/{list}": "List",
    "/api/v1/lists/{list}/accounts": "[Account]",
    "/api/v1/accounts/{bob}/lists": "[List]",
    "/api/v1/timelines/list/{list}": "[Status]",
    "/api/v1/collections/{collection}": "CollectionWithAccounts",
    "/api/v1/accounts/{bob}/collections": "Collections",
    "/api/v1/accounts/{alice}/in_collections": "Collections",
    "/api/v1/preferences": "Preferences",
    "/api/v1/favourites": "[Status]",
    "/api/v1/bookmarks": "[Status]",
    "/api/v1/notifications": "[Notification]",
    "/api/v1/notifications/{notification}": "Notification",
    "/api/v1/notifications/unread_count": "{integer}",
    "/api/v1/notifications/requests": "[]",  # nothing is held back
    "/api/v1/notifications/requests/merged": "{boolean}",
    "/api/v2/notifications/policy": "NotificationPolicy",
    "/api/v2/notifications": "GroupedNotificationsResults",
    "/api/v2/notifications?expand_accounts=partial_avatars": "GroupedNotificationsResults",
    "/api/v2/notifications/unread_count": "{integer}",
    "/api/v2/notifications/{group}": "GroupedNotificationsResults",
    "/api/v2/notifications/{group}/accounts": "[Account]",
    "/api/v1/announcements": "[Announcement]",
    "/api/v1/conversations": "[Conversation]",
    "/api/v1/markers?timeline[]=home": "{Marker}",
    "/api/v1/timelines/home": "[Status]",
    "/api/v1/timelines/direct": "[Status]",
    "/api/v1/accounts/{bob}/identity_proofs": "[]",  # never, as Mastodon answers since 3.5
    "/api/v1/statuses/{post}/source": "StatusSource",
    "/api/v1/scheduled_statuses": "[ScheduledStatus]",
    "/api/v1/scheduled_statuses/{waiting}": "ScheduledStatus",
    "/api/v1/push/subscription": "WebPushSubscription",
    "/api/v1/emails/check_confirmation": "boolean",
    "/api/v1/accounts/{bob}": "Account",
    "/api/v1/accounts?id[]={bob}": "[Account]",
    "/api/v1/accounts/lookup?acct=bob": "Account",
    "/api/v1/accounts/{alice}/statuses": "[Status]",
    "/api/v1/accounts/{bob}/followers": "[Account]",
    "/api/v1/accounts/{bob}/following": "[Account]",
    "/api/v1/accounts/{alice}/endorsements": "[Account]",
    "/api/v1/accounts/{alice}/featured_tags": "[FeaturedTag]",
    "/api/v1/tags/ward": "Tag",
    "/api/v1/timelines/public": "[Status]",
    "/api/v1/timelines/tag/ward": "[Status]",
    "/api/v1/statuses/{post}": "Status",
    "/api/v1/statuses?id[]={post}": "[Status]",
    "/api/v1/polls/{poll}": "Poll",
    "/api/v1/statuses/{post}/quotes": "[Status]",
    "/api/v1/statuses/{post}/context": "Context",
    "/api/v1/statuses/{post}/history": "[StatusEdit]",
    "/api/v1/statuses/{post}/favourited_by": "[Account]",
    "/api/v1/statuses/{post}/reblogged_by": "[Account]",
    "/api/v2/search?q=ward": "Search",
    "/api/v1/instance": "V1::Instance",
    "/api/v2/instance": "Instance",
    "/api/v1/custom_emojis": "[]",  # the node has none of its own
    "/api/v1/instance/peers": "[]",
    "/api/v1/instance/extended_description": "ExtendedDescription",
    "/api/v1/instance/rules": "[Rule]",
    "/api/v1/instance/translation_languages": "{}",
    "/api/v1/profile": "Profile",
    "/api/v1/directory": "[Account]",
    "/api/v2/suggestions": "[Suggestion]",
    "/api/v1/suggestions": "[Account]",
    "/api/v1/trends": "[]",  # counted by the worker
    "/api/v1/trends/tags": "[]",
    "/api/v1/trends/statuses": "[]",
    "/api/v1/trends/links": "[]",
}
# What lies in an entity.
WITHIN: dict[str, dict[str, str]] = {
    "Status": {
        "account": "Account", "reblog": "Status", "poll": "Poll", "media_attachments": "[MediaAttachment]",
        "mentions": "[Status::Mention]", "tags": "[Status::Tag]", "filtered": "[FilterResult]",
        "application": "Application", "quote": "Quote", "quote_approval": "QuoteApproval",
    },
    "Quote": {"quoted_status": "Status"},
    "Account": {
        "fields": "[Field]", "emojis": "[CustomEmoji]", "roles": "[AccountRole]", "feature_approval": "FeatureApproval",
    },
    "Collection": {"items": "[CollectionItem]", "tag": "ShallowTag"},
    "CollectionWithAccounts": {"accounts": "[Account]", "collection": "Collection"},
    "Collections": {"collections": "[Collection]"},
    "CredentialAccount": {"role": "Role"},
    "Poll": {"options": "[Poll::Option]"},
    "FilterResult": {"filter": "Filter"},
    "Filter": {"keywords": "[FilterKeyword]", "statuses": "[FilterStatus]"},
    "Context": {"ancestors": "[Status]", "descendants": "[Status]"},
    "StatusEdit": {"account": "Account", "media_attachments": "[MediaAttachment]"},
    "Notification": {"account": "Account", "status": "Status"},
    "GroupedNotificationsResults": {
        "accounts": "[Account]", "partial_accounts": "[PartialAccountWithAvatar]", "statuses": "[Status]",
        "notification_groups": "[NotificationGroup]",
    },
    "Conversation": {"accounts": "[Account]", "last_status": "Status"},
    "Announcement": {"tags": "[Status::Tag]", "emojis": "[CustomEmoji]", "reactions": "[Reaction]"},
    "FamiliarFollowers": {"accounts": "[Account]"},
    "ScheduledStatus": {"media_attachments": "[MediaAttachment]"},
    "Search": {"accounts": "[Account]", "statuses": "[Status]", "hashtags": "[Tag]"},
    "Report": {"target_account": "Account"},
    "V1::Instance": {"rules": "[Rule]"},
    "Instance": {"rules": "[Rule]"},
}  # fmt: skip
TYPES: dict[str, type] = {"string": str, "integer": int, "boolean": bool}
NOT_HERE = (
    "/api/v1/streaming/",
    "/oauth/",
    "/.well-known/",
    "/api/v1/apps/",  # asked by an app, see test_entities
    # In tests of their own: what is held back, trends with something in them, texts of the operator, embedding.
    "/api/v1/notifications/requests/{",
    "/api/v1/timelines/link",
    "/api/v1/instance/activity",
    "/api/v1/instance/domain_blocks",
    "/api/v1/instance/privacy_policy",
    "/api/v1/instance/terms_of_service",
    "/api/oembed",
    "/health",
    "/api/v1/sharewell/",  # our own, see test_guardians
)
# Not as documented, on purpose: nobody wrote a description yet.
KNOWN = {
    "/api/v1/instance/extended_description": ["ExtendedDescription: updated_at: null"],
}
# Sent by no answer of these: reports are answered when made, the others are in test_entities or the tests named.
ELSEWHERE = {
    "Report",
    "Application",
    "Error",
    "Token",
    "CredentialApplication",
    "CustomEmoji",
    "AccountRole",
    "InstanceIcon",
    "PreviewCard",  # test_cards
    "Trends::Link",
    "Tag::History",
    "NotificationRequest",  # test_held_notifications
    "TermsOfService",  # test_about
    "PrivacyPolicy",
    "DomainBlock",
    "ShallowQuote",  # test_quotes
    "WrappedCollection",  # test_collections
    "NotificationFallback",
}


def wrong(shape: str, found: Json, seen: set[str]) -> Iterator[str]:
    """What is not as this shape says, and which entities were looked at (``seen``)."""
    inner = shape.strip("[]{}")
    if shape[:1] in ("[", "{"):
        if not isinstance(found, list if shape[0] == "[" else dict):
            yield f"{found!r} is no {shape}"
        elif not inner and found:
            yield f"something, at last: {found!r}"
        elif inner:
            for one in found if isinstance(found, list) else found.values():
                yield from wrong(inner, one, seen)
    elif inner in TYPES:
        if not isinstance(found, TYPES[inner]):
            yield f"{found!r} is no {inner}"
    else:
        yield from _of_entity(inner, found, seen)


def _of_entity(name: str, found: Json, seen: set[str]) -> Iterator[str]:
    entity, _, more = name.partition("+")
    seen |= {entity, more} - {""}
    yield from (f"{entity}: {one}" for one in differences(entity, found, more))
    for within in (entity, more):
        for attribute, shape in WITHIN.get(within, {}).items():
            if found.get(attribute) is not None:
                yield from wrong(shape, found[attribute], seen)


@pytest.fixture
async def node(fediverse: Fediverse) -> Served:
    """A node with rules."""
    return await fediverse.node("here.example", registration={"rules": ["Be kind."]})


@pytest.fixture
async def people(node: Served) -> AsyncGenerator[dict[str, Person]]:
    """Alice, who reads, and others."""
    async with AsyncExitStack() as stack:
        names = ("alice", "bob", "carol", "dan", "eve", "fay")
        yield {name: await stack.enter_async_context(person(node, name)) for name in names}


async def everything(people: dict[str, Person]) -> dict[str, str]:
    """Do everything that leaves something to read; what it is called in paths."""
    alice, bob, carol, dan, eve, fay = people.values()
    fields = [{"name": "Ward", "value": "7"}]
    await alice.web.patch("/api/v1/accounts/update_credentials", json={"fields_attributes": fields, "locked": True})
    for one, other in ((alice, bob), (bob, carol), (carol, bob), (fay, alice)):
        await one.post(f"/api/v1/accounts/{other.id}/follow")
    await alice.post(f"/api/v1/accounts/{dan.id}/block")
    await alice.post(f"/api/v1/accounts/{carol.id}/mute", duration=600)
    await alice.post(f"/api/v1/accounts/{bob.id}/endorse")
    await alice.post("/api/v1/domain_blocks", domain="far.example")
    await alice.post("/api/v1/tags/ward/follow")
    await alice.post("/api/v1/featured_tags", name="ward")
    async with alice.served.database.writing() as db:
        announced = await announcements.announce(db, alice.served.node, "The lifts are out #lifts", ends="2099-12-01")
    await alice.web.put(f"/api/v1/announcements/{announced}/reactions/👍")
    return await _posts(alice, bob, eve) | await _kept(alice, bob) | {name: one.id for name, one in people.items()}


async def _posts(alice: Person, bob: Person, eve: Person) -> dict[str, str]:
    first = await bob.say("First of #ward")
    picture = [await _upload(alice) for _ in range(3)]
    post = await alice.say("@bob look #ward", in_reply_to_id=first["id"], spoiler_text="Care", media_ids=picture[:1])
    await alice.edit(post["id"], status="@bob look here #ward", spoiler_text="Care", media_ids=picture[:1])
    await bob.say("@alice thanks", in_reply_to_id=post["id"])
    await bob.say("Read this", quoted_status_id=post["id"])
    asked = await bob.say("Which #ward?", poll={"options": ["a", "b"], "expires_in": 600})
    await alice.post(f"/api/v1/polls/{asked['poll']['id']}/votes", choices=[0])
    await eve.post(f"/api/v1/statuses/{post['id']}/favourite")
    for act in ("favourite", "reblog"):
        await bob.post(f"/api/v1/statuses/{post['id']}/{act}")
    for act in ("favourite", "bookmark", "reblog"):
        await alice.post(f"/api/v1/statuses/{asked['id']}/{act}")
    await bob.say("@alice between us", visibility="direct")
    later = {"scheduled_at": "2027-01-01T12:00:00Z", "poll": {"options": ["a", "b"], "expires_in": 600}}
    waiting = await alice.say("Later", **later)
    await alice.say("Later still", scheduled_at="2027-01-01T12:00:00Z", media_ids=picture[1:2])
    await alice.say("About #falls")
    return {"post": post["id"], "poll": asked["poll"]["id"], "waiting": waiting["id"], "upload": picture[2]}


async def _upload(alice: Person) -> str:
    answer = await alice.web.post("/api/v2/media", files={"file": ("a.png", pictures.png(), "image/png")})
    return str(answer.json()["id"])


async def _kept(alice: Person, bob: Person) -> dict[str, str]:
    listed = await alice.post("/api/v1/lists", title="Wards")
    await alice.post(f"/api/v1/lists/{listed['id']}/accounts", account_ids=[bob.id])
    about = {"name": "Wards", "tag_name": "wards", "discoverable": True, "account_ids": [bob.id]}
    made = (await bob.post("/api/v1/collections", **about))["collection"]
    said = await bob.say("For the list about spiders")
    words: list[dict[str, Any]] = [{"keyword": "spiders"}]
    kept = await alice.post("/api/v2/filters", title="x", context=["home"], keywords_attributes=words, expires_in=60)
    filtered = await alice.post(f"/api/v2/filters/{kept['id']}/statuses", status_id=said["id"])
    await alice.post("/api/v1/markers", home={"last_read_id": said["id"]})
    await Device().subscribe(alice, "https://push.example/1")
    group = (await alice.get("/api/v2/notifications"))["notification_groups"][0]["group_key"]
    told = (await alice.get("/api/v1/notifications"))[0]["id"]
    return {
        "list": listed["id"], "filter": kept["id"], "keyword": kept["keywords"][0]["id"], "filtered": filtered["id"],
        "group": group, "notification": told, "collection": made["id"],
    }  # fmt: skip


async def test_every_answer_is_as_documented(people: dict[str, Person]) -> None:
    words, seen = await everything(people), set[str]()
    found: dict[str, list[str]] = {}
    for path, shape in ANSWERS.items():
        response = await people["alice"].web.get(path.format(**words))
        assert response.status_code == 200, f"{path}: {response.text}"
        answer = response.json()
        empty = [] if answer or shape in ("[]", "{}") or not isinstance(answer, list) else ["empty"]
        found[path] = empty + list(wrong(shape, answer, seen))

    assert {path: one for path, one in found.items() if one} == KNOWN
    assert set(DOCUMENTED) - seen == ELSEWHERE


async def test_every_route_that_is_read_is_asked() -> None:
    parts = {"{tag}": "{}", "ward": "{}"}
    asked = {path.partition("?")[0] for path in ANSWERS}
    keys = {"/".join("{}" if part[:1] == "{" or part in parts else part for part in path.split("/")) for path in asked}

    assert {path for method, path in routes() if method == "GET" and not path.startswith(NOT_HERE)} == keys
