"""QR codes and sheets for a board: of what everybody may read, leading to the original."""

from __future__ import annotations

import io
import re

import httpx2
import segno

from storage.kinds import Kind
from tests.federation.test_measures import SAID
from tests.pages.conftest import browsing
from tests.pages.sample import SECRET, Sample

HOST = "https://northmoor.example"
STUDY = {
    "aim": "Halve heel ulcers by June.", "changes": ["A mirror on each trolley", "Huddle at two"],
    "did_not_work": "Posters did nothing. " * 40, "advice": "Start with one bay.", "evidence": "local-experience",
}  # fmt: skip


def _modules(address: str) -> str:
    """The path that a code of this address is drawn with."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", border=4, light="#fff", dark="#000", lineclass=None)
    found = re.search(r'<path stroke="#000" d="([^"]*)"', drawn.getvalue().decode())
    assert found is not None
    return found[1]


async def test_a_code_is_a_picture_of_its_own_and_leads_to_the_original(
    sample: Sample, reader: httpx2.AsyncClient
) -> None:
    note, far = sample.posts["note"], sample.posts["blog"]
    codes = {
        f"/@rosa/{note.id}/qr.svg": f"{HOST}/@rosa/{note.id}", f"{sample.href('blog')}/qr.svg": far.url or far.uri,
        "/@skin_links/qr.svg": f"{HOST}/@skin_links", "/topics/falls/qr.svg": f"{HOST}/topics/falls",
    }  # fmt: skip

    for path, address in codes.items():
        answer = await reader.get(path)
        assert answer.headers["content-type"] == "image/svg+xml", path
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert _modules(address) in answer.text
        assert not re.search(r"<script|style=|href=|<style", answer.text)
        assert f'href="{path}"' in (await reader.get(path.removesuffix("/qr.svg"))).text
    async with sample.served.database.writing() as db:
        await db.run("UPDATE posts SET url = :url WHERE id = :id", url=f"https://a.example/{'x' * 999}", id=far.id)
    long = await reader.get(f"{sample.href('blog')}/qr.svg")
    assert _modules(f"{HOST}{sample.href('blog')}") in long.text  # what is too long for a wall leads to our copy
    for name in ("private", "direct", "private reply"):
        for end in ("qr.svg", "board"):
            assert (await reader.get(f"/@rosa/{sample.posts[name].id}/{end}")).status_code == 404
    for path in ("/@nobody/qr.svg", "/topics/none/qr.svg", "/@rosa/7/qr.svg", "/@rosa/7/board"):
        assert (await reader.get(path)).status_code == 404


async def test_a_board_says_the_aim_the_result_and_where_to_read_on(sample: Sample, reader: httpx2.AsyncClient) -> None:
    app = await sample.served.as_member(sample.rosa)
    kept = (await app.post("/api/v1/sharewell/measures", json=SAID)).json()
    own = {"kind": "case-study", "title": "Fewer heel ulcers", "fields": {**STUDY, "measures": [kept["id"]]}}
    made = await app.post("/api/v1/statuses", json={"status": "It was the huddle.", "sharewell": own})
    assert made.status_code == 200, made.text
    path = f"/@rosa/{made.json()['id']}"

    sheet = (await reader.get(f"{path}/board")).text
    async with browsing(sample.served, sample.rosa) as member:
        assert (await member.get(f"{path}/board")).status_code == 200

    for words in (
        "Halve heel ulcers by June.", "<li>A mirror on each trolley</li>", "Posters did nothing.", "wide-chart",
        "Heel ulcers per 1,000 bed-days", f"{HOST}{path}</span>", f'src="{path}/qr.svg"', "Evidence:</b>",
        'class="sheet', "noindex",
    ):  # fmt: skip
        assert words in sheet, words
    assert sheet.count("Posters did nothing.") <= 8 and "…</p>" in sheet  # so that it fits one page of A4
    assert sheet.count("<h1") == 1 and "Show the numbers" not in sheet
    said = {"situation": "It was deep.", "recommendation": "Look in three weeks."}
    note = await sample.share(
        "warned note", sample.rosa, kind=Kind.SAFETY_NOTE, title="Deep", summary="Wound in detail", fields=said
    )
    behind = (await reader.get(f"/@rosa/{note.id}/board")).text
    assert "Wound in detail" in behind and "It was deep." not in behind
    warned = (await reader.get(f"/@rosa/{sample.posts['warned'].id}/board")).text
    assert "Wound in detail" in warned and "three weeks" not in warned
    for post in sample.posts.values():
        shown = await reader.get(f"/@rosa/{post.id}/board", follow_redirects=True)
        assert shown.status_code == (200 if post.public else 404)
        assert SECRET not in shown.text
