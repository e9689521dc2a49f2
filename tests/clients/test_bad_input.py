"""Whatever an app sends, the answer is about what it sent: never a 5xx, never more than was asked for."""

from __future__ import annotations

import json
from typing import Any

from tests.clients.person import Person

JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
ODD: list[Any] = [
    None, True, 0, -1, 1.5, 10**40, "", "x", "\x00", "\u202e", "'; DROP TABLE posts;--", [], [[]], ["x"], {}, {"x": {}},
    {"": ""}, [None], ["\x00"],
]  # fmt: skip
NAMES = [
    "status",
    "spoiler_text",
    "sensitive",
    "visibility",
    "language",
    "in_reply_to_id",
    "sharewell",
    "media_ids",
    "poll",
]
BODIES: dict[str, tuple[dict[str, str], bytes]] = {
    "not JSON": (JSON, b"{"),
    "no object": (JSON, b'["status"]'),
    "a number": (JSON, b"1"),
    "null": (JSON, b"null"),
    "empty": (JSON, b""),
    "deep arrays": (JSON, b'{"status":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "deep objects": (JSON, b'{"status":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}"),
    "a lone surrogate": (JSON, b'{"status":"\\ud800 x"}'),
    "raw surrogate bytes": (JSON, b'{"status":"\xed\xa0\x80"}'),
    "NUL": (JSON, b'{"status":"a\\u0000b"}'),
    "no UTF-8": (JSON, b'{"status":"\xff\xfe"}'),
    "same name twice": (JSON, b'{"status":"a","status":"b"}'),
    "infinity": (JSON, b'{"status":1e999}'),
    "form that is no UTF-8": (FORM, b"status=%ff%fe"),
    "form with a surrogate": (FORM, b"status=%ed%a0%80"),
    "form with NUL": (FORM, b"status=a%00b"),
    "form with brackets": (FORM, b"status[]=x&status[a]=y&status=z&sharewell[[=1&]=2&[=3&[]=4"),
    "form nested deeply": (FORM, b"a" + b"[b]" * 5000 + b"=1"),
    "50,000 values": (FORM, b"&".join(b"a%d=1" % n for n in range(50_000))),
    "50,000 of a list": (FORM, b"&".join(b"media_ids[]=1" for _ in range(50_000))),
    "form as JSON": (JSON, b"status=hello"),
    "JSON as form": (FORM, b'{"status":"hello"}'),
    "multipart without boundary": ({"content-type": "multipart/form-data"}, b"status=x"),
    "multipart that ends early": (
        {"content-type": "multipart/form-data; boundary=x"},
        b"--x\r\nContent-Disposition: fo",
    ),
    "multipart with a file": (
        {"content-type": "multipart/form-data; boundary=x"},
        b'--x\r\nContent-Disposition: form-data; name="status"; filename="a"\r\n\r\nhello\r\n--x--\r\n',
    ),
    "unknown type": ({"content-type": "application/x-nothing"}, b"status=x"),
    "odd charset": ({"content-type": "application/json; charset=utf-7"}, b'{"status":"x"}'),
    "odd type": ({"content-type": "\x80;;;="}, b"x"),
    "gzip that is not unpacked": ({**JSON, "content-encoding": "gzip"}, b"\x1f\x8b\x08\x00" + b"\x00" * 100),
}  # fmt: skip


async def test_an_odd_body_is_refused_or_taken_as_text(alice: Person) -> None:
    doors = [
        ("POST", "/api/v1/statuses"), ("PATCH", "/api/v1/accounts/update_credentials"), ("POST", "/api/v1/apps"),
        ("POST", "/oauth/token"), ("POST", "/oauth/revoke"), ("POST", f"/api/v1/accounts/{alice.id}/follow"),
    ]  # fmt: skip

    for name, (headers, body) in BODIES.items():
        raw = [(key.encode(), value.encode("latin-1")) for key, value in headers.items()]
        for method, path in doors:
            answer = await alice.web.request(method, path, content=body, headers=raw)
            assert answer.status_code < 500, f"{name} at {path}: {answer.text}"
            answer.json()
    assert isinstance(await alice.get("/api/v1/timelines/home"), list)


async def test_odd_values_are_refused_or_taken_as_text(alice: Person) -> None:
    for name in NAMES:
        for value in ODD:
            answer = await alice.web.post("/api/v1/statuses", json={"status": "x", name: value})
            assert answer.status_code in (200, 404, 422), f"{name}={value!r}: {answer.text}"
    assert len(await alice.get("/api/v1/timelines/home", limit=40)) > 0


async def test_odd_fields_of_a_kind_are_refused(alice: Person) -> None:
    for name in (
        "topics",
        "situation",
        "recommendation",
        "harm",
        "sbar",
        "composite",
        "review_by",
        "licence",
        "unknown",
    ):
        for value in ODD:
            fields = {"situation": "a", "recommendation": "b", name: value}
            sent = {"status": "", "sharewell": {"kind": "safety-note", "title": "t", "fields": fields}}
            answer = await alice.web.post("/api/v1/statuses", json=sent)
            assert answer.status_code in (200, 422), f"{name}={value!r}: {answer.text}"


async def test_odd_values_of_a_profile_are_refused_or_taken_as_text(alice: Person) -> None:
    for name in ("display_name", "note", "fields_attributes", "locked", "source", "discoverable"):
        for value in ODD:
            answer = await alice.web.patch("/api/v1/accounts/update_credentials", json={name: value})
            assert answer.status_code in (200, 422), f"{name}={value!r}: {answer.text}"
    await alice.get("/api/v1/accounts/verify_credentials")


BOUNDS = [
    {"limit": "-1"}, {"limit": "0"}, {"limit": "1000000000"}, {"limit": "ten"}, {"limit": "9" * 5000}, {"limit": "１"},
    {"max_id": "0"}, {"max_id": "-5"}, {"max_id": "9" * 40}, {"max_id": "' OR 1=1"}, {"min_id": "\x00"},
    {"since_id": "1e9"}, {"max_id": "x", "min_id": "y"}, {"limit": ""}, {"max_id": ""},
]  # fmt: skip


async def test_odd_bounds_of_a_page_are_refused_or_brought_into_reason(alice: Person) -> None:
    post = await alice.say("Hello")
    lists = [
        "/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/tag/x", "/api/v1/notifications",
        f"/api/v1/accounts/{alice.id}/statuses", f"/api/v1/accounts/{alice.id}/followers", "/api/v1/favourites",
        "/api/v1/bookmarks", "/api/v1/blocks", f"/api/v1/statuses/{post['id']}/favourited_by",
    ]  # fmt: skip

    for path in lists:
        for bounds in BOUNDS:
            answer = await alice.web.get(path, params=bounds)
            assert answer.status_code in (200, 422), f"{path} {bounds}: {answer.text}"
            assert len(answer.json()) <= 80


async def test_odd_ids_name_nothing(alice: Person) -> None:
    odd = ["0", "-1", "abc", "9" * 40, "%00", "' OR 1=1--", "1;", "%F0%9F", "..%2f", "1%0d%0aX: y", "１"]
    reads = [
        "/api/v1/statuses/{}", "/api/v1/statuses/{}/context", "/api/v1/accounts/{}", "/api/v1/notifications/{}",
        "/api/v1/accounts/{}/statuses",
    ]  # fmt: skip

    for one in odd:
        for path in reads:
            answer = await alice.web.get(path.format(one))
            assert answer.status_code == 404, f"{path} {one}: {answer.status_code} {answer.text}"
        for path in ("/api/v1/statuses/{}/favourite", "/api/v1/accounts/{}/follow"):
            assert (await alice.web.post(path.format(one))).status_code == 404, one


SEARCHES = [
    "\x00", "a\x00b", "%", "_", "\\", "'", '"', "*", "a*", "(", ")", "NEAR(", "AND", "a AND", "!", "&|", "a:*", "<->",
    "\u202e", "x" * 5000, "🐨" * 300, "@", "@@", "#", "@a@", "http://", "https://[", "https://here.example/@",
    "((((((((((", "a " * 2000,
]  # fmt: skip


async def test_odd_searches_find_nothing_and_break_nothing(alice: Person) -> None:
    for odd in SEARCHES:
        for more in ({}, {"resolve": "true"}):
            answer = await alice.web.get("/api/v2/search", params={"q": odd, **more})
            assert answer.status_code == 200, f"{odd!r}: {answer.text}"
        found = [
            (await alice.web.get("/api/v1/accounts/search", params={"q": odd})).status_code,
            (await alice.web.get("/api/v1/accounts/lookup", params={"acct": odd})).status_code,
            (await alice.web.get(f"/api/v1/accounts/{alice.id}/statuses", params={"tagged": odd})).status_code,
        ]
        assert found == [200, 404, 200], repr(odd)


async def test_odd_hashtags_show_nothing(alice: Person) -> None:
    for odd in ("%00", "%F0%9F", "%ED%A0%80", "%23", "%E2%80%AE", "a%2Fb", "%20"):
        assert (await alice.web.get(f"/api/v1/timelines/tag/{odd}")).status_code in (200, 404), odd


async def test_a_body_of_30_mb_is_too_large(alice: Person) -> None:
    body = json.dumps({"status": "x" * 30_000_000}).encode()

    answers = [
        await alice.web.post("/api/v1/statuses", content=body, headers=JSON),
        await alice.web.post("/api/v1/statuses", content=b"status=" + b"x" * 30_000_000, headers=FORM),
    ]

    assert [one.status_code for one in answers] == [413, 413]
    assert "error" in answers[0].json()


async def test_a_body_of_30_mb_is_too_large_with_get_too(alice: Person) -> None:
    async def drops() -> Any:
        for _ in range(300):
            yield b" " * 100_000

    answer = await alice.web.request("GET", "/api/v1/accounts/relationships", content=drops(), headers=JSON)

    assert answer.status_code == 413


async def test_a_body_that_does_not_say_its_length_is_counted(alice: Person) -> None:
    async def drops() -> Any:
        for _ in range(300):
            yield b"x" * 100_000

    answer = await alice.web.post("/api/v1/statuses", content=drops(), headers=FORM)

    assert answer.status_code == 413


async def test_an_address_with_thousands_of_parameters_is_refused(alice: Person) -> None:
    answer = await alice.web.get("/api/v1/statuses?" + "&".join(["id[]=1"] * 9_000))

    assert answer.status_code == 422


LIMITS: list[tuple[dict[str, str], int]] = [
    ({"status": ""}, 422), ({"status": " \n "}, 422), ({"status": "x" * 5001}, 422), ({"status": "x" * 5000}, 200),
    ({"status": "x" * 4000, "spoiler_text": "y" * 1001}, 422), ({"status": "x", "language": "klingon!"}, 422),
    ({"status": "x", "visibility": "secret"}, 422), ({"status": "x", "in_reply_to_id": "1"}, 404),
    ({"status": "x", "sensitive": "perhaps"}, 422),
]  # fmt: skip


async def test_what_a_post_may_be(alice: Person) -> None:
    for values, status in LIMITS:
        assert await alice.status_of("POST", "/api/v1/statuses", json=values) == status, values


async def test_a_key_that_is_too_long_is_refused(alice: Person) -> None:
    answer = await alice.web.post("/api/v1/statuses", json={"status": "x"}, headers={"idempotency-key": "k" * 201})

    assert answer.status_code == 422


async def test_html_that_a_member_types_is_text(alice: Person) -> None:
    made = await alice.say('<script>alert(1)</script> <a href="javascript:x">y</a>', spoiler_text="<b>")

    assert "<script" not in made["content"]
    assert "<a " not in made["content"]
    assert "&lt;script&gt;" in made["content"]


async def test_made_up_methods_are_not_allowed(alice: Person) -> None:
    for method in ("TRACE", "CONNECT", "FOO", "PUT"):
        answer = await alice.web.request(method, "/api/v1/timelines/home")
        assert answer.status_code in (404, 405), method
