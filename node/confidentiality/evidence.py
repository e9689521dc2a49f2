"""What a few sentences are evidence of, taken together: which features they have, once or more than once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from node.confidentiality.lists import listed
from node.confidentiality.passage import Passage
from node.confidentiality.phrases import FOLLOWED
from node.confidentiality.tellings import BITS, FEATURES, WORDS

LONGEST = 40  # words after which a sentence without an end is cut
TOGETHER = 3  # sentences that are read as one
_DERIVED = (
    "the person",
    "a person",
    "the role",
    "own kin",
    "question",
    "aged",
    "cry",
    "named role",
    "haste",
    "perfect",
)
NAMES = (*FEATURES, *_DERIVED)
BIT = {name: 1 << place for place, name in enumerate(NAMES)}
_THE = listed("the our my this that his her same certain your")
_A = listed("a an one another")
_WHOSE = listed("his her my their the our patient's")
_BEING = listed("is are am he's she's i'm we're they're he she it isn't aren't keeps")
_HAVING = listed("has have i've we've they've he's she's he she hasn't haven't")
_NOT_DOING = listed(
    "nothing something anything everything thing morning evening king during training meeting nursing learning"
)
_GRADES = listed("f fy st ct band b")
_PERSON, _ROLE, _KIN = BITS["person"], BITS["role"], BITS["kin"]
LONG, FEWEST = 2000, 4  # words of a text that says nothing if so few of its different ones are evidence
_BACK = 4  # words before a person or a role in which an article is theirs


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the words ``first`` to ``last`` have: ``once`` and ``twice`` are features or-ed together."""

    first: int
    last: int
    once: int
    twice: int

    def joined(self, other: Evidence) -> Evidence:
        """Both together."""
        twice = self.twice | other.twice | (self.once & other.once)
        return Evidence(self.first, other.last, self.once | other.once, twice)


def find(read: Passage) -> Iterator[Evidence]:
    """The evidence of each stretch of a text, up to three sentences long; stretches overlap."""
    if len(read.words) > LONG and sum(1 for word in read.vocabulary if word in WORDS) < FEWEST:
        return
    before: list[Evidence] = []
    for one in _sentences(read):
        before.append(one)
        joined = before[0]
        for further in before[1:]:
            joined = joined.joined(further)
        yield joined
        if len(before) == TOGETHER:
            before.pop(0)


def _sentences(read: Passage) -> Iterator[Evidence]:
    words, sentences = read.words, read.sentences
    lookup = WORDS.get
    first = once = twice = 0
    for place, word in enumerate(words):
        if place and (sentences[place] != sentences[place - 1] or place - first >= LONGEST):
            yield Evidence(first, place - 1, once | _signs(read, first, place), twice)
            first, once, twice = place, 0, 0
        bits = lookup(word, 0)
        if bits & (_PERSON | _ROLE | _KIN):
            bits |= _whose(words, first, place, bits)
        if place + 1 < len(words):
            bits |= _with_next(word, words[place + 1])
        twice |= once & bits
        once |= bits
    yield Evidence(first, len(words) - 1, once | _signs(read, first, len(words)), twice)


def _with_next(word: str, following: str) -> int:
    """What two words say together: *right now*, *is slipping*, *ST5*."""
    found = 0
    pairs = FOLLOWED.get(word)
    if pairs:
        found = pairs.get(following, 0)
    if word in _BEING and following.endswith("ing") and following not in _NOT_DOING:
        found |= BIT["now"]
    if word in _HAVING and following.endswith(("ed", "en")):
        found |= BIT["perfect"]
    if word in _GRADES and "0" <= following[0] <= "9":
        found |= BIT["role"] | BIT["the role"]
    return found


def _whose(words: list[str], first: int, place: int, bits: int) -> int:
    """Whether *the* person is meant or *a* person, and whose relative."""
    found = 0
    before = words[max(first, place - _BACK) : place]
    the, a = not _THE.isdisjoint(before), not _A.isdisjoint(before)
    if bits & _PERSON:
        found |= BIT["the person"] * the | BIT["a person"] * a
    if bits & _ROLE:
        found |= BIT["the role"] * the
        if words[place] in ("dr", "nurse", "sister", "doctor", "prof") and place + 1 < len(words):
            found |= BIT["named role"] * (len(words[place + 1]) == 1 or words[place + 1] not in WORDS)
    if bits & _KIN and not _WHOSE.isdisjoint(before):
        found |= BIT["own kin"]
    return found


def _signs(read: Passage, first: int, end: int) -> int:
    """What signs say: a question, a cry, ``78F``."""
    last = read.starts[end] if end < len(read.starts) else len(read.text)
    text = read.text[read.starts[first] : last]
    found = BIT["haste"] * (text[:1].islower() or text.rstrip()[-1:].isalnum())
    found |= BIT["question"] * ("?" in text) | BIT["cry"] * ("!" in text or "??" in text)
    if read.digits:
        found |= BIT["aged"] * any(_aged(read, place) for place in range(first, end - 1))
    return found


def _aged(read: Passage, place: int) -> bool:
    """``78F``, ``78 yo``."""
    if not "0" <= read.words[place][0] <= "9" or len(read.words[place]) > 2:
        return False
    return read.words[place + 1] in ("f", "m", "yo", "yr", "yrs", "year", "years", "y")
