"""Other days for a journey, as long as what was granted pays for its nights."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from grandtour.actions import moving
from grandtour.models import Edition, Journey
from grandtour.plans import budget
from volunteers.models import Person


class TooDear(Exception):
    """Nights are reckoned at `more` than before, and only `left` is left; both in cents."""

    def __init__(self, more: int, left: int) -> None:
        """Keep the sums."""
        super().__init__(f"{more} of {left}")
        self.more, self.left = more, left


@transaction.atomic
def move(
    journey: Journey, wishes: Mapping[int, moving.Wish], by: Person, *, at: datetime
) -> moving.Moved:
    """Give stops other days; raises TooDear, and what `moving.move` does."""
    found = moving.move(journey, wishes, by, at=at)
    edition = Edition.objects.get(pk=journey.edition_id)
    more, granted = reckoned(edition, found), budget.money(edition)
    if granted and more > max(0, granted.left):
        raise TooDear(more, granted.left)
    return found


def foreseen(
    journey: Journey, wishes: Mapping[int, moving.Wish], by: Person, *, at: datetime
) -> moving.Moved:
    """Say what a move would change, and change nothing; raises what `move` does."""
    with transaction.atomic():
        found = move(journey, wishes, by, at=at)
        transaction.set_rollback(True)
    return found


def reckoned(edition: Edition, found: moving.Moved) -> int:
    """Give how much more the nights of all guests are reckoned at, in cents of the euro."""
    return edition.night_cost * found.nights * found.guests
