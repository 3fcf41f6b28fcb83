"""Other days for a journey, as long as what was granted pays for all that stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from grandtour.actions import moving
from grandtour.models import Edition, Journey
from grandtour.plans import budget, standing
from grandtour.plans.reading import still_to_pay
from volunteers.models import Person


class TooDear(Exception):
    """Nights are reckoned at `more` than before, and only `left` is left; both in cents."""

    def __init__(self, more: int, left: int) -> None:
        """Keep the sums."""
        super().__init__(f"{more} of {left}")
        self.more, self.left = more, left


@dataclass(frozen=True)
class Reckoned:
    """What a move changes, how much `more` it costs, and what was `left` before, in cents.

    `left` is what was granted less all journeys as they stood; None: nothing was granted.
    """

    moved: moving.Moved
    more: int
    left: int | None


@transaction.atomic
def move(
    journey: Journey, wishes: Mapping[int, moving.Wish], by: Person, *, at: datetime
) -> Reckoned:
    """Give stops other days; raises TooDear, and what `moving.move` does."""
    edition = Edition.objects.hold(journey.edition_id)
    left = _left(edition)
    moved = moving.move(journey, wishes, by, at=at)
    after = _left(edition)
    if left is None or after is None:
        return Reckoned(moved, edition.night_cost * moved.nights * moved.guests, None)
    if after < min(0, left):
        raise TooDear(left - after, max(0, left))
    return Reckoned(moved, left - after, max(0, left))


def foreseen(
    journey: Journey, wishes: Mapping[int, moving.Wish], by: Person, *, at: datetime
) -> Reckoned:
    """Say what a move would change, and change nothing; raises what `move` does."""
    with transaction.atomic():
        found = move(journey, wishes, by, at=at)
        transaction.set_rollback(True)
    return found


def _left(edition: Edition) -> int | None:
    """Give what was granted less all that stands, in cents; less than nothing where it is over.

    Costs that are set aside or paid count as they are, all other nights and ways as in a plan.
    """
    granted = budget.money(edition)
    if granted is None:
        return None
    return granted.left - still_to_pay(edition, standing.live(edition))
