"""Somebody's weeks as a picture and as a table; only for their own eyes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_skeleton
from django.utils.translation import get_language, get_language_bidi, to_locale
from django.utils.translation import gettext as _

from capx.charts import Column, chart
from volunteers.load import A_WEEK, OVER, WEEK, Calendar, monday_of

AHEAD = 26
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Week:
    """What one week holds, in hours."""

    monday: date
    load: Decimal
    pencilled: Decimal
    capacity: Decimal | None
    utilisation: Decimal | None
    rest_days: int

    @property
    def room(self) -> Decimal | None:
        """Give what is left of the week; nothing, where it is too full."""
        return None if self.capacity is None else max(self.capacity - self.load, Decimal(0))

    @property
    def full(self) -> str:
        """Say how full it is, as people read it."""
        return percent(self.utilisation)

    @property
    def at_rest(self) -> bool:
        """Say whether all of it is rest."""
        return self.rest_days == WEEK

    @property
    def falls_into_rest(self) -> bool:
        """Say whether it is rest and something is to be done in it all the same."""
        return self.at_rest and self.load > 0

    @property
    def too_full(self) -> bool:
        """Say whether it holds more than the person said; a rest says nothing."""
        return not self.at_rest and self.utilisation is not None and self.utilisation > 1


def percent(ratio: Decimal | None) -> str:
    """Write a utilisation: 80 %, over for load at rest, a dash where it is unknown."""
    if ratio is None:
        return "—"
    return _("over") if ratio == OVER else f"{round(ratio * HUNDRED)} %"


def weeks_of(calendar: Calendar, day: date, number: int = AHEAD) -> list[Week]:
    """Give so many weeks from that of a day on."""
    monday = monday_of(day)
    return [_week(calendar, monday + n * A_WEEK) for n in range(number)]


def _week(calendar: Calendar, monday: date) -> Week:
    return Week(
        monday=monday,
        load=calendar.load(monday),
        pencilled=calendar.pencilled_in(monday),
        capacity=calendar.capacity(monday),
        utilisation=calendar.utilisation(monday),
        rest_days=calendar.rest_days(monday),
    )


def picture(weeks: Iterable[Week]) -> dict[str, Any]:
    """Draw weeks, and say in a sentence what the picture shows."""
    rows = list(weeks)
    words = month_words(week.monday for week in rows)
    columns = [_column(week, word) for week, word in zip(rows, words, strict=True)]
    return {
        "chart": chart(columns, mirrored=get_language_bidi()),
        "weeks": rows,
        "too_full": [week for week in rows if week.too_full],
        "at_rest": [week for week in rows if week.at_rest],
        "falls_into_rest": any(week.falls_into_rest for week in rows),
    }


def _column(week: Week, word: str) -> Column:
    """Stack what fits, what is over, and what is only pencilled in."""
    over = Decimal(0) if week.capacity is None else max(week.load - week.capacity, Decimal(0))
    parts = (("load", week.load - over), ("over", over), ("tentative", week.pencilled))
    return Column(parts, week.capacity, shaded=week.rest_days > 0, word=word)


def month_words(mondays: Iterable[date]) -> Iterator[str]:
    """Name each month once, at the first week that begins in it."""
    locale, before = to_locale(get_language() or "en"), None
    for monday in mondays:
        yield format_skeleton("MMM", monday, locale=locale) if monday.month != before else ""
        before = monday.month


def beyond(day: date, number: int = AHEAD) -> tuple[date, date]:
    """Give the days between which rows are read for so many weeks."""
    monday = monday_of(day)
    return monday, monday + timedelta(weeks=number)
