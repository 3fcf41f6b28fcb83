"""Whom somebody asks, of those whom a page shows, and why it should be them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from volunteers.models import Person


class WhomForm(forms.Form):
    """A button for each person; `why` only where somebody has little room."""

    person = forms.ModelChoiceField(Person.objects.none(), widget=forms.HiddenInput)
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
