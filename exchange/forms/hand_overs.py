"""Whom somebody asks to take something on, and in which words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.actions.hand_overs import Said
from volunteers.models import Person


class HandOverForm(forms.Form):
    """A few words, a button for each person; `why` only where somebody has little room."""

    person = forms.ModelChoiceField(Person.objects.none(), widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Your words to whom you ask"),
        max_length=500,
        initial=_("I have taken on more than I can keep up. Could you take this over?"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    why = forms.CharField(
        label=_("Why this person?"),
        help_text=_("One sentence. They have little room: tell them why it should be them."),
        max_length=500,
        widget=forms.TextInput({"dir": "auto"}),
    )

    def __init__(self, *args: Any, me: Person, tight: bool = False, **kwargs: Any) -> None:
        """Let them choose among those they see; ask why only where it is needed."""
        super().__init__(*args, **kwargs)
        if not tight:
            del self.fields["why"]
        people = Person.objects.visible_to(me).exclude(pk=me.pk)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField

    def said(self) -> Said:
        """Give what is said to who is asked."""
        return Said(self.cleaned_data["words"], self.cleaned_data.get("why", ""))


class TakeForm(forms.Form):
    """A yes to what was read, also where it makes one's own weeks too full."""

    read = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    knowingly = forms.BooleanField(required=False, widget=forms.HiddenInput)
