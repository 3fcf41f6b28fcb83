"""Writing what is looked for as patterns: once for all texts in which it is."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from capx.folding import fold
from grandtour.blinding.countries import Country, Exact, called
from grandtour.blinding.inflected import Parts, longer, shorter
from grandtour.blinding.plain import PLAIN
from grandtour.blinding.scripts import (
    AFTER_NONE,
    BEFORE_NONE,
    CLOSE,
    LETTER,
    MARKED,
    scripts_in,
)
from grandtour.blinding.sounds import Heard, heard
from grandtour.blinding.stems import Stem

MOST = 12  # letters that may follow a stem: Lengyelország, puolalaisille
MOST_MARKED = 6  # letters and marks that may: রহিমের, ராமுக்கு
JOINED_FROM = 5  # letters of a name that is known without a space in it: AdaBo
SHORT_NAME = 4  # letters of a country's name that may be another word in another language
CLOSED = re.compile(f"[{CLOSE}]")
# What stands between the words of a name.
BETWEEN = r"(?:[\s_+.-]|%20)"
BETWEEN_CLOSE = r"(?:[\s_+.\u00b7\u2022\u2027\u30fb=-]|%20)*"
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
# Letters that are one, from another keyboard: those of Persian and Urdu among Arabic ones.
ALIKE = str.maketrans("\u06cc\u06a9\u06c1\u06be", "\u064a\u0643\u0647\u0647")
# The two ways to write syllables in Japanese, letter by letter.
KATAKANA = re.compile(r"[\u3041-\u3096\u30a1-\u30f6]")
TO_HIRAGANA = 0x60
NO_KATAKANA = (r"(?<![\u30a1-\u30fc])", r"(?![\u30a1-\u30fc])")
# Letters that are not seen.
UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0]"
)
# Letters that other keyboards write in two: Jörg, Joerg; Søren, Soeren; Åberg, Aaberg. A name
# that is written so is looked for the other way round, too, where it has letters enough.
IN_TWO = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
TWO = re.compile("([aou])e|a(?=a)")
LONG_IN_TWO = 6
Phrase = str | Stem | Heard | Country | Exact
Pattern = tuple[str, str, str]  # what may stand before it, its stem, and what may follow
Compiled = tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for in texts of some scripts.

    `sure`: wherever it stands. `own`: with a capital, being a word as well, as `names` are.
    `forms`: with a capital, and no word that begins sentences. `letters`: in capitals.
    `exact`: with just these accents, and a capital.
    """

    sure: Compiled
    own: Compiled
    names: frozenset[str]
    forms: Compiled
    letters: Compiled
    exact: Compiled
    exactly: frozenset[str]


@lru_cache(maxsize=1024)
def search(phrases: frozenset[Phrase], scripts: frozenset[str]) -> Search:
    """Write what is looked for in texts of these scripts."""
    stems = {one for one in phrases if isinstance(one, Stem)}
    folded = _folded(one for one in phrases if isinstance(one, str))
    whole, exactly = _countries(phrases, scripts)
    exactly |= {one.text for one in phrases if isinstance(one, Exact)}
    letters = {_letters(stem.folded) for stem in stems if stem.letters}
    stems = {stem for stem in stems if not stem.letters}
    sure = {_name(name) for name in folded - PLAIN} | {_country(n) for n in whole - PLAIN}
    sure |= {_stem(stem) for stem in stems if not stem.named}
    forms = {(_begins(n), stem, end + _over(n)) for n in folded for stem, end in shorter(n)}
    forms |= {_stem(stem) for stem in stems if stem.named}
    sounds = [found for n in phrases if isinstance(n, Heard) for found in heard(n, scripts)]
    forms |= {(_begins(like), stem, end + _over(like)) for like, stem, end in sounds}
    plain = (folded | whole) & PLAIN
    short = {(AFTER_NONE, re.escape(fold(name)), BEFORE_NONE) for name in exactly}
    return Search(
        sure=_compiled(sure),
        own=_compiled(map(_name, plain)),
        names=frozenset(plain),
        forms=_compiled(forms),
        letters=_compiled(letters),
        exact=_compiled(short),
        exactly=frozenset(map(composed, exactly)),
    )


