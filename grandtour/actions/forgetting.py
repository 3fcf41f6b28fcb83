"""Letting go of a person in the Grand Tour."""

import re
from datetime import datetime

import pgtrigger

from capx.traces import take_out
from grandtour.actions import assignments, events, journeys, needs
from grandtour.models import (
    Answer,
    Application,
    Assignment,
    Completion,
    Cost,
    Decision,
    DecisionLetter,
    ExerciseAnswer,
    Expectation,
    LessonDone,
    LookBack,
    LookBackAnswer,
    Needs,
    Receipt,
    Redaction,
    Review,
    Reviewer,
    Seat,
    Sharing,
    SignUp,
    StopEvent,
    StopNote,
    Transcript,
    TravelReport,
)
from volunteers.models import Person

State = Application.State
# What is kept of an application that was decided: where it came from, not what it said.
GONE = {
    "goals": "-",
    "brings": "",
    "spreads": "",
    "voice_note": "",
    "missing": "",
    "affiliate": None,
    "partner": None,
    "partner_agrees": None,
    "partner_answered_at": None,
    "peer_role": "",
    "nights": None,
}
# That they agreed with a host stays, not on what.
UNSAID = {"goals": "-", "programme": "-", "questions": [], "afterwards": "-"}


def lock(person: Person) -> None:
    """Lock what they applied to, travel in, read, claim and come to: people come after it all.

    Whoever decides, pays or moves an event holds one of these, and then writes to them.
    """
    applied, reads = person.applications.values("pk"), Reviewer.objects.filter(person=person)
    seats = Seat.objects.filter(person=person)
    coming = SignUp.objects.filter(person=person).values("event")
    needs.hold_editions(applied, reads.values("edition"))
    journeys.hold_all(seats)
    costs = Cost.objects.filter(seat__in=seats.values("pk"))
    for rows in (
        *(seats, reads, Application.objects.filter(pk__in=applied)),
        *(costs, StopEvent.objects.filter(pk__in=coming)),
    ):
        held = rows.select_for_update(no_key=True, of=("self",)).order_by("pk")
        list(held.values_list("pk", flat=True))


def forget(person: Person, names: re.Pattern[str], *, at: datetime) -> None:
    """Take a person's applications back, with every word in them; call it in a transaction.

    What they wrote about others' applications stays, without a name that `names` finds.
    """
    _let_go_of_reading(person, names, at=at)
    mine = Application.objects.filter(person=person)
    needs.leave_plans(list(mine.values_list("pk", flat=True)))
    Needs.objects.filter(application__person=person).delete()
    journeys.leave(person, at=at)
    events.leave(person)
    mine.filter(state=State.DRAFT, submitted_at=None, events=None, seats=None).delete()
    for application in mine.select_for_update(no_key=True).order_by("pk"):
        if State.WITHDRAWN in Application.MOVES[State(application.state)]:
            application.move(State.WITHDRAWN, ended_at=at)
    journeys.leave(person, at=at)  # what was proposed in this very moment
    mine.update(**GONE)
    Answer.objects.filter(application__person=person).delete()
    _books(person)
    Seat.objects.filter(person=person).update(words="")
    _forget_afterwards(person)
    for model in (LessonDone, ExerciseAnswer, Completion):
        model.objects.filter(person=person).delete()
    with pgtrigger.ignore("grandtour.Expectation:expectation_words_stay"):
        Expectation.objects.filter(seat__person=person).update(**UNSAID)
    alike = Seat.objects.filter(person=person).exclude(same_country_because="")
    alike.update(same_country_because="-")
    for through in (Application.wants.through, Application.shares.through):
        through.objects.filter(application__person=person).delete()
    _forget_what_was_said(person, names)


def _forget_what_was_said(person: Person, names: re.Pattern[str]) -> None:
    """Delete what was hidden, written down, decided in secret and written to an applicant."""
    about = {"application__person": person}
    Redaction.objects.filter(**about).delete()
    Transcript.objects.filter(**about).delete()
    Decision.objects.pending().filter(**about).delete()
    letters = DecisionLetter.objects.filter(decision__application__person=person)
    letters.update(subject="-", body="")
    take_out(Review.objects.filter(**about), ["words"], names)


def _let_go_of_reading(person: Person, names: re.Pattern[str], *, at: datetime) -> None:
    """Free for others what somebody has not read; what they have given stays."""
    mine = Reviewer.objects.filter(person=person)
    unread = Assignment.objects.unread().filter(reviewer__in=mine)
    assignments.end(list(unread.order_by("pk")), person, at=at)
    for reviewer in mine.filter(state=Reviewer.State.READING).order_by("pk"):
        reviewer.move(Reviewer.State.STOPPED)
    take_out(Review.objects.filter(reviewer__in=mine), ["words"], names)


def _forget_afterwards(person: Person) -> None:
    """Delete what somebody wrote after their journeys; that they reported stays, not what."""
    LookBack.objects.filter(person=person).delete()
    answers = LookBackAnswer.objects.filter(person=person)
    answers.update(words="", person=None, seat=None, stop=None)
    StopNote.objects.filter(person=person).update(good="-", better="", passed_on=False)
    Sharing.objects.filter(seat__person=person).update(what="-", link="")
    reports = TravelReport.objects.filter(seat__person=person)
    reports.update(learnt=TravelReport.FORGOTTEN, changes="", for_next="", voice_note="")
    TravelReport.skills.through.objects.filter(travelreport__in=reports).delete()


def _books(person: Person) -> None:
    """Delete receipts and words about costs; that money was paid stays in the books."""
    mine = Cost.objects.filter(seat__person=person)
    Receipt.objects.filter(cost__in=mine).delete()
    for cost in mine.filter(state=Cost.State.CLAIMED).select_for_update(no_key=True):
        cost.move(Cost.State.WITHDRAWN)
    mine.exclude(words="").update(words="-")
    mine.update(what="-")
