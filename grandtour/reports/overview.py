"""All applications of an edition at a glance: reviews, disagreement, what was decided."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    F,
    FloatField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    StdDev,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from grandtour.models import Application, Assignment, Decision, Edition, Review, Reviewer
from grandtour.reports.viewers import Viewer
from grandtour.scoring import Given, Numbers, factors

State = Application.State
Outcome = Decision.Outcome
NOT_TOLD = [State.SUBMITTED, State.INCOMPLETE, State.IN_REVIEW]
SURE = Review.Confidence.FAIR  # from here on somebody is sure of what they think
PENDING = ~Q(decision="")
# How far applications are.
STAGES: dict[str, Q] = {
    "": Q(),
    "new": Q(state__in=[State.SUBMITTED, State.INCOMPLETE]),
    "reading": Q(state=State.IN_REVIEW, decision=""),
    "pending": PENDING,
    "told": ~Q(state__in=NOT_TOLD) & ~PENDING,
}
# How a list can be ordered; nothing comes before something.
SORTS: dict[str, Any] = {
    "fair": F("fair").desc(nulls_last=True),
    "mean": F("mean").desc(nulls_last=True),
    "spread": F("spread").desc(nulls_last=True),
    "unread": F("given") - F("readers"),
    "own": F("own").desc(nulls_last=True),
}


@dataclass(slots=True)
class Row:
    """One application: the columns of a list."""

    pk: int
    state: str
    country: str
    first_time: bool | None
    languages: list[str]
    given: int
    mean: float | None
    spread: float | None
    fair: float | None
    sure: int
    readers: int
    own: float | None
    decision: str
    code: str = ""
    application: Application | None = None
    problems: list[Any] = field(default_factory=list)

    @property
    def numbers(self) -> Numbers | None:
        """Give what its reviews come to, where there are some that this viewer may see."""
        if self.mean is None or self.fair is None:
            return None
        return Numbers(
            self.given, self.mean, self.spread if self.given > 1 else None, self.fair
        )


COLUMNS = (
    *("pk", "state", "country", "first_time", "languages"),
    *("given", "mean", "spread", "fair", "sure", "readers", "own", "decision"),
)
Listed = QuerySet[Application, dict[str, Any]]


def listed(edition: Edition, viewer: Viewer) -> Listed:
    """Read what this viewer may see of an edition, with what reviews come to: all in SQL."""
    counts = Q(reviews__state=Review.State.GIVEN)
    shown = counts & ~Q(pk__in=viewer.closed) if viewer.closed else counts
    score = Cast("reviews__score", FloatField())
    fair = Avg(score * _strictness(edition), filter=shown)
    rows = _with_decision(viewer.of(edition).values(*COLUMNS[:5]))
    found: Listed = rows.annotate(
        given=Count("reviews", filter=shown),
        mean=Avg(score, filter=shown),
        spread=StdDev(score, filter=shown),
        fair=fair,
        sure=Count("reviews", filter=shown & Q(reviews__confidence__gte=SURE)),
        own=Max(score, filter=counts & Q(reviews__reviewer=viewer.reviewer)),
        readers=Coalesce(Subquery(_readers()), 0),
    )
    return found


def _with_decision(rows: Any) -> Any:
    """Read along what is decided and not published."""
    pending = Decision.objects.pending().filter(application=OuterRef("pk"))
    return rows.annotate(decision=Coalesce(Subquery(pending.values("outcome")[:1]), Value("")))


def _readers() -> Any:
    """Count who reads an application."""
    live = Assignment.objects.live().filter(application=OuterRef("pk"))
    return live.values("application").annotate(number=Count("pk")).values("number")


def _strictness(edition: Edition) -> Any:
    """Give by what each score is multiplied, so that strict and generous count alike."""
    rows = Review.objects.given().filter(application__edition=edition).values("reviewer")
    sums = rows.annotate(number=Count("pk"), total=Sum("score"))
    theirs = {one["reviewer"]: (one["number"], float(one["total"])) for one in sums}
    cases = [
        When(reviews__reviewer=reviewer, then=Value(by))
        for reviewer, by in factors(theirs).items()
    ]
    return Case(*cases, default=Value(1.0), output_field=FloatField())


def numbers_of(edition: Edition, viewer: Viewer, key: int) -> Row | None:
    """Read what one application comes to; None where it has just been taken back."""
    found = listed(edition, viewer).filter(pk=key).values_list(*COLUMNS).first()
    return Row(*found) if found else None


def rows_of(found: Any) -> list[Row]:
    """Read these with the rest of what a list shows."""
    rows = [Row(*values) for values in found.values_list(*COLUMNS)]
    known = Application.objects.select_related("person", "affiliate", "place").in_bulk(
        [row.pk for row in rows]
    )
    for row in rows:
        row.application = known[row.pk]
        row.code = known[row.pk].code
    return rows


def stages(edition: Edition, viewer: Viewer) -> dict[str, int]:
    """Count how many are how far."""
    rows = _with_decision(viewer.of(edition))
    numbers = {f"n{n}": Count("pk", filter=holds) for n, holds in enumerate(STAGES.values())}
    counted: dict[str, int] = rows.aggregate(**numbers)
    return dict(zip(STAGES, counted.values(), strict=True))


def given_in(edition: Edition) -> list[Given]:
    """Read all reviews of an edition that count."""
    rows = Review.objects.given().filter(application__edition=edition)
    score = Cast("score", FloatField())
    return [Given(*one) for one in rows.values_list("application", "reviewer", score)]


@dataclass(slots=True)
class Line:
    """One line of a recap: how many of a kind applied, and what was decided about them."""

    key: Any
    applied: int = 0
    read: int = 0
    unsure: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Alike:
    """How many applications have the same in all that a recap counts."""

    country: str
    first_time: bool | None
    languages: list[str]
    read: bool
    sure: bool
    outcome: str
    number: int


def recap(edition: Edition, viewer: Viewer) -> dict[str, list[Line]]:
    """Count applications by country, by first journey and by language.

    All who applied are counted; of what somebody leaves to others nothing more is told.
    """
    kinds: dict[str, Callable[[Alike], Iterable[Any]]] = {
        "first_time": lambda one: [one.first_time],
        "country": lambda one: [one.country],
        "language": lambda one: one.languages,
    }
    tables: dict[str, dict[Any, Line]] = {kind: {} for kind in kinds}
    for one in _alike(edition, viewer):
        for kind, keys_of in kinds.items():
            for key in keys_of(one):
                line = tables[kind].setdefault(key, Line(key))
                line.applied += one.number
                line.read += one.number if one.read else 0
                line.unsure += one.number if one.read and not one.sure else 0
                if one.outcome:
                    line.outcomes[one.outcome] += one.number
    return {
        kind: sorted(lines.values(), key=lambda one: (-one.applied, str(one.key)))
        for kind, lines in tables.items()
    }


def _alike(edition: Edition, viewer: Viewer) -> Iterable[Alike]:
    """Read the applications of an edition, those that are alike in one row."""
    given = Review.objects.given().filter(application=OuterRef("pk"))
    hidden = Q(pk__in=viewer.barred)
    unread = When(hidden | Q(pk__in=viewer.closed), then=Value(value=False))
    rows = _with_decision(edition.applications.sent()).annotate(
        read=Case(unread, default=Exists(given)),
        sure=Case(unread, default=Exists(given.filter(confidence__gte=SURE))),
        outcome=Case(
            When(hidden, then=Value("")),
            When(PENDING, then=F("decision")),
            When(state__in=Outcome.values, then=F("state")),
            default=Value(""),
        ),
    )
    columns = ("country", "first_time", "languages", "read", "sure", "outcome")
    counted = rows.values(*columns).annotate(number=Count("pk"))
    return [Alike(*one) for one in counted.values_list(*columns, "number")]


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
    written = Review.objects.filter(application__edition=edition).values("reviewer")
    counted = {
        one["reviewer"]: one
        for one in written.annotate(
            given=Count("pk", filter=Q(state=Review.State.GIVEN)),
            abstained=Count("pk", filter=Q(state=Review.State.ABSTAINED)),
            mean=Avg(Cast("score", FloatField())),
        )
    }
    nothing: dict[str, Any] = {"given": 0, "abstained": 0, "mean": None}
    standing = Count(
        "conflicts__application", filter=Q(conflicts__lifted_at=None), distinct=True
    )
    people = edition.reviewers.select_related("person").annotate(in_conflict=standing)
    return [
        Load(
            one,
            assigned[one.pk],
            counted.get(one.pk, nothing)["given"],
            counted.get(one.pk, nothing)["abstained"],
            one.in_conflict,  # type: ignore[attr-defined]  # an annotation
            counted.get(one.pk, nothing)["mean"],
        )
        for one in people.order_by("person__folded", "pk")
    ]
