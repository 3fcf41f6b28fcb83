"""Several periods in one form: a first and a last day in each line."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grandtour.models import Edition
from volunteers.models.bandwidth import Lasting, joined

MOST_PERIODS = 8
A_DAY = timedelta(days=1)


class PeriodForm(forms.Form):
    """One period; an empty one does not count."""

    unmarked = True

    first = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def has_changed(self) -> bool:
        """Count a line in which something is typed; one that was emptied is gone."""
        return self.is_bound and any(self[name].data for name in self.fields)

    def clean(self) -> dict[str, Any]:
        """Put the two days in order."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day must not be before the first."))
        return cleaned


class Periods(forms.BaseFormSet[PeriodForm]):
    """Several periods that do not overlap, within the days of an edition."""

    within: tuple[date, date]

    def add_fields(self, form: PeriodForm, index: int | None) -> None:
        """Let any line stay empty, also one that was filled in before."""
        super().add_fields(form, index)
        form.empty_permitted = index is not None

    def clean(self) -> None:
        """Refuse two periods that share a day, and days on which nobody travels."""
        chosen = self.chosen()
        for (_first, last), (first, _last) in pairwise(chosen):
            if first <= last:
                raise ValidationError(_("Two of these periods share a day. Join them."))
        earliest, latest = self.within
        if any(first < earliest or last > latest for first, last in chosen):
            raise ValidationError(
                _("Some of these days lie outside of the days of travel of this edition.")
            )

    def chosen(self) -> list[tuple[date, date]]:
        """Give the pairs of a first and a last day, in order."""
        read = [getattr(form, "cleaned_data", {}) for form in self.forms]
        return sorted((d["first"], d["last"]) for d in read if "first" in d and "last" in d)

    def most_nights(self) -> int:
        """Count the nights of the longest period; those without a gap between them are one."""
        whole = joined(DateRange(first, last + A_DAY) for first, last in self.chosen())
        return max(((one.upper - A_DAY - one.lower).days for one in whole), default=0)


PeriodSet = forms.formset_factory(
    PeriodForm,
    formset=Periods,
    extra=3,
    max_num=MOST_PERIODS,
    absolute_max=MOST_PERIODS + 1,  # so that a forged number is not drawn a thousand times
    validate_max=True,
)


def periods(data: Any, edition: Edition, kept: Iterable[Lasting]) -> Periods:
    """Make the lines for the periods of an applicant or a host in an edition."""
    initial = [{"first": row.period.lower, "last": row.last_day} for row in kept]  # type: ignore[attr-defined]  # each has its own
    made: Periods = PeriodSet(data, initial=initial, prefix="day")  # type: ignore[assignment]  # made by a factory
    made.within = edition.travel_first_day, edition.travel_last_day
    return made
