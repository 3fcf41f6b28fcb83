"""Names of countries and languages in the reader's language, from Unicode's CLDR."""

from functools import cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

NOT_COUNTRIES = {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"}
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
    """Name a country in the reader's language; an unknown code stands for itself."""
    return str(_here().territories.get(code, code))


def language_name(code: str) -> str:
    """Name a language in the reader's language; an unknown code stands for itself."""
    return str(_here().languages.get(code, code))


def country_choices() -> list[tuple[str, str]]:
    """List countries by name, for a form."""
    return sorted(((c, country_name(c)) for c in country_codes()), key=lambda pair: pair[1])


def language_choices() -> list[tuple[str, str]]:
    """List languages by name, for a form."""
    return sorted(((c, language_name(c)) for c in language_codes()), key=lambda pair: pair[1])
