"""Cutting a text into what is read and what would tell whose it is."""

import re
import unicodedata
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import lru_cache

from capx.folding import fold
from grandtour.blinding.accounts import ACCOUNT, FINDERS, HOST, URL
from grandtour.blinding.patterns import (
    ALIKE,
    Compiled,
    Phrase,
    composed,
    scripts_of,
    search,
    unseen,
)
from grandtour.blinding.plain import COMMON, WIDER

HIDDEN = "▇▇▇"
# Letters one by one: A d a, A.d.a
SPACED = re.compile(r"(?<!\w)\w(?:[ ._*\u00b7-]{1,2}\w){2,}(?!\w)")
SENTENCE = re.compile(r"[a-z]\.[A-Z][a-z]")  # one ends, and no space follows
# Korean letter by letter, as some systems write it, or syllable by syllable.
KOREAN = re.compile(r"[\u1100-\u11ff]+|.", re.DOTALL)
# What stands before the first word of a sentence.
BEGINS = re.compile(r"(?:^|[.!?\u2026:;\n\r\u00a1\u00bf])[\W_]*$")
LOOKED_BACK = 8
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and whether it is hidden."""

    text: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A text without case and accents, and from where each of its letters came."""

    text: str
    bare: str
    places: list[int]
    ends: list[int]

    def span(self, found: re.Match[str]) -> Span:
        """Give where in the text itself something stands."""
        return self.places[found.start()], self.ends[found.end() - 1]

    def of(self, found: re.Match[str]) -> str:
        """Give what stands there."""
        return self.text[slice(*self.span(found))]

    @property
    def bare_of_capitals(self) -> bool:
        """Say whether nothing in it has a capital."""
        return self.text == self.text.lower()


def pieces(
    text: str, groups: Iterable[Iterable[Phrase]], left_in: Container[str] = ()
) -> list[Piece]:
    """Cut a text where one of these phrases, an e-mail address or an account begins and ends.

    Case, accents, endings and letters nobody sees do not matter; a phrase that is a plain
    word counts only with a capital, or where nothing has one. Phrases come in groups, for
    each of which patterns are written once. `left_in`: what may be read, folded.
    """
    seen = _seen(text)
    found = [*_addresses(seen)]
    for group in groups:
        found += _phrases(seen, frozenset(group))
    cut, at = [], 0
    for start, end in sorted(found, key=lambda one: (one[0], -one[1])):
        begin = max(at, start)
        if end <= at or fold(text[start:end]) in left_in:
            continue
        if begin > at:
            cut.append(Piece(text[at:begin], hidden=False))
        cut.append(Piece(text[begin:end], hidden=True))
        at = end
    return [*cut, Piece(text[at:], hidden=False)] if at < len(text) else cut


def tells(text: str, phrases: Iterable[Phrase]) -> bool:
    """Say whether one of these phrases stands in a text."""
    return any(True for _span in _phrases(_seen(text), frozenset(phrases)))


def blind(text: str, phrases: Iterable[Phrase], left_in: Container[str] = ()) -> str:
    """Give a text with all of that taken out."""
    cut = pieces(text, [phrases], left_in)
    return "".join(HIDDEN if one.hidden else one.text for one in cut)


def _addresses(seen: Seen) -> Iterable[Span]:
    """Find addresses, accounts and numbers, whoever's they are."""
    for kind in FINDERS:
        for found in kind.finditer(seen.bare):
            start, end = seen.span(found)
            if kind is ACCOUNT:
                end = _whole_name(seen.text, end)
            elif kind in {URL, HOST}:
                whole = seen.text[start:end]
                end -= len(whole) - len(whole.rstrip(".,;:!?'"))
            if kind is not HOST or not SENTENCE.search(seen.text[start:end]):
                yield start, end


def _whole_name(text: str, end: int) -> int:
    """Go on to the end of a name of several words: User:Jan Kowalski."""
    further = re.compile(r"[ _](\w[\w'.\u2019-]+)")
    while text[end - 1] not in '.,;:!?)"' and (more := further.match(text, end)):
        if not more[1][0].isupper():
            break
        end = more.end()
    return end


