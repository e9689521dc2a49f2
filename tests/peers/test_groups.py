"""A group of ours, followed by a peer: what the peer posts to it comes back from the group, whole and by its id."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.peers.conftest import Friends
from tests.peers.machines import Json, Member, until
from tests.peers.test_posts import arrived

pytestmark = pytest.mark.xdist_group("peers")
TEAMS = "/api/v1/sharewell/teams"


def grouped(friends: Friends) -> tuple[Member, Json]:
    """An open group of the member, followed by the peer, as somebody who is found by handle and id."""
    name = f"falls{len(friends.member.get(TEAMS)['teams'])}_{friends.member.actor.id}"
    made = friends.member.post(TEAMS, username=name, display_name="Falls", joining="open")
    uri = made["account"]["uri"]
    domain = friends.member.handle.rpartition("@")[2]
    group = Member(replace(friends.member.actor, uri=uri), f"@{name}@{domain}", friends.member.app)
    friends.peer.follow(group)
    return group, made


def test_a_peers_post_to_a_group_is_passed_on_to_its_followers(friends: Friends) -> None:
    group, made = grouped(friends)

    id = friends.peer.note("<p>Low beds helped us.</p>", to=[group.actor.uri])

    plain = friends.peer.heard("Announce", id, by=group)
    assert (plain.status, plain.form, plain.signer) == (202, friends.peer.form, group.actor.uri)
    whole = until(
        lambda: [
            one
            for one in friends.peer.events("inbox")
            if one["document"]["actor"] == group.actor.uri and one["document"]["type"] == "Announce"
            and isinstance(one["document"]["object"], dict)
        ],
        "the Create comes back whole",
    )[0]  # fmt: skip
    assert (whole["status"], whole["signer"]) == (202, group.actor.uri)
    assert (whole["document"]["object"]["type"], whole["document"]["object"]["object"]["id"]) == ("Create", id)
    assert arrived(friends.member, id)["uri"] == id
    shown = friends.member.get(f"/api/v1/accounts/{made['account']['id']}/statuses")
    assert [one["reblog"]["uri"] for one in shown] == [id]
