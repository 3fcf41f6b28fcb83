"""What stands in the way of reading an application: what is missing, days, earlier reports."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from capx.zones import still_day
from grandtour.models import Application, Edition, Seat, Window
from volunteers.models.bandwidth import joined

A_DAY = timedelta(days=1)
State = Application.State


class Problem(models.TextChoices):
    """What organisers look at before anybody reads."""

    WORDS = "words", _("neither goals nor a recording")
    DAYS = "days", _("no days within the days of travel")
    SHORT = "short", _("too few days in a row for the shortest journey")
    LATE = "late", _("sent after the last day")
    REPORT = "report", _("has not reported on an earlier journey")
    SCRIPT = "script", _("in a script in which we cannot look for the name: read it first")


def problems(edition: Edition, keys: Iterable[int], day: date) -> dict[int, list[Problem]]:
    """Say what stands in the way of each of these applications, by its key."""
    rows = list(edition.applications.filter(pk__in=list(keys)).only(*COLUMNS))
    shown = [row.pk for row in rows]
    longest = _longest(edition, shown)
    sent = _first_sent(edition, shown)
    silent = _without_report([row.person_id for row in rows], day)
    needed = edition.fewest_stops * edition.fewest_nights + 1
    found: dict[int, list[Problem]] = {}
    for row in rows:
        room = longest.get(row.pk, 0)
        last = sent.get(row.pk, edition.applications_last_day)
        holds = {
            Problem.WORDS: not (row.goals or row.voice_note or row.way == "questions"),
            Problem.DAYS: not room,
            Problem.SHORT: 0 < room < needed,
            Problem.LATE: last > edition.applications_last_day,
            Problem.REPORT: row.person_id in silent,
        }
        found[row.pk] = [problem for problem, is_so in holds.items() if is_so]
    return found


COLUMNS = ("pk", "person_id", "way", "goals", "voice_note", "edition_id")


def _longest(edition: Edition, keys: list[int]) -> dict[int, int]:
    """Give the most days in a row of each application within the days of travel."""
    periods: dict[int, list[DateRange]] = defaultdict(list)
    rows = Window.objects.filter(application__in=keys)
    for key, period in rows.values_list("application", "period"):
        periods[key].append(period)
    first, end = edition.travel_first_day, edition.travel_last_day + A_DAY
    return {
        key: max(
            0,
            *((min(one.upper, end) - max(one.lower, first)).days for one in joined(those)),
        )
        for key, those in periods.items()
    }


def _first_sent(edition: Edition, keys: list[int]) -> dict[int, date]:
    """Give the day on which each was sent for the first time, where days end last."""
    rows = edition.applications.filter(pk__in=keys, events__state=State.SUBMITTED)
    first = rows.values("pk").annotate(first=Min("events__at")).values_list("pk", "first")
    return {key: still_day(at) for key, at in first}


def _without_report(people: list[int], day: date) -> set[int]:
    """Keep who is home from an earlier journey and whose report is late, by their own list."""
    rows = Seat.objects.owing_a_report(day).filter(person__in=people)
    return set(rows.values_list("person", flat=True))
