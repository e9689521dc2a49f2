"""Our polls across servers: read there, voted in from there, told how they stand."""

from __future__ import annotations

import pytest

from tests.peers.conftest import Friends
from tests.peers.machines import until

pytestmark = pytest.mark.xdist_group("peers")
ASKED = {"options": ["Torch", "Mirror"], "expires_in": 3600}


def test_our_poll_arrives_and_a_peers_vote_counts_once(friends: Friends) -> None:
    post = friends.member.say("What helps?", poll=ASKED)
    create = friends.peer.heard("Create", post["uri"])

    for name in ("Mirror", "Mirror", "Torch"):
        friends.peer.ask("vote", about=post["uri"], name=name, to=friends.member.actor.uri)

    path = f"/api/v1/polls/{post['poll']['id']}"
    until(lambda: friends.member.get(path)["votes_count"] == 1, "the vote is counted")
    assert friends.peer.understood(create)["type"] == "Question"
    assert [one["votes_count"] for one in friends.member.get(path)["options"]] == [0, 1]
    assert friends.member.get(f"/api/v1/statuses/{post['id']}/context")["descendants"] == []
