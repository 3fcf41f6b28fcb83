"""What traveller and host expect of each other: proposed, changed, agreed on, kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from capx.states import IllegalMove
from capx.terms import Changed
from grandtour.actions import weeks as filled
from grandtour.models import Consent, Expectation, Journey, Seat, Side, Stop
from grandtour.notices import expectations as notices
from volunteers.models import Person

State = Seat.State
AN_HOUR = timedelta(hours=1)
VERSIONS_AN_HOUR = 10
# From the yes of the traveller until they are home again.
OPEN = frozenset({State.ACCEPTED, State.AGREED, State.CONFIRMED, State.TRAVELLING})


class TooMany(Exception):
    """Those were many changes within an hour."""


class Fuller(Exception):
    """A yes to other days fills the weeks of whoever travels in another way than was seen."""


class Incomplete(Exception):
    """A part of what both have to agree on is still missing."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, and for which side."""

    person: Person
    side: Side


@transaction.atomic
def propose(
    expectation: Expectation, by: Speaker, *, read: int, at: datetime, weeks: str | None = None
) -> Expectation:
    """Put words on the table: who writes them has said yes, the other side is asked.

    `expectation` is an unsaved row that knows its place and stop; `read` is the version that
    its writer had before them, and `weeks` the mark of the weeks that other days would fill.
    Raises Changed, Fuller, TooMany, IllegalMove.
    """
    last = _hold(expectation.seat, expectation.stop)
    if last != read:
        raise Changed
    _must_be_seen(expectation, by, weeks, at=at)
    mine = Expectation.objects.filter(seat=expectation.seat, proposed_by=by.person)
    if mine.filter(proposed_at__gt=at - AN_HOUR).count() >= VERSIONS_AN_HOUR:
        raise TooMany
    expectation.version, expectation.side = last + 1, by.side
    expectation.proposed_by, expectation.proposed_at = by.person, at
    expectation.save(force_insert=True)
    Consent.objects.create(expectation=expectation, side=by.side, person=by.person, at=at)
    notices.proposed(expectation)
    return expectation


@transaction.atomic
def confirm(
    expectation: Expectation, by: Speaker, *, at: datetime, weeks: str | None = None
) -> bool:
    """Say yes to just these words; say whether this was the first yes of this side.

    `weeks` is the mark of the weeks that other days would fill, as they were seen. Raises
    Changed, Fuller, Incomplete, IllegalMove.
    """
    if not expectation.side:
        # Of all who answer organisers the last one is known as such.
        Journey.objects.select_for_update(no_key=True).get(pk=expectation.seat.journey_id)
    if _hold(expectation.seat, expectation.stop) != expectation.version:
        raise Changed
    if not expectation.complete:
        raise Incomplete
    _must_be_seen(expectation, by, weeks, at=at)
    yes = {"person": by.person, "at": at}
    _row, new = Consent.objects.get_or_create(
        expectation=expectation, side=by.side, defaults=yes
    )
    if new and expectation.consents.count() == len(Side):
        _tell(expectation)
    return new


def _tell(agreed: Expectation) -> None:
    """Tell both sides that they agree, and of other days whoever these concern as well."""
    notices.agreed(agreed)
    if not agreed.moves:
        return
    if agreed.side:
        notices.other_days(agreed)
        notices.companion_agreed(agreed)
        return
    if _all_have_agreed(agreed.seat.journey):
        notices.days_agreed(agreed)


def _all_have_agreed(journey: Journey) -> bool:
    """Say whether all who travel agreed with each host on the same days, of those proposed."""
    seats = journey.seats.filter(state__in=OPEN)
    table = Expectation.objects.on_the_table().filter(seat__in=seats)
    stops = {*table.filter(side="").values_list("stop", flat=True)}
    agreed = Expectation.objects.agreed().filter(seat__in=seats, stop__in=stops)
    days = {(row.seat_id, row.stop_id): row.days for row in agreed}
    alike = {(stop, found) for (_seat, stop), found in days.items()}
    return len(days) == len(seats) * len(stops) and len(alike) == len(stops)


def _must_be_seen(words: Expectation, by: Speaker, seen: str | None, *, at: datetime) -> None:
    """Compare the weeks that whoever travels has seen filled; raises Fuller."""
    if seen is None or by.side != Side.TRAVELLER or not words.moves:
        return
    found = filled.overfull(words.seat, at=at, period=filled.wished_for(words))
    if filled.mark_of(found) != seen:
        raise Fuller


def _hold(seat: Seat, stop: Stop) -> int:
    """Lock a place about which one can still agree; give the version on the table, or 0."""
    held = Seat.objects.select_for_update(no_key=True).get(pk=seat.pk)
    if held.state not in OPEN:
        raise IllegalMove
    versions = Expectation.objects.filter(seat=seat, stop=stop)
    return versions.aggregate(last=Max("version"))["last"] or 0


def unsettled(journey: Journey, seats: Iterable[Seat]) -> tuple[list[Seat], list[Seat]]:
    """Lock places; list those of whom something is not agreed on with a host of the journey.

    Apart from them those who have agreed on all, but on other days than a stop has: as long as
    it has not been moved.
    """
    seats = list(seats)
    held = Seat.objects.select_for_update(no_key=True).order_by("pk")
    list(held.filter(pk__in=[seat.pk for seat in seats]).values_list("pk", flat=True))
    stops = set(journey.stops.values_list("pk", flat=True))
    rows = Expectation.objects.agreed().filter(seat__journey=journey).select_related("stop")
    agreed = {(row.seat_id, row.stop_id): row.moves for row in rows}
    said = {seat: [agreed.get((seat.pk, stop)) for stop in stops] for seat in seats}
    return (
        [seat for seat in seats if None in said[seat]],
        [seat for seat in seats if None not in said[seat] and any(said[seat])],
    )
