"""Hiding in a text whose it is: names, addresses and places, however they are written."""

import re
import unicodedata
from collections.abc import Container, Iterable
from dataclasses import dataclass

from capx.folding import fold

HIDDEN = "▇▇▇"
# A name may take an ending: Brückners, Polens, Wikimedię.
ENDING = 3
ENDS_FROM = 4  # letters of a word that takes one
STEM_FROM = 6  # letters of a word whose last vowel may change
SHORT = 4  # letters of a name that is likely to be a word as well
EMAIL = re.compile(r"[^\s<>@,;]+@[^\s<>@,;]+\.\w+")
ACCOUNT = re.compile(r"(?i)(?:https?://\S*?/)?\b(?:user|usuario|benutzer(?:in)?|مستخدم)[:_]\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and whether it is hidden."""

    text: str
    hidden: bool


def pieces(text: str, phrases: Iterable[str], left_in: Container[str] = ()) -> list[Piece]:
    """Cut a text where one of these phrases, an e-mail address or an account begins and ends.

    Case, accents and endings do not matter, but a short word counts only with a capital: Mark
    is somebody, mark is a word. `left_in`: what may be read, folded.
    """
    found = sorted([*_addresses(text), *_phrases(text, phrases)])
    cut, at = [], 0
    for start, end in found:
        begin = max(at, start)
        if end <= at or fold(text[start:end]) in left_in:
            continue
        if begin > at:
            cut.append(Piece(text[at:begin], hidden=False))
        cut.append(Piece(text[begin:end], hidden=True))
        at = end
    return [*cut, Piece(text[at:], hidden=False)] if at < len(text) else cut


def blind(text: str, phrases: Iterable[str], left_in: Container[str] = ()) -> str:
    """Give a text with all of that taken out."""
    cut = pieces(text, phrases, left_in)
    return "".join(HIDDEN if one.hidden else one.text for one in cut)


def _addresses(text: str) -> list[tuple[int, int]]:
    """Find e-mail addresses and accounts of wikis, whoever's they are."""
    return [found.span() for kind in (EMAIL, ACCOUNT) for found in kind.finditer(text)]


def _phrases(text: str, phrases: Iterable[str]) -> list[tuple[int, int]]:
    """Find phrases in a text without its accents, and where they stand in the text itself."""
    wanted = {fold(phrase) for phrase in phrases} - {""}
    if not wanted:
        return []
    either = "|".join(_pattern(one) for one in sorted(wanted, key=len, reverse=True))
    bare, places = _bare(text)
    spans = [
        (places[one.start()], places[one.end() - 1] + 1)
        for one in re.finditer(rf"(?<!\w)(?:{either})(?!\w)", bare)
    ]
    return [span for span in spans if _counts(text[slice(*span)])]


def _counts(found: str) -> bool:
    """Say whether what was found is more than a short word of the language."""
    return len(found) > SHORT or found[0] == found[0].upper()


def _pattern(folded: str) -> str:
    """Write a pattern for a phrase: any space or underscore between its words, any ending."""
    words = re.split(r"[\s_]+", folded)
    if len(words[-1]) >= STEM_FROM and words[-1][-1] in "aeiouy":
        words[-1] = words[-1][:-1]  # Warszawa, Warszawie; Ukraina, Ukrainian
    ending = rf"\w{{0,{ENDING}}}" if len(words[-1]) >= ENDS_FROM and words[-1].isalpha() else ""
    return r"(?:[\s_+-]|%20)+".join(map(re.escape, words)) + ending


def _bare(text: str) -> tuple[str, list[int]]:
    """Take case and accents off letter by letter, and note where each letter came from."""
    letters, places = [], []
    for place, letter in enumerate(text):
        if unicodedata.combining(letter):
            continue
        for bare in fold(letter) or " ":
            letters.append(bare)
            places.append(place)
    return "".join(letters), places
