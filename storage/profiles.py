"""What members of this node say of themselves: the part of an actor that is theirs to write."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Writing


@dataclass(frozen=True, slots=True)
class Description:
    """What a member says of themselves."""

    name: str
    summary: str
    summary_source: str
    fields: str = "[]"
    emojis: str = "[]"
    locked: int | None = None
    discoverable: int | None = None
    indexable: int | None = None
    icon_alt: str = ""
    header_alt: str = ""
    attribution_domains: str = "[]"


async def describe(db: Writing, actor_id: int, said: Description) -> None:
    """Keep what a member says of themselves."""
    await db.run(
        """
        UPDATE actors SET name = :name, summary = :summary, summary_source = :summary_source, fields = :fields,
            emojis = :emojis, locked = :locked, discoverable = :discoverable, indexable = :indexable,
            icon_alt = :icon_alt, header_alt = :header_alt, attribution_domains = :attribution_domains,
            changed = changed + 1
        WHERE id = :actor_id AND domain = ''
        """,
        actor_id=actor_id,
        **{name: getattr(said, name) for name in Description.__slots__},
    )


async def show(db: Writing, actor_id: int, *, icon: str | None, header: str | None) -> None:
    """Keep which pictures a member shows; "": none, None: as before. What the old ones showed is said no longer."""
    await db.run(
        """
        UPDATE actors SET icon = COALESCE(:icon, icon), header = COALESCE(:header, header),
            icon_alt = CASE WHEN CAST(:icon AS TEXT) IS NULL THEN icon_alt ELSE '' END,
            header_alt = CASE WHEN CAST(:header AS TEXT) IS NULL THEN header_alt ELSE '' END, changed = changed + 1
        WHERE id = :actor_id AND domain = ''
        """,
        actor_id=actor_id,
        icon=icon,
        header=header,
    )


async def alias(db: Writing, actor_id: int, also_known_as: str) -> None:
    """Keep under which other accounts (JSON: [uri]) a member is known."""
    await db.run(
        "UPDATE actors SET also_known_as = :uris, changed = changed + 1 WHERE id = :actor_id AND domain = ''",
        uris=also_known_as,
        actor_id=actor_id,
    )
