"""Whom a steward means, and what they suggest."""

from typing import Any

from django import forms

from volunteers.models import Person
from volunteers.models.care import Suggestion
from volunteers.models.people import PersonQuerySet


class WhomForm(forms.Form):
    """One of some people, chosen with a button."""

    person = forms.ModelChoiceField(Person.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: PersonQuerySet) -> None:
        """Know who can be meant."""
        super().__init__(*args)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # a choice of rows


class SuggestionForm(WhomForm):
    """What might help somebody."""

    what = forms.ChoiceField(choices=Suggestion)
