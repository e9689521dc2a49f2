"""One attempt: sign an activity, post it to an inbox, judge the answer.

A host whose taste we do not know gets draft-cavage first: snac2 and Pixelfed answer 202 to RFC 9421 and drop it. What
is answered 401 or 403 is sent once more in the other form ("double knock").
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum

from federation.errors import Unreachable
from federation.outbox.lanes import Body
from federation.signing import cavage, messages
from federation.site import Answered, Site

log = logging.getLogger(__name__)

TIMEOUT = 10.0  # seconds for one request
CAVAGE = "cavage"
RFC9421 = "rfc9421"
OTHER: Mapping[str, str] = {CAVAGE: RFC9421, RFC9421: CAVAGE}


class Outcome(StrEnum):
    """What an attempt came to, and so what happens next."""

    TAKEN = "taken"
    REFUSED = "refused"  # 4xx: never again
    GONE = "gone"  # 410: this inbox is no more
    DOUBTED = "doubted"  # 401 to both forms: perhaps they could not fetch our key; a few more times, alone
    DOWN = "down"  # no answer, 502 to 504, 408, 429: the host cannot take anything now
    BROKEN = "broken"  # other 5xx: the host, or its way with this one activity
    FAULT = "fault"  # ours


@dataclass(frozen=True, slots=True)
class Answer:
    """An outcome. ``status`` is 0 when there was no answer."""

    outcome: Outcome
    status: int = 0
    after: int | None = None  # ms; how long the host asked us to wait
    form: str = ""  # of signature that it took, or asks for, where that is news


async def attempt(site: Site, body: Body, inbox: str, form: str, *, timeout: float = TIMEOUT) -> Answer:
    """Send ``body`` to ``inbox``, first in the ``form`` of signature that the host is known to take ("": not known)."""
    first = form or CAVAGE
    try:
        async with asyncio.timeout(timeout):
            answered = await _post(site, body, inbox, first)
            took = first
            if answered.status in (401, 403):
                second = await _post(site, body, inbox, OTHER[first])
                if second.status not in (401, 403):
                    answered, took = second, OTHER[first]
    except (Unreachable, TimeoutError) as error:
        log.info("no answer inbox=%s activity=%s error=%r", inbox, body.uri, error)
        return Answer(Outcome.DOWN)
    outcome = judge(answered.status)
    return Answer(outcome, answered.status, _after(site, answered, outcome), _news(form, took, answered, outcome))


async def _post(site: Site, body: Body, inbox: str, form: str) -> Answered:
    now = site.clock()
    if form == CAVAGE:
        headers = cavage.sign_request(
            "POST", inbox, body.data, key_id=body.key_uri, private_pem=body.private, now=now, body_digest=body.digest
        )
    else:
        headers = messages.sign_message(
            "POST", inbox, body.data, key_id=body.key_uri, private_pem=body.private, now=now
        )
    return await site.out.post(inbox, body.data, headers)


def judge(status: int) -> Outcome:
    """What a status means for a delivery."""
    if 200 <= status < 300:
        return Outcome.TAKEN
    if status in (408, 429, 502, 503, 504):
        return Outcome.DOWN
    if status >= 500:
        return Outcome.BROKEN
    if status == 401:
        return Outcome.DOUBTED
    return Outcome.GONE if status == 410 else Outcome.REFUSED


def _news(form: str, took: str, answered: Answered, outcome: Outcome) -> str:
    if outcome is not Outcome.TAKEN:
        return ""
    if took != (form or CAVAGE):
        return took
    asks = not form and any(name.lower() == "accept-signature" for name in answered.headers)
    return RFC9421 if asks else ""


def _after(site: Site, answered: Answered, outcome: Outcome) -> int | None:
    """The ms of Retry-After, which is seconds or a date; None when there is none that can be read."""
    if outcome is not Outcome.DOWN:
        return None
    text = next((value for name, value in answered.headers.items() if name.lower() == "retry-after"), "").strip()
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text) * 1000
    try:
        return max(0, int(parsedate_to_datetime(text).timestamp() * 1000) - site.clock())
    except (ValueError, TypeError, OverflowError):
        return None
