"""Mastodon.py, a library that many apps and bots are made with: each of its methods against two nodes as served."""

from __future__ import annotations

import importlib.util
import threading
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from mastodon import Mastodon, StreamListener
from mastodon.errors import MastodonAPIError, MastodonNotFoundError, MastodonUnauthorizedError

from tests import pictures
from tests.clients.counts import CLIENT
from tests.clients.device import Device
from tests.clients.mastodon_py import UNTRIED, WITHOUT, Trial, key, not_served, signed_in, steps
from tests.clients.nodes import PASSWORD, PATIENCE, Nodes, soon, two_nodes
from tests.house.client_api import served

pytestmark = pytest.mark.xdist_group("drills")


@dataclass
class PushService:
    """Where messages to devices arrive."""

    url: str
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@dataclass(frozen=True)
class Cast:
    """Who takes part: alice and bob of one node, cara of the other."""

    nodes: Nodes
    trial: Trial
    push: PushService
    alice: Any
    bob: Any
    cara: Any
    streams: list[Any] = field(default_factory=list)  # open until Alice leaves


@contextmanager
def push_service() -> Generator[PushService]:
    """A push service on loopback, which takes what comes."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            service.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(201)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is said."""

    server = HTTPServer(("127.0.0.1", 0), Door)
    service = PushService(f"http://127.0.0.1:{server.server_port}/device")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def cast(tmp_path: Path) -> Iterator[Cast]:
    """Two nodes that serve, and three who have signed in."""
    trial = Trial()
    with push_service() as push:
        port = int(push.url.rpartition(":")[2].partition("/")[0])
        with two_nodes(tmp_path, pushing=[port], joining="open") as nodes:
            trial.step = "sign_in"
            homes = {"alice": nodes.here, "bob": nodes.here, "cara": nodes.there}
            apps = {name: signed_in(trial, home, name) for name, home in homes.items()}
            yield Cast(nodes, trial, push, **apps)


def test_every_method_is_tried_or_not_served() -> None:
    called = [name for names in steps().values() for name in names]
    listed = Counter([*called, *WITHOUT, *UNTRIED, *not_served()])
    public = {name for name in vars(Mastodon) if not name.startswith("_")} | {
        name for name in dir(Mastodon) if not name.startswith("_") and callable(getattr(Mastodon, name))
    }

    assert set(listed) == public
    assert [name for name, times in listed.items() if times > 1] == []
    assert [name for name, package in WITHOUT.items() if importlib.util.find_spec(package)] == []
    assert [name for name, endpoint in not_served().items() if key(*endpoint) in served()] == []


def test_mastodon_py_does_what_its_users_do(cast: Cast, record_property: Callable[[str, object], None]) -> None:
    for step in STEPS:
        with cast.trial.of(step.__name__.removeprefix("_")):
            step(cast)

    failed = cast.trial.failed
    passed = sum(map(len, steps().values())) - len(failed)
    counts = f"{passed} methods passed, {len(failed)} failed, {len(not_served())} not served"
    record_property(CLIENT, f"Mastodon.py: {counts}")
    assert not failed and not cast.trial.said, "\n".join([*failed, *cast.trial.said])


def test_what_is_not_served_says_so(cast: Cast) -> None:
    headers = {"authorization": f"Bearer {cast.alice.access_token}"}
    for method, path in not_served().values():
        answer = requests.request(method, cast.nodes.here + path.replace(":", ""), headers=headers, timeout=PATIENCE)
        assert answer.status_code in (404, 405), path
        assert not path.startswith("/api/") or "error" in answer.json(), path


def _sign_in(cast: Cast) -> None:
    alice = cast.alice
    assert alice.me().username == alice.account_verify_credentials().username == "alice"
    assert alice.app_verify_credentials().name == "Ward app"
    assert alice.persistable_login_credentials().splitlines()[1] == cast.nodes.here
    assert alice.oauth_authorization_server_info().issuer.rstrip("/") == cast.nodes.here
    alice.set_language("en")


