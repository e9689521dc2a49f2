"""Each endpoint asks for its scope: all others together are not enough, its own alone is."""

from __future__ import annotations

from typing import Any

import pytest

from node.connecting import teams
from node.oauth.scopes import KNOWN
from node.sharing import announcements
from storage import cards
from storage.actors import ActorKind
from storage.members import Role
from storage.teams import Place
from tests import pictures
from tests.clients.device import Device
from tests.clients.guards import HELD
from tests.clients.pairing import pair
from tests.clients.person import Person, person
from tests.serving import Fediverse, Served

# Everything that is served to members: method, path, scope; whether it is also served to nobody in particular.
PRIVATE = [
    ("GET", "/api/v1/accounts/verify_credentials", "read:accounts"),
    ("PATCH", "/api/v1/accounts/update_credentials", "write:accounts"),
    ("GET", "/api/v1/profile", "read:accounts"),
    ("PATCH", "/api/v1/profile", "write:accounts"),
    ("DELETE", "/api/v1/profile/avatar", "write:accounts"),
    ("DELETE", "/api/v1/profile/header", "write:accounts"),
    ("POST", "/api/v1/media", "write:media"),
    ("POST", "/api/v2/media", "write:media"),
    ("GET", "/api/v1/media/{upload}", "write:media"),
    ("PUT", "/api/v1/media/{upload}", "write:media"),
    ("DELETE", "/api/v1/media/{upload}", "write:media"),
    ("GET", "/api/v1/sharewell/guardian/cases", "read:statuses"),
    ("POST", "/api/v1/sharewell/guardian/cases/{case}/claim", "write:statuses"),
    ("POST", "/api/v1/sharewell/guardian/cases/{case}/no-finding", "write:statuses"),
    ("POST", "/api/v1/sharewell/guardian/cases/{case}/release", "write:statuses"),
    ("POST", "/api/v1/sharewell/guardian/cases/{case2}/return", "write:statuses"),
    ("POST", "/api/v1/sharewell/guardian/cases/{case3}/second", "write:statuses"),
    ("GET", "/api/v1/sharewell/digest", "read:accounts"),
    ("PUT", "/api/v1/sharewell/digest", "write:accounts"),
    ("DELETE", "/api/v1/sharewell/digest", "write:accounts"),
    ("GET", "/api/v1/sharewell/teams", "read:accounts"),
    ("GET", "/api/v1/sharewell/teams/{team}/members", "read:accounts"),
    ("POST", "/api/v1/sharewell/teams/{team}/members", "write:accounts"),
    ("DELETE", "/api/v1/sharewell/teams/{team}/members/{member}", "write:accounts"),
    ("POST", "/api/v1/sharewell/teams", "write:accounts"),
    ("GET", "/api/v1/sharewell/teams/invitations", "read:accounts"),
    ("GET", "/api/v1/sharewell/teams/{wards}/waiting", "read:accounts"),
    ("GET", "/api/v1/sharewell/teams/{wards}/posts", "read:statuses"),
    ("PATCH", "/api/v1/sharewell/teams/{wards}", "write:accounts"),
    ("POST", "/api/v1/sharewell/teams/{wards}/invitations", "write:accounts"),
    ("DELETE", "/api/v1/sharewell/teams/{wards}/invitations/{invited}", "write:accounts"),
    ("POST", "/api/v1/sharewell/teams/{wards}/requests/{asker}/{accept}", "write:accounts"),
    ("PATCH", "/api/v1/sharewell/teams/{wards}/members/{asker}", "write:accounts"),
    ("POST", "/api/v1/sharewell/teams/{wards}/posts/{submitted}/{deed}", "write:accounts"),
    ("POST", "/api/v1/sharewell/teams/{beds}/invitation/{accept}", "write:accounts"),
    ("POST", "/api/v1/sharewell/teams/{beds}/leave", "write:accounts"),
    ("POST", "/api/v1/sharewell/teams/{beds}/join", "write:accounts"),
    ("POST", "/api/v1/sharewell/teams/{wards}/measures", "write:accounts"),
    ("DELETE", "/api/v1/sharewell/shared_measures/{shared2}", "write:accounts"),
    ("POST", "/api/v1/sharewell/teams/{wards}/close", "write:accounts"),
    ("POST", "/api/v1/sharewell/events/{event}/join", "write:statuses"),
    ("POST", "/api/v1/sharewell/events/{event}/leave", "write:statuses"),
    ("POST", "/api/v1/sharewell/events/{event}/interested", "write:statuses"),
    ("GET", "/api/v1/sharewell/events/{own_event}/attendees", "read:statuses"),
    ("POST", "/api/v1/sharewell/consultations/{own_consultation}/close", "write:statuses"),
    ("GET", "/api/v1/sharewell/guardian/letters", "read:statuses"),
    ("POST", "/api/v1/sharewell/guardian/letters/{letter}/done", "write:statuses"),
    ("POST", "/api/v1/sharewell/recalls", "write:statuses"),
    ("GET", "/api/v1/sharewell/recalls", "read:statuses"),
    ("GET", "/api/v1/sharewell/recalls/{recall}", "read:statuses"),
    ("POST", "/api/v1/sharewell/statuses/{idea}/affected", "write:favourites"),
    ("DELETE", "/api/v1/sharewell/statuses/{idea}/affected", "write:favourites"),
    ("POST", "/api/v1/sharewell/statuses/{idea}/stage", "write:statuses"),
    ("GET", "/api/v1/sharewell/prompts", "read:accounts"),
    ("PUT", "/api/v1/sharewell/prompts", "write:accounts"),
    ("POST", "/api/v1/sharewell/statuses/{idea}/in_place", "write:statuses"),
    ("GET", "/api/v1/sharewell/quiet_times", "read:accounts"),
    ("PUT", "/api/v1/sharewell/quiet_times", "write:accounts"),
    ("DELETE", "/api/v1/sharewell/quiet_times", "write:accounts"),
    ("GET", "/api/v1/sharewell/mentoring/{wanted}/suggestions", "read:statuses"),
    ("GET", "/api/v1/sharewell/mentoring/matches", "read:statuses"),
    ("GET", "/api/v1/sharewell/mentoring/matches/{match}", "read:statuses"),
    ("POST", "/api/v1/sharewell/mentoring/matches", "write:statuses"),
    ("POST", "/api/v1/sharewell/mentoring/matches/{match}/notes", "write:statuses"),
    ("DELETE", "/api/v1/sharewell/mentoring/matches/{match}/notes/{noted}", "write:statuses"),
    ("POST", "/api/v1/sharewell/mentoring/matches/{match}/end", "write:statuses"),
    ("POST", "/api/v1/sharewell/mentoring/matches/{match2}/accept", "write:statuses"),
    ("POST", "/api/v1/sharewell/mentoring/matches/{match3}/decline", "write:statuses"),
    ("POST", "/api/v1/sharewell/mentoring/{wanted}/close", "write:statuses"),
    ("POST", "/api/v1/sharewell/mentoring/{wanted}/open", "write:statuses"),
    ("GET", "/api/v1/sharewell/expertise", "read:accounts"),
    ("PUT", "/api/v1/sharewell/expertise", "write:accounts"),
    ("POST", "/api/v1/sharewell/questions/{question}/answer", "write:statuses"),
    ("DELETE", "/api/v1/sharewell/questions/{question}/answer", "write:statuses"),
    ("POST", "/api/v1/sharewell/guardian/cases/{case4}/show", "write:statuses"),
    ("POST", "/api/v1/sharewell/guardian/cases/{case5}/keep", "write:statuses"),
    ("GET", "/api/v1/accounts/relationships", "read:follows"),
    ("GET", "/api/v1/accounts/search", "read:accounts"),
    ("POST", "/api/v1/accounts/{other}/follow", "write:follows"),
    ("POST", "/api/v1/accounts/{other}/unfollow", "write:follows"),
    ("POST", "/api/v1/accounts/{other}/remove_from_followers", "write:follows"),
    ("POST", "/api/v1/accounts/{other}/block", "write:blocks"),
    ("POST", "/api/v1/accounts/{other}/unblock", "write:blocks"),
    ("GET", "/api/v1/follow_requests", "read:follows"),
    ("POST", "/api/v1/follow_requests/{other}/authorize", "write:follows"),
    ("POST", "/api/v1/follow_requests/{other}/reject", "write:follows"),
    ("GET", "/api/v1/blocks", "read:blocks"),
    ("POST", "/api/v1/accounts/{other}/mute", "write:mutes"),
    ("POST", "/api/v1/accounts/{other}/unmute", "write:mutes"),
    ("GET", "/api/v1/mutes", "read:mutes"),
    ("GET", "/api/v1/domain_blocks", "read:blocks"),
    ("POST", "/api/v1/domain_blocks", "write:blocks"),
    ("DELETE", "/api/v1/domain_blocks", "write:blocks"),
    ("POST", "/api/v1/accounts/{other}/note", "write:accounts"),
    ("GET", "/api/v1/accounts/familiar_followers", "read:follows"),
    ("POST", "/api/v1/accounts/{followed}/pin", "write:accounts"),
    ("POST", "/api/v1/accounts/{other}/unpin", "write:accounts"),
    ("POST", "/api/v1/accounts/{followed}/endorse", "write:accounts"),
    ("POST", "/api/v1/accounts/{other}/unendorse", "write:accounts"),
    ("GET", "/api/v1/endorsements", "read:accounts"),
    ("POST", "/api/v1/sharewell/highlights", "write:statuses"),
    ("DELETE", "/api/v1/sharewell/highlights/{highlight}", "write:statuses"),
    ("POST", "/api/v1/sharewell/topics/falls/follow", "write:follows"),
    ("POST", "/api/v1/sharewell/topics/falls/unfollow", "write:follows"),
    ("POST", "/api/v1/tags/falls/follow", "write:follows"),
    ("POST", "/api/v1/tags/falls/unfollow", "write:follows"),
    ("POST", "/api/v1/tags/falls/feature", "write:accounts"),
    ("POST", "/api/v1/tags/falls/unfeature", "write:accounts"),
    ("GET", "/api/v1/followed_tags", "read:follows"),
    ("GET", "/api/v1/featured_tags", "read:accounts"),
    ("POST", "/api/v1/featured_tags", "write:accounts"),
    ("GET", "/api/v1/featured_tags/suggestions", "read:accounts"),
    ("DELETE", "/api/v1/featured_tags/{featured}", "write:accounts"),
    ("GET", "/api/v2/filters", "read:filters"),
    ("POST", "/api/v2/filters", "write:filters"),
    ("GET", "/api/v2/filters/{filter}", "read:filters"),
    ("PUT", "/api/v2/filters/{filter}", "write:filters"),
    ("GET", "/api/v2/filters/{filter}/keywords", "read:filters"),
    ("POST", "/api/v2/filters/{filter}/keywords", "write:filters"),
    ("GET", "/api/v2/filters/{filter}/statuses", "read:filters"),
    ("POST", "/api/v2/filters/{filter}/statuses", "write:filters"),
    ("GET", "/api/v2/filters/keywords/{keyword}", "read:filters"),
    ("PUT", "/api/v2/filters/keywords/{keyword}", "write:filters"),
    ("GET", "/api/v2/filters/statuses/{filtered}", "read:filters"),
    ("GET", "/api/v1/filters", "read:filters"),
    ("GET", "/api/v1/filters/{keyword}", "read:filters"),
    ("POST", "/api/v1/filters", "write:filters"),
    ("PUT", "/api/v1/filters/{keyword}", "write:filters"),
    ("DELETE", "/api/v2/filters/keywords/{keyword}", "write:filters"),
    ("DELETE", "/api/v2/filters/statuses/{filtered}", "write:filters"),
    ("DELETE", "/api/v1/filters/{old}", "write:filters"),
    ("DELETE", "/api/v2/filters/{filter}", "write:filters"),
    ("GET", "/api/v1/suggestions", "read:accounts"),
    ("GET", "/api/v2/suggestions", "read:accounts"),
    ("DELETE", "/api/v1/suggestions/{other}", "write:accounts"),
    ("GET", "/api/v1/lists", "read:lists"),
    ("POST", "/api/v1/lists", "write:lists"),
    ("GET", "/api/v1/lists/{list}", "read:lists"),
    ("PUT", "/api/v1/lists/{list}", "write:lists"),
    ("GET", "/api/v1/lists/{list}/accounts", "read:lists"),
    ("POST", "/api/v1/lists/{list}/accounts", "write:lists"),
    ("DELETE", "/api/v1/lists/{list}/accounts", "write:lists"),
    ("GET", "/api/v1/accounts/{other}/lists", "read:lists"),
    ("GET", "/api/v1/timelines/list/{list}", "read:lists"),
    ("DELETE", "/api/v1/lists/{list}", "write:lists"),
    ("POST", "/api/v1/collections", "write:collections"),
    ("PATCH", "/api/v1/collections/{collection}", "write:collections"),
    ("POST", "/api/v1/collections/{inside}/items", "write:collections"),
    ("DELETE", "/api/v1/collections/{inside}/items/{item}", "write:collections"),
    ("GET", "/api/v1/accounts/{me}/in_collections", "read:collections"),
    ("POST", "/api/v1/collections/{outside}/items/{place}/revoke", "write:collections"),
    ("DELETE", "/api/v1/collections/{collection}", "write:collections"),
    ("POST", "/api/v1/sharewell/measures", "write:statuses"),
    ("PATCH", "/api/v1/sharewell/measures/{measure}", "write:statuses"),
    ("POST", "/api/v1/sharewell/measures/{measure}/points", "write:statuses"),
    ("PUT", "/api/v1/sharewell/measures/{measure}/points", "write:statuses"),
    ("POST", "/api/v1/sharewell/measures/{measure}/annotations", "write:statuses"),
    ("DELETE", "/api/v1/sharewell/measures/{measure}/annotations/{at}", "write:statuses"),
    ("POST", "/api/v1/sharewell/measures/{measure}/rebases", "write:statuses"),
    ("DELETE", "/api/v1/sharewell/measures/{measure}/rebases/{at}", "write:statuses"),
    ("DELETE", "/api/v1/sharewell/measures/{measure2}", "write:statuses"),
    ("GET", "/api/v1/preferences", "read:accounts"),
    ("GET", "/api/v1/favourites", "read:favourites"),
    ("GET", "/api/v1/bookmarks", "read:bookmarks"),
    ("GET", "/api/v1/notifications", "read:notifications"),
    ("GET", "/api/v1/notifications/unread_count", "read:notifications"),
    ("GET", "/api/v1/notifications/requests", "read:notifications"),
    ("GET", "/api/v1/notifications/requests/merged", "read:notifications"),
    ("GET", "/api/v1/notifications/requests/{request}", "read:notifications"),
    ("POST", "/api/v1/notifications/requests/{request}/dismiss", "write:notifications"),
    ("POST", "/api/v1/notifications/requests/{request2}/accept", "write:notifications"),
    ("POST", "/api/v1/notifications/requests/accept", "write:notifications"),
    ("POST", "/api/v1/notifications/requests/dismiss", "write:notifications"),
    ("GET", "/api/v2/notifications/policy", "read:notifications"),
    ("PATCH", "/api/v2/notifications/policy", "write:notifications"),
    ("GET", "/api/v2/notifications", "read:notifications"),
    ("GET", "/api/v2/notifications/unread_count", "read:notifications"),
    ("GET", "/api/v2/notifications/{group}", "read:notifications"),
    ("GET", "/api/v2/notifications/{group}/accounts", "read:notifications"),
    ("POST", "/api/v2/notifications/{group}/dismiss", "write:notifications"),
    ("GET", "/api/v1/announcements", "read"),
    ("GET", "/api/v1/timelines/direct", "read:statuses"),
    ("GET", "/api/v1/accounts/{other}/identity_proofs", "read:accounts"),
    ("PUT", "/api/v1/announcements/{announced}/reactions/👍", "write:favourites"),
    ("DELETE", "/api/v1/announcements/{announced}/reactions/👍", "write:favourites"),
    ("POST", "/api/v1/announcements/{announced}/dismiss", "write:accounts"),
    ("GET", "/api/v1/conversations", "read:statuses"),
    ("POST", "/api/v1/conversations/{conversation}/read", "write:conversations"),
    ("POST", "/api/v1/conversations/{conversation}/unread", "write:conversations"),
    ("DELETE", "/api/v1/conversations/{conversation}", "write:conversations"),
    ("GET", "/api/v1/markers", "read:statuses"),
    ("POST", "/api/v1/markers", "write:statuses"),
    ("GET", "/api/v1/notifications/{notification}", "read:notifications"),
    ("POST", "/api/v1/notifications/{notification}/dismiss", "write:notifications"),
    ("POST", "/api/v1/notifications/clear", "write:notifications"),
    ("GET", "/api/v1/timelines/home", "read:statuses"),
    ("POST", "/api/v1/statuses", "write:statuses"),
    ("PUT", "/api/v1/statuses/{post}", "write:statuses"),
    ("POST", "/api/v1/polls/{poll}/votes", "write:statuses"),
    ("GET", "/api/v1/statuses/{post}/quotes", "read:statuses"),
    ("POST", "/api/v1/statuses/{post}/quotes/{quoting}/revoke", "write:statuses"),
    ("PUT", "/api/v1/statuses/{post}/interaction_policy", "write:statuses"),
    ("GET", "/api/v1/statuses/{post}/source", "read:statuses"),
    ("POST", "/api/v1/statuses/{post}/favourite", "write:favourites"),
    ("POST", "/api/v1/statuses/{post}/unfavourite", "write:favourites"),
    ("POST", "/api/v1/statuses/{post}/reblog", "write:statuses"),
    ("POST", "/api/v1/statuses/{post}/unreblog", "write:statuses"),
    ("POST", "/api/v1/statuses/{post}/bookmark", "write:bookmarks"),
    ("POST", "/api/v1/statuses/{post}/unbookmark", "write:bookmarks"),
    ("POST", "/api/v1/statuses/{post}/pin", "write:accounts"),
    ("POST", "/api/v1/statuses/{post}/unpin", "write:accounts"),
    ("POST", "/api/v1/statuses/{post}/mute", "write:mutes"),
    ("POST", "/api/v1/statuses/{post}/unmute", "write:mutes"),
    ("POST", "/api/v1/reports", "write:reports"),
    ("POST", "/api/v1/push/subscription", "push"),
    ("DELETE", "/api/v1/push/subscription", "push"),
    ("DELETE", "/api/v1/statuses/{post}", "write:statuses"),
    ("GET", "/api/v1/scheduled_statuses", "read:statuses"),
    ("GET", "/api/v1/scheduled_statuses/{waiting}", "read:statuses"),
    ("PUT", "/api/v1/scheduled_statuses/{waiting}", "write:statuses"),
    ("DELETE", "/api/v1/scheduled_statuses/{waiting}", "write:statuses"),
]
PUBLIC = [
    ("GET", "/api/v1/trends", "read:statuses"),
    ("GET", "/api/v1/sharewell/highlights", "read:statuses"),
    ("GET", "/api/v1/sharewell/topics", "read:statuses"),
    ("GET", "/api/v1/sharewell/topics/falls", "read:statuses"),
    ("GET", "/api/v1/sharewell/topics/falls/statuses", "read:statuses"),
    ("GET", "/api/v1/sharewell/search", "read:search"),
    ("GET", "/api/v1/trends/tags", "read:statuses"),
    ("GET", "/api/v1/trends/statuses", "read:statuses"),
    ("GET", "/api/v1/trends/links", "read:statuses"),
    ("GET", "/api/v1/timelines/link?url=https://far.example/a", "read:statuses"),
    ("GET", "/api/v1/directory", "read:accounts"),
    ("GET", "/api/v1/accounts/{other}", "read:accounts"),
    ("GET", "/api/v1/accounts?id[]={other}", "read:accounts"),
    ("GET", "/api/v1/accounts/lookup?acct=other", "read:accounts"),
    ("GET", "/api/v1/accounts/{other}/statuses", "read:statuses"),
    ("GET", "/api/v1/accounts/{other}/followers", "read:accounts"),
    ("GET", "/api/v1/accounts/{other}/following", "read:accounts"),
    ("GET", "/api/v1/accounts/{other}/endorsements", "read:accounts"),
    ("GET", "/api/v1/accounts/{other}/collections", "read:collections"),
    ("GET", "/api/v1/collections/{collection}", "read:collections"),
    ("GET", "/api/v1/sharewell/accounts/{me}/measures", "read:statuses"),
    ("GET", "/api/v1/sharewell/measures/{measure}", "read:statuses"),
    ("GET", "/api/v1/sharewell/measures/{measure}/changes", "read:statuses"),
    ("GET", "/api/v1/sharewell/measures/{measure}/points.csv", "read:statuses"),
    ("GET", "/api/v1/sharewell/measures/{measure}/chart.svg", "read:statuses"),
    ("GET", "/api/v1/sharewell/measures/{measure}/chart.png", "read:statuses"),
    ("GET", "/api/v1/accounts/{other}/featured_tags", "read:accounts"),
    ("GET", "/api/v1/tags/falls", "read:follows"),
    ("GET", "/api/v1/timelines/public", "read:statuses"),
    ("GET", "/api/v1/timelines/tag/safety", "read:statuses"),
    ("GET", "/api/v1/statuses/{post}", "read:statuses"),
    ("GET", "/api/v1/statuses?id[]={post}", "read:statuses"),
    ("GET", "/api/v1/polls/{poll}", "read:statuses"),
    ("GET", "/api/v1/statuses/{post}/context", "read:statuses"),
    ("GET", "/api/v1/statuses/{post}/history", "read:statuses"),
    ("GET", "/api/v1/statuses/{post}/favourited_by", "read:statuses"),
    ("GET", "/api/v1/statuses/{post}/reblogged_by", "read:statuses"),
    ("GET", "/api/v1/sharewell/statuses/{post}/lineage", "read:statuses"),
    ("GET", "/api/v1/sharewell/ideas?stage=new", "read:statuses"),
    ("GET", "/api/v1/sharewell/challenges", "read:statuses"),
    ("GET", "/api/v1/sharewell/challenges/{call}/ideas", "read:statuses"),
    ("GET", "/api/v2/search?q=x", "read:search"),
    ("GET", "/api/v1/sharewell/teams/{beds}", "read:accounts"),
    ("GET", "/api/v1/sharewell/teams/{beds}/measures", "read:statuses"),
    ("GET", "/api/v1/sharewell/shared_measures/{shared}", "read:statuses"),
    ("POST", "/api/v1/sharewell/recognisable", "write:reports"),
    ("GET", "/api/v1/sharewell/mentoring", "read:statuses"),
    ("GET", "/api/v1/sharewell/experts?q=falls", "read:accounts"),
    ("GET", "/api/v1/sharewell/questions?unanswered=true", "read:statuses"),
    ("GET", "/api/v1/sharewell/events", "read:statuses"),
    ("GET", "/api/v1/sharewell/events/{event}", "read:statuses"),
    ("GET", "/api/v1/sharewell/consultations", "read:statuses"),
    ("GET", "/api/v1/sharewell/consultations/{consultation}", "read:statuses"),
]
OPEN = [
    "/api/v1/sharewell/mentoring/numbers",
    "/api/oembed", "/api/v1/instance/activity", "/api/v1/instance/domain_blocks", "/api/v1/instance/privacy_policy",
    "/api/v1/instance/terms_of_service", "/api/v1/instance/terms_of_service/{date}",
    "/api/v1/instance", "/api/v2/instance", "/api/v1/custom_emojis", "/api/v1/instance/peers",
    "/api/v1/instance/extended_description", "/api/v1/instance/rules", "/api/v1/instance/translation_languages",
    "/api/v1/sharewell/charts",
]  # fmt: skip
WRITTEN = {
    "idea": {"kind": "idea", "title": "A mirror", "fields": {"proposal": "Tie one on."}},
    "call": {"kind": "challenge", "title": "Heels", "fields": {"question": "How do we see them?"}},
}
WORDS = [{"keyword": "words"}]
WITH_FILES = ["/api/v1/media", "/api/v2/media"]
BODIES: dict[str, dict[str, Any]] = {
    "/api/v1/statuses": {"status": "Hello"},
    "/api/v1/statuses/{post}": {"status": "Hello again"},
    "/api/v1/statuses/{post}/interaction_policy": {"quote_approval_policy": "followers"},
    "/api/v1/sharewell/guardian/cases/{case}/no-finding": {"kind": "date_place_age"},
    "/api/v1/sharewell/guardian/cases/{case2}/return": {"reason": "Drop the age."},
    "/api/v1/sharewell/teams/{team}/members": {"acct": "other"},
    "/api/v1/sharewell/teams": {"username": "falls", "display_name": "Falls"},
    "/api/v1/sharewell/teams/{wards}": {"note": "Wards that count falls."},
    "/api/v1/sharewell/teams/{wards}/invitations": {"acct": "third"},
    "/api/v1/sharewell/teams/{wards}/members/{asker}": {"role": "moderator"},
    "/api/v1/sharewell/teams/{wards}/measures": {"name": "Falls", "definition": "Every fall"},
    "/api/v1/sharewell/mentoring/matches": {"mine": "{wanted2}", "theirs": "{offered}"},
    "/api/v1/sharewell/mentoring/matches/{match}/notes": {"sort": "goal", "text": "Fewer idle cannulas."},
    "/api/v1/sharewell/questions/{question}/answer": {"status_id": "{answer}"},
    "/api/v1/sharewell/recalls": {"status_id": "{doomed}", "reason": "wrong"},
    "/api/v1/sharewell/statuses/{idea}/stage": {"stage": "testing"},
    "/api/v1/sharewell/highlights": {"status_id": "{post}", "reason": "Worth reading."},
    "/api/v1/sharewell/statuses/{idea}/in_place": {"state": "still"},
    "/api/v1/sharewell/prompts": {"asked": True},
    "/api/v1/sharewell/recognisable": {"status_id": "{quoting}"},
    "/api/v1/sharewell/measures": {"name": "Falls", "points": [1, 2, 3]},
    "/api/v1/sharewell/measures/{measure}": {"unit": "falls"},
    "/api/v1/sharewell/measures/{measure}/points": {"points": [3, 2, 1]},
    "/api/v1/sharewell/measures/{measure}/annotations": {"at": "2", "text": "Huddles"},
    "/api/v1/sharewell/measures/{measure}/rebases": {"at": "2", "change": "Beds", "why": "New"},
    "/api/v1/reports": {"account_id": "{other}"},
    "/api/v1/lists": {"title": "Wards"},
    "/api/v1/collections": {"name": "Wards"},
    "/api/v1/collections/{collection}": {"name": "Night wards"},
    "/api/v1/collections/{inside}/items": {"account_id": "{followed}"},
    "/api/v1/featured_tags": {"name": "falls"},
    "/api/v1/filters": {"phrase": "more", "context": ["home"]},
    "/api/v1/filters/{keyword}": {"phrase": "less"},
    "/api/v2/filters": {"title": "Words", "context": "home"},
    "/api/v2/filters/{filter}/keywords": {"keyword": "more"},
    "/api/v2/filters/{filter}/statuses": {"status_id": "{post}"},
    "/api/v2/filters/keywords/{keyword}": {"keyword": "less"},
    "/api/v1/notifications/requests/accept": {"id": ["12345"]},
    "/api/v1/notifications/requests/dismiss": {"id": ["12345"]},
    "/api/v1/domain_blocks": {"domain": "far.example"},
    "/api/v1/polls/{poll}/votes": {"choices": "0"},
    "/api/v1/push/subscription": {"subscription": {"endpoint": "https://push.example/", "keys": Device().keys}},
}


