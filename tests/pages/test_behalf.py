"""Writing for a team or without a name on pages, changing and deleting what one may, and who is in a team."""

from __future__ import annotations

import re

import httpx2

from node.connecting import teams as use
from storage.actors import Actor
from storage.members import Role
from storage.teams import Place
from tests.clients.guards import HELD
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.pages.test_writing import NOTE, newest, send
from tests.serving import ON_BOTH, Served


async def gather(sample: Sample) -> None:
    """Imelda is in the team, Rosa leads it."""
    async with sample.served.database.writing() as db:
        for handle, place in (("imelda", Place.MEMBER), ("rosa", Place.LEAD)):
            await use.add(db, sample.served.node, sample.team, handle, place, by=None)


async def press(client: httpx2.AsyncClient, page: str, path: str, **values: str) -> httpx2.Response:
    """Send a form that stands on a page."""
    proof = hidden((await client.get(page)).text, "proof")
    return await client.post(path, data={"proof": proof, **values})


async def decide(served: Served, guardian: Actor, deed: str, **values: str) -> None:
    async with browsing(served, guardian) as client:
        page = (await client.get("/guardian")).text
        found = re.search(r'action="(/guardian/\d+)/claim"', page)
        assert found is not None
        assert (
            await client.post(f"{found[1]}/{deed}", data={"proof": hidden(page, "proof"), **values})
        ).status_code == 303
    await served.fediverse.quiet()


