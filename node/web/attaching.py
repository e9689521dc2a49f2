"""Pictures, or a film or sound, that come with a form, and stay when the form has to be shown again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from node.context import Node
from node.errors import Invalid
from node.forms.uploading import chosen
from node.requests import Params, flag, identifier, text, texts
from node.sharing import uploads
from node.sharing.uploads import EACH
from storage import attachments
from storage.actors import Actor
from storage.attachments import Attachment

SLOTS = tuple(f"picture{number}" for number in range(1, EACH + 1))  # fields for a file, each with its ``alt``


@dataclass(frozen=True, slots=True)
class Attached:
    """The uploads of a form in their order; what is wrong with those that could not be taken, and their words."""

    kept: list[Attachment] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    @property
    def ids(self) -> list[int]:
        """As a draft names them."""
        return [one.id for one in self.kept]


async def attached(node: Node, me: Actor, values: Params, files: Mapping[str, Path]) -> Attached:
    """Keep what came, beside what came before with the same form and was not left out. Raises TooMany."""
    kept, refused = await _before(node, me, values)
    failed: list[tuple[str, str]] = []
    sent = await asyncio.to_thread(chosen, files)
    for name in [name for name in SLOTS if name in sent][: EACH - len(kept)]:
        said = text(values, _alt(name))
        try:
            id, _ = await uploads.take(node, me.id, sent[name], uploads.description(said, ""), at_once=True)
        except Invalid as error:
            failed.append((said, str(error)))
        else:
            async with node.database.reading() as db:  # a film that takes long has nothing to show yet
                kept.append(await attachments.upload(db, id, actor_id=me.id))
    # The fields for files that are shown again follow those that are kept.
    places = list(zip(SLOTS[len(kept) :], failed, strict=False))
    wrong = refused | {place: error for place, (_, error) in places}
    return Attached(kept, wrong, {_alt(place): said for place, (said, _) in places})


async def _before(node: Node, me: Actor, values: Params) -> tuple[list[Attachment], dict[str, str]]:
    """Those with the words that were typed for them, and what is wrong with these: they are shown, not kept."""
    ids = [identifier(one) for one in texts(values, "media")][:EACH]
    ids = [one for one in ids if not flag(values, f"drop-{one}")]
    async with node.database.reading() as db:
        mine = await attachments.uploads(db, ids, actor_id=me.id)
    found: list[Attachment] = []
    wrong: dict[str, str] = {}
    for id in ids:
        one = mine.get(id)
        if one is None or one.post_id is not None or one.pending_id is not None:
            continue
        alt = text(values, f"alt-{id}")
        changed = alt != one.alt and f"alt-{id}" in values
        try:
            one = await uploads.describe(node, me.id, id, alt=alt, focus=None, thumbnail=None) if changed else one
        except Invalid as error:
            one, wrong[f"alt-{id}"] = replace(one, alt=alt), str(error)
        found.append(one)
    return found, wrong


def _alt(slot: str) -> str:
    return slot.replace("picture", "alt")
