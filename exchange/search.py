"""From the words people type to a query the database understands; pure.

A document is one set of lexemes. Typed words are letters, digits and marks only, so lexemes
with another sign in them cannot be typed: `de:artikel` is a stem of a German word, `^artikel`
a word of a title, `/kind=offer` a value of a facet.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from capx.folding import fold

LONGEST_TEXT = 300
LONGEST_WORD = 64
MOST_CLAUSES = 10
LAST_PLACE = 16_000  # what a tsvector can count to is little more
SHORTEST_BEGINNING = 3
# Distance 1 from five letters, 2 from nine; two neighbours changed over from four.
ONE_SLIP, TWO_SLIPS, SWAP = 5, 9, 4
# Scripts that put no space between words: each sign counts as a word.
UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])"
)
PHRASE = re.compile(r'(-?)"([^"]*)"?|(\S+)')
EITHER = {"or", "|"}
# Languages whose words we can bring back to their stem, in PostgreSQL 15 and later.
STEMMED = (
    *("ar", "ca", "da", "de", "el", "en", "es", "eu", "fi", "fr", "ga", "hi", "hu", "hy", "id"),
    *("it", "lt", "nb", "ne", "nl", "nn", "no", "pt", "ro", "ru", "sr", "sv", "ta", "tr", "yi"),
)
OTHER_SCRIPTS = {"ar", "el", "hi", "hy", "ne", "ru", "ta", "yi"}


def _belongs(sign: str) -> bool:
    """Say whether a sign is part of a word."""
    return sign.isalnum() or unicodedata.category(sign)[0] == "M"


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Give where each word of a text begins and ends."""
    start = None
    for place, sign in enumerate(f"{text} "):
        if _belongs(sign):
            start = place if start is None else start
        elif start is not None:
            yield start, place
            start = None


def words(text: str) -> list[str]:
    """Give the words of a text, without case and accents, as they stand in the index."""
    folded = fold(text)
    whole = "".join(sign if _belongs(sign) else " " for sign in folded)
    return [word[:LONGEST_WORD] for word in UNSPACED.sub(r" \1 ", whole).split()]


def vector(
    found: Sequence[str],
    stems: Mapping[str, str],
    language: str,
    *,
    after: int = 0,
    mark: str = "",
) -> str:
    """Write words and their stems, with their places, as PostgreSQL writes a tsvector."""
    lexemes = []
    for place, word in enumerate(found, after + 1):
        lexemes.append(f"'{mark}{word}':{min(place, LAST_PLACE)}")
        if stem := stems.get(word):
            lexemes.append(f"'{mark}{language}:{stem}':{min(place, LAST_PLACE)}")
    return " ".join(lexemes)


@dataclass(frozen=True, slots=True)
class Clause:
    """What has to be there: one of some phrases (mostly just one, of one word)."""

    phrases: tuple[tuple[str, ...], ...]
    exact: bool = False
    without: bool = False

    @property
    def word(self) -> str:
        """Give the one word it is made of, else nothing."""
        plain = not self.exact and len(self.phrases) == 1 and len(self.phrases[0]) == 1
        return self.phrases[0][0] if plain else ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the database knows of one word.

    `stems` by language, `skills` in whose names it stands, `named` those that have it in a name
    of no more words than were typed, `stops` the languages in which it says nothing by itself,
    `known` whether it stands anywhere, `endings` the words it begins.
    """

    stems: Mapping[str, str] = field(default_factory=dict)
    skills: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    stops: frozenset[str] = frozenset()
    known: bool = True
    endings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One clause as lexemes: the words, the same words in a title, skills by their names."""

    words: str
    title: str
    lexemes: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    # Does not have to be there, but is good to have: a word that is empty in some language.
    optional: bool = False
    without: bool = False

    @property
    def text(self) -> str:
        """Give the condition that it is there, in words or as a skill."""
        return either([self.words, *map(quote, self.skills)])


@dataclass(frozen=True, slots=True)
class Query:
    """All that was typed, ready for the database."""

    parts: tuple[Part, ...] = ()

    @property
    def wanted(self) -> list[Part]:
        """Give the parts that lift a listing when they are there."""
        return [part for part in self.parts if not part.without]

    @property
    def match(self) -> str:
        """Give the condition, in PostgreSQL's writing; empty when everything fits."""
        return both(
            f"!({part.text})" if part.without else part.text
            for part in self.parts
            if not part.optional
        )

    @property
    def lexemes(self) -> list[str]:
        """List all lexemes to mark in a title."""
        return [lexeme for part in self.wanted for lexeme in part.lexemes]

    @property
    def titled(self) -> str:
        """Give the condition that every wanted word stands in the title."""
        parts = [part for part in self.wanted if not part.optional]
        return both(part.title for part in parts)


def parse(text: str) -> list[Clause]:
    """Read what was typed: words, `"phrases"`, `-without`, `this OR that`."""
    clauses: list[Clause] = []
    joins = False
    for minus, phrase, bare in PHRASE.findall(text[:LONGEST_TEXT]):
        if bare.casefold() in EITHER:
            joins = bool(clauses)
            continue
        for clause in _clauses(minus, phrase, bare):
            if joins and not clause.without and not clauses[-1].without:
                clauses[-1] = _either(clauses[-1], clause)
            else:
                clauses.append(clause)
            joins = False
    return list(dict.fromkeys(clauses))[:MOST_CLAUSES]