CLINIC = {"kind": "event", "title": "Clinic", "fields": {"start": "2026-12-04T12:30", "end": "2026-12-04T13:10"}}


def others(scope: str) -> str:
    """Every scope but this one and the broad ones that cover it."""
    broad = {scope, scope.partition(":")[0]}
    follow = {"follow"} if scope.partition(":")[2] in ("follows", "blocks", "mutes") else set[str]()
    profile = {"profile"} if scope == "read:accounts" else set[str]()
    return " ".join(sorted(KNOWN - broad - follow - profile))


async def with_mail(fediverse: Fediverse) -> Served:
    """A node that could send mail: one that cannot refuses what is about mail."""
    mail = {"host": "127.0.20.71", "port": 9}
    return await fediverse.node("here.example", contact="help@here.example", mail=mail)


async def counted(me: Person) -> dict[str, str]:
    """Two measures that everybody can see, and a point in them."""
    said: dict[str, object] = {"name": "Falls", "points": [1, 2, 3], "open": True}
    made = [await me.post("/api/v1/sharewell/measures", **said) for _ in range(2)]
    return {"measure": made[0]["id"], "measure2": made[1]["id"], "at": "2"}


async def ideas(me: Person) -> dict[str, str]:
    """An idea, and a call for ideas."""
    shared = {name: await me.post("/api/v1/statuses", status="", sharewell=own) for name, own in WRITTEN.items()}
    return {name: one["id"] for name, one in shared.items()}


