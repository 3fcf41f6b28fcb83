"""Check-ins: who wishes to be asked, and what they answer."""

from datetime import date, datetime, timedelta

from django.db import transaction

from volunteers import mailbox
from volunteers.models import CheckIn, CheckInRhythm, Person
from volunteers.models.bandwidth import today
from volunteers.notices import check_in_key


class Answered(Exception):
    """It has its answer, or it is too late for one."""


@transaction.atomic
def choose(person: Person, every: str, *, at: datetime) -> None:
    """Note how often somebody wishes to be asked: for the first time today."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # pressed twice
    never = every == CheckInRhythm.Every.NEVER
    day = None if never else _first_day(person, every, at)
    CheckInRhythm.objects.update_or_create(
        person=person, defaults={"every": every, "next_day": day, "unanswered": 0}
    )
    if never:
        for waiting in CheckIn.objects.waiting(at).filter(person=person):
            mailbox.take_back(check_in_key(waiting))


def _first_day(person: Person, every: str, at: datetime) -> date:
    """Give the day of the next question: not sooner after the last than they wish."""
    last = person.check_ins.order_by("-week", "-pk").first()
    day = today(person, at)
    if last is None:
        return day
    return max(day, today(person, last.asked_at) + timedelta(CheckInRhythm.DAYS[every]))


@transaction.atomic
def answer(check_in: CheckIn, how: str, *, at: datetime) -> None:
    """Note how somebody is doing; the first answer counts. Raises Answered."""
    waiting = CheckIn.objects.waiting(at).filter(pk=check_in.pk)
    state = CheckIn.State.ANSWERED
    if not waiting.update(state=state, answer=how, answered_at=at):
        raise Answered
    CheckInRhythm.objects.filter(person=check_in.person_id).update(unanswered=0)
    mailbox.take_back(check_in_key(check_in))


@transaction.atomic
def add(check_in: CheckIn, *, still_right: bool | None, words: str, answer: str = "") -> None:
    """Add to an answer whether the hours are still right, and words; or change it.

    Until something was added. Raises Answered.
    """
    bare = CheckIn.objects.answered().filter(pk=check_in.pk, still_right=None, words="")
    said = {"still_right": still_right, "words": words, "answer": answer or check_in.answer}
    if not bare.order_by().update(**said):
        raise Answered


@transaction.atomic
def change(check_in: CheckIn, how: str) -> None:
    """Answer otherwise; what was added stays."""
    CheckIn.objects.answered().filter(pk=check_in.pk).order_by().update(answer=how)


@transaction.atomic
def delete_all(person: Person) -> None:
    """Delete every question and answer of somebody; the rhythm stays as they chose it."""
    person.check_ins.all().delete()
