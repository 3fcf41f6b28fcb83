"""How full somebody's weeks are; pure, so that a test can say why.

Definitions, in hours and ISO weeks (Monday to Sunday) of the person's own time zone:

- capacity E: what was declared x (7 - rest days) / 7; nothing declared is unknown, never zero
- load L: what was agreed, spread evenly over its days; tentative T stays apart
- utilisation U: L / E; unknown where nothing is declared, OVER where E is nothing and L is not
- rest week: seven days of rest, or L at most a tenth of what was declared
- rest due: after six weeks in a row with U of at least 0.9
- overload: U above 1 in three of four weeks
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

WEEK = 7
A_WEEK = timedelta(weeks=1)
HOUR = 60  # minutes
# So fine that the minutes of three centuries come back from the hours a week.
FINEST = Decimal("0.000001")
# A hair finer than anybody's weeks: what was rounded above must not make a full week too full.
RATIO = Decimal("0.0001")
MOST_A_WEEK, MOST_A_DAY = Decimal(80), Decimal(24)
OVER = Decimal("Infinity")
FULL, FULL_FOR = Decimal("0.9"), 6
TOO_FULL, WITHIN = 3, 4
NEXT_TO_NOTHING = Decimal("0.1")


def weekly(hours: Decimal, first: date, last: date) -> Decimal:
    """Spread hours over the days from first to last: hours a week."""
    spread = hours * WEEK / ((last - first).days + 1)
    return max(spread.quantize(FINEST), FINEST)


def most_weekly(first: date, last: date) -> Decimal:
    """Give the most that days can hold: 80 hours in any week, 24 in any day; hours a week."""
    days = min((last - first).days + 1, WEEK)
    return min(MOST_A_WEEK * WEEK / days, MOST_A_DAY * WEEK).quantize(FINEST)


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Split a whole by weights so that the parts add up to it: by largest remainder.

    Of two equal remainders the earlier part gets more. At least one weight is above 0.
    """
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda n: -(total * weights[n] % whole))
    for n in by_remainder[: total - sum(parts)]:
        parts[n] += 1
    return parts


def monday_of(day: date) -> date:
    """Give the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def month_of(day: date) -> date:
    """Give the first day of a day's month."""
    return day.replace(day=1)


def spread_over(
    part_of: Callable[[date], date], minutes: int, first: date, end: date
) -> dict[date, int]:
    """Split minutes over the weeks or months of the days before `end`; they add up again."""
    days = (first + timedelta(days=n) for n in range((end - first).days))
    lengths = {part: len(list(some)) for part, some in groupby(days, part_of)}
    return dict(zip(lengths, split(minutes, list(lengths.values())), strict=True))


@dataclass(frozen=True, slots=True)
class Span:
    """Hours a week from the first day to the day after the last; no end means for ever."""

    first: date
    end: date | None
    weekly_hours: Decimal = Decimal(0)

    def holds(self, day: date) -> bool:
        """Say whether this day lies within."""
        return self.first <= day and (self.end is None or day < self.end)

    def minutes(self, before: date) -> int:
        """Give its minutes on the days before one, or before its own end."""
        end = min(self.end or before, before)
        days = max((end - self.first).days, 0)
        return round(Fraction(self.weekly_hours) * HOUR * days / WEEK)

    def days_in(self, monday: date) -> int:
        """Give its days of a week, one bit each."""
        first = max((self.first - monday).days, 0)
        end = WEEK if self.end is None else min((self.end - monday).days, WEEK)
        return (1 << end) - (1 << first) if first < end else 0


@dataclass(frozen=True, slots=True)
class Effect:
    """What an ask does to a week: load before, what it adds, capacity if it is known; hours."""

    monday: date
    load: Decimal
    more: Decimal
    capacity: Decimal | None

    @property
    def together(self) -> Decimal:
        """Give the load with the ask, in hours."""
        return self.load + self.more

    @property
    def before(self) -> Decimal | None:
        """Give the utilisation without the ask."""
        return None if self.capacity is None else _ratio(self.load, self.capacity)

    @property
    def after(self) -> Decimal | None:
        """Give the utilisation with the ask."""
        return None if self.capacity is None else _ratio(self.together, self.capacity)

    @property
    def too_full(self) -> bool:
        """Say whether the week holds more than the person said, with the ask."""
        return self.after is not None and self.after > 1