def _node(cast: Cast) -> None:
    alice, domain = cast.alice, cast.nodes.here.removeprefix("http://")
    assert alice.instance().domain == alice.instance_v2().domain == alice.instance_v1().uri == domain
    assert alice.instance_nodeinfo().software.name == "sharewell"
    assert isinstance(alice.instance_extended_description().content, str)
    assert [alice.instance_peers(), alice.instance_rules(), alice.custom_emojis()] == [[]] * 3
    [lifts] = alice.announcements()
    alice.announcement_reaction_create(lifts, "👍")
    assert [one.count for one in alice.announcements()[0].reactions] == [1]
    alice.announcement_reaction_delete(lifts, "👍")
    alice.announcement_dismiss(lifts)
    assert (alice.announcements()[0].read, alice.announcements()[0].reactions) == (True, [])
    assert alice.instance_translation_languages() == {}
    assert alice.preferences()["posting:default:visibility"] == "public"
    assert alice.retrieve_mastodon_version() == "4.6.0"
    assert alice.verify_minimum_version("4.6.0")
    assert not alice.verify_minimum_version("4.7.0")
    assert alice.get_supported_version()
    assert abs(alice.get_approx_server_time() - datetime.now()) < timedelta(minutes=5)  # noqa: DTZ005 - as it answers
    assert alice.timeline_is_available("public")
    assert alice.stream_healthy()
    alice.clear_caches()


def _join(cast: Cast) -> None:
    client_id, secret = Mastodon.create_app("Door", scopes=["read", "write"], api_base_url=cast.nodes.here)
    app = type(cast.alice)(cast.trial, Mastodon(client_id, secret, api_base_url=cast.nodes.here))
    wanted = {"agreement": True, "reason": "I am a nurse.", "scopes": ["read", "write"]}
    assert app.create_account("imelda", PASSWORD, "imelda@mail.example", **wanted)
    app.email_resend_confirmation()
    with pytest.raises(MastodonAPIError):
        app.app.me()


def _profile(cast: Cast) -> None:
    alice = cast.alice
    files = {"avatar": pictures.png(), "avatar_mime_type": "image/png", "header": pictures.jpeg(),
             "header_mime_type": "image/jpeg"}  # fmt: skip
    changed = alice.account_update_credentials(
        display_name="Alice Moor", note="Ward 7", fields=[("Ward", "7")], discoverable=True, bot=False, **files
    )
    assert (changed.display_name, changed.fields[0].name, changed.source.note) == ("Alice Moor", "Ward", "Ward 7")
    assert changed.avatar.endswith(".png")
    assert "/media/" not in alice.account_delete_avatar().avatar
    assert "/media/" not in alice.account_delete_header().header


def _posts(cast: Cast) -> None:
    alice, bob = cast.alice, cast.bob
    post = alice.status_post("Hello @bob #ward", spoiler_text="Careful", language="en", idempotency_key="one")
    assert alice.status_post("Hello @bob #ward", idempotency_key="one").id == post.id
    reply = bob.status_reply(post, "Hello back")
    assert [one.id for one in alice.status_context(post).descendants] == [reply.id]
    assert alice.status_update(post, "Hello again @bob #ward").edited_at is not None
    assert len(alice.status_history(post)) == 2
    assert alice.status_source(post).text == "Hello again @bob #ward"
    assert (alice.status_mute(post).muted, alice.status_unmute(post).muted) == (True, False)
    assert alice.status_pin(post).pinned
    assert [one.id for one in bob.account_statuses(alice.me(), pinned=True)] == [post.id]
    assert not alice.status_unpin(post).pinned
    assert [one.id for one in bob.statuses([post.id, reply.id])] == [post.id, reply.id]
    assert (alice.status_card(post), alice.status(post).reblogs_count) == (None, 0)
    short = alice.toot("Short")
    assert alice.status_delete(short).text == "Short"
    with pytest.raises(MastodonNotFoundError):
        bob.status(short)


