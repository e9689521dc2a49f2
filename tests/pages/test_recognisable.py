"""Anyone says on a page that somebody is recognisable; guardians decide on theirs. With forms alone."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import httpx2
import pytest

from storage import reports
from storage.actors import Actor
from storage.members import Role
from tests.clients.guards import NUMBER, tables_with
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.pages.test_guardian import deed, press
from tests.serving import ON_BOTH


@pytest.fixture
async def gwen(sample: Sample) -> Actor:
    """A guardian."""
    return await sample.served.account("gwen", role=Role.GUARDIAN)


@pytest.fixture
async def guardian(sample: Sample, gwen: Actor) -> AsyncGenerator[httpx2.AsyncClient]:
    """Her browser."""
    async with browsing(sample.served, gwen) as client:
        yield client


@pytest.fixture
async def stranger(sample: Sample) -> AsyncGenerator[httpx2.AsyncClient]:
    """Somebody who is not signed in."""
    async with sample.served.client() as client:
        yield client


@ON_BOTH
async def test_a_stranger_hides_a_post_and_a_guardian_shows_it_again(
    sample: Sample, stranger: httpx2.AsyncClient, guardian: httpx2.AsyncClient
) -> None:
    note = sample.posts["note"]
    place, path = f"/@rosa/{note.id}", f"/posts/{note.id}/recognisable"
    assert f'href="{path}"' in (await stranger.get(place)).text

    form = await stranger.get(path)
    answer = await stranger.post(path, data={"comment": "The third line"})
    thanks = await stranger.get(answer.headers["location"])

    assert (form.status_code, note.title in form.text, 'name="proof"' in form.text) == (200, True, False)
    assert (answer.status_code, "The post is hidden here now" in thanks.text) == (303, True)
    gone = await stranger.get(place)
    assert (gone.status_code, "Hidden for a privacy check" in gone.text, "/guardian" in gone.text) == (404, True, False)
    assert "Read what waits for guardians" in (await guardian.get(place)).text
    queue = (await guardian.get("/guardian")).text
    assert "1 person says that somebody is recognisable" in queue
    assert "The third line" in queue
    async with browsing(sample.served, sample.rosa) as author:
        own = (await author.get(place)).text
    assert ("Somebody may be recognisable in this, so guardians" in own, note.title in own) == (True, True)

    shown = await press(guardian, await deed(guardian, "show"), version="0")

    assert (shown.status_code, (await stranger.get(place)).status_code) == (303, 200)
    assert "Nothing is waiting" in (await guardian.get("/guardian")).text
    await stranger.post(path)
    assert "A guardian of this node reads the post again" in (await stranger.get(f"{path}?done=read")).text
    assert (await stranger.get(place)).status_code == 200
    queue = (await guardian.get("/guardian")).text
    assert "A guardian read it before and found nobody recognisable" in queue
    await press(guardian, await deed(guardian, "keep"), version="0")
    assert (await stranger.get(place)).status_code == 404


async def test_what_is_wrong_stands_beside_what_was_typed_and_is_kept_nowhere(
    sample: Sample, stranger: httpx2.AsyncClient
) -> None:
    note = sample.posts["note"]
    said = f"NHS number {NUMBER} in the third line"

    answer = await stranger.post(f"/posts/{note.id}/recognisable", data={"comment": said})

    assert (answer.status_code, "<title>Error:" in answer.text, said in answer.text) == (422, True, True)
    assert await tables_with(sample.served, NUMBER) == []
    assert (await stranger.get(f"/@rosa/{note.id}")).status_code == 200


async def test_a_form_of_another_site_hides_nothing(sample: Sample, stranger: httpx2.AsyncClient) -> None:
    path = f"/posts/{sample.posts['note'].id}/recognisable"

    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert (await stranger.post(path, headers=headers)).status_code == 403
    async with browsing(sample.served, sample.imelda) as member:
        assert (await member.post(path)).status_code == 403
        proof = hidden((await member.get(path)).text, "proof")
        assert (await member.post(path, data={"proof": proof})).status_code == 303
    async with browsing(sample.served, sample.rosa) as author:
        assert (await author.get(f"/posts/{sample.posts['idea'].id}/recognisable")).status_code == 403
    assert (await stranger.get("/posts/77/recognisable")).status_code == 404


async def test_the_form_of_members_hides_what_it_names(sample: Sample, stranger: httpx2.AsyncClient) -> None:
    note = sample.posts["note"]
    async with browsing(sample.served, sample.imelda) as member:
        proof = hidden((await member.get(f"/report?account={sample.rosa.id}")).text, "proof")
        said = {"proof": proof, "account": str(sample.rosa.id), "reason": "recognised", "post[]": str(note.id)}
        assert (await member.post("/report", data=said)).status_code == 303

    assert (await stranger.get(f"/@rosa/{note.id}")).status_code == 404
    async with sample.served.database.reading() as db:
        [kept] = await reports.open_ones(db, limit=9)
    assert kept.category is reports.Category.RECOGNISABLE
