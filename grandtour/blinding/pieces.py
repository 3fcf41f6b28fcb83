"""Cutting a text into what is read and what would tell whose it is."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from urllib.parse import quote

from capx.folding import fold
from grandtour.blinding.accounts import ACCOUNT, FINDERS
from grandtour.blinding.plain import PLAIN

HIDDEN = "▇▇▇"
# A name may take an ending: Adas, Brückners, Polens, Wikimedię, polskiego.
SHORT, LONG = 4, 6  # letters from which on an ending may be longer
STEM_FROM = 6  # letters of a word whose last vowel may change
# Letters that are not seen, and letters of scripts that write without spaces.
UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0]"
)
CLOSE = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
# What Arabic and Hebrew write in one word with a name: and, in, to, from, the.
JOINED = {
    "arab": (
        re.compile(r"[\u0600-\u06ff]"),
        "[\u0648\u0641\u0628\u0644\u0643]{0,2}(?:\u0627\u0644)?",
    ),
    "hebr": (
        re.compile(r"[\u0590-\u05ff]"),
        "[\u05d5\u05d1\u05dc\u05de\u05d4\u05e9\u05db]{0,3}",
    ),
}
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and whether it is hidden."""

    text: str
    hidden: bool


def pieces(text: str, phrases: Iterable[str], left_in: Container[str] = ()) -> list[Piece]:
    """Cut a text where one of these phrases, an e-mail address or an account begins and ends.

    Case, accents, endings and letters nobody sees do not matter; a phrase that is a plain
    word counts only with a capital, or where nothing has one. `left_in`: what may be read,
    folded.
    """
    seen, places = _bare(text)
    found = sorted([*_addresses(text, seen, places), *_phrases(text, seen, places, phrases)])
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


def tells(text: str, phrases: Iterable[str]) -> bool:
    """Say whether one of these phrases stands in a text."""
    return any(True for _span in _phrases(text, *_bare(text), phrases))


def blind(text: str, phrases: Iterable[str], left_in: Container[str] = ()) -> str:
    """Give a text with all of that taken out."""
    cut = pieces(text, phrases, left_in)
    return "".join(HIDDEN if one.hidden else one.text for one in cut)


def _addresses(text: str, seen: str, places: list[int]) -> Iterable[Span]:
    """Find e-mail addresses and accounts of wikis, whoever's they are."""
    for kind in FINDERS:
        for found in kind.finditer(seen):
            start, end = _span(found, places)
            yield start, _whole_name(text, end) if kind is ACCOUNT else end


def _whole_name(text: str, end: int) -> int:
    """Go on to the end of a name of several words: User:Jan Kowalski."""
    further = re.compile(r"[ _](\w[\w'.\u2019-]+)")
    while text[end - 1] not in '.,;:!?)"' and (more := further.match(text, end)):
        if not more[1][0].isupper():
            break
        end = more.end()
    return end


def _phrases(text: str, seen: str, places: list[int], phrases: Iterable[str]) -> Iterable[Span]:
    """Find phrases, and where they stand in the text itself."""
    wanted = {fold(_visible(phrase)) for phrase in phrases}
    wanted |= {fold(quote(phrase, safe=" ")) for phrase in phrases if not phrase.isascii()}
    wanted -= {""}
    capitals = text != text.lower()
    spans = [_span(one, places) for one in _find(seen, wanted - PLAIN)]
    plain = [_span(one, places) for one in _find(seen, wanted & PLAIN)]
    return [*spans, *(one for one in plain if not capitals or _named(text[slice(*one)]))]


def _named(found: str) -> bool:
    """Say whether a word begins with a capital, as names do."""
    return found[0] == found[0].upper()


def _find(seen: str, wanted: Iterable[str]) -> Iterable[re.Match[str]]:
    """Find the longest of these wherever one stands; those that begin alike together."""
    alike: dict[str, list[str]] = defaultdict(list)
    for phrase in sorted(wanted, key=len, reverse=True):
        alike[_begins(phrase)].append(_pattern(phrase))
    for begins, either in alike.items():
        yield from re.finditer(f"{begins}(?:{'|'.join(either)})", seen)


def _pattern(folded: str) -> str:
    """Write a pattern for a phrase: any space or underscore between its words, any ending."""
    words = re.split(r"[\s_]+", folded)
    last = words[-1]
    if len(last) >= STEM_FROM and last.isalpha() and last[-1] in "aeiouy":
        words[-1] = last[:-1]  # Warszawa, Warszawie; Ukraina, Ukrainian
    return r"(?:[\s_+-]|%20)+".join(map(re.escape, words)) + _ends(last)


def _begins(folded: str) -> str:
    """Say what may stand before a phrase."""
    if re.match(f"[{CLOSE}]", folded):
        return ""
    for script, joined in JOINED.values():
        if script.match(folded):
            return rf"(?<!\w){joined}"
    return rf"(?<![^\W{CLOSE}])"


def _ends(last: str) -> str:
    """Say what may follow the last word of a phrase."""
    if re.search(f"[{CLOSE}]$", last):
        return ""
    ending = ""
    if last.isalpha():
        ending = (
            "s?" if len(last) < SHORT else rf"[^\W{CLOSE}]{{0,{3 if len(last) < LONG else 4}}}"
        )
    return rf"{ending}(?![^\W{CLOSE}])"


def _span(found: re.Match[str], places: list[int]) -> Span:
    """Give where in the text itself something stands."""
    return places[found.start()], places[found.end() - 1] + 1


def _visible(text: str) -> str:
    """Take out what nobody sees."""
    return "".join(letter for letter in text if not _unseen(letter))


def _unseen(letter: str) -> bool:
    return unicodedata.category(letter) == "Cf" or bool(UNSEEN.match(letter))


def _bare(text: str) -> tuple[str, list[int]]:
    """Take case and accents off letter by letter, and note where each letter came from."""
    letters, places = [], []
    for place, letter in enumerate(text):
        if unicodedata.combining(letter) or _unseen(letter):
            continue
        for bare in fold(letter) or " ":
            letters.append(bare)
            places.append(place)
    return "".join(letters), places