def _quotes(cast: Cast) -> None:
    alice, bob, cara = cast.alice, cast.bob, cast.cara
    post = alice.status_post("Worth quoting", quote_approval_policy="public")
    near = bob.status_post("Indeed", quoted_status_id=post)
    assert (near.quote.state, near.quote.quoted_status.id) == ("accepted", post.id)
    [there] = cara.search_v2(post.url, resolve=True).statuses
    assert there.quote_approval.current_user == "automatic"
    far = cara.status_post("From afar", quoted_status_id=there)
    assert far.quote.state == "pending"
    soon(lambda: cara.status(far).quote.state == "accepted")
    soon(lambda: len(alice.status_quotes(post)) == 2)
    found = {one.account.acct: one for one in alice.status_quotes(post)}
    assert set(found) == {cast.nodes.cara, "bob"}
    told = [one for one in alice.notifications() if one.type == "quote"]
    assert {one.status.id for one in told} == {one.id for one in found.values()}
    hers = found[cast.nodes.cara]
    assert alice.status_quote_revoke(post, hers).quote.state == "revoked"
    soon(lambda: cara.status(far).quote.state == "revoked")
    assert alice.status_update_quote_approval_policy(post, "nobody").quote_approval.automatic == []
    with pytest.raises(MastodonAPIError):
        bob.status_post("Again", quoted_status_id=post)
    cara.status_delete(far)
    soon(lambda: not alice.account_statuses(hers.account))


def _reactions(cast: Cast) -> None:
    alice, bob = cast.alice, cast.bob
    post = alice.status_post("Worth thanking for")
    assert bob.status_favourite(post).favourites_count == 1
    assert [one.acct for one in alice.status_favourited_by(post)] == ["bob"]
    assert [one.id for one in bob.favourites()] == [post.id]
    assert not bob.status_unfavourite(post).favourited
    assert bob.status_reblog(post).reblog.id == post.id
    assert [one.acct for one in alice.status_reblogged_by(post)] == ["bob"]
    assert not bob.status_unreblog(post).reblogged
    assert bob.status_bookmark(post).bookmarked
    assert [one.id for one in bob.bookmarks()] == [post.id]
    assert not bob.status_unbookmark(post).bookmarked


def _pictures(cast: Cast) -> None:
    alice = cast.alice
    picture = alice.media_post(pictures.jpeg(), "image/jpeg", description="A bed", focus=(0.5, 0.0))
    picture = soon(lambda: (found := alice.media(picture)).url and found)
    assert len(alice.decode_blurhash(picture)) > 0
    alice.media_update(picture, description="A made bed")
    post = alice.status_post("Look", media_ids=[picture])
    assert [(one.type, one.description) for one in post.media_attachments] == [("image", "A made bed")]
    assert requests.get(post.media_attachments[0].url, timeout=PATIENCE).headers["content-type"] == "image/jpeg"
    described = alice.generate_media_edit_attributes(picture, description="Hospital corners")
    post = alice.status_update(post, "Look", media_attributes=[described])
    assert post.media_attachments[0].description == "Hospital corners"


def _polls(cast: Cast) -> None:
    alice, bob = cast.alice, cast.bob
    asked = alice.status_post("Which?", poll=alice.make_poll(["Torch", "Mirror"], 600, multiple=True))
    voted = bob.poll_vote(asked.poll, [1])
    assert ([one.votes_count for one in voted.options], voted.own_votes, voted.voters_count) == ([0, 1], [1], 1)
    assert alice.poll(asked.poll).votes_count == 1
    with pytest.raises(MastodonAPIError):
        bob.app.poll_vote(asked.poll, [0])


def _later(cast: Cast) -> None:
    alice, when = cast.alice, datetime.now(UTC) + timedelta(hours=1)
    later = alice.status_post("Later", scheduled_at=when, visibility="unlisted")
    assert (later.params.text, later.params.visibility) == ("Later", "unlisted")
    moved = alice.scheduled_status_update(later, when + timedelta(hours=1))
    assert moved.scheduled_at - later.scheduled_at == timedelta(hours=1)
    assert [one.id for one in alice.scheduled_statuses()] == [alice.scheduled_status(later).id] == [later.id]
    assert cast.bob.scheduled_statuses() == []
    alice.scheduled_status_delete(later)
    assert alice.scheduled_statuses() == []


