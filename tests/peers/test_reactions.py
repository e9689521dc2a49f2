"""Likes and boosts across servers, in both directions, counted and taken back."""

from __future__ import annotations

import pytest

from tests.peers.conftest import Friends, befriended
from tests.peers.machines import Json, Peer, until
from tests.peers.matrix import BOVINE, FEDIFY
from tests.peers.test_posts import arrived

pytestmark = pytest.mark.xdist_group("peers")
COUNTS = {"Like": "favourites_count", "Announce": "reblogs_count"}
LISTS = {"Like": "favourited_by", "Announce": "reblogged_by"}
VERBS = {"Like": "favourite", "Announce": "reblog"}
REASONS = {"Like": "favourite", "Announce": "reblog"}
EACH = pytest.mark.parametrize("type", ["Like", "Announce"])


def counted(friends: Friends, post: Json, type: str) -> int:
    """How often a post was liked or passed on, as the member's app shows it."""
    count: int = friends.member.get(f"/api/v1/statuses/{post['id']}")[COUNTS[type]]
    return count


def reacted(friends: Friends, type: str) -> tuple[Json, str]:
    """A post of ours that the peer has liked or passed on, and the id of the activity."""
    post = friends.member.say("Hand gel is back at every bed.")
    friends.peer.heard("Create", post["uri"])
    id = friends.peer.ask("act", type=type, object=post["uri"], to=friends.member.actor.uri)["id"]
    until(lambda: counted(friends, post, type) == 1, f"the {type} is counted")
    return post, id


@EACH
def test_a_peers_reaction_is_counted_and_told(friends: Friends, type: str) -> None:
    post, _ = reacted(friends, type)

    by = friends.member.get(f"/api/v1/statuses/{post['id']}/{LISTS[type]}")
    assert [one["uri"] for one in by] == [friends.peer.actor]
    told = friends.member.get("/api/v1/notifications")[0]
    assert (told["type"], told["status"]["id"]) == (REASONS[type], post["id"])


@EACH
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "by id"])
def test_a_reaction_that_the_peer_takes_back_counts_no_longer(friends: Friends, type: str, whole: bool) -> None:
    post, id = reacted(friends, type)

    friends.peer.ask("undo", id=id, whole=whole)

    until(lambda: counted(friends, post, type) == 0, "it is taken back")


@EACH
def test_our_reaction_arrives_and_is_counted_there_and_here(friends: Friends, type: str) -> None:
    id = friends.peer.note("<p>Good news.</p>")
    post = arrived(friends.member, id)

    friends.member.post(f"/api/v1/statuses/{post['id']}/{VERBS[type]}")

    heard = friends.peer.heard(type, id)
    assert (heard.status, heard.form, heard.signer) == (202, friends.peer.form, friends.member.actor.uri)
    marks = until(lambda: friends.peer.state()["marks"].get(id), "the peer counts it")
    assert marks[type] == [friends.member.actor.uri]
    assert counted(friends, post, type) == 1


@EACH
def test_our_reaction_taken_back_counts_no_longer_there_and_here(friends: Friends, type: str) -> None:
    id = friends.peer.note("<p>Good news.</p>")
    post = arrived(friends.member, id)
    friends.member.post(f"/api/v1/statuses/{post['id']}/{VERBS[type]}")
    until(lambda: friends.peer.state()["marks"].get(id, {}).get(type), "the peer counts it")

    friends.member.post(f"/api/v1/statuses/{post['id']}/un{VERBS[type]}")

    until(lambda: friends.peer.state()["marks"][id][type] == [], "the peer counts it no longer")
    assert counted(friends, post, type) == 0


def test_our_boost_says_when_it_was_made(friends: Friends) -> None:
    id = friends.peer.note("<p>Pass it on.</p>")
    post = arrived(friends.member, id)

    boost = friends.member.post(f"/api/v1/statuses/{post['id']}/reblog")

    announce = friends.peer.heard("Announce", id).document
    assert (announce["id"], announce["published"][:16]) == (boost["uri"], boost["created_at"][:16])


def test_a_peers_boost_comes_to_its_followers_home_timeline(friends: Friends) -> None:
    follower = befriended(friends.node, friends.peer).member

    post, id = reacted(friends, "Announce")

    boost = arrived(follower, id)
    assert (boost["account"]["uri"], boost["reblog"]["uri"]) == (friends.peer.actor, post["uri"])


def test_a_third_servers_post_that_a_peer_passes_on_is_fetched_and_shown(
    friends: Friends, peers: dict[str, Peer]
) -> None:
    third = peers[BOVINE if friends.peer is peers[FEDIFY] else FEDIFY]
    id = third.note("<p>Seen elsewhere.</p>")

    boost = friends.peer.ask("act", type="Announce", object=id, to=friends.member.actor.uri)["id"]

    shown = arrived(friends.member, boost)["reblog"]
    assert (shown["uri"], shown["content"], shown["account"]["uri"]) == (id, "<p>Seen elsewhere.</p>", third.actor)
