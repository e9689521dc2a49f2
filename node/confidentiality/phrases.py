"""Two words that say together what neither says alone; parted by bars, by what they are evidence of."""

from __future__ import annotations

from node.confidentiality.tellings import BITS

PAIRS = {
    "now": """
        right now|as i|as we|what now|am i|this minute|this moment|just now|so far|in front|minutes ago|not
        coming|not breathing|is on|are on|is bleeding|i think|been going|is running|has run|has
        stopped|still no|already in|as we|here alone|alone with|can't find|cant find|cannot find|is
        out|won't stop|won't wake|keeps bleeping|he's gone|she's gone|not picking|at the|do we|do i|should i
    """,
    "ask": """
        what now|what do|what should|who do|what can|do i|should i|can anyone|can someone|can somebody|any
        ideas|any advice|please help|help me|where is|how do
    """,
    "unanswered": """
        nobody senior|no one|no reg|no doctor|no answer|isn't coming|aren't coming|not coming|haven't
        come|havent come|hasn't come|won't answer|not answering|not working|can't reach|can't get|cant
        get|on hold|my own|our own|picking up|is stuck|no signal|gone home|at home|no help|can't come|cannot
        come|won't come|hours away|only nurse|only one|on hold|no bleep|phones down
    """,
    "known": """
        know who|know which|knows who|knows which|know her|know his|knows her|knows him|knows his|know
        him|all know|her name|his name|typical of|guess who|a certain|you'll know|we know|no names|naming
        no|not naming
    """,
    "rare": """
        front page|the papers|the news|local paper|guide dog|one leg|one arm|one eye|glass eye|the only|the
        last|the first|can't be|not many|record for|in the|spider's web|only one|one of|years old|known
        as|fell off|bitten by|bite from|kicked by|gored by|trampled by|struck by|speaks only|his pet|her
        pet|their pet|the man|the woman|the one|the lad|the lady|programme about|made a|foot four|foot
        five|foot six|foot seven|fell on|in labour|gave birth|was born|last year|her own|his own|used
        to|years ago|who ran|who won|who keeps|who rowed|who swam|who wrote|who sings|who plays|remember
        her|remember him|swallowed a|by a|from a|with a|into a|under a|lives in|lives on|lived in|lived on
    """,
    "moment": """
        last night|this morning|this afternoon|last week|last month|that night|that day|that shift|one
        night|small hours|early hours|on nights|the other|at teatime|bank holiday|on the|last summer|last
        winter|last spring|last autumn|the night|the morning|early monday|bonfire night|new year's|christmas
        eve|in may|in june|in july|in august|at nine|at ten|at three|at four|the weekend
    """,
    "here": """
        our ward|our unit|our hospital|our place|our trust|our village|our town|our home|side room|this
        county|this town|our car|our assessment|our department|our surgery|our practice|our clinic|our
        theatre|our labour
    """,
    "fault": """
        went home|walked off|walked out|on her|on his|in advance|for years|wrote nothing|did nothing|said
        nothing|never looked|never came|never checked|never examined|didn't look|didn't check|didn't
        come|didn't examine|can't be|couldn't find|made up|rolled her|rolled his|not fit|third time|three
        of|too busy|gone home|sent home|don't care|doesn't care|hung up|put the|turned off|switched
        off|hands out|turned off|hasn't done|hasn't been|hasn't seen|hasn't set|not seen|signs off|out
        of|making a|a fuss|laughed at|for a|every time|as usual|never on|on facebook|no gloves|went for|gone
        for|so that|told a|told her|told him|shut up|get over|too old|stop making|stop crying|another one|no
        idea|has form|who never|with no|by text|the opposite|away by|shift had|told us
    """,
    "punish": """
        not be|no longer|be working|my shifts|my job|my career|my registration|lose my|lost my|sit
        with|speak to|talks to|talk to|speaks to|on leave|given nights|my contract|my manager|my
        placement|been moved|to resign|managed out|pushed out|watch my|my visa|my back|nobody will|be
        careful|team player|turned on|about my|my attitude|my visa|a meeting|the door|days later|next
        day|weeks later|since then|my hours|my bank|the rota|sick leave|off sick|a letter|final warning|my
        pass|for my|under investigation|my appraisal|my reference|my probation|depends on
    """,
    "hide": """
        keep quiet|told not|not to|out loud|got rid|went missing|gone missing|made up|look better|look
        good|before the|leave out|left out|take out|off the|say it|say nothing|under the|different
        version|two sets|second set|not what|real figures|real numbers|true figures|one for|two
        versions|leave the|leave it|not the|i wrote|my name|my signature|asked to|told what|to say|sign
        it|sign an|natural causes|death certificate|waiting list|off the|the inspectors|the
        inspection|before inspection|cleaned up|tidied up|don't exist|doesn't exist|never happened|didn't
        happen|on purpose|go quietly|us to|leave out|left out|made a
    """,
    "speak": """
        spoke up|speak up|speaking up|spoken up|filled in|blew the|put in|wrote to|went to|incident
        form|incident report|said something|raised it|stood up|handed in|asked questions|exit
        interview|asked why|asked about|wrote a|told the|emailed the|rang the|went public|told them|told
        my|told hr|told matron|told cqc|i wrote|i asked|i emailed|i told|i went
    """,
    "sign": """
        third time|second time|looks at|does all|all the|won't let|doesn't let|not allowed|no shoes|any
        shoes|bank card|black eye|old injuries|lost weight|comes in|frightened of|scared of|afraid of|when
        he|when she|her money|his money|power of|say anything|to tell|to say|down to|pad marks|same
        clothes|every time|each time|not safe|two breaks|weeks old|months old|the room|her purse|his
        purse|her phone|older man|long sleeves|go home|going home|her mouth|in cash|her name|speaks
        for|talks for|answers for|will not|would not|won't leave|not leave|her arm|his arm|the
        explanation|story changed|the story|story keeps|keeps changing|runs out|prefers it|ties him|ties
        her|different car|the shape|nothing happened|alone with
    """,
    "general": """
        per cent|people who|patients who|people with|patients with|those who|how many|how often|such as|for
        example|in general|of our|of all|of the|out of|at least|more than|less than|no one|does anyone|has
        anyone|do you|signs of|tend to|a patient|a person|a nurse|a doctor|an old|when a|if a|if you|if the
    """,
}  # fmt: skip


def _pairs() -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for name, pairs in PAIRS.items():
        for pair in " ".join(pairs.split()).split("|"):
            first, second = pair.split()
            found[first, second] = found.get((first, second), 0) | BITS[name]
    return found


FOLLOWED = _pairs()
