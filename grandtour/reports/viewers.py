"""What somebody at the desk is to an edition: what they see, and what they leave to others."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from grandtour.models import (
    Application,
    Assignment,
    Edition,
    Permissions,
    Phase,
    Review,
    Reviewer,
    Seat,
    applied_to,
    barred_among,
    barred_to,
)
from grandtour.models.applications import ApplicationQuerySet
from volunteers.models import Person

# Who reads blind in these states does so at the desk as well.
READING = {Edition.State.PLANNED, Edition.State.OPEN, Edition.State.REVIEWING}


@dataclass(frozen=True, slots=True)
class Viewer:
    """What somebody sees of the applications of an edition."""

    reviewer: int | None = None
    blind: bool = False
    # Their own, and those they have a conflict with: no screen shows them or does anything.
    barred: frozenset[int] = frozenset()
    # The applications whose numbers they see after they have given their own.
    closed: frozenset[int] = frozenset()

    def of(self, edition: Edition) -> ApplicationQuerySet:
        """Keep what was sent and is theirs to look at: every screen begins here."""
        return edition.applications.sent().without(self.barred)


def viewer_of(person: Person, edition: Edition, day: date) -> Viewer:
    """Say how somebody sees the applications of an edition on this day.

    Whoever was asked to read or to decide, and has not said no, is blind at the desk for as
    long as reviewers are; to stop does not open anybody's eyes.
    """
    barred = barred_to(person, edition)
    asked = Reviewer.objects.exclude(state=Reviewer.State.DECLINED)
    mine = asked.filter(edition=edition, person=person).first()
    if mine is None:
        return Viewer(barred=barred)
    if edition.state not in READING:
        return Viewer(mine.pk, barred=barred)
    may = Phase.objects.in_force(edition, day)
    return Viewer(mine.pk, not may.names_shown, barred, _closed(mine, edition, may))


def _closed(mine: Reviewer, edition: Edition, may: Permissions) -> frozenset[int]:
    """Give the applications of which somebody does not see yet what others think.

    While scores are given these are all but those where their own stands for good: one
    could be theirs to read tomorrow.
    """
    if may.others == Phase.Others.ALWAYS:
        return frozenset()
    theirs = Assignment.objects.filter(reviewer=mine).values_list("application", flat=True)
    rows = edition.applications.sent().values_list("pk", flat=True)
    closed = set(rows if mine.reviews and may.may_score else theirs)
    if may.others == Phase.Others.OWN:
        seen = Review.objects.compared().filter(reviewer=mine)
        closed -= set(seen.values_list("application", flat=True))
    return frozenset(closed)


def known_to(by: Person, seats: QuerySet[Seat]) -> QuerySet[Seat]:
    """Keep the places of which an organiser may know.

    They are offered, of editions in which they neither travel nor read blind, and of people
    with whom they have no conflict.
    """
    told = seats.exclude(state=Seat.State.PROPOSED).exclude(edition__in=applied_to(by))
    blind = Edition.objects.filter(state__in=READING, reviewers__person=by)
    asked = Application.objects.filter(pk__in=seats.values("application"))
    return told.exclude(edition__in=blind).exclude(application__in=barred_among(by, asked))


def is_open(application: Application, viewer: Viewer) -> bool:
    """Say whether somebody sees what others think of an application."""
    return not viewer.blind and application.pk not in viewer.closed
