"""Follow from anywhere: what other servers send members here for, and how readers get to their own server."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import httpx2
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.pages.conftest import browsing, hidden
from tests.pages.sample import SECRET, Sample
from tests.serving import ON_BOTH, PASSWORD, Fediverse, Served

ACTOR = "https://wexley.example/users/theatres"


@pytest.fixture
async def wexley(fediverse: Fediverse, sample: Sample) -> Served:
    """Another node, with a team."""
    served = await fediverse.node("wexley.example")
    await served.account("theatres", name="Wexley Theatres")
    return served


def says(*links: dict[str, str], status: int = 200) -> ASGIApp:
    """A server that answers every question with these links."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        kind = [(b"content-type", b"application/jrd+json")]
        await send({"type": "http.response.start", "status": status, "headers": kind})
        await send({"type": "http.response.body", "body": json.dumps({"links": links}).encode()})

    return app


def subscribe(template: str) -> dict[str, str]:
    return {"rel": "http://ostatus.org/schema/1.0/subscribe", "template": template}


async def go(reader: httpx2.AsyncClient, path: str, typed: str, **headers: str) -> httpx2.Response:
    """Type into the follow box of a page and press Go."""
    page = (await reader.get(path)).text
    action = re.search(r'method="post" action="([^"]+/from-elsewhere)"', page)
    assert action is not None
    return await reader.post(action[1], data={"server": typed}, headers=headers)


