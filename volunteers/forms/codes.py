"""Fields for several countries or languages in one line, by name or by code."""

from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from capx.folding import fold
from capx.names import country_codes, country_name, language_codes, language_name
from volunteers.forms.fields import LONGEST, Chosen, Picker, parts_of

KINDS = ("countries", "languages")
MOST = 60
SUGGESTED = 8


@cache
def _codes(kind: str, reader: str) -> dict[str, str]:
    """Find a code by itself, by its English name, and by what the reader calls it."""
    del reader  # only the key under which this is remembered
    codes = country_codes() if kind == "countries" else language_codes()
    return {fold(code): code for code in codes} | {fold(_name(kind, c)): c for c in codes}


def _name(kind: str, code: str) -> str:
    return country_name(code) if kind == "countries" else language_name(code)


def _code(kind: str, words: str) -> str:
    return _codes(kind, get_language() or "en").get(fold(words), "")


def codes_like(kind: str, words: str) -> list[tuple[str, str]]:
    """List the countries or languages with a word that begins so, with their names."""
    key = fold(words)
    known = _codes(kind, get_language() or "en")
    found = {code for name, code in known.items() if key and f" {key}" in f" {name}"}
    named = [(code, _name(kind, code)) for code in found]
    named.sort(key=lambda pair: (not fold(pair[1]).startswith(key), pair[1]))
    return named[:SUGGESTED]


class CodesInput(Picker):
    """A line of countries or languages."""

    template_name = "widgets/codes.html"

    def __init__(self, kind: str, attrs: dict[str, Any] | None = None) -> None:
        """Take `countries` or `languages`."""
        super().__init__(attrs)
        self.kind = kind

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> Any:
        """Say where this kind is suggested."""
        context = super().get_context(name, value, attrs)
        context["widget"]["source"] = reverse("volunteers:suggest_codes", args=[self.kind])
        return context


class CodesField(forms.CharField):
    """Countries or languages, with commas between them; gives a list of codes."""

    def __init__(self, *, kind: str, **kwargs: Any) -> None:
        """Take `countries` or `languages`."""
        self.kind = kind
        kwargs.setdefault("widget", CodesInput(kind))
        super().__init__(max_length=LONGEST, **kwargs)

    def prepare_value(self, value: Any) -> Chosen:
        """Write what was chosen as the reader calls it; keep what was typed."""
        parts = value if isinstance(value, list) else parts_of(value or "")
        known = [(part, _code(self.kind, part)) for part in parts]
        picked = [
            {"id": code, "label": _name(self.kind, code)} for _part, code in known if code
        ]
        rest = [part for part, code in known if not code]
        text = [*(pick["label"] for pick in picked), *rest]
        return Chosen(", ".join(text), picked, ", ".join(rest))

    def clean(self, value: Any) -> list[str]:
        """Find each; name those that are unknown."""
        parts = parts_of(super().clean(value))
        unknown = [part for part in parts if not _code(self.kind, part)]
        if unknown:
            raise ValidationError(_("We do not know “%(name)s”."), params={"name": unknown[0]})
        codes = list(dict.fromkeys(_code(self.kind, part) for part in parts))
        if len(codes) > MOST:
            raise ValidationError(_("Name at most %(most)s."), params={"most": MOST})
        return codes

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what both would look like."""
        return self.prepare_value(initial) != self.prepare_value(data)
