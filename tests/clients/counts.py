"""How much of each app worked, at the end of a run: what its test kept by ``record_property(CLIENT, ...)``."""

from __future__ import annotations

from typing import Any

CLIENT = "client"


def show(terminal: Any, reports: list[Any]) -> None:
    """Show a line for each app that was tried."""
    found = [str(value) for one in reports for name, value in getattr(one, "user_properties", ()) if name == CLIENT]
    if found:
        terminal.section("clients")
        for line in sorted(found):
            terminal.write_line(line)