async def groups(me: Person, other: Person) -> dict[str, str]:
    """Two groups, of which one is ``me``'s, and what waits in them."""
    teams = "/api/v1/sharewell/teams"
    wards = await me.post(teams, username="wards", display_name="Wards", joining="request", posting="anyone")
    beds = await other.post(teams, username="beds", display_name="Beds", joining="open")
    mine, theirs = wards["account"]["id"], beds["account"]["id"]
    async with person(me.served, "fifth") as fifth:
        await me.post(f"{teams}/{mine}/invitations", acct="fifth")
    await other.post(f"{teams}/{mine}/join")
    await other.post(f"{teams}/{theirs}/invitations", acct="mine")
    submitted = await other.say("Look at this @wards")
    counted = [await me.post(f"{teams}/{mine}/measures", name=one, definition="Every one") for one in ("A", "B")]
    return {
        "shared": counted[0]["id"], "shared2": counted[1]["id"],
        "wards": mine, "beds": theirs, "invited": fifth.id, "asker": other.id, "submitted": submitted["id"],
        "accept": "accept", "deed": "let-in",
    }  # fmt: skip


async def _gathered(other: Person, me: Person) -> dict[str, str]:
    """An event of somebody else, which is a highlight, a consultation, one's own of each; and a letter to the node."""
    event, own = await other.say("Come.", sharewell=CLINIC), await me.say("Come.", sharewell=CLINIC)
    consults = {"kind": "consultation", "title": "Which?"}
    asked = await other.say("", poll={"options": ["a", "b"], "expires_in": 600}, sharewell=consults)
    closing = await me.say("", poll={"options": ["a", "b"], "expires_in": 600}, sharewell=consults)
    lit = await me.post("/api/v1/sharewell/highlights", status_id=event["id"], reason="Come and see.")
    await other.web.post("/contact", data={"text": "Hello"}, headers={"authorization": ""})
    [letter] = await me.get("/api/v1/sharewell/guardian/letters")
    async with me.served.database.writing() as db:
        await db.run("UPDATE prompts SET months = 3")  # it is asked what lasted
    return {
        "event": event["id"], "own_event": own["id"], "consultation": asked["id"], "own_consultation": closing["id"],
        "highlight": lit["id"], "letter": letter["id"],
    }  # fmt: skip


