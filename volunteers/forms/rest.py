"""When somebody is to be left alone, and how much they can give."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST = timedelta(days=3660)


class RestForm(forms.Form):
    """A rest from one day to another; without an end until they come back."""

    first = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until you come back."),
    )
    words = forms.CharField(
        label=_("Words for yourself"),
        max_length=200,
        required=False,
        help_text=_("Nobody else sees them."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Know which day it is where the person lives."""
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_first(self) -> date:
        """Rest cannot begin in the past, nor in another life."""
        first: date = self.cleaned_data["first"]
        if not self.today <= first <= self.today + LONGEST:
            raise ValidationError(_("Choose a day from today on."))
        return first

    def clean(self) -> dict[str, Any]:
        """Put the days in order."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not first <= last <= self.today + LONGEST:
            self.add_error("last", _("The last day must not be before the first."))
        return cleaned


class HoursForm(forms.Form):
    """How many hours a week somebody can give."""

    weekly_hours = forms.DecimalField(
        label=_("Hours a week I can give"),
        min_value=Decimal(0),
        max_value=Decimal(80),
        max_digits=4,
        decimal_places=1,
        required=False,
        widget=forms.NumberInput(attrs={"step": "0.5", "inputmode": "decimal"}),
        help_text=_(
            "For everything in the movement together. Empty: you would rather not say."
        ),
    )
