"""The settings as a complete, commented file: what ``init`` writes, and config.example.toml."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from node.config import SECTIONS, Config


def template(given: Mapping[str, Any]) -> str:
    """A complete, commented config file with ``given`` set ("domain", "federation.insecure_http", …)."""
    lines = ["# The settings of a Sharewell node. An option that is absent or commented out has the value shown.", ""]
    sections: list[Any] = []
    for option in fields(Config):
        if option.name in SECTIONS:
            sections.append(option)
            continue
        lines += _shown(option, option.name, given)
    for section in sections:
        lines += [f"[{section.name}]"]
        for option in fields(SECTIONS[section.name]):
            lines += _shown(option, f"{section.name}.{option.name}", given)
    return "\n".join(lines).rstrip("\n") + "\n"


def _shown(option: Any, path: str, given: Mapping[str, Any]) -> list[str]:
    line = f"{option.name} = {_toml(given[path])}" if path in given else f"#{option.name} = {_toml(_default(option))}"
    return [f"# {option.metadata['help']}", line, ""]


def _default(option: Any) -> Any:
    if option.default is not MISSING:
        return option.default
    return "" if option.default_factory is MISSING else option.default_factory()


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)
