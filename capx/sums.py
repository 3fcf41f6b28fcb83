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

    `nobodys` is what came beside: of an affiliate itself, so that it says nothing of anybody.
    """

    kind: str
    unit: str
    given: Mapping[int, Decimal]
    nobodys: Decimal = Decimal(0)

    def __add__(self, other: "Sum") -> "Sum":
        """Add one of the same kind and unit."""
        both = dict(self.given)
        for person, amount in other.given.items():
            both[person] = both.get(person, Decimal(0)) + amount
        return Sum(self.kind, self.unit, both, self.nobodys + other.nobodys)

    @property
    def amount(self) -> Decimal:
        """Add up what all gave."""
        return sum(self.given.values(), self.nobodys)

    @property
    def few(self) -> bool:
        """Say whether too few people gave to tell how much, or one of them half of it."""
        if not self.given:
            return False
        of_people, largest = sum(self.given.values()), max(self.given.values())
        return len(self.given) < ENOUGH or 2 * largest >= of_people

    @property
    def told(self) -> Decimal | None:
        """Give about how much it is, without what too few people gave; None where that is all.

        It is rounded to a step that is no smaller than what anybody gave: whoever looks before
        and after somebody comes or goes sees a step more, one less or the same.
        """
        if self.few:
            return self.nobodys or None
        if not self.given:
            return self.nobodys
        of_people = sum(self.given.values(), Decimal(0))
        return rounded(of_people, step_above(max(self.given.values()))) + self.nobodys


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
