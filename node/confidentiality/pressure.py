"""Somebody made to falsify, to keep quiet, or punished for speaking: a guardian's matter (PIDA), not a post's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.needs import Need, Sign
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern, opening

_FORCED = (
    "told|asked|ordered|pressured|pressurised|forced|instructed|made|advised|pushed|bullied|threatened|expected|begged"
    "|makes|tells|asks|orders|forces|instructs"
)
TAMPER = Pattern(
    rf"""(?<!\bwe\s)(?<!\bi\s)\b(?:{_FORCED}|making|want|wants|wanted|encouraged|leaned\s+on|leant\s+on|expects)\s+
    (?:me|us|staff|him|her|them|(?:the|all|our)\s+(?:nurses|staff|juniors?|team|hcas?|students?)|nurses|everyone
    |everybody|juniors)
    \s+(?:all\s+)?(?:(?:to|into|not\s+to|never\s+to|about|that\s+we\s+(?:must
    |should))\s+)?(?P<what>[^.!?\n]{{0,90}})""",
    re.IGNORECASE | re.VERBOSE,
)
PASSIVE = Pattern(
    rf"""\b(?:i|we|staff|nurses|juniors|students|everyone)(?:'ve|\s+have|\s+had)?\s+(?:was|were|been|am|are
    |got)\s+(?:being\s+)?(?:{_FORCED})\s+
    (?:by\s+[\w\s]{{2,30}}\s)?(?:to|not\s+to|into)\s+(?P<what>[^.!?\n]{{0,90}})""",
    re.IGNORECASE | re.VERBOSE,
)
_FALSE = Pattern(
    r"""\b(?:backdat\w*|falsif\w*|forg(?:e|ing)\s+(?:the|a|my|his|her)|fudge\w*|doctor(?:ing)?\s+the
    |cover\s+(?:it\s+|this\s+|things\s+)?up|keep\s+(?:it\s+)?quiet|say\s+nothing|hush|lie\b|lying|downgrade|shred
    |destroy
    |not\s+(?:to\s+)?(?:report|datix|document|record|tell|write|speak|raise|mention)|mak(?:e|ing)\s+up|invent)""",
    re.IGNORECASE | re.VERBOSE,
)
_ALTER = Pattern(
    r"""\b(?:chang|alter|delet|remov|rewrit|amend|edit|sign|hid|adjust|massag|retract|withdraw)(?:e|ing)?\b
    |\b(?:fill(?:ing)?\s+in|tick|tidy\s+up|leave\s+out)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_RECORD = Pattern(
    r"""\b(?:charts?|notes?|times\b|time\s+(?:on|in|of\s+(?:death|arrest|arrival|the\s+(?:dose|fall|call|review)))
    |records|(?:the|his|her|a|their|my)\s+record|consent|obs|observations?|documentation|datix|incidents?|statements?|figures|reports?
    |numbers|logs?|entries|entry|rotas?|data|evidence|timesheets?|checks|signatures?|diagnosis|audit|photos?
    |pictures?|e-?mails?|footage|cctv|recordings?|messages?)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SAY = Pattern(r"\b(?:record|sign|say|write|document|state|put|claim|swear)\b", re.IGNORECASE)
_UNTRUE = Pattern(
    r"""\b(?:did\s?n['o]?t|did\s+not|had\s?n['o]?t|had\s+not|was\s?n['o]?t|was\s+not|is\s?n['o]?t|not\s+true|untrue
    |never|(?:was|were|had\s+been)\s+(?:done|given|checked|offered|seen|told|recorded|there)
    |in\s+my\s+statement)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_BETTER = Pattern(
    r"\b(?:template|design|colour|layout|format|font|dressing|poster|training|easier|clearer|version\s+\d)\b",
    re.IGNORECASE,
)
_NOT = Pattern(r"\bnot\s+to\b", re.IGNORECASE)
_SPEAK = Pattern(
    r"\s*(?:report|datix|document|record|tell|write|speak|raise|mention|escalate|talk|fill"
    r"|(?:put|log|enter)\s+(?:it|this|that|anything))",
    re.IGNORECASE,
)
HUSHED = Pattern(
    r"""\b(?P<hushed>cover(?:ed|ing)?[- ]?up|hush(?:ed|ing)\s+(?:it\s+)?up|swept\s+under|brushed\s+under
      |buried\s+(?:the|my|our)\s+(?:report|datix|investigation|complaint))\b
    |\b(?:i|i'm|am|we|we're)\b[^.!?\n]{0,30}\b(?:scared|afraid|frightened|terrified)\s+(?:to|of)\s+
      (?:report|speak|raise|whistle|tell|what\s+(?:they|will)|losing|my\s+(?:manager|boss|job))
    |\b(?:i|we)(?:'ve|\s+have)?\s+(?:was|were|been|am|got)\s+(?:being\s+)?
      (?:bullied|threatened|victimised|punished|suspended|disciplined|moved|warned|demoted|ostracised|sacked
      |(?:pushed|forced|managed|frozen)\s+out|blamed|isolated)\b[^.!?\n]{0,40}
      \b(?:for|after|because|since|when)\s+(?:i\s+|we\s+)?
      (?:rais\w+|speak\w+|spoke|report\w+|complain\w+|datix\w*|whistle\w*|refus\w+|flag\w+)
    |\b(?:since|after|because|when)\s+(?:i|we)\s+(?:rais\w+|spoke|report\w+|complain\w+|datix\w*|refus\w+|flag\w+
    |whistle\w*)\b
      [^.!?\n]{0,60}\b(?:i|we|i've|we've|nobody|no\s+one|everyone|my|they)\b[^.!?\n]{0,25}
      \b(?:moved|bullied|ignored|suspended|punished|disciplined|speaks?|talks?|demoted|ostracised|warned|threatened
      |sacked)""",
    re.IGNORECASE | re.VERBOSE,
)
_AUTHORITY = Pattern(
    r"""\b(?:manager|matron|boss|management|trust|consultant|sister|director|chief|exec\w*|seniors?|lead|ward|they
    |hospital
    |charge\s+nurse|owner)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SURVEY = Pattern(r"\b(?:survey|said\s+they|of\s+staff|per\s*cent|wound|blanket)|%", re.IGNORECASE)
GAGGED = Pattern(
    r"""\b(?:tell|report\w*|speak|raise)\b[^.!?\n]{0,60}\blose\s+my\s+(?:job|post|registration)\b
    |\b(?:lose|losing|lost|risk(?:ing)?|fear\s+for)\s+my\s+(?:job|post|career|registration|placement
    |visa)\b[^.!?\n]{0,60}
      \b(?:report\w*|raise|speak|incident|datix\w*|whistle\w*|complain\w*|form|tell)
    |\b(?:i|we)\b[^.!?\n]{0,25}\btold\b[^.!?\n]{0,40}\b(?:must\s?n'?t|must\s+not|should\s?n'?t|should\s+not|not\s+to
    |never|don't)
      \s+(?:hear|know|see|find\s+out|be\s+told|talk|ask)
    |\b(?:figures|numbers|lists?|data|records?|audits?|returns|times|logs?|stats|rotas?|breaches)\b[^.!?\n]{0,30}
      \b(?:fiddled|massaged|cooked|manipulated|faked|falsified|doctored|made\s+up|forged|tampered
      |altered\s+afterwards)
    |\b(?:fiddl\w+|massag\w+|cook\w*|manipulat\w+|fak\w+|doctor\w+|forg\w+)\s+(?:the|our|their|his
    |her)\s+(?:\w+\s+){0,2}
      (?:figures|numbers|lists?|data|records?|audits?|returns|books|times|notes|obs)
    |\b(?:consultant|manager|matron|doctor|nurse|sister|registrar|they|he|she|someone|somebody)\s+(?:has\s+|have\s+
    |had\s+)?
      (?:altered|changed|rewrote|rewritten|falsified|backdated|deleted|shredded|hid|removed|destroyed)\s+
      (?:the|his|her|their|my|our)\s+(?:\w+\s+)?(?:notes|charts?|records?|entries|entry|datix|statement|obs)\b
      [^.!?\n]{0,40}\b(?:after|before|saw|once|when)
    |\bthreaten\w*\b[^.!?\n]{0,60}\b(?:if|for|because)\s+(?:i|we)\s+(?:report|speak|spoke|raise|complain|datix)
    |\b(?:deleted|removed|rewrote|altered|changed|downgraded|shredded)\s+(?:my|our)\s+
      (?:incident|datix|report|statement|entry|complaint)
    |\b(?:manager|matron|boss|director|consultant|trust|management)\b[^.!?\n]{0,40}\b(?:threaten\w+|warned)\s+(?:me
    |us)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_FORCES = _FORCED.replace("|", " ") + " making want wants wanted encouraged expects"
_FORCING = listed(f"{_FORCES} leaned leant")  # one of these stands in every match of the first two
TAMPERING = opening(
    f"""
    {_FORCES}: me us staff him her them the all our nurses everyone everybody juniors
    leaned leant: on
    """
)
BEING = opening(
    """
    i we staff nurses juniors students everyone: have had was were been am are got
    i've we've staff've nurses've juniors've students've everyone've: was were been am are got
    """
)
HUSH = opening(
    """
    cover covered covering: up
    hushed hushing: it up
    swept brushed: under
    buried: the my our
    since after because when: i we
    i i'm i'd i've i'll we we're we'd we've we'll am coverup coveredup coveringup
    """
)
GAG = opening(
    """
    lose losing lost risk risking: my
    fear: for
    deleted removed rewrote altered changed downgraded shredded: my our
    nurse sister registrar they he she someone somebody: has have had altered changed rewrote rewritten falsified
    nurse sister registrar they he she someone somebody: backdated deleted shredded hid removed destroyed
    doctor consultant manager matron boss director trust management
    tell speak raise i i'm i'd i've i'll we we're we'd we've we'll
    figures numbers list lists data record records audit audits returns times log logs stats rota rotas breaches
    report~ fiddl~ massag~ cook~ manipulat~ fak~ doctor~ forg~ threaten~
    """
)
_HUSHING = listed(
    """
    cover covered covering coverup hushed hushing swept brushed buried scared afraid frightened terrified bullied
    threatened victimised punished suspended disciplined moved warned demoted ostracised sacked since after because
    when
    """
)
_GAGGING = listed(
    """
    downgraded changed rewrote rewritten backdated deleted shredded hid removed destroyed lose losing lost risk
    risking fear told fiddled fiddling massaged massaging cooked cooking manipulated manipulating faked faking
    falsified doctored doctoring made forged forging tampered altered threatened threatening threatens warned
    """
)
_LOST = opening("lose losing lost risk risking: my\nfear: for\nmade: up\naltered: afterwards\nthreaten~")
_ALTERED = listed(
    "altered changed rewrote rewritten falsified backdated deleted shredded hid removed destroyed downgraded"
)
_PAPERS = opening("note~ chart~ record~ entry~ entries~ datix~ statement~ obs~ incident~ report~ complaint~")
_FALSIFIED = listed(
    """
    fiddled fiddling massaged massaging cooked cooking manipulated manipulating faked faking falsified doctored
    doctoring forged forging tampered warned
    """
)
_FALSIFIES = opening("fiddl~ massag~ cook~ manipulat~ fak~ doctor~ forg~")
_FIGURES = opening("figures~ numbers~ list~ data~ record~ audit~ returns~ books~ times~ notes~ obs~")
_HEARD = opening("hear~ know~ see~ find~ talk~ ask~ be")
_RAISED = opening("rais~ speak~ spoke~ report~ complain~ datix~ refus~ flag~ whistle~")
_HUSHED = listed(
    "cover covered covering coverup coveredup coveringup hushed hushing swept brushed buried scared afraid frightened"
    " terrified"
)
NEED: Need = (
    (Sign(words=_FORCING), Sign(opens=(TAMPERING, BEING))),
    (Sign(words=_FALSIFIED, opens=(_LOST,)), Sign(opens=(GAG,))),
    (Sign(opens=(_FALSIFIES,)), Sign(words=_GAGGING), Sign(opens=(_FIGURES,))),
    (Sign(words=_ALTERED), Sign(opens=(_PAPERS,)), Sign(opens=(GAG,))),
    (Sign(words=frozenset(["told"])), Sign(opens=(_HEARD,)), Sign(opens=(GAG,))),
    (Sign(words=_HUSHED), Sign(opens=(HUSH,))),
    (Sign(opens=(_RAISED,)), Sign(opens=(HUSH,)), Sign(words=listed("for since after because when"))),
)


def find(read: Passage) -> Iterator[Finding]:
    """Pressure on those who would say what happened."""
    text, words = read.text, read.vocabulary
    if not _FORCING.isdisjoint(words):
        for pattern, opens in ((TAMPER, TAMPERING), (PASSIVE, BEING)):
            for match in read.opened(pattern, opens):
                if _falsifies(match["what"], match[0]):
                    yield _finding(match)
    if not _GAGGING.isdisjoint(words):
        yield from (_finding(match) for match in read.opened(GAGGED, GAG))
    if not _HUSHING.isdisjoint(words):
        for match in read.opened(HUSHED, HUSH):
            around = text[max(0, match.start() - 120) : match.end() + 80]
            above = match["hushed"] is None or _AUTHORITY.search(around)
            if above and not _SURVEY.search(around):
                yield _finding(match)


def _finding(match: re.Match[str]) -> Finding:
    return Finding(match.start(), match.end(), Kind.WHISTLEBLOWING, Verdict.HOLD)


def _falsifies(what: str, whole: str) -> bool:
    """Whether what somebody was told to do is to falsify a record or to keep silent."""
    if _BETTER.search(what):
        return False
    if _SAY.search(what) and _UNTRUE.search(what):
        return True
    if _FALSE.search(what) or (_NOT.search(whole) and _SPEAK.match(what)):
        return True
    altered = _ALTER.search(what)
    return bool(altered and altered.start() < 25 and _RECORD.search(what))
