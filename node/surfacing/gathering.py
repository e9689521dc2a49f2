"""Tell members of events that they come to, and what came of consultations that they answered."""

from __future__ import annotations

from federation.happenings import Edited, Posted, Seated
from storage import consultations, events
from storage.database import Writing
from storage.kinds import Kind


async def notice(db: Writing, happening: Posted | Edited | Seated, *, now: int) -> list[tuple[int, int]]:
    """Keep what it means; notification and member of each who is told."""
    post = happening.post
    if isinstance(happening, Seated):
        return await events.tell_seated(db, post.id, happening.actor_ids, actor_id=post.author_id, now=now)
    if isinstance(happening, Edited):
        return await events.tell(db, post.id, actor_id=post.author_id, now=now) if happening.moved else []
    if post.kind is not Kind.SUMMARY or happening.parent is None or not post.public:
        return []
    asked = happening.parent
    if asked.kind is not Kind.CONSULTATION or not await consultations.conclude(db, asked.id, post.id):
        return []
    return await consultations.tell(db, asked.id, summary_id=post.id, actor_id=post.author_id, now=now)
