"""What is learnt on one node is seen on the others: ideas, mentoring, collaboratives, consultations, and trouble.

Three nodes and a server made with Fedify, each a process of its own, spoken to as apps and readers do. The tests go in
order and share them.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Generator
from functools import partial

import httpx2
import pytest

from tests.drills.walk import AS2, SOON, Walk, document, group_of, page, saying, share, walk
from tests.peers.machines import Json, Member, until

pytestmark = pytest.mark.xdist_group("drills")

OWN = "/api/v1/sharewell"
TEAMS, MENTORING, CONSULTATIONS = f"{OWN}/teams", f"{OWN}/mentoring", f"{OWN}/consultations"
REASON = "The mirrors walked off the ward within a week."
FIGURES = "\n".join(f"2025-{month:02},{value}" for month, value in enumerate([31, 34, 29, 33, 30, 12, 11, 9], 1))
TEXTS = [f"Count {number} of the drill #walked" for number in range(24)]
BESIDE = [f"Meanwhile {number} at home #walked" for number in range(8)]


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Generator[Walk]:
    with walk(tmp_path_factory.mktemp("walk")) as made:
        yield made
        print(*(f"{seconds:6.2f} s  {what}" for what, seconds in made.took.items()), sep="\n")


def tried(who: Member, title: str, outcome: str, uri: str, **more: object) -> Json:
    return share(who, "spread", title, derived_from=uri, outcome=outcome, **more)


def test_an_idea_is_adapted_and_abandoned_elsewhere_and_it_is_seen_where_it_began(there: Walk) -> None:
    rosa, sam, wim = there.rosa, there.sam, there.wim
    idea = share(rosa, "idea", "A mirror on every trolley", proposal="Tie a wide mirror to each trolley.",
                 topics=["pressure-ulcers"])  # fmt: skip
    for who in (sam, wim):
        there.arrives(who, idea["uri"])

    changed = "A pocket mirror for each nurse."
    adapted = tried(sam, "Pocket mirrors", "adapted", idea["uri"], what_changed=changed, result="Used daily.")
    measure = sam.post(f"{OWN}/measures", name="Heel ulcers", direction="down", points=FIGURES, open=True)
    chart = share(sam, "measure", "Fewer heel ulcers", measures=[measure["id"]], derived_from=adapted["uri"])
    abandoned = tried(wim, "No mirrors", "abandoned", idea["uri"], reason=REASON)

    def lineage() -> Json:
        found = rosa.get(f"{OWN}/statuses/{idea['id']}/lineage")
        below = {one["outcome"]: one for one in found["children"]}
        return found if len(below) == 2 and below["adapted"]["children"] else None

    tree = there.seen("the tree of two nodes where the idea began", lineage)
    assert {name: n for name, n in tree["counts"].items() if n} == {"adapted": 1, "abandoned": 1}
    stopped, pocket = sorted(tree["children"], key=lambda one: str(one["outcome"]))
    assert (stopped["uri"], stopped["reason"]) == (abandoned["uri"], REASON)
    assert (pocket["uri"], pocket["what_changed"]) == (adapted["uri"], changed)
    assert [one["uri"] for one in pocket["children"]] == [chart["uri"]]
    shown = page(idea["url"])
    assert all(one in shown for one in ("1 adapted", "1 abandoned", REASON, changed, "Fewer heel ulcers"))
    drawn = page(f"{rosa.app.base_url}/@{sam.handle[1:]}/{pocket['children'][0]['id']}")
    assert 'role="img"' in drawn and '<th scope="row">Jan 2025</th>' in drawn

    spread = document(f"{idea['uri']}/spread")
    assert (spread["totalItems"], spread["adapted"], spread["abandoned"]) == (2, 1, 1)
    assert [document(one)["derivedFrom"] for one in document(spread["first"])["orderedItems"]] == [idea["uri"]] * 2
    forged = {**document(abandoned["uri"]), "id": f"{abandoned['uri']}0"}
    create = {"id": f"{abandoned['uri']}0/activity", "type": "Create", "actor": wim.actor.uri, "object": forged}
    refused = httpx2.post(f"{rosa.app.base_url}/inbox", json=create, headers=AS2)
    assert (refused.status_code, document(f"{idea['uri']}/spread")["totalItems"]) == (401, 2)


def test_two_offers_elsewhere_fit_a_request_and_it_closes_when_both_sides_accept(there: Walk) -> None:
    rosa, sam, wim = there.rosa, there.sam, there.wim
    said = {"topics": ["cannulation"], "level": "team", "format": "video-call"}
    wanted = share(rosa, "mentoring-request", "Mentor wanted for idle cannulas", hours_a_month=1, months=4, **said)
    offers = [
        share(who, "mentoring-offer", title, hours_a_month=2, **said)
        for who, title in ((sam, "Pair your ward"), (wim, "Coach for link nurses"))
    ]
    known = {there.arrives(rosa, one["uri"])["id"]: one for one in offers}
    there.arrives(wim, wanted["uri"])
    fits = rosa.get(f"{MENTORING}/{wanted['id']}/suggestions")
    assert {one["status_id"] for one in fits} == set(known)
    board = rosa.get(MENTORING, direction="offer")
    assert {one["uri"] for one in board} == {one["uri"] for one in offers}

    theirs = next(id for id, one in known.items() if one is offers[0])
    match = rosa.post(f"{MENTORING}/matches", mine=wanted["id"], theirs=theirs, message="Could you do Tuesdays?")
    asked = there.seen("the proposal", lambda: sam.get(f"{MENTORING}/matches"))[0]
    assert (asked["state"], asked["message"], asked["proposed_by_me"]) == ("proposed", "Could you do Tuesdays?", False)
    sam.post(f"{MENTORING}/matches/{asked['id']}/accept")
    path = f"{MENTORING}/matches/{match['id']}"
    there.seen("the acceptance", lambda: rosa.get(path)["state"] == "accepted")
    rosa.post(f"{path}/notes", sort="goal", text="Fewer than 20% idle on Fridays.")
    there.seen("the goal", lambda: sam.get(f"{MENTORING}/matches/{asked['id']}")["goal"])

    at_c = there.arrives(wim, wanted["uri"])
    there.seen("at a third node that it is matched", lambda: "· Matched" in page(_beside(wim, rosa, at_c)))
    mine = there.arrives(wim, offers[1]["uri"])
    assert wim.get(f"{MENTORING}/{mine['id']}/suggestions") == []
    numbers = rosa.get(f"{MENTORING}/numbers")
    assert (numbers["requests_open"], numbers["matched"], numbers["hours"]) == (0, 1, 4)

    sam.post(f"{MENTORING}/matches/{asked['id']}/end")
    there.seen("the end", lambda: rosa.get(path)["state"] == "ended")
    there.seen("at a third node that it is closed", lambda: "· Closed" in page(_beside(wim, rosa, at_c)))
    assert rosa.get(f"{MENTORING}/numbers")["closed"] == sam.get(f"{MENTORING}/numbers")["closed"] == 1


def _beside(who: Member, author: Member, status: Json) -> str:
    """The page of a post of another node at the node of ``who``."""
    return f"{who.app.base_url}/@{author.handle[1:]}/{status['id']}"


def test_a_collaborative_has_members_on_two_nodes_and_passes_on_what_a_stranger_sends(there: Walk) -> None:
    rosa, una, sam, peer = there.rosa, there.una, there.sam, there.peer
    made = rosa.post(
        TEAMS, username="heels", display_name="Heels up", kind="collaborative", aim="No heel ulcer by June",
        joining="request", posting="anyone", starts_on="2026-12-01", ends_on="2027-06-30", note="We look at heels.",
    )  # fmt: skip
    group, id = group_of(rosa, "heels", made["account"]["uri"]), made["account"]["id"]
    at_b = sam.find(group.handle)["id"]
    una.post(f"{TEAMS}/{id}/join")
    sam.post(f"{TEAMS}/{at_b}/join")
    waiting = there.seen(
        "who asks to join", lambda: len(found := rosa.get(f"{TEAMS}/{id}/waiting")["asked"]) == 2 and found
    )
    for one in waiting:
        rosa.post(f"{TEAMS}/{id}/requests/{one['id']}/accept")
    there.seen("that one is let in", lambda: sam.get(f"{TEAMS}/{at_b}")["role"] == "member")
    members = {one["account"]["acct"] for one in rosa.get(f"{TEAMS}/{id}/members")}
    assert members == {"rosa", "una", sam.handle[1:]}
    shown = page(f"{sam.app.base_url}/{group.handle}")
    assert "No heel ulcer by June" in shown and "From 1 Dec 2026 to 30 Jun 2027" in shown
    assert "Group ·" in shown  # what sort of group it is its own node says alone

    peer.follow(group)
    first = peer.note("<p>Low beds helped us.</p>", to=[group.actor.uri])
    [held] = there.seen("a stranger's first post waits", lambda: rosa.get(f"{TEAMS}/{id}/posts"))
    assert held["uri"] == first and not any((one["reblog"] or {}).get("uri") == first for one in sam.home())
    rosa.post(f"{TEAMS}/{id}/posts/{held['id']}/let-in")
    second = peer.note("<p>So did soft boots.</p>", to=[group.actor.uri])
    for uri in (first, second):
        assert [there.passed_on(who, uri)["account"]["acct"] for who in (sam, una)] == [group.handle[1:], "heels"]
        assert peer.heard("Announce", uri, by=group).signer == group.actor.uri

    ours = sam.say(f"We raise them on a pillow. {group.handle}")
    assert peer.heard("Announce", ours["uri"], by=group).status == 202
    there.passed_on(una, ours["uri"])
    shown = page(f"{rosa.app.base_url}/@heels")
    assert all(one in shown for one in ("Low beds helped us.", "So did soft boots.", "We raise them on a pillow."))
    assert "<b>0</b> shared" not in shown


def test_a_consultation_is_voted_in_from_two_other_servers_and_its_summary_arrives_there(there: Walk) -> None:
    rosa, una, sam, peer = there.rosa, there.una, there.sam, there.peer
    poll = {"options": ["People to ask", "Tools"], "expires_in": 7 * 24 * 3600}
    own = {"kind": "consultation", "title": "What first?"}
    asked = rosa.say("We decide in January.", poll=poll, sharewell=own)
    path = f"{CONSULTATIONS}/{asked['id']}"
    at_b = there.arrives(sam, asked["uri"])
    assert peer.understood(peer.heard("Create", asked["uri"]))["type"] == "Question"

    sam.post(f"/api/v1/polls/{at_b['poll']['id']}/votes", choices=[1])
    una.post(f"/api/v1/polls/{asked['poll']['id']}/votes", choices=[0])
    peer.ask("vote", about=asked["uri"], name="Tools", to=rosa.actor.uri)
    there.seen("the votes of two other servers", lambda: rosa.get(path)["voters_elsewhere"] == 2)

    now = int(time.time() * 1000)  # nobody waits for five minutes, the shortest that it can be open
    there.a.run("UPDATE polls SET ends = :now WHERE post_id = :id", now=now, id=int(asked["id"]))
    there.a.run("UPDATE jobs SET due = :now WHERE kind = 'poll-end' AND payload = :id", now=now, id=asked["id"])
    until(lambda: rosa.get(path)["over"], "its day comes")
    there.seen("at another node that it is over", lambda: sam.get(f"{CONSULTATIONS}/{at_b['id']}")["over"])
    themes = [{"name": "Tools", "count": 2, "sentence": "You want them ready made."}]
    words = {"kind": "summary", "title": "What first?", "fields": {"themes": themes, "did": "A shelf of tools."}}
    summary = rosa.say("", in_reply_to_id=asked["id"], sharewell=words)

    found = there.seen("the summary", lambda: sam.get(f"{CONSULTATIONS}/{at_b['id']}")["summary"])
    assert found["uri"] == summary["uri"]
    fields = found["sharewell"]["fields"]
    assert (fields["here"], fields["elsewhere"], fields["did"]) == (1, 2, "A shelf of tools.")
    shown = page(_beside(sam, rosa, found))
    place = rosa.handle.rpartition("@")[2]
    assert f"1 person voted at {place}, 2 at other servers." in shown and "A shelf of tools." in shown
    assert any(one.get("status", {}).get("uri") == summary["uri"] for one in sam.get("/api/v1/notifications"))
    assert "A shelf of tools." in peer.understood(peer.heard("Create", summary["uri"]))["content"]


def test_a_killed_node_and_one_that_was_away_have_everything_once(there: Walk) -> None:
    rosa, sam, wim = there.rosa, there.sam, there.wim
    there.b.node.lines.end()
    with saying(wim, TEXTS, apps=4) as answered, saying(rosa, BESIDE, apps=1) as beside:
        until(lambda: len(answered) >= len(TEXTS) // 3, "some are answered")
        there.c.node.lines.kill()
        acknowledged = [*answered]
        there.c.begin()
    assert len(acknowledged) < len(TEXTS)

    uris = {*answered, *beside}
    wanted = Counter(dict.fromkeys(uris, 1))
    for what, who in (("where it began", rosa), ("at the node that was killed", wim)):
        there.seen(f"everything {what}", partial(_all, who, uris), within=2 * SOON)
        assert Counter(_walked(who)) == wanted, what
    there.b.begin()
    there.b.ready()
    sam.say("Back again.")  # who hears it tries again at once, and else within half a minute
    there.seen("everything at the node that was away", partial(_all, sam, uris), within=2 * SOON)
    assert Counter(_walked(sam)) == wanted
    assert set(acknowledged) < uris


def _all(who: Member, uris: set[str]) -> bool:
    return uris <= {*_walked(who)}


def _walked(who: Member) -> list[str]:
    """Uris of what was said meanwhile, as the node of ``who`` shows it to everybody."""
    return [one["uri"] for one in who.get("/api/v1/timelines/tag/walked", limit="40")]
