"""Blocks and reports across servers."""

from __future__ import annotations

import asyncio

import pytest

from node.opening import opened_database
from storage import reports
from storage.reports import Report
from tests.peers.conftest import Friends, befriended
from tests.peers.machines import Member, until

pytestmark = pytest.mark.xdist_group("peers")


def test_a_peers_block_ends_both_follows(friends: Friends) -> None:
    member, account = befriended(friends.node, friends.peer).member, friends.account

    friends.peer.ask("act", type="Block", object=member.actor.uri, to=member.actor.uri)

    until(lambda: member.standing(account["id"])["blocked_by"], "the block is known")
    standing = member.standing(account["id"])
    assert (standing["following"], standing["followed_by"]) == (False, False)


def test_a_block_that_the_peer_takes_back_is_over(friends: Friends) -> None:
    member, account = friends.node.member(), friends.account
    block = friends.peer.ask("act", type="Block", object=member.actor.uri, to=member.actor.uri)["id"]
    until(lambda: member.standing(account["id"])["blocked_by"], "the block is known")

    friends.peer.ask("undo", id=block, whole=True)

    until(lambda: not member.standing(account["id"])["blocked_by"], "the block is over")


def test_our_block_arrives_and_ends_both_follows_there(friends: Friends) -> None:
    member, account = befriended(friends.node, friends.peer).member, friends.account

    standing = member.post(f"/api/v1/accounts/{account['id']}/block")

    block = friends.peer.heard("Block", friends.peer.actor, member)
    assert (block.status, block.signer) == (202, member.actor.uri)
    assert (standing["blocking"], standing["following"], standing["followed_by"]) == (True, False, False)
    until(lambda: member.actor.uri not in friends.peer.state()["following"], "the peer follows no longer")
    until(lambda: member.actor.uri not in friends.peer.state()["followers"], "we follow no longer")


def test_what_a_blocked_peer_posts_comes_home_no_longer(friends: Friends) -> None:
    member = befriended(friends.node, friends.peer).member
    member.post(f"/api/v1/accounts/{friends.account['id']}/block")

    id = friends.peer.note("<p>Not for everybody.</p>", to=[member.actor.uri])

    until(lambda: id in [one["uri"] for one in friends.member.home()], "it comes to others")
    assert (member.home(), member.told("mention")) == ([], [])


def test_our_block_taken_back_arrives(friends: Friends) -> None:
    member = friends.node.member()
    member.post(f"/api/v1/accounts/{friends.account['id']}/block")
    block = friends.peer.heard("Block", friends.peer.actor, member).document["id"]

    member.post(f"/api/v1/accounts/{friends.account['id']}/unblock")

    assert friends.peer.heard("Undo", block).signer == member.actor.uri


def test_a_peers_report_is_kept_for_moderators(friends: Friends) -> None:
    member = friends.node.member()
    post = member.say("Buy my book.")

    friends.peer.ask("act", type="Flag", object=[member.actor.uri, post["uri"]], to=member.actor.uri, content="Spam")

    [report] = until(lambda: reported(friends, member), "the report is kept")
    assert (report.comment, report.post_uris) == ("Spam", f'["{post["uri"]}"]')
    assert report.reporter_id == int(friends.account["id"])


def reported(friends: Friends, member: Member) -> list[Report]:
    """Reports of a member: nothing shows them to moderators yet."""

    async def read() -> list[Report]:
        async with opened_database(friends.node.config, command=True) as database, database.reading() as db:
            return [one for one in await reports.open_ones(db, limit=100) if one.target_id == member.actor.id]

    return asyncio.run(read())
