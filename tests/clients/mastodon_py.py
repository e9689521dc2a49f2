"""Every public method of Mastodon.py: in which step of its test it is called, or which endpoint of it is not served."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from mastodon import Mastodon

from tests.clients.nodes import code_for

SCOPES = ["read", "write", "follow", "push"]
STEPS: dict[str, str] = {
    "sign_in": """
        create_app auth_request_url log_in persistable_login_credentials app_verify_credentials me
        account_verify_credentials oauth_authorization_server_info set_language""",
    "node": """
        instance instance_v1 instance_v2 instance_extended_description instance_peers instance_rules instance_nodeinfo
        instance_translation_languages custom_emojis announcements announcement_dismiss announcement_reaction_create
        announcement_reaction_delete preferences retrieve_mastodon_version
        get_supported_version verify_minimum_version get_approx_server_time timeline_is_available clear_caches
        stream_healthy""",
    "join": "create_account email_resend_confirmation",
    "profile": "account_update_credentials account_delete_avatar account_delete_header",
    "posts": """
        status_post toot status_reply status status_context status_update status_history status_source status_card
        status_mute status_unmute status_pin status_unpin statuses status_delete""",
    "quotes": "status_quotes status_quote_revoke status_update_quote_approval_policy",
    "reactions": """
        status_favourite status_unfavourite status_favourited_by favourites status_reblog status_unreblog
        status_reblogged_by status_bookmark status_unbookmark bookmarks""",
    "pictures": "media_post media media_update generate_media_edit_attributes decode_blurhash",
    "polls": "make_poll poll poll_vote",
    "later": "scheduled_status scheduled_statuses scheduled_status_update scheduled_status_delete",
    "accounts": """
        search
        account accounts account_lookup account_search account_statuses account_follow follows account_unfollow
        account_followers account_following account_relationships account_familiar_followers account_note_set
        account_endorse account_unendorse account_pin account_unpin endorsements account_remove_from_followers
        follow_requests follow_request_authorize follow_request_reject""",
    "peace": """
        account_block account_unblock blocks account_mute account_unmute mutes domain_block domain_unblock
        domain_blocks report""",
    "lists": """
        list lists list_create list_update list_delete list_accounts list_accounts_add list_accounts_delete
        account_lists timeline_list""",
    "collections": """
        collection collection_create collection_update collection_delete collection_item_add collection_item_delete
        collection_item_revoke account_collections account_in_collections""",
    "tags": """
        tag tag_follow tag_unfollow followed_tags tag_feature tag_unfeature featured_tags featured_tag_create
        featured_tag_delete featured_tag_suggestions account_featured_tags""",
    "filters": """
        filters_v2 filter_v2 create_filter_v2 update_filter_v2 delete_filter_v2 filter_keywords_v2
        add_filter_keyword_v2 delete_filter_keyword_v2 filter_statuses_v2 add_filter_status_v2 filter_status_v2
        delete_filter_status_v2 filters filter filters_apply""",
    "timelines": """
        timeline timeline_home timeline_local timeline_public timeline_hashtag search_v2 markers_get markers_set
        fetch_next fetch_previous fetch_remaining get_pagination_info pagination_iterator pagination_page_iterator
        get_async_refresh_info await_async_refresh""",
    "notifications": """
        notifications notifications_dismiss notifications_unread_count grouped_notifications grouped_notification
        grouped_notification_accounts dismiss_grouped_notification unread_grouped_notifications_count
        notifications_policy update_notifications_policy notification_requests notifications_merged
        notifications_clear""",
    "holding": """
        notification_request dismiss_notification_request accept_notification_request
        dismiss_multiple_notification_requests accept_multiple_notification_requests""",
    "discover": """
        trending_tags trends trending_statuses trending_links directory suggestions suggestions_v1 suggestions_v2
        suggestion_delete instance_activity instance_domain_blocks
        instance_health filter_create filter_update filter_delete""",
    "texts": "instance_terms_of_service profile profile_update",
    "conversations": "conversations conversations_read",
    "streams": """
        stream_user stream_user_notifications stream_local stream_public stream_hashtag stream_list stream_direct""",
    "push": """
        push_subscription_generate_keys push_subscription_set push_subscription push_subscription_update
        push_subscription_delete""",
    "leave": "revoke_access_token",
}
# What it can do only with a package that is installed for no test: what this does is done without its help.
WITHOUT = {
    "push_subscription_decrypt_push": "http_ece", "stream_open_websocket": "websocket", "get_status_length": "grapheme",
}  # fmt: skip
# What the two nodes cannot show: it insists on https; it needs a page that many link to.
UNTRIED = ("oauth_userinfo", "timeline_link")
# Method of Mastodon.py, and what it asks for that no route answers.
NOT_SERVED = """
admin_account GET /api/v1/admin/accounts/:id
admin_account_approve POST /api/v1/admin/accounts/:id/approve
admin_account_delete DELETE /api/v1/admin/accounts/:id
admin_account_enable POST /api/v1/admin/accounts/:id/enable
admin_account_moderate POST /api/v1/admin/accounts/:id/action
admin_account_reject POST /api/v1/admin/accounts/:id/reject
admin_account_unsensitive POST /api/v1/admin/accounts/:id/unsensitive
admin_account_unsilence POST /api/v1/admin/accounts/:id/unsilence
admin_account_unsuspend POST /api/v1/admin/accounts/:id/unsuspend
admin_accounts GET /api/v1/admin/accounts
admin_accounts_v1 GET /api/v1/admin/accounts
admin_accounts_v2 GET /api/v2/admin/accounts
admin_approve_trending_link POST /api/v1/admin/trends/links/:id/approve
admin_approve_trending_status POST /api/v1/admin/trends/statuses/:id/approve
admin_approve_trending_tag POST /api/v1/admin/trends/tags/:id/approve
admin_canonical_email_block GET /api/v1/admin/canonical_email_blocks/:id
admin_canonical_email_blocks GET /api/v1/admin/canonical_email_blocks
admin_create_canonical_email_block POST /api/v1/admin/canonical_email_blocks
admin_create_domain_allow POST /api/v1/admin/domain_allows
admin_create_domain_block POST /api/v1/admin/domain_blocks
admin_create_email_domain_block POST /api/v1/admin/email_domain_blocks
admin_create_ip_block POST /api/v1/admin/ip_blocks
admin_delete_canonical_email_block DELETE /api/v1/admin/canonical_email_blocks/:id
admin_delete_domain_allow DELETE /api/v1/admin/domain_allows/:id
admin_delete_domain_block DELETE /api/v1/admin/domain_blocks/:id
admin_delete_email_domain_block DELETE /api/v1/admin/email_domain_blocks/:id
admin_delete_ip_block DELETE /api/v1/admin/ip_blocks/:id
admin_dimensions POST /api/v1/admin/dimensions
admin_domain_allow GET /api/v1/admin/domain_allows/:id
admin_domain_allows GET /api/v1/admin/domain_allows
admin_domain_blocks GET /api/v1/admin/domain_blocks/:id
admin_email_domain_block GET /api/v1/admin/email_domain_blocks/:id
admin_email_domain_blocks GET /api/v1/admin/email_domain_blocks
admin_ip_block GET /api/v1/admin/ip_blocks/:id
admin_ip_blocks GET /api/v1/admin/ip_blocks
admin_measures POST /api/v1/admin/measures
admin_reject_trending_link POST /api/v1/admin/trends/links/:id/reject
admin_reject_trending_status POST /api/v1/admin/trends/statuses/:id/reject
admin_reject_trending_tag POST /api/v1/admin/trends/tags/:id/reject
admin_report GET /api/v1/admin/reports/:id
admin_report_assign POST /api/v1/admin/reports/:id/assign_to_self
admin_report_reopen POST /api/v1/admin/reports/:id/reopen
admin_report_resolve POST /api/v1/admin/reports/:id/resolve
admin_report_unassign POST /api/v1/admin/reports/:id/unassign
admin_reports GET /api/v1/admin/reports
admin_retention POST /api/v1/admin/retention
admin_test_canonical_email_block POST /api/v1/admin/canonical_email_blocks/test
admin_trending_links GET /api/v1/admin/trends/links
admin_trending_statuses GET /api/v1/admin/trends/statuses
admin_trending_tags GET /api/v1/admin/trends/tags
admin_update_domain_block PUT /api/v1/admin/domain_blocks/:id
admin_update_ip_block PUT /api/v1/admin/ip_blocks/:id
annual_report GET /api/v1/annual_reports/:year
annual_report_generate POST /api/v1/annual_reports/:year/generate
annual_report_read POST /api/v1/annual_reports/:year/read
annual_report_state GET /api/v1/annual_reports/:year/state
annual_reports GET /api/v1/annual_reports
get_async_refresh_status GET /api/v1_alpha/async_refreshes/:async_refresh_id
instance_languages GET /api/v1/instance/languages
reports GET /api/v1/reports
search_v1 GET /api/v1/search
status_translate POST /api/v1/statuses/:id/translate
"""


def steps() -> dict[str, list[str]]:
    """The methods of each step."""
    return {step: names.split() for step, names in STEPS.items()}


def not_served() -> dict[str, tuple[str, str]]:
    """Method and path of what is not served, by the method of Mastodon.py."""
    lines = (line.split() for line in NOT_SERVED.strip().splitlines())
    return {name: (method, path) for name, method, path in lines}


def key(method: str, path: str) -> tuple[str, str]:
    """As routes are compared: parameters without their names."""
    return method, re.sub(r":\w+", "{}", path)


@dataclass
class Trial:
    """What was called, in which step, and went well."""

    step: str = ""
    last: str = ""
    passed: set[tuple[str, str]] = field(default_factory=set)  # step, method
    said: list[str] = field(default_factory=list)  # of steps that broke off

    @contextmanager
    def of(self, step: str) -> Generator[None]:
        """One step. What goes wrong in it is kept, and counts against what was called last."""
        self.step, self.last = step, ""
        try:
            yield
        except Exception:
            self.passed.discard((step, self.last))
            self.said.append(f"{step}, at {self.last}: {traceback.format_exc(limit=-4)}")

    def called(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        """The method, counted as soon as it is done."""

        def call(*words: Any, **more: Any) -> Any:
            self.last = name
            found = method(*words, **more)
            self.passed.add((self.step, name))
            return found

        return call

    @property
    def failed(self) -> list[str]:
        """Methods that were not called in their step, or went wrong there."""
        wanted = {(step, name) for step, names in steps().items() for name in names}
        return sorted(f"{step}: {name}" for step, name in wanted - self.passed)


class App:
    """Mastodon.py in somebody's hands."""

    def __init__(self, trial: Trial, app: Any) -> None:
        self.trial, self.app = trial, app

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.app, name)
        return self.trial.called(name, found) if callable(found) else found


def signed_in(trial: Trial, base: str, name: str) -> Any:
    """The app after its whole sign-in: registration, pages, code, token."""
    create = trial.called("create_app", Mastodon.create_app)
    client_id, secret = create("Ward app", scopes=SCOPES, api_base_url=base)
    app: Any = App(trial, Mastodon(client_id, secret, api_base_url=base, ratelimit_method="throw"))
    address = app.auth_request_url(scopes=SCOPES, allow_http=True)
    app.log_in(code=code_for(base, address, name), scopes=SCOPES, allow_http=True)
    return app
