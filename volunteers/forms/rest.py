"""When somebody is to be left alone."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST = timedelta(days=3660)


def day_input() -> forms.DateInput:
    """Make the browser's own picker of a day."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DatedForm(forms.Form):
    """Something from one day on; without a last day it has no end."""

    first = forms.DateField(label=_("From"), widget=day_input())
    last = forms.DateField(label=_("Last day"), required=False, widget=day_input())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Know which day it is where the person lives."""
        super().__init__(*args, **kwargs)
        self.today = today

    def earliest(self) -> date:
        """Give the first day that can be chosen."""
        return self.today

    def clean_first(self) -> date:
        """Nothing begins in the past, nor in another life."""
        first: date = self.cleaned_data["first"]
        if not self.earliest() <= first <= self.today + LONGEST:
            raise ValidationError(_("Choose a day from today on."))
        return first

    def clean(self) -> dict[str, Any]:
        """Put the days in order."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not first <= last <= self.today + LONGEST:
            self.add_error("last", _("The last day must not be before the first."))
        return cleaned


class RestForm(DatedForm):
    """A rest from one day to another; without an end until they come back."""

    words = forms.CharField(
        label=_("Words for yourself"),
        max_length=200,
        required=False,
        help_text=_("Nobody else sees them."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what no last day means; another form with such days stands on the same page."""
        super().__init__(*args, auto_id="rest-%s", **kwargs)
        self.fields["last"].help_text = _("Empty: until you come back.")


class AloneForm(forms.Form):
    """Until when somebody is to be left alone; empty: until they come back."""

    unmarked = True

    last = forms.DateField(
        label=_("Until, if you know it already"), required=False, widget=day_input()
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Know which day it is where the person lives."""
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_last(self) -> date | None:
        """Rest cannot end before it begins, nor in another life."""
        last: date | None = self.cleaned_data["last"]
        if last and not self.today <= last <= self.today + LONGEST:
            raise ValidationError(_("Choose a day from today on."))
        return last