def _accounts(cast: Cast) -> None:
    """Those of the other node too."""
    alice, bob, cara = cast.alice, cast.bob, cast.cara
    [hers] = alice.search(cast.nodes.cara, result_type="accounts").accounts
    assert alice.account_search(cast.nodes.cara)[0].id == alice.account_lookup(cast.nodes.cara).id == hers.id
    assert (alice.account(hers).acct, [one.id for one in alice.accounts([hers.id])]) == (cast.nodes.cara, [hers.id])
    assert alice.account_follow(hers).id == hers.id
    soon(lambda: [one for one in cara.account_followers(cara.me()) if one.acct == cast.nodes.alice])
    soon(lambda: alice.account_relationships(hers)[0].following)
    assert [one.id for one in alice.account_following(alice.me())] == [hers.id]
    assert bob.follows(cast.nodes.cara).id == hers.id
    assert [one.id for one in bob.account_familiar_followers(hers)[0].accounts] == []
    assert alice.account_note_set(hers, "Met in May").note == "Met in May"
    assert (alice.account_endorse(hers).endorsed, [one.id for one in alice.endorsements()]) == (True, [hers.id])
    assert not alice.account_unendorse(hers).endorsed
    assert (alice.account_pin(hers).endorsed, alice.account_unpin(hers).endorsed) == (True, False)

    said = cara.status_post(f"From another region @{cast.nodes.alice} #handover")
    came = soon(lambda: [one for one in alice.timeline_home() if one.uri == said.uri])[0]
    alice.status_favourite(came)
    alice.status_reblog(came)
    alice.status_reply(came, "Thank you")
    told = {"mention", "favourite", "reblog", "follow"}
    soon(lambda: told <= {one.type for one in cara.notifications()})
    assert [one.uri for one in alice.account_statuses(hers)] == [said.uri]
    cara.status_delete(said)
    soon(lambda: said.uri not in {one.uri for one in alice.account_statuses(hers)})

    assert not alice.account_unfollow(hers).following
    soon(lambda: cast.nodes.alice not in {one.acct for one in cara.account_followers(cara.me())})
    cara.account_update_credentials(locked=True)
    alice.account_follow(hers)
    asking = soon(lambda: [one for one in cara.follow_requests() if one.acct == cast.nodes.alice])[0]
    assert cara.follow_request_authorize(asking).followed_by
    soon(lambda: alice.account_relationships(hers)[0].following)
    assert not cara.account_remove_from_followers(asking).followed_by
    soon(lambda: not alice.account_relationships(hers)[0].following)
    alice.account_follow(hers)
    soon(lambda: [one for one in cara.follow_requests() if one.acct == cast.nodes.alice])
    assert not cara.follow_request_reject(asking).followed_by
    cara.account_update_credentials(locked=False)
    bob.account_unfollow(hers)


def _peace(cast: Cast) -> None:
    alice, bob = cast.alice, cast.bob
    his = bob.me()
    assert (alice.account_block(his).blocking, [one.id for one in alice.blocks()]) == (True, [his.id])
    assert not alice.account_unblock(his).blocking
    assert (alice.account_mute(his, duration=600).muting, [one.id for one in alice.mutes()]) == (True, [his.id])
    assert not alice.account_unmute(his).muting
    alice.domain_block("far.example")
    assert alice.domain_blocks() == ["far.example"]
    alice.domain_unblock("far.example")
    assert alice.domain_blocks() == []
    [hers] = alice.account_search(cast.nodes.cara)
    assert alice.report(hers, comment="Advertises", forward=True, category="spam").target_account.id == hers.id


def _lists(cast: Cast) -> None:
    alice, bob = cast.alice, cast.bob
    his = bob.me()
    alice.account_follow(his)
    made = alice.list_create("Wards", replies_policy="list")
    alice.list_accounts_add(made, [his])
    assert [one.id for one in alice.list_accounts(made)] == [his.id]
    assert [one.id for one in alice.account_lists(his)] == [one.id for one in alice.lists()] == [made.id]
    said = bob.status_post("For the list")
    assert said.id in {one.id for one in alice.timeline_list(made)}
    assert alice.list_update(made, "Night wards", "none", exclusive=True).title == "Night wards"
    assert alice.list(made).exclusive
    alice.list_accounts_delete(made, [his])
    assert alice.list_accounts(made) == []
    alice.list_delete(made)
    assert alice.lists() == []


