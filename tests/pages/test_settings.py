"""Settings by forms: a member's page, the apps they let in, the browsers they are signed in with."""

from __future__ import annotations

import re
from collections.abc import Mapping

import httpx2
import pytest

from node.requests import secret_hash
from storage import apps as app_store
from storage import tokens
from storage.actors import Actor
from tests import pictures
from tests.pages.conftest import browsing, hidden
from tests.pages.sample import Sample
from tests.serving import ON_BOTH, PASSWORD, Served

PROFILE = "/settings/profile"
Sent = tuple[str, bytes, str]  # name, content and type of a file
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML) Version/19.0 Safari/604.1"
FILLED = {
    "display_name": "Imelda F.", "note": "Midwife.\nAsk me about drips.", "field-0": "Role", "value-0": "Midwife",
    "field-2": "Web", "value-2": "https://imelda.example/", "locked": "1", "discoverable": "1",
    "visibility": "unlisted", "language": "cy", "sensitive": "1", "quote_policy": "followers",
}  # fmt: skip


async def save(client: httpx2.AsyncClient, files: Mapping[str, Sent] | None = None, **more: str) -> httpx2.Response:
    """Fill in the form and send it as a browser does: a file for each field, without name and bytes where none is."""
    proof = hidden((await client.get(PROFILE)).text, "proof")
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in {**FILLED, "proof": proof, **more}.items()]
    nothing: Sent = ("", b"", "application/octet-stream")
    for field, (name, content, kind) in {"avatar": nothing, "header": nothing, **(files or {})}.items():
        parts.append(f'name="{field}"; filename="{name}"\r\ncontent-type: {kind}\r\n\r\n'.encode() + content)
    start = b"--form\r\ncontent-disposition: form-data; "
    body = b"".join(start + one + b"\r\n" for one in parts) + b"--form--\r\n"
    return await client.post(PROFILE, content=body, headers={"content-type": "multipart/form-data; boundary=form"})


async def account(served: Served, actor: Actor) -> dict[str, object]:
    """The member as apps see them."""
    async with await served.as_member(actor) as app:
        found: dict[str, object] = (await app.get("/api/v1/accounts/verify_credentials")).json()
    return found


@ON_BOTH
async def test_a_profile_is_kept_shown_and_told_to_apps(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        answer = await save(client)
        form = (await client.get(answer.headers["location"])).text
        profile = (await client.get("/@imelda")).text

    found = await account(sample.served, sample.imelda)
    source = found["source"]
    assert isinstance(source, dict)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PROFILE}?said=saved")
    assert 'role="status"' in form and "Saved." in form
    assert 'value="Imelda F."' in form and "Ask me about drips." in form and 'value="https://imelda.example/"' in form
    assert 'value="unlisted" checked' in form and 'value="cy" lang="cy" selected' in form
    assert "<h1>Imelda F.</h1>" in profile and "<dt>Role</dt><dd>Midwife</dd>" in profile
    assert (found["display_name"], found["locked"], found["discoverable"], found["indexable"]) == (
        "Imelda F.", True, True, False,
    )  # fmt: skip
    assert [one["name"] for one in source["fields"]] == ["Role", "Web"]
    assert (source["privacy"], source["sensitive"], source["language"]) == ("unlisted", True, "cy")
    assert source["quote_policy"] == "followers"


