"""Until when a call is open, and what somebody says who takes it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from exchange.forms.exchanges import DayField, text

SOON, LONGEST = timedelta(days=7), timedelta(days=60)


class CallForm(forms.Form):
    """Until when people can answer."""

    reply_by = DayField(
        label=_("Until"),
        help_text=_("On that day it ends by itself; two months at most."),
    )

    def __init__(self, data: Any = None, *, day: date) -> None:
        """Suggest a week from today."""
        super().__init__(data, initial={"reply_by": day + SOON})
        self.day = day

    def clean_reply_by(self) -> date:
        """Refuse a day that is over, or far away."""
        chosen: date = self.cleaned_data["reply_by"]
        if chosen < self.day:
            raise ValidationError(_("This day is over."))
        if chosen > self.day + LONGEST:
            raise ValidationError(_("Two months at most: choose an earlier day."))
        return chosen


class TakeForm(forms.Form):
    """What somebody says who can help."""

    message = forms.CharField(
        label=_("Your message"),
        help_text=_("Say how you could help and when. You agree on the details together."),
        max_length=8000,
        widget=text(5),
    )
