"""What a journey puts into the weeks of its travellers, and takes out of them again."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange

from grandtour.models import Edition, Expectation, Journey, Seat
from volunteers import gate
from volunteers.actions.commitments import put_down
from volunteers.load import OVER, WEEK
from volunteers.models import Commitment
from volunteers.models.bandwidth import today

State = Seat.State
A_DAY = timedelta(days=1)
JOURNEY = Commitment.Source.JOURNEY
STANDS_FOR = {
    State.OFFERED: Commitment.State.TENTATIVE,
    State.ACCEPTED: Commitment.State.PLANNED,
    State.AGREED: Commitment.State.PLANNED,
    State.CONFIRMED: Commitment.State.PLANNED,
    State.TRAVELLING: Commitment.State.RUNNING,
    State.RETURNED: Commitment.State.DONE,
    State.REPORTED: Commitment.State.DONE,
    State.CLOSED: Commitment.State.DONE,
}


def key_of(journey: Journey) -> str:
    """Name the commitment: one for each traveller of a journey."""
    return f"journey:{journey.pk}"


def weekly_hours(edition: Edition) -> Decimal:
    """Give the hours a week that a journey of an edition takes."""
    return Decimal(edition.daily_hours * WEEK)


def overfull(
    seat: Seat, *, at: datetime, period: DateRange | None = None
) -> list[tuple[date, Decimal]]:
    """Name the weeks that a place makes fuller than its traveller said, and how full.

    `period`: the days it would have, else those it has. Their row stays locked until the
    transaction ends.
    """
    period = period or seat.period
    if not period:
        return []
    hours = weekly_hours(seat.journey.edition)
    wish = gate.Wish(period.lower, period.upper - A_DAY, hours)
    return gate.overfull(seat.person, now=at, wish=wish, instead_of=key_of(seat.journey))


def wished_for(words: Expectation) -> DateRange:
    """Give the days of a whole journey as its traveller and these words wish for them."""
    rows = Expectation.objects.on_the_table().filter(seat=words.seat, arrive__isnull=False)
    stops = words.seat.journey.stops.values_list("pk", "arrive", "leave")
    days = {pk: (arrive, leave) for pk, arrive, leave in stops}
    days |= {row.stop_id: row.days for row in rows if row.days}
    days |= {words.stop_id: words.days} if words.days else {}
    first = min(arrive for arrive, _leave in days.values())
    return DateRange(first, max(leave for _arrive, leave in days.values()) + A_DAY)


def mark_of(found: Iterable[tuple[date, Decimal]]) -> str:
    """Give a short mark of weeks and how full they are, to the percent."""
    return " ".join(
        f"{monday:%Y%m%d}:{'rest' if full == OVER else round(full * 100)}"
        for monday, full in found
    )


def note(journey: Journey, *, at: datetime) -> None:
    """Let the weeks of all travellers say how a journey stands; call it when that changed.

    What was only offered leaves no trace; of what was begun that much is done.
    """
    seats = journey.seats.live().exclude(state=State.PROPOSED).exclude(period=None)
    # In one order, as each person's row is locked a little.
    taken = list(seats.select_related("application").order_by("person"))
    Commitment.objects.bulk_create(
        [_commitment(journey, seat) for seat in taken],
        update_conflicts=True,
        unique_fields=["person", "source", "key"],
        update_fields=["what", "period", "weekly_hours", "state", "affiliate"],
    )
    rows = Commitment.objects.filter(source=JOURNEY, key=key_of(journey))
    gone = rows.exclude(person__in=[seat.person_id for seat in taken])
    gone.tentative().delete()
    for row in gone.live().select_related("person"):
        put_down(row, today(row.person, at))


def _commitment(journey: Journey, seat: Seat) -> Commitment:
    return Commitment(
        person_id=seat.person_id,
        source=JOURNEY,
        key=key_of(journey),
        what=journey.edition.name,
        affiliate_id=seat.application.affiliate_id,
        period=seat.period,
        weekly_hours=weekly_hours(journey.edition),
        state=STANDS_FOR[State(seat.state)],
    )
