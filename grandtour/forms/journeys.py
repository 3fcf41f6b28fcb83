"""Answers to an offer: why not."""

from django import forms
from django.utils.translation import gettext_lazy as _

from grandtour.models import Seat

# What travellers say; the rest is for organisers.
REASONS = [
    *(Seat.Reason.DATES, Seat.Reason.ROUTE, Seat.Reason.HEALTH, Seat.Reason.PAPERS),
    *(Seat.Reason.FORCE_MAJEURE, Seat.Reason.OTHER),
]


class RefuseForm(forms.Form):
    """Why somebody does not take a place; only organisers read it."""

    reason = forms.ChoiceField(
        label=_("What stands in the way"),
        choices=[(reason.value, reason.label) for reason in REASONS],
    )
    words = forms.CharField(
        label=_("In your own words"),
        help_text=_("Only organisers read this. You may leave it empty."),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )


class HostRefuseForm(forms.Form):
    """Why a host cannot take a group."""

    words = forms.CharField(
        label=_("What stands in the way"),
        help_text=_("Organisers read this and look for another way: other days, fewer people."),
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