def _folded(names: Iterable[str]) -> set[str]:
    """Give names as they are compared, and as addresses and other keyboards write them."""
    known = list(names)
    folded = {fold(_visible(name)) for name in known}
    folded |= {fold(composed(_visible(name)).translate(IN_TWO)) for name in known}
    folded |= {TWO.sub(r"\1", name) for name in folded if len(name) >= LONG_IN_TWO}
    folded |= {fold(quote(name, safe=" ")) for name in known if not name.isascii()}
    return folded - {""}


def _countries(phrases: Iterable[Phrase], scripts: frozenset[str]) -> tuple[set[str], set[str]]:
    """Name countries in the languages of these scripts; those of few letters apart."""
    codes = {one.code for one in phrases if isinstance(one, Country)}
    names = {name for code in codes for script in scripts for name in called(code, script)}
    short = {one for one in names if len(fold(one)) <= SHORT_NAME and not CLOSED.search(one)}
    return {fold(name) for name in names - short} - {""}, short


def _compiled(wanted: Iterable[Pattern]) -> Compiled:
    """Compile patterns, those that begin and end alike together."""
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for before, stem, ending in wanted:
        alike[before, ending].append(stem)
    return tuple(
        re.compile(
            f"{before}(?:{'|'.join(sorted(stems, key=len, reverse=True))}){ending}".translate(
                ALIKE
            )
        )
        for (before, ending), stems in alike.items()
    )


def _name(folded: str) -> Pattern:
    """Write a pattern for a name: any ending, any space or none between its words."""
    *before, last = re.split(r"[\s_]+", folded)
    between = BETWEEN + ("*" if len(folded) > JOINED_FROM else "+")
    if CLOSED.search(folded):
        between = BETWEEN_CLOSE
    stem, ending = _longer(last)
    words = "".join("".join(_longer(word)) + between for word in before)
    if CLOSED.search(folded):
        words, stem = _either_kana(words), _either_kana(stem)
    return _begins(folded), words + stem, ending + _over(folded)


def _country(folded: str) -> Pattern:
    """Write a pattern for the name of a country; in Katakana as a word of its own."""
    before, stem, after = _name(folded)
    if re.fullmatch(r"[\u30a1-\u30fc\s]+", folded):
        return NO_KATAKANA[0] + before, re.escape(folded), after + NO_KATAKANA[1]
    return before, stem, after


def _either_kana(pattern: str) -> str:
    """Write each syllable of Japanese in both ways."""
    return KATAKANA.sub(lambda found: f"[{found[0]}{_other_kana(found[0])}]", pattern)


def _other_kana(letter: str) -> str:
    katakana = ord(letter) > ord("\u3096")
    return chr(ord(letter) + (-TO_HIRAGANA if katakana else TO_HIRAGANA))


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
    if CLOSED.match(folded):
        return ""
    for script, joined in JOINED.values():
        if script.match(folded):
            return rf"(?<!\w){joined}"
    return rf"{AFTER_NONE}(?:wiki(?:media|pedia)?)?"


def _longer(word: str) -> Parts:
    """Write a pattern for a word with any ending; none in scripts without spaces."""
    if CLOSED.match(word[-1:]):
        return re.escape(word), ""
    if re.match(f"[{MARKED}]", word[-1:]):
        return re.escape(word), f"[{MARKED}]{{0,{MOST_MARKED}}}"
    return longer(word, LETTER)


def _over(folded: str) -> str:
    """Say that a phrase ends here."""
    return "" if re.search(f"[{CLOSE}{MARKED}]$", folded) else BEFORE_NONE


def _visible(text: str) -> str:
    """Take out what nobody sees."""
    return "".join(letter for letter in text if not unseen(letter))


@lru_cache(maxsize=8192)
def unseen(letter: str) -> bool:
    """Say whether nobody sees a letter."""
    return unicodedata.category(letter) == "Cf" or bool(UNSEEN.match(letter))


def composed(text: str) -> str:
    """Give a text in one way to write accents, without case."""
    return unicodedata.normalize("NFC", text.casefold())


def scripts_of(phrases: frozenset[Phrase], text: str) -> frozenset[str]:
    """Name the scripts of a text, for phrases to which they matter."""
    if any(isinstance(one, Heard | Country) for one in phrases):
        return scripts_in(text, 1)
    return frozenset()
