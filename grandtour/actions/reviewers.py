"""Asking people to read, what they answer, and when they stop."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from capx.states import IllegalMove
from grandtour.actions import assignments
from grandtour.actions.apart import must_organise
from grandtour.models import Edition, Phase, Reviewer, wishes_to_travel
from grandtour.notices import reviews as notices
from volunteers import gate
from volunteers.models import Ask, Person

State = Reviewer.State


class AskedAlready(Exception):
    """Somebody reads already, or has not answered yet."""


class Applies(Exception):
    """They ask for a place in this edition: who travels, others read and decide."""


class HasSeenNames(Exception):
    """Somebody can see whose the applications are, and would read them as if they did not."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody is asked to do, and how many applications at most."""

    reviews: bool = True
    decides: bool = False
    most: int | None = None
    # Why it has to be them, where they have little room.
    why: str = ""


@transaction.atomic
def ask(
    edition: Edition, person: Person, rights: Rights, by: Person, *, at: datetime
) -> Reviewer:
    """Ask somebody to read; who asks themselves has said yes.

    Raises Applies, AskedAlready, HasSeenNames, gate.NotTakingRequests, and gate.Tight where no
    reason is given; Travels where it is who asks that applies.
    """
    must_organise(Edition.objects.hold(edition.pk), by)
    # Of a draft nobody learns: they read nothing while they have one, whatever they say.
    if edition.applications.pursued().sent().filter(person=person).exists():
        raise Applies
    there = Reviewer.objects.filter(edition=edition, person=person).first()
    if there and there.state in {State.ASKED, State.READING}:
        raise AskedAlready
    if rights.reviews and not (there and there.reviews and there.state == State.STOPPED):
        _must_not_know(edition, person, timezone.localdate(at))
    passed = None if person == by else _pass(person, by, rights.why, at)
    said = {"reviews": rights.reviews, "decides": rights.decides, "most": rights.most}
    fresh = {**said, "ask": passed, "asked_at": at}
    if there:
        there.move(State.ASKED, **fresh)
    else:
        there = Reviewer.objects.create(edition=edition, person=person, **fresh)
    if passed:
        notices.asked(there, by)
    else:
        there.move(State.READING, answered_at=at)
    return there


def _must_not_know(edition: Edition, person: Person, day: date) -> None:
    """Stop who has the desk open, and with it every name, while others read blind.

    Who has read before, and stopped, has been blind there as well.
    """
    knows = person.is_staff and person.has_perm("grandtour.view_application")
    blind = not Phase.objects.in_force(edition, day).names_shown
    if knows and blind and edition.applications.sent().exists():
        raise HasSeenNames


def _pass(person: Person, by: Person, why: str, at: datetime) -> Ask:
    """Go through the gate, as everybody who asks somebody for something."""
    return gate.admit(person, asker=by, now=at, wish=gate.Wish(), why=why)


@transaction.atomic
def answer(reviewer: Reviewer, *, yes: bool, at: datetime) -> None:
    """Say whether one reads; raises IllegalMove, Applies."""
    Edition.objects.hold(reviewer.edition_id)
    if yes and wishes_to_travel(reviewer.person, reviewer.edition_id):
        raise Applies
    reviewer.move(State.READING if yes else State.DECLINED, answered_at=at)
    if reviewer.ask:
        gate.settle(reviewer.ask, at=at, declined=not yes)


@transaction.atomic
def take_back(reviewer: Reviewer, *, at: datetime) -> None:
    """Ask no more whether somebody reads; raises IllegalMove when they have answered.

    It stands as if they could not: silence is not told from a no.
    """
    held = Reviewer.objects.select_for_update(no_key=True).get(pk=reviewer.pk)
    if held.state != State.ASKED:
        raise IllegalMove(f"{reviewer.pk} has answered")
    held.move(State.DECLINED, answered_at=at)
    if held.ask:
        gate.settle(held.ask, at=at)


@transaction.atomic
def expire(reviewer: Reviewer, *, at: datetime) -> None:
    """Let go of an ask that nobody has answered, and tell who asked; raises IllegalMove."""
    take_back(reviewer, at=at)
    notices.not_answered(reviewer)


@transaction.atomic
def stop(reviewer: Reviewer, by: Person, *, at: datetime) -> None:
    """Let somebody read no more: what they have not read is free for others again.

    Raises IllegalMove, Travels.
    """
    if by.pk != reviewer.person_id:
        must_organise(Edition.objects.hold(reviewer.edition_id), by)
    Reviewer.objects.select_for_update(no_key=True).get(pk=reviewer.pk)
    if reviewer.state == State.ASKED:
        raise IllegalMove(f"{reviewer.pk} has not answered")
    reviewer.move(State.STOPPED)
    unread = reviewer.assignments.live().unread().select_related("application")
    assignments.end(list(unread), by, at=at)
