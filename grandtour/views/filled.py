"""What days of a journey do to the weeks of whoever travels, for their own eyes."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from grandtour.actions import weeks
from grandtour.models import Seat
from volunteers.load import Span
from volunteers.models.bandwidth import today
from volunteers.views.what_if import WhatIf, weigh


@dataclass(frozen=True, slots=True)
class Filled:
    """What a yes does to one's weeks, and the mark of those that it makes too full."""

    what_if: WhatIf
    mark: str


def filled(seat: Seat, period: DateRange, at: datetime) -> Filled:
    """Weigh the days of a place in the weeks of its traveller, in place of those it has."""
    hours = weeks.weekly_hours(seat.journey.edition)
    span = Span(period.lower, period.upper, hours)
    found = weigh(seat.person, span, weeks.key_of(seat.journey), today(seat.person, at))
    with transaction.atomic():
        mark = weeks.mark_of(weeks.overfull(seat, at=at, period=period))
    return Filled(found, mark)
