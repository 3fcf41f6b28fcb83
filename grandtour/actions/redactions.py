"""What reviewers do not read of an application, as organisers have looked at it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from grandtour.actions.history import note
from grandtour.models import (
    Application,
    Edition,
    Redaction,
    ReviewEvent,
    Transcript,
    barred_to,
)
from grandtour.reports.unread import waiting
from volunteers.models import Person

Verb = ReviewEvent.Verb


@transaction.atomic
def hide(application: Application, phrase: str, by: Person, *, at: datetime) -> None:
    """Hide words wherever they stand in an application."""
    _put(application, phrase, Redaction.Kind.BY_HAND, left_in=False)
    note(Verb.REDACTED, application.pk, by, at=at, what="hidden")


@transaction.atomic
def leave_in(
    application: Application, phrase: str, kind: str, by: Person, *, at: datetime
) -> None:
    """Let reviewers read words that look like a name and are none."""
    _put(application, phrase, kind, left_in=True)
    note(Verb.REDACTED, application.pk, by, at=at, what="left in")


def _put(application: Application, phrase: str, kind: str, *, left_in: bool) -> None:
    Redaction.objects.update_or_create(
        application=application, phrase=phrase, defaults={"kind": kind, "left_in": left_in}
    )


@transaction.atomic
def forget(application: Application, phrase: str, by: Person, *, at: datetime) -> None:
    """Let what was found decide again about these words."""
    if application.redactions.filter(phrase=phrase).delete()[0]:
        note(Verb.REDACTED, application.pk, by, at=at, what="as found")


@transaction.atomic
def write_down(application: Application, words: str, by: Person, *, at: datetime) -> None:
    """Write down what is said in a recording; nothing takes it away."""
    if words:
        Transcript.objects.update_or_create(application=application, defaults={"words": words})
    else:
        Transcript.objects.filter(application=application).delete()
    note(Verb.REDACTED, application.pk, by, at=at, what="recording")


@transaction.atomic
def look_through(
    seen: Mapping[int, Collection[str]], edition: Edition, by: Person, *, at: datetime
) -> int:
    """Note that somebody has read the texts in which nobody can look for a name.

    `seen`: the marks of the texts they saw, by application; where another text waits by now,
    nothing of it is noted. What is one's own, or in a conflict, others read. Says of how many
    it was noted.
    """
    theirs = edition.applications.sent().without(barred_to(by, edition))
    left = waiting(theirs.filter(pk__in=list(seen)))
    read = {key: marks for key, marks in left.items() if {*marks} <= {*seen[key]}}
    ReviewEvent.objects.bulk_create(
        ReviewEvent(verb=Verb.LOOKED, application_id=key, person=by, about={"texts": of}, at=at)
        for key, of in sorted(read.items())
    )
    return len(read)
