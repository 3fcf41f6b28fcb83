"""What figures of editions are counted from: each kind of row, read once for all of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    Min,
    OuterRef,
    Subquery,
    Sum,
)

from grandtour.models import (
    Application,
    ApplicationEvent,
    Cost,
    Edition,
    Seat,
    Sharing,
    TravelReport,
)
from grandtour.models.seats import REPORTED_WITHIN

SPENT = ["committed", "paid"]
HOME = ["returned", "reported", "closed"]
GOING = ["accepted", "agreed", "confirmed", "travelling", *HOME]
# What an applicant is told: that something is missing, or what was decided.
ANSWERS = ["incomplete", "shortlisted", "waiting", "declined", "placed"]


@dataclass(frozen=True, slots=True)
class Place:
    """One traveller's place: whose, in which group, for how many days, and what came after."""

    key: int
    edition: int
    journey: int
    application: int
    country: str
    first_time: bool
    days: int
    is_home: bool
    reported: bool
    shared: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """One application that was sent: from where, when, and when it had its first answer."""

    edition: int
    country: str
    first_time: bool
    begun_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Gathered:
    """The rows of some editions; `spent` is in the smallest unit, by edition and currency."""

    editions: list[int]
    places: list[Place]
    sent: list[Sent]
    spent: dict[int, dict[str, int]]

    def days(self, edition: int) -> int:
        """Count the days of all who travel, each for themselves."""
        return sum(one.days for one in self.places if one.edition == edition)

    def groups(self) -> Counter[int]:
        """Count how many travel in each journey."""
        return Counter(one.journey for one in self.places)


def gather(editions: Iterable[Edition]) -> Gathered:
    """Read what the figures of some editions are counted from, in three statements."""
    keys = [edition.pk for edition in editions]
    return Gathered(keys, _places(keys), _sent(keys), _spent(keys))


def _places(keys: list[int]) -> list[Place]:
    """Read who goes, or went."""
    in_time = TravelReport.objects.filter(
        seat=OuterRef("pk"),
        submitted_at__date__lt=ExpressionWrapper(
            Func(F("seat__period"), function="upper", output_field=DateField())
            + REPORTED_WITHIN,
            output_field=DateField(),
        ),
    )
    shared = Sharing.objects.filter(seat=OuterRef("pk"))
    rows = Seat.objects.filter(edition__in=keys, state__in=GOING).order_by("pk")
    marked = rows.annotate(
        first_time=F("application__first_time"),
        in_time=Exists(in_time),
        passed=Exists(shared),
    )
    return [
        Place(
            key=row.pk,
            edition=row.edition_id,
            journey=row.journey_id,
            application=row.application_id,
            country=row.country,
            first_time=bool(row.first_time),
            days=(row.period.upper - row.period.lower).days if row.period else 0,
            is_home=row.state in HOME,
            reported=row.in_time,
            shared=row.passed,
        )
        for row in marked.values_list(
            *("pk", "edition_id", "journey_id", "application_id", "country", "period"),
            *("state", "in_time", "passed"),
            "first_time",
            named=True,
        )
    ]


def _sent(keys: list[int]) -> list[Sent]:
    """Read who applied."""
    first = ApplicationEvent.objects.filter(application=OuterRef("pk"), state__in=ANSWERS)
    at = first.order_by().values("application").annotate(at=Min("at")).values("at")
    rows = Application.objects.filter(edition__in=keys).sent().annotate(answer=Subquery(at))
    told = rows.order_by("pk").values_list(
        "edition", "country", "first_time", "submitted_at", "answer"
    )
    return [
        Sent(edition, country, bool(first_time), begun, answer)
        for edition, country, first_time, begun, answer in told
    ]


def _spent(keys: list[int]) -> dict[int, dict[str, int]]:
    """Add up what is approved and paid, by edition and currency."""
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Cost.objects.filter(edition__in=keys, state__in=SPENT).order_by()
    for key, code, amount in rows.values_list("edition", "currency").annotate(
        amount=Sum("amount")
    ):
        sums[key][code] = amount
    return sums
