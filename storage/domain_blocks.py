"""Domain blocks: servers of which a member wants to see nothing, and who are to see nothing of the member.

``storage.posts.VISIBLE`` reads these rows.
"""

from __future__ import annotations

from collections.abc import Iterable

from storage.database import Reading, Writing, listed
from storage.paging import Page


async def add(db: Writing, *, member_id: int, domain: str) -> bool:
    """Keep a block of a server; False when it is here already. Follows both ways are the caller's to end."""
    added = await db.run(
        "INSERT INTO domain_blocks (member_id, domain) VALUES (:member_id, :domain) ON CONFLICT DO NOTHING",
        member_id=member_id,
        domain=domain,
    )
    return added == 1


async def remove(db: Writing, *, member_id: int, domain: str) -> bool:
    """End a block; False when there was none."""
    removed = await db.run(
        "DELETE FROM domain_blocks WHERE member_id = :member_id AND domain = :domain",
        member_id=member_id,
        domain=domain,
    )
    return removed == 1


async def of(db: Reading, *, member_id: int, domains: Iterable[str]) -> set[str]:
    """Which of ``domains`` the member blocks."""
    rows = await db.rows(
        """
        SELECT domain FROM domain_blocks
        WHERE member_id = :member_id AND domain IN (SELECT value FROM json_each(:domains))
        """,
        member_id=member_id,
        domains=listed(domains),
    )
    return {row["domain"] for row in rows}


async def newest(db: Reading, member_id: int, page: Page) -> list[tuple[int, str]]:
    """The domains a member blocks, newest first, each with the id to page by."""
    rows = await db.rows(
        """
        SELECT id, domain FROM domain_blocks WHERE member_id = :member_id AND id < :before AND id > :after
        """ + (" ORDER BY id LIMIT :limit" if page.rising else " ORDER BY id DESC LIMIT :limit"),
        member_id=member_id, before=page.before, after=page.after, limit=page.limit,
    )  # fmt: skip
    return page.newest_first([(row["id"], row["domain"]) for row in rows])
