"""The sample content, and what is planned with it."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from node.demo import content, folder, plan
from node.demo.content import DAY, Content
from node.errors import Invalid
from storage.kinds import SHAPES, Kind, complete, read
from storage.shapes.event import Event

NOW = 1_795_737_600_000  # 2026-11-27


@pytest.fixture(scope="module")
def sample() -> Content:
    return content.load(NOW)


def test_every_structured_item_is_complete(sample: Content) -> None:
    structured = [item for item in sample.items if item.kind in SHAPES]

    for item in structured:
        built_on = {"derived_from": "https://there.example/1"} if item.built_on else {}
        fields = read(item.kind, {**item.fields, **built_on}, strict=True)
        assert fields is not None
        complete(item.title, fields)
    assert len(structured) == 215


def test_events_are_to_come_and_consultations_open_and_voted_in(sample: Content) -> None:
    events = [read(item.kind, item.fields, strict=True) for item in sample.items if item.kind is Kind.EVENT]
    asked = [item for item in sample.items if item.kind is Kind.CONSULTATION]
    chosen = {item.id: [0] * len(item.votes) for item in asked}
    for _, item, places in plan.votes(sample):
        for one in places:
            chosen[item.id][one] += 1

    assert len(events) == 12 and all(isinstance(one, Event) and one.starts > NOW for one in events)
    assert len(asked) == 8 and all(item.closes > NOW for item in asked)
    assert all(sum(counts) > 10 for counts in chosen.values())
    assert len({item.id for _, item in plan.coming(sample)}) > 8


def test_everyone_who_shares_has_an_account(sample: Content) -> None:
    assert {item.author for item in sample.items} <= {one.acct for one in sample.people}


def test_no_name_is_given_twice_on_a_node(sample: Content) -> None:
    names = [(one.home, one.handle) for one in sample.people]

    assert len(names) == len(set(names))


def test_a_reply_comes_after_what_it_answers(sample: Content) -> None:
    by_id = {item.id: item for item in sample.items}

    assert all(by_id[item.answers].published < item.published for item in sample.items if item.answers)


def test_all_that_is_in_the_files_is_shared(sample: Content) -> None:
    lines = (content.FOLDER / "items.jsonl").read_text(encoding="utf-8").splitlines()

    assert len(sample.items) == len(lines)


@pytest.mark.parametrize("later", [0, 1, 200 * DAY + 5 * 3_600_000])
def test_nothing_is_shared_in_the_future_and_something_lately(later: int) -> None:
    newest = [item.published for item in content.load(NOW + later).items]

    assert NOW + later - DAY < max(newest) < NOW + later


def test_conversations_cross_from_node_to_node(sample: Content) -> None:
    home = {one.acct: one.home for one in sample.people}
    author = {item.id: item.author for item in sample.items}

    crossing = [item for item in sample.items if item.answers and home[item.author] != home[author[item.answers]]]

    assert len(crossing) >= 10


def test_the_plan_is_the_same_at_every_run(sample: Content) -> None:
    thanks, passed_on = list(plan.likes(sample)), [item.id for _, item, _ in plan.boosts(sample, NOW)]

    assert (len(plan.first_follows(sample)), len(plan.follows(sample)), len(thanks)) == (40, 190, 356)
    assert (thanks[0][0].handle, thanks[0][1].id) == ("callum_brandreth", "safety-note-014")
    assert passed_on[::4] == ["idea-011", "idea-025"]


def test_nobody_thanks_themselves(sample: Content) -> None:
    assert all(one.acct != item.author for one, item, _ in plan.likes(sample))


def test_a_port_that_is_taken_is_passed_over(sample: Content) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = replace(sample.places[0], port=taken.getsockname()[1])

        found = folder.free_ports([wanted])

    assert found[wanted.domain] > wanted.port


def test_another_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")

    with pytest.raises(Invalid, match="not a demonstration"):
        folder.Folder(tmp_path)
    assert (tmp_path / "letters.txt").read_text() == "mine"
