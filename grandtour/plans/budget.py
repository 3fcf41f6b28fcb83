"""What is left of an edition's money and carbon: for the planner, the desk and everybody.

Plans are reckoned in cents of the euro, as Erasmus+ pays. A source in another currency is left
out of it, and the pages say so: a rate that nobody agreed on would be invented.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce

from grandtour.models import BudgetLine, Cost, Edition, Fund, Journey, Leg, Seat
from grandtour.planning.support import EURO
from grandtour.plans.standing import OPEN

SPENT = [Cost.State.COMMITTED, Cost.State.PAID]


@dataclass(frozen=True, slots=True)
class Money:
    """What was granted in euros and what is left of it, in cents; `others`: more currencies."""

    granted: int
    left: int
    others: bool


@dataclass(frozen=True, slots=True)
class Carbon:
    """What an edition may emit and what its journeys use of it, in grams."""

    budget: int
    used: int

    @property
    def left(self) -> int:
        """Give what is left."""
        return max(0, self.budget - self.used)


def money(edition: Edition) -> Money | None:
    """Give what is left of the money; None for an edition to which nothing was granted."""
    lines = BudgetLine.objects.filter(fund__edition=OuterRef("pk"), fund__currency=EURO)
    costs = Cost.objects.filter(edition=OuterRef("pk"), state__in=SPENT, currency=EURO)
    funds = Fund.objects.filter(edition=OuterRef("pk"))
    granted, spent, others = Edition.objects.values_list(
        _total(lines, "fund__edition", "granted"),
        _total(costs, "edition", "amount"),
        Exists(funds.exclude(currency=EURO)),
    ).get(pk=edition.pk)
    return Money(granted, granted - spent, others) if granted else None


def _total(rows: QuerySet[Any], of: str, field: str) -> Coalesce:
    """Add up a field of rows of each edition, as a part of a larger statement."""
    sums = rows.order_by().values(of).annotate(sum=Sum(field)).values("sum")
    return Coalesce(Subquery(sums), 0)


def to_plan_with(edition: Edition, still: Iterable[Journey]) -> int | None:
    """Give the money a plan may use, in cents; None where there is no such rule.

    What is set aside for places in journeys that can `still` be planned anew is part of it: the
    plan counts those places itself.
    """
    found = money(edition)
    if found is None:
        return None
    return max(0, found.left + _set_aside(edition, Q(seat__journey__in=still)))


def to_follow_with(edition: Edition) -> int | None:
    """Give the money of all places that are not confirmed, in cents; None where no rule is.

    Unlike a plan, who follows may come into a journey that is confirmed already.
    """
    found = money(edition)
    if found is None:
        return None
    counted = Q(seat__journey__state__in=OPEN) | Q(seat__state__in=Seat.UNCONFIRMED)
    return found.left + _set_aside(edition, counted)


def _set_aside(edition: Edition, counted: Q) -> int:
    """Add up what is set aside for some places, in cents of the euro."""
    rows = Cost.objects.filter(edition=edition, state__in=SPENT, currency=EURO)
    return _sum(rows.filter(counted))


def set_aside_for(seats: Iterable[Seat]) -> dict[int, int]:
    """Give what is approved or paid for some places, in cents of the euro, by application."""
    rows = Cost.objects.filter(seat__in=seats, state__in=SPENT, currency=EURO)
    sums = rows.order_by().values_list("seat__application").annotate(sum=Sum("amount"))
    return dict(sums)


def promised(edition: Edition) -> int:
    """Give what each traveller was promised, in cents of the euro."""
    lines = BudgetLine.objects.promised_in(edition).filter(fund__currency=EURO)
    return lines.aggregate(sum=Sum("stipend"))["sum"] or 0


def _sum(costs: QuerySet[Cost]) -> int:
    """Add up costs."""
    return costs.aggregate(sum=Sum("amount"))["sum"] or 0


def carbon(edition: Edition, *, told: bool = False) -> Carbon:
    """Give what is left of the carbon; `told`: only journeys of which people know."""
    journeys = Journey.objects.live().filter(edition=edition)
    if told:
        journeys = journeys.exclude(state=Journey.State.PROPOSED)
    seats = Seat.objects.live().filter(journey=OuterRef("journey")).order_by()
    guests = Subquery(seats.values("journey").annotate(n=Count("pk")).values("n"))
    own, shared = Q(seat__number__isnull=False), Q(seat=None)
    each = Case(
        When(shared, then=F("grams") * Coalesce(guests, 0)),
        When(own, then=F("grams")),
        default=0,
        output_field=BigIntegerField(),
    )
    used = Leg.objects.filter(journey__in=journeys).aggregate(grams=Sum(each))["grams"]
    return Carbon(edition.carbon_budget * 1000, used or 0)
