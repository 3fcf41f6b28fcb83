"""Sums over people, and the rule of small numbers: what may be told of them.

Each app that knows of hours or money gives its sums; added up, they know how much each person
gave, so that somebody who gave in two apps counts as one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# The two sides of capacity, of which an affiliate writes down its priorities.
BUILDING, SHARING = "building", "sharing"
ENOUGH = 5
HOURS = ""
PROGRAMME = "programme"  # hours of journeys, on which a programme is travelled or hosted
ROUND = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Sum:
    """What each person gave of one kind; its unit is HOURS or a currency's smallest unit.

    `of_nobody`: it is known by other keys than people's and says nothing of anybody.
    """

    kind: str
    unit: str
    given: Mapping[int, Decimal]
    of_nobody: bool = False

    def __add__(self, other: "Sum") -> "Sum":
        """Add one of the same kind and unit."""
        both = dict(self.given)
        for person, amount in other.given.items():
            both[person] = both.get(person, Decimal(0)) + amount
        return Sum(self.kind, self.unit, both, self.of_nobody and other.of_nobody)

    @property
    def amount(self) -> Decimal:
        """Add up what all gave."""
        return sum(self.given.values(), Decimal(0))

    @property
    def told(self) -> Decimal | None:
        """Give about how much it is; nothing of fewer than five, or where one gave half.

        It is rounded to a step that is no smaller than what anybody gave: whoever looks before
        and after somebody comes or goes sees a step more, one less or the same.
        """
        if self.of_nobody:
            return self.amount
        amount, largest = self.amount, max(self.given.values())
        if len(self.given) < ENOUGH or 2 * largest >= amount:
            return None
        return rounded(amount, step_above(largest))


def rounded(amount: Decimal, step: Decimal) -> Decimal:
    """Round to a multiple of a step; a half always up, else two halves would be two steps."""
    return (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def step_above(value: Decimal) -> Decimal:
    """Give the smallest of 1, 2, 5, 10, 20, 50 … that is no smaller than a value."""
    tens = Decimal(10) ** max(0, value.adjusted())
    return next(one * tens for one in ROUND if one * tens >= value)


def added(sums: Iterable[Sum]) -> dict[tuple[str, str], Sum]:
    """Add up what has the same kind and unit."""
    total: dict[tuple[str, str], Sum] = {}
    for one in sums:
        key = one.kind, one.unit
        total[key] = total[key] + one if key in total else one
    return total
