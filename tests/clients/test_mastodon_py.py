"""Mastodon.py, an app of others, against a node as it is served: over TCP, signed in by a code as people are."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import requests
from mastodon import Mastodon
from mastodon.errors import MastodonAPIError, MastodonNotFoundError, MastodonUnauthorizedError

from tests import pictures
from tests.house.tree import ROOT
from tests.postgres import free_port

PASSWORD = "correct horse battery"
SCOPES = ["read", "write", "follow", "push"]
PATIENCE = 60  # seconds; a machine under load starts slowly
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')


def _sharewell(*words: str) -> list[str]:
    return [sys.executable, "-m", "node", *words]


@pytest.fixture
def base(tmp_path: Path) -> Generator[str]:
    """A node that serves, with the members alice and bob."""
    port, config = free_port(), ["--config", str(tmp_path / "config.toml")]
    url = f"http://127.0.0.1:{port}"
    where = ["--domain", f"127.0.0.1:{port}", "--base-url", url, "--listen", f"127.0.0.1:{port}", "--insecure-http"]
    subprocess.run(_sharewell("init", *config, *where), cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE)
    for name in ("alice", "bob"):
        account = ["--email", f"{name}@mail.example", "--password", PASSWORD, *config]
        subprocess.run(
            _sharewell("account", "create", name, *account), cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE
        )
    process = subprocess.Popen(_sharewell("serve", *config), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == url
    try:
        yield url
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def signed_in(base: str, name: str) -> Any:
    """The app after its whole sign-in: registration, pages, code, token."""
    client_id, secret = Mastodon.create_app("Ward app", scopes=SCOPES, api_base_url=base)
    app = Mastodon(client_id, secret, api_base_url=base)
    with requests.Session() as browser:
        page = browser.get(app.auth_request_url(scopes=SCOPES, allow_http=True), timeout=PATIENCE)
        page = browser.post(
            f"{base}/sign-in", data={**_hidden(page), "login": name, "password": PASSWORD}, timeout=PATIENCE
        )
        page = browser.post(f"{base}/oauth/authorize", data={**_hidden(page), "decision": "allow"}, timeout=PATIENCE)
    code = re.search(r'id="code"[^>]* value="([^"]+)"', page.text)
    assert code is not None, page.text
    app.log_in(code=code[1], scopes=SCOPES, allow_http=True)
    return app


def _hidden(page: requests.Response) -> dict[str, str]:
    assert page.status_code == 200, page.text
    return {name: unescape(value) for name, value in _HIDDEN.findall(page.text)}


def test_mastodon_py_does_what_its_users_do(base: str) -> None:
    alice, bob = signed_in(base, "alice"), signed_in(base, "bob")

    post = alice.status_post("Hello @bob #ward", spoiler_text="Careful", language="en", idempotency_key="one")
    assert alice.status_post("Hello @bob #ward", idempotency_key="one").id == post.id
    reply = bob.status_reply(post, "Hello back")
    assert [one.id for one in alice.status_context(post).descendants] == [reply.id]

    assert alice.status_update(post, "Hello again @bob #ward").edited_at is not None
    assert len(alice.status_history(post)) == 2
    assert alice.status_source(post).text == "Hello again @bob #ward"

    assert bob.status_favourite(post).favourites_count == 1
    assert bob.status_reblog(post).reblog.id == post.id
    assert bob.status_bookmark(post).bookmarked
    assert [one.acct for one in alice.status_favourited_by(post)] == ["bob"]
    assert [one.id for one in bob.favourites()] == [one.id for one in bob.bookmarks()] == [post.id]

    assert bob.account_follow(alice.me()).following
    assert bob.account_relationships(alice.me())[0].following
    assert [one.type for one in alice.notifications()] == ["follow", "reblog", "favourite", "mention"]
    assert post.id in {one.id for one in bob.timeline_home()}
    assert [one.id for one in bob.timeline_hashtag("ward")] == [post.id]
    assert [one.id for one in bob.search_v2("again", result_type="statuses").statuses] == [post.id]

    picture = alice.media_post(pictures.jpeg(), "image/jpeg", description="A bed", focus=(0.5, 0.0))
    looked = alice.status_post("Look", media_ids=[alice.media_update(picture, description="A made bed")])
    assert [(one.type, one.description) for one in looked.media_attachments] == [("image", "A made bed")]
    assert requests.get(looked.media_attachments[0].url, timeout=PATIENCE).headers["content-type"] == "image/jpeg"
    assert alice.account_update_credentials(avatar=pictures.png(), avatar_mime_type="image/png").avatar.endswith(".png")
    alice.status_delete(looked)

    for number in range(22):
        alice.status_post(f"Number {number}")
    assert len(alice.fetch_remaining(alice.timeline_home(limit=10))) == 23
    assert alice.account_update_credentials(display_name="Alice", fields=[("Ward", "7")]).fields[0].name == "Ward"
    assert alice.instance().domain == base.removeprefix("http://")

    assert alice.status_delete(post).text == "Hello again @bob #ward"
    with pytest.raises(MastodonNotFoundError):
        bob.status(post)
    alice.revoke_access_token(allow_http=True)
    with pytest.raises(MastodonUnauthorizedError):
        Mastodon(access_token=bob.access_token + "x", api_base_url=base).me()


def test_mastodon_py_asks_votes_and_posts_later(base: str) -> None:
    alice, bob = signed_in(base, "alice"), signed_in(base, "bob")

    asked = alice.status_post("Which?", poll=alice.make_poll(["Torch", "Mirror"], 600, multiple=True))
    voted = bob.poll_vote(asked.poll, [1])
    assert ([one.votes_count for one in voted.options], voted.own_votes, voted.voters_count) == ([0, 1], [1], 1)
    assert alice.poll(asked.poll).votes_count == 1
    with pytest.raises(MastodonAPIError):
        bob.poll_vote(asked.poll, [0])

    when = datetime.now(UTC) + timedelta(hours=1)
    later = alice.status_post("Later", scheduled_at=when, visibility="unlisted")
    assert (later.params.text, later.params.visibility) == ("Later", "unlisted")
    moved = alice.scheduled_status_update(later, when + timedelta(hours=1))
    assert moved.scheduled_at - later.scheduled_at == timedelta(hours=1)
    assert [one.id for one in alice.scheduled_statuses()] == [alice.scheduled_status(later).id] == [later.id]
    assert bob.scheduled_statuses() == []
    alice.scheduled_status_delete(later)
    assert alice.scheduled_statuses() == []


def test_mastodon_py_discovers_and_holds_back(base: str) -> None:
    alice, bob = signed_in(base, "alice"), signed_in(base, "bob")

    assert [alice.trending_tags(), alice.trends(), alice.trending_statuses(), alice.trending_links()] == [
        [],
        [],
        [],
        [],
    ]
    assert {one.acct for one in alice.directory(order="new", local=True)} == {"alice", "bob"}
    assert (
        [one.account.acct for one in alice.suggestions_v2()] == [one.acct for one in alice.suggestions_v1()] == ["bob"]
    )
    alice.suggestion_delete(bob.me())
    assert alice.suggestions() == []
    assert alice.custom_emojis() == []
    assert len(alice.instance_activity()) == 12
    assert alice.instance_health()

    made = alice.filter_create("quokka", ["home"], whole_word=True)
    assert alice.filter_update(made, phrase="emu").phrase == "emu"
    assert [one.phrase for one in alice.filters()] == ["emu"]
    alice.filter_delete(made)
    assert alice.filters() == []

    assert alice.update_notifications_policy(for_not_following="filter").for_not_following == "filter"
    bob.status_post("@alice one")
    [request] = alice.notification_requests()
    assert (alice.notifications(), request.account.acct, request.last_status.account.acct) == ([], "bob", "bob")
    assert alice.notifications_policy().summary.pending_requests_count == 1
    assert alice.notification_request(request).id == request.id
    alice.dismiss_notification_request(request)
    assert alice.notification_requests() == []
    bob.status_post("@alice two")
    alice.accept_multiple_notification_requests(alice.notification_requests())
    assert [one.type for one in alice.notifications()] == ["mention"]
    assert alice.notifications_merged()
