"""Groups on pages: made, joined, kept, closed."""

from __future__ import annotations

import httpx2

from tests.pages.conftest import browsing
from tests.pages.sample import Sample
from tests.pages.test_behalf import press

NEW = {
    "username": "falls_group", "display_name": "Falls without blame", "note": "Four wards that count falls.",
    "kind": "collaborative", "joining": "request", "posting": "anyone", "aim": "Half as many falls by June",
    "starts_on": "2026-11-01", "ends_on": "2027-06-30",
}  # fmt: skip


async def made(client: httpx2.AsyncClient, **more: str) -> None:
    answer = await press(client, "/groups/new", "/groups/new", **{**NEW, **more})
    assert answer.headers.get("location") == f"/@{more.get('username', 'falls_group')}?said=group-made", answer.text


async def test_a_collaborative_is_made_asked_into_and_closed(sample: Sample, reader: httpx2.AsyncClient) -> None:
    served = sample.served
    async with browsing(served, sample.rosa) as rosa, browsing(served, sample.imelda) as imelda:
        wrong = await press(rosa, "/groups/new", "/groups/new", **{**NEW, "username": "rosa", "aim": ""})
        await made(rosa)
        public = (await reader.get("/@falls_group")).text
        group = (await served.client().get("/api/v1/accounts/lookup", params={"acct": "falls_group"})).json()["id"]
        act = f"/groups/{group}/act"
        asked = await press(imelda, "/@falls_group", act, do="join")
        waits = (await imelda.get("/@falls_group")).text
        at_home = (await rosa.get("/")).text
        told = (await rosa.get("/notifications/followers")).text
        app = await served.as_member(sample.rosa)
        [heard] = (await app.get("/api/v1/notifications", params={"types[]": "follow_request"})).json()
        page = (await rosa.get("/@falls_group/members")).text
        let_in = await press(rosa, "/@falls_group/members", act, do="admit", member=str(sample.imelda.id))
        inside = (await imelda.get("/groups")).text
        answered, theirs = (await rosa.get("/notifications")).text, (await imelda.get("/notifications")).text
        unsure = await press(rosa, "/@falls_group/group", act, do="close")
        closed = await press(rosa, "/@falls_group/group", act, do="close", sure="1")
        after = (await reader.get("/@falls_group")).text

    assert wrong.status_code == 422
    assert "Say what the collaborative wants to achieve." in wrong.text
    for words in ("Collaborative ·", "Half as many falls by June", "1 Nov 2026", "Rosa Quill"):
        assert words in public
    assert asked.headers["location"] == "/@falls_group?said=group-asked"
    assert "You asked to join" in waits
    assert "Your groups (1)" in at_home
    assert "asks to be in:" in told and 'href="/@falls_group/members">Answer' in told
    assert (heard["account"]["acct"], heard["sharewell"]) == ("imelda", {"reason": "join_asked"})
    assert "asked to be in a group that you look after. It is settled." in answered
    assert "asks to be in" not in theirs
    assert "Imelda Farrow" in page
    assert let_in.headers["location"] == "/@falls_group?said=group-let-in"
    assert "Falls without blame" in inside
    assert (unsure.status_code, closed.headers["location"]) == (422, "/@falls_group?said=group-closed")
    assert "This group is closed" in after


