"""Other days for a journey, as long as what was granted pays for all that stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from django.db import transaction

from grandtour.actions import moving, proposing
from grandtour.models import Edition, Expectation, Journey
from grandtour.plans import budget, standing
from grandtour.plans.reading import still_to_pay
from volunteers.models import Person

Found = TypeVar("Found")
Wishes = Mapping[int, moving.Wish]
NONE: Wishes = MappingProxyType({})


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
def move(journey: Journey, wishes: Wishes, by: Person, *, at: datetime) -> Reckoned:
    """Give stops other days; raises TooDear, and what `moving.move` does."""
    edition = Edition.objects.hold(journey.edition_id)
    left = _left(edition)
    moved = moving.move(journey, wishes, by, at=at)
    after = _left(edition)
    if left is None or after is None:
        return Reckoned(moved, edition.night_cost * moved.nights * moved.guests, None)
    _must_be_paid(left, after)
    return Reckoned(moved, left - after, max(0, left))


@transaction.atomic
def propose(journey: Journey, wishes: Wishes, by: Person, *, at: datetime) -> list[Expectation]:
    """Put days before all who have said yes; raises TooDear, and what `proposing.propose` does.

    Nothing is set aside for them: `move` asks again.
    """
    edition = Edition.objects.hold(journey.edition_id)
    made = proposing.propose(journey, wishes, by, at=at)
    left, after = _left(edition), _left(edition, wishes)
    if left is not None and after is not None:
        _must_be_paid(left, after)
    return made


def foreseen(
    act: Callable[..., Found], journey: Journey, wishes: Wishes, by: Person, *, at: datetime
) -> Found:
    """Say what `move` or `propose` would do, and do nothing; raises what it does."""
    with transaction.atomic():
        found = act(journey, wishes, by, at=at)
        transaction.set_rollback(True)
    return found


def _must_be_paid(left: int, after: int) -> None:
    """Raise TooDear where money was left, and is not, or less than nothing becomes less."""
    if after < min(0, left):
        raise TooDear(left - after, max(0, left))


def _left(edition: Edition, wishes: Wishes = NONE) -> int | None:
    """Give what was granted less all that stands, in cents; less than nothing where it is over.

    Costs that are set aside or paid count as they are, all other nights and ways as in a plan;
    stops that are wished for on other days as if they had them.
    """
    granted = budget.money(edition)
    if granted is None:
        return None
    stands = standing.live(edition)
    for stop in (one for journey in stands for one in journey.stops.all()):
        if wish := wishes.get(stop.pk):
            stop.arrive, stop.leave = wish.now
    return granted.left - still_to_pay(edition, stands)
