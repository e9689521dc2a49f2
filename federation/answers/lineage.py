"""What builds on a post of this node, as other servers read it: by key, only what everyone may see."""

from __future__ import annotations

from federation.documents import collections as documents
from federation.documents import lineage as terms
from federation.site import Document
from storage import lineage, posts
from storage.database import Missing, Reading
from storage.ids import LAST
from storage.lineage import NONE, PARENTS
from storage.paging import Page
from storage.posts import Post

PAGE = 40
NOBODY = 0  # the reader: what everyone may see


async def _parent(db: Reading, post_id: int) -> Post:
    """A post of this node that everyone may see and build on. Raises Missing."""
    found = await posts.by_id(db, post_id, reader_id=NOBODY)
    if found.local is None or found.kind not in PARENTS:
        raise Missing(str(post_id))
    return found


async def spread(db: Reading, post_id: int, place: int | None) -> Document:
    """What builds on a post of ours, newest first, and how much of each there is. Raises Missing."""
    post = await _parent(db, post_id)
    uri = f"{post.uri}/spread"
    if place is None:
        counts = (await lineage.counts(db, [post.id])).get(post.id, NONE)
        counted = terms.counters(counts)
        whole = documents.collection(uri, total=sum(counted.values()), first=f"{uri}?page=0")
        return {**whole, "@context": [whole["@context"], terms.CONTEXT], **counted}
    found = await lineage.children(db, post.id, reader_id=NOBODY, page=Page(before=place or LAST, limit=PAGE))
    shown = await posts.by_ids(db, [one.child_id for one in found])
    items = [shown[one.child_id].uri for one in found if one.child_id in shown and shown[one.child_id].public]
    following = f"{uri}?page={found[-1].child_id}" if len(found) == PAGE else None
    return documents.page(f"{uri}?page={place}", uri, items, following=following)


async def affected(db: Reading, post_id: int, place: int | None) -> Document:
    """How many have the problem of a post of ours, too; who they are is nobody's business. Raises Missing."""
    post = await _parent(db, post_id)
    uri = f"{post.uri}/affected"
    counts = (await lineage.counts(db, [post.id])).get(post.id, NONE)
    if place is None:
        return documents.collection(uri, total=counts.affected, first=f"{uri}?page=0", ordered=False)
    return documents.page(f"{uri}?page={place}", uri, [], following=None, ordered=False)
