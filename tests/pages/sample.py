"""A node with a little of everything that pages show, written through the node's own code."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

from federation import hiding
from federation.documents import posts as documents
from federation.keeping import keep_post
from node.connecting import collections as recommending
from node.connecting import follows
from node.connecting.collections import Said
from node.sharing import posts as sharing
from node.sharing import reactions
from node.sharing.drafts import Draft
from node.sharing.questions import NewPoll
from storage import actors, collections, highlights, topics
from storage.actors import Actor, ActorKind, Profile
from storage.collections import Item, State
from storage.kinds import Kind
from storage.posts import Post, Visibility
from tests.serving import PASSWORD, Served

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ELSEWHERE = "cwm.example"
SECRET = "zebrafish"  # stands in every text that not everyone may read
LONG = "Heels looked fine from above, and the damage sat on the back where the leg rests on the sheet. " * 12


@dataclass
class Sample:
    """Who is on the node, and what they shared."""

    served: Served
    rosa: Actor
    imelda: Actor
    team: Actor
    alliance: Actor
    remote: Actor
    posts: dict[str, Post] = field(default_factory=dict)
    collection: int = 0  # of the alliance, with the team and the remote account in it
    empty: int = 0  # one that is sensitive, with nobody in it

    def href(self, name: str) -> str:
        """The page of a post."""
        post = self.posts[name]
        author = next(
            one for one in (self.rosa, self.imelda, self.team, self.alliance, self.remote) if one.id == post.author_id
        )
        return f"/@{author.acct}/{post.id}"

    async def share(self, name: str, author: Actor, text: str = "", /, **more: Any) -> Post:
        """One of our members shares something."""
        async with self.served.database.writing() as db:
            made, _ = await sharing.publish(db, self.served.node, author, Draft(text, **more), {})
        assert isinstance(made, Post)
        self.posts[name] = made
        return made

    async def arrives(self, name: str, content: str, /, **more: Any) -> Post:
        """Somebody elsewhere shares something."""
        document = {
            "id": f"{self.remote.uri}/{name}",
            "type": "Note",
            "attributedTo": self.remote.uri,
            "to": [PUBLIC],
            "content": content,
            **more,
        }
        site = self.served.site
        read = documents.read(document, self.remote, now=self.served.node.clock(), limits=site.limits)
        async with self.served.database.writing() as db:
            kept = await keep_post(db, site, self.remote, hiding.judged(site, read))
        assert kept is not None
        self.posts[name] = kept.post
        return kept.post


async def somebody_elsewhere(served: Served, handle: str = "gethin", **more: Any) -> Actor:
    """An actor of another server, as it said it is."""
    uri = f"https://{ELSEWHERE}/users/{handle}"
    profile = Profile(
        uri=uri, kind=ActorKind.PERSON, handle=handle, domain=ELSEWHERE, published=served.node.clock(),
        **{"name": "Gethin Morlais", "url": f"https://{ELSEWHERE}/@{handle}", "inbox": f"{uri}/inbox", **more},
    )  # fmt: skip
    async with served.database.writing() as db:
        id = await actors.add(db, profile, now=served.node.clock())
        assert id is not None
        return await actors.by_id(db, id)


async def recommend(sample: Sample) -> None:
    """The alliance recommends some accounts."""
    node = sample.served.node
    said = Said("Who looks after skin", "People worth reading.", "en", "Heels", sensitive=False, discoverable=True)
    async with sample.served.database.writing() as db:
        made, _ = await recommending.create(db, node, sample.alliance, said, [sample.team.id])
        other = Item(0, made.id, sample.remote.id, State.ACCEPTED, node.clock(), stamp="https://cwm.example/stamp")
        await collections.put(db, other, most=25)
        hidden = replace(said, name="Not for everybody", sensitive=True)
        empty, _ = await recommending.create(db, node, sample.alliance, hidden, [])
    sample.collection, sample.empty = made.id, empty.id


async def furnish(served: Served) -> Sample:
    """Fill a fresh node."""
    sample = Sample(
        served,
        rosa=await served.account("rosa", name="Rosa Quill", note="Healthcare assistant on ward four."),
        imelda=await served.account("imelda", name="Imelda Farrow"),
        team=await served.account("skin_links", kind=ActorKind.GROUP, name="Skin Link Nurses"),
        alliance=await served.account("alliance", kind=ActorKind.ORGANIZATION, name="Northmoor Alliance"),
        remote=await somebody_elsewhere(
            served,
            summary='<p>Community nurse. <a href="https://cwm.example/tags/heels" rel="nofollow">#heels</a></p>',
            fields=json.dumps([{"name": "Place", "value": "Cwm Derwen"}, {"name": "Web", "value": "<b>none</b>"}]),
            their_followers=1412,
        ),
    )
    await _structured(sample)
    await _plain(sample)
    await _remote(sample)
    await _hidden(sample)
    async with served.database.writing() as db:
        await reactions.like(db, served.node, sample.imelda, sample.posts["note"].id)
        await reactions.boost(db, served.node, sample.imelda, sample.posts["note"].id)
        await reactions.pin(db, served.node, sample.rosa, sample.posts["idea"].id)
        await follows.follow(db, served.node, sample.imelda, sample.rosa)
        await topics.say(
            db, "pressure-ulcers", "Most heel damage is seen late.", editor_id=sample.rosa.id, now=served.node.clock()
        )
        for name in ("note", "idea"):
            start = sample.posts[name].id
            await topics.start_with(db, "pressure-ulcers", start, editor_id=sample.rosa.id, now=served.node.clock())
        owner = await actors.by_uri(db, served.site.node_actor)
        await highlights.choose(
            db, owner.id, sample.posts["note"].id, "Every ward has heels.", month="2026-10", editor_id=sample.rosa.id,
            now=served.node.clock(),
        )  # fmt: skip
    await recommend(sample)
    return sample


async def _structured(sample: Sample) -> None:
    rosa = sample.rosa
    await sample.share(
        "note", rosa, "We wrote it on the skin chart. #Heels", kind=Kind.SAFETY_NOTE,
        title="Look under the heel, not just at it", language="en",
        fields={
            "topics": ["pressure-ulcers"], "settings": ["acute-ward"], "harm": "low", "composite": True,
            "situation": "Heels looked fine from above.\n\nIn the dim light of a night round it was easy to miss.",
            "recommendation": "Lift the leg, use a mirror and a torch.", "evidence": "local-experience",
            "strength": "checklist-double-check", "licence": "CC-BY-4.0",
        },
    )  # fmt: skip
    await sample.share(
        "sbar", rosa, kind=Kind.SAFETY_NOTE, title="Two pumps, one socket",
        fields={
            "harm": "near-miss",
            "sbar": {
                "situation": "Two pumps came with one free socket.", "background": "One pump a bed was planned.",
                "assessment": "The second stopped after 40 minutes.", "recommendation": "Say the number at handover.",
            },
        },
    )  # fmt: skip
    await sample.share(
        "idea", rosa, kind=Kind.IDEA, title="A make-up mirror on every skin trolley",
        fields={
            "topics": ["pressure-ulcers"], "stage": "tested", "problem": "The back of the heel is hard to see.",
            "proposal": "Tie a wide mirror to each trolley.", "measure_of_success": "Rounds with the heel written.",
        },
    )  # fmt: skip
    await sample.share(
        "abandoned", sample.team, kind=Kind.IDEA, title="Silent bleeps",
        fields={"stage": "abandoned", "problem": "Bleeps wake everyone."},
    )  # fmt: skip


async def _plain(sample: Sample) -> None:
    rosa, imelda = sample.rosa, sample.imelda
    await sample.share(
        "plain", imelda, "Antenatal class:\n1. Kettle on\n2. Sit down\n\n#Maternity https://example.org/"
    )
    await sample.share("long", sample.team, LONG)
    await sample.share("warned", rosa, "It was deep and healed within three weeks.", summary="Wound in detail")
    await sample.share("welsh", rosa, "Mae'r gyfradd anadlu yn newid.", language="cy")
    await sample.share(
        "poll", rosa, "What is on your skin trolley?",
        poll=NewPoll(["A torch", "A mirror", "Both & a chart"], 24 * 60 * 60, multiple=True),
    )  # fmt: skip
    reply = await sample.share("reply", imelda, "Which torch?", in_reply_to_id=sample.posts["note"].id)
    for depth in range(8):
        author = rosa if depth % 2 == 0 else imelda
        reply = await sample.share(f"deep {depth}", author, f"Level {depth}", in_reply_to_id=reply.id)


async def _remote(sample: Sample) -> None:
    await sample.arrives(
        "mirror",
        "<p>Drych sawdl yn y bag.</p>",
        contentMap={"cy": "<p>Drych sawdl yn y bag.</p>"},
        inReplyTo=sample.posts["note"].uri,
        attachment=[
            {"type": "Document", "mediaType": "image/jpeg", "url": f"https://{ELSEWHERE}/1.jpg", "name": "A mirror"},
            {"type": "Document", "mediaType": "video/mp4", "url": f"https://{ELSEWHERE}/1.mp4", "name": ""},
        ],
    )
    await sample.arrives(
        "blog",
        "<h1>Kitchens</h1><p>Guidelines are written for a bed.</p><h4>Wounds</h4><table><tr><td>1</td></tr></table>",
        type="Article",
        name="Wounds in kitchens",
    )


async def _hidden(sample: Sample) -> None:
    text = f"The {SECRET} #{SECRET}tag"
    await sample.share("private", sample.rosa, text, visibility=Visibility.PRIVATE)
    await sample.share("direct", sample.rosa, f"@imelda {text}", visibility=Visibility.DIRECT)
    await sample.share(
        "private reply", sample.rosa, text, visibility=Visibility.PRIVATE, in_reply_to_id=sample.posts["note"].id
    )


__all__ = ["PASSWORD", "SECRET", "Sample", "furnish", "somebody_elsewhere"]
