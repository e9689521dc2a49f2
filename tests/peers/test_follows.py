"""Following across servers, in both directions, and its end."""

from __future__ import annotations

import pytest

from storage.actors import ActorKind
from tests.peers.conftest import Friends
from tests.peers.machines import until

pytestmark = pytest.mark.xdist_group("peers")


def test_a_peer_follows_a_member_and_gets_its_accept(friends: Friends) -> None:
    peer, member = friends.peer, friends.node.member()

    follow = peer.follow(member)

    accept = peer.heard("Accept", follow)
    assert (accept.status, accept.form, accept.signer) == (202, peer.form, member.actor.uri)
    assert member.followers() == [peer.actor]
    assert member.told("follow") == [peer.actor]


def test_a_member_follows_a_peer_found_by_its_handle(friends: Friends) -> None:
    peer, member = friends.peer, friends.node.member()
    account = member.find(peer.handle)

    member.post(f"/api/v1/accounts/{account['id']}/follow")

    until(lambda: member.standing(account["id"])["following"], "our follow is accepted")
    assert account["uri"] == peer.actor
    assert member.actor.uri in peer.state()["followers"]


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "by id"])
def test_a_peer_that_follows_no_longer_is_no_follower(friends: Friends, whole: bool) -> None:
    peer, member = friends.peer, friends.node.member()
    follow = peer.follow(member)

    peer.ask("undo", id=follow, whole=whole)

    until(lambda: member.followers() == [], "the follower is gone")
    assert member.told("follow") == []


def test_a_member_who_follows_no_longer_is_no_follower_of_the_peer(friends: Friends) -> None:
    peer, member = friends.peer, friends.node.member()
    account = member.find(peer.handle)
    member.post(f"/api/v1/accounts/{account['id']}/follow")
    until(lambda: member.actor.uri in peer.state()["followers"], "we follow")

    member.post(f"/api/v1/accounts/{account['id']}/unfollow")

    until(lambda: member.actor.uri not in peer.state()["followers"], "we follow no longer")


def test_a_locked_member_lets_a_peer_follow_later(friends: Friends) -> None:
    peer, member = friends.peer, friends.node.member()
    assert member.app.patch("/api/v1/accounts/update_credentials", json={"locked": True}).status_code == 200
    peer.ask("follow", actor=member.actor.uri)
    [asking] = until(lambda: member.get("/api/v1/follow_requests"), "the peer asks")
    asked = peer.state()["following"]

    member.post(f"/api/v1/follow_requests/{asking['id']}/authorize")

    assert asked[member.actor.uri] is False
    until(lambda: peer.state()["following"][member.actor.uri], "the late accept arrives")


def test_a_member_who_removes_a_follower_tells_the_peer(friends: Friends) -> None:
    peer, member = friends.peer, friends.node.member()
    follow = peer.follow(member)

    member.post(f"/api/v1/accounts/{friends.account['id']}/remove_from_followers")

    assert peer.heard("Reject", follow).status == 202
    until(lambda: member.actor.uri not in peer.state()["following"], "the peer knows")


def test_followers_are_listed_to_peers(friends: Friends) -> None:
    assert friends.peer.ask("walk", uri=friends.member.actor.followers) == [friends.peer.actor]


@pytest.mark.parametrize("kind", [ActorKind.GROUP, ActorKind.ORGANIZATION])
def test_a_peer_follows_a_team_and_an_alliance_and_gets_their_posts(friends: Friends, kind: ActorKind) -> None:
    peer, team = friends.peer, friends.node.member(kind)

    peer.follow(team)
    post = team.say("We meet on Tuesdays.")

    create = peer.heard("Create", post["uri"])
    assert (create.status, create.signer) == (202, team.actor.uri)