def leads_to(answer: httpx2.Response) -> str:
    """Where the page goes on to by itself; its link leads there too. "": it stays."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text)
    if found is None:
        return ""
    assert f'href="{found[1]}"' in answer.text
    return unescape(found[1])


@pytest.mark.parametrize("uri", [ACTOR, "acct:theatres@wexley.example", "@theatres@wexley.example"])
@ON_BOTH
async def test_a_member_meets_somebody_of_another_server(sample: Sample, wexley: Served, uri: str) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        answer = await client.get("/authorize_interaction", params={"uri": uri})
        page = (await client.get(answer.headers["location"])).text

    assert (answer.status_code, answer.headers["location"]) == (303, "/@theatres@wexley.example")
    assert 'value="follow">Follow</button>' in page


async def test_a_member_meets_a_post_of_another_server_and_can_respond(sample: Sample, wexley: Served) -> None:
    async with await wexley.as_member(await wexley.account("bob")) as app:
        uri = (await app.post("/api/v1/statuses", json={"status": "Count the swabs aloud."})).json()["uri"]
    async with browsing(sample.served, sample.imelda) as client:
        answer = await client.get("/authorize_interaction", params={"uri": uri})
        page = (await client.get(answer.headers["location"])).text

    assert "Count the swabs aloud." in page
    assert all(f'value="{one}"' in page for one in ("thank", "pass-on", "save", "follow"))
    assert 'id="reply"' in page


async def test_who_is_signed_out_signs_in_and_comes_back(sample: Sample, wexley: Served) -> None:
    async with sample.served.client() as client:
        sent = await client.get("/authorize_interaction", params={"uri": ACTOR})
        form = (await client.get(sent.headers["location"])).text
        data = {"login": "imelda", "password": PASSWORD, "next": unescape(hidden(form, "next"))}
        back = await client.post("/sign-in", data=data)
        answer = await client.get(back.headers["location"])

    assert sent.headers["location"].startswith("/sign-in?next=")
    assert parse_qs(urlsplit(back.headers["location"]).query)["uri"] == [ACTOR]
    assert answer.headers["location"] == "/@theatres@wexley.example"


@pytest.mark.parametrize(
    "uri", ["", "nothing", "javascript:alert(1)", "https://", "x" * 3000, "https://a.example/" + "x" * 3000]
)
async def test_what_names_nothing_is_said_to(sample: Sample, uri: str) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        answer = await client.get("/authorize_interaction", params={"uri": uri})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "uri", ["http://169.254.169.254/latest", "https://127.0.0.1/users/a", "https://down.example/a"]
)
async def test_what_cannot_be_fetched_is_said_and_nothing_private_is_asked(sample: Sample, uri: str) -> None:
    sample.served.fediverse.exchanged.clear()
    async with browsing(sample.served, sample.imelda) as client:
        answer = await client.get("/authorize_interaction", params={"uri": uri})

    assert answer.status_code == 422
    assert "That server did not answer" in answer.text
    assert sample.served.fediverse.exchanged == []


async def test_a_post_that_is_not_for_the_member_stays_unseen(sample: Sample) -> None:
    bob = await sample.served.account("bob")
    async with browsing(sample.served, bob) as client:
        answer = await client.get("/authorize_interaction", params={"uri": sample.posts["direct"].uri})
        page = await client.get(answer.headers["location"])

    assert page.status_code == 404
    assert SECRET not in page.text


async def test_other_servers_learn_where_members_follow(sample: Sample, reader: httpx2.AsyncClient) -> None:
    answers = [
        await reader.get("/.well-known/webfinger", params={"resource": f"acct:{name}@northmoor.example"})
        for name in ("rosa", "skin_links", "northmoor.example")
    ]

    template = "https://northmoor.example/authorize_interaction?uri={uri}"
    assert all(subscribe(template) in one.json()["links"] for one in answers)


@pytest.mark.parametrize(
    "typed",
    [
        "@theatres@wexley.example", "theatres@wexley.example", "wexley.example", "https://wexley.example/",
        " Wexley.Example ", "https://wexley.example/@theatres",
    ],
)  # fmt: skip
async def test_a_reader_is_led_to_their_own_server(
    sample: Sample, wexley: Served, reader: httpx2.AsyncClient, typed: str
) -> None:
    team = await go(reader, "/@skin_links", typed)
    post = await go(reader, sample.href("note"), typed)
    front = await go(reader, "/", typed)

    start = "https://wexley.example/authorize_interaction?uri="
    assert leads_to(team) == start + quote(sample.team.uri, safe="")
    assert leads_to(post) == start + quote(sample.posts["note"].uri, safe="")
    assert leads_to(front) == start + quote(sample.alliance.uri, safe="")


async def test_a_member_who_is_not_signed_in_is_led_to_this_node(sample: Sample, reader: httpx2.AsyncClient) -> None:
    answer = await go(reader, "/@rosa", "@imelda@northmoor.example")

    assert leads_to(answer) == f"https://northmoor.example/authorize_interaction?uri={quote(sample.rosa.uri, safe='')}"
    assert not any("webfinger" in one.url for one in sample.served.fediverse.exchanged)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Write your server"), ("nonsense", "Write your server"), ("@", "Write your server"),
        ("a@b@", "Write your server"), ("evil.example/path?x=", "Write your server"),
        ("x" * 400 + ".example", "Write your server"),
        ("nowhere.example", "We could not find that server"),
        ("127.0.0.1", "does not speak to that server"), ("me@169.254.169.254", "does not speak to that server"),
        ("me@10.0.0.1:8080", "does not speak to that server"),
        ("@nobody@wexley.example", "does not know this name"),
        ("@me@mute.example", "does not know this name"), ("mute.example", "does not say where its people follow"),
    ],
)  # fmt: skip
async def test_what_leads_nowhere_is_said_beside_what_was_typed(
    sample: Sample, wexley: Served, reader: httpx2.AsyncClient, typed: str, said: str
) -> None:
    sample.served.fediverse.apps["mute.example"] = says()

    answer = await go(reader, "/@rosa", typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert leads_to(answer) == ""
    assert "<title>Error: " in answer.text


@pytest.mark.parametrize(
    "template",
    [
        "javascript:alert('{uri}')", "data:text/html,{uri}", "/authorize_interaction?uri={uri}", "//evil.example/{uri}",
        "https://user@evil.example/?uri={uri}", "https://evil.example/?uri=", 'https://evil.example/"><script>{uri}',
        "ftp://evil.example/{uri}", "",
    ],
)  # fmt: skip
async def test_a_template_that_is_no_web_address_leads_nowhere(
    sample: Sample, reader: httpx2.AsyncClient, template: str
) -> None:
    sample.served.fediverse.apps["evil.example"] = says(subscribe(template))

    answer = await go(reader, "/@rosa", "@me@evil.example")

    assert (answer.status_code, leads_to(answer)) == (422, "")
    assert "<script" not in answer.text


async def test_no_other_site_can_send_somebody_through_here(sample: Sample, reader: httpx2.AsyncClient) -> None:
    sample.served.fediverse.apps["evil.example"] = says(subscribe("https://evil.example/?uri={uri}"))

    answers = [
        await go(reader, "/@rosa", "evil.example", **{"sec-fetch-site": "cross-site"}),
        await go(reader, "/@rosa", "evil.example", origin="https://evil.example"),
    ]

    assert [(one.status_code, leads_to(one)) for one in answers] == [(403, ""), (403, "")]


async def test_what_is_not_public_is_in_no_follow_box(sample: Sample, reader: httpx2.AsyncClient) -> None:
    answer = await reader.post(
        f"/posts/{sample.posts['private'].id}/from-elsewhere", data={"server": "northmoor.example"}
    )

    assert answer.status_code == 404


async def test_nobody_lets_this_node_ask_others_without_end(fediverse: Fediverse) -> None:
    served = await fediverse.node("slow.example", limits={"rate": True})
    rosa = await served.account("rosa")
    async with served.client() as reader:
        statuses = [
            (await reader.post(f"/accounts/{rosa.id}/from-elsewhere", data={"server": f"s{n}.example"})).status_code
            for n in range(61)
        ]

    assert (set(statuses[:60]), statuses[60]) == ({422}, 429)
