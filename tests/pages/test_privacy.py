"""What is not for everyone is on no page and in no feed for anyone else (privacy.* of the security cases)."""

from __future__ import annotations

import httpx2
import pytest

from node.connecting import blocks
from tests.pages.conftest import browsing
from tests.pages.sample import SECRET, Sample
from tests.serving import ON_BOTH


def everywhere(sample: Sample) -> list[str]:
    """Pages and feeds on which a post of Rosa's could appear."""
    return [
        "/", "/learn", "/learn/safety-note", "/@rosa", "/@imelda", "/connect", f"/search?q={SECRET}", "/search?q=rosa",
        f"/tags/{SECRET}tag", sample.href("note"), sample.href("private"), sample.href("direct"),
        sample.href("private reply"), f"/@imelda/{sample.posts['direct'].id}", "/feed.atom", "/@rosa.atom",
        f"/tags/{SECRET}tag.atom", f"{sample.href('private')}/activity", f"{sample.href('note')}?replies=0",
    ]  # fmt: skip


async def leaks(client: httpx2.AsyncClient, paths: list[str]) -> list[str]:
    """Of these addresses, those whose answer (beyond the words that were searched for) has the secret text."""
    found = []
    for path in paths:
        answer = await client.get(path)
        if f"The {SECRET}" in answer.text:
            found.append(path)
    return found


@ON_BOTH
async def test_a_stranger_reads_nothing_private_anywhere(sample: Sample, reader: httpx2.AsyncClient) -> None:
    assert await leaks(reader, everywhere(sample)) == []


@ON_BOTH
async def test_a_member_who_does_not_follow_reads_nothing_private_anywhere(sample: Sample) -> None:
    bob = await sample.served.account("bob")
    async with browsing(sample.served, bob) as client:
        assert await leaks(client, everywhere(sample)) == []


@ON_BOTH
async def test_a_follower_reads_what_is_for_followers_and_not_what_is_for_others(sample: Sample) -> None:
    fay = await sample.served.account("fay")
    async with browsing(sample.served, fay) as client:
        page = (await client.get("/@rosa")).text
        answer = await client.post(
            f"/accounts/{sample.rosa.id}/act", data={"proof": _proof(page), "do": "follow"}
        )  # fmt: skip
        assert answer.status_code == 303
        found = await leaks(client, everywhere(sample))

    assert sample.href("private") in found
    assert sample.href("direct") not in found


async def test_those_a_direct_post_names_read_it(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        answer = await client.get(sample.href("private"))

    assert f"The {SECRET}" in answer.text
    assert "For followers only" in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text


async def test_a_list_says_who_else_can_read_a_private_post(sample: Sample) -> None:
    async with browsing(sample.served, sample.imelda) as client:
        page = (await client.get("/@rosa")).text

    item = page.partition(f'id="post-{sample.posts["private"].id}"')[2].partition("</article>")[0]
    assert "<span>For followers only</span>" in item


async def test_feeds_carry_nothing_private_even_to_those_who_may_read_it(sample: Sample) -> None:
    async with browsing(sample.served, sample.rosa) as client:
        assert await leaks(client, ["/feed.atom", "/@rosa.atom", f"/tags/{SECRET}tag.atom"]) == []


@pytest.mark.parametrize("name", ["private", "direct"])
async def test_a_private_post_looks_as_if_it_were_not_here(
    sample: Sample, reader: httpx2.AsyncClient, name: str
) -> None:
    hidden, absent = await reader.get(sample.href(name)), await reader.get("/@rosa/1")

    assert hidden.status_code == absent.status_code == 404
    assert hidden.text == absent.text


async def test_somebody_who_is_blocked_sees_nothing_of_who_blocked_them(sample: Sample) -> None:
    bob = await sample.served.account("bob")
    async with sample.served.database.writing() as db:
        await blocks.block(db, sample.served.node, sample.rosa, bob)

    async with browsing(sample.served, bob) as client:
        listed = (await client.get("/@rosa")).text + (await client.get("/search?q=heel")).text
        post = await client.get(sample.href("note"))

    assert "Look under the heel" not in listed
    assert post.status_code == 404


async def test_no_page_shows_an_e_mail_address_of_a_member(sample: Sample, reader: httpx2.AsyncClient) -> None:
    pages = [(await reader.get(path)).text for path in everywhere(sample)]

    assert not any("@mail.example" in page for page in pages)


async def test_the_session_of_a_browser_is_no_token_for_the_api(sample: Sample) -> None:
    async with browsing(sample.served, sample.rosa) as client:
        answer = await client.get("/api/v1/accounts/verify_credentials")

    assert answer.status_code == 401


def _proof(page: str) -> str:
    return page.partition('name="proof" value="')[2].partition('"')[0]