def _phrases(seen: Seen, phrases: frozenset[Phrase]) -> Iterable[Span]:
    """Find phrases, and where they stand in the text itself."""
    wanted = search(phrases, scripts_of(phrases, seen.text))
    for kind, counts in (
        (wanted.sure, _is_no_other),
        (wanted.forms, _stands_out),
        (wanted.letters, _is_letters),
    ):
        yield from (seen.span(one) for one in _find(seen.bare, kind) if counts(seen, one))
    for found in _find(seen.bare, wanted.own):
        whole = found[0] in wanted.names  # nothing is added that makes a common word of it
        if _is_named(seen, found) if whole else _stands_out(seen, found):
            yield seen.span(found)
    for found in _find(seen.bare, wanted.exact):
        words = composed(seen.of(found))
        accented = words != found[0] and _is_named(seen, found)
        if words in wanted.exactly and (accented or _stands_out(seen, found)):
            yield seen.span(found)
    for run in SPACED.finditer(seen.bare):
        if any(True for _one in _find(re.sub(r"[\W_]", "", run[0]), wanted.sure)):
            yield seen.span(run)


def _is_no_other(seen: Seen, found: re.Match[str]) -> bool:
    """Say whether something is no common word, and no part of the name of a continent."""
    parts = (one.span() for one in WIDER.finditer(seen.bare))
    wider = any(a <= found.start() and found.end() <= b for a, b in parts)
    return not wider and found[0] not in COMMON


def _is_named(seen: Seen, found: re.Match[str]) -> bool:
    """Say whether something has a capital, or nothing has one."""
    return seen.bare_of_capitals or _named(seen.of(found))


def _stands_out(seen: Seen, found: re.Match[str]) -> bool:
    """Say whether a capital tells of a name: those of common words do within a sentence."""
    if seen.bare_of_capitals:
        return True
    start, _end = seen.span(found)
    within = not BEGINS.search(seen.text[max(0, start - LOOKED_BACK) : start])
    return _named(seen.of(found)) and (within or found[0] not in COMMON)


def _is_letters(seen: Seen, found: re.Match[str]) -> bool:
    """Say whether letters are capitals, and more than a word of a text in capitals."""
    loud = seen.text.isupper() and " " in seen.text
    return seen.of(found).isupper() and not (loud and found[0] in COMMON)


def _named(found: str) -> bool:
    """Say whether a word begins with a capital, as names do; of letters without, it does."""
    return found[0] == found[0].title()


def _find(bare: str, wanted: Compiled) -> Iterable[re.Match[str]]:
    """Find the longest of these wherever one stands."""
    for one in wanted:
        yield from one.finditer(bare)


def _seen(text: str) -> Seen:
    """Take case and accents off letter by letter, and note where each letter came from."""
    letters: list[str] = []
    places: list[int] = []
    ends: list[int] = []
    for found in KOREAN.finditer(text):
        bare = _bare(found[0])
        if not bare and ends:  # an accent goes with its letter
            ends[-1] = found.end() if unicodedata.combining(found[0][0]) else ends[-1]
        for letter, start, end in _apart(bare, found):
            letters.append(letter)
            places.append(start)
            ends.append(end)
    return Seen(text, "".join(letters), places, ends)


def _apart(bare: str, found: re.Match[str]) -> Iterable[tuple[str, int, int]]:
    """Give each letter of what was written together, and where it stood."""
    start, end = found.span()
    if end - start == 1:
        yield from ((letter, start, end) for letter in bare)
        return
    for letter in bare:
        parts = len(unicodedata.normalize("NFD", letter))
        yield letter, start, start + parts
        start += parts


@lru_cache(maxsize=8192)
def _bare(letter: str) -> str:
    """Give a letter as it is compared; nothing of what is an accent, or not seen."""
    if unicodedata.combining(letter[0]) or unseen(letter[0]):
        return ""
    return (fold(letter) or " ").translate(ALIKE)