async def prepared(served: Served) -> tuple[Person, dict[str, str]]:
    async with (
        person(served, "other") as other,
        person(served, "mine", role=Role.GUARDIAN) as me,
        person(served, "third", role=Role.GUARDIAN) as third,
    ):
        await me.post(f"/api/v1/accounts/{third.id}/follow")
        post = await me.say("Hello #safety")
        async with served.database.writing() as db:
            await cards.link(db, int(post["id"]), "https://far.example/a")
        await other.post(f"/api/v1/statuses/{post['id']}/favourite")
        await other.say("@mine hello")
        quoting = await other.say("Read this", quoted_status_id=post["id"])
        doomed, gone = await other.say("Take this back"), await other.say("And this")
        recalled = await me.post("/api/v1/sharewell/recalls", status_id=gone["id"], reason="wrong")
        said_so = await ideas(me)
        waiting = await me.say("Later", scheduled_at="2027-01-01T12:00:00Z")
        asked = await other.say("Which?", poll={"options": ["a", "b"], "expires_in": 600})
        await me.say("@other between us", visibility="direct")
        [talk] = await me.get("/api/v1/conversations")
        named, told, *_ = await me.get("/api/v1/notifications")
        await me.web.patch("/api/v2/notifications/policy", json={"for_not_following": "filter"})
        async with person(served, "fourth") as fourth:
            for one in (other, fourth):
                await one.say("@mine hello again")
        request2, request = await me.get("/api/v1/notifications/requests")
        for _ in range(3):
            await other.say(HELD)
        for text in ("Hello from here", "Hello from there"):
            said = await other.say(text)
            await third.post("/api/v1/sharewell/recognisable", status_id=said["id"])
        waits = [one["id"] for one in await third.get("/api/v1/sharewell/guardian/cases")]
        made = await me.post("/api/v1/lists", title="Wards")
        mine = (await me.post("/api/v1/collections", name="Wards", account_ids=[me.id]))["collection"]
        theirs = (await third.post("/api/v1/collections", name="Wards", account_ids=[me.id]))["collection"]
        team = await served.account("team", kind=ActorKind.GROUP)
        async with served.database.writing() as db:
            await teams.add(db, served.node, team, "mine", Place.LEAD, by=None)
        featured = await me.post("/api/v1/featured_tags", name="wards")
        kept = await me.post("/api/v2/filters", title="Words", context=["home"], keywords_attributes=WORDS)
        old = await me.post("/api/v1/filters", phrase="old", context=["home"])
        filtered = await me.post(f"/api/v2/filters/{kept['id']}/statuses", status_id=post["id"])
        files = {"file": ("a.png", pictures.png(), "image/png")}
        upload = (await me.web.post("/api/v2/media", files=files)).json()
        async with served.database.writing() as db:
            announced = str(await announcements.announce(db, served.node, "The lifts are out"))
        return me, await groups(me, other) | {
            "doomed": doomed["id"], "recall": recalled["id"], "poll": asked["poll"]["id"], **said_so,
            "waiting": waiting["id"], "upload": upload["id"], "featured": featured["id"],
            "filter": kept["id"], "keyword": kept["keywords"][0]["id"],
            "filtered": filtered["id"], "old": old["id"], "me": me.id,
            "collection": mine["id"], "inside": mine["id"], "item": mine["items"][0]["id"],
            "outside": theirs["id"], "place": theirs["items"][0]["id"],
            "request": request["id"], "request2": request2["id"], **await counted(me),
            "announced": announced, "team": str(team.id), "member": other.id,
            "other": other.id, "followed": third.id, "list": made["id"], "post": post["id"],
            "quoting": quoting["id"], "case": waits[2], "case2": waits[3], "case3": waits[4],
            "case4": waits[0], "case5": waits[1], **await pair(me, other),
            "notification": told["id"], "group": named["group_key"], "conversation": talk["id"],
        } | await _gathered(other, me)  # fmt: skip


