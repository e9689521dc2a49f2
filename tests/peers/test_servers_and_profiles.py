"""What servers tell each other of themselves and of those who are on them."""

from __future__ import annotations

import asyncio

import pytest

from node.operating import commands
from tests.peers.conftest import Friends, befriended
from tests.peers.machines import until

pytestmark = pytest.mark.xdist_group("peers")


def test_our_nodeinfo_is_understood(friends: Friends) -> None:
    assert friends.peer.ask("software", uri=friends.node.config.base_url) == "sharewell"


def test_a_member_is_found_by_the_address_of_the_profile_page(friends: Friends) -> None:
    page = friends.member.get("/api/v1/accounts/verify_credentials")["url"]

    read = friends.peer.ask("read", uri=page)

    assert (read["type"], read["id"]) == ("Person", friends.member.actor.uri)


def test_a_new_name_of_ours_arrives(friends: Friends) -> None:
    member = befriended(friends.node, friends.peer).member

    member.app.patch("/api/v1/accounts/update_credentials", json={"display_name": "Rosa Quill"})

    update = friends.peer.heard("Update", member.actor.uri)
    assert (update.status, friends.peer.understood(update)["name"]) == (202, "Rosa Quill")


def test_a_peers_new_name_is_shown(friends: Friends) -> None:
    friends.peer.ask("rename", name="Priti Lowndes")

    path = f"/api/v1/accounts/{friends.account['id']}"
    until(lambda: friends.member.get(path)["display_name"] == "Priti Lowndes", "the new name is shown")


def test_after_new_keys_a_peer_still_believes_us(friends: Friends) -> None:
    member = befriended(friends.node, friends.peer).member
    name = member.actor.handle

    asyncio.run(commands.rotate_keys(friends.node.config, {"name": name}))
    post = member.say("Signed with a new key.")

    create = friends.peer.heard("Create", post["uri"])
    assert (create.status, create.signer) == (202, member.actor.uri)


def test_that_an_account_is_gone_arrives(friends: Friends) -> None:
    member = befriended(friends.node, friends.peer).member

    asyncio.run(commands.delete_account(friends.node.config, {"name": member.actor.handle, "wait": False}))

    # bovine keeps no keys: it asks for one that is gone with the account, and cannot believe what it signed.
    delete = friends.peer.heard("Delete", member.actor.uri)
    assert (delete.document["actor"], delete.status) == (member.actor.uri, 401 if friends.peer.by_handle else 202)
