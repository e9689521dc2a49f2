"""Who may put an account into a collection of recommended accounts. No I/O."""

from __future__ import annotations

from enum import StrEnum

from storage.actors import Actor


class Verdict(StrEnum):
    """Whether somebody may put an account into a collection; the words of the Mastodon API."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"  # they may ask
    UNKNOWN = "unknown"  # it has rules that we do not know
    DENIED = "denied"
    MISSING = "missing"  # its server knows nothing of collections, so that nobody was asked


# A policy is "automatic/manual": on each side the words of FeatureApproval with blanks between, for those who may put
# the account into a collection of theirs, and those who may ask. "": none was ever said.
NOBODY = "/"


def policy_of(actor: Actor) -> str:
    """Who may put an account into a collection. Of ours: nobody where they do not want to be found, of those who let
    their followers in by hand these followers, else everybody."""
    if not actor.here:
        return actor.feature_policy
    if actor.discoverable is None:
        return NOBODY
    return "followers/" if actor.locked is not None else "public/"


def parts(policy: str) -> tuple[list[str], list[str]]:
    """Who may put the account into a collection, and who may ask."""
    automatic, _, manual = policy.partition("/")
    return automatic.split(), manual.split()


def verdict(policy: str, *, mine: bool = False, follows: bool = False, followed: bool = False) -> Verdict:
    """What a policy says to its own account, to who follows it, and whom it follows."""
    if mine:
        return Verdict.AUTOMATIC
    if not policy:
        return Verdict.MISSING
    automatic, manual = parts(policy)
    for words, found in ((automatic, Verdict.AUTOMATIC), (manual, Verdict.MANUAL)):
        if "public" in words or ("followers" in words and follows) or ("following" in words and followed):
            return found
    known = {"public", "followers", "following"}
    return Verdict.UNKNOWN if {*automatic, *manual} - known else Verdict.DENIED
