"""What saying yes would do to the weeks of who says it; only for their own eyes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange

from capx.names import listed
from capx.templatetags.dates import in_short
from volunteers.load import A_WEEK, OVER, Effect, Span
from volunteers.models import Commitment, Person
from volunteers.models.calendars import calendar_of
from volunteers.views.weeks import percent

NAMED = 6  # weeks; more are not read, but counted


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The weeks a promise touches, those that it makes too full, and what could give way."""

    weeks: list[Effect]
    too_full: list[Effect]
    others: list[Commitment]

    @property
    def rows(self) -> list[tuple[Effect, str]]:
        """Give each week, and how full it becomes as people read it."""
        return [(week, percent(week.after)) for week in self.weeks]

    @property
    def full(self) -> str:
        """Say how full the fullest week becomes; at rest there is no number for it."""
        return percent(max(week.after or Decimal(0) for week in self.crowded))

    @property
    def at_rest(self) -> list[Effect]:
        """List the weeks in which it falls into a time of rest."""
        return [week for week in self.too_full if week.after == OVER]

    @property
    def crowded(self) -> list[Effect]:
        """List the weeks that become too full without being a rest."""
        return [week for week in self.too_full if week.after != OVER]

    @property
    def known(self) -> bool:
        """Say whether the person has said what they can give in any of these weeks."""
        return any(week.capacity is not None for week in self.weeks)

    @property
    def at_rest_named(self) -> str:
        """Name the weeks of rest."""
        return _named(self.at_rest)

    @property
    def crowded_named(self) -> str:
        """Name the weeks that become too full."""
        return _named(self.crowded)


def _named(weeks: list[Effect]) -> str:
    """Name weeks by number and day: 31 (27 July) and 32 (3 August)."""
    names = [
        f"{week.monday.isocalendar().week} ({in_short(week.monday)})" for week in weeks[:NAMED]
    ]
    return listed(names + ["…"] * (len(weeks) > NAMED))


def weigh(me: Person, span: Span, key: str, day: date) -> WhatIf:
    """Weigh what is wished of somebody, in place of the commitment of this key."""
    end = (span.end or span.first) + A_WEEK
    calendar = calendar_of(me, span.first - A_WEEK, end, day, instead_of=key)
    weeks = list(calendar.effects(span))
    too_full = [week for week in weeks if week.too_full]
    return WhatIf(weeks, too_full, _others(me, key, too_full))


def _others(me: Person, key: str, weeks: list[Effect]) -> list[Commitment]:
    """List what else somebody has taken on for the weeks that become too full."""
    if not weeks:
        return []
    period = DateRange(weeks[0].monday, weeks[-1].monday + A_WEEK)
    rows = Commitment.objects.live().during(period).filter(person=me).exclude(key=key)
    return list(rows.order_by("-weekly_hours", "pk")[:NAMED])
