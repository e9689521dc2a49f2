"""Calendar files: what is written is read back, however it is made; and clocks are said right."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from node.web.calendars import WIDTH, Entry, escaped, folded, written

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def unfolded(body: bytes) -> list[str]:
    return body.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def plain(said: str) -> str:
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], said)


@given(TEXTS)
def test_a_folded_line_is_the_line_in_pieces_that_fit(text: str) -> None:
    line = f"SUMMARY:{escaped(text)}"

    body = folded(line)

    assert all(len(one) <= WIDTH for one in body.removesuffix(b"\r\n").split(b"\r\n"))
    assert unfolded(body) == [line]
    for one in body.removesuffix(b"\r\n").split(b"\r\n"):
        one.decode()  # no character is cut


@given(TEXTS)
def test_an_escaped_text_is_read_back_without_control_characters(text: str) -> None:
    said = escaped(text)

    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    assert plain(said) == "".join(one for one in kept if one in "\n\t" or (one >= " " and one != "\x7f"))
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", said) and "\n" not in said


def entry(zone: str, start: str, end: str) -> Entry:
    return Entry(
        "https://a.example/@a/1", "Clinic", "Text", "Here", "https://a.example/@a/1", zone,
        datetime.fromisoformat(start), datetime.fromisoformat(end), datetime(2026, 10, 1, tzinfo=UTC),
    )  # fmt: skip


def test_the_clocks_of_a_zone_are_said_as_they_go() -> None:
    lines = unfolded(written([entry("Europe/London", "2026-12-04T12:30", "2027-04-04T12:30")]))

    zone = lines[lines.index("BEGIN:VTIMEZONE") : lines.index("END:VTIMEZONE")]
    assert "DTSTART:20261025T020000" in zone and "DTSTART:20270328T010000" in zone
    at = zone.index("DTSTART:20270328T010000")
    assert zone[at - 1 : at + 4] == [
        "BEGIN:DAYLIGHT", "DTSTART:20270328T010000", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0100", "TZNAME:BST",
    ]  # fmt: skip


def test_a_zone_without_changes_and_utc() -> None:
    lines = unfolded(written([entry("Asia/Kolkata", "2026-12-04T12:30", "2026-12-04T13:00")], "Node; all"))
    utc = unfolded(written([entry("UTC", "2026-12-04T12:30", "2026-12-04T13:00")]))

    assert "TZOFFSETTO:+0530" in lines and "X-WR-CALNAME:Node\\; all" in lines
    assert "DTSTART:20261204T123000Z" in utc and "BEGIN:VTIMEZONE" not in utc
