"""Pages: an author says what is about the same problem, here or elsewhere, and both pages show it."""

from __future__ import annotations

from tests.clients.person import person
from tests.pages.conftest import browsing
from tests.pages.sample import Sample
from tests.pages.test_behalf import press

IDEA = {"kind": "idea", "title": "Low beds", "fields": {"proposal": "Lower them at night.", "topics": ["falls"]}}


async def test_an_author_names_a_post_elsewhere_and_one_they_saved_and_both_pages_say_so(sample: Sample) -> None:
    served = sample.served
    south = await served.fediverse.node("south.example")
    note, sbar = sample.posts["note"], sample.posts["sbar"]
    async with person(south, "sam") as sam:
        theirs = await sam.say("", sharewell=IDEA)
    path = f"/posts/{note.id}/same"
    async with browsing(served, sample.rosa) as rosa, browsing(served, sample.imelda) as imelda:
        offered = (await rosa.get(sample.href("note"))).text
        far = await press(rosa, path, path, address=theirs["url"])
        wrong = [await press(rosa, path, path, address=one) for one in ("https://nowhere.test/1", sample.href("note"))]
        await press(rosa, sample.href("sbar"), f"/posts/{sbar.id}/respond", do="save", back="/")
        near = await press(rosa, path, path, saved=str(sbar.id))
        form = (await rosa.get(path)).text
        refused = (await imelda.get(path)).status_code
        await served.fediverse.quiet()
        page = (await imelda.get(sample.href("note"))).text
        other = (await imelda.get(sample.href("sbar"))).text
        async with south.client() as web:
            there = (await web.get(theirs["uri"].removeprefix("https://south.example"))).text
        await press(rosa, path, path, remove=sbar.uri)
        after = (await imelda.get(sample.href("sbar"))).text

    assert f'href="{path}"' in offered
    assert [one.status_code for one in (far, near)] == [303, 303]
    assert [one.status_code for one in wrong] == [422, 422]
    assert "Low beds" in form and sbar.title in form
    assert refused == 403
    same = page.partition("Others with this problem")[2]
    assert "Low beds" in same and sbar.title in same
    assert note.title in other.partition("Others with this problem")[2]
    assert note.title in there.partition("Others with this problem")[2]
    assert "Others with this problem" not in after