async def answer(served: Served, me: Person, scopes: str | None, method: str, path: str, words: dict[str, str]) -> int:
    assert me.actor is not None
    token = None if scopes is None else await served.token(me.actor, scopes)
    async with served.client(token) as web:
        given = BODIES.get(path, {}).items()
        body = {name: value.format(**words) if isinstance(value, str) else value for name, value in given}
        sent: dict[str, Any] = {"json": body} if method != "GET" else {}
        if path in WITH_FILES:
            sent = {"files": {"file": ("a.png", pictures.png(), "image/png")}}
        return (await web.request(method, path.format(**words), **sent)).status_code


async def answers(served: Served, table: list[tuple[str, str, str]]) -> dict[str, list[int]]:
    """What nobody, an app with every scope but the right one, and one with that alone are answered."""
    me, words = await prepared(served)
    return {
        f"{method} {path}": [
            await answer(served, me, scopes, method, path, words) for scopes in (None, others(scope), scope)
        ]
        for method, path, scope in table
    }


async def test_what_is_a_members_asks_for_its_scope(fediverse: Fediverse) -> None:
    served = await with_mail(fediverse)
    found = await answers(served, PRIVATE)

    assert found == {f"{method} {path}": [401, 403, 200] for method, path, _ in PRIVATE}


