"""What came of editions, in figures that can be held against what was stated before.

Each figure is a share in percent, or an amount in its unit. There is none where nothing can be
counted yet, or where so few have answered that one could tell who.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal, get_currency_precision
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    BooleanField,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
)
from django.utils.functional import Promise
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grandtour.models import (
    Application,
    Cost,
    Edition,
    Leg,
    LookBackAnswer,
    Measure,
    Seat,
    Sharing,
    TravelReport,
)
from grandtour.models.editions import Figure
from grandtour.models.expectations import Side
from grandtour.models.looking_back import FEWEST
from grandtour.models.seats import REPORTED_WITHIN
from grandtour.reports import outcomes

TRAVELLED = ["travelling", "returned", "reported", "closed"]
SPENT = ["committed", "paid"]
GOING = ["accepted", "agreed", "confirmed", *TRAVELLED]
UNITS: dict[str, Promise | str] = {
    Figure.COUNTRIES: "",
    Figure.CARBON: "kg",
    Figure.CARBON_A_DAY: "kg",
    Figure.COST_A_DAY: "",
    Figure.ANSWERED: _lazy("days"),
    Figure.SPREAD: _lazy("points"),
    **dict.fromkeys((Figure.OFFERS, Figure.PRACTICES, Figure.MADE, Figure.VISITS), ""),
}
ALONE = ExpressionWrapper(Q(seat__isnull=False), output_field=BooleanField())
Counts = dict[int, dict[str, Decimal | None]]


@dataclass(frozen=True, slots=True)
class Held:
    """A measure, what it was meant to reach, and what happened; None: nothing to tell yet."""

    measure: Measure
    happened: Decimal | None

    @property
    def reached(self) -> bool | None:
        """Say whether it came to what was meant."""
        if self.happened is None:
            return None
        if self.measure.least:
            return self.happened >= self.measure.target
        return self.happened <= self.measure.target


def held(edition: Edition, counted: Counts | None = None) -> list[Held]:
    """Hold each measure against what happened: counted here, or written down by organisers."""
    found = (counted or figures([edition]))[edition.pk]
    return [
        Held(row, found.get(row.figure) if row.figure else row.reached)
        for row in edition.measures.order_by("number")
    ]


def unit(figure: str, currency: str = "") -> Promise | str:
    """Say in what a figure is counted; money in the currency of the edition."""
    return currency if figure == Figure.COST_A_DAY else UNITS.get(figure, "%")


def amount(value: Decimal | None, unit: object) -> str:
    """Write a number with its unit, as the reader's language does; nothing: a dash."""
    if value is None:
        return "—"
    number = format_decimal(value.normalize(), locale=to_locale(get_language() or "en"))
    return f"{number} {unit}".strip()


def meant(measure: Measure) -> str:
    """Write what is meant to be reached, as the edition announced it."""
    words = _("at least %(amount)s") if measure.least else _("at most %(amount)s")
    return words % {"amount": amount(measure.target, measure.unit)}


def currencies(editions: Iterable[Edition]) -> dict[int, str]:
    """Give the currency of each edition whose costs are all in one; others cannot be added."""
    spent = Cost.objects.filter(edition__in=editions, state__in=SPENT)
    found: dict[int, str] = {}
    for key, codes in spent.values_list("edition").annotate(
        codes=ArrayAgg("currency", distinct=True)
    ):
        if len(codes) == 1:
            found[key] = codes[0]
    return found


def figures(editions: Iterable[Edition]) -> Counts:
    """Count all figures of some editions, in a few statements whatever their number."""
    keys = [edition.pk for edition in editions]
    found: Counts = {key: dict.fromkeys(Figure.values) for key in keys}
    ours = (_people, _ways, _money, _reports, _answers)
    more = (
        outcomes.answered,
        outcomes.spread,
        outcomes.came_of_it,
    )
    for part in (*ours, *more):
        for key, counted in part(keys).items():
            found[key].update(counted)
    return found


def _share(part: int, whole: int) -> Decimal | None:
    """Give a share in percent, with one decimal."""
    return round(Decimal(100 * part) / whole, 1) if whole else None


def _rows(rows: QuerySet[Any], **counted: Any) -> Iterable[tuple[int, dict[str, int]]]:
    """Count something of each edition."""
    for row in rows.values("edition").annotate(**counted).order_by("edition"):
        yield row.pop("edition"), row


def _people(keys: list[int]) -> Counts:
    """Count who applied, who goes, for the first time, and from how many countries a group."""
    sent = Application.objects.filter(edition__in=keys).sent()
    first = Q(application__first_time=True)
    seats = Seat.objects.filter(edition__in=keys, state__in=GOING)
    firsts = Count("pk", filter=Q(first_time=True))
    applications = dict(_rows(sent, n=Count("pk"), firsts=firsts))
    applied = {key: row["n"] for key, row in applications.items()}
    found: Counts = {
        key: {Figure.FIRST_APPLIED: _of_enough(row["firsts"], row["n"])}
        for key, row in applications.items()
    }
    counted = {
        "n": Count("pk"),
        "first": Count("pk", filter=first),
        "groups": Count("journey", distinct=True),
    }
    lands = {
        key: row["n"]
        for key, row in _rows(
            seats.annotate(
                land=Func(
                    F("journey"), F("country"), function="ROW", output_field=IntegerField()
                )
            ),
            n=Count("land", distinct=True),
        )
    }
    for key, row in _rows(seats, **counted):
        found[key] = found.get(key, {}) | {
            Figure.PLACED: _share(row["n"], applied.get(key, 0)),
            Figure.FIRST_TIME: _of_enough(row["first"], row["n"]),
            Figure.COUNTRIES: round(Decimal(lands[key]) / row["groups"], 1),
        }
    return found


