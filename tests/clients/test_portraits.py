"""Members show an avatar and a header; other servers do too."""

from __future__ import annotations

from tests import pictures
from tests.clients.person import Json, Person
from tests.clients.test_entities import differences
from tests.clients.test_media import erased, path_of
from tests.serving import ON_BOTH, Served

pytestmark = ON_BOTH
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
