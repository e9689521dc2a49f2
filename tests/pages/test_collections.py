"""A collection as a page: read without an account, followed from with one, and left by who is in it."""

from __future__ import annotations

import httpx2

from node.connecting import collections as use
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.serving import ON_BOTH

pytestmark = ON_BOTH


async def test_a_collection_is_read_without_an_account_and_found_on_the_page_of_its_owner(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    path = f"/collections/{sample.collection}"
    page, owner = (await reader.get(path)).text, (await reader.get("/@alliance")).text
    sensitive = (await reader.get(f"/collections/{sample.empty}")).text
    elsewhere = await reader.get(path, headers={"accept": "application/activity+json"})

    assert all(one in page for one in ("Who looks after skin", "People worth reading.", "#Heels", "Skin Link Nurses"))
    assert 'href="/@skin_links">Follow' in page
    assert 'href="/@gethin@cwm.example">Follow' in page
    assert path in owner
    assert "Content warning:" in sensitive
    assert (elsewhere.status_code, (await reader.get(elsewhere.headers["location"])).json()["type"]) == (
        303, "FeaturedCollection",
    )  # fmt: skip
    assert (await reader.get("/collections/12345")).status_code == 404


async def test_a_member_follows_from_a_collection_and_leaves_one(sample: Sample) -> None:
    async with sample.served.database.writing() as db:
        kept = await use.mine(db, sample.alliance.id, sample.collection)
        await use.put(db, sample.served.node, sample.alliance, kept, sample.imelda.id)
    path = f"/collections/{sample.collection}"
    async with browsing(sample.served, sample.imelda) as imelda:
        told, before = (await imelda.get("/notifications")).text, (await imelda.get(path)).text
        proof = hidden(before, "proof")
        form = {"proof": proof, "back": path, "do": "follow"}
        followed = await imelda.post(f"/accounts/{sample.team.id}/act", data=form)
        left = await imelda.post(f"{path}/leave", data={"proof": proof})
        after = (await imelda.get(left.headers["location"])).text
        again = await imelda.post(f"{path}/leave", data={"proof": proof})

    assert "recommends you in:" in told
    assert "Take me out" in before
    assert (followed.status_code, followed.headers["location"], left.status_code) == (303, path, 303)
    assert "You follow them" in after
    assert "You are out of this collection" in after
    assert "Take me out" not in after
    assert again.status_code == 303
