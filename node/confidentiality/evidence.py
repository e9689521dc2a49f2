"""What a few sentences are evidence of, taken together: which features they have, once or more than once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator

from node.confidentiality.lists import listed
from node.confidentiality.passage import Passage
from node.confidentiality.tellings import BITS, FEATURES, WORDS
from node.confidentiality.words import FIGURE

LONGEST = 40  # words after which a sentence without an end is cut
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
_HASTE, _QUESTION, _CRY, _AGED = BIT["haste"], BIT["question"], BIT["cry"], BIT["aged"]
_MANY = len(NAMES)
ALL = (1 << len(NAMES)) - 1  # what a word says itself; above that, how it is to be read with others
_SHAPED, _OWNED = (1 << len(NAMES) + place for place in range(2))
_JOINED = _SHAPED | _OWNED
_TOLD = ALL | _JOINED


def known() -> dict[str, int]:
    """Words, with what each is evidence of and how it is to be read with others."""
    found = dict(WORDS)
    for word in _BEING | _HAVING | _GRADES:
        found[word] = found.get(word, 0) | _SHAPED
    return {word: bits | _OWNED if bits & (_PERSON | _ROLE | _KIN) else bits for word, bits in found.items()}


LONG, FEWEST = 2000, 4  # words of a text that says nothing if so few of its different ones are evidence
_BACK = 4  # words before a person or a role in which an article is theirs


Stretch = tuple[int, int, int]  # from which word to which, and what they have


def find(read: Passage) -> Iterator[Stretch]:
    """The evidence of each stretch of a text, at most three sentences long; stretches overlap.

    Features that are there more than once are told again, in as many bits above.
    """
    if len(read.words) > LONG and sum(1 for word in read.vocabulary if word in WORDS) < FEWEST:
        return
    begun, seen, again = 0, 0, 0  # the two sentences before, as one
    begin, one, one_again = 0, 0, 0  # the one before
    for first, last, once, twice in _sentences(read):
        yield begun, last, seen | once | (again | twice | (seen & once)) << _MANY
        if first:
            begun, seen, again = begin, one | once, one_again | twice | (one & once)
        else:
            seen, again = once, twice
        begin, one, one_again = first, once, twice


def possible(text: str, words: list[str], marks: list[int], seen: int) -> int:
    """What any sentences of a text could have at most, by all its words together."""
    found = seen & ALL | _HASTE
    for place, bits in enumerate(marks):
        if bits & _JOINED:
            found |= _joined(words, 0, place, bits)
    if "?" in text:
        found |= _QUESTION | _CRY
    if "!" in text:
        found |= _CRY
    return found | _AGED if seen & FIGURE else found


def _joined(words: list[str], first: int, place: int, bits: int) -> int:
    """What a word says together with others of its sentence, which begins at ``first``."""
    found = _whose(words, first, place, bits) if bits & _OWNED else 0
    if bits & _SHAPED and place + 1 < len(words):
        found |= _with_next(words[place], words[place + 1])
    return found


def _sentences(read: Passage) -> Iterator[tuple[int, int, int, int]]:
    """From which word to which, and what is there once and twice."""
    words = read.words
    signs = _signs(read)
    told = [mark & _TOLD for mark in read.marks]
    for place, pair in enumerate(read.pairs):
        if pair:
            told[place] |= pair & ALL
    for first, end in _stretches(read.sentences):
        once = twice = 0
        for place, bits in enumerate(told[first:end], first):
            if bits:
                if bits > ALL:  # it may say more together with another
                    bits = (bits | _joined(words, first, place, bits)) & ALL
                twice |= once & bits
                once |= bits
        yield first, end - 1, once | signs(first, end), twice


def _stretches(sentences: list[int]) -> Iterator[tuple[int, int]]:
    """Each sentence, or a part of one that has no end: its first word, and the first that is not its own."""
    first = 0
    while first < len(sentences):
        end = bisect_right(sentences, sentences[first], first, min(len(sentences), first + LONGEST))
        yield first, end
        first = end


def _with_next(word: str, following: str) -> int:
    """What a word says with one of some shape: *is slipping*, *has started*, *ST5*."""
    found = 0
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


def _signs(read: Passage) -> Callable[[int, int], int]:
    """Asks what signs between two words say: a question, a cry, ``78F``."""
    text, starts, ends = read.text, read.starts, read.ends
    asked, cried = "?" in text, "!" in text or "??" in text
    ages = [place for place in read.figures if _aged(read, place)]

    def signs(first: int, end: int) -> int:
        start, last = starts[first], starts[end] if end < len(starts) else len(text)
        found = 0
        if text[start].islower() or not text[ends[end - 1] : last].strip():
            found = _HASTE
        if asked and text.find("?", start, last) >= 0:
            found |= _QUESTION
        if cried and (text.find("!", start, last) >= 0 or text.find("??", start, last) >= 0):
            found |= _CRY
        if ages and bisect_left(ages, first) < bisect_left(ages, end - 1):
            found |= _AGED
        return found

    return signs


def _aged(read: Passage, place: int) -> bool:
    """``78F``, ``78 yo``."""
    if len(read.words[place]) > 2 or place + 1 == len(read.words):
        return False
    return read.words[place + 1] in ("f", "m", "yo", "yr", "yrs", "year", "years", "y")
