"""Apps: programs that members let act for them."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Missing, Reading, Row, Writing


@dataclass(frozen=True, slots=True)
class App:
    """One registered program."""

    id: int
    client_id: str
    secret: bytes  # SHA-256
    name: str
    website: str
    redirect_uris: str  # JSON: [uri]
    scopes: str
    created: int


COLUMNS = "id, client_id, secret, name, website, redirect_uris, scopes, created"


def _app(row: Row) -> App:
    return App(*row)


async def add(
    db: Writing, *, client_id: str, secret: bytes, name: str, website: str, redirect_uris: str, scopes: str, now: int
) -> App:
    """Keep a new app."""
    row = await db.row(
        """
        INSERT INTO apps (client_id, secret, name, website, redirect_uris, scopes, created)
        VALUES (:client_id, :secret, :name, :website, :redirect_uris, :scopes, :now) RETURNING """
        + COLUMNS,
        client_id=client_id,
        secret=secret,
        name=name,
        website=website,
        redirect_uris=redirect_uris,
        scopes=scopes,
        now=now,
    )
    if row is None:
        raise Missing(client_id)
    return _app(row)


async def by_client_id(db: Reading, client_id: str) -> App:
    """The app that calls itself this. Raises Missing."""
    row = await db.row("SELECT " + COLUMNS + " FROM apps WHERE client_id = :client_id", client_id=client_id)
    if row is None:
        raise Missing("app")
    return _app(row)


async def by_id(db: Reading, app_id: int) -> App:
    """The app of this id. Raises Missing."""
    row = await db.row("SELECT " + COLUMNS + " FROM apps WHERE id = :app_id", app_id=app_id)
    if row is None:
        raise Missing("app")
    return _app(row)


async def names(db: Reading, app_ids: str) -> dict[int, tuple[str, str]]:
    """Name and website of each of these apps; ``app_ids`` as ``database.listed``."""
    rows = await db.rows(
        "SELECT id, name, website FROM apps WHERE id IN (SELECT value FROM json_each(:app_ids))", app_ids=app_ids
    )
    return {row["id"]: (row["name"], row["website"]) for row in rows}


async def prune(db: Writing, *, before: int) -> int:
    """Forget apps made before that nobody ever let in (no code, no token); at most 1,000. How many went."""
    return await db.run(
        """
        DELETE FROM apps WHERE id IN (
            SELECT apps.id FROM apps WHERE apps.created < :before
              AND NOT EXISTS (SELECT 1 FROM tokens WHERE tokens.app_id = apps.id)
              AND NOT EXISTS (SELECT 1 FROM codes WHERE codes.app_id = apps.id)
            ORDER BY apps.id LIMIT 1000)
        """,
        before=before,
    )
