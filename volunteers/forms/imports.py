"""A file of another system: which, how it is written, and whom its lines are about."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from volunteers.models import Person
from volunteers.models.people import PersonQuerySet

LETTERS = [
    ("", _("As the file says")),
    ("utf-8-sig", _("Unicode (UTF-8)")),
    ("cp1250", _("Central European (Windows-1250)")),
    ("cp1252", _("Western European (Windows-1252)")),
    ("utf-16", _("Unicode (UTF-16)")),
]


class FileForm(forms.Form):
    """A CSV file of activities, hours or contacts."""

    file = forms.FileField(
        label=_("CSV file"),
        allow_empty_file=True,
        help_text=_("At most 5 MB and 50,000 lines. The file is deleted once it is read."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
    )
    letters = forms.ChoiceField(
        label=_("Letters"),
        choices=LETTERS,
        required=False,
        help_text=_("Change this only if the next page shows Ã or ¹ in place of letters."),
    )


class DayFirstForm(forms.Form):
    """Which comes first in a day of two numbers."""

    day_first = forms.TypedChoiceField(
        label=_("Which comes first?"),
        choices=[("1", _("The day")), ("0", _("The month"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )


class PartlyForm(forms.Form):
    """Whether refused lines hold the others up."""

    partly = forms.BooleanField(
        label=_("Leave these lines out and import the rest"), required=False
    )


class MatchForm(forms.Form):
    """Who stands for the contacts of a file: a username for each, or nobody.

    A field is called after the first line about its contact: however the list is ordered
    meanwhile, what was typed is about the same contact.
    Only people among `takers` can be chosen; whoever else has an account stays unknown.
    """

    unmarked = True

    def __init__(
        self,
        *args: Any,
        contacts: list[dict[str, Any]],
        takers: PersonQuerySet,
        **kwargs: Any,
    ) -> None:
        """Make a field for each contact."""
        super().__init__(*args, **kwargs)
        self.contacts = contacts
        self.takers = takers
        for contact in contacts:
            self.fields[field_of(contact)] = forms.CharField(
                label=contact["called"]
                or contact["account"]
                or contact["mail"]
                or contact["contact"],
                initial=contact["person__username"] or contact.get("suggested", ""),
                required=False,
                max_length=255,
                help_text=_in_the_file(contact),
                widget=forms.TextInput(
                    attrs={"list": "members", "autocomplete": "off", "dir": "auto"}
                ),
            )

    def clean(self) -> dict[str, Any]:
        """Find the people that are named."""
        cleaned = super().clean() or self.cleaned_data
        typed = {str(name).strip() for name in cleaned.values() if name}
        known = {person.username: person for person in self.takers.filter(username__in=typed)}
        for name, said in list(cleaned.items()):
            if said and said.strip() not in known:
                self.add_error(
                    name,
                    ValidationError(
                        _("No member whom you see has this username. Choose from the list.")
                    ),
                )
        self.known = known
        return cleaned

    @property
    def chosen(self) -> dict[str, Person | None]:
        """Give who stands for each contact of which that changed."""
        answers = {}
        for contact in self.contacts:
            said = self.cleaned_data[field_of(contact)].strip()
            if said != (contact["person__username"] or ""):
                answers[contact["contact"]] = self.known.get(said)
        return answers


def field_of(contact: dict[str, Any]) -> str:
    """Name the field of a contact."""
    return f"contact-{contact['line']}"


def _in_the_file(contact: dict[str, Any]) -> str:
    """Give what else the file says about a contact, to know them by."""
    number = contact["contact"]
    said = ["" if number.startswith("#") else number, contact["account"], contact["mail"]]
    return " · ".join(words for words in said if words)