def _collections(cast: Cast) -> None:
    alice, bob = cast.alice, cast.bob
    his = bob.me()
    made = alice.collection_create("Wards", "Who writes of wards", tag_name="wards", discoverable=True).collection
    item = alice.collection_item_add(made, his).collection_item
    assert (item.state, item.account_id) == ("accepted", his.id)
    assert alice.collection_update(made, description="Night wards").collection.description == "Night wards"
    assert [one.id for one in bob.collection(made).accounts] == [alice.me().id, his.id]
    assert [one.id for one in bob.account_collections(alice.me()).collections] == [made.id]
    assert [one.id for one in bob.account_in_collections(his).collections] == [made.id]
    bob.collection_item_revoke(made, item)
    assert bob.account_in_collections(his).collections == []
    own = alice.collection_item_add(made, alice.me()).collection_item
    alice.collection_item_delete(made, own)
    assert alice.collection(made).collection.item_count == 0
    alice.collection_delete(made)
    assert alice.account_collections(alice.me()).collections == []


def _tags(cast: Cast) -> None:
    alice = cast.alice
    alice.status_post("About #falls")
    assert (alice.tag_follow("falls").following, [one.name for one in alice.followed_tags()]) == (True, ["falls"])
    assert alice.tag("falls").following
    assert not alice.tag_unfollow("falls").following
    assert "falls" in {one.name for one in alice.featured_tag_suggestions()}
    featured = alice.featured_tag_create("falls")
    assert [one.name for one in alice.featured_tags()] == ["falls"]
    assert [one.name for one in cast.bob.account_featured_tags(alice.me())] == ["falls"]
    alice.featured_tag_delete(featured)
    assert alice.tag_feature("ward").featuring
    assert not alice.tag_unfeature("ward").featuring


def _filters(cast: Cast) -> None:
    alice, bob = cast.alice, cast.bob
    said = bob.status_post("About spiders")
    made = alice.create_filter_v2("Animals", ["home", "public"], "warn", 600, [{"keyword": "spiders"}])
    assert [one.filter.title for one in alice.status(said).filtered] == ["Animals"]
    word = alice.add_filter_keyword_v2(made, "snakes", whole_word=True)
    assert [one.keyword for one in alice.filter_keywords_v2(made)] == ["spiders", "snakes"]
    old = alice.filters()
    assert alice.filter(old[0]).phrase == "spiders"
    assert alice.filters_apply([said], old, "home") == []
    alice.delete_filter_keyword_v2(word)
    alone = alice.add_filter_status_v2(made, said)
    assert [one.status_id for one in alice.filter_statuses_v2(made)] == [alice.filter_status_v2(alone).status_id]
    alice.delete_filter_status_v2(alone)
    assert alice.update_filter_v2(made, title="Small animals", filter_action="hide").filter_action == "hide"
    assert alice.filter_v2(made).title == alice.filters_v2()[0].title == "Small animals"
    alice.delete_filter_v2(made)
    assert alice.filters_v2() == []


def _timelines(cast: Cast) -> None:
    alice, bob = cast.alice, cast.bob
    made = [alice.status_post(f"Number {number} #count").id for number in range(12)][::-1]
    first = alice.timeline_home(limit=5)
    assert [one.id for one in first] == made[:5]
    second = alice.fetch_next(first)
    assert [one.id for one in second] == made[5:10]
    assert [one.id for one in alice.fetch_previous(second)] == made[:5]
    assert {one.id for one in alice.fetch_remaining(first)} > set(made)
    assert str(alice.get_pagination_info(first, "next")["max_id"]) == str(made[4])
    assert [one.id for one, _ in zip(alice.pagination_iterator(first), made, strict=False)] == made
    assert len(next(iter(alice.pagination_page_iterator(first)))) == 5
    for found in (
        alice.timeline("home"), bob.timeline_local(), bob.timeline_public(), bob.timeline_hashtag("count"),
        bob.search_v2("Number", result_type="statuses").statuses,
    ):  # fmt: skip
        assert {one.id for one in found} >= set(made)
    alice.markers_set("home", made[3])
    assert alice.markers_get("home").home.last_read_id == made[3]
    assert alice.get_async_refresh_info(first) is None
    assert alice.await_async_refresh(first) == first


