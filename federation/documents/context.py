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
_GTS: dict[str, Any] = {
    "gts": "https://gotosocial.org/ns#",
    "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
    "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
    "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
    "manualApproval": {"@id": "gts:manualApproval", "@type": "@id"},
}
_FEP_044F = "https://w3id.org/fep/044f#"
_QUOTES: dict[str, Any] = {
    "quote": {"@id": f"{_FEP_044F}quote", "@type": "@id"},
    "quoteAuthorization": {"@id": f"{_FEP_044F}quoteAuthorization", "@type": "@id"},
    "quoteUri": "http://fedibird.com/ns#quoteUri",
    "quoteUrl": "as:quoteUrl",
    "_misskey_quote": "https://misskey-hub.net/ns#_misskey_quote",
}
_AUTHORIZATION: dict[str, Any] = {
    "gts": "https://gotosocial.org/ns#",
    "QuoteAuthorization": f"{_FEP_044F}QuoteAuthorization",
    "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
    "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
}
_FEP_7AA9 = "https://w3id.org/fep/7aa9#"
_CONSENT: dict[str, Any] = {
    **{name: _GTS[name] for name in ("gts", "interactionPolicy", "automaticApproval", "manualApproval")},
    "canFeature": {"@id": f"{_FEP_7AA9}canFeature", "@type": "@id"},
    "featuredCollections": {"@id": f"{_FEP_7AA9}featuredCollections", "@type": "@id"},
}
_FEATURING: dict[str, Any] = {
    "toot": "http://joinmastodon.org/ns#",
    "Hashtag": "as:Hashtag",
    "sensitive": "as:sensitive",
    "discoverable": "toot:discoverable",
    **{name: f"{_FEP_7AA9}{name}" for name in ("FeaturedCollection", "FeaturedItem", "featuredObjectType")},
    **{
        name: {"@id": f"{_FEP_7AA9}{name}", "@type": "@id"}
        for name in ("featuredObject", "featureAuthorization", "topic")
    },
}
_FEATURE_AUTHORIZATION: dict[str, Any] = {
    **{name: one for name, one in _AUTHORIZATION.items() if name != "QuoteAuthorization"},
    "FeatureAuthorization": f"{_FEP_7AA9}FeatureAuthorization",
}
_FEP_8A8E = "https://w3id.org/fep/8a8e/"
_SUMMARIES: dict[str, Any] = {
    "themes": {"@id": "sw:themes", "@type": "@json"},
    "did": "sw:did",
    "here": "sw:here",
    "elsewhere": "sw:elsewhere",
}
_EVENTS: dict[str, Any] = {
    "recording": "sw:recording",
    **{name: f"{_FEP_8A8E}{name}" for name in ("timezone", "joinMode", "eventStatus", "attendees", "VirtualLocation")},
    "maximumAttendeeCapacity": "http://schema.org/maximumAttendeeCapacity",
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
    "measures": {"@id": "sw:measures", "@container": "@list"},
    "points": {"@id": "sw:points", "@type": "@json"},
    "reviewBy": "sw:reviewBy",
    "supersededBy": {"@id": "sw:supersededBy", "@type": "@id"},
    "teaser": "sw:teaser",
    "aim": "sw:aim",
    "baseline": "sw:baseline",
    "drivers": {"@id": "sw:drivers", "@type": "@json"},
    "changes": {"@id": "sw:changes", "@container": "@list"},
    "pdsa": {"@id": "sw:pdsa", "@type": "@json"},
    "didNotWork": "sw:didNotWork",
    "advice": "sw:advice",
    "equity": "sw:equity",
    "wouldNotTravel": "sw:wouldNotTravel",
    "description": "sw:description",
    "resourceKind": "sw:resourceKind",
    "minutes": "sw:minutes",
    "via": "sw:via",
    "issuer": "sw:issuer",
    "tip": "sw:tip",
    "details": "sw:details",
    "acceptedAnswer": {"@id": "sw:acceptedAnswer", "@type": "@id"},
    "captions": "sw:captions",
    "transcript": "sw:transcript",
    "whom": "sw:whom",
    "deed": "sw:deed",
    "outcome": "sw:outcome",
    "whatChanged": "sw:whatChanged",
    "result": "sw:result",
    "reason": "sw:reason",
    "derivedFrom": {"@id": "prov:wasDerivedFrom", "@type": "@id"},
    "question": "sw:question",
    "until": "sw:until",
    "challenge": {"@id": "sw:challenge", "@type": "@id"},
    "sameProblem": {"@id": "sw:sameProblem", "@type": "@id", "@container": "@set"},
    "spread": {"@id": "sw:spread", "@type": "@id"},
    "affected": {"@id": "sw:affected", "@type": "@id"},
    "mentoring": {"@id": "sw:mentoring", "@type": "@json"},
    "correction": "sw:correction",
    "withdrawn": "sw:withdrawn",
    "byGuardian": "sw:byGuardian",
    "inPlace": {"@id": "sw:inPlace", "@type": "@json"},
    "licence": {"@id": "http://purl.org/dc/terms/license", "@type": "@id"},
}

