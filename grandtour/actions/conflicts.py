"""Conflicts of interest: found in what people do here, or declared; access ends at once."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from grandtour.actions.history import note, note_all
from grandtour.models import (
    Application,
    Assignment,
    Conflict,
    Edition,
    Review,
    Reviewer,
    ReviewEvent,
    barred_to,
)
from grandtour.models.conflicts import FOUND, unnoted
from volunteers.models import Person

Kind = Conflict.Kind
Verb = ReviewEvent.Verb
# An application, a reviewer, and how one knows.
Finding = tuple[int, int, str]


@transaction.atomic
def find(edition: Edition, *, at: datetime) -> int:
    """Note every conflict that can be seen, once; a kind that was lifted is not found again.

    Whoever has applied by now reads no more.
    """
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    stop_rivals(edition, at=at)
    found = [
        (application, reviewer, kind)
        for kind in FOUND
        for application, reviewer in unnoted(kind, edition)
    ]
    _record(found, None, at=at)
    return len(found)


def find_everywhere(*, at: datetime) -> None:
    """Note what can be seen by now in all editions that are read."""
    for edition in Edition.objects.filter(state=Edition.State.REVIEWING).order_by("pk"):
        find(edition, at=at)


@transaction.atomic
def note_partner(application: Application, *, at: datetime) -> None:
    """Note who belongs to the host it names, as they hear whose it is.

    They know it also once it names another host.
    """
    rows = unnoted(Kind.PARTNER, application.edition).filter(pk=application.pk)
    _record([(*pair, Kind.PARTNER) for pair in rows], None, at=at)


@transaction.atomic
def stop_rivals(edition: Edition, *, at: datetime) -> None:
    """Let nobody read or decide any more who asks for a place: what they gave is void.

    While they only write a draft they read nothing, and what they gave stands.
    """
    theirs = Application.objects.pursued().sent().filter(edition=edition).values("person")
    rows = edition.reviewers.filter(state=Reviewer.State.READING, person__in=theirs)
    for reviewer in list(rows.select_for_update(of=("self",), no_key=True).order_by("pk")):
        written = Review.objects.standing().filter(reviewer=reviewer)
        read = Assignment.objects.live().filter(reviewer=reviewer)
        keys = {
            key
            for some in (written, read)
            for key in some.values_list("application", flat=True)
        }
        pairs = {(key, reviewer.pk) for key in keys}
        _end(written, pairs, None, at=at)
        _end(read, pairs, None, at=at)
        found = [Conflict(application_id=key, reviewer=reviewer) for key in sorted(keys)]
        note_all(Verb.CONFLICT, found, None, at=at, kind="rival")
        reviewer.move(Reviewer.State.STOPPED)


def _record(found: Iterable[Finding], by: Person | None, *, at: datetime) -> None:
    """End what these conflicts forbid, and note them; reviewer by reviewer, as all locks go."""
    rows = [
        Conflict(application_id=application, reviewer_id=reviewer, kind=kind, found_at=at)
        for application, reviewer, kind in sorted(found, key=lambda one: (one[1], one[0]))
    ]
    keys = sorted({row.reviewer_id for row in rows})
    list(Reviewer.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    pairs = {(row.application_id, row.reviewer_id) for row in rows}
    _end(Review.objects.standing(), pairs, by, at=at)
    _end(Assignment.objects.live(), pairs, by, at=at)
    Conflict.objects.bulk_create(rows)
    for kind in Kind.values:
        note_all(Verb.CONFLICT, [row for row in rows if row.kind == kind], by, at=at, kind=kind)


def _end(
    rows: QuerySet[Review] | QuerySet[Assignment],
    wanted: set[tuple[int, int]],
    by: Person | None,
    *,
    at: datetime,
) -> None:
    """Make reviews void, or let assignments end, that a conflict forbids."""
    about = rows.filter(
        application__in={pair[0] for pair in wanted}, reviewer__in={p[1] for p in wanted}
    )
    for row in about.order_by("reviewer", "pk"):
        if (row.application_id, row.reviewer_id) not in wanted:
            continue
        if isinstance(row, Review):
            row.move(Review.State.VOID, given_at=None, score=None)
        else:
            Assignment.objects.filter(pk=row.pk).update(ended_at=at)
            note_all(Verb.UNASSIGNED, [row], by, at=at)


@transaction.atomic
def declare(assignment: Assignment, *, at: datetime) -> None:
    """Say that one knows the applicant: nothing of it can be read from now on."""
    pair = (assignment.application_id, assignment.reviewer_id)
    if not Conflict.objects.in_force().filter(application=pair[0], reviewer=pair[1]).exists():
        _record([(*pair, Kind.DECLARED)], assignment.reviewer.person, at=at)


@transaction.atomic
def lift(conflict: Conflict, by: Person, *, at: datetime) -> None:
    """Say that this kind is none after all: never in one's own way, or about what one leaves.

    Another kind between the two is found as ever.
    """
    edition = conflict.application.edition
    rows = Conflict.objects.in_force().not_by(by).filter(pk=conflict.pk)
    if rows.exclude(application__in=barred_to(by, edition)).update(lifted_at=at):
        about = {"kind": conflict.kind, "reviewer": conflict.reviewer_id}
        note(Verb.LIFTED, conflict.application_id, by, at=at, **about)
