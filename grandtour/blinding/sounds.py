# ruff: noqa: RUF001 -- other alphabets
"""How names sound: one knows them in a text of another script than theirs.

In half of Europe a name stands in Latin letters in a profile, and in Cyrillic, Greek, Georgian,
Armenian, Arabic or Hebrew ones in what its owner writes, or the other way round. No rule here
romanises: each letter becomes all letters by which somebody may have written it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from capx.folding import fold
from grandtour.blinding.inflected import SCRIPTS, SHORT, endings, script_of

LEAST = 3  # letters of a name that is known by its sound
FEW = 3  # consonants below which a name without vowels could be any word
VOWELS = {
    "latin": "aeiouy",
    "cyrillic": "аеиоуыэюяієј",
    "greek": "αεηιουω",
    "georgian": "აეიოუ",
    "armenian": "աեէըիոօ",
    "arabic": "اويىةعه",
    "hebrew": "אויהע",
}
WITHOUT_VOWELS = {"arabic", "hebrew"}
ALIF = {"arabic": "[اع][وي]?", "hebrew": "[אע][וי]?"}  # begins what begins with a vowel
# What may stand after a consonant and is not heard.
AFTER = {"cyrillic": "[ьъ']?", "hebrew": "['׳]?"}
BEGINS = "yיيוو"  # a consonant where a word begins with it
UNHEARD = "اعאע"
CHANGED = {"k": "цч", "c": "цч", "g": "зж", "gh": "зж", "h": "зжсш", "kh": "сш"}
# Letters that stand for two sounds where a word begins.
SOFT = {"я": "a", "ю": "u", "є": "e"}
# How a name ends in its first case, which goes in others.
TAILS = {
    "latin": re.compile("(?:[iyj]{1,2}[aeo]|[iyj]{2}|[aeiouy])$"),
    "cyrillic": re.compile("(?:[иіыь][яеоаји]|[иіыј]{2}|ј[аое]|[аеиоуыэюяієь])$"),
    "greek in latin": re.compile("(?:[aeiouy]s|[aeiouy])$"),
    "greek": re.compile("(?:[οηαυι]σ|[αεηιουω])$"),
}
# What stands between a soft stem and its ending: Natali-a, Natal-ia.
SOFTLY = {"latin": "[iyj]{1,2}", "cyrillic": "[иіыьј']{1,2}"}
CLOSED = "iyjиіыјь"
ENDS = {  # beside those of names of the script itself
    "latin": "ya ja yu ju yo jo ye je yi".split(),  # noqa: SIM905
    "armenian": "ի ին ից ով ում ը ն ու ուն ուց ուով իս ս եր երի այի այից այում այով".split(),  # noqa: SIM905
    "cyrillic": fold("я ю є ею єю ям ях ями ий ій ый ая ую ие ые им ым ого его").split(),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """A name by its sound, in every script but its own."""

    folded: str


def _read() -> dict[str, dict[str, list[str]]]:
    """Read the list: by script, Latin letters and what they may stand for."""
    listed = Path(__file__).with_name("sounds.txt").read_text(encoding="utf-8").splitlines()
    (_latin, *scripts), *rows = (line.split() for line in listed if not line.startswith("#"))
    known: dict[str, dict[str, list[str]]] = {script: {} for script in scripts}
    for letters, *columns in rows:
        for script, column in zip(scripts, columns, strict=True):
            ways = list(dict.fromkeys(fold(one) for one in column.split(",")))
            known[script] |= dict.fromkeys(letters.split(","), ways)
    return known


def _turned(sounds: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Turn a table round: what the letters of a script may be in Latin, the usual way first."""
    known: dict[str, list[str]] = defaultdict(list)
    for usual in (True, False):
        for latin, ways in sounds.items():
            for way in ways[:1] if usual else ways[1:]:
                if way != "." and latin not in known[way]:
                    known[way].append(latin)
    return dict(known)


def _length(row: tuple[str, list[str]]) -> int:
    return len(row[0])


