"""Charts on pages: numbers are pasted and judged without an account, kept, changed and shown."""

from __future__ import annotations

import re

import httpx2
import pytest

from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample

NUMBERS = "12\n14\n11\n13\n12\n15\n13\n11\n14\n12\n13\n12\n40"
FORM = {"points": NUMBERS, "start": "2025-01", "name": "Falls on wards", "unit": "falls", "direction": "down",
        "interval": "month", "chart": "xmr"}  # fmt: skip


async def kept(client: httpx2.AsyncClient, **more: str) -> str:
    """The path of a new measure."""
    proof = hidden((await client.get("/charts")).text, "proof")
    answer = await client.post("/measures", data={**FORM, "open": "1", "proof": proof, **more})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def marked(client: httpx2.AsyncClient, path: str, **said: str) -> httpx2.Response:
    """Say something of a point of a measure, on its form."""
    proof = hidden((await client.get(f"{path}/edit")).text, "proof")
    return await client.post(f"{path}/mark", data={**said, "proof": proof})


async def test_a_chart_is_made_of_pasted_numbers_without_an_account(reader: httpx2.AsyncClient) -> None:
    page = await reader.post("/charts", data=FORM)

    assert page.status_code == 200
    assert "Jan 2026 is above the upper limit. That is worse than chance explains." in page.text
    assert page.text.count("<svg class=") >= 2 and '<th scope="row">Jan 2025</th>' in page.text
    assert "12\n14\n11" in page.text.replace("\r", "") and "style=" not in page.text
    assert page.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("more", "field", "said"),
    [
        ({"points": "12\nmany\n3"}, "points", "Line 2: “many” is no number."),
        ({"points": ""}, "points", "Paste some numbers first."),
        ({"start": "soon"}, "start", "Write the date of the first number"),
        ({"baseline": "2"}, "baseline", "Between 3 and 500 points."),
        ({"baseline": "few"}, "baseline", "must be a whole number"),
        ({"chart": "pie"}, "chart", "Choose one of"),
    ],
    ids=range(6),
)
async def test_what_cannot_be_read_is_said_and_what_was_typed_stays(
    reader: httpx2.AsyncClient, more: dict[str, str], field: str, said: str
) -> None:
    page = await reader.post("/charts", data={**FORM, **more})

    assert (page.status_code, said in page.text) == (422, True), page.text
    assert f'id="{field}-e"' in page.text and 'value="Falls on wards"' in page.text
    assert (more.get("points") or NUMBERS if more.get("points") != "" else "") in page.text.replace("\r", "")