@dataclass(slots=True)
class Calendar:
    """What one person said they can give, when they rest, and what they have taken on."""

    declared: list[Span] = field(default_factory=list)
    rests: list[Span] = field(default_factory=list)
    commitments: list[Span] = field(default_factory=list)
    tentative: list[Span] = field(default_factory=list)

    @property
    def says_nothing(self) -> bool:
        """Say that there is neither rest nor a number of hours: then no day differs."""
        return not self.declared and not self.rests

    def rests_on(self, day: date) -> bool:
        """Say whether the person is to be left alone on this day."""
        return any(rest.holds(day) for rest in self.rests)

    def capacity(self, monday: date) -> Decimal | None:
        """Give the hours of a week that are not rest (E); None where nothing is declared."""
        sevenfold = self._capacity(monday, self._rest(monday))
        return None if sevenfold is None else sevenfold / WEEK

    def load(self, monday: date) -> Decimal:
        """Add up the hours that are promised in a week (L)."""
        return _sevenfold(self.commitments, monday) / WEEK

    def pencilled_in(self, monday: date) -> Decimal:
        """Add up the hours of a week that are asked for and not agreed (T)."""
        return _sevenfold(self.tentative, monday) / WEEK

    def utilisation(self, monday: date) -> Decimal | None:
        """Give L / E of a week (U; 1 is full): None where unknown, OVER for load at rest."""
        capacity = self._capacity(monday, self._rest(monday))
        if capacity is None:
            return None
        return _ratio(_sevenfold(self.commitments, monday), capacity)

    def is_rest(self, monday: date) -> bool:
        """Say whether a week is one of rest, or as good as one."""
        if self._rest(monday).bit_count() == WEEK:
            return True
        declared = self._capacity(monday, 0) or Decimal(0)
        return _sevenfold(self.commitments, monday) <= declared * NEXT_TO_NOTHING

    def rest_days(self, monday: date) -> int:
        """Count the days of rest of a week."""
        return self._rest(monday).bit_count()

    def rest_due(self, monday: date) -> bool:
        """Say whether the six weeks before this Monday were all full, and none was rest."""
        return all(self._is_full(monday - n * A_WEEK) for n in range(1, FULL_FOR + 1))

    def overload(self, monday: date) -> list[date]:
        """Name the weeks that are too full, where three of the four from this Monday are."""
        weeks = [monday + n * A_WEEK for n in range(WITHIN)]
        full = [week for week in weeks if (self.utilisation(week) or 0) > 1]
        return full if len(full) >= TOO_FULL else []

    def fullest(self, ask: Span) -> Decimal:
        """Give the greatest utilisation (1 is full) in the weeks of an ask, with the ask.

        Weeks without a declared capacity do not count.
        """
        return max((how_full for _monday, how_full in self.weeks(ask)), default=Decimal(0))

    def leaves_nothing_for(self, ask: Span) -> bool:
        """Say whether every day of an ask is one of rest, or in a week without an hour left.

        Then there is no room for it, also where it names no hours; unknown is never nothing.
        """
        return not any(
            ask.days_in(monday) & ~self._rest(monday) and not self._is_used_up(monday)
            for monday in _mondays(ask)
        )

    def weeks(self, ask: Span) -> Iterator[tuple[date, Decimal]]:
        """Give the Monday and the utilisation, with the ask, of each week that it touches.

        Weeks without a declared capacity, or with nothing in them, are left out.
        """
        for effect in self.effects(ask):
            if effect.after:
                yield effect.monday, effect.after

    def effects(self, ask: Span) -> Iterator[Effect]:
        """Give what an ask does to each week that it touches."""
        for monday in _mondays(ask):
            more = _sevenfold([ask], monday) / WEEK
            yield Effect(monday, self.load(monday), more, self.capacity(monday))

    def _is_used_up(self, monday: date) -> bool:
        left = self._capacity(monday, self._rest(monday))
        return left is not None and _sevenfold(self.commitments, monday) >= left

    def _is_full(self, monday: date) -> bool:
        return (self.utilisation(monday) or 0) >= FULL and not self.is_rest(monday)

    # Sums over days are sevenths of hours a week. They are divided once, at the end: a week
    # that is exactly full must not come out as a hair more or less than full.

    def _rest(self, monday: date) -> int:
        """Give the days of rest of a week, one bit each."""
        days = 0
        for rest in self.rests:
            days |= rest.days_in(monday)
        return days

    def _capacity(self, monday: date, rest: int) -> Decimal | None:
        """Add up what was declared for the days without rest.

        In a week of which only some days are declared, the others are as these on average.
        """
        known, declared, left = 0, Decimal(0), Decimal(0)
        for span in self.declared:
            days = span.days_in(monday)
            known |= days
            declared += span.weekly_hours * days.bit_count()
            left += span.weekly_hours * (days & ~rest).bit_count()
        if not known:
            return None
        unknown = WEEK - (known | rest).bit_count()
        return left + (declared * unknown / known.bit_count() if unknown else 0)


def together(calendars: Iterable[Calendar], monday: date) -> Decimal | None:
    """Give the utilisation of a group in a week: sum of L by sum of E, not a mean of ratios.

    Who has declared nothing is in neither sum; None where nobody has.
    """
    known = [(one.load(monday), one.capacity(monday)) for one in calendars]
    pairs = [(load, capacity) for load, capacity in known if capacity is not None]
    if not pairs:
        return None
    loads, capacities = zip(*pairs, strict=True)
    return _ratio(sum(loads, Decimal(0)), sum(capacities, Decimal(0)))


def _ratio(load: Decimal, capacity: Decimal) -> Decimal:
    if capacity:
        return (load / capacity).quantize(RATIO)
    return OVER if load else Decimal(0)


def _sevenfold(spans: Iterable[Span], monday: date) -> Decimal:
    return sum(
        (span.weekly_hours * span.days_in(monday).bit_count() for span in spans), Decimal(0)
    )


def _mondays(span: Span) -> Iterator[date]:
    monday = monday_of(span.first)
    end = span.end or span.first + timedelta(weeks=8)
    while monday < end:
        yield monday
        monday += A_WEEK
