"""Conflicts of interest: found in what people do here, or declared; access ends at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from grandtour.actions.history import note, note_all
from grandtour.models import (
    Assignment,
    Conflict,
    Edition,
    Review,
    Reviewer,
    ReviewEvent,
    Seat,
)
from volunteers.models import Ask, Membership, Person

Kind = Conflict.Kind
Verb = ReviewEvent.Verb
Pair = tuple[int, int]
# People who are on the way together, or were.
TRAVELLED = [
    *(Seat.State.TRAVELLING, Seat.State.RETURNED),
    *(Seat.State.REPORTED, Seat.State.CLOSED),
]


@dataclass(frozen=True, slots=True)
class Sides:
    """The reviewers of an edition by person, and its applications: person and affiliate."""

    reviewers: dict[int, int]
    applications: dict[int, tuple[int, int | None]]

    def people(self) -> list[int]:
        """List everybody on either side."""
        return [*self.reviewers, *(person for person, _affiliate in self.applications.values())]

    def pairs(self, meets: Callable[[int, int], bool]) -> set[Pair]:
        """Pair each application with the reviewers who meet its applicant somehow."""
        return {
            (application, reviewer)
            for application, (applicant, _affiliate) in self.applications.items()
            for person, reviewer in self.reviewers.items()
            if meets(applicant, person)
        }


def _of_themselves(sides: Sides) -> set[Pair]:
    """Find who would read their own application."""
    return sides.pairs(lambda applicant, person: applicant == person)


def _of_one_affiliate(sides: Sides) -> set[Pair]:
    """Find who belongs to an affiliate of the applicant, or to the one they apply with."""
    joined: dict[int, set[int]] = defaultdict(set)
    rows = Membership.objects.confirmed().filter(person__in=sides.people())
    for person, affiliate in rows.values_list("person", "affiliate"):
        joined[person].add(affiliate)
    theirs = {person: set(joined[person]) for person in sides.reviewers}
    for applicant, applied_with in sides.applications.values():
        if applied_with:
            joined[applicant].add(applied_with)
    return sides.pairs(lambda applicant, person: bool(joined[applicant] & theirs[person]))


def _of_an_exchange(sides: Sides) -> set[Pair]:
    """Find who has asked the other for something and heard a yes; not for reading."""
    yes = Ask.objects.filter(answered_at__isnull=False, declined=False, reading=None)
    reviewers, everybody = list(sides.reviewers), sides.people()
    between = Q(person__in=reviewers, asker__in=everybody)
    between |= Q(asker__in=reviewers, person__in=everybody)
    met = {frozenset(pair) for pair in yes.filter(between).values_list("person", "asker")}
    return sides.pairs(lambda applicant, person: frozenset((applicant, person)) in met)


def _of_a_journey(sides: Sides) -> set[Pair]:
    """Find who has travelled, or travels, in one group with the applicant."""
    rows = Seat.objects.filter(person__in=sides.people(), state__in=TRAVELLED)
    journeys: dict[int, set[int]] = defaultdict(set)
    for person, journey in rows.values_list("person", "journey"):
        journeys[person].add(journey)
    return sides.pairs(lambda applicant, person: bool(journeys[applicant] & journeys[person]))


# Every way to find one; the first that holds is noted.
FINDERS: dict[str, Callable[[Sides], set[Pair]]] = {
    Kind.SELF: _of_themselves,
    Kind.AFFILIATE: _of_one_affiliate,
    Kind.EXCHANGE: _of_an_exchange,
    Kind.JOURNEY: _of_a_journey,
}


def _sides(edition: Edition) -> Sides:
    """Read who reads and who has applied."""
    applied = edition.applications.sent().values_list("pk", "person", "affiliate")
    return Sides(
        dict(edition.reviewers.values_list("person", "pk")),
        {pk: (person, affiliate) for pk, person, affiliate in applied},
    )


@transaction.atomic
def find(edition: Edition, *, at: datetime) -> int:
    """Note every conflict that can be seen, once; what was lifted is not found again."""
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    known = Conflict.objects.filter(application__edition=edition)
    kept = set(known.values_list("application", "reviewer"))
    found: dict[Pair, str] = {}
    sides = _sides(edition)
    for kind, pairs in FINDERS.items():
        for pair in pairs(sides) - kept:
            found.setdefault(pair, kind)
    _record(found, None, at=at)
    return len(found)


def find_everywhere(*, at: datetime) -> None:
    """Note what can be seen by now in all editions that are read."""
    for edition in Edition.objects.filter(state=Edition.State.REVIEWING).order_by("pk"):
        find(edition, at=at)


def _record(found: dict[Pair, str], by: Person | None, *, at: datetime) -> None:
    """End what these conflicts forbid, and note them; reviewer by reviewer, as all locks go."""
    rows = [
        Conflict(application_id=application, reviewer_id=reviewer, kind=kind, found_at=at)
        for (application, reviewer), kind in sorted(found.items(), key=lambda one: one[0][::-1])
    ]
    keys = sorted({row.reviewer_id for row in rows})
    list(Reviewer.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    _end(Review.objects.standing(), found, by, at=at)
    _end(Assignment.objects.live(), found, by, at=at)
    Conflict.objects.bulk_create(rows)
    for kind in Kind.values:
        note_all(Verb.CONFLICT, [row for row in rows if row.kind == kind], by, at=at, kind=kind)


def _end(
    rows: QuerySet[Review] | QuerySet[Assignment],
    found: Iterable[Pair],
    by: Person | None,
    *,
    at: datetime,
) -> None:
    """Make reviews void, or let assignments end, that a conflict forbids."""
    wanted = set(found)
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
        _record({pair: Kind.DECLARED}, assignment.reviewer.person, at=at)


@transaction.atomic
def lift(conflict: Conflict, by: Person, *, at: datetime) -> None:
    """Say that it is none after all; nobody lifts that something is their own."""
    rows = Conflict.objects.in_force().exclude(kind=Kind.SELF).filter(pk=conflict.pk)
    if rows.update(lifted_at=at):
        about = {"kind": conflict.kind, "reviewer": conflict.reviewer_id}
        note(Verb.LIFTED, conflict.application_id, by, at=at, **about)
