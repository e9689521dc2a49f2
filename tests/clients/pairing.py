"""Two members who are matched, and what could be."""

from __future__ import annotations

from tests.clients.person import Person


async def pair(me: Person, other: Person) -> dict[str, str]:
    """A match of the two under way, posts that could be another, and a question with a reply."""
    said = {"topics": ["falls"], "level": "team", "format": "phone"}
    asking = {"kind": "mentoring-request", "title": "Wanted", "fields": said}
    wanted, wanted2, wanted3, wanted4 = [await me.say("", sharewell=asking) for _ in range(4)]
    offering = {"kind": "mentoring-offer", "title": "Offered", "fields": {**said, "places": 3}}
    offered = await other.say("", sharewell=offering)
    matches = "/api/v1/sharewell/mentoring/matches"
    match = await me.post(matches, mine=wanted["id"], theirs=offered["id"])
    await other.post(f"{matches}/{match['id']}/accept")
    match2, match3 = [await other.post(matches, mine=offered["id"], theirs=one["id"]) for one in (wanted3, wanted4)]
    noted = await me.post(f"{matches}/{match['id']}/notes", text="First call.")
    question = await me.say("", sharewell={"kind": "question", "title": "How?", "fields": {"topics": ["falls"]}})
    answer = await other.say("So.", in_reply_to_id=question["id"])
    return {
        "wanted": wanted["id"], "wanted2": wanted2["id"], "wanted3": wanted3["id"], "offered": offered["id"],
        "match": match["id"],
        "match2": match2["id"], "match3": match3["id"],
        "noted": noted["id"], "question": question["id"], "answer": answer["id"],
    }  # fmt: skip
