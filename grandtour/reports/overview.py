"""All applications of an edition at a glance: reviews, disagreement, what was decided."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, FloatField, Q
from django.db.models.functions import Cast

from grandtour.models import (
    Application,
    Assignment,
    Decision,
    Edition,
    Phase,
    Review,
    Reviewer,
)
from grandtour.scoring import Given, Numbers, numbers
from volunteers.models import Person

State = Application.State
# Who reads blind in these states does so at the desk as well.
READING = {Edition.State.PLANNED, Edition.State.OPEN, Edition.State.REVIEWING}


@dataclass(frozen=True, slots=True)
class Viewer:
    """What somebody at the desk is to an edition: a reviewer who must not see, or not."""

    reviewer: int | None = None
    blind: bool = False
    # The applications whose numbers they see after they have given their own.
    closed: frozenset[int] = frozenset()


def viewer_of(person: Person, edition: Edition, day: date) -> Viewer:
    """Say how somebody sees the applications of an edition on this day."""
    mine = Reviewer.objects.reading().filter(edition=edition, person=person).first()
    if mine is None:
        return Viewer()
    may = Phase.objects.in_force(edition, day)
    blind = edition.state in READING and not may.names_shown
    if may.others == Phase.Others.ALWAYS or edition.state not in READING:
        return Viewer(mine.pk, blind)
    rows = Assignment.objects.filter(reviewer=mine)
    if may.others == Phase.Others.OWN:
        rows = rows.unread()
    return Viewer(mine.pk, blind, frozenset(rows.values_list("application", flat=True)))


@dataclass(slots=True)
class Row:
    """One application: the columns of a list."""

    pk: int
    state: str
    country: str
    first_time: bool | None
    languages: list[str]
    code: str = ""
    readers: int = 0
    numbers: Numbers | None = None
    own: float | None = None
    decision: str = ""
    application: Application | None = None
    problems: list[Any] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """Give what was decided, published or not."""
        published = self.state if self.state in Decision.Outcome.values else ""
        return self.decision or published


NOT_TOLD = {State.SUBMITTED, State.INCOMPLETE, State.IN_REVIEW}
# How a list can be ordered; nothing comes before something.
SORTS: dict[str, Callable[[Row], tuple[float, int]]] = {
    "fair": lambda row: (-row.numbers.fair if row.numbers else 1, row.pk),
    "mean": lambda row: (-row.numbers.mean if row.numbers else 1, row.pk),
    "spread": lambda row: (-(row.numbers.spread or 0) if row.numbers else 1, row.pk),
    "unread": lambda row: ((row.numbers.reviews if row.numbers else 0) - row.readers, row.pk),
    "own": lambda row: (-row.own if row.own is not None else 1, row.pk),
}
STAGES: dict[str, Callable[[Row], bool]] = {
    "new": lambda row: row.state in {State.SUBMITTED, State.INCOMPLETE},
    "reading": lambda row: row.state == State.IN_REVIEW and not row.decision,
    "pending": lambda row: bool(row.decision),
    "told": lambda row: row.state not in NOT_TOLD and not row.decision,
}


def rows_of(edition: Edition, viewer: Viewer) -> list[Row]:
    """Read every application that was sent, with what its reviews come to."""
    columns = ("pk", "state", "country", "first_time", "languages")
    rows = [Row(*values) for values in edition.applications.sent().values_list(*columns)]
    given = given_in(edition)
    worked_out = numbers(given)
    own = {one.application: one.score for one in given if one.reviewer == viewer.reviewer}
    readers = dict(
        Assignment.objects.live()
        .filter(application__edition=edition)
        .values_list("application")
        .annotate(number=Count("pk"))
    )
    pending = Decision.objects.pending().filter(application__edition=edition)
    decided = dict(pending.values_list("application", "outcome"))
    for row in rows:
        row.numbers = None if row.pk in viewer.closed else worked_out.get(row.pk)
        row.own = own.get(row.pk)
        row.readers = readers.get(row.pk, 0)
        row.decision = decided.get(row.pk, "")
    return rows


def given_in(edition: Edition) -> list[Given]:
    """Read all reviews of an edition that count."""
    rows = Review.objects.given().filter(application__edition=edition)
    score = Cast("score", FloatField())
    return [Given(*one) for one in rows.values_list("application", "reviewer", score)]


def fill(rows: Iterable[Row]) -> None:
    """Read the rest of those rows that are shown."""
    shown = list(rows)
    found = Application.objects.select_related("person", "affiliate", "place").in_bulk(
        [row.pk for row in shown]
    )
    for row in shown:
        row.application = found[row.pk]
        row.code = found[row.pk].code


@dataclass(slots=True)
class Line:
    """One line of a recap: how many of a kind applied, and what was decided about them."""

    key: Any
    applied: int = 0
    read: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


def recap(rows: Iterable[Row]) -> dict[str, list[Line]]:
    """Count applications by country, by first journey and by language."""
    kinds: dict[str, Callable[[Row], Iterable[Any]]] = {
        "first_time": lambda row: [row.first_time],
        "country": lambda row: [row.country],
        "language": lambda row: row.languages,
    }
    tables: dict[str, dict[Any, Line]] = {kind: {} for kind in kinds}
    for row in rows:
        for kind, keys_of in kinds.items():
            for key in keys_of(row):
                line = tables[kind].setdefault(key, Line(key))
                line.applied += 1
                line.read += row.numbers is not None
                if row.outcome:
                    line.outcomes[row.outcome] += 1
    return {
        kind: sorted(lines.values(), key=lambda one: (-one.applied, str(one.key)))
        for kind, lines in tables.items()
    }


@dataclass(frozen=True, slots=True)
class Load:
    """What one reviewer has: how much, how far, and how strict they are."""

    reviewer: Reviewer
    assigned: int
    given: int
    abstained: int
    conflicts: int
    mean: float | None


def loads(edition: Edition) -> list[Load]:
    """Read how far each reviewer is."""
    assigned: Counter[int] = Counter(
        Assignment.objects.live()
        .filter(application__edition=edition)
        .values_list("reviewer", flat=True)
    )
    scores: dict[int, list[float]] = defaultdict(list)
    for one in given_in(edition):
        scores[one.reviewer].append(one.score)
    abstained: Counter[int] = Counter(
        Review.objects.filter(
            application__edition=edition, state=Review.State.ABSTAINED
        ).values_list("reviewer", flat=True)
    )
    standing = Count("conflicts", filter=Q(conflicts__lifted_at=None))
    people = edition.reviewers.select_related("person").annotate(in_conflict=standing)
    return [
        Load(
            one,
            assigned[one.pk],
            len(scores[one.pk]),
            abstained[one.pk],
            one.in_conflict,  # type: ignore[attr-defined]  # an annotation
            sum(scores[one.pk]) / len(scores[one.pk]) if scores[one.pk] else None,
        )
        for one in people.order_by("person__folded", "pk")
    ]
