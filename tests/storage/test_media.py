"""Files and their rows: kept together, given to one post, gone with it; and what a crash leaves is swept away."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from storage import attachments, members, pending, posts
from storage.actors import Actor
from storage.attachments import Attachment
from storage.database import Database, Missing, Writing
from storage.media import files
from storage.media.files import File, Role
from storage.media.folder import Folder, new_name
from storage.pending import Pending, Reason
from tests.storage.making import NOW, member, post


async def uploaded(db: Writing, who: Actor, *, now: int = NOW) -> tuple[int, str]:
    """An upload that can be attached: its id and the name of its file."""
    id = await attachments.add_upload(db, actor_id=who.id, media_type="image/png", alt="", focus="", now=now)
    shown = Attachment(id, None, 0, 0, "image/png", f"https://x/{id}", width=1, height=1)
    assert await attachments.show(db, shown)
    name = new_name("png")
    await files.put(db, [File(name, Role.ORIGINAL, 1, attachment_id=id)], now=now)
    return id, name


async def test_of_twenty_posts_one_gets_an_upload(database: Database) -> None:
    async with database.writing() as db:
        who = await member(db)
        id, _ = await uploaded(db, who)
        made = [await post(db, who) for _ in range(20)]

    async def take(post_id: int) -> bool:
        async with database.writing() as db:
            return await attachments.attach(db, [id], actor_id=who.id, post_id=post_id)

    assert sorted(await asyncio.gather(*(take(one.id) for one in made))) == [False] * 19 + [True]


async def test_what_waits_keeps_its_uploads_from_others_and_hands_them_over(database: Database) -> None:
    async with database.writing() as db:
        who = await member(db)
        id, _ = await uploaded(db, who)
        waiting = Pending(7, who.id, Reason.UNDO, NOW, "{}", None, NOW, None)
        await pending.add(db, waiting)
        other, out = await post(db, who), await post(db, who)

        assert await attachments.attach(db, [id], actor_id=who.id, pending_id=7)
        with pytest.raises(Missing):
            await attachments.upload(db, id, actor_id=who.id)
        stolen = await attachments.attach(db, [id], actor_id=who.id, post_id=other.id)
        given = await attachments.attach(db, [id], actor_id=who.id, post_id=out.id, waited_id=7)
        pruned = await attachments.prune(db, before=NOW + 1)

    assert (stolen, given, pruned) == (False, True, 0)


async def test_files_of_what_is_erased_are_loose(database: Database) -> None:
    async with database.writing() as db:
        who = await member(db)
        names = []
        made = await post(db, who)
        id, name = await uploaded(db, who)
        await attachments.attach(db, [id], actor_id=who.id, post_id=made.id)
        names.append(name)
        await pending.add(db, Pending(7, who.id, Reason.UNDO, NOW, "{}", None, NOW, None))
        id, name = await uploaded(db, who)
        await attachments.attach(db, [id], actor_id=who.id, pending_id=7)
        names.append(name)
        await uploaded(db, who)
        assert await files.loose(db, limit=9) == []

        await posts.erase(db, made, now=NOW)
        await pending.take_back(db, 7, author_id=who.id)

        assert sorted(await files.loose(db, limit=9)) == sorted(names)
        await files.forget(db, names)
        assert await files.loose(db, limit=9) == []


async def test_uploads_that_no_post_took_are_pruned_by_their_age(database: Database) -> None:
    async with database.writing() as db:
        who = await member(db)
        old, name = await uploaded(db, who, now=NOW - 10)
        new, _ = await uploaded(db, who)

        assert await attachments.prune(db, before=NOW) == 1
        assert (set(await attachments.uploads(db, [old, new], actor_id=who.id)), await files.loose(db, limit=9)) == (
            {new},
            [name],
        )
        await attachments.erase_uploads_of(db, who.id)
        await members.remove(db, who.id)
        assert await attachments.uploads(db, [new], actor_id=who.id) == {}


def test_a_file_is_in_its_place_whole_or_not_at_all(tmp_path: Path) -> None:
    folder, name = Folder(tmp_path / "media"), new_name("png")
    arrived = folder.arriving()
    arrived.write_bytes(b"half")
    assert folder.there([name]) == set()

    size = folder.keep(arrived, name)

    assert (size, folder.place(name).read_bytes(), arrived.exists()) == (4, b"half", False)
    folder.remove([name, name])
    assert folder.there([name]) == set()


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "a" * 32 + ".svg", "A" * 32 + ".png", "incoming"])
def test_what_is_no_name_of_ours_has_no_place(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        Folder(tmp_path).place(name)


def test_only_what_is_old_is_thought_left_behind(tmp_path: Path) -> None:
    folder, names = Folder(tmp_path), [new_name("png"), new_name("jpg")]
    for name in names:
        arrived = folder.arriving()
        arrived.write_bytes(b"x")
        folder.keep(arrived, name)
    half = folder.arriving()
    half.write_bytes(b"x")
    for path in (folder.place(names[0]), half):
        os.utime(path, (time.time() - 100, time.time() - 100))

    folder.clear_incoming(seconds=50)

    assert [one for some in folder.older(seconds=50) for one in some] == names[:1]
    assert not half.exists()