async def test_who_has_no_choice_is_not_asked(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        before = (await client.get("/write")).text
        await sample.served.account("gwen", role=Role.GUARDIAN)
        with_guardian = (await client.get("/write")).text
        await gather(sample)
        with_team = (await client.get("/write/safety-note")).text

    assert 'name="as"' not in before
    assert re.findall(r'name="as" value="([^"]*)"', with_guardian) == ["", "nobody"]
    assert re.findall(r'name="as" value="([^"]*)"', with_team) == ["", str(sample.team.id), "nobody"]
    assert "Readers see the team, not you" in with_team


@ON_BOTH
async def test_a_note_for_the_team_stands_on_its_page(sample: Sample, reader: httpx2.AsyncClient) -> None:
    await gather(sample)
    async with browsing(sample.served, sample.imelda) as client:
        answer = await send(client, "/write/safety-note", {**NOTE, "as": str(sample.team.id)})
        mine = (await client.get(answer.headers["location"])).text
    shown = (await reader.get(answer.headers["location"])).text

    assert answer.headers["location"].startswith("/@skin_links/")
    assert "Skin Link Nurses" in shown
    assert "Imelda" not in shown
    assert "Change or delete" in mine
    assert "Change or delete" not in shown
    assert (await newest(sample.served, sample.team.id))[0].title == NOTE["title"]


async def test_for_a_team_of_others_nothing_is_shared_and_nothing_lost(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        answer = await send(client, "/write", {"text": "For the team", "as": str(sample.team.id)})

    assert answer.status_code == 422
    assert "You are in no such team." in answer.text
    assert "For the team" in answer.text


async def test_writer_and_lead_change_and_delete_on_pages_and_no_one_else(sample: Sample) -> None:
    await gather(sample)
    async with (
        browsing(sample.served, sample.imelda) as client, browsing(sample.served, sample.rosa) as lead,
        browsing(sample.served, sample.alliance) as other,
    ):  # fmt: skip
        place = (await send(client, "/write", {"text": "First words", "as": str(sample.team.id)})).headers["location"]
        form = f"/posts/{place.rpartition('/')[2]}/change"
        assert "First words" in (await client.get(form)).text
        saved = await press(client, form, form, text="Second words", summary="")
        empty = await press(lead, form, form, text="", summary="")
        refused = [
            (await other.get(form)).status_code,
            (await press(other, "/write", form, text="x")).status_code,
            (await press(other, "/write", form.replace("change", "delete"))).status_code,
        ]
        changed = (await client.get(place)).text
        deleted = await press(lead, form, form.replace("change", "delete"))
        gone = await client.get(place)

    assert (saved.headers["location"], empty.status_code) == (place, 422)
    assert "Write something first." in empty.text
    assert refused == [403, 403, 403]
    assert "Second words" in changed
    assert (deleted.headers["location"], gone.status_code) == ("/?said=post-deleted", 410)


async def test_ones_own_post_is_changed_on_a_page_too(sample: Sample) -> None:
    note = sample.posts["note"]
    async with browsing(sample.served, sample.rosa) as client:
        form = f"/posts/{note.id}/change"
        answer = await press(client, form, form, title="Another title", text="New words", summary="Wounds")
        held = await press(client, form, form, title="Another title", text=HELD, summary="")

    post = next(one for one in await newest(sample.served, sample.rosa.id) if one.id == note.id)
    assert answer.status_code == 303
    assert (post.title, post.source, post.summary, post.fields) == ("Another title", "New words", "Wounds", note.fields)
    assert (held.status_code, "A change cannot wait for a guardian" in held.text) == (422, True)


async def test_without_a_name_it_waits_and_comes_out_as_nobodys(sample: Sample, reader: httpx2.AsyncClient) -> None:
    gwen = await sample.served.account("gwen", role=Role.GUARDIAN)
    async with browsing(sample.served, sample.imelda) as client:
        few = await send(client, "/write", {"text": "Afraid to say", "as": "nobody", "visibility": "private"})
        sent = await send(client, "/write", {"text": "Afraid to say", "as": "nobody"})
        waiting = (await client.get("/")).text
        await decide(sample.served, gwen, "release")
        after = (await client.get("/")).text
        found = re.search(r"/@unnamed/\d+", (await reader.get("/learn")).text)
        assert found is not None
        mine, others = (await client.get(found[0])).text, (await reader.get(found[0])).text
        form = f"/posts/{found[0].rpartition('/')[2]}"
        page = (await client.get(f"{form}/change")).text
        changed = await press(client, f"{form}/change", f"{form}/change", text="Other words")
        deleted = await press(client, f"{form}/change", f"{form}/delete")

    assert "What has no name is for everyone" in few.text
    assert ("stays as a guardian read it" in page, "Save the change" in page, changed.status_code) == (True, False, 422)
    assert sent.headers["location"] == "/#waiting"
    assert "Without a name." in waiting
    assert "A guardian reads this before anybody else sees it." in waiting
    assert "Not out yet" not in after
    assert "Change or delete" in mine
    assert "Imelda" not in others
    assert deleted.status_code == 303


async def test_a_returned_one_shows_its_reason_to_its_writer(sample: Sample) -> None:
    gwen = await sample.served.account("gwen", role=Role.GUARDIAN)
    await gather(sample)
    async with browsing(sample.served, sample.imelda) as client, browsing(sample.served, sample.rosa) as lead:
        await send(client, "/write", {"text": HELD, "as": str(sample.team.id)})
        await decide(sample.served, gwen, "return", reason="Leave the bay out.")
        page, others = (await client.get("/")).text, (await lead.get("/")).text

    assert "From Skin Link Nurses." in page
    assert "Leave the bay out." in page
    assert "Leave the bay out." not in others


async def test_leads_add_and_remove_on_the_page_of_a_team(sample: Sample) -> None:
    await gather(sample)
    page = "/@skin_links/members"
    async with browsing(sample.served, sample.rosa) as lead, browsing(sample.served, sample.imelda) as client:
        seen = (await client.get(page)).text
        profile = (await client.get("/@skin_links")).text
        refused = (await press(client, page, page, member="alliance")).status_code
        wrong = await press(lead, page, page, member="nobody_here", lead="1")
        added = await press(lead, page, page, member="@imelda", lead="1")
        led = (await client.get(page)).text
        removed = await press(lead, page, page, remove=str(sample.imelda.id))
        outside = [(await client.get(page)).status_code, (await press(client, "/write", page, member="x")).status_code]
        stays = await press(lead, page, page, remove=str(sample.rosa.id))
        await press(lead, page, page, member="@imelda", lead="1")
        left = await press(lead, page, page, remove=str(sample.rosa.id))

    assert "Rosa Quill" in seen
    assert "Add somebody" not in seen
    assert 'href="/@skin_links/members"' in profile
    assert refused == 403
    assert (wrong.status_code, "Nobody on this node has that name." in wrong.text) == (422, True)
    assert 'value="nobody_here"' in wrong.text
    assert (added.headers["location"], "Add somebody" in led) == (f"{page}?said=team-added", True)
    assert removed.headers["location"] == f"{page}?said=team-removed"
    assert outside == [404, 404]
    assert (stays.status_code, "You are the only lead." in stays.text) == (403, True)
    assert left.headers["location"] == "/@skin_links?said=team-left"


async def test_who_is_in_a_team_is_no_strangers_to_see(sample: Sample, reader: httpx2.AsyncClient) -> None:
    await gather(sample)

    answer = await reader.get("/@skin_links/members")

    assert answer.status_code in (303, 401)
    assert "Who is in it" not in (await reader.get("/@skin_links")).text
