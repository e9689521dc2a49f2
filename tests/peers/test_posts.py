"""Posts, replies, edits and deletions across servers, in both directions."""

from __future__ import annotations

import httpx2
import pytest

from tests.peers.conftest import Friends
from tests.peers.machines import Json, Member, Peer, until
from tests.peers.matrix import BOVINE, FEDIFY

pytestmark = pytest.mark.xdist_group("peers")
NOTE = "Crash cart moved to bay 4."


def arrived(member: Member, uri: str) -> Json:
    """The post of another server in the member's home timeline."""
    return until(lambda: next((one for one in member.home() if one["uri"] == uri), None), f"{uri} comes home")


def test_our_post_arrives_with_its_words_and_a_signature_that_holds(friends: Friends) -> None:
    post = friends.member.say(NOTE)

    create = friends.peer.heard("Create", post["uri"])
    assert (create.status, create.form, create.signer) == (202, friends.peer.form, friends.member.actor.uri)
    read = friends.peer.understood(create)
    assert (read["type"], read["id"], read["content"]) == ("Note", post["uri"], f"<p>{NOTE}</p>")


def test_a_peers_post_comes_to_the_home_timeline(friends: Friends) -> None:
    id = friends.peer.note("<p>From the other side &amp; back.</p>")

    post = arrived(friends.member, id)
    assert (post["account"]["uri"], post["content"]) == (friends.peer.actor, "<p>From the other side &amp; back.</p>")


def test_a_warning_and_a_language_arrive_with_our_post(friends: Friends) -> None:
    post = friends.member.say("Mae gel yn ôl.", spoiler_text="Gwaed", language="cy")

    create = friends.peer.heard("Create", post["uri"])
    assert friends.peer.understood(create)["summary"] == "Gwaed"
    assert create.document["object"]["contentMap"] == {"cy": "<p>Mae gel yn ôl.</p>"}


def test_a_peers_warning_and_picture_are_shown_with_its_text_for_the_blind(friends: Friends) -> None:
    picture = {"url": f"{friends.peer.actor}/photo.png", "name": "A trolley by a door"}

    id = friends.peer.note("<p>Look.</p>", summary="Blood", picture=picture)

    post = arrived(friends.member, id)
    assert post["spoiler_text"] == "Blood"
    shown = [(one["type"], one["url"], one["description"]) for one in post["media_attachments"]]
    assert shown == [("image", picture["url"], picture["name"])]


def test_our_direct_message_arrives_for_the_peer_alone(friends: Friends) -> None:
    post = friends.member.say(f"{friends.peer.handle} in confidence", visibility="direct")

    create = friends.peer.heard("Create", post["uri"]).document
    assert (create["to"], create.get("cc", [])) == ([friends.peer.actor], [])


def test_a_peers_direct_message_is_seen_by_whom_it_is_for_alone(friends: Friends) -> None:
    stranger = friends.node.member()

    id = friends.peer.note("<p>In confidence.</p>", to=[friends.member.actor.uri], direct=True)

    post = until(lambda: friends.member.find(id), "it is here")
    assert post["visibility"] == "direct"
    assert stranger.app.get(f"/api/v1/statuses/{post['id']}").status_code == 404


def test_our_posts_are_listed_in_the_outbox(friends: Friends) -> None:
    author = friends.node.member()
    shared = [author.say(f"Note {number}.")["uri"] for number in range(25)]  # more than a page

    listed = friends.peer.ask("walk", uri=author.actor.outbox)

    assert listed == [f"{one}/activity" for one in reversed(shared)]


def test_our_post_is_found_at_its_address_by_a_signed_get(friends: Friends) -> None:
    post = friends.member.say(NOTE)

    read = friends.peer.ask("read", uri=post["uri"])

    assert (read["type"], read["content"]) == ("Note", f"<p>{NOTE}</p>")


def test_a_post_for_followers_is_read_by_the_peer_that_follows_and_by_nobody_else(friends: Friends) -> None:
    post = friends.member.say("Only for you.", visibility="private")

    read = friends.peer.ask("read", uri=post["uri"])
    unsigned = httpx2.get(post["uri"], headers={"accept": "application/activity+json"})

    assert read["content"] == "<p>Only for you.</p>"
    assert unsigned.status_code == 404


def test_a_peers_post_that_never_came_is_found_by_its_address(friends: Friends) -> None:
    id = friends.peer.note("<p>Found by search.</p>", unsent=True)

    found = friends.member.find(id)

    assert (found["content"], found["account"]["uri"]) == ("<p>Found by search.</p>", friends.peer.actor)


def test_a_mention_reaches_a_peer_that_does_not_follow(friends: Friends) -> None:
    stranger = friends.node.member()

    post = stranger.say(f"Thank you {friends.peer.handle}")

    create = friends.peer.heard("Create", post["uri"])
    assert [one["href"] for one in create.document["object"]["tag"]] == [friends.peer.actor]


