"""Who carries how much of which skill, in columns of numbers, however many people there are.

PostgreSQL reads each table once and hands its columns over as bytes; NumPy adds them up. Days
count from the first one looked at. Hours are whole numbers, millionths of a seventh of an hour,
so that the order of adding makes no difference.
"""

from dataclasses import dataclass
from datetime import date
from typing import LiteralString, NamedTuple

import numpy as np
from django.db import connection
from psycopg import sql

from volunteers.scoring import Carriers, Column

HOUR = 7_000_000
HAIR = 7  # who has taken on more than they said by less is not over
# Of each stretch of days: whose, from when, until when, and millionths of an hour a week.
DECLARED: LiteralString = """
    SELECT person_id, {first_day}, {until}, 1000000 * weekly_hours
    FROM volunteers_bandwidth WHERE period && daterange({first}, {end}) AND {whose}
"""
RESTS: LiteralString = """
    SELECT person_id, {first_day}, {until}
    FROM volunteers_rest WHERE period && daterange({first}, {end}) AND {whose}
"""
# And for which skill, and whether it is asked and not agreed.
TAKEN: LiteralString = """
    SELECT person_id, {first_day}, {until}, 1000000 * weekly_hours, COALESCE(skill_id, 0),
        (state = 'tentative')::int
    FROM volunteers_commitment
    WHERE state <> 'dropped' AND period && daterange({first}, {end}) AND {whose}
"""


class Carried(NamedTuple):
    """Who carries what, most hours first: places in the list of people, and skills."""

    person: Column
    skill: Column
    carriers: Carriers

    def only(self, some: Column) -> "Carried":
        """Keep some of the entries."""
        return Carried(self.person[some], self.skill[some], self.carriers.only(some))


class Room(NamedTuple):
    """Of each person: on how many days they said what they can give, what is left after rest.

    And on how many days before each one they had said something.
    """

    days: Column
    left: Column
    before: Column


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are looked at, and the keys of the people, in their order.

    `some`: they are few of all, so that each table is read by its index and not whole.
    """

    first: date
    end: date
    people: Column
    some: bool = False

    def carried(self, row_of: Column) -> Carried:
        """Sum up what each carries of each row; `row_of` gives the row of a skill's key.

        What has no skill (0) fills somebody's weeks, and is in no row. Who is only asked, and
        has agreed to nothing, carries no hours and brings no room: only what is asked counts.
        """
        who, first, until, weekly, skill, asked = self._read(TAKEN, 6)
        room, agreed = self._room(), weekly * (1 - asked)
        told = room.before[who, until] - room.before[who, first]
        loaded = _sums(who, agreed * told, len(self.people))
        pairs, pair = np.unique(who * len(row_of) + row_of[skill], return_inverse=True)
        hours = _sums(pair, agreed * (until - first), len(pairs))
        demand = _sums(pair, weekly * (until - first), len(pairs))
        order = np.argsort(-hours, kind="stable")
        order = order[(demand[order] > 0) & (pairs[order] % len(row_of) > 0)]
        person, row = np.divmod(pairs[order], len(row_of))
        carries = hours[order] > 0
        skills = np.bincount(person[carries], minlength=len(self.people))[person]
        known = room.days[person] > 0
        shares = np.where(known & carries, room.days[person] * skills, 1)
        left = room.left[person] / (shares * (HOUR / 7))
        carriers = Carriers(
            hours=hours[order],
            asked=demand[order],
            room=np.where(known & carries, left, 0.0),
            over=known & (loaded[person] > room.left[person] + HAIR),
            known=known,
        )
        return Carried(person, row, carriers)

    def _room(self) -> Room:
        """Sum up what each said they can give."""
        who, first, until, weekly = self._read(DECLARED, 4)
        rests = self._days_before(*self._read(RESTS, 3))
        awake = until - first - (rests[who, until] - rests[who, first])
        return Room(
            _sums(who, until - first, len(self.people)),
            _sums(who, weekly * awake, len(self.people)),
            self._days_before(who, first, until),
        )

    def _days_before(self, who: Column, first: Column, until: Column) -> Column:
        """Count, for each person and day, the days before it that lie in some stretch."""
        days = np.zeros((len(self.people), (self.end - self.first).days + 2), np.int16)
        np.add.at(days, (who, first + 1), 1)
        np.add.at(days, (who, until + 1), -1)
        return days.cumsum(axis=1, dtype=np.int16).cumsum(axis=1, dtype=np.int16)

    def _read(self, rows: LiteralString, number: int) -> list[Column]:
        """Read so many columns; instead of people's keys, their places; others are left out."""
        names = [sql.Identifier(f"column_{n}") for n in range(number)]
        each = [sql.SQL("string_agg(int8send({}::int8), '')").format(name) for name in names]
        statement = sql.SQL("SELECT {} FROM ({}) AS found ({})").format(
            sql.SQL(", ").join(each), self._dated(rows), sql.SQL(", ").join(names)
        )
        with connection.cursor() as cursor:
            cursor.execute(statement)
            ((*sent,),) = cursor.fetchall()
        keys, *others = [whole_numbers(column) for column in sent]
        if not len(self.people):
            return [keys[:0] for _ in sent]
        place = np.searchsorted(self.people, keys).clip(max=len(self.people) - 1)
        known = self.people[place] == keys
        return [place[known], *(column[known] for column in others)]

    def _dated(self, rows: LiteralString) -> sql.Composed:
        """Put the days into a statement."""
        first, end = sql.Literal(self.first), sql.Literal(self.end)
        first_day = sql.SQL("GREATEST(lower(period), {0}) - {0}").format(first)
        until = sql.SQL("LEAST(upper(period), {1}) - {0}").format(first, end)
        few = sql.SQL("person_id = ANY ({})").format(self.people.tolist())
        whose = few if self.some else sql.SQL("true")
        days = {"first": first, "end": end, "first_day": first_day, "until": until}
        return sql.SQL(rows).format(**days, whose=whose)


def whole_numbers(sent: bytes | None) -> Column:
    """Read numbers as PostgreSQL sends them, eight bytes each, the highest first."""
    return np.frombuffer(sent or b"", ">i8").astype(np.int64)


def _sums(place: Column, numbers: Column, places: int) -> Column:
    """Add up the numbers of each place; floats hold these exactly."""
    return np.bincount(place, numbers, places).astype(np.int64)