async def test_the_form_sent_back_as_it_was_changes_nothing(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        await save(client)
        before = await account(sample.served, sample.imelda)
        await save(client)

    assert await account(sample.served, sample.imelda) == before


async def test_pictures_are_shown_and_removed(sample: Sample) -> None:
    files = {
        "avatar": ("me.png", pictures.png((500, 500)), "image/png"),
        "header": ("h.jpg", pictures.jpeg((1500, 500)), "image/jpeg"),
    }
    async with browsing(sample.served, sample.imelda) as client:
        await save(client, files)
        form = (await client.get(PROFILE)).text
        shown = re.findall(r'src="(/media/[^"]+)" alt="(?:Picture|Wide picture)"', form)
        kinds = [(await client.get(one)).headers["content-type"] for one in shown]
        unchanged = (await client.get((await save(client)).headers["location"])).text
        proof = hidden(form, "proof")
        await client.post(f"{PROFILE}/picture", data={"proof": proof, "picture": "avatar"})
        removed = await client.post(f"{PROFILE}/picture", data={"proof": proof, "picture": "header"})
        after = (await client.get(removed.headers["location"])).text

    assert [one.partition("/")[0] for one in kinds] == ["image", "image"]
    assert all(one in unchanged for one in shown)
    assert "The picture is gone." in after
    assert not any(one in after for one in shown)


@pytest.mark.parametrize(
    ("more", "words", "place"),
    [
        ({"display_name": "x" * 61}, "A name has at most 60 characters.", "display_name"),
        ({"note": "x" * 1001}, "This has at most 1000 characters.", "note"),
        ({"field-1": "x" * 256}, "A field has at most 255 characters.", "field-0"),
        ({"visibility": "everyone"}, "This is no visibility we know.", "visibility"),
        ({"visibility": "direct"}, "This is no visibility we know.", "visibility"),
        ({"quote_policy": "x"}, "Choose who may quote: public, followers or nobody.", "quote_policy"),
        ({"language": "xx"}, "Choose a language of the list.", "display_name"),
    ],
    ids=["name", "note", "field", "visibility", "direct", "quotes", "language"],
)
async def test_what_is_wrong_is_said_beside_what_was_typed(
    sample: Sample, more: dict[str, str], words: str, place: str
) -> None:
    before = await account(sample.served, sample.imelda)
    async with browsing(sample.served, sample.imelda) as client:
        answer = await save(client, None, **more)

    assert answer.status_code == 422
    assert f'<a href="#{place}">{words}</a>' in answer.text
    assert "Ask me about drips." in answer.text or "note" in more
    assert await account(sample.served, sample.imelda) == before


async def test_what_is_no_picture_is_said_and_the_rest_is_still_in_the_form(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        answer = await save(client, {"avatar": ("me.png", b"<svg onload=alert(1)>", "image/png")})

    assert answer.status_code == 422
    assert "This is no picture that can be shown here." in answer.text
    assert 'value="Imelda F."' in answer.text


@pytest.mark.parametrize(
    "path",
    [PROFILE, f"{PROFILE}/picture", "/settings/apps/revoke", "/settings/sessions/end", "/settings/sessions/end-others"],
)
async def test_another_site_changes_nothing(sample: Sample, reader: httpx2.AsyncClient, path: str) -> None:
    before = await account(sample.served, sample.imelda)
    async with browsing(sample.served, sample.imelda) as client:
        forged = await client.post(path, data={**FILLED, "proof": "0" * 64, "picture": "avatar", "session": "1"})

    assert (forged.status_code, (await reader.post(path, data=FILLED)).status_code) == (403, 401)
    assert await account(sample.served, sample.imelda) == before


async def allowed(served: Served, actor: Actor, name: str, scopes: str = "read write", *, token: str) -> None:
    """An app that the member let in."""
    now = served.node.clock()
    async with served.database.writing() as db:
        app = await app_store.add(
            db, client_id=f"client {name} {token}", secret=b"", name=name, website="", redirect_uris="[]",
            scopes=scopes, now=now,
        )  # fmt: skip
        for one in (token, f"{token} again"):
            await tokens.add(db, secret_hash(one), app_id=app.id, member_id=actor.id, scopes=scopes, now=now)


@ON_BOTH
async def test_an_app_is_listed_with_what_it_may_and_revoked_at_once(sample: Sample) -> None:
    served = sample.served
    await allowed(served, sample.imelda, "Tusky <b>", token="tusky")
    await allowed(served, sample.imelda, "Ivory", "profile", token="ivory")
    await allowed(served, sample.rosa, "Elk", token="elk")
    async with browsing(served, sample.imelda) as client:
        page = (await client.get("/settings/apps")).text
        app_id = re.search(r'name="app" value="(\d+)">Revoke<span class="hidden">: Tusky', page)
        assert app_id is not None
        answer = await client.post("/settings/apps/revoke", data={"proof": hidden(page, "proof"), "app": app_id[1]})
        after = (await client.get(answer.headers["location"])).text
        again = await client.post("/settings/apps/revoke", data={"proof": hidden(page, "proof"), "app": app_id[1]})
    statuses = {}
    for token in ("tusky", "tusky again", "ivory", "elk"):
        async with served.client(token) as app:
            path = "/api/v1/apps/verify_credentials"
            statuses[token] = (await app.get(path)).status_code

    assert page.index("Ivory") < page.index("Tusky &lt;b&gt;")
    assert "Read what you can read · Write as you" in page and "signed in 2 times" in page
    assert "Elk" not in page
    assert "The app can do nothing for you any more." in after and "Tusky" not in after
    assert again.status_code == 404
    assert statuses == {"tusky": 401, "tusky again": 401, "ivory": 200, "elk": 200}


@ON_BOTH
async def test_a_code_that_was_not_traded_yet_goes_with_the_app(sample: Sample) -> None:
    served, now = sample.served, sample.served.node.clock()
    await allowed(served, sample.imelda, "Tusky", token="tusky")
    async with served.database.writing() as db:
        app_id = (await tokens.grants(db, sample.imelda.id))[0].app_id
        assert app_id is not None
        for code, member_id in ((b"mine", sample.imelda.id), (b"theirs", sample.rosa.id)):
            await tokens.add_code(
                db, code, app_id=app_id, member_id=member_id, redirect_uri="", scopes="read", challenge="",
                expires=now + 60_000,
            )  # fmt: skip
        await tokens.add(db, secret_hash("rosa"), app_id=app_id, member_id=sample.rosa.id, scopes="read", now=now)
    async with browsing(served, sample.imelda) as client:
        proof = hidden((await client.get("/settings/apps")).text, "proof")
        await client.post("/settings/apps/revoke", data={"proof": proof, "app": str(app_id)})

    async with served.database.writing() as db:
        left = [await tokens.use_code(db, code, now=now) is not None for code in (b"mine", b"theirs")]
        bearers = [await tokens.bearer(db, secret_hash(one)) is not None for one in ("tusky", "rosa")]
    assert (left, bearers) == ([False, True], [False, True])


async def test_what_the_operator_made_is_listed_and_revoked_too(sample: Sample) -> None:
    token = await sample.served.token(sample.imelda)
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get("/settings/apps")).text
        await client.post("/settings/apps/revoke", data={"proof": hidden(page, "proof"), "app": ""})
    async with sample.served.client(token) as app:
        status = (await app.get("/api/v1/accounts/verify_credentials")).status_code

    assert "Made by whoever runs this node" in page
    assert status == 401


async def sign_in(client: httpx2.AsyncClient, name: str, agent: str) -> None:
    client.headers["user-agent"] = agent
    answer = await client.post("/sign-in", data={"login": name, "password": PASSWORD})
    assert answer.status_code == 303


@ON_BOTH
async def test_browsers_are_listed_and_one_is_signed_out(sample: Sample) -> None:
    served = sample.served
    async with served.client() as here, served.client() as phone, served.client() as other:
        await sign_in(phone, "imelda", PHONE)
        await sign_in(other, "rosa", PHONE)
        await sign_in(here, "imelda", FIREFOX)
        page = (await here.get("/settings/sessions")).text
        ids = re.findall(r'name="session" value="(\d+)"', page)
        answer = await here.post("/settings/sessions/end", data={"proof": hidden(page, "proof"), "session": ids[0]})
        after = (await here.get(answer.headers["location"])).text
        foreign = hidden((await other.get("/settings/sessions")).text, "proof")
        theirs = await other.post("/settings/sessions/end", data={"proof": foreign, "session": str(int(ids[0]) + 2)})
        statuses = [(await one.get("/requests")).status_code for one in (here, phone, other)]

    assert page.index("Firefox, Windows") < page.index("Safari, iPhone")
    assert page.count("<b>This browser</b>") == 1 and len(ids) == 1
    assert "That browser is signed out." in after and "iPhone" not in after
    assert theirs.status_code == 404
    assert statuses == [200, 401, 200]


@pytest.mark.parametrize("too", [False, True], ids=["browsers", "apps too"])
@ON_BOTH
async def test_one_signs_out_everywhere_but_here(sample: Sample, too: bool) -> None:
    served = sample.served
    token = await served.token(sample.imelda)
    async with served.client() as here, served.client() as phone, served.client() as other:
        for client, name in ((phone, "imelda"), (other, "rosa"), (here, "imelda")):
            await sign_in(client, name, PHONE)
        data = {"proof": hidden((await here.get("/settings/sessions")).text, "proof"), **({"apps": "1"} if too else {})}
        answer = await here.post("/settings/sessions/end-others", data=data)
        said = (await here.get(answer.headers["location"])).text
        statuses = [(await one.get("/requests")).status_code for one in (here, phone, other)]
    async with served.client(token) as app:
        app_status = (await app.get("/api/v1/accounts/verify_credentials")).status_code

    assert statuses == [200, 401, 200]
    assert app_status == (401 if too else 200)
    assert ("Every other browser and every app" if too else "Every other browser is signed out.") in said
