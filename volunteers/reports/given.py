"""What somebody gave, month by month."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from volunteers.load import HOUR, Span, month_of, spread_over
from volunteers.models import Commitment, Person
from volunteers.models.bandwidth import CommitmentQuerySet
from volunteers.models.calendars import COUNTED

MONTHS = 12


@dataclass(slots=True)
class Month:
    """One month: minutes by what they were given for."""

    first: date
    minutes: dict[str, int] = field(default_factory=dict)

    @property
    def hours(self) -> Decimal:
        """Give the hours of all together."""
        return Decimal(sum(self.minutes.values())) / HOUR

    def of(self, source: str) -> Decimal:
        """Give the hours of one source."""
        return Decimal(self.minutes.get(source, 0)) / HOUR


def months_before(day: date, number: int = MONTHS) -> list[date]:
    """Give the first days of so many months, the one of this day as the last."""
    months = [month_of(day)]
    while len(months) < number:
        months.insert(0, month_of(months[0] - timedelta(days=1)))
    return months


def given(person: Person, day: date) -> list[Month]:
    """Add up what somebody gave in each of the last months before a day, to the minute.

    What is agreed for days that have passed counts as given, as what is done does.
    """
    months = {first: Month(first) for first in months_before(day)}
    first_of_all = months_before(day)[0]
    for taken in person.commitments.during(DateRange(first_of_all, day)).filter(COUNTED):
        for first, minutes in _by_month(taken, day).items():
            if first in months:
                parts = months[first].minutes
                parts[taken.source] = parts.get(taken.source, 0) + minutes
    return list(months.values())


def _by_month(taken: Commitment, day: date) -> dict[date, int]:
    """Split what a commitment took before a day over its months."""
    span = Span(taken.period.lower, taken.period.upper, taken.weekly_hours)
    end = min(span.end or day, day)
    return spread_over(month_of, span.minutes(before=end), span.first, end)


def behind(taken: CommitmentQuerySet, day: date) -> CommitmentQuerySet:
    """Keep what lies behind people: done, or over; the latest first."""
    over = COUNTED & Q(period__endswith__lte=day)
    return taken.filter(over | Q(state=Commitment.State.DONE)).order_by("-period", "-pk")
