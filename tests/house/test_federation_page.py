"""FEDERATION.md says what the code does: the same activities, the same objects, the same kinds, a real example."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import pytest

from federation.documents import kinds
from federation.documents.posts import POSTS
from federation.inbox.dispatch import HANDLERS
from node.sharing import posts as sharing
from node.sharing.drafts import Draft
from storage.kinds import Kind
from storage.posts import Post
from tests.house.tree import ROOT, calls, files, name, parsed
from tests.serving import ON_BOTH, Fediverse

PAGE = (ROOT / "FEDERATION.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """What stands below a heading."""
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def table(title: str) -> list[list[str]]:
    """The rows of a section's first table, without its head."""
    rows = re.search(r"(?:^\|.*\n)+", section(title), re.MULTILINE)
    assert rows is not None, title
    return [[cell.strip() for cell in line.strip("|\n ").split("|")] for line in rows[0].splitlines()[2:]]


def sent() -> set[str]:
    """The types of the activities that some part of the node makes."""
    made = [parsed(ROOT / "federation" / "documents" / f"{one}.py") for one in ("activities", "groups")]
    types: dict[str, str] = {}
    for function in (one for module in made for one in module.body):
        for called, call in calls(function):
            if called in ("_activity", "_answer", "_pin", "_quote_answer") and isinstance(call.args[0], ast.Constant):
                types[getattr(function, "name", "")] = str(call.args[0].value)
    used = {
        called
        for path in files("node", "federation/inbox", suffix=".py")
        for called, call in calls(parsed(path))
        if ast.unparse(call.func).startswith(("activities.", "groups."))
    }
    return {types[function] for function in used if function in types}


def test_the_page_names_each_activity_that_is_understood() -> None:
    understood = {row[0].strip("`") for row in table("Activities") if row[1] != "–"}

    assert understood == set(HANDLERS)


def test_the_page_names_each_activity_that_is_sent() -> None:
    assert {row[0].strip("`") for row in table("Activities") if row[2] != "–"} == sent()


def test_the_page_names_each_type_that_is_read_as_a_post() -> None:
    first = section("Objects").strip().partition(" are read as posts")[0]

    assert set(re.findall(r"`(\w+)`", first)) == POSTS


def test_the_page_names_each_kind() -> None:
    named = [row[1].strip("`") for row in table("Kinds of posts")]

    assert named == [kinds.name_of(kind) for kind in Kind if kind is not Kind.PLAIN]


def test_each_fep_of_the_code_is_on_the_page() -> None:
    used = {
        fep.lower()
        for path in files("federation", suffix=".py")
        for fep in re.findall(r"FEP-([0-9a-fA-F]{4})", path.read_text(encoding="utf-8"))
    }

    assert {fep for fep in used if f"FEP-{fep}" not in PAGE} == set()


def test_every_term_of_ours_in_the_example_is_explained() -> None:
    example = _example()
    ours = {term for term, meaning in example["@context"][1].items() if "sw:" in json.dumps(meaning)} - {"kind", "sw"}

    assert {term for term in ours if f"`{term}`" not in section("Kinds of posts").partition("```")[0]} == set()


@ON_BOTH
async def test_the_example_is_what_a_node_sends(fediverse: Fediverse) -> None:
    northmoor = await fediverse.node("northmoor.example")
    rosa = await northmoor.account("rosa_quill")
    example = _example()
    draft = Draft(
        "",
        kind=Kind.SAFETY_NOTE,
        title=example["title"],
        language="en-GB",
        fields={
            "topics": example["topic"],
            "settings": example["setting"],
            **{term: example[term] for term in ("situation", "recommendation", "harm", "composite")},
            "review_by": example["reviewBy"],
        },
    )

    async with northmoor.database.writing() as db:
        post, _ = await sharing.publish(db, northmoor.node, rosa, draft, {})
    assert isinstance(post, Post)
    answer = await northmoor.client().get(post.uri, headers={"Accept": "application/activity+json"})

    number = str(post.id)
    document = json.loads(answer.text.replace(number, example["id"].rpartition("/")[2]))
    assert {**document, "published": example["published"]} == example


def _example() -> dict[str, Any]:
    block = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    example: dict[str, Any] = json.loads(block[1])
    return example


@pytest.mark.parametrize("path", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "FEDERATION.md", "CHANGELOG.md"])
def test_every_link_of_a_page_to_a_file_leads_somewhere(path: str) -> None:
    _links_lead_somewhere(path)


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    for path in files("docs", suffix=".md"):
        _links_lead_somewhere(name(path))


def _links_lead_somewhere(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    linked = [
        link for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) if "://" not in link and "mailto:" not in link
    ]

    assert [link for link in linked if not ((ROOT / path).parent / link).exists()] == []