async def test_a_measure_is_kept_shown_on_the_profile_and_taken_along(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    async with browsing(sample.served, sample.imelda) as imelda:
        path = await kept(imelda)
    page, profile = (await reader.get(path)).text, (await reader.get(f"/@{sample.imelda.handle}")).text
    table, svg, png = [await reader.get(path + one) for one in ("/points.csv", "/chart.svg", "/chart.png")]
    again = await reader.get(path + "/chart.png", headers={"if-none-match": png.headers["etag"]})

    assert "Falls on wards" in page and "/edit" not in page
    assert path in profile
    assert table.text.splitlines()[:2] == [
        "date,value,centre,lower,upper,signal",
        "2025-01,12,12.6667,7.34667,17.9867,",
    ]
    assert (svg.headers["content-type"], "<title" in svg.text) == ("image/svg+xml", True)
    assert (png.headers["content-type"], png.content[:4], again.status_code) == ("image/png", b"\x89PNG", 304)


async def test_what_is_not_open_is_its_owners_alone(sample: Sample, reader: httpx2.AsyncClient) -> None:
    async with browsing(sample.served, sample.imelda) as imelda:
        path = await kept(imelda, open="")
        mine = await imelda.get(path)

    answers = [(await reader.get(path + one)).status_code for one in ("", "/points.csv", "/chart.png", "/chart.svg")]
    assert (mine.status_code, answers) == (200, [404, 404, 404, 404])
    assert path not in (await reader.get(f"/@{sample.imelda.handle}")).text


async def test_its_author_changes_it_and_says_what_happened(sample: Sample, reader: httpx2.AsyncClient) -> None:
    async with browsing(sample.served, sample.imelda) as imelda:
        path = await kept(imelda)
        proof = hidden((await imelda.get(path + "/edit")).text, "proof")
        rows = "\n".join(f"2025-{month:02},{10 + month % 3}" for month in range(1, 13))
        changed = await imelda.post(
            path + "/edit", data={**FORM, "start": "", "points": rows, "open": "1", "proof": proof}
        )
        noted = await imelda.post(
            path + "/mark", data={"do": "annotate", "at": "Mar 2025", "text": "Huddles", "proof": proof}
        )
        why = {"do": "rebase", "at": "2025-06", "change": "New beds", "why": "Each has a rail", "proof": proof}
        based = await imelda.post(path + "/mark", data=why)
        pie = await imelda.post(path + "/edit", data={**FORM, "chart": "pie", "open": "1", "proof": proof})
        unsaid = await imelda.post(path + "/mark", data={**why, "at": "2025-08", "why": ""})
        page = (await reader.get(path)).text
        undone = await imelda.post(path + "/mark", data={"do": "unrebase", "at": "2025-06", "proof": proof})
        gone = await imelda.post(path + "/delete", data={"proof": proof})

    assert [one.status_code for one in (changed, noted, based, undone, gone)] == [303] * 5
    assert "Huddles" in page and "Redrawn from Jun 2025 on: New beds. Why: Each has a rail." in page
    assert "removed: Jan 2026" in page
    assert (pie.status_code, "Choose one of" in pie.text) == (422, True)
    assert (unsaid.status_code, "New beds" in unsaid.text) == (422, True)
    assert (await reader.get(path)).status_code == 404


async def test_numbered_points_stay_numbered_when_they_are_changed(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as imelda:
        path = await kept(imelda, start="")
        form = (await imelda.get(path + "/edit")).text
        rows = re.search(r'<textarea id="points"[^>]*>([^<]*)<', form)
        assert rows is not None
        data = {**FORM, "start": "", "points": rows[1] + "\n14,17", "open": "1", "proof": hidden(form, "proof")}
        answer = await imelda.post(path + "/edit", data=data)
        table = (await imelda.get(path + "/points.csv")).text

    assert answer.status_code == 303, answer.text
    assert table.splitlines()[-1].startswith("14,17,")


async def test_small_numbers_are_looked_at_before_everybody_sees_them(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as imelda:
        proof = hidden((await imelda.get("/charts")).text, "proof")
        data = {**FORM, "points": "2\n7\n3", "open": "1", "proof": proof}
        asked = await imelda.post("/measures", data=data)
        sure = await imelda.post("/measures", data={**data, "small": "1"})
        path = (await imelda.post("/measures", data={**data, "open": ""})).headers["location"]
        opening = await imelda.post(f"{path}/edit", data=data)
        sharing = await imelda.post(f"{path}/share", data={"title": "Falls", "sure": "1", "proof": proof})

    assert [one.status_code for one in (opening, sharing)] == [422, 422]
    assert (asked.status_code, "Small numbers can point to a person" in asked.text) == (422, True)
    assert sure.status_code == 303


async def test_nobody_changes_the_measure_of_another(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as imelda:
        path = await kept(imelda)
    async with browsing(sample.served, sample.rosa) as rosa:
        proof = hidden((await rosa.get("/charts")).text, "proof")
        form = await rosa.get(path + "/edit")
        changed = await rosa.post(path + "/edit", data={**FORM, "proof": proof})
        unproven = await rosa.post("/measures", data=FORM)

    assert [one.status_code for one in (form, changed, unproven)] == [403, 403, 403]


async def test_a_measure_is_shared_in_a_post_that_keeps_its_numbers(sample: Sample, reader: httpx2.AsyncClient) -> None:
    async with browsing(sample.served, sample.imelda) as imelda:
        path = await kept(imelda)
        form = (await imelda.get(f"{path}/share")).text
        data = {"title": "Falls rose in January", "text": "We moved the <b>beds.", "proof": hidden(form, "proof"),
                "key": hidden(form, "key"), "topics": "falls"}  # fmt: skip
        unsure = await imelda.post(f"{path}/share", data=data)
        shared = await imelda.post(f"{path}/share", data={**data, "sure": "1"})
        twice = await imelda.post(f"{path}/share", data={**data, "sure": "1"})
        await imelda.post(f"{path}/delete", data={"proof": data["proof"]})
    page = (await reader.get(shared.headers["location"])).text
    listed = (await reader.get("/learn/measure")).text

    assert "Falls on wards: Jan 2026 is above the upper limit" in form
    assert (unsure.status_code, "We moved the &lt;b&gt;beds." in unsure.text) == (422, True)
    assert (shared.status_code, twice.headers["location"]) == (303, shared.headers["location"]), shared.text
    assert page.count('role="img"') == 2 and "We moved the &lt;b&gt;beds." in page and "Falls rose in January" in page
    assert "/media/" not in page and f'href="{sample.served.site.base_url}{path}"' in page
    assert "above the upper limit. That is worse than chance explains.<br>" in listed and "<figcaption" not in listed
    assert "Falls rose in January" in listed and 'alt="XmR chart: Falls on wards.' in listed


async def test_nobody_shares_the_measure_of_another(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as imelda:
        path = await kept(imelda)
    async with browsing(sample.served, sample.rosa) as rosa:
        proof = hidden((await rosa.get("/charts")).text, "proof")
        form, shared = await rosa.get(f"{path}/share"), await rosa.post(f"{path}/share", data={"proof": proof})

    assert [form.status_code, shared.status_code] == [403, 403]
