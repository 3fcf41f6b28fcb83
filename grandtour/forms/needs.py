"""What somebody needs on a journey, changed after the application was sent."""

from copy import deepcopy
from typing import Any

from django import forms

from grandtour.actions.applications import Private
from grandtour.forms.applications import NEEDS, ApplicationForm, needs_of
from grandtour.models import Application


class NeedsForm(forms.Form):
    """The fields that only organisers read, as the application asks for them."""

    def __init__(self, data: Any = None, *, application: Application) -> None:
        """Begin with what was said."""
        super().__init__(data, initial=needs_of(application))
        for name in NEEDS:
            self.fields[name] = deepcopy(ApplicationForm.base_fields[name])

    def private(self) -> Private:
        """Give what was written."""
        return Private(**self.cleaned_data)
