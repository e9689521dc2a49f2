"""What apps are sent, attribute by attribute, against the documented names and types (``documents/entities.json``).

An attribute that the version we announce has must be there, with its type. What is newer may be missing. Nothing but
``sharewell`` is sent under a name that nobody documented.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from node.api.instance import SAYS
from storage import attachments
from storage.attachments import Attachment
from tests.clients.browser import browsing
from tests.clients.device import Device
from tests.clients.person import Json, Person
from tests.serving import Served

DOCUMENTED: dict[str, dict[str, dict[str, Any]]] = json.loads(
    (Path(__file__).parents[1] / "documents" / "entities.json").read_text(encoding="utf-8")
)
ANNOUNCED = tuple(int(part) for part in SAYS.partition(" ")[0].split("."))
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "number": (int, float),
}  # fmt: skip
# Documented and not sent, because it would not be true here.
ABSENT = {
    "Instance": {"configuration/urls/streaming", "configuration/translation/languages"},
    "V1::Instance": {"urls/streaming_api"},
}
OURS = {"sharewell", "supported_mime_types", "translation", "vapid", "text_url", "policy"}


def differences(entity: str, found: Json, documented: str = "") -> list[str]:
    """What is not as documented: "name: what is wrong"."""
    wrong: list[str] = []
    rules = DOCUMENTED[entity] if not documented else DOCUMENTED[entity] | DOCUMENTED[documented]
    for path, rule in rules.items():
        wrong += _difference(entity, path, rule, found)
    names = {path.partition("/")[0] for path in rules}
    return wrong + [f"{name}: not documented" for name in found if name not in names | OURS]


def _difference(entity: str, path: str, rule: dict[str, Any], found: Json) -> list[str]:
    *parents, name = path.split("/")
    place = found
    for parent in parents:
        place = place.get(parent) if isinstance(place, dict) else None
    since = tuple(int(part) for part in rule["since"].split("."))
    if not isinstance(place, dict) or name not in place:
        missed = since <= ANNOUNCED and not rule.get("optional") and path not in ABSENT.get(entity, ())
        parent_there = not parents or isinstance(place, dict)
        return [f"{path}: missing"] if missed and parent_there else []
    value = place[name]
    if value is None:
        return [] if rule.get("null") else [f"{path}: null"]
    fits = isinstance(value, TYPES[rule["type"]]) and (rule["type"] == "boolean" or not isinstance(value, bool))
    return [] if fits else [f"{path}: {value!r} is no {rule['type']}"]


@pytest.fixture
async def post(alice: Person, bob: Person, served: Served) -> Json:
    """A post with everything on it that a post can have here."""
    top = await bob.say("First")
    made = await alice.say("@bob look #safety :ok:", in_reply_to_id=top["id"], spoiler_text="Careful", language="en")
    await alice.edit(made["id"], status="@bob look here #safety :ok:")
    async with served.database.writing() as db:
        assert alice.actor is not None
        file = Attachment(0, int(made["id"]), alice.actor.id, 0, "image/png", "https://m.example/a.png", alt="A bed",
                          width=4, height=3, focus="[0.5, -0.5]")  # fmt: skip
        await attachments.put(db, [file])
        emojis = '[{"shortcode": "ok", "url": "https://m.example/ok.png"}]'
        await db.run(
            "UPDATE posts SET emojis = :emojis, changed = changed + 1 WHERE id = :id", emojis=emojis, id=int(made["id"])
        )
    return await alice.get(f"/api/v1/statuses/{made['id']}")


async def test_a_status_is_as_documented(post: Json) -> None:
    assert differences("Status", post) == []
    assert differences("Account", post["account"]) == []
    assert differences("Status::Mention", post["mentions"][0]) == []
    assert differences("Status::Tag", post["tags"][0]) == []
    assert differences("MediaAttachment", post["media_attachments"][0]) == []
    assert differences("CustomEmoji", post["emojis"][0]) == []


async def test_a_boost_is_a_status(post: Json, bob: Person) -> None:
    boost = await bob.post(f"/api/v1/statuses/{post['id']}/reblog")

    assert differences("Status", boost) == []
    assert differences("Status", boost["reblog"]) == []


async def test_a_status_for_nobody_in_particular_is_one(post: Json, nobody: Person) -> None:
    shown = await nobody.get(f"/api/v1/statuses/{post['id']}")

    assert differences("Status", shown) == []
    assert "favourited" not in shown


async def test_a_deleted_status_has_its_text(post: Json, alice: Person) -> None:
    deleted = await alice.delete(f"/api/v1/statuses/{post['id']}")

    assert differences("Status", deleted) == []
    assert isinstance(deleted["text"], str)


async def test_context_history_and_source_are_as_documented(post: Json, alice: Person) -> None:
    path = f"/api/v1/statuses/{post['id']}"
    [first, last] = await alice.get(f"{path}/history")

    assert differences("Context", await alice.get(f"{path}/context")) == []
    assert (differences("StatusEdit", first), differences("StatusEdit", last)) == ([], [])
    assert differences("Account", first["account"]) == []
    assert differences("StatusSource", await alice.get(f"{path}/source")) == []


async def test_ones_own_account_is_as_documented(alice: Person) -> None:
    sent = {"fields_attributes": [{"name": "Ward", "value": "Seven"}], "note": "Nurse"}
    changed = (await alice.web.patch("/api/v1/accounts/update_credentials", json=sent)).json()
    own = await alice.get("/api/v1/accounts/verify_credentials")

    assert own == changed
    assert differences("Account", own, "CredentialAccount") == []
    assert differences("Role", own["role"]) == []
    assert [differences("Field", one) for one in [*own["fields"], *own["source"]["fields"]]] == [[], []]


async def test_a_relationship_is_as_documented(alice: Person, bob: Person) -> None:
    [found] = await alice.get("/api/v1/accounts/relationships", **{"id[]": bob.id})

    assert differences("Relationship", found) == []


async def test_a_muted_account_is_as_documented(alice: Person, bob: Person) -> None:
    for duration in (0, 60):
        await alice.post(f"/api/v1/accounts/{bob.id}/mute", duration=duration)
        [found] = await alice.get("/api/v1/mutes")

        assert differences("Account", found, "MutedAccount") == []


async def test_a_list_is_as_documented(alice: Person) -> None:
    made = await alice.post("/api/v1/lists", title="Wards")

    assert differences("List", made) == []


async def test_a_push_subscription_is_as_documented(alice: Person) -> None:
    made = await Device().subscribe(alice, "https://push.example/1")

    assert differences("WebPushSubscription", made) == []


async def test_filters_are_as_documented(post: Json, alice: Person) -> None:
    words = [{"keyword": "look"}]
    made = await alice.post("/api/v2/filters", title="x", context=["home"], keywords_attributes=words, expires_in=60)
    await alice.post(f"/api/v2/filters/{made['id']}/statuses", status_id=post["id"])
    [whole] = await alice.get("/api/v2/filters")
    [result] = (await alice.get(f"/api/v1/statuses/{post['id']}"))["filtered"]
    [old] = await alice.get("/api/v1/filters")

    assert differences("Filter", whole) == differences("Filter", result["filter"]) == []
    assert differences("FilterKeyword", whole["keywords"][0]) == []
    assert differences("FilterStatus", whole["statuses"][0]) == []
    assert (differences("FilterResult", result), differences("V1::Filter", old)) == ([], [])


async def test_tags_are_as_documented(alice: Person) -> None:
    await alice.say("Hello #safety")
    featured = await alice.post("/api/v1/featured_tags", name="safety")
    followed = await alice.post("/api/v1/tags/safety/follow")

    assert (differences("FeaturedTag", featured), differences("Tag", followed)) == ([], [])


async def test_notifications_are_as_documented(post: Json, alice: Person, bob: Person) -> None:
    await bob.post(f"/api/v1/accounts/{alice.id}/follow")
    for act in ("favourite", "reblog"):
        await bob.post(f"/api/v1/statuses/{post['id']}/{act}")

    told = await alice.get("/api/v1/notifications")

    assert [one["type"] for one in told] == ["reblog", "favourite", "follow"]
    assert [differences("Notification", one) for one in told] == [[], [], []]


async def test_search_and_preferences_are_as_documented(post: Json, alice: Person) -> None:
    found = await alice.get("/api/v2/search", q="safety")

    assert differences("Search", found) == []
    assert differences("Tag", found["hashtags"][0]) == []
    assert differences("Preferences", await alice.get("/api/v1/preferences")) == []


async def test_what_the_node_is_is_as_documented(nobody: Person) -> None:
    assert differences("Instance", await nobody.get("/api/v2/instance")) == []
    assert differences("V1::Instance", await nobody.get("/api/v1/instance")) == []


async def test_apps_and_tokens_are_as_documented(served: Served, alice: Person) -> None:
    async with browsing(served, "alice") as browser:
        registered = (
            await browser.web.post("/api/v1/apps", data={"client_name": "x", "redirect_uris": "a://b\nc://d"})
        ).json()
        app = await browser.register(scopes="read write")
        token = (await browser.trade(app, await browser.code(app, scope="read"))).json()
    async with served.client(token["access_token"]) as web:
        verified = (await web.get("/api/v1/apps/verify_credentials")).json()

    assert differences("Application", registered, "CredentialApplication") == []
    assert differences("Application", verified) == []
    assert differences("Token", token) == []
    assert (registered["redirect_uri"], registered["redirect_uris"]) == ("a://b\nc://d", ["a://b", "c://d"])


async def test_errors_are_as_documented(alice: Person) -> None:
    for path in ("/api/v1/statuses/1", "/api/v1/nothing"):
        assert differences("Error", (await alice.web.get(path)).json()) == []
    assert differences("Error", (await alice.web.post("/oauth/token")).json()) == []


async def test_the_numbers_are_true(alice: Person, bob: Person, nobody: Person) -> None:
    await alice.say("One")
    boosted = await alice.say("Two")
    await bob.post(f"/api/v1/statuses/{boosted['id']}/reblog")
    await bob.post(f"/api/v1/accounts/{alice.id}/follow")

    stats = (await nobody.get("/api/v1/instance"))["stats"]
    account = await nobody.get(f"/api/v1/accounts/{alice.id}")

    assert stats == {"user_count": 2, "status_count": 2, "domain_count": 0}
    assert [account[name] for name in ("statuses_count", "followers_count", "following_count")] == [2, 1, 0]


async def test_the_version_says_what_is_built(nobody: Person) -> None:
    said = await nobody.get("/api/v2/instance")

    assert said["version"] == "4.6.0 (compatible; Sharewell 0.1.0)"
    assert said["api_versions"] == {"mastodon": 10}
    assert said["configuration"]["statuses"]["max_media_attachments"] == 4
    assert said["registrations"]["enabled"] is False
