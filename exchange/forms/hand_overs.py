"""Whom somebody asks to take something on, and in which words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.actions.hand_overs import Said
from exchange.forms.whom import WhomForm


class HandOverForm(WhomForm):
    """A few words to whom one asks."""

    field_order = ("person", "words", "why")
    words = forms.CharField(
        label=_("Your words to whom you ask"),
        max_length=500,
        initial=_("I have taken on more than I can keep up. Could you take this over?"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def said(self) -> Said:
        """Give what is said to who is asked."""
        return Said(self.cleaned_data["words"], self.cleaned_data["why"])


class TakeForm(forms.Form):
    """A yes to what was read, also where it makes one's own weeks too full."""

    read = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    knowingly = forms.BooleanField(required=False, widget=forms.HiddenInput)
