"""Custom emoji of this node: written by members, seen by apps, on pages and by other servers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from node import sweeping
from node.errors import Invalid
from node.sharing import emojis
from tests import pictures
from tests.clients.person import Person, person
from tests.clients.test_entities import differences
from tests.serving import Fediverse, Served


@pytest.fixture
async def ok(served: Served, tmp_path: Path) -> str:
    """The name of an emoji that there is."""
    file = tmp_path / "ok.png"
    file.write_bytes(pictures.png())
    await emojis.add(served.node, "ok_hand", file, "Hands")
    return "ok_hand"


async def test_apps_are_told_which_there_are(nobody: Person, ok: str) -> None:
    [found] = await nobody.get("/api/v1/custom_emojis")

    assert (found["shortcode"], found["category"], found["visible_in_picker"]) == (ok, "Hands", True)
    assert differences("CustomEmoji", found) == []
    picture = await nobody.web.get(found["url"])
    assert (picture.status_code, picture.headers["content-type"][:6]) == (200, "image/")


async def test_a_post_with_one_shows_it_in_apps_and_on_pages(alice: Person, nobody: Person, ok: str) -> None:
    post = await alice.say(f"Fine :{ok}: and :other: a:{ok}:b https://a.example/:{ok}:/")
    edited = await alice.edit((await alice.say("Plain"))["id"], status=f"Now :{ok}:")
    page = (await nobody.web.get(post["url"], headers={"accept": "text/html"})).text

    [shown] = post["emojis"]
    assert (shown["shortcode"], [one["shortcode"] for one in edited["emojis"]]) == (ok, [ok])
    place = shown["url"].removeprefix("https://here.example")
    assert f'<img class="emoji" src="{place}" alt=":{ok}:" title=":{ok}:"' in page
    assert ":other:" in page
    assert re.search(r'href="[^"]*<img', page) is None


async def test_other_servers_are_sent_it_and_show_it(
    fediverse: Fediverse, served: Served, alice: Person, ok: str
) -> None:
    there = await fediverse.node("there.example")
    async with person(there, "bob") as bob:
        [found] = (await bob.get("/api/v2/search", q="@alice@here.example", resolve="true"))["accounts"]
        await bob.post(f"/api/v1/accounts/{found['id']}/follow")
        await fediverse.quiet()
        post = await alice.say(f"Fine :{ok}:")
        await fediverse.quiet()
        [seen] = await bob.get("/api/v1/timelines/home")

    document = (await alice.web.get(post["uri"], headers={"accept": "application/activity+json"})).json()
    [emoji] = [one for one in document["tag"] if one["type"] == "Emoji"]
    assert (emoji["name"], emoji["icon"]["url"]) == (f":{ok}:", post["emojis"][0]["url"])
    assert [(one["shortcode"], one["url"]) for one in seen["emojis"]] == [(ok, post["emojis"][0]["url"])]


async def test_one_that_is_removed_leaves_no_file(served: Served, alice: Person, nobody: Person, ok: str) -> None:
    [found] = await nobody.get("/api/v1/custom_emojis")
    async with served.database.writing() as db:
        assert await emojis.remove(db, served.node, ok)
        assert not await emojis.remove(db, served.node, ok)
    await sweeping.remove_loose(served.node)

    assert await nobody.get("/api/v1/custom_emojis") == []
    assert (await nobody.web.get(found["url"])).status_code == 404
    assert (await alice.say(f"Fine :{ok}:"))["emojis"] == []


async def test_a_new_picture_takes_the_place_of_the_old(
    served: Served, nobody: Person, ok: str, tmp_path: Path
) -> None:
    [old] = await nobody.get("/api/v1/custom_emojis")
    await emojis.add(served.node, ok, tmp_path / "ok.png", "")
    await sweeping.remove_loose(served.node)
    [new] = await nobody.get("/api/v1/custom_emojis")

    assert (new["shortcode"], new["category"], new["url"] != old["url"]) == (ok, None, True)
    assert [(await nobody.web.get(one["url"])).status_code for one in (old, new)] == [404, 200]


@pytest.mark.parametrize("name", ["", "a", "with space", "ümlaut", "a" * 65, "<b>", "a:b", "../x"])
async def test_a_name_that_is_none_is_refused(served: Served, tmp_path: Path, name: str) -> None:
    (tmp_path / "a.png").write_bytes(pictures.png())
    with pytest.raises(Invalid):
        await emojis.add(served.node, name, tmp_path / "a.png", "")


async def test_a_file_that_is_no_picture_is_refused(served: Served, nobody: Person, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"<svg onload='alert(1)'/>")
    (tmp_path / "large.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * (2 << 20))
    for name in ("a.png", "large.png", "missing.png"):
        with pytest.raises(Invalid):
            await emojis.add(served.node, "ok", tmp_path / name, "")

    assert await nobody.get("/api/v1/custom_emojis") == []


async def test_names_and_what_members_say_of_themselves_have_them_too(
    fediverse: Fediverse, served: Served, alice: Person, nobody: Person, ok: str
) -> None:
    fields = [{"name": f"On :{ok}:", "value": "<b> :other:"}]
    sent = {"display_name": f"Alice :{ok}: & co", "note": f"Nurse :{ok}:", "fields_attributes": fields}
    made = (await alice.web.patch("/api/v1/accounts/update_credentials", json=sent)).json()
    post = await alice.say("Hello")
    document = (await nobody.web.get("/users/alice", headers={"accept": "application/activity+json"})).json()
    page = (await nobody.web.get("/@alice")).text
    below = (await nobody.web.get(post["url"], headers={"accept": "text/html"})).text
    there = await fediverse.node("there.example")
    async with person(there, "bob") as bob:
        [seen] = (await bob.get("/api/v2/search", q="@alice@here.example", resolve="true"))["accounts"]
        async with there.client() as web:
            away = (await web.get("/@alice@here.example")).text

    [emoji] = made["emojis"]
    picture = f'<img class="emoji" src="{emoji["url"].removeprefix("https://here.example")}" alt=":{ok}:"'
    assert emoji["shortcode"] == ok
    assert post["account"]["emojis"] == [emoji]
    assert [(one["name"], one["icon"]["url"]) for one in document["tag"]] == [(f":{ok}:", emoji["url"])]
    assert page.count(picture) >= 3
    assert f"<h1>Alice {picture}" in page
    assert f"<title>Alice :{ok}: &amp; co" in page
    assert "&lt;b&gt; :other:" in page
    assert f"Alice {picture}" in below
    assert [(one["shortcode"], one["url"]) for one in seen["emojis"]] == [(ok, emoji["url"])]
    assert f"<h1>Alice :{ok}: &amp; co</h1>" in away


async def test_a_name_without_them_has_none_any_more(alice: Person, ok: str) -> None:
    path = "/api/v1/accounts/update_credentials"
    await alice.web.patch(path, json={"display_name": f":{ok}:"})
    plain = (await alice.web.patch(path, json={"display_name": "Alice"})).json()
    note = (await alice.web.patch(path, json={"note": f":{ok}:"})).json()
    field = (
        await alice.web.patch(path, json={"note": "", "fields_attributes": [{"name": "a", "value": f":{ok}:"}]})
    ).json()
    kept = (await alice.web.patch(path, json={"locked": True})).json()

    assert plain["emojis"] == []
    assert [len(one["emojis"]) for one in (note, field, kept)] == [1, 1, 1]
