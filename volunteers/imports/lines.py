"""Reads one line of a file: what it says, or why it is refused; pure."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from capx.folding import fold
from volunteers.imports import columns, values
from volunteers.imports.files import Row
from volunteers.load import MOST_A_DAY, most_weekly, weekly

LONGEST_WHAT = 200
LONGEST_KEY = 60
HOUR = 60
FIRST_YEAR = date(2001, 1, 1)
AHEAD = timedelta(days=5 * 366)
# What a spreadsheet would run; we write it with an apostrophe before, and take that off again.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SEVERAL = ";"


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says; a refused one has a reason, and what the reason is about."""

    number: int
    cells: list[str]
    reason: str = ""
    about: str = ""
    contact: str = ""
    name: str = ""
    email: str = ""
    username: str = ""
    key: str = ""
    ours: str = ""
    what: str = ""
    labels: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    weekly_hours: Decimal | None = None
    state: str = ""


class Refused(Exception):
    """A line is not imported."""

    def __init__(self, reason: str, about: str = "") -> None:
        """Say why, and what it is about."""
        super().__init__(reason)
        self.reason = reason
        self.about = about


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the lines of one file."""

    columns: columns.Columns
    day_first: bool | None
    today: date

    def read(self, row: Row) -> Line:
        """Read a line; one that cannot be read says why."""
        line = Line(row.number, row.cells)
        try:
            self._fits(row.cells)
            line = replace(line, **self._person(row.cells))
            if self.columns.kind == columns.ACTIVITIES:
                line = replace(line, **self._activity(row.cells))
        except Refused as refused:
            return replace(line, reason=refused.reason, about=refused.about)
        return line

    def cell(self, cells: list[str], name: str) -> str:
        """Give what stands in a column, without the apostrophe that disarms a formula."""
        return armed(self.columns.cell(cells, name))

    def _fits(self, cells: list[str]) -> None:
        """Refuse more cells than there are columns; empty ones at the end do no harm."""
        if any(cells[self.columns.width :]):
            raise Refused("ragged", str(len(cells)))

    def _person(self, cells: list[str]) -> dict[str, Any]:
        """Read whom a line is about."""
        said = {
            name: self.cell(cells, name) for name in ("contact", "name", "email", "username")
        }
        if not self.columns.names_people:
            return said
        if not any(said.values()):
            raise Refused("no_contact")
        if SEVERAL in said["contact"] or (SEVERAL in said["name"] and not said["contact"]):
            raise Refused("several", said["contact"] or said["name"])
        return said | {"contact": contact_key(said)}

    def _activity(self, cells: list[str]) -> dict[str, Any]:
        """Read what was done, when, how long, and what became of it."""
        first, minutes = self._day(cells), self._minutes(cells)
        last = self._last(cells, first, minutes)
        hours = weekly(Decimal(minutes) / HOUR, first, last)
        if hours > most_weekly(first, last):
            raise Refused("too_long", self._said_minutes(cells)[0])
        kind, subject = self.cell(cells, "kind"), self.cell(cells, "subject")
        what = subject or kind
        if not what:
            raise Refused("no_subject")
        return {
            "key": self._key(cells, first, kind, subject),
            "ours": self.cell(cells, "ours"),
            "what": what if len(what) <= LONGEST_WHAT else f"{what[: LONGEST_WHAT - 1]}…",
            "labels": tuple(label for label in (kind, subject) if label),
            "first": first,
            "last": last,
            "weekly_hours": hours,
            "state": self._state(cells, first),
        }

    def _day(self, cells: list[str], name: str = "day") -> date:
        text = self.cell(cells, name)
        if not text:
            raise Refused("no_day")
        try:
            day = values.day(text, day_first=self.day_first)
        except values.Ambiguous as wrong:
            raise Refused("ambiguous_day", text) from wrong
        except values.NotKnown as wrong:
            raise Refused("wrong_day", text) from wrong
        if not FIRST_YEAR <= day <= self.today + AHEAD:
            raise Refused("far_day", text)
        return day

    def _last(self, cells: list[str], first: date, minutes: int) -> date:
        """Give the last day: the one that is said, else as many days as the minutes need."""
        if not self.cell(cells, "last"):
            needed = -(-minutes // int(MOST_A_DAY * HOUR))
            return first + timedelta(days=needed - 1)
        last = self._day(cells, "last")
        if last < first:
            raise Refused("wrong_order", self.cell(cells, "last"))
        return last

    def _said_minutes(self, cells: list[str]) -> tuple[str, bool]:
        """Give the duration as it stands, and whether a number alone means hours."""
        text = self.cell(cells, "minutes")
        return (text, False) if text else (self.cell(cells, "hours"), True)

    def _minutes(self, cells: list[str]) -> int:
        text, in_hours = self._said_minutes(cells)
        if not text:
            raise Refused("no_duration")
        try:
            minutes = values.minutes(text, in_hours=in_hours)
        except values.NotKnown as wrong:
            raise Refused("wrong_duration", text) from wrong
        if not minutes:
            raise Refused("no_duration")
        if minutes > 80 * HOUR * 53:  # a year that is full to the brim
            raise Refused("too_long", text)
        return minutes

    def _state(self, cells: list[str], first: date) -> str:
        """Read what became of it; where nothing is said, the day tells."""
        text = self.cell(cells, "status")
        if not text:
            return "done" if first < self.today else "planned"
        try:
            return values.state(text)
        except values.NotKnown as wrong:
            raise Refused("wrong_status", text) from wrong

    def _key(self, cells: list[str], first: date, kind: str, subject: str) -> str:
        """Give what tells this activity from all others of the same person.

        Its number there; without one, its day, hour and words: a corrected duration or state
        is still the same activity.
        """
        number = self.cell(cells, "id")
        if number and len(number) <= LONGEST_KEY:
            return number
        hour = values.clock(self.cell(cells, "day"))
        return f"#{digest(first.isoformat(), hour, fold(kind), fold(subject))}"


def contact_key(said: dict[str, str]) -> str:
    """Give what a contact is remembered by: its number there, else a mark made of its words."""
    if said["contact"] and len(said["contact"]) <= LONGEST_KEY:
        return said["contact"]
    words = next((said[name] for name in ("username", "email", "name") if said[name]), "")
    return f"#{digest(fold(words or said['contact']))}"


def digest(*parts: str) -> str:
    """Make a short mark of some words: the same words, the same mark."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def armed(cell: str) -> str:
    """Take off the apostrophe that keeps a spreadsheet from running a cell."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell
