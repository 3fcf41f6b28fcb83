"""Fields that only listings and practices have: several countries in one line."""

import re
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from capx.folding import fold
from capx.names import country_codes, country_name
from volunteers.forms.fields import Chosen, Picker
from volunteers.models.skills import COMMAS

MOST = 60
LONGEST = 2000


@cache
def _codes(language: str) -> dict[str, str]:
    """Find a country by its code and by its name in the language people read."""
    del language  # only the key under which this is remembered
    names = {fold(country_name(code)): code for code in sorted(country_codes())}
    return names | {code.lower(): code for code in country_codes()}


def countries_like(words: str, most: int = 8) -> list[tuple[str, str]]:
    """List the countries with a word that begins so: (code, name), by name."""
    typed = fold(words)
    if not typed:
        return []
    found = [
        (code, country_name(code))
        for name, code in _codes(get_language() or "en").items()
        if f" {name}".find(f" {typed}") >= 0
    ]
    return sorted(set(found), key=lambda pair: (not fold(pair[1]).startswith(typed), pair[1]))[
        :most
    ]


class CountriesInput(Picker):
    """A line of countries."""

    template_name = "widgets/countries.html"
    source = "exchange:suggest_countries"


class CountriesField(forms.CharField):
    """Countries by name or code, with commas between them; gives a list of codes."""

    widget = CountriesInput

    def __init__(self, **kwargs: Any) -> None:
        """Take a line as long as people type."""
        kwargs.pop("base_field", None)
        super().__init__(max_length=LONGEST, **kwargs)

    def prepare_value(self, value: Any) -> Chosen:
        """Write chosen countries as the reader calls them; keep what was typed."""
        parts = value if isinstance(value, list) else _parts(value or "")
        known = [(part, _code(part)) for part in parts]
        picked = [{"id": code, "label": country_name(code)} for _part, code in known if code]
        rest = ", ".join(part for part, code in known if not code)
        text = ", ".join(country_name(code) if code else part for part, code in known)
        return Chosen(text, picked, rest)

    def clean(self, value: Any) -> list[str]:
        """Find each country; name the first that is unknown."""
        parts = _parts(super().clean(value))
        for part in parts:
            if not _code(part):
                raise ValidationError(
                    _("We know no country called “%(name)s”."), params={"name": part[:80]}
                )
        if len(parts) > MOST:
            raise ValidationError(_("Leave it empty where it serves everybody."))
        return list(dict.fromkeys(_code(part) for part in parts))

    def right(self, value: Any) -> list[str]:
        """Give the countries that are known, whatever else was typed."""
        codes = (_code(part) for part in _parts((value or "")[:LONGEST]))
        return list(dict.fromkeys(filter(None, codes)))[:MOST]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the countries, not the words for them."""
        return self.prepare_value(initial).text != self.prepare_value(data).text


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(f"[{COMMAS}]", text) if part.strip()]


def _code(name: str) -> str:
    return _codes(get_language() or "en").get(fold(name), "")
