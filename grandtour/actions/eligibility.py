"""Before anybody reads: taking an application up, or asking for something that is missing."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from grandtour.models import Application, ApplicationEvent, Edition
from grandtour.notices import applications as notices
from volunteers.models import Person

State = Application.State


class NotReading(Exception):
    """The edition still takes applications, or its reading is over."""


@transaction.atomic
def begin_reading(
    applications: Iterable[int], edition: Edition, by: Person, *, at: datetime
) -> int:
    """Let reviewers read those of these that have been sent; say how many.

    Raises NotReading.
    """
    _must_be_reading(edition)
    rows = edition.applications.filter(pk__in=list(applications), state=State.SUBMITTED)
    taken = 0
    for application in rows.select_for_update(no_key=True).order_by("pk"):
        application.move(State.IN_REVIEW)
        _note(application, by, at=at)
        taken += 1
    return taken


@transaction.atomic
def ask_for_more(application: Application, words: str, by: Person, *, at: datetime) -> None:
    """Ask an applicant for what is missing, in words they read; raises IllegalMove."""
    application.move(State.INCOMPLETE, missing=words)
    _note(application, by, at=at)
    notices.incomplete(application, words, at=at)


def _must_be_reading(edition: Edition) -> None:
    """Hold the edition in its state, and stop where it is another."""
    held = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    if held.state != Edition.State.REVIEWING:
        raise NotReading


def _note(application: Application, by: Person, *, at: datetime) -> None:
    """Write a row of history, which the applicant reads."""
    ApplicationEvent.objects.create(
        application=application, person=by, state=application.state, at=at
    )
