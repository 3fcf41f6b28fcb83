"""What CLDR calls a country in all languages that are written in a script."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from babel.localedata import locale_identifiers

# As Unicode calls a script, and as CLDR does.
CODES = {
    "adlam": "Adlm",
    "arabic": "Arab",
    "armenian": "Armn",
    "bengali": "Beng",
    "canadian": "Cans",
    "cherokee": "Cher",
    "cyrillic": "Cyrl",
    "devanagari": "Deva",
    "ethiopic": "Ethi",
    "georgian": "Geor",
    "greek": "Grek",
    "gujarati": "Gujr",
    "gurmukhi": "Guru",
    "han": "Hans Hant Jpan",
    "hangul": "Kore",
    "hebrew": "Hebr",
    "kana": "Jpan",
    "kannada": "Knda",
    "khmer": "Khmr",
    "lao": "Laoo",
    "malayalam": "Mlym",
    "meetei": "Mtei",
    "mongolian": "Mong",
    "myanmar": "Mymr",
    "nko": "Nkoo",
    "ol": "Olck",
    "oriya": "Orya",
    "sinhala": "Sinh",
    "syriac": "Syrc",
    "tamil": "Taml",
    "telugu": "Telu",
    "thaana": "Thaa",
    "thai": "Thai",
    "tibetan": "Tibt",
    "tifinagh": "Tfng",
    "vai": "Vaii",
    "yi": "Yiii",
}
# In Latin letters CLDR knows two hundred languages: those of Europe have stems of their own,
# these are the others that most people write.
LATIN = "af eo fil ha id ig ms mg om rw sn so st sw tn vi wo xh yo zu".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Country:
    """A country, by what it is called in the scripts of a text."""

    code: str


@dataclass(frozen=True, slots=True)
class Exact:
    """A name that counts only with its accents and its capital, being so short: Áo, Tai."""

    text: str


@lru_cache(maxsize=2048)
def called(country: str, script: str) -> frozenset[str]:
    """Name a country in the languages of a script; none of a script that CLDR does not know."""
    found = {
        Locale.parse(code).territories.get(country, "") for code in _languages().get(script, ())
    }
    return frozenset(found - {""})


@lru_cache(maxsize=1)
def _languages() -> dict[str, list[str]]:
    """List the languages of each script, without those of a country of their own."""
    codes = {script: set(code.split()) for script, code in CODES.items()}
    known: dict[str, list[str]] = defaultdict(list, latin=LATIN)
    for name in locale_identifiers():
        likely = get_global("likely_subtags").get(name, name).split("_")
        more = set(name.split("_")[1:])
        for script, theirs in codes.items():
            if theirs & set(likely) and more <= theirs:
                known[script].append(name)
    return dict(known)