_PAIRING: dict[str, Any] = {
    "sw": OURS,
    "kind": {"@id": "sw:kind", "@type": "@vocab"},
    "day": "sw:day",
    "mentoringOffer": {"@id": "sw:mentoringOffer", "@type": "@id"},
    "mentoringRequest": {"@id": "sw:mentoringRequest", "@type": "@id"},
}

PLAIN = CONTEXT
MEASURE: list[Any] = [CONTEXT, {"sw": OURS}]
PAIRING: list[Any] = [CONTEXT, _PAIRING]
NOTE: list[Any] = [CONTEXT, {**_MASTODON, **_GTS}]
STRUCTURED: list[Any] = [CONTEXT, {**_MASTODON, **_GTS, **_OURS}]
EVENT: list[Any] = [CONTEXT, {**_MASTODON, **_GTS, **_OURS, **_EVENTS}]
SUMMARY: list[Any] = [CONTEXT, {**_MASTODON, **_GTS, **_OURS, **_SUMMARIES}]
QUOTING_NOTE: list[Any] = [CONTEXT, {**_MASTODON, **_GTS, **_QUOTES}]
_WHOLE = {**_OURS, **_EVENTS, **_SUMMARIES}
QUOTING: list[Any] = [CONTEXT, {**_MASTODON, **_GTS, **_QUOTES, **_WHOLE}]  # whatever a post of ours may say
QUOTE_REQUEST: list[Any] = [
    CONTEXT, {**_MASTODON, **_GTS, **_QUOTES, **_WHOLE, "QuoteRequest": f"{_FEP_044F}QuoteRequest"},
]  # fmt: skip
QUOTE_ANSWER: list[Any] = [CONTEXT, {"QuoteRequest": f"{_FEP_044F}QuoteRequest"}]
QUOTE_AUTHORIZATION: list[Any] = [CONTEXT, _AUTHORIZATION]
FEATURING: list[Any] = [CONTEXT, _FEATURING]
FEATURE_REQUEST: list[Any] = [CONTEXT, {"FeatureRequest": f"{_FEP_7AA9}FeatureRequest"}]
FEATURE_AUTHORIZATION: list[Any] = [CONTEXT, _FEATURE_AUTHORIZATION]
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
        **{name: {"@id": f"as:{name}", "@type": "@id"} for name in ("alsoKnownAs", "movedTo")},
        **_CONSENT,
        "sw": OURS,
        "topic": {"@id": "sw:topic", "@container": "@set"},
        "setting": {"@id": "sw:setting", "@container": "@set"},
        "role": "sw:role",
        "region": "sw:region",
        "sharedMeasures": {"@id": "sw:sharedMeasures", "@type": "@id"},
        "implements": {"@id": "https://w3id.org/fep/844e/implements", "@type": "@id", "@container": "@list"},
    },
]
