"""Other days that organisers propose to all who have said yes to a journey, and their hosts."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from grandtour.actions import moving
from grandtour.actions.expectations import AN_HOUR, OPEN, VERSIONS_AN_HOUR, TooMany
from grandtour.models import Expectation, Journey, Seat, Stop
from grandtour.notices import expectations as notices
from volunteers.models import Person

GOALS, PROGRAMME = 2000, 4000
WORDS = ("goals", "programme", "questions", "afterwards")


@transaction.atomic
def propose(
    journey: Journey, wishes: Mapping[int, moving.Wish], by: Person, *, at: datetime
) -> list[Expectation]:
    """Put days before all who have said yes and their hosts, with the words there are.

    Nobody has said yes to a version that organisers write: both sides are asked. Raises
    Unchanged where all have these days before them already, TooMany, and what `moving.move`
    does but for days that nobody has agreed on.
    """
    plan = moving.prepare(journey, wishes, by, at=at, agreed=False)
    seats = [seat for seat in plan.seats if seat.state in OPEN]
    held = Seat.objects.select_for_update(no_key=True).order_by("pk")
    list(held.filter(pk__in=[seat.pk for seat in seats]).values_list("pk", flat=True))
    rows = Expectation.objects.on_the_table().filter(seat__in=seats)
    last = {(row.seat_id, row.stop_id): row for row in rows}
    made = [
        _version(seat, stop, before, plan.now[stop.pk])
        for seat in seats
        for stop in plan.changed
        if not (before := last.get((seat.pk, stop.pk))) or before.days != plan.now[stop.pk]
    ]
    if not made:
        raise moving.Unchanged
    theirs = Expectation.objects.filter(seat__in=seats, side="", proposed_by=by)
    lately = theirs.filter(proposed_at__gt=at - AN_HOUR).values("proposed_at").distinct()
    if lately.count() >= VERSIONS_AN_HOUR:
        raise TooMany
    for row in made:
        row.proposed_by, row.proposed_at = by, at
    Expectation.objects.bulk_create(made)
    notices.days_proposed(plan.journey, made, at=at)
    return made


def _version(
    seat: Seat, stop: Stop, before: Expectation | None, days: moving.Days
) -> Expectation:
    """Write the version that follows, with other days; the first begins as the form does."""
    words = (
        {name: getattr(before, name) for name in WORDS}
        if before
        else {
            "goals": seat.application.goals[:GOALS],
            "programme": stop.host.programme[:PROGRAMME],
        }
    )
    number = before.version + 1 if before else 1
    arrive, leave = days
    return Expectation(
        seat=seat, stop=stop, version=number, arrive=arrive, leave=leave, **words
    )