async def test_a_push_subscription_is_shown_and_changed_by_its_own_token_with_the_scope(served: Served) -> None:
    me, _ = await prepared(served)
    assert me.actor is not None
    path, found = "/api/v1/push/subscription", []
    for scopes in (None, others("push"), "push"):
        async with served.client(None if scopes is None else await served.token(me.actor, scopes)) as web:
            await web.post(path, json=BODIES[path])
            found.append([(await web.request(method, path)).status_code for method in ("GET", "PUT")])

    assert found == [[401, 401], [403, 403], [200, 200]]


async def test_what_is_open_asks_a_token_for_its_scope(served: Served) -> None:
    found = await answers(served, PUBLIC)

    assert found == {f"{method} {path}": [200, 403, 200] for method, path, _ in PUBLIC}


async def test_a_token_that_is_none_opens_nothing(nobody: Person) -> None:
    for token in ("x", "token-", "Bearer", "%00", "\xff", "a" * 5000):
        for path in ("/api/v1/timelines/home", "/api/v1/timelines/public"):
            header = [(b"authorization", f"Bearer {token}".encode("latin-1"))]
            assert (await nobody.web.get(path, headers=header)).status_code == 401, (token, path)


async def test_a_token_in_another_case_is_another_token(alice: Person, served: Served) -> None:
    token = alice.web.headers["authorization"].removeprefix("Bearer ")
    async with served.client(token.upper()) as web:
        assert (await web.get("/api/v1/timelines/home")).status_code == 401