async def test_posts_wait_on_the_page_of_who_keeps_the_group_and_stand_first_when_they_say_so(sample: Sample) -> None:
    served = sample.served
    async with browsing(served, sample.rosa) as rosa, browsing(served, sample.imelda) as imelda:
        await made(rosa)
        await press(imelda, "/write", "/write", text="Low beds helped us @falls_group", key="k1", sure="1")
        await served.fediverse.quiet()
        members = (await rosa.get("/@falls_group/members")).text
        told = (await rosa.get("/notifications")).text
        post = members.partition('name="post" value="')[2].partition('"')[0]
        group = members.partition('action="/groups/')[2].partition("/")[0]
        await press(rosa, "/@falls_group/members", f"/groups/{group}/act", do="let-in", post=post)
        home = (await rosa.get("/")).text
        await press(rosa, f"/@imelda/{post}", f"/groups/{group}/act", do="pin", post=post)
        page = (await rosa.get("/@falls_group")).text
        theirs = (await imelda.get(f"/@imelda/{post}")).text

    assert "Low beds helped us" in members
    assert "waits for you to let it in:" in told and 'href="/@falls_group/members">Answer' in told
    assert "In Falls without blame" in home
    assert "Start here" in page
    assert "Low beds helped us" in page.partition("Start here")[2]
    assert "Take it out of the group" not in theirs


async def test_roles_change_and_the_lead_is_handed_over(sample: Sample) -> None:
    served = sample.served
    async with browsing(served, sample.rosa) as rosa, browsing(served, sample.imelda) as imelda:
        await made(rosa, joining="invitation")
        page = "/@falls_group/members"
        group = (await rosa.get(page)).text.partition('action="/groups/')
        asked = await press(rosa, page, "/@falls_group/invite", invited="@imelda")
        invited = (await imelda.get("/groups")).text
        id = invited.partition('action="/groups/')[2].partition("/")[0]
        await press(imelda, "/groups", f"/groups/{id}/act", do="yes")
        stays = await press(rosa, "/@falls_group", f"/groups/{id}/act", do="leave")
        await press(rosa, page, f"/groups/{id}/act", do="promote", member=str(sample.imelda.id), place="hand-over")
        leads = (await imelda.get(page)).text
        left = await press(rosa, "/@falls_group", f"/groups/{id}/act", do="leave")

    assert group
    assert asked.headers["location"] == f"{page}?said=group-invited"
    assert "You are asked in" in invited
    assert stays.status_code == 403
    assert "leads the group" in leads
    assert left.headers["location"] == "/@falls_group?said=group-left"


async def test_what_all_count_is_said_in_a_form_and_a_lead_fills_in_numbers_of_a_team(sample: Sample) -> None:
    async with browsing(sample.served, sample.rosa) as rosa, browsing(sample.served, sample.imelda) as imelda:
        await made(rosa, joining="open")
        await made(imelda, username="ward_9", display_name="Ward 9", kind="team", aim="")
        path = "/@falls_group/shared-measures"
        counted = {"name": "Falls", "definition": "Every fall to the floor", "direction": "down", "unit": "falls"}
        wrong = await press(rosa, path, path, **{**counted, "definition": ""})
        refused = (await imelda.get(path)).status_code
        kept = await press(rosa, path, path, **counted)
        place = kept.headers["location"].partition("?")[0]
        page = (await imelda.get("/@falls_group")).text
        group = page.partition('action="/groups/')[2].partition("/")[0]
        act = f"/groups/{group}/act"
        ward = page.partition('<select id="as"')[2].partition('<option value="')[2].partition('"')[0]
        await press(imelda, "/@falls_group", act, do="join", **{"as": ward})
        asked = place.rpartition("/")[2]
        maker = (await imelda.get(f"/charts?shared={asked}")).text
        numbers = {"points": "1 2 3 2", "name": "Ours", "shared": asked, "as": ward, "open": "1", "small": "1"}
        measure = await press(imelda, "/charts", "/measures", **numbers, unit="other")
        shown = (await imelda.get(measure.headers["location"])).text
        inside = (await rosa.get("/@falls_group/members")).text

    assert (wrong.status_code, refused, kept.status_code) == (422, 404, 303)
    assert "Say what exactly is counted" in wrong.text and 'value="Falls"' in wrong.text
    assert f'href="{place}"' in page
    assert "Every fall to the floor" in maker and f'name="shared" value="{asked}"' in maker and 'id="unit"' not in maker
    assert f'href="{place}"' in shown and "Every fall to the floor" in shown
    assert "Ward 9" in inside