FROM_LATIN = _read()
USUAL = {
    script: {ways[0]: [latin] for latin, ways in sorted(sounds.items(), key=_length)[::-1]}
    for script, sounds in FROM_LATIN.items()
}
TO_LATIN = {script: _turned(sounds) for script, sounds in FROM_LATIN.items()}


def heard(name: Heard, scripts: AbstractSet[str]) -> Iterable[tuple[str, str, str]]:
    """Write patterns for a name in those of these scripts that are not its own.

    Each: a letter of its script, what it begins with, and what may follow.
    """
    for script in sorted(scripts & SCRIPTS.keys()):
        if script != script_of(name.folded):
            found = _heard(name.folded, script)
            if found:
                yield VOWELS[script][0], *found


def sounds_in(folded: str, script: str) -> bool:
    """Say whether a name is known in a script: it is its own, or the name is heard there."""
    return script == script_of(folded) or (script in SCRIPTS and bool(_heard(folded, script)))


@lru_cache(maxsize=4096)
def _heard(folded: str, script: str) -> tuple[str, str] | None:
    """Write a pattern for a name in another script: its stem, and what may follow."""
    own = script_of(folded)
    words = [word for word in re.split(r"[\W_]+", folded) if word]
    if not own or len("".join(words)) < LEAST or {script_of(word) for word in words} != {own}:
        return None
    before, last = words[:-1], words[-1]
    tail = _tail(last, own, script)
    stem = _spelt(last[: len(last) - len(tail)], own, script, whole=not tail)
    whole = [_spelt(word, own, script) for word in before]
    if not stem or not all(whole):
        return None
    return "".join(f"{word}[\\s_-]*" for word in whole) + stem, _ending(tail, script, last)


def _tail(word: str, own: str, script: str) -> str:
    """Give the end of a word that changes in other cases."""
    if own not in TAILS or script not in TAILS:
        return ""
    found = TAILS["greek in latin" if script == "greek" else own].search(word)
    return found[0] if found and len(word) - len(found[0]) >= LEAST - 1 else ""


def _ending(tail: str, script: str, word: str) -> str:
    """Write a pattern for what may follow a stem."""
    if script in WITHOUT_VOWELS:
        return ""
    ends = endings(script, len(word) < SHORT, ENDS.get(script, ()))
    if tail[:1] in CLOSED and len(tail) > 1 and script in SOFTLY:
        bare = "?" if tail[-1] in CLOSED else ""  # Andrij, but not Juli
        softly = f"{SOFTLY[script]}{ends}{bare}"
        return softly if script == "latin" and not bare else f"(?:{softly}|{ends})"
    return ends if tail else f"{ends}?"


def _spelt(word: str, own: str, script: str, *, whole: bool = True) -> str:
    """Write a pattern for a word of one script in another; none where it could be any word.

    `whole`: its end was not taken off.
    """
    bare = own in WITHOUT_VOWELS
    if own != "latin" and script != "latin":
        word, own = _latin(word, own), "latin"
    word = re.sub(r"([^\W\d_])\1", r"\1", word)
    parts = _parts(word, FROM_LATIN[script] if own == "latin" else TO_LATIN[own])
    return _Word(tuple(parts), own, script, whole=whole, bare=bare).pattern() if parts else ""


