"""The page that says which methods of the client API are served."""

from __future__ import annotations

from tests.house.client_api import PAGE, endpoints, page, served


def test_the_page_says_what_the_routes_serve() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make endpoints"


def test_every_method_of_the_documentation_is_named_once() -> None:
    named = [one.key for one in endpoints()]

    assert len(named) == 265
    assert len({(one.method, one.path) for one in endpoints()}) == 265


def test_what_was_removed_is_not_served() -> None:
    assert [one for one in endpoints() if one.kind == "removed" and one.key in served()] == []
