"""Contexts of what we say: well-known ones by name, our own terms inline, so that nobody has to fetch anything."""

from __future__ import annotations

from typing import Any

from federation.vocabulary import CONTEXT, DID, MULTIKEY, OURS, SECURITY

_MASTODON = {
    "toot": "http://joinmastodon.org/ns#",
    "sensitive": "as:sensitive",
    "Hashtag": "as:Hashtag",
    "Emoji": "toot:Emoji",
    "blurhash": "toot:blurhash",
    "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
    "votersCount": "toot:votersCount",
}
_OURS: dict[str, Any] = {
    "sw": OURS,
    "prov": "http://www.w3.org/ns/prov#",
    "kind": {"@id": "sw:kind", "@type": "@vocab"},
    "title": "sw:title",
    "topic": {"@id": "sw:topic", "@container": "@set"},
    "setting": {"@id": "sw:setting", "@container": "@set"},
    "situation": "sw:situation",
    "recommendation": "sw:recommendation",
    "harm": "sw:harm",
    "eventKind": "sw:eventKind",
    "contributing": {"@id": "sw:contributing", "@container": "@set"},
    "composite": "sw:composite",
    "strength": "sw:strength",
    "evidence": "sw:evidence",
    "sbar": {"@id": "sw:sbar", "@type": "@json"},
    "problem": "sw:problem",
    "proposal": "sw:proposal",
    "stage": "sw:stage",
    "measureOfSuccess": "sw:measureOfSuccess",
    "cost": "sw:cost",
    "reviewBy": "sw:reviewBy",
    "licence": {"@id": "http://purl.org/dc/terms/license", "@type": "@id"},
}

PLAIN = CONTEXT
NOTE: list[Any] = [CONTEXT, _MASTODON]
STRUCTURED: list[Any] = [CONTEXT, {**_MASTODON, **_OURS}]
ACTOR: list[Any] = [
    CONTEXT,
    SECURITY,
    DID,
    MULTIKEY,
    {
        "toot": "http://joinmastodon.org/ns#",
        "schema": "http://schema.org#",
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "featured": {"@id": "toot:featured", "@type": "@id"},
        "Emoji": "toot:Emoji",
        "attributionDomains": {"@id": "toot:attributionDomains", "@type": "@id"},
        "implements": {"@id": "https://w3id.org/fep/844e/implements", "@type": "@id", "@container": "@list"},
    },
]
