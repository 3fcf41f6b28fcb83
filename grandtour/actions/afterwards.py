"""After a journey: notes of both sides, reports, sharing at home, and the end of it."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from capx.states import IllegalMove
from grandtour.actions import checklists
from grandtour.models import (
    Application,
    ApplicationEvent,
    ChecklistItem,
    Journey,
    Seat,
    Sharing,
    Stop,
    StopNote,
    TravelReport,
)
from grandtour.models.afterwards import notes_open
from grandtour.models.looking_back import ANSWERABLE, HALF_A_YEAR
from volunteers.models import Person, Skill

State = Seat.State
What = ChecklistItem.What
HOME = [State.RETURNED, State.REPORTED]
ON_THE_WAY = [State.TRAVELLING, *HOME]
# After that everybody has been asked what stuck, and had time to answer.
CLOSED_AFTER = HALF_A_YEAR + ANSWERABLE
MOST_SHARINGS = 50


class TooMany(Exception):
    """There are enough rows of this kind."""


class WrittenAlready(Exception):
    """There is a note of this side."""


@transaction.atomic
def write_note(note: StopNote, by: Person, *, at: datetime) -> None:
    """Keep a note about a stop, of a traveller (who has a seat in it) or of the host.

    Raises IllegalMove outside the two weeks and where nobody came, WrittenAlready.
    """
    held = Stop.objects.select_for_update(no_key=True).get(pk=note.stop.pk)
    came = Stop.objects.begun().filter(pk=held.pk).exists()
    if not came or not notes_open(held, timezone.localdate(at)):
        raise IllegalMove
    if StopNote.objects.filter(stop=held, seat=note.seat).exists():
        raise WrittenAlready
    note.person, note.written_at = by, at
    note.save(force_insert=True)
    stops = note.stop.journey.stops.count()
    if note.seat and note.seat.notes.count() == stops:
        checklists.did(note.seat, What.NOTES, at=at)


@transaction.atomic
def report(report: TravelReport, skills: list[Skill], *, at: datetime) -> None:
    """Send a report, or mend one: the place is reported, the application complete.

    Raises IllegalMove before the return and after the end.
    """
    # The journey before its places, as everywhere: so nobody waits in a circle.
    Journey.objects.select_for_update(no_key=True).get(seats=report.seat_id)
    seat = Seat.objects.select_for_update(no_key=True).get(pk=report.seat_id)
    if seat.state not in HOME:
        raise IllegalMove
    sent = TravelReport.objects.filter(seat=seat).first()
    # A form that is sent twice mends what it wrote the first time.
    report.pk, report.submitted_at = (sent.pk, sent.submitted_at) if sent else (None, at)
    report.save()
    report.skills.set(skills)
    if seat.state == State.RETURNED:
        seat.move(State.REPORTED)
        _complete(seat, at=at)
    checklists.did(seat, What.REPORT, at=at)


def _complete(seat: Seat, *, at: datetime) -> None:
    """Let the application say that all is done."""
    application = seat.application
    if application.state == Application.State.TRAVELLED:
        application.move(Application.State.COMPLETED, ended_at=at)
        ApplicationEvent.objects.create(
            application=application, person=seat.person, state=application.state, at=at
        )


@transaction.atomic
def share(sharing: Sharing, *, at: datetime) -> None:
    """Note how something was passed on at home; raises IllegalMove, TooMany."""
    seat = Seat.objects.select_for_update(no_key=True).get(pk=sharing.seat_id)
    if seat.state not in HOME:
        raise IllegalMove
    if seat.sharings.count() >= MOST_SHARINGS:
        raise TooMany
    sharing.save(force_insert=True)
    checklists.did(seat, What.SHARING, at=at)


@transaction.atomic
def unshare(sharing: Sharing) -> None:
    """Take back what was noted, and the tick where it was the only one."""
    seat = sharing.seat
    sharing.delete()
    if not seat.sharings.exists():
        seat.checklist.filter(what=What.SHARING).update(done_at=None)


@transaction.atomic
def close(day: date) -> int:
    """Close journeys of whom everybody was asked what stuck; say how many.

    Whoever never reported stays home again, and owes a report.
    """
    over = Journey.objects.filter(
        state=Journey.State.RETURNED,
        period__endswith__lte=day - CLOSED_AFTER + timedelta(days=1),
    )
    rows = list(over.select_for_update(no_key=True).order_by("pk"))
    for journey in rows:
        journey.move(Journey.State.CLOSED)
        for seat in journey.seats.filter(state=State.REPORTED):
            seat.move(State.CLOSED)
    return len(rows)
