"""Posts in two languages: written on pages and by apps, sent as language maps, kept, shown to whose language it is."""

from __future__ import annotations

from typing import Any

from storage import posts, translations
from storage.actors import Actor
from tests.clients.guards import BLOCKED, NUMBER, tables_with
from tests.federation.remote import RemoteActor, deliver
from tests.federation.test_events import two
from tests.pages.conftest import browsing, hidden
from tests.serving import ON_BOTH, Fediverse, Served

WELSH = {
    "other_language": "cy",
    "other_title": "Edrych dan y sawdl",
    "other_text": "Codwch y goes.",
}
NOTE = {
    "title": "Look under the heel", "situation": "Heels looked fine.", "recommendation": "Lift the leg.", "sure": "1",
}  # fmt: skip
AS = {"accept": "application/activity+json"}


@ON_BOTH
async def test_a_note_in_two_languages_is_written_sent_kept_and_shown_in_both(fediverse: Fediverse) -> None:
    north, south, rosa, sam = await two(fediverse)
    async with browsing(north, rosa) as page:
        proof = {"proof": hidden((await page.get("/write/safety-note")).text, "proof")}
        named = await page.post("/write/safety-note", data={**proof, **NOTE, **WELSH, "other_text": BLOCKED})
        same = await page.post("/write/safety-note", data={**proof, **NOTE, **WELSH, "other_language": "en"})
        half = await page.post("/write/safety-note", data={**proof, **NOTE, "other_text": "Codwch y goes."})
        made = await page.post("/write/safety-note", data={**proof, **NOTE, **WELSH})
        place = made.headers["location"]
        change = f"/posts/{place.rpartition('/')[2]}/change"
        again = (await page.get(change)).text
        changed = await page.post(
            change, data={**proof, **NOTE, "text": "More.", **WELSH, "other_text": "Codwch y goes yn ofalus."}
        )  # fmt: skip
    await fediverse.quiet()

    assert [one.status_code for one in (named, same, half)] == [422] * 3
    assert (await tables_with(north, NUMBER), made.status_code, changed.status_code) == ([], 303, 303)
    assert ('value="Edrych dan y sawdl"' in again, '<option value="cy" selected' in again) == (True, True)
    async with north.client() as web:
        document = (await web.get(place, headers=AS)).json()
        english = await web.get(place, headers={"accept-language": "en-GB,en;q=0.9,cy;q=0.5"})
        welsh = (await web.get(place, headers={"accept-language": "cy,en;q=0.7"})).text
        feed = (await web.get("/feed.atom")).text
        found = (await web.get("/search", params={"q": "ofalus"})).text
    assert set(document["contentMap"]) == {"en", "cy"}
    assert document["content"] == document["contentMap"]["en"]
    assert document["contentMap"]["cy"] == (
        "<p><strong>Edrych dan y sawdl</strong></p><p>Codwch y goes yn ofalus.</p>"
    )  # fmt: skip
    assert document["nameMap"] == {"en": "Look under the heel", "cy": "Edrych dan y sawdl"}
    assert "name" not in document
    assert '<h1 lang="cy">Edrych dan y sawdl</h1>' in welsh
    assert welsh.index("yn ofalus") < welsh.index("<details><summary") < welsh.index("Heels looked fine.")
    assert english.text.index("Heels looked fine.") < english.text.index("yn ofalus")
    assert "Accept-Language" in english.headers["vary"]
    assert ("yn ofalus" in feed, "Look under the heel" in found) == (True, True)

    async with south.database.reading() as db:
        kept = await posts.by_uri(db, document["id"])
    other = translations.of(kept.fields)
    assert other is not None
    assert (kept.language, other.language, other.title, other.text) == (
        "en", "cy", "Edrych dan y sawdl", "Codwch y goes yn ofalus.",
    )  # fmt: skip
    async with south.client(await south.token(sam, "read")) as app:
        [status] = (await app.get("/api/v1/timelines/home")).json()
        shown = (await app.get("/api/v2/search", params={"q": "ofalus", "type": "statuses"})).json()
    assert status["sharewell"]["fields"]["translation"]["text"] == other.text
    assert [one["id"] for one in shown["statuses"]] == [status["id"]]