async def test_the_browsers_session_is_no_token(alice: Person, served: Served) -> None:
    from tests.clients.browser import browsing

    async with browsing(served, "alice") as browser:
        answer = await browser.web.get("/api/v1/timelines/home")

    assert answer.status_code == 401


async def test_every_route_of_the_api_is_in_these_tables() -> None:
    from node.app import ROUTES

    named = (
        "conversation", "featured", "filter", "keyword", "filtered", "other", "followed", "list", "post",
        "notification", "upload", "poll", "waiting", "old", "request", "request2", "announced", "case", "case2",
        "case3", "case4", "case5", "recall", "team", "collection", "item", "place", "me", "measure", "measure2", "idea",
        "shared", "shared2", "call", "wards", "beds", "event", "own_event", "consultation",
        "own_consultation", "letter",
    )  # fmt: skip
    words = {
        **dict.fromkeys(named, "{id}"),
        "inside": "{collection_id}",
        "at": "{at}",
        "group": "{group_key}",
        "name": "{name}",
        "quoting": "{quoting}",
        **dict.fromkeys(("wanted", "match", "match2", "match3", "question"), "{id}"),
        "noted": "{note}",
        "member": "{member}",
        "topic": "{id}",
        "asker": "{member}",
        "invited": "{member}",
        "submitted": "{post}",
        "highlight": "{id}",
        "accept": "{answer}",
        "deed": "{deed}",
    }
    words["outside"] = words["inside"]
    tagged = {
        "/topics/falls": "/topics/{topic}",
        "/tag/safety": "/tag/{name}",
        "/tags/falls": "/tags/{name}",
        "/👍": "/{name}",
    }
    known: set[str] = set()
    for _, path, _ in [*PRIVATE, *PUBLIC]:
        path = path.partition("?")[0]
        for written, meant in tagged.items():
            path = path.replace(written, meant)
        known.add(path.format(**words))
    apps = {"/api/v1/apps", "/api/v1/apps/verify_credentials", "/api/{rest:path}"}
    # Of those who may not act yet; POST /api/v1/accounts, of apps, has the path of a public one: test_registration.
    apps |= {"/api/v1/emails/confirmations", "/api/v1/emails/check_confirmation"}
    streams = {one for one in (getattr(route, "path", "") for route in ROUTES) if one.startswith("/api/v1/streaming/")}

    served = {getattr(route, "path", "") for route in ROUTES if getattr(route, "path", "").startswith("/api/")}

    assert served - apps - streams - set(OPEN) == known  # streams: see test_streaming


