"""What groups say, as kept examples; and what other software's groups pass on is told apart from a boost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from federation.documents import groups
from federation.inbox import unpacking
from federation.inbox.activity import Activity
from federation.site import Document
from storage.actors import ActorKind
from storage.kinds import Kind
from storage.posts import Post, Visibility
from tests.documents.test_corpus import ALL, load, somebody

NOW = 1_793_000_000_000
GROUP = replace(somebody("https://north.example/users/falls"), id=7, kind=ActorKind.GROUP)
ROSA = somebody("https://south.example/users/rosa")
NOTE = Post(5, "https://south.example/@rosa/5", 1, "Note", Kind.PLAIN, Visibility.PUBLIC, NOW)


def said() -> dict[str, Document]:
    create = {"id": f"{NOTE.uri}/activity", "type": "Create", "actor": ROSA.uri, "object": {"id": NOTE.uri}}
    return {
        "join": groups.join(ROSA, GROUP, f"{ROSA.uri}{groups.JOINS}7/{NOW}"),
        "leave": groups.leave(ROSA, GROUP, now=NOW),
        "invite": groups.invite(GROUP, ROSA, f"{GROUP.uri}{groups.INVITES}1/{NOW}"),
        "announce": groups.announce(GROUP, create),
        "removal": groups.removal(GROUP, replace(ROSA, uri="https://north.example/users/imelda"), NOTE.uri, now=NOW),
        "to allies": groups.announce_post(somebody("https://north.example/actor"), NOTE, now=NOW),
    }


def test_what_groups_say_is_as_kept() -> None:
    kept = json.loads((Path(__file__).parent / "groups.json").read_text(encoding="utf-8"))

    assert said() == kept


def test_what_lemmy_and_mbin_pass_on_is_told_apart() -> None:
    found: dict[str, set[str]] = {}
    for one in (*ALL.get("lemmy", ()), *ALL.get("mbin", ())):
        document = load(one)
        if document.get("type") != "Announce":
            continue
        inner = document["object"]
        wrapped = unpacking.wrapped(Activity("Announce", document["id"], ROSA, document, NOW))
        found.setdefault("wrapped" if wrapped else "post", set()).add(
            inner["type"] if isinstance(inner, dict) else "id"
        )

    assert not ALL or found == {"wrapped": {"Add", "Delete", "Remove", "Undo", "Update"}, "post": {"Create", "id"}}