def _clauses(minus: str, phrase: str, bare: str) -> Iterator[Clause]:
    """Make clauses of one piece; `Wiki-Kurs` is two words that stand together."""
    without = bool(minus) or (len(bare) > 1 and bare.startswith("-"))
    found = tuple(words(bare or phrase))
    if found:
        yield Clause((found,), exact=not bare, without=without)


def _either(one: Clause, other: Clause) -> Clause:
    """Join two clauses of which one is enough."""
    return replace(one, phrases=one.phrases + other.phrases, exact=one.exact and other.exact)


def typed_words(clauses: Iterable[Clause]) -> list[str]:
    """Give each word once, in the order of typing."""
    found = (w for clause in clauses for phrase in clause.phrases for w in phrase)
    return list(dict.fromkeys(found))


def compose(
    clauses: Sequence[Clause], meanings: Mapping[str, Meaning], reading: str = "en"
) -> Query:
    """Make the query; `reading` is the language in which the reader sees the site."""
    own = {"en", reading.split("-", maxsplit=1)[0]}
    stops = [bool(_meaning(c.word, meanings).stops) for c in clauses]
    telling = any(not stop and not c.without for c, stop in zip(clauses, stops, strict=True))
    parts = []
    for clause, stop in zip(clauses, stops, strict=True):
        empty = stop and telling and not clause.without
        if empty and _meaning(clause.word, meanings).stops & own:
            continue
        parts.append(replace(_part(clause, meanings), optional=empty))
    return Query(tuple(parts))


def _meaning(word: str, meanings: Mapping[str, Meaning]) -> Meaning:
    return meanings.get(word, Meaning())


def _part(clause: Clause, meanings: Mapping[str, Meaning]) -> Part:
    """Turn a clause into lexemes."""
    phrases: list[tuple[str, ...]] = []
    skills: dict[str, None] = {}
    named: dict[str, None] = {}
    for phrase in clause.phrases:
        if len(phrase) == 1 and not clause.exact:
            meaning = _meaning(phrase[0], meanings)
            phrases += [(lexeme,) for lexeme in _forms(phrase[0], meaning)]
            skills |= dict.fromkeys(facet("skill", slug) for slug in meaning.skills)
            named |= dict.fromkeys(facet("skill", slug) for slug in meaning.named)
        else:
            phrases.append(phrase)
    return Part(
        words=either(" <-> ".join(map(quote, phrase)) for phrase in phrases),
        title=either(" <-> ".join(quote(f"^{x}") for x in phrase) for phrase in phrases),
        lexemes=tuple(lexeme for phrase in phrases for lexeme in phrase),
        skills=tuple(skills),
        named=tuple(named),
        without=clause.without,
    )


def _forms(word: str, meaning: Meaning) -> list[str]:
    """List the lexemes that stand for one word."""
    endings = list(meaning.endings) if not meaning.known else []
    stems = [
        f"{code}:{stem}"
        for code, stem in meaning.stems.items()
        if not (word.isascii() and code in OTHER_SCRIPTS)
    ]
    return [word, *stems, *endings]


def correctable(clauses: Sequence[Clause], meanings: Mapping[str, Meaning]) -> list[str]:
    """List the words that nobody has written and that begin no other."""
    found = (
        phrase[0]
        for clause in clauses
        for phrase in clause.phrases
        if len(phrase) == 1 and not clause.exact and not clause.without
    )
    return [
        word
        for word in dict.fromkeys(found)
        if not (m := _meaning(word, meanings)).known and not m.endings and not word.isdigit()
    ]


def corrected(text: str, better: Mapping[str, str]) -> str:
    """Write the text anew with other words in place of some."""
    written = []
    for piece in text.split():
        bare = words(piece)
        written.append(better.get(bare[0], piece) if len(bare) == 1 else piece)
    return " ".join(written)


def slip(word: str, other: str, distance: int) -> bool:
    """Say whether `other`, at this edit distance, may be what somebody meant by `word`."""
    if distance == 1:
        return len(word) >= ONE_SLIP
    if len(word) == len(other) and len(word) >= SWAP and _swapped(word, other):
        return True
    return len(word) >= TWO_SLIPS


def _swapped(word: str, other: str) -> bool:
    """Say whether two words differ only in two neighbours changed over."""
    places = [n for n, (a, b) in enumerate(zip(word, other, strict=True)) if a != b]
    return (
        len(places) == 2  # noqa: PLR2004 -- a pair
        and places[1] == places[0] + 1
        and word[places[0]] == other[places[1]]
        and word[places[1]] == other[places[0]]
    )


def facet(name: str, value: object) -> str:
    """Make the lexeme of a value of a facet."""
    return f"/{name}={value}"


def quote(lexeme: str) -> str:
    """Quote a lexeme for a query."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def either(conditions: Iterable[str]) -> str:
    """Join conditions of which one is enough."""
    return _join(conditions, " | ")


def both(conditions: Iterable[str]) -> str:
    """Join conditions that all have to hold."""
    return _join(conditions, " & ")


def _join(conditions: Iterable[str], sign: str) -> str:
    found = [condition for condition in conditions if condition]
    return found[0] if len(found) == 1 else sign.join(f"({condition})" for condition in found)
