"""The parts that texts of structured posts are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

_WEB = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)'\]]")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def head(label: str, title: str, more: str = "") -> str:
    """The first line: which kind it is, and its title."""
    return f"<p><strong>{escape(label)}: {escape(title)}</strong>{escape(more)}</p>"


def part(label: str, text: str) -> str:
    """Paragraphs, the first after a label; "" for a text that says nothing."""
    if not text:
        return ""
    lead = f"<strong>{escape(label)}:</strong> " if label else ""
    return "".join(
        f"<p>{lead if place == 0 else ''}{'<br>'.join(linked(line) for line in one.splitlines())}</p>"
        for place, one in enumerate(one for one in text.split("\n\n") if one.strip())
    )


def section(heading: str, text: str) -> str:
    """Paragraphs below a heading; "" for a text that says nothing."""
    return f"<h2>{escape(heading)}</h2>{part('', text)}" if text else ""


def rows(heading: str, items: Sequence[str]) -> str:
    """A numbered list of HTML below a heading."""
    return f"<h2>{escape(heading)}</h2><ol>{''.join(f'<li>{one}</li>' for one in items)}</ol>" if items else ""


def link(address: str, words: str = "") -> str:
    """A web address as a link."""
    shown = words or address.partition("://")[2].rstrip("/")
    return f'<a href="{escape(address)}" rel="nofollow noopener noreferrer">{escape(shown)}</a>'


def linked(text: str) -> str:
    """Words in HTML, with their web addresses as links."""
    found: list[str] = []
    place = 0
    for one in _WEB.finditer(text):
        found += [escape(text[place : one.start()]), link(one[0], one[0])]
        place = one.end()
    return "".join([*found, escape(text[place:])])


def day(written: str) -> str:
    """``2027-01-29`` as people write it."""
    year, month, number = written.split("-")
    return f"{int(number)} {_MONTHS[int(month) - 1]} {year}"


def lasting(period: str) -> str:
    """``PT1M2S`` in whole minutes, or seconds."""
    parts = {unit: int(number) for number, unit in re.findall(r"([0-9]+)([HMS])", period)}
    seconds = parts.get("H", 0) * 3600 + parts.get("M", 0) * 60 + parts.get("S", 0)
    return f"{round(seconds / 60)} min" if seconds >= 60 else f"{seconds} s"


def words(ids: Sequence[str]) -> str:
    """Ids of a vocabulary as people write them, in HTML."""
    return ", ".join(escape(one.replace("-", " ")) for one in ids)