def _notifications(cast: Cast) -> None:
    alice, bob = cast.alice, cast.bob
    alice.notifications_clear()
    post = alice.status_post("To be told about")
    bob.status_favourite(post)
    bob.status_reblog(post)
    newest, older = alice.notifications()
    assert (newest.type, older.type) == ("reblog", "favourite")
    assert alice.notifications(older).id == older.id
    assert alice.notifications_unread_count().count == 2
    assert alice.unread_grouped_notifications_count() == 2
    groups = alice.grouped_notifications().notification_groups
    assert [one.type for one in groups] == ["reblog", "favourite"]
    assert alice.grouped_notification(groups[0].group_key).notification_groups[0].type == "reblog"
    assert [one.acct for one in alice.grouped_notification_accounts(groups[0].group_key)] == ["bob"]
    alice.dismiss_grouped_notification(groups[0].group_key)
    alice.notifications_dismiss(older)
    assert alice.notifications() == []
    before = alice.notifications_policy().for_not_following
    assert alice.update_notifications_policy(for_not_following=before).for_not_following == before
    assert (alice.notification_requests(), alice.notifications_merged()) == ([], True)


def _conversations(cast: Cast) -> None:
    alice, bob = cast.alice, cast.bob
    said = bob.status_post("@alice between us", visibility="direct")
    [talk] = alice.conversations()
    assert (talk.unread, talk.last_status.id) == (True, said.id)
    assert not alice.conversations_read(talk).unread


class Ear(StreamListener):
    """What a stream said."""

    def __init__(self) -> None:
        self.posts: list[str] = []
        self.told: list[str] = []
        self.talks: list[str] = []

    def on_update(self, status: Any) -> None:
        self.posts.append(str(status.id))

    def on_notification(self, notification: Any) -> None:
        self.told.append(notification.type)

    def on_conversation(self, conversation: Any) -> None:
        self.talks.append(str(conversation.last_status.id))


def _streams(cast: Cast) -> None:
    alice, bob = cast.alice, cast.bob
    made = alice.list_create("Streamed")
    alice.list_accounts_add(made, [bob.me()])
    ears = {name: Ear() for name in ("user", "notifications", "local", "public", "hashtag", "list", "direct")}
    cast.streams.extend([
        alice.stream_user(ears["user"], run_async=True),
        alice.stream_user_notifications(ears["notifications"], run_async=True),
        alice.stream_local(ears["local"], run_async=True),
        alice.stream_public(ears["public"], run_async=True),
        alice.stream_hashtag("stream", ears["hashtag"], run_async=True),
        alice.stream_list(made, ears["list"], run_async=True),
        alice.stream_direct(ears["direct"], run_async=True),
    ])  # fmt: skip
    soon(lambda: all(one.is_receiving() for one in cast.streams))
    said = str(bob.status_post("@alice over the #stream").id)
    posted = [ears[name] for name in ("user", "local", "public", "hashtag", "list")]
    soon(lambda: all(one.posts == [said] for one in posted))
    soon(lambda: ears["user"].told == ears["notifications"].told == ["mention"])
    quiet = str(bob.status_post("@alice between us again", visibility="direct").id)
    soon(lambda: ears["direct"].talks == [quiet])
    assert quiet not in ears["public"].posts + ears["local"].posts + ears["hashtag"].posts