async def test_a_plain_post_has_a_second_language_too(fediverse: Fediverse) -> None:
    north, south, rosa, _sam = await two(fediverse)
    other = {"language": "cy", "text": "Bore da."}
    async with north.client(await north.token(rosa)) as app:
        path = "/api/v1/statuses"
        refused: list[int] = []
        for one in (
            {"translation": {"text": "Bore da."}},
            {"translation": {**other, "language": "en"}},
            {"translation": {**other, "language": "x y"}},
            {"translation": other, "topics": ["falls"]},
            {"translation": {**other, "text": BLOCKED}},
        ):
            words = {"status": "Good morning.", "language": "en", "sharewell": {"fields": one}}
            refused.append((await app.post(path, json=words)).status_code)
        said = {"status": "Good morning.", "language": "en", "sharewell": {"fields": {"translation": other}}}
        made = (await app.post(path, json=said)).json()
        edited = (await app.put(f"{path}/{made['id']}", json={"status": "Good morning to all."})).json()
        await fediverse.quiet()
        page = (await app.get(f"/@rosa/{made['id']}")).text
        gone = await app.put(f"{path}/{made['id']}", json={"status": "Good night.", "sharewell": {"fields": {}}})

    assert refused == [422] * 5
    assert edited["sharewell"] == made["sharewell"] == {"kind": "plain", "fields": {"translation": other}}
    assert made["content"] == "<p>Good morning.</p>"
    assert ("Bore da." in page, "Licence" in page, f"/posts/{made['id']}/correct" in page) == (True, False, False)
    async with south.database.reading() as db:
        kept = await posts.by_uri(db, made["uri"])
    assert (kept.html, translations.of(kept.fields)) == (
        "<p>Good morning to all.</p>", translations.Translation("cy", "", "Bore da."),
    )  # fmt: skip
    assert gone.json()["sharewell"] == {"kind": "plain"}


async def test_what_others_say_in_two_languages_is_kept_and_what_is_none_is_left_out(
    node: Served, alice: Actor, gina: RemoteActor
) -> None:
    maps: list[dict[str, Any]] = [
        {"content": "Helo", "contentMap": {"cy": "<p>Helo</p>", "en": "<p>Hello <b>all</b></p>"}},
        {"content": "Helo", "contentMap": {"cy": "<p>Helo</p>"}},
        {"content": "Other", "contentMap": {"cy": "<p>Helo</p>", "en": "<p>Hello</p>"}},
        {"content": "Helo", "contentMap": {"cy": "<p>Helo</p>", "und": "x", "e n": "y", "en": 7, "fr": ""}},
        {"content": "Helo", "contentMap": {"cy": "<p>Helo</p>", "en": f"<p>{BLOCKED}</p>"}},
        {"content": "Helo", "contentMap": {"cy": "<p>Helo</p>", "fr": "<p>", "de": "", "nl": "", "en": "<p>Hello</p>"}},
    ]
    found: list[tuple[str, str]] = []
    for number, one in enumerate(maps):
        note = gina.note(str(number), **one)
        assert (await deliver(node, gina, gina.create(note))).status_code == 202
        async with node.database.reading() as db:
            kept = await posts.by_uri(db, note["id"])
        other = translations.of(kept.fields)
        found.append((kept.visibility.value, "" if other is None else f"{other.language}: {other.text}"))

    assert found == [
        ("public", "en: Hello all"), ("public", ""), ("public", ""), ("public", ""), ("hidden", f"en: {BLOCKED}"),
        ("public", ""),
    ]  # fmt: skip
