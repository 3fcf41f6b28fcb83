"""Cutting a text into what is read and what would tell whose it is."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from urllib.parse import quote

from capx.folding import fold
from grandtour.blinding.accounts import ACCOUNT, FINDERS, HOST, URL
from grandtour.blinding.inflected import Parts, longer, shorter
from grandtour.blinding.plain import COMMON, PLAIN, WIDER
from grandtour.blinding.sounds import Heard, heard
from grandtour.blinding.stems import Stem

HIDDEN = "▇▇▇"
MOST = 12  # letters that may follow a stem: Lengyelország, puolalaisille
JOINED_FROM = 5  # letters of a name that is known without a space in it: AdaBo
# Letters one by one: A d a, A.d.a
SPACED = re.compile(r"(?<!\w)\w(?:[ ._*\u00b7-]{1,2}\w){2,}(?!\w)")
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
SENTENCE = re.compile(r"[a-z]\.[A-Z][a-z]")  # one ends, and no space follows
Phrase = str | Stem | Heard
Span = tuple[int, int]
Pattern = tuple[str, str, str]  # what may stand before it, its stem, and what may follow


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and whether it is hidden."""

    text: str
    hidden: bool


def pieces(text: str, phrases: Iterable[Phrase], left_in: Container[str] = ()) -> list[Piece]:
    """Cut a text where one of these phrases, an e-mail address or an account begins and ends.

    Case, accents, endings and letters nobody sees do not matter; a phrase that is a plain
    word counts only with a capital, or where nothing has one. `left_in`: what may be read,
    folded.
    """
    seen, places = _bare(text)
    found = [*_addresses(text, seen, places), *_phrases(text, seen, places, phrases)]
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
    return any(True for _span in _phrases(text, *_bare(text), phrases))


def blind(text: str, phrases: Iterable[Phrase], left_in: Container[str] = ()) -> str:
    """Give a text with all of that taken out."""
    cut = pieces(text, phrases, left_in)
    return "".join(HIDDEN if one.hidden else one.text for one in cut)


def _addresses(text: str, seen: str, places: list[int]) -> Iterable[Span]:
    """Find addresses, accounts and numbers, whoever's they are."""
    for kind in FINDERS:
        for found in kind.finditer(seen):
            start, end = _span(found, places)
            if kind is ACCOUNT:
                end = _whole_name(text, end)
            elif kind in {URL, HOST}:
                end -= len(text[start:end]) - len(text[start:end].rstrip(".,;:!?'"))
            if kind is not HOST or not SENTENCE.search(text[start:end]):
                yield start, end


def _whole_name(text: str, end: int) -> int:
    """Go on to the end of a name of several words: User:Jan Kowalski."""
    further = re.compile(r"[ _](\w[\w'.\u2019-]+)")
    while text[end - 1] not in '.,;:!?)"' and (more := further.match(text, end)):
        if not more[1][0].isupper():
            break
        end = more.end()
    return end


def _phrases(
    text: str, seen: str, places: list[int], phrases: Iterable[Phrase]
) -> Iterable[Span]:
    """Find phrases, and where they stand in the text itself."""
    known = list(phrases)
    sure, named, letters = _patterns(known, seen)
    capitals = text != text.lower()
    wider = [one.span() for one in WIDER.finditer(seen)]
    for found in _find(seen, sure):
        if not any(a <= found.start() and found.end() <= b for a, b in wider):
            yield _span(found, places)
    for found in _find(seen, named):
        span = _span(found, places)
        if not capitals or (_named(text[slice(*span)]) and found[0] not in COMMON):
            yield span
    loud = text.isupper() and " " in text
    for found in _find(seen, letters):
        span = _span(found, places)
        if text[slice(*span)].isupper() and not (loud and found[0] in COMMON):
            yield span
    for run in SPACED.finditer(seen):
        if any(True for _one in _find(re.sub(r"[\W_]", "", run[0]), sure)):
            yield _span(run, places)


def _patterns(phrases: Iterable[Phrase], seen: str) -> tuple[set[Pattern], ...]:
    """Write what names somebody however it stands there, with a capital, and in capitals.

    `seen`: the folded text, for names in its scripts.
    """
    stems = {one for one in phrases if isinstance(one, Stem)}
    names = [one for one in phrases if isinstance(one, str)]
    folded = {fold(_visible(name)) for name in names}
    folded |= {fold(quote(name, safe=" ")) for name in names if not name.isascii()}
    folded -= {""}
    sure = {_name(name) for name in folded - PLAIN}
    letters = {_letters(stem.folded) for stem in stems if stem.letters}
    stems = {stem for stem in stems if not stem.letters}
    sure |= {_stem(stem) for stem in stems if not stem.named}
    named = {_name(name) for name in folded & PLAIN}
    named |= {(_begins(n), stem, end + _over(n)) for n in folded for stem, end in shorter(n)}
    named |= {_stem(stem) for stem in stems if stem.named}
    sounds = [found for one in phrases if isinstance(one, Heard) for found in heard(one, seen)]
    named |= {(_begins(like), stem, end + _over(like)) for like, stem, end in sounds}
    return sure, named, letters


def _named(found: str) -> bool:
    """Say whether a word begins with a capital, as names do; of letters without, it does."""
    return found[0] == found[0].title()


def _find(seen: str, wanted: Iterable[Pattern]) -> Iterable[re.Match[str]]:
    """Find the longest of these wherever one stands; those that begin alike together."""
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for begins, stem, ending in wanted:
        alike[begins, ending].append(stem)
    for (begins, ending), stems in alike.items():
        either = "|".join(sorted(stems, key=len, reverse=True))
        yield from re.finditer(f"{begins}(?:{either}){ending}", seen)


def _name(folded: str) -> Pattern:
    """Write a pattern for a name: any ending, any space or none between its words."""
    *before, last = re.split(r"[\s_]+", folded)
    between = r"(?:[\s_+.-]|%20)" + ("*" if len(folded) > JOINED_FROM else "+")
    stem, ending = _longer(last)
    words = "".join("".join(_longer(word)) + between for word in before)
    return _begins(folded), words + stem, ending + _over(folded)


def _stem(stem: Stem) -> Pattern:
    """Write a pattern for a stem: each of its words with any ending."""
    words = [re.escape(word) for word in stem.folded.split()]
    ending = "" if stem.whole else rf"[^\W\d_{CLOSE}]{{0,{MOST}}}"
    return _begins(stem.folded), rf"{ending}[\s_-]+".join(words), ending + _over(stem.folded)


def _letters(folded: str) -> Pattern:
    """Write a pattern for letters that stand for a name: UK, U.K., U. K."""
    dotted = r"\.\s?".join(map(re.escape, folded))
    return _begins(folded), rf"{re.escape(folded)}|{dotted}\.?", _over(folded)


def _begins(folded: str) -> str:
    """Say what may stand before a phrase."""
    if re.match(f"[{CLOSE}]", folded):
        return ""
    for script, joined in JOINED.values():
        if script.match(folded):
            return rf"(?<!\w){joined}"
    return rf"(?<![^\W_{CLOSE}])(?:wiki(?:media|pedia)?)?"


def _longer(word: str) -> Parts:
    """Write a pattern for a word with any ending; none in scripts without spaces."""
    if re.search(f"[{CLOSE}]$", word):
        return re.escape(word), ""
    return longer(word, rf"[^\W_{CLOSE}]")


def _over(folded: str) -> str:
    """Say that a phrase ends here."""
    return "" if re.search(f"[{CLOSE}]$", folded) else rf"(?![^\W_{CLOSE}])"


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
