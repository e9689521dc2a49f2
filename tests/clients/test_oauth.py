"""Apps register, ask, get codes and tokens, and give them back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.clients.browser import OUT_OF_BAND, VERIFIER, App, Browser, browsing, challenge
from tests.clients.person import Person
from tests.serving import ON_BOTH, PASSWORD, Served

HOME = "https://app.example/back?from=here"


@pytest.fixture
async def browser(served: Served, alice: Person) -> AsyncGenerator[Browser]:
    async with browsing(served, "alice") as signed_in:
        yield signed_in


async def me(served: Served, token: str) -> int:
    async with served.client(token) as web:
        return (await web.get("/api/v1/accounts/verify_credentials")).status_code


@ON_BOTH
async def test_the_out_of_band_flow_gives_a_token_that_speaks_for_the_member(browser: Browser, served: Served) -> None:
    token = await browser.token(await browser.register())

    async with served.client(token) as web:
        assert (await web.get("/api/v1/accounts/verify_credentials")).json()["username"] == "alice"


async def test_a_redirect_carries_code_state_and_issuer(browser: Browser) -> None:
    app = await browser.register(HOME)

    answer = await browser.decide(await browser.ask(app, state="kept & safe"))

    place = urlsplit(answer.headers["location"])
    query = parse_qs(place.query)
    assert f"{place.scheme}://{place.netloc}{place.path}" == "https://app.example/back"
    assert (query["from"], query["state"], query["iss"]) == (["here"], ["kept & safe"], ["https://here.example/"])
    assert len(query["code"][0]) >= 22


@pytest.mark.parametrize(
    "uri",
    [
        "com.keylesspalace.tusky://oauth",
        "icecubesapp://",
        "org.joinmastodon.android-auth://callback",
        "oauth2redirect://x/",
    ],
)
async def test_custom_schemes_are_addresses_and_the_page_may_lead_there(browser: Browser, uri: str) -> None:
    app = await browser.register(uri)

    page = await browser.ask(app)
    answer = await browser.decide(page)

    assert answer.headers["location"].startswith(uri)
    assert f"{uri.partition(':')[0]}:" in page.headers["content-security-policy"].partition("form-action")[2]


@pytest.mark.parametrize("uri", ["javascript:alert(1)", "data:text/html,x", "/back", "https://", "https://a/#x",
                                 "https://a\r\nSet-Cookie: a=b", "java\nscript:alert(1)", "https://a b/"])  # fmt: skip
async def test_dangerous_addresses_cannot_be_registered(browser: Browser, uri: str) -> None:
    answer = await browser.web.post("/api/v1/apps", json={"client_name": "x", "redirect_uris": [uri]})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/back?from=here", "https://app.example/back?from=here&x=1", f"{HOME}#x",
        "https://app.example/BACK?from=here", "http://app.example/back?from=here",
        "https://app.example:8443/back?from=here", "https://x.app.example/back?from=here",
        "https://app.example\\@evil.example/", "https://app.example", "javascript:alert(1)", "/back",
        "https://app.example/back?from=here\r\nx: y",
    ],
)  # fmt: skip
async def test_only_the_exact_address_is_gone_back_to(browser: Browser, uri: str) -> None:
    app = await browser.register(HOME)

    page = await browser.ask(App(app.client_id, app.client_secret, uri))

    assert (page.status_code, page.headers.get("location")) == (422, None)


async def test_an_app_with_several_addresses_says_which_and_gets_back_to_that_one(browser: Browser) -> None:
    app = await browser.register(HOME, "tusky://oauth", OUT_OF_BAND)
    other = App(app.client_id, app.client_secret, "tusky://oauth")

    answer = await browser.decide(await browser.ask(other, state="s"))
    code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
    unsaid = await browser.ask(App(app.client_id, app.client_secret, ""))
    wrong = await browser.trade(app, code)
    missing = await browser.trade(other, code, redirect_uri=None)
    right = await browser.trade(other, code)

    assert answer.headers["location"].startswith("tusky://oauth?code=")
    assert unsaid.status_code == 422
    assert (wrong.status_code, missing.status_code, right.status_code) == (400, 400, 200)


async def test_tokens_and_codes_are_long_and_each_is_another(browser: Browser) -> None:
    app = await browser.register()
    codes = [await browser.code(app) for _ in range(3)]
    given = [(await browser.trade(app, code)).json()["access_token"] for code in codes]

    assert len({*codes, *given}) == 6
    assert min(len(one) for one in [*codes, *given]) >= 43  # 256 bits


@pytest.mark.parametrize("path", ["/oauth/introspect", "/oauth/token/info", "/oauth/introspection"])
async def test_nobody_can_ask_what_a_token_is_worth(browser: Browser, path: str) -> None:
    said = (await browser.web.get("/.well-known/oauth-authorization-server")).json()

    assert (await browser.web.post(path, data={"token": "x"})).status_code == 404
    assert "introspection_endpoint" not in said


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_userinfo_says_who_one_is_to_apps_that_may_know(browser: Browser, served: Served, method: str) -> None:
    app = await browser.register(scopes="profile read")
    endpoint = (await browser.web.get("/.well-known/oauth-authorization-server")).json()["userinfo_endpoint"]
    token, other = await browser.token(app, scope="profile"), await browser.token(app, scope="read")

    async with served.client(token) as web, served.client(other) as reader, served.client() as nobody:
        answer = await web.request(method, endpoint)
        refused = [(await one.request(method, endpoint)).status_code for one in (reader, nobody)]

    assert answer.json() == {
        "iss": "https://here.example/", "sub": "https://here.example/users/alice", "name": "alice",
        "preferred_username": "alice", "profile": "https://here.example/@alice",
        "picture": "https://here.example/static/avatar.png",
    }  # fmt: skip
    assert (answer.headers["cache-control"], answer.headers["access-control-allow-origin"]) == ("no-store", "*")
    assert refused == [403, 401]


async def test_nothing_is_granted_without_a_click(browser: Browser) -> None:
    app = await browser.register(HOME)
    await browser.token(app)

    page = await browser.ask(app)

    assert (page.status_code, "location" in page.headers) == (200, False)


async def test_not_allowing_is_said_to_the_app(browser: Browser) -> None:
    app = await browser.register(HOME)

    answer = await browser.decide(await browser.ask(app, state="s"), "deny")

    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert (query["error"], query["state"], "code" in query) == (["access_denied"], ["s"], False)


async def test_consent_needs_a_session_and_a_form_of_ours(browser: Browser, served: Served) -> None:
    app = await browser.register(HOME)
    asked = {"client_id": app.client_id, "redirect_uri": HOME, "decision": "allow", "scope": "read"}

    forged = await browser.web.post("/oauth/authorize", data=asked)
    async with browsing(served) as stranger:
        nobody = await stranger.web.post("/oauth/authorize", data=asked)

    assert forged.status_code == 403
    assert nobody.headers["location"] == "/sign-in"


async def test_who_is_not_signed_in_signs_in_first_and_comes_back(served: Served, alice: Person) -> None:
    async with browsing(served) as browser:
        app = await browser.register(HOME)
        page = await browser.ask(app, state="s")

        assert page.status_code == 303
        assert page.headers["location"].startswith("/sign-in?next=%2Foauth%2Fauthorize%3F")


async def test_a_trailing_slash_is_the_same_page(browser: Browser) -> None:
    app = await browser.register()
    page = await browser.web.get("/oauth/authorize/", params={"client_id": app.client_id, "scope": "read"})

    assert page.status_code == 200


@ON_BOTH
async def test_a_code_works_once_and_a_second_use_takes_its_token_back(browser: Browser, served: Served) -> None:
    app = await browser.register()
    code = await browser.code(app)
    token = (await browser.trade(app, code)).json()["access_token"]

    again = await browser.trade(app, code)

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert await me(served, token) == 401


@ON_BOTH
async def test_ten_at_once_get_at_most_one_token(browser: Browser) -> None:
    app = await browser.register()
    code = await browser.code(app)

    answers = await asyncio.gather(*(browser.trade(app, code) for _ in range(10)))

    assert sorted(one.status_code for one in answers) == [200] + [400] * 9


async def test_a_code_ends_after_ten_minutes(browser: Browser, served: Served) -> None:
    app = await browser.register()
    code = await browser.code(app)

    served.fediverse.clock.advance(seconds=601)

    assert (await browser.trade(app, code)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_secret": None}, "invalid_client"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"redirect_uri": "https://app.example/other"}, "invalid_grant"),
        ({"code": "guessed"}, "invalid_grant"),
        ({"code_verifier": VERIFIER}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": None}, "invalid_request"),
    ],
)
async def test_a_wrong_trade_gives_nothing_and_spends_nothing(
    browser: Browser, wrong: dict[str, Any], error: str
) -> None:
    app = await browser.register()
    code = await browser.code(app)

    answer = await browser.trade(app, code, **wrong)

    assert answer.json()["error"] == error
    assert (await browser.trade(app, code)).status_code == 200


async def test_another_app_cannot_trade_the_code(browser: Browser) -> None:
    app, other = await browser.register(), await browser.register()
    code = await browser.code(app)

    answer = await browser.trade(other, code)

    assert answer.json()["error"] == "invalid_grant"


@pytest.mark.parametrize("verifier", [None, "w" * 50])
async def test_a_code_with_a_challenge_needs_its_verifier(browser: Browser, verifier: str | None) -> None:
    app = await browser.register()
    code = await browser.code(app, code_challenge=challenge(), code_challenge_method="S256")

    answer = await browser.trade(app, code, code_verifier=verifier)

    assert answer.json()["error"] == "invalid_grant"
    assert (await browser.trade(app, code, code_verifier=VERIFIER)).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"code_challenge": challenge(), "code_challenge_method": "plain"},
        {"code_challenge": challenge()},
        {"code_challenge": "short", "code_challenge_method": "S256"},
        {"code_challenge_method": "S256"},
        {"response_type": "token"},
        {"scope": "read everything"},
    ],
)
async def test_what_cannot_be_granted_is_a_page_and_no_redirect(browser: Browser, asked: dict[str, str]) -> None:
    page = await browser.ask(await browser.register(HOME), **asked)

    assert (page.status_code, page.headers.get("location")) == (422, None)


async def test_an_app_gets_no_more_than_it_registered_for(browser: Browser) -> None:
    app = await browser.register(scopes="read")

    page = await browser.ask(app, scope="read write")

    assert page.status_code == 422


async def test_the_scope_of_a_trade_does_not_widen_the_code(browser: Browser) -> None:
    app = await browser.register()
    code = await browser.code(app, scope="read")

    answer = await browser.trade(app, code, scope="read write")

    assert answer.json()["scope"] == "read"


@pytest.mark.parametrize("form", ["form", "multipart", "json", "basic"])
async def test_a_token_can_be_asked_for_in_every_form(browser: Browser, form: str) -> None:
    app = await browser.register()
    who = {"client_id": app.client_id, "client_secret": app.client_secret}
    what = {"grant_type": "authorization_code", "code": await browser.code(app), "redirect_uri": OUT_OF_BAND}
    forms: dict[str, dict[str, Any]] = {
        "form": {"data": {**what, **who}},
        "json": {"json": {**what, **who}},
        "multipart": {"files": {name: (None, value) for name, value in {**what, **who}.items()}},
        "basic": {"data": what, "auth": (app.client_id, app.client_secret)},
    }
    sent = forms[form]

    answer = await browser.web.post("/oauth/token", **sent)

    assert answer.status_code == 200, answer.text
    assert (answer.json()["token_type"], answer.headers["cache-control"]) == ("Bearer", "no-store")


async def test_tokens_and_codes_are_long_and_differ(browser: Browser) -> None:
    app = await browser.register()
    codes = [await browser.code(app) for _ in range(3)]
    tokens = [(await browser.trade(app, code)).json()["access_token"] for code in codes]

    assert len({*codes, *tokens}) == 6
    assert all(len(one) * 6 >= 128 for one in (*codes, *tokens))  # base64: six bits each


async def test_no_password_is_traded_for_a_token(browser: Browser) -> None:
    app = await browser.register()

    answer = await browser.trade(app, "", grant_type="password", username="alice", password=PASSWORD, code=None)

    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


async def test_a_wrong_secret_by_basic_says_how_to_sign_in(browser: Browser) -> None:
    app = await browser.register()

    answer = await browser.web.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, auth=(app.client_id, "wrong")
    )

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Basic realm="apps"')


@ON_BOTH
async def test_an_apps_own_token_is_nobody(browser: Browser, served: Served) -> None:
    app = await browser.register()
    answer = await browser.web.post(
        "/oauth/token",
        json={"grant_type": "client_credentials", "client_id": app.client_id, "client_secret": app.client_secret},
    )
    token = answer.json()["access_token"]

    async with served.client(token) as web:
        verified = await web.get("/api/v1/apps/verify_credentials")
        posted = await web.post("/api/v1/statuses", json={"status": "Whose?"})

    assert (verified.json()["name"], posted.status_code) == ("Ward app", 401)
    assert "client_secret" not in verified.json()
    assert await me(served, token) == 401


@ON_BOTH
async def test_a_token_given_back_is_dead_at_once(browser: Browser, served: Served) -> None:
    app = await browser.register()
    token = await browser.token(app)
    given = {"client_id": app.client_id, "client_secret": app.client_secret, "token": token}

    answers = [(await browser.web.post("/oauth/revoke", json=given)).status_code for _ in range(2)]

    assert answers == [200, 200]  # RFC 7009 2.2: again is fine
    assert await me(served, token) == 401


@ON_BOTH
async def test_another_app_cannot_give_a_token_back(browser: Browser, served: Served) -> None:
    token, other = await browser.token(await browser.register()), await browser.register()
    given = {"client_id": other.client_id, "client_secret": other.client_secret, "token": token}

    await browser.web.post("/oauth/revoke", data=given)

    assert await me(served, token) == 200


async def test_a_post_says_which_app_it_came_from(browser: Browser, served: Served) -> None:
    async with served.client(await browser.token(await browser.register(name="Ward app"))) as web:
        made = (await web.post("/api/v1/statuses", json={"status": "Hello"})).json()

    assert made["application"] == {"name": "Ward app", "website": None}


async def test_metadata_names_only_what_is_served(browser: Browser) -> None:
    said = (await browser.web.get("/.well-known/oauth-authorization-server")).json()

    assert said["issuer"] == "https://here.example/"
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert said["grant_types_supported"] == ["authorization_code", "client_credentials"]
    for name in ("token_endpoint", "revocation_endpoint", "app_registration_endpoint"):
        assert (await browser.web.post(said[name])).status_code in (400, 401, 422)


async def test_a_token_in_the_address_is_not_taken(alice: Person, nobody: Person) -> None:
    token = alice.web.headers["authorization"].removeprefix("Bearer ")

    answer = await nobody.status_of("GET", "/api/v1/accounts/verify_credentials", params={"access_token": token})

    assert answer == 401


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
async def test_what_an_app_calls_itself_is_only_text(browser: Browser, name: str) -> None:
    page = await browser.ask(await browser.register(HOME, name=name), state=name)

    assert page.status_code == 200
    assert name not in page.text


@pytest.mark.parametrize(
    "name", ["client_id", "redirect_uri", "scope", "response_type", "code_challenge", "code_challenge_method", "state"]
)
async def test_what_a_page_refuses_is_only_text_on_it(browser: Browser, name: str) -> None:
    hostile = "<script>alert(1)</script>"
    page = await browser.ask(await browser.register(HOME), **{"code_challenge": "x", name: hostile})

    assert (page.status_code, page.headers["content-type"]) == (422, "text/html; charset=utf-8")
    assert hostile not in page.text


async def test_pages_of_the_flow_cannot_be_framed_or_kept_and_keep_their_opener(browser: Browser) -> None:
    headers = (await browser.ask(await browser.register(HOME))).headers

    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "same-origin")
    assert "cross-origin-opener-policy" not in headers


@pytest.mark.parametrize("path", [
    "/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/api/v1/apps", "/api/v2/instance", "/nodeinfo/2.0",
    "/media/x.png", "/.well-known/oauth-authorization-server", "/.well-known/host-meta",
])  # fmt: skip
async def test_other_origins_apps_may_ask(nobody: Person, path: str) -> None:
    asked = {"origin": "https://app.example", "access-control-request-method": "POST"}

    answer = await nobody.web.options(path, headers=asked)
    read = await nobody.web.get(path, headers={"origin": "https://app.example"})

    assert "Idempotency-Key" in answer.headers["access-control-allow-headers"]
    for one in (answer, read):
        assert one.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in one.headers
        assert {"Link", "X-RateLimit-Remaining", "X-Request-Id"} <= set(
            one.headers["access-control-expose-headers"].split(", ")
        )


async def test_pages_are_not_open_to_other_origins(browser: Browser) -> None:
    for path in ("/sign-in", "/oauth/authorize"):
        assert "access-control-allow-origin" not in (await browser.web.get(path)).headers
