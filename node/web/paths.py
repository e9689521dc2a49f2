"""Where a form may send a browser next."""

from __future__ import annotations


def inside(target: str) -> str:
    """A path of this node to go on to; anything else is the home page (CVE-2026-33868)."""
    fine = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if fine and target.isprintable() and "%2f" not in target[:8].lower() else "/"


def saying(target: str, said: str) -> str:
    """The path, on whose page one of ``node.words.done.SAID`` is said; "": nothing."""
    if not said:
        return target
    path, mark, place = target.partition("#")
    return f"{path}{'&' if '?' in path else '?'}said={said}{mark}{place}"
