"""Names of countries and languages in the reader's language, from Unicode's CLDR."""

from collections.abc import Container, Iterable
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from django.utils.translation import get_language, gettext, pgettext

from capx.folding import fold

# What CLDR names beside the countries of ISO 3166: unions, tests, and parts of a country.
NOT_COUNTRIES = {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"} | {
    *("AC", "CP", "CQ", "DG", "EA", "IC", "TA"),
}
# Languages of the movement that CLDR has no name for: as they call themselves.
NAMELESS = {"ami": "Pangcah", "lld": "Ladin"}
ENGLISH = Locale("en")
SOFT_HYPHEN = "\xad"
# Letters that come after the one they look like, where fold() would put them beside it.
LETTERS_OF_THEIR_OWN = {"es": {"ñ": "n\uffff"}}
Choice = tuple[str, str]
Group = tuple[str, list[Choice]]
SMALL_LANGUAGES = ("ami", "bar", "crh", "frr", "hsb", "lld", "lmo", "nap", "sgs", "smn", "szl")


@cache
def _locale(code: str) -> Locale:
    """Find what CLDR knows of an interface language; English stands in."""
    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _here() -> Locale:
    return _locale(get_language() or "en")


def _codes(names: object, longest: int) -> set[str]:
    """Keep the plain codes among the keys of a table of CLDR."""
    return {str(c) for c in names if str(c).isalpha() and len(str(c)) <= longest}  # type: ignore[attr-defined]  # Babel's lazy table


@cache
def country_codes() -> frozenset[str]:
    """List the ISO 3166-1 alpha-2 codes that stand for a country or territory."""
    return frozenset(_codes(Locale("en").territories, 2) - NOT_COUNTRIES)


@cache
def language_codes() -> frozenset[str]:
    """List the ISO 639 codes of languages that have a name."""
    return frozenset(_codes(Locale("en").languages, 3) | set(SMALL_LANGUAGES))


def country_name(code: str) -> str:
    """Name a country in the reader's language, else in English; no name, its code."""
    return str(_here().territories.get(code) or ENGLISH.territories.get(code, code))


@cache
def _cities() -> dict[tuple[str, str], str]:
    """Find the time zones that are called after a city, by its country and its name."""
    zones = get_global("zone_territories")
    plain = (zone for zone in zones if zone.count("/") == 1)  # others name a state as well
    return {
        (zones[zone], fold(zone.partition("/")[2].replace("_", " "))): zone for zone in plain
    }


def city_name(name: str, country: str) -> str:
    """Name a city in the reader's language where CLDR knows it, else as GeoNames does.

    CLDR names the cities after which time zones are called: most capitals. GeoNames, as we
    have it, lists other names without saying of which language they are.
    """
    zone = _cities().get((country, fold(name)), "")
    known: str = _here().time_zones.get(zone, {}).get("city") or name
    return known.replace(SOFT_HYPHEN, "")


def apart(words: str) -> str:
    """Keep words that may run the other way apart from the sentence they stand in (Unicode)."""
    return f"\N{FIRST STRONG ISOLATE}{words}\N{POP DIRECTIONAL ISOLATE}"


def language_name(code: str) -> str:
    """Name a language in the reader's language, else in English; no name, its code."""
    return str(
        _here().languages.get(code) or ENGLISH.languages.get(code) or NAMELESS.get(code, code)
    )


def country_choices() -> list[tuple[str, str]]:
    """List countries by name, for a form."""
    return by_name((code, country_name(code)) for code in country_codes())


def language_choices() -> list[tuple[str, str]]:
    """List languages by name, for a form."""
    return by_name((code, language_name(code)) for code in language_codes())


def by_name(choices: Iterable[Choice]) -> list[Choice]:
    """Put choices into the order of their names, in which Ö stands beside O, and Ñ after N."""
    own = LETTERS_OF_THEIR_OWN.get(_here().language, {})
    return sorted(choices, key=lambda pair: (_order(pair[1], own), pair[1]))


def _order(name: str, own: dict[str, str]) -> str:
    for letter, place in own.items():
        name = name.replace(letter, place).replace(letter.upper(), place)
    return fold(name)


def often_first(choices: list[Choice], often: Container[str]) -> list[Choice | Group]:
    """Begin a long list with what is often chosen here; all others follow, each once."""
    first = [pair for pair in choices if pair[0] in often]
    if not first or len(first) == len(choices):
        return [*choices]
    rest = [pair for pair in choices if pair[0] not in often]
    return [(gettext("Often chosen here"), first), (gettext("All others"), rest)]


def between() -> str:
    """Give the comma of the reader's language, with its space."""
    return pgettext("between the names of a list", ", ")


def listed(names: Iterable[object]) -> str:
    """Write names one after another, with the comma of the reader's language."""
    return between().join(map(str, names))
