"""What must go to people at once and not to a network: harm that is going on now, and suspicions of abuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from node.confidentiality.findings import Finding, Kind, Verdict
from node.confidentiality.lists import listed
from node.confidentiality.needs import Need, Sign
from node.confidentiality.passage import Passage
from node.confidentiality.patterns import Pattern, opening
from node.confidentiality.words import EVENT, FIGURE, NUMBER, OWNER, PATIENT, PRONOUN

AROUND, AFTER = 160, 200  # characters before and after a cry that are read with it
MOST = 400  # places of a text that are looked at
STEP = 30  # characters after which a text is looked at again: what is nearer reads the same
LIVE = 3.5  # what a cry, a question, somebody and a harm come to
NOW = Pattern(
    r"""\b(?P<strong>right\s+now|in\s+front\s+of\s+(?:me|us)|is\s+(?:still\s+)?(?:running|going\s+in|going\s+through)
      |(?:my|our|the|this)\s+(?:patient|pt|baby|lady|gent|child)\s+is\s+\w+ing|not\s+breathing|can'?t\s+(?:breathe
      |feel|move|wake)|won'?t\s+(?:wake|stop|come\s+out)|ideas\s+(?:please|pls)|please\s+now|now(?=\s*\?)
      |crash\s+(?:call|team)\s+now(?=\W*\Z|\s*[!?,]|\s+(?:pls|plz|please|bay|bed|ward|room|resus|theatre|sr|in|on)\b)
      |as\s+we\s+speak|as\s+i\s+type|happening\s+now|currently|just\s+now
      |(?:at\s+)?this\s+(?:very\s+)?(?:moment|minute|second)
      |(?:room|ward|bay|bed|him|her|pt|patient|us|theatre|ed|resus|here|floor|kit|unit|corridor|home)\s+now
      |still\s+(?:bleeding|fitting|seizing|unresponsive|unconscious|arresting|choking))\b
    |\b(?P<ask>what\s+(?:do|should)\s+(?:i|we)\s+(?:do|give|use|say)|what\s+else\s+(?:can|do|should)\s+(?:i|we)\s+(?:do|give|use|try)|who\s+do\s+i\s+(?:call|ring|tell|phone))\b
    |\b(?P<done>i(?:'ve|\s+have)?\s+(?:just\s+)?(?:given|gave|put|injected|connected|hung|pushed))\b
    |\b(?P<just>just\s+(?:given|gave|had|been|pulled|injected|administered|swallowed|taken|took|collapsed|stopped
    |arrested|come
      |found|started|connected|noticed|realised|drawn|flushed|fallen|dropped|put|hung|drunk|eaten|cut|woken|crushed
      |plugged
      |ran|run))\b
    |\b(?P<cry>help\b(?!\s+(?:us|to|with\s+your|the|you|your|people|staff|patients|line|desk|needed))
      |quick(?:ly)?\b(?=\s*[!,]|\s+(?:how|what|who|is|please))|urgent(?:ly)?\b(?:\s+(?:advice|help|please|pls
      |question))?|asap\b
      |anyone\s+(?:awake|around|there|online|about)\b|emergency\b\s*[!:]|please\s+(?:answer|reply)\s+(?:now|quick\w*
      |asap))""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKED = Pattern(
    r"""\b(?:which\s+\w+|what\s+(?:do|should|is|shall|dose|can|now)|how\s+(?:much|do|long|fast|many)|who\s+(?:do|should
    |can)|do\s+(?:i|we)
    |should\s+(?:i|we)|can\s+(?:i|we|someone|anyone|somebody)|is\s+(?:it|this)|anyone\s+(?:know|there|here|around
    |awake|on)
    |advice|ideas|no\s+(?:reg|doctor|one|senior|cons\w*|medic\w*)|nobody|can't\s+(?:get|find|reach)
    |(?:isn'?t|won'?t)\s+answer(?:ing)?|not\s+(?:picking\s+up|answering|responding))\b|\?""",
    re.IGNORECASE | re.VERBOSE,
)
_HARM = Pattern(
    r"""\b(?:\d+(?:\.\d+)?\s?(?:mg|mcg|micrograms?|mls?|units?|g|mmol)\b|overdose|bleed(?:ing)?|not\s+(?:breathing
    |feeding|waking|responding)|gr[ea]y\b|floppy|unresponsive
    |wrong\s+(?:\w+\s+){0,2}(?:drops|tablets?|medicine|injection|insulin|feed|milk|vaccine|drug|dose|patient|blood|side|route|infusion|rate|bag|tube|line|port|end|arm|baby|pump|unit|lady|man
    |woman|child|person|gent|resident|bed)
    |crash\s+(?:call|team)|arrest(?:ing|ed)?|seizing|fitting|anaphyla\w*|choking|desatur\w*|sats?\s+(?:are\s+|is\s+|of\s+)?(?:dropping
    |falling|\d\d)
    |potassium|blue\b|can'?t\s+feel|unconscious|reversal|antidote|naloxone|cord|air\s+in\s+(?:the|his|her)\s+line
    |extravasat\w*
    |blood\s+pressure|bp\s+(?:is\s+)?\d|gcs|insulin|opioid|morphine|intrathecal|ten\s+times|10x|pulse|heparin|hypo
    |haemorrhag\w*|suicid\w*|ligature|hang(?:ing|ed)|jump|by\s+mistake|(?:hr|pulse)\s+(?:is\s+)?\d|digoxin
    |doses\s+of|too\s+much
    |trach\w*|pulled\s+out|fallen\s+out|come\s+out|drain\b|double\s+dose|swollen|rash|after\s+the\s+(?:first|second
    |last)\s+dose|airway|litres|collapsed|instead\s+of)""",
    re.IGNORECASE | re.VERBOSE,
)
_HARMS = opening(
    """
    crash not grey gray wrong sat sats blue can't cant air blood bp ten hr by doses too pulled fallen come drain double
    after instead
    overdose~ bleed~ floppy~ unresponsive~ arrest~ seizing~ fitting~ anaphyla~ choking~ desatur~ potassium~
    unconscious~ reversal~ antidote~ naloxone~ cord~ extravasat~ gcs~ insulin~ opioid~ morphine~ intrathecal~ pulse~
    heparin~ hypo~ haemorrhag~ suicid~ ligature~ hang~ jump~ digoxin~ swollen~ rash~ airway~ litres~ collapsed~ trach~
    """
)
_SOMEBODY = Pattern(
    r"""\b(?:patient|pt|pts|pt's|child|baby|man|woman|lady|gent|gentleman|resident|he|she|her|him|his|mum|mother|kid|boy
    |girl
    |toddler|infant|client)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_GOING = Pattern(
    r"""\b(?:still|is|are|he's|she's)\s+\w+ing\b|\bso\s+far\b|\b\d+\s*mls?\s+in\b|\bsats?\s+\d\d\b|\bno\s+(?:pulse
    |output|iv\s+access|airway)\b
    |\bswollen\b|\bgone\s+(?:grey|blue|floppy|stiff)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_HERE = Pattern(
    r"\b(?:bay|bed|ward|resus|theatre|room|sr|cubicle)\s\d{1,2}\b[^.]{0,20}\b(?:pls|plz|please|help|no)\b",
    re.IGNORECASE,
)
_IDLE = Pattern(r"just\s+(?:had|been|come|found|started|noticed|realised|read)", re.IGNORECASE)
_GAVE = Pattern(r"\b(?:gave|given|giving|injected|pushed|hung|connected|took|swallowed)\b", re.IGNORECASE)
_FIRST = Pattern(r"\bi(?:'ve|\s+have|\s+think|\s+just|\s+gave)\b", re.IGNORECASE)
_PAST = Pattern(
    r"""\b(?:last\s+(?:year|month)|years?\s+ago|scenario|simulat\w*|drill|training|teaching|practise|practice\s+card
    |exercise|audit
    |when\s+a|your\s+first|we\s+(?:now|learned|learnt)|learning|example)\b""",
    re.IGNORECASE | re.VERBOSE,
)
CRIES = opening(
    """
    right happening: now
    in: front
    is: still running going
    my our the: patient pt baby lady gent child
    this: patient pt baby lady gent child very moment minute second
    at: this
    not: breathing
    can't cant: breathe feel move wake
    won't wont: wake stop come
    ideas: please pls
    please: now answer reply
    as: we i
    room ward bay bed him her pt patient us theatre ed resus here floor kit unit corridor home: now
    still: bleeding fitting seizing unresponsive unconscious arresting choking
    what who: do should
    what: else
    crash: call team
    i i've: just have given gave put injected connected hung pushed
    just: now given gave had been pulled injected administered swallowed taken took collapsed stopped arrested come
    just: found started connected noticed realised drawn flushed fallen dropped put hung drunk eaten cut woken crushed
    just: plugged ran run
    anyone: awake around there online about
    now currently help quick quickly urgent urgently asap emergency
    """
)
HURT = Pattern(
    r"""\b(?:finger[\s-]?(?:tip|shaped|mark)\w*|hand[\s-]?(?:print|shaped)\w*|bruis\w+|black\s+eye|cigarette\s+(?:burns?
    |ends?|marks?)|burn\s+marks?
    |slap\w*|hits?\s+(?:her|him|me|them)|won'?t\s+let\s+(?:her|him|them)|punch\w*|kick\w*|grabbed|lock(?:s
    |ed)\s+(?:in|her|him|them)
    |(?:second|third|fourth|another|repeated)\s+(?:\w+\s+)?(?:fracture|injury|burn|head\s+injury)
    |(?:losing|lost|missing|taking|took|takes|steal\w*|stolen)\s+(?:\w+\s+){0,2}(?:money|cash|jewellery|pension)
    |bank\s+card
    |tied\s+to|restrained|force[\s-]?fed|underweight|malnourished|starv\w+|neglect\w*|dirty\s+(?:clothes|nappy|sheets)
    |unwashed|soiled|flinch\w*|(?:scared|afraid|frightened|terrified)\s+of|sexual\w*|touched\s+(?:her|him|me|them)
    |raped
    |assault\w*|abus\w+|fgm|cutting|forced\s+marriage|exploit\w*|trafficked|controlling|coerc\w*|threaten\w*
    |cuts\s+(?:all|on|up|down|along)|answers\s+(?:every\w*\s+)?(?:\w+\s+)?for\s+(?:her|him)|wet\s+(?:clothes|bed|pad)
    |lost\s+\d+\s*(?:kg|stone)|always\s+(?:hungry|wet|dirty|alone)|not\s+allowed\s+to|left\s+alone\s+(?:all|for)
    |self[- ]?harm\w*
    |comes?\s+into\s+(?:her|his)\s+bed|old\s+(?:\w+\s+)?fractures?|can'?t\s+explain|no\s+explanation|red\s+raw
    |goes\s+quiet
    |sedat(?:ed|es|ing)|begged\s+(?:me|us)\s+not|doses?\s+(?:her|him)\s+up|pregnant\s+at|unexplained
    |disclos\w+|marks\s+on|belt\s+marks?|strangl\w*)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_BY = Pattern(
    r"""\b(?:carers?|husband|wife|partner|boyfriend|son|daughter|stepfather|stepdad|mum|mother|father|dad|uncle|home
    |staff|worker
    |family|relative|agency|twin|parents?|boss|foster\w*|neighbour|minder|brother|sister)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_GRAVE = Pattern(r"lock|hits|rape|sexual|cigarette|black\s+eye|belt|tied|slap|into\s+\w+\s+bed", re.IGNORECASE)
_TEACHES = Pattern(
    r"""\b(?:level\s+\d|training|policy|recognis\w+|signs\s+(?:of|include)|how\s+(?:to|do\s+we)|course|module|guidance
    |guideline
    |awareness|if\s+(?:you|a|an|someone)|leaflet|poster|pathway|learning\s+event|tool|prevention|webinar|session
    |senile\s+purpura|audit|statistics|act\s+\d{4}|cannula\w*|anticoag\w*|blood\s+thinner|venepuncture
    |injection\s+sites?)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ONE = Pattern(
    r"""\b(?:(?:a|an|the|our|my|this|one|another)\s+(?:[\w\-]+\s+){0,3}(?:resident|patient|pt|child|girl|boy|baby
    |toddler|teenager
      |woman|man|lady|gentleman|client|pupil|infant|twin|teen|mum|service\s+user)
    |resident|pt|lady|she|he|her|his|him|child|girl|boy|claf)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_RECENT = listed(
    """
    ago since now this overnight far tonight today
    """
)
_SIGNS_OF_HURT = """
    black: eye
    cigarette: burn burns end ends mark marks
    burn belt: mark marks
    hit hits touched: her him me them
    won't wont: let
    locks locked: in her him them
    second third fourth another repeated losing lost missing taking took takes stolen answers old self
    bank: card
    tied: to
    force: fed
    dirty: clothes nappy sheets
    scared afraid frightened terrified: of
    forced: marriage
    cuts: all on up down along
    wet: clothes bed pad
    always: hungry wet dirty alone
    not: allowed
    left: alone
    come comes: into
    can't cant: explain
    no: explanation
    red: raw
    goes: quiet
    begged: me us
    dose doses: her him
    pregnant: at
    marks: on
    restrained forcefed underweight malnourished unwashed soiled raped fgm cutting trafficked controlling unexplained
    grabbed
    bruis~ slap~ punch~ kick~ steal~ starv~ neglect~ flinch~ sexual~ assault~ abus~ exploit~ coerc~
    threaten~ self~ sedat~ disclos~ strangl~
    """
HURTS = opening(f"{_SIGNS_OF_HURT} finger~ hand~")  # finger marks, hand-shaped
_SHAPED = Sign(opens=(opening("tip~ shaped~ mark~ print~ fingert~ fingers~ fingerm~ handp~ hands~"),))
LOST = Pattern(
    r"""\b(?:left|walked\s+(?:out|off)|wandered\s+(?:out|off)|gone|missing|absconded|last\s+seen|slipped\s+out)\b[^.!?\n]{0,60}?
    \b(?:(?:an?|half\s+an|\d+|two|ten|twenty|thirty|forty)\s(?:\w+\s)?(?:hours?|minutes?|mins?)\s+ago|since\s+(?:\d|this
    |last|break|lunch|tea|hand)|just\s+now|this\s+(?:morning|afternoon|evening))""",
    re.IGNORECASE | re.VERBOSE,
)  # left the ward half an hour ago
LOSING = opening(
    """
    walked wandered: out off
    last: seen
    slipped: out
    left gone missing absconded
    """
)
_SOUGHT = Pattern(
    r"\b(?:security|police|search(?:ing|ed)?|looking|keep\s+an\s+eye|please\s+share|if\s+you\s+see|has\s+anyone\s+seen|wearing)\b",
    re.IGNORECASE,
)
OUTBREAK = Pattern(
    r"""\b(?:norovirus|norwalk|rotavirus|covid|influenza|flu|c\.?\s?diff(?:icile)?|measles|scabies|cpe|mrsa|vre|legionella|d\s?&\s?v
    |diarrhoea|outbreak)\b[^.!?\n]{0,50}?\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve)\s(?:\w+\s)?(?:patients?|pts|residents?
    |cases|staff|babies)\b[^!?\n]{0,60}?\b(?:since\s+(?:last|yesterday|this|monday|tuesday|wednesday|thursday|friday|saturday
    |sunday)|overnight|so\s+far|right\s+now|tonight|today)\b""",
    re.IGNORECASE | re.VERBOSE,
)  # Norovirus: 6 patients and 3 staff since last night
SPREADING = opening(
    """
    d: v
    c: diff difficile
    norovirus norwalk rotavirus covid influenza flu cdiff measles scabies cpe mrsa vre legionella diarrhoea outbreak
    cdifficile
    """
)
_CLOSED = Pattern(r"\b(?:ward|unit|bay|home|floor|here|lodge|house|court)\b|\bclosed\b", re.IGNORECASE)
_NOT_NOW = Pattern(
    r"""\b(?:if\s+(?:an?|your|the|somebody|someone|two|one)|whenever|when\s+an?|plans?|policy|card|checklist|jabs?|jabbed
    |vaccin\w+|boosters?|immunis\w+)\b""",
    re.IGNORECASE | re.VERBOSE,
)  # what is to be done, and who is protected


NEED: Need = (
    (Sign(opens=(LOSING,)), Sign(PATIENT), Sign(words=_RECENT)),
    (Sign(opens=(SPREADING,)), Sign(FIGURE | NUMBER, words=frozenset(["twelve"])), Sign(words=_RECENT)),
    (Sign(opens=(CRIES,)), Sign(opens=(_HARMS, opening("0: mg mcg microgram micrograms ml mls unit units g mmol x")))),
    (Sign(opens=(opening(_SIGNS_OF_HURT),)), Sign(PATIENT | EVENT | PRONOUN | OWNER)),
    (_SHAPED, Sign(opens=(opening("finger~ hand~"),)), Sign(PATIENT | EVENT | PRONOUN | OWNER)),
)


def find(read: Passage) -> Iterator[Finding]:
    """Harm going on now, and suspicions of abuse: at most one of each."""
    yield from _live(read)
    yield from _going_on(read)
    if read.seen & (PATIENT | EVENT | PRONOUN | OWNER):
        yield from _abuse(read)


def _live(read: Passage) -> Iterator[Finding]:
    text = read.text
    done = 0
    for match in islice(read.opened(NOW, CRIES), MOST):
        if match.start() < done:
            continue
        done = match.end() + STEP
        first, end = read.whole(match.start() - AROUND, match.end() + AFTER)
        around = text[read.starts[first] : read.starts[end] if end < len(read.words) else len(text)]
        if read.within(_HARM, _HARMS, first, end) and not _PAST.search(around) and _urgency(match, around) >= LIVE:
            yield Finding(match.start(), match.end(), Kind.LIVE_INCIDENT, Verdict.HOLD)
            return


def _going_on(read: Passage) -> Iterator[Finding]:
    """Somebody who is being looked for, and an outbreak that has not ended."""
    text = read.text
    if read.seen & PATIENT:
        for match in islice(read.opened(LOST, LOSING), MOST):
            around = text[max(0, match.start() - AROUND) : match.end() + AFTER]
            if _SOUGHT.search(around) and _SOMEBODY.search(around) and not _elsewhere(around):
                yield Finding(*match.span(), Kind.LIVE_INCIDENT, Verdict.HOLD)
                return
    for match in islice(read.opened(OUTBREAK, SPREADING), MOST):
        around = text[max(0, match.start() - AROUND) : match.end() + AFTER]
        if _CLOSED.search(around) and not _elsewhere(around):
            yield Finding(*match.span(), Kind.LIVE_INCIDENT, Verdict.HOLD)
            return


def _elsewhere(around: str) -> bool:
    """Whether something is told of another time, or of any time."""
    return bool(_PAST.search(around) or _NOT_NOW.search(around))


def _urgency(match: re.Match[str], around: str) -> float:
    asked = bool(_ASKED.search(around))
    cried = match["cry"] and (match["cry"].isupper() or "!" in around)
    score = 2.0 if match["strong"] else 1.0 if _IDLE.search(match[0]) else 1.5
    score += asked + bool(_GOING.search(around)) + bool(_SOMEBODY.search(around))
    score += asked and bool(_FIRST.search(around))
    score += bool(_HERE.search(around)) + 1.5 * match[0].lower().startswith("crash")
    score += bool(match["ask"]) and " else " in match[0].lower()
    score += bool(match["cry"] and _GAVE.search(around))
    return score + bool(cried or "!!" in around or "??" in around)


def _abuse(read: Passage) -> Iterator[Finding]:
    text = read.text
    done = 0
    for match in islice(read.opened(HURT, HURTS), MOST):
        if match.start() < done:
            continue
        done = match.end() + STEP
        low = max(0, match.start() - 140)
        around = text[low : match.end() + 140]
        one = _ONE.search(around)
        if one and (_BY.search(around) or _GRAVE.search(match[0])) and not _TEACHES.search(around):
            yield Finding(min(low + one.start(), match.start()), match.end(), Kind.SAFEGUARDING, Verdict.HOLD)
            return