async def test_what_is_not_built_is_not_found_in_json(alice: Person) -> None:
    for method, path in [
        ("GET", "/api/v1/annual_reports"),
        ("GET", "/api/v1/admin/accounts"),
        ("GET", "/api/v1/admin/reports"), ("GET", "/api/nonsense")
    ]:  # fmt: skip
        answer = await alice.web.request(method, path)
        assert (answer.status_code, answer.json()) == (404, {"error": "Not found"}), path


async def test_notifications_and_requests_of_others_are_out_of_reach(alice: Person, bob: Person) -> None:
    post = await alice.say("Hello")
    await bob.post(f"/api/v1/statuses/{post['id']}/favourite")
    [told] = await alice.get("/api/v1/notifications")

    assert await bob.status_of("GET", f"/api/v1/notifications/{told['id']}") == 404
    await bob.post(f"/api/v1/notifications/{told['id']}/dismiss")
    assert len(await alice.get("/api/v1/notifications")) == 1


async def test_a_follow_request_is_answered_only_by_whom_it_was_made_to(alice: Person, bob: Person) -> None:
    await alice.web.patch("/api/v1/accounts/update_credentials", json={"locked": True})
    await bob.post(f"/api/v1/accounts/{alice.id}/follow")

    await bob.post(f"/api/v1/follow_requests/{bob.id}/authorize")

    assert (await bob.get("/api/v1/accounts/relationships", **{"id[]": alice.id}))[0]["requested"] is True


async def test_a_member_cannot_change_what_is_not_theirs_to_say(alice: Person) -> None:
    before = await alice.get("/api/v1/accounts/verify_credentials")
    wanted = {"role": "admin", "admin": True, "username": "root", "followers_count": 9, "email": "x@y.example",
              "suspended": True, "id": "1", "approved": True}  # fmt: skip

    await alice.web.patch("/api/v1/accounts/update_credentials", json=wanted)

    assert await alice.get("/api/v1/accounts/verify_credentials") == before


@pytest.mark.parametrize("act", ["follow", "block", "mute"])
async def test_nobody_follows_blocks_or_mutes_themselves(alice: Person, act: str) -> None:
    assert await alice.status_of("POST", f"/api/v1/accounts/{alice.id}/{act}") == 403


async def test_a_slash_at_the_end_changes_nothing(alice: Person) -> None:
    made = (await alice.web.post("/api/v1/statuses/", json={"status": "Hello"})).json()

    for path in ("/api/v2/instance/", f"/api/v1/statuses/{made['id']}/", "/api/v1/timelines/home/"):
        assert await alice.status_of("GET", path) == 200, path
