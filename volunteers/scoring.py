"""How much hangs on how few people, skill by skill; pure, so that a test can say why.

A row is one skill in one scope (an affiliate, a country, a region, or all): who carries it, how
much is asked, how much room is left. The formulas are those of bandwidth.md, "Bottlenecks".
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import cbrt
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]
Scope = TypeVar("Scope", bound=Hashable)

FEWEST = 5  # people behind a number
LEAST_HOURS = 10  # of demand in all the weeks looked at
FULL, HIGH, HALF = 1.0, 0.8, 0.4  # U
HALF_OVER = 0.5  # O
EXACT = 1e-9  # sums of hours are floats: ten tenths come out as a hair less than one
EXACT_DIGITS = 9


class Level(StrEnum):
    """How much a skill is at risk."""

    RED = "red"
    AMBER = "amber"
    FINE = "fine"
    UNKNOWN = "unknown"


class Band(StrEnum):
    """How full those are who carry a skill, in a word."""

    LOW = "low"
    FINE = "fine"
    HIGH = "high"
    OVER = "over"
    UNKNOWN = "unknown"


# What a band alone says about the risk: no more than the word.
LEVEL_OF = {
    Band.LOW: Level.FINE,
    Band.FINE: Level.FINE,
    Band.HIGH: Level.AMBER,
    Band.OVER: Level.RED,
    Band.UNKNOWN: Level.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Carrier:
    """Somebody's part in a skill: hours over the weeks, and their room for it in hours a week.

    No room (None) means that they have not said how much they can give, which is not nothing.
    """

    hours: float
    room: float | None = None
    over: bool = False


@dataclass(frozen=True)
class Weights:
    """What is summed up over the carriers of a skill.

    `concentration` is the sum of p squared, `truck_factor` the smallest number of people who
    carry half; `demand` (D) and `room` (K) are hours a week; `over` (O) is the part of the
    hours carried by people who are over, `known` that by people who said what they can give,
    who are `declared` people.
    """

    carriers: int
    concentration: float
    truck_factor: int
    demand: float
    room: float
    over: float
    known: float
    declared: int

    @property
    def effective(self) -> float:
        """Give the number of equals who would be as concentrated: 1 by the sum of p squared."""
        return 1 / self.concentration

    @cached_property
    def use(self) -> float | None:
        """Give U = D / K; None where nobody said what they can give.

        Where only some did, their room is held against their part of the demand: what is
        unknown is neither nothing nor enough.
        """
        if self.known <= EXACT:
            return None
        asked = self.demand * min(1.0, self.known)
        if self.room <= EXACT:
            return float("inf") if asked > EXACT else 0.0
        return round(asked / self.room, EXACT_DIGITS)

    @property
    def score(self) -> float | None:
        """Give the score, see `score`; None where U is unknown."""
        return None if self.use is None else score(self.concentration, self.use, self.over)

    @cached_property
    def level(self) -> Level:
        """Say how much the skill is at risk.

        Red: one person carries half, and the room is used up or half is carried by people who
        are over. Amber: two at most carry half, and four fifths of the room are used.
        """
        if self.use is None:
            return Level.UNKNOWN
        if self.truck_factor == 1 and (self.use >= FULL or self.over >= HALF_OVER):
            return Level.RED
        if self.truck_factor <= 2 and self.use >= HIGH:  # noqa: PLR2004 -- the definition
            return Level.AMBER
        return Level.FINE

    @property
    def band(self) -> Band:
        """Say in a word how full those are who carry it."""
        if self.use is None:
            return Band.UNKNOWN
        if self.level == Level.RED or self.use >= FULL:
            return Band.OVER
        if self.level == Level.AMBER or self.use >= HIGH:
            return Band.HIGH
        return Band.FINE if self.use >= HALF else Band.LOW


def score(concentration: float, use: float, over: float) -> float:
    """Weigh how few carry a skill, how much of their room is used, and how many are over.

    100 * (min(1, sum of p squared) * min(1, U) * (0.25 + 0.75 O)) ** (1/3), between 0 and 100;
    the cube root keeps it from being small when only one of the three is.
    """
    product = min(1.0, concentration) * min(1.0, use) * (0.25 + 0.75 * min(1.0, over))
    return min(100.0, 100 * cbrt(product))


@dataclass(frozen=True, slots=True)
class Carriers:
    """Who carries a skill or is asked to, one after another, column by column.

    `hours` are those agreed, `asked` those and what is not answered yet, both in the same unit;
    `room` in hours a week, `known` whether they said how much they can give.
    """

    hours: Column
    asked: Column
    room: Column
    over: Column
    known: Column

    def only(self, some: Column) -> "Carriers":
        """Keep some of them."""
        return Carriers(
            *(self.hours[some], self.asked[some], self.room[some]),
            *(self.over[some], self.known[some]),
        )

    def sums(self, places: Column, starts: Column) -> "Sums":
        """Sum up what stands at these places, from each start to the next."""
        hours = self.hours[places]
        squares = np.add.reduceat(hours.astype(float) ** 2, starts)
        return Sums(
            people=np.add.reduceat((hours > 0).astype(int), starts),
            hours=np.add.reduceat(hours, starts),
            squares=squares,
            asked=np.add.reduceat(self.asked[places], starts),
            room=np.add.reduceat(self.room[places], starts),
            over=np.add.reduceat(hours * self.over[places], starts),
            known=np.add.reduceat(hours * self.known[places], starts),
            declared=np.add.reduceat(((hours > 0) & self.known[places]).astype(int), starts),
            half=truck_factors(hours, starts),
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """What is summed up of the carriers of one row after another, column by column."""

    people: Column
    hours: Column
    squares: Column
    asked: Column
    room: Column
    over: Column
    known: Column
    declared: Column
    half: Column

    def weights(self, unit: float) -> list[Weights]:
        """Weigh each row; `unit` are the hours a week of one that was asked."""
        # What nobody carries weighs nothing.
        hours = np.where(self.hours > 0, self.hours, 1).astype(float)
        columns = (
            self.people,
            np.minimum(1, self.squares / hours**2),
            self.half,
            self.asked * unit,
            self.room,
            self.over / hours,
            self.known / hours,
            self.declared,
        )
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return [Weights(*row) for row in rows]


def truck_factors(hours: Column, starts: Column) -> Column:
    """Give the smallest number of people who carry half, from each start to the next.

    From a start on the largest come first.
    """
    sizes = np.diff(starts, append=len(hours))
    whole, carried = np.add.reduceat(hours, starts), np.cumsum(hours)
    carried -= np.repeat(carried[starts] - hours[starts], sizes)
    half = np.repeat(whole * (0.5 - EXACT), sizes)
    return np.add.reduceat((carried < half).astype(int), starts) + 1


def weigh(carriers: Collection[Carrier], demand: float) -> Weights:
    """Weigh all who carry a skill (at least one with hours); demand in hours a week."""
    ordered = sorted(carriers, key=lambda one: -one.hours)
    columns = Carriers(
        hours=np.array([one.hours for one in ordered]),
        asked=np.array([demand] + [0.0] * (len(ordered) - 1)),
        room=np.array([one.room or 0.0 for one in ordered]),
        over=np.array([one.over for one in ordered]),
        known=np.array([one.room is not None for one in ordered]),
    )
    return columns.sums(np.arange(len(ordered)), np.zeros(1, int)).weights(1)[0]


# What others may learn. Sums can be subtracted from each other: of two scopes, of two weeks.


def publishable(groups: Mapping[frozenset[Scope], int], scopes: Sequence[Scope]) -> set[Scope]:
    """Choose the scopes whose sums may be shown, so that no subtraction leaves fewer than five.

    `groups` counts the people who are in exactly these scopes. A scope is shown when it, and
    what it leaves of every part that the scopes before it make together, are nobody or five
    people at least. All sums that can be made of shown ones are sums over such parts, so none
    is about fewer than five, whatever is added and subtracted. Earlier scopes go first.
    """
    members: dict[Scope, list[frozenset[Scope]]] = {scope: [] for scope in scopes}
    for group in groups:
        for scope in group & members.keys():
            members[scope].append(group)
    part = dict.fromkeys(groups, 0)  # which part each group is in
    size = {0: 0}  # people of each part; part 0 is what no shown scope holds
    shown: set[Scope] = set()
    for scope in scopes:
        inside: dict[int, int] = {}
        for group in members[scope]:
            inside[part[group]] = inside.get(part[group], 0) + groups[group]
        if not inside or not all(_enough(n) for n in inside.values()):
            continue
        if not all(_enough(size[old] - n) for old, n in inside.items() if old):
            continue
        shown.add(scope)
        new = {old: len(size) + at for at, old in enumerate(inside)}
        for old, number in new.items():
            size[number] = inside[old]
            size[old] -= inside[old]
        for group in members[scope]:
            part[group] = new[part[group]]
    return shown


def _enough(people: int) -> bool:
    return people == 0 or people >= FEWEST


def rounded(value: float, step: float) -> float:
    """Round to a multiple of a step; what lies between two must not hang on a hair."""
    return round(round(value / step, EXACT_DIGITS)) * step


def settled(value: float, before: Iterable[float], step: float) -> float:
    """Round a number, and let it move one step at most from what was shown before.

    `before` are those of last night and of last week. So two looks, one subtracted from the
    other, say 'more', 'less' or 'the same', and never how much somebody gave who came or went.
    """
    now = rounded(value, step)
    for shown in before:
        now = min(max(now, shown - step), shown + step)
    return now


def hours_step(value: float) -> float:
    """Give the step in which hours a week are shown: two, and from 50 on about a twentieth."""
    return max(2.0, 5.0 * round(value / 100))


def people_step(value: float) -> int:
    """Give the step in which numbers of people are shown: one, and then about a twentieth."""
    return max(1, round(value / 20))


def equals_step(value: float) -> float:
    """Give the step in which so many equals are shown: half of one, from ten on as people."""
    return 0.5 if value < 10 else people_step(value)  # noqa: PLR2004 -- the definition


CROWDS = (FEWEST, 10, 20, 50, 100, 200, 500, 1000)


def crowd(people: int) -> int:
    """Give the lower end of the range (5 to 9, 10 to 19 …) that a number of people is in."""
    return max(step for step in CROWDS if step <= people)