@dataclass(frozen=True)
class _Word:
    """A word in sounds, from one script to another; `bare`: it was written without vowels."""

    parts: tuple[str, ...]
    own: str
    script: str
    whole: bool
    bare: bool

    @property
    def sounds(self) -> dict[str, list[str]]:
        return FROM_LATIN[self.script] if self.own == "latin" else TO_LATIN[self.own]

    @property
    def consonants(self) -> int:
        return sum(not self.vowel(place) for place in range(len(self.parts)))

    @property
    def few(self) -> bool:
        """Say whether it has so few consonants that its vowels must be there."""
        without = self.bare or self.script in WITHOUT_VOWELS
        return without and self.consonants < FEW

    def vowel(self, place: int) -> bool:
        """Say whether a sound is a vowel, not the beginning of Yael or a middle h."""
        part, last = self.parts[place], place == len(self.parts) - 1
        if (not place and part[0] in BEGINS) or (part == "ה" and not last):
            return False
        return set(part) <= set(VOWELS[self.own])

    def pattern(self) -> str:
        """Write it in the other script; not at all where that could be any word."""
        if self.few and self.consonants < FEW - 1:
            return ""
        return "".join(self._sound(n) + self._between(n) for n in range(len(self.parts)))

    def _sound(self, place: int) -> str:
        """Write one sound in all its ways."""
        part, vowel = self.parts[place], self.vowel(place)
        if vowel and not place and self.script in ALIF:
            return ALIF[self.script]
        either = _either(part, self.sounds, self._changed(place), first=not place)
        if vowel:
            return either + ("?" if self._may_go(place) else "")
        often = "{0,2}" if self._may_go(place) else "{1,2}"
        return either + often + AFTER.get(self.script, "")

    def _may_go(self, place: int) -> bool:
        """Say whether a sound may be missing."""
        part, vowel = self.parts[place], self.vowel(place)
        if self._fleeting(place):
            return True
        if vowel and self.bare and self.own != "latin":
            return (not self.few and (place > 0 or part in UNHEARD)) or part in {"ع", "ע"}
        if vowel and place == len(self.parts) - 1 and self.whole:
            return False
        if vowel and self.few and part != "e" and (part != "a" or self.script == "arabic"):
            return False
        return "." in self.sounds[part]

    def _fleeting(self, place: int) -> bool:
        """Say whether a vowel may go when an ending comes: Павел, Pavla."""
        return (
            self.script in {"cyrillic", "latin"}
            and self.whole
            and len(self.parts) >= SHORT
            and place == len(self.parts) - 2
            and self.vowel(place)
            and not self.vowel(place + 1)
        )

    def _changed(self, place: int) -> str:
        """Give letters that a sound may become before an ending: Olga, Ользі; Lviv, Львова."""
        if self.script != "cyrillic":
            return ""
        if self._fleeting(place) and self.parts[place] in {"i", "y", "yi"}:
            return "оеє"
        last = place == len(self.parts) - 1 and not self.whole
        return CHANGED.get(self.parts[place], "") if last else ""

    def _between(self, place: int) -> str:
        """Write what stands after a sound, and was not written before."""
        if not self.bare or place == len(self.parts) - 1:
            return ""
        after, vowel = self.vowel(place + 1), self.vowel(place)
        most = 2 if not (after or vowel) else 1
        least = int(self.few and most > 1)
        return f"[{VOWELS[self.script]}]{{{least},{most}}}" if not (vowel and after) else ""


def _either(
    part: str, sounds: Mapping[str, list[str]], more: str = "", *, first: bool = False
) -> str:
    """Write a pattern for all ways of a sound, and of its letters one by one."""
    ways = {one for one in sounds[part] if not (first and _soft(part, one))} - {"."}
    known = [re.escape(one) for one in sorted(ways | set(more), key=len, reverse=True)]
    if len(part) > 1 and set(part) <= set(sounds):
        known.append("".join(_either(one, sounds) for one in part))
    return f"(?:{'|'.join(known)})"


def _soft(part: str, way: str) -> bool:
    """Say whether a letter would be another one where a word begins: я is ya there, not a."""
    return SOFT.get(way) == part or SOFT.get(part) == way


def _parts(word: str, sounds: Mapping[str, list[str]]) -> list[str]:
    """Cut a word into sounds, the longest first; none where it has letters nobody listed."""
    parts, at = [], 0
    while at < len(word):
        if word[at] in "'ьъ׳":
            at += 1
            continue
        part = next(
            (word[at : at + n] for n in (4, 3, 2, 1) if word[at : at + n] in sounds), ""
        )
        if not part:
            return []
        parts.append(part)
        at += len(part)
    return parts


def _latin(word: str, own: str) -> str:
    """Write a word in Latin letters, the usual way."""
    known = TO_LATIN[own] | {way: [] for way in TO_LATIN[own] if len(way) > 1} | USUAL[own]
    known = {way: latin for way, latin in known.items() if latin}
    return "".join(known[part][0] for part in _parts(word, known))
