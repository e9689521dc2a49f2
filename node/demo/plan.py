"""Who follows whom, who thanks for what, who passes what on: the same at every run. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from zlib import crc32

from node.demo.content import Content, Item, Person
from storage.actors import ActorKind
from storage.kinds import Kind

MINUTE = 60_000  # ms
SOON = 90 * MINUTE  # after which people vote and come
PASSED_ON = 4  # posts that each alliance passes on
Pair = tuple[Person, Person]


def first_follows(content: Content) -> list[Pair]:
    """Each alliance that has a node follows everyone on the other, so that everything shared there comes over."""
    return [(one, other) for one, other in permutations(content.people, 2) if one.hosting and one.home != other.home]


def follows(content: Content) -> list[Pair]:
    """Neighbours follow their alliance and it them; who shares a topic, each other; the shown members, all teams."""
    shown = {f"{place.sign_in}@{place.domain}" for place in content.places}

    def wanted(one: Person, other: Person) -> bool:
        near = one.home == other.home and (one.hosting or other.hosting)
        curious = one.acct in shown and other.kind is not ActorKind.PERSON
        return near or curious or bool(one.topics & other.topics)

    first = set(first_follows(content))
    return [pair for pair in permutations(content.people, 2) if pair not in first and wanted(*pair)]


def welcomes(content: Content) -> list[Item]:
    """What stands first on the profile of each alliance that has a node."""
    hosts = {one.acct for one in content.people if one.hosting}
    return [item for item in content.items if item.author in hosts and item.kind is Kind.PLAIN and not item.answers]


def highlights(content: Content) -> Iterator[tuple[Person, Item]]:
    """What the shown member of each node highlights: the first idea from there that was tried out."""
    home = {one.acct: one.home for one in content.people}
    for place in content.places:
        editor = next(one for one in content.people if one.acct == f"{place.sign_in}@{place.domain}")
        tried = [item for item in content.items if home[item.author] == place.domain and _tried(item)]
        if tried:
            yield editor, tried[0]


def likes(content: Content) -> Iterator[tuple[Person, Item, int]]:
    """Who thanks for which item, and when: most often those who share a topic with it."""
    people = [one for one in content.people if one.kind is ActorKind.PERSON]
    for item in content.items:
        for one in people:
            dice = crc32(f"{item.id} {one.acct}".encode())
            if one.acct != item.author and dice % (3 if one.topics & item.topics else 24) == 0:
                yield one, item, item.published + (3 + dice % 40) * MINUTE


def votes(content: Content) -> Iterator[tuple[Person, Item, list[int]]]:
    """Who chooses what in which consultation: as often as the sample content says, in proportion."""
    people = [one for one in content.people if one.kind is ActorKind.PERSON]
    for item in content.items:
        total = sum(item.votes)
        for one in people:
            dice = crc32(f"vote {item.id} {one.acct}".encode())
            if total and one.acct != item.author and dice % 3:
                left = dice // 3 % total
                chosen = next(place for place in range(len(item.votes)) if left < sum(item.votes[: place + 1]))
                more = (chosen + 1) % len(item.votes)
                yield one, item, sorted({chosen, more}) if item.multiple and dice % 5 == 0 else [chosen]


def coming(content: Content) -> Iterator[tuple[Person, Item]]:
    """Who comes to which event: mostly those who share a topic with it."""
    people = [one for one in content.people if one.kind is ActorKind.PERSON]
    for item in content.items:
        for one in people:
            dice = crc32(f"come {item.id} {one.acct}".encode())
            often = 2 if one.topics & item.topics else 8
            if item.kind is Kind.EVENT and one.acct != item.author and dice % often == 0:
                yield one, item


def boosts(content: Content, now: int) -> Iterator[tuple[Person, Item, int]]:
    """What each alliance that has a node passes on from the other, in the last half hour."""
    home = {one.acct: one.home for one in content.people}
    found: list[tuple[Person, Item]] = []
    for alliance in (one for one in content.people if one.hosting):
        theirs = [item for item in content.items if home[item.author] != alliance.home and _notable(item)]
        found += [(alliance, item) for item in theirs[-PASSED_ON:]]
    for place, (alliance, item) in enumerate(found):
        yield alliance, item, now - (3 * (len(found) - place)) * MINUTE


def _notable(item: Item) -> bool:
    return item.fields.get("harm") == "severe" or _tried(item)


def _tried(item: Item) -> bool:
    return item.fields.get("stage") in ("tested", "adopted", "spreading")