def _push(cast: Cast) -> None:
    alice, bob, came = cast.alice, cast.bob, cast.push.came
    private, public = alice.push_subscription_generate_keys()
    device = Device(private["privkey"].to_bytes(32, "big"), private["auth"])
    made = alice.push_subscription_set(cast.push.url, public, mention_events=True)
    assert (made.alerts.mention, made.alerts.follow, made.endpoint) == (True, False, cast.push.url)
    bob.status_post("@alice a message")
    soon(lambda: came)
    message = device.open(*came.pop())
    assert (message.encoding, message.read["notification_type"]) == ("aesgcm", "mention")
    assert message.read["access_token"] == alice.access_token
    assert message.server_key == made.server_key.rstrip("=")
    assert alice.push_subscription().id == made.id
    assert alice.push_subscription_update(follow_events=True).alerts.follow
    alice.push_subscription_delete()
    with pytest.raises(MastodonNotFoundError):
        alice.app.push_subscription()


def _leave(cast: Cast) -> None:
    """The streams that are still open end with the token."""
    alice, token = cast.alice, cast.alice.access_token
    for one in cast.streams:
        one.closed = True  # the end is no error to it
    alice.revoke_access_token(allow_http=True)
    soon(lambda: not any(one.is_alive() for one in cast.streams))
    with pytest.raises(MastodonUnauthorizedError):
        Mastodon(access_token=token, api_base_url=cast.nodes.here).me()


def _discover(cast: Cast) -> None:
    alice, bob = cast.alice, cast.bob
    for found in (alice.trending_tags(), alice.trends(), alice.trending_statuses(), alice.trending_links()):
        assert isinstance(found, list)
    assert {"alice", "bob"} <= {one.acct for one in alice.directory(order="new", local=True)}
    assert [one.account.acct for one in alice.suggestions_v2()] == [one.acct for one in alice.suggestions_v1()]
    alice.suggestion_delete(bob.me())
    assert "bob" not in {one.account.acct for one in alice.suggestions()}
    assert alice.custom_emojis() == []
    assert (len(alice.instance_activity()), alice.instance_domain_blocks()) == (12, [])
    assert alice.instance_health()
    made = alice.filter_create("quokka", ["home"], whole_word=True)
    assert alice.filter_update(made, phrase="emu").phrase == "emu"
    alice.filter_delete(made)
    assert alice.filters() == []


def _holding(cast: Cast) -> None:
    alice, bob = cast.alice, cast.bob
    alice.notifications_clear()
    alice.account_unfollow(bob.me())
    assert alice.update_notifications_policy(for_not_following="filter").for_not_following == "filter"
    bob.status_post("@alice one")
    [request] = alice.notification_requests()
    assert (alice.notifications(), request.account.acct, request.last_status.account.acct) == ([], "bob", "bob")
    assert alice.notifications_policy().summary.pending_requests_count == 1
    assert alice.notification_request(request).id == request.id
    alice.dismiss_notification_request(request)
    assert alice.notification_requests() == []
    bob.status_post("@alice two")
    alice.dismiss_multiple_notification_requests(alice.notification_requests())
    bob.status_post("@alice three")
    alice.accept_multiple_notification_requests(alice.notification_requests())
    assert {one.type for one in alice.notifications()} == {"mention"}
    cast.cara.status_post(f"@{cast.nodes.alice} four")
    alice.accept_notification_request(soon(alice.notification_requests)[0])
    assert {one.account.acct for one in alice.notifications()} == {"bob", cast.nodes.cara}
    assert alice.notifications_merged()
    alice.update_notifications_policy(for_not_following="accept")
    alice.account_follow(bob.me())


def _texts(cast: Cast) -> None:
    alice = cast.alice
    assert "Be kind." in alice.instance_terms_of_service().content
    assert alice.profile().id == alice.me().id
    assert alice.profile_update(display_name="Alice Moor").display_name == "Alice Moor"


STEPS: list[Callable[[Cast], None]] = [
    _sign_in, _node, _join, _profile, _posts, _reactions, _pictures, _polls, _later, _quotes, _accounts, _peace, _lists,
    _collections,    _tags,
    _filters, _timelines, _notifications, _holding, _discover, _texts, _conversations,
    _streams, _push, _leave,
]  # fmt: skip
