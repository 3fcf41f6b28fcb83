"""Whom somebody asks, of those whom a page shows, and why it should be them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from volunteers.models import Person


class WhomForm(forms.Form):
    """A button for each person; a reason only for one of whom the gate says `Tight`.

    `about` is the person whom the reason is about: who presses another says nothing of them.
    """

    person = forms.ModelChoiceField(Person.objects.none(), widget=forms.HiddenInput)
    about = forms.CharField(required=False, widget=forms.HiddenInput)
    why = forms.CharField(
        label=_("Why this person?"),
        help_text=_("One sentence. They have little room: tell them why it should be them."),
        max_length=500,
        required=False,
        widget=forms.TextInput({"dir": "auto"}),
    )

    def __init__(self, *args: Any, me: Person, **kwargs: Any) -> None:
        """Let them choose among those they see."""
        super().__init__(*args, **kwargs)
        people = Person.objects.visible_to(me).exclude(pk=me.pk)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        """Leave out a reason that is about somebody else."""
        said: dict[str, Any] = super().clean() or {}
        person, about = said.get("person"), said.get("about")
        if person and about and about != str(person.pk):
            self.errors.pop("why", None)
            said["why"] = ""
        return said

    def ask_why(self, little: str) -> None:
        """Ask for a reason for who was pressed: there is little room."""
        self.data = {**self.data, "why": self.cleaned_data["why"]}
        self.add_error("why", little)

    def asks_why(self) -> bool:
        """Tell whether a reason is to be said, or mended."""
        return "why" in self.errors and "person" in self.cleaned_data
