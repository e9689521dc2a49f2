"""What must be in a text for a rule to find anything at all: then one look at a text tells which rules are wanted.

A need is a list of ways to meet it; a way is a list of signs, all of which must be there, the rarest first. Where in a
text they stand is the rule's own business: a need may be met and nothing found, but nothing is found where it is not.
"""

from __future__ import annotations

from dataclasses import dataclass

from node.confidentiality.patterns import Opening
from node.confidentiality.words import FREE

(
    FIGURES,  # four digits that hang together
    TELEPHONE,  # nine digits or more
    POSTAL,  # two digits or more, one of them right after a letter
    DATED,  # figures joined by a sign, or six and more together
    SPOKEN,  # three or more numbers, of which some are words
    RUN,  # figures, or letters that look like them, as they stand in a number of ten or of National Insurance
    CAPITAL,  # a capital letter before what is no ordinary word
    NAMED,  # a word that can be a name, beside another or known as a name
    PLACED,  # a kind of street with a capital letter, another close by
    LETTERS,  # capital letters that could be initials
    AT,  # the sign
    LINK,
) = (1 << place for place in range(FREE, FREE + 12))
FIRST_SIGN = 1 << FREE + 12  # the first bit of signs that are lists of words


@dataclass(frozen=True, slots=True)
class Sign:
    """Something of which one must be there: words with one of some marks (or what is said above of the whole text), one
    of some words, or a word that can begin a pattern with one beside it that can follow. In openings ``0`` stands for
    any number, in figures or a word."""

    marks: int = 0
    words: frozenset[str] = frozenset()
    opens: tuple[Opening, ...] = ()


Need = tuple[tuple[Sign, ...], ...]
