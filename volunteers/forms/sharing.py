"""What somebody lets the stewards of an affiliate see, and for how long."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from volunteers.actions.care import Shared
from volunteers.forms.rest import DatedForm
from volunteers.models import StewardAccess

A_DAY = timedelta(days=1)
SHOWN = ("weeks", "check_ins", "costs")


class SharingForm(DatedForm):
    """What they see, from which day, and until when.

    Check-ins of days gone by are never shown; what was given and what it cost goes back a year.
    """

    field_order = ("weeks", "check_ins", "costs", "first", "last")

    weeks = forms.BooleanField(
        label=_("My weeks: the hours I can give, what I have taken on, and when I rest"),
        help_text=_(
            "They read hours, and words only of what you do for this affiliate. "
            "Why you rest is never shown."
        ),
        required=False,
    )
    check_ins = forms.BooleanField(
        label=_("My check-ins: my latest answer, and the words I add to it"),
        help_text=_("Only what you answer from the first day on."),
        required=False,
    )
    costs = forms.BooleanField(
        label=_("What I gave for this affiliate, and what it cost me"),
        help_text=_(
            "Of the last twelve months: what you did in its name, the hours, and the sums; "
            "journeys too, if you travelled for it."
        ),
        required=False,
    )

    def __init__(
        self, data: QueryDict | None, *, today: date, access: StewardAccess | None
    ) -> None:
        """Begin with what is shared now, or with the weeks from today on."""
        known: dict[str, Any] = {"weeks": True, "check_ins": False, "first": today}
        if access is not None:
            known = {
                "weeks": access.weeks,
                "check_ins": access.check_ins,
                "costs": access.costs,
                "first": max(access.period.lower, today),
                "last": access.last_day,
            }
        super().__init__(data, today=today, initial=known)
        self.fields["last"].help_text = _("Empty: until you take it back.")

    def clean(self) -> dict[str, Any]:
        """Ask for at least one thing."""
        cleaned = super().clean()
        if not any(cleaned.get(name) for name in SHOWN):
            self.add_error("weeks", _("Choose at least one thing to share."))
        return cleaned

    def shared(self) -> Shared:
        """Give what was chosen."""
        said = self.cleaned_data
        end = said["last"] + A_DAY if said["last"] else None
        return Shared(DateRange(said["first"], end), *(said[name] for name in SHOWN))
