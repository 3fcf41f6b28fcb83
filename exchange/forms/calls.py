"""What a call asks for and until when it is open, and what somebody says who takes it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from exchange.forms.exchanges import DayField, text
from exchange.forms.listings import ListingForm
from exchange.models import Listing
from volunteers.models import Person

SOON, LONGEST = timedelta(days=7), timedelta(days=60)


class UntilForm(forms.Form):
    """Until when people can answer, counted from `day`."""

    day: date

    reply_by = DayField(
        label=_("Until"),
        help_text=_("On that day it ends by itself; two months at most."),
    )

    def clean_reply_by(self) -> date:
        """Refuse a day that is over, or far away."""
        chosen: date = self.cleaned_data["reply_by"]
        if chosen < self.day:
            raise ValidationError(_("This day is over."))
        if chosen > self.day + LONGEST:
            raise ValidationError(_("Two months at most: choose an earlier day."))
        return chosen


class CallForm(UntilForm):
    """A call about a request that stands already."""

    def __init__(self, data: Any = None, *, day: date, prefix: str | None = None) -> None:
        """Suggest a week from today."""
        super().__init__(data, initial={"reply_by": day + SOON}, prefix=prefix)
        self.day = day


class AskPeopleForm(UntilForm, ListingForm):
    """A short request, and until when the people of an affiliate can answer it."""

    field_order = ["title", "body", "skills", "hours", "reply_by", "language", "affiliate"]

    def __init__(
        self, data: Any = None, *, person: Person, given: dict[str, Any], day: date
    ) -> None:
        """Ask for help with what an address gave, a week from today."""
        request = Listing(author=person, kind=Listing.Kind.REQUEST, of=Listing.Of.SERVICE)
        words = {"reply_by": day + SOON} | given
        super().__init__(data, instance=request, person=person, given=words)
        self.day = day
        for name in set(self.fields) - {*self.field_order, "revision", "based_on"}:
            del self.fields[name]
        self.fields["skills"].required = True


class TakeForm(forms.Form):
    """What somebody says who can help."""

    message = forms.CharField(
        label=_("Your message"),
        help_text=_("Say how you could help and when. You agree on the details together."),
        max_length=8000,
        widget=text(5),
    )
