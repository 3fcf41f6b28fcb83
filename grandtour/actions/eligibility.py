"""Before anybody reads: taking an application up, or asking for something that is missing."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from grandtour.actions.decisions import NotYours
from grandtour.models import Application, ApplicationEvent, Edition, barred_to
from grandtour.notices import applications as notices
from grandtour.reports.unread import is_ever_blind, waiting
from volunteers.models import Person

State = Application.State


class NotReading(Exception):
    """The edition still takes applications, or its reading is over."""


@transaction.atomic
def begin_reading(
    applications: Iterable[int], edition: Edition, by: Person, *, at: datetime
) -> int:
    """Let reviewers read those of these that have been sent; say how many.

    What is one's own, or in a conflict, others take up. What an organiser has to read first
    waits, unless it is read with names all the time. Raises NotReading.
    """
    _must_be_reading(edition)
    theirs = edition.applications.without(barred_to(by, edition)).filter(state=State.SUBMITTED)
    theirs = theirs.filter(pk__in=list(applications))
    first = waiting(theirs) if is_ever_blind(edition) else {}
    keys = theirs.exclude(pk__in=first).values_list("pk", flat=True)
    taken = Application.move_all(keys, State.IN_REVIEW)
    ApplicationEvent.objects.bulk_create(
        ApplicationEvent(application_id=key, person=by, state=State.IN_REVIEW, at=at)
        for key in sorted(taken)
    )
    return len(taken)


@transaction.atomic
def ask_for_more(application: Application, words: str, by: Person, *, at: datetime) -> None:
    """Ask for what is missing, in words the applicant reads; raises IllegalMove, NotYours."""
    edition = Edition.objects.hold(application.edition_id)
    if application.pk in barred_to(by, edition):
        raise NotYours
    application.move(State.INCOMPLETE, missing=words)
    _note(application, by, at=at)
    notices.incomplete(application, words, at=at)


def _must_be_reading(edition: Edition) -> None:
    """Hold the edition in its state, and stop where it is another."""
    if Edition.objects.hold(edition.pk).state != Edition.State.REVIEWING:
        raise NotReading


def _note(application: Application, by: Person, *, at: datetime) -> None:
    """Write a row of history, which the applicant reads."""
    ApplicationEvent.objects.create(
        application=application, person=by, state=application.state, at=at
    )
