"""Who reads what: given out evenly, given by hand, and taken back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from grandtour.actions import conflicts
from grandtour.actions.apart import must_organise
from grandtour.actions.history import note_all
from grandtour.assigning import Task, assign
from grandtour.models import Application, Assignment, Conflict, Edition, Reviewer, ReviewEvent
from grandtour.notices import reviews as notices
from volunteers.models import Block, Person

Verb = ReviewEvent.Verb
Pair = tuple[int, int]


class KeptApart(Exception):
    """One of the two has blocked the other: nobody is told."""


@dataclass(frozen=True, slots=True)
class GivenOut:
    """How many were given out, and how many readers are missing."""

    given: int
    missing: int


@transaction.atomic
def give_out(edition: Edition, wanted: int, by: Person, *, at: datetime) -> GivenOut:
    """Give each application that is read so many reviewers, as evenly as can be.

    Conflicts are looked for first. Those with a language in common with the applicant are
    taken as long as there are enough of them. Raises Travels.
    """
    must_organise(Edition.objects.hold(edition.pk), by)
    conflicts.find(edition, at=at)
    task, strangers = _task(edition, wanted)
    first = assign(_barring(task, strangers))
    rest = assign(_holding(task, first))
    pairs = sorted(first | rest, key=lambda pair: (pair[1], pair[0]))
    write(edition, pairs, by, at=at)
    seats = Counter(application for application, _reviewer in [*task.held, *pairs])
    missing = sum(max(0, wanted - seats[application]) for application in task.applications)
    return GivenOut(len(pairs), missing)


def _task(edition: Edition, wanted: int) -> tuple[Task, frozenset[Pair]]:
    """Read what is to be given out, and which pairs have no language in common."""
    reading = Application.State.IN_REVIEW
    rows = dict(edition.applications.filter(state=reading).values_list("pk", "languages"))
    reviewers = edition.reviewers.reading().prefetch_related("person__languages").order_by("pk")
    spoken = {r.pk: {one.language for one in r.person.languages.all()} for r in reviewers}
    held = Assignment.objects.live().filter(application__edition=edition)
    barred = Conflict.objects.in_force().filter(application__edition=edition)
    task = Task(
        tuple(sorted(rows)),
        tuple(spoken),
        wanted,
        held=frozenset(held.values_list("application", "reviewer")),
        barred=frozenset(barred.values_list("application", "reviewer")) | _kept_apart(edition),
        most={r.pk: r.most for r in reviewers if r.most is not None},
    )
    strangers = frozenset(
        (application, reviewer)
        for application, languages in rows.items()
        for reviewer, theirs in spoken.items()
        if not theirs & set(languages)
    )
    return task, strangers


def _kept_apart(edition: Edition) -> frozenset[Pair]:
    """Give applications with reviewers where one has blocked the other; nobody is told."""
    one, other = OuterRef("person"), OuterRef("reader")
    blocks = Block.objects.filter(Q(person=one, blocked=other) | Q(person=other, blocked=one))
    rows = edition.applications.annotate(
        reader=F("edition__reviewers__person"), by=F("edition__reviewers")
    )
    return frozenset(rows.filter(Exists(blocks)).values_list("pk", "by"))


def _barring(task: Task, more: frozenset[Pair]) -> Task:
    return Task(
        task.applications,
        task.reviewers,
        task.wanted,
        held=task.held,
        barred=task.barred | more,
        most=task.most,
    )


def _holding(task: Task, more: frozenset[Pair]) -> Task:
    return Task(
        task.applications,
        task.reviewers,
        task.wanted,
        held=task.held | more,
        barred=task.barred,
        most=task.most,
    )


@transaction.atomic
def write(edition: Edition, pairs: Iterable[Pair], by: Person, *, at: datetime) -> None:
    """Let reviewers read, and tell each of them how many more there are."""
    rows = [
        Assignment(application_id=application, reviewer_id=reviewer, assigned_at=at)
        for application, reviewer in pairs
    ]
    Assignment.objects.bulk_create(rows)
    note_all(Verb.ASSIGNED, rows, by, at=at)
    more = Counter(row.reviewer_id for row in rows)
    people = Reviewer.objects.filter(pk__in=more).select_related("person", "edition")
    notices.assigned(edition, {one: more[one.pk] for one in people.order_by("pk")}, at=at)


@transaction.atomic
def give(application: Application, reviewer: Reviewer, by: Person, *, at: datetime) -> None:
    """Let one reviewer read one application; conflicts are looked for, and kept, first.

    Raises IntegrityError where they have one, or read it already; KeptApart; Travels.
    """
    must_organise(Edition.objects.hold(application.edition_id), by)
    conflicts.find(application.edition, at=at)
    pair = (application.pk, reviewer.pk)
    if pair in _kept_apart(application.edition):
        raise KeptApart
    write(application.edition, [pair], by, at=at)


@transaction.atomic
def end(rows: Iterable[Assignment], by: Person | None, *, at: datetime) -> None:
    """Let reviewers read these no more."""
    ended = [row for row in rows if row.ended_at is None]
    Assignment.objects.live().filter(pk__in=[row.pk for row in ended]).update(ended_at=at)
    note_all(Verb.UNASSIGNED, ended, by, at=at)