def _ways(keys: list[int]) -> Counts:
    """Count kilometres by land and grams of each traveller, those of the group as well."""
    people = Seat.objects.filter(edition__in=keys, state__in=GOING)
    groups = Counter(people.values_list("journey", flat=True))
    days, _heads = _days(keys)
    km: dict[int, Decimal] = defaultdict(Decimal)
    land: dict[int, Decimal] = defaultdict(Decimal)
    grams: dict[int, int] = defaultdict(int)
    legs = Leg.objects.filter(
        Q(seat=None, journey__in=groups) | Q(seat__in=people.values("pk"))
    )
    sums = legs.values("journey", "journey__edition", "mode", alone=ALONE)
    for row in sums.annotate(km=Sum("km"), grams=Sum("grams")):
        key, times = row["journey__edition"], 1 if row["alone"] else groups[row["journey"]]
        km[key] += times * row["km"]
        grams[key] += times * row["grams"]
        if row["mode"] in {"rail", "coach", "ferry"}:
            land[key] += times * row["km"]
    kilos = {key: Decimal(sum_) / 1000 for key, sum_ in grams.items()}
    return {
        key: {
            Figure.LAND: round(100 * land[key] / km[key], 1) if km[key] else None,
            Figure.CARBON: round(kilos[key], 1),
            Figure.CARBON_A_DAY: round(kilos[key] / days[key], 1) if days[key] else None,
        }
        for key in km
    }


def _days(keys: list[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Count the days of all who travel, each for themselves, and how many they are."""
    people = Seat.objects.filter(edition__in=keys, state__in=GOING)
    days: dict[int, int] = defaultdict(int)
    heads: dict[int, int] = defaultdict(int)
    for key, period in people.values_list("edition", "period"):
        days[key] += (period.upper - period.lower).days if period else 0
        heads[key] += 1
    return days, heads


def _money(keys: list[int]) -> Counts:
    """Share what is approved and paid among the days of all who travel.

    In units of the currency; nothing where costs are in several, or of so few travellers that
    it would tell what one of them was given.
    """
    spent = Cost.objects.filter(edition__in=keys, state__in=SPENT)
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    for key, code, amount in spent.values_list("edition", "currency").annotate(
        amount=Sum("amount")
    ):
        sums[key][code] = amount
    (days, heads), found = _days(keys), {}
    for key, of in sums.items():
        if len(of) == 1 and days[key] and heads[key] >= FEWEST:
            ((code, amount),) = of.items()
            units = Decimal(amount).scaleb(-get_currency_precision(code))
            found[key] = {str(Figure.COST_A_DAY): round(units / days[key], 1)}
    return {key: dict[str, Decimal | None](row) for key, row in found.items()}


def _reports(keys: list[int]) -> Counts:
    """Count who reported in time, and who passed it on, of those who came home."""
    home = Seat.objects.filter(edition__in=keys, state__in=["returned", "reported", "closed"])
    in_time = TravelReport.objects.filter(
        seat=OuterRef("pk"),
        submitted_at__date__lt=ExpressionWrapper(
            Func(F("seat__period"), function="upper", output_field=DateField())
            + REPORTED_WITHIN,
            output_field=DateField(),
        ),
    )
    shared = Sharing.objects.filter(seat=OuterRef("pk"))
    marked = home.annotate(intime=Exists(in_time), passed=Exists(shared))
    return {
        key: {
            Figure.REPORTED: _share(row["reported"], row["n"]),
            Figure.SHARED: _share(row["shared"], row["n"]),
        }
        for key, row in _rows(
            marked,
            n=Count("pk"),
            reported=Count("pk", filter=Q(intime=True)),
            shared=Count("pk", filter=Q(passed=True)),
        )
    }


def _answers(keys: list[int]) -> Counts:
    """Count what people said half a year later, where enough of them did."""
    rows = LookBackAnswer.objects.filter(edition__in=keys)
    travelled, hosted = Q(side=Side.TRAVELLER), Q(side=Side.HOST)
    counted = {
        "travellers": Count("pk", filter=travelled),
        "hosts": Count("pk", filter=hosted),
        "stuck": Count("pk", filter=travelled & ~Q(stuck="nothing")),
        "done": Count("pk", filter=travelled & Q(action="done")),
        "offered": Count("pk", filter=travelled & Q(offered=True)),
        "again": Count("pk", filter=hosted & Q(again=True)),
    }
    return {
        key: {
            Figure.STUCK: _of_enough(row["stuck"], row["travellers"]),
            Figure.ACTION: _of_enough(row["done"], row["travellers"]),
            Figure.OFFERED: _of_enough(row["offered"], row["travellers"]),
            Figure.HOST_AGAIN: _of_enough(row["again"], row["hosts"]),
        }
        for key, row in _rows(rows, **counted)
    }


def _of_enough(part: int, whole: int) -> Decimal | None:
    """Give a share only of so many that nobody is recognised."""
    return _share(part, whole) if whole >= FEWEST else None
