"""How full somebody's weeks are; pure, so that a test can say why.

Definitions: capacity counts only on days without rest, load is spread evenly over its days,
and utilisation is load by capacity, week by week (ISO weeks, Monday to Sunday).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

WEEK = 7
CENT = Decimal("0.01")
# Load at rest: capacity is nothing, so no ratio says how much too much it is.
FAR_TOO_FULL = Decimal(2)


def weekly(hours: Decimal, first: date, last: date) -> Decimal:
    """Spread hours over the days from first to last: hours a week, at least 0.01."""
    spread = hours * WEEK / ((last - first).days + 1)
    return max(spread.quantize(CENT), CENT)


@dataclass(frozen=True, slots=True)
class Span:
    """Hours a week from the first day to the day after the last; no end means for ever."""

    first: date
    end: date | None
    weekly_hours: Decimal = Decimal(0)

    def holds(self, day: date) -> bool:
        """Say whether this day lies within."""
        return self.first <= day and (self.end is None or day < self.end)


@dataclass(slots=True)
class Calendar:
    """What one person said they can give, when they rest, and what they have taken on."""

    declared: list[Span] = field(default_factory=list)
    rests: list[Span] = field(default_factory=list)
    commitments: list[Span] = field(default_factory=list)

    def rests_on(self, day: date) -> bool:
        """Say whether the person is to be left alone on this day."""
        return any(rest.holds(day) for rest in self.rests)

    def capacity(self, monday: date) -> Decimal | None:
        """Add up the hours of a week that are not rest; None where nothing is declared."""
        sevenfold = self._capacity(monday)
        return None if sevenfold is None else sevenfold / WEEK

    def load(self, monday: date) -> Decimal:
        """Add up the hours that are promised in a week."""
        return self._load(monday) / WEEK

    def fullest(self, ask: Span) -> Decimal:
        """Give the greatest utilisation (1 is full) in the weeks of an ask, with the ask.

        Weeks without a declared capacity do not count; load at rest is twice too much.
        """
        return max((how_full for _monday, how_full in self.weeks(ask)), default=Decimal(0))

    def weeks(self, ask: Span) -> Iterator[tuple[date, Decimal]]:
        """Give the Monday and the utilisation, with the ask, of each week that it touches."""
        with_ask = Calendar(self.declared, self.rests, [*self.commitments, ask])
        for monday in _mondays(ask):
            capacity, load = self._capacity(monday), with_ask._load(monday)
            if capacity is not None and load:
                yield monday, load / capacity if capacity else FAR_TOO_FULL

    # Sums over days are sevenths of hours a week. They are divided once, at the end: a week
    # that is exactly full must not come out as a hair more or less than full.

    def _capacity(self, monday: date) -> Decimal | None:
        said = [
            (day, span) for day in _days(monday) for span in self.declared if span.holds(day)
        ]
        if not said:
            return None
        return sum(
            (span.weekly_hours for day, span in said if not self.rests_on(day)), Decimal(0)
        )

    def _load(self, monday: date) -> Decimal:
        return sum(
            (c.weekly_hours for c in self.commitments for day in _days(monday) if c.holds(day)),
            Decimal(0),
        )


def _days(monday: date) -> Iterator[date]:
    return (monday + timedelta(days=n) for n in range(WEEK))


def _mondays(span: Span) -> Iterator[date]:
    monday = span.first - timedelta(days=span.first.weekday())
    end = span.end or span.first + timedelta(weeks=8)
    while monday < end:
        yield monday
        monday += timedelta(weeks=1)