def test_a_peers_mention_is_a_notification_to_a_member_who_does_not_follow(friends: Friends) -> None:
    stranger = friends.node.member()

    friends.peer.note("<p>Have you seen this?</p>", to=[stranger.actor.uri])

    until(lambda: stranger.told("mention") == [friends.peer.actor], "the mention is told")


def test_a_peers_reply_stands_below_our_post(friends: Friends) -> None:
    post = friends.member.say(NOTE)

    reply = friends.peer.note("<p>Ours too.</p>", inReplyTo=post["uri"], to=[friends.member.actor.uri])

    arrived(friends.member, reply)
    below = friends.member.get(f"/api/v1/statuses/{post['id']}/context")["descendants"]
    assert [(one["uri"], one["in_reply_to_id"]) for one in below] == [(reply, post["id"])]
    assert friends.member.get(f"/api/v1/statuses/{post['id']}")["replies_count"] == 1


def test_what_a_peers_post_answers_on_a_third_server_is_fetched(friends: Friends, peers: dict[str, Peer]) -> None:
    third = peers[BOVINE if friends.peer is peers[FEDIFY] else FEDIFY]
    asked = third.note("<p>Does anybody know?</p>")

    id = friends.peer.note("<p>I do.</p>", inReplyTo=asked, to=[friends.member.actor.uri])

    told = until(lambda: friends.member.about(id), "the mention is told")
    above = friends.member.get(f"/api/v1/statuses/{told[0]['status']['id']}/context")["ancestors"]
    assert [one["content"] for one in above] == ["<p>Does anybody know?</p>"]


def test_our_reply_names_the_peers_post_and_its_author(friends: Friends) -> None:
    id = friends.peer.note("<p>Any ideas?</p>")
    post = arrived(friends.member, id)

    reply = friends.member.say("One.", in_reply_to_id=post["id"])

    create = friends.peer.heard("Create", reply["uri"])
    assert friends.peer.understood(create)["inReplyTo"] == id
    assert [one["href"] for one in create.document["object"]["tag"]] == [friends.peer.actor]
    above = friends.member.get(f"/api/v1/statuses/{reply['id']}/context")["ancestors"]
    assert [one["uri"] for one in above] == [id]


def test_a_conversation_of_three_is_one_thread_here(friends: Friends) -> None:
    first = friends.member.say("Who has tried it?")
    second = friends.peer.note("<p>We have.</p>", inReplyTo=first["uri"], to=[friends.member.actor.uri])
    third = friends.member.say("And?", in_reply_to_id=arrived(friends.member, second)["id"])
    friends.peer.heard("Create", third["uri"])

    fourth = friends.peer.note("<p>It works.</p>", inReplyTo=third["uri"], to=[friends.member.actor.uri])

    arrived(friends.member, fourth)
    below = friends.member.get(f"/api/v1/statuses/{first['id']}/context")["descendants"]
    assert [one["uri"] for one in below] == [second, third["uri"], fourth]


def test_our_edit_arrives_with_the_new_words(friends: Friends) -> None:
    post = friends.member.say(NOTE)
    friends.peer.heard("Create", post["uri"])

    friends.member.put(f"/api/v1/statuses/{post['id']}", status="Crash cart is back.")

    update = friends.peer.heard("Update", post["uri"])
    assert (update.status, update.signer) == (202, friends.member.actor.uri)
    assert friends.peer.understood(update)["content"] == "<p>Crash cart is back.</p>"


def test_a_peers_edit_is_shown_and_the_words_before_are_kept(friends: Friends) -> None:
    id = friends.peer.note("<p>Before.</p>")
    path = f"/api/v1/statuses/{arrived(friends.member, id)['id']}"

    friends.peer.ask("edit", id=id, content="<p>After.</p>")

    until(lambda: friends.member.get(path)["content"] == "<p>After.</p>", "the edit is shown")
    history = friends.member.get(f"{path}/history")
    assert [one["content"] for one in history] == ["<p>Before.</p>", "<p>After.</p>"]


def test_our_deletion_arrives_and_the_address_says_gone(friends: Friends) -> None:
    post = friends.member.say(NOTE)
    friends.peer.heard("Create", post["uri"])

    friends.member.app.delete(f"/api/v1/statuses/{post['id']}")

    delete = friends.peer.heard("Delete", post["uri"])
    assert (delete.status, delete.signer) == (202, friends.member.actor.uri)
    found = httpx2.get(post["uri"], headers={"accept": "application/activity+json"})
    assert (found.status_code, found.json()["type"]) == (410, "Tombstone")


def test_what_a_peer_deletes_is_gone(friends: Friends) -> None:
    id = friends.peer.note("<p>A mistake.</p>")
    path = f"/api/v1/statuses/{arrived(friends.member, id)['id']}"

    friends.peer.ask("erase", id=id)

    until(lambda: friends.member.app.get(path).status_code == 404, "it is gone")
    assert id not in [one["uri"] for one in friends.member.home()]
