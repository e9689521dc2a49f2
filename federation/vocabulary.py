"""The words of ActivityStreams 2.0 and of the extensions we speak: https://www.w3.org/TR/activitystreams-vocabulary/"""

from __future__ import annotations

CONTEXT = "https://www.w3.org/ns/activitystreams"
PUBLIC = CONTEXT + "#Public"
PUBLIC_NAMES = frozenset({PUBLIC, "as:Public", "Public"})  # AP 5.6 and what JSON-LD compaction makes of it
SECURITY = "https://w3id.org/security/v1"
DID = "https://www.w3.org/ns/did/v1"
MULTIKEY = "https://w3id.org/security/multikey/v1"
OURS = "https://w3id.org/sharewell/ns#"
ACTIVITY_JSON = "application/activity+json"
LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
ACTOR_TYPES = frozenset({"Person", "Group", "Organization", "Application", "Service"})
