"""What happens to applications behind their applicants' pages, row by row."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from grandtour.models import ReviewEvent
from volunteers.models import Person


class Between(Protocol):
    """A row between an application and a reviewer."""

    application_id: int
    reviewer_id: int


def note_all(
    verb: str, rows: Iterable[Between], by: Person | None, *, at: datetime, **about: Any
) -> None:
    """Write a row of history for each of these."""
    ReviewEvent.objects.bulk_create(
        ReviewEvent(
            verb=verb,
            application_id=row.application_id,
            reviewer_id=row.reviewer_id,
            person=by,
            about=about,
            at=at,
        )
        for row in rows
    )


def note(verb: str, application: int, by: Person | None, *, at: datetime, **about: Any) -> None:
    """Write a row of history that is about no reviewer."""
    ReviewEvent.objects.create(
        verb=verb, application_id=application, person=by, about=about, at=at
    )


def note_each(
    verb: str, applications: Iterable[int], by: Person | None, *, at: datetime, **about: Any
) -> None:
    """Write a row of history for each of these applications, about no reviewer."""
    ReviewEvent.objects.bulk_create(
        ReviewEvent(verb=verb, application_id=key, person=by, about=about, at=at)
        for key in applications
    )
