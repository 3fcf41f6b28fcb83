"""Boxes that find people and hosts of an edition while one types, by the admin's own script."""

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, get_select2_language
from django.http import JsonResponse

from capx.folding import fold
from grandtour.models import Seat

A_PAGE = 20
LARGEST_PAGE = 100


class Found(forms.SelectMultiple):
    """Some of very many: only what is chosen stands in the page, the rest is asked for."""

    def __init__(self, url: str) -> None:
        """Take the address that answers what fits."""
        super().__init__()
        self.url = url

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Say to the script where to ask, and that the box is as wide as its form."""
        return super().build_attrs(base_attrs, extra_attrs) | {
            "class": "admin-autocomplete",
            "data-ajax--delay": 250,
            "data-ajax--url": self.url,
            "data-allow-clear": json.dumps(not self.allow_multiple_selected),
            "data-placeholder": "",
            "data-theme": "admin-autocomplete",
            "data-width": "100%",
            "lang": get_select2_language(),
        }

    @property
    def media(self) -> forms.Media:
        """Bring the script of the admin's own boxes, whatever they are for."""
        return AutocompleteSelect(Seat._meta.get_field("application"), admin.site).media


class FoundOne(Found):
    """One of very many."""

    allow_multiple_selected = False
    template_name = forms.Select.template_name
    value_from_datadict = forms.Select.value_from_datadict
    value_omitted_from_data = forms.Select.value_omitted_from_data


def answer(rows: Iterable[tuple[int, str, str]], term: str, page: str) -> JsonResponse:
    """Answer the script with a page of the rows in which every word of a term stands.

    `rows`: a key, its label, and what else one may look it up by, the beginning of a word at
    least. Where a label says all that was typed, it stands before others.
    """
    words = fold(term).split()
    number = int(page) if page.isdecimal() and len(page) < len(str(LARGEST_PAGE)) else 1
    fits = [(key, label) for key, label, more in rows if _fits(words, fold(label), fold(more))]
    fits.sort(key=lambda row: not _fits(words, fold(row[1]), ""))
    first = A_PAGE * (max(number, 1) - 1)
    shown = [{"id": str(key), "text": label} for key, label in fits[first : first + A_PAGE]]
    more = len(fits) > first + A_PAGE
    return JsonResponse({"results": shown, "pagination": {"more": more}})


def _fits(words: Iterable[str], label: str, more: str) -> bool:
    """Say whether each word stands in a label, or begins one of what is beside it."""
    beside = more.split()
    return all(word in label or any(one.startswith(word) for one in beside) for word in words)
