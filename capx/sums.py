"""Sums over people, and the rule of small numbers: under five people nothing is told.

Each app that knows of hours or money gives its sums; added up, they know whose they are, so
that somebody who gave in two apps counts as one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

ENOUGH = 5
HOURS = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount of one kind; its unit is HOURS or a currency, then in its smallest unit."""

    kind: str
    unit: str
    amount: Decimal
    people: frozenset[int]

    def __add__(self, other: "Sum") -> "Sum":
        """Add one of the same kind and unit."""
        amount = self.amount + other.amount
        return Sum(self.kind, self.unit, amount, self.people | other.people)

    @property
    def told(self) -> Decimal | None:
        """Give the amount where it comes from five people or more, else nothing."""
        return self.amount if len(self.people) >= ENOUGH else None


def added(sums: Iterable[Sum]) -> dict[tuple[str, str], Sum]:
    """Add up what has the same kind and unit."""
    total: dict[tuple[str, str], Sum] = {}
    for one in sums:
        key = one.kind, one.unit
        total[key] = total[key] + one if key in total else one
    return total
