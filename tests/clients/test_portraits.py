"""Members show an avatar and a header; other servers do too."""

from __future__ import annotations

from tests import pictures
from tests.clients.person import Json, Person, person
from tests.clients.test_entities import differences
from tests.clients.test_media import erased, path_of
from tests.serving import Fediverse, Served

CHANGE = "/api/v1/accounts/update_credentials"


async def show(who: Person, **files: bytes) -> Json:
    sent = {name: (f"{name}.png", data, "image/png") for name, data in files.items()}
    answer = await who.web.patch(CHANGE, files=sent, data={"display_name": "Alice"})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_pictures_of_a_member_are_cropped_and_shown(alice: Person, nobody: Person, served: Served) -> None:
    made = await show(alice, avatar=pictures.png((900, 600), "RGBA"), header=pictures.telling_jpeg())
    account = await nobody.get(f"/api/v1/accounts/{alice.id}")
    document = (await nobody.web.get("/users/alice", headers={"accept": "application/activity+json"})).json()
    avatar, header = [await nobody.web.get(path_of(account[name])) for name in ("avatar", "header")]

    assert differences("Account", made, "CredentialAccount") == []
    assert (account["avatar"], account["header"]) == (made["avatar"], made["header"])
    assert [pictures.opened(one.content).size for one in (avatar, header)] == [(400, 400), (1500, 500)]
    assert pictures.MARK.encode() not in header.content
    assert document["icon"] == {"type": "Image", "mediaType": "image/png", "url": account["avatar"]}
    assert document["image"] == {"type": "Image", "mediaType": "image/jpeg", "url": account["header"]}


async def test_a_new_avatar_takes_the_place_of_the_old_one(alice: Person, served: Served) -> None:
    old = await show(alice, avatar=pictures.png())
    new = await show(alice, avatar=pictures.jpeg())

    assert len(await erased(served)) == 1
    assert [await alice.status_of("GET", path_of(one["avatar"])) for one in (old, new)] == [404, 200]


async def test_pictures_can_be_removed(alice: Person, served: Served) -> None:
    blank = await alice.get("/api/v1/accounts/verify_credentials")
    await show(alice, avatar=pictures.png(), header=pictures.png())

    half = await alice.delete("/api/v1/profile/avatar")
    none = await alice.delete("/api/v1/profile/header")

    assert (half["avatar"], half["header"] == blank["header"]) == (blank["avatar"], False)
    assert (none["header"], none["display_name"]) == (blank["header"], "Alice")
    assert await alice.delete("/api/v1/profile/header") == none
    assert await erased(served) == []


async def test_what_is_no_picture_changes_nothing(alice: Person, served: Served) -> None:
    before = await alice.get("/api/v1/accounts/verify_credentials")
    svg = {"avatar": ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png")}

    answer = await alice.web.patch(CHANGE, files=svg, data={"display_name": "Eve"})
    asked = await alice.status_of("PATCH", CHANGE, json={"avatar": "https://far.example/a.png"})

    assert (answer.status_code, asked) == (422, 422)
    assert await alice.get("/api/v1/accounts/verify_credentials") == before
    assert await erased(served) == []


async def test_a_form_without_files_is_a_form(alice: Person) -> None:
    empty = {"avatar": (None, b""), "note": (None, b"Nurse")}

    answer = await alice.web.patch(CHANGE, files=empty)

    assert (answer.status_code, answer.json()["source"]["note"]) == (200, "Nurse")


async def test_what_pictures_show_is_said_in_words_until_others_take_their_place(
    fediverse: Fediverse, alice: Person, served: Served
) -> None:
    said = {"avatar_description": " A nurse\nwith a cap ", "header_description": "The ward"}
    made = await changed(alice, said, avatar=pictures.png(), header=pictures.png())
    profile = await alice.get("/api/v1/profile")
    document = await document_of(alice)
    there = await fediverse.node("there.example")
    async with person(there, "bob") as bob:
        [seen] = (await bob.get("/api/v2/search", q="@alice@here.example", resolve="true"))["accounts"]
        kept = await changed(alice, {"display_name": "Alice"})
        new = await changed(alice, {}, avatar=pictures.jpeg())
        await alice.delete("/api/v1/profile/header")
        after = await alice.get("/api/v1/profile")

    words = ("A nurse with a cap", "The ward")
    for one in (made, profile, seen, kept):
        assert (one["avatar_description"], one["header_description"]) == words
    assert (document["icon"]["name"], document["image"]["name"]) == words
    assert (new["avatar_description"], new["header_description"]) == ("", "The ward")
    assert (after["avatar_description"], after["header_description"]) == ("", "")
    assert "name" not in (await document_of(alice))["icon"]
    assert await alice.status_of("PATCH", CHANGE, json={"header_description": "x" * 151}) == 422


async def test_websites_may_name_a_member_as_an_author(alice: Person, bob: Person) -> None:
    named = ["Ward.Example.org", "https://blog.example/a", "ward.example.org", ""]
    made = await changed(alice, {"attribution_domains": named})
    document = await document_of(alice)
    kept = await changed(alice, {"display_name": "Alice"})
    form = await alice.web.patch(CHANGE, data={"attribution_domains[]": ["one.example"]})

    hosts = ["ward.example.org", "blog.example"]
    assert made["source"]["attribution_domains"] == kept["source"]["attribution_domains"] == hosts
    assert document["attributionDomains"] == hosts
    assert "attributionDomains" not in await document_of(bob)
    assert form.json()["source"]["attribution_domains"] == ["one.example"]
    for wrong in ([f"w{n}.example" for n in range(11)], ["a b"], ["x" * 300], ["a@b"], ["javascript:alert(1)"]):
        assert await alice.status_of("PATCH", CHANGE, json={"attribution_domains": wrong}) == 422
    assert (await changed(alice, {"attribution_domains": []}))["source"]["attribution_domains"] == []


async def changed(who: Person, said: Json, **files: bytes) -> Json:
    sent = {name: (f"{name}.png", data, "image/png") for name, data in files.items()}
    answer = await (who.web.patch(CHANGE, files=sent, data=said) if files else who.web.patch(CHANGE, json=said))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def document_of(who: Person) -> Json:
    assert who.actor is not None
    found = await who.web.get(f"/users/{who.actor.handle}", headers={"accept": "application/activity+json"})
    return found.json()
