from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from storage import actors
from tests.serving import Fediverse, Served

CASES = json.loads((Path(__file__).parents[1] / "vectors" / "webfinger.json").read_text())
SERVER = CASES["server"]


@pytest.fixture
async def node(fediverse: Fediverse) -> Served:
    served = await fediverse.node(SERVER["host"])
    for name in SERVER["accounts"]:
        await served.account(name)
    gone = await served.account("suspended")
    async with served.database.writing() as db:
        await actors.suspend(db, gone.id, now=1)
    return served


@pytest.mark.parametrize("case", SERVER["cases"], ids=lambda case: case["name"])
async def test_answer_is_what_the_case_expects(node: Served, case: dict[str, Any]) -> None:
    expected = case["expect"]
    async with node.client() as http:
        answer = await http.get(case["request"])

    status = expected["status"]
    assert answer.status_code in (status if isinstance(status, list) else [status])
    if "content_type" in expected:
        assert answer.headers["content-type"].startswith(expected["content_type"])
    if "cors" in expected:
        assert answer.headers["access-control-allow-origin"] == expected["cors"]
    said = answer.json()
    links = {one["rel"]: one for one in said.get("links", ())}
    if "subject" in expected:
        assert said["subject"] == expected["subject"]
    if "self" in expected:
        assert (links["self"]["type"], links["self"]["href"]) == ("application/activity+json", expected["self"])
    if "only_rels" in expected:
        assert set(links) <= set(expected["only_rels"])
    if "link" in expected:
        assert expected["link"] in links
