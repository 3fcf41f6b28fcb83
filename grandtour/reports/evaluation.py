"""What came of editions, in figures that can be held against what was stated before.

Each figure is a share in percent, or an amount in its unit. There is none where nothing can be
counted yet, or where so few have answered that one could tell who.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from babel.numbers import format_decimal, get_currency_precision
from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    Q,
    Sum,
)
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from grandtour.models import (
    Edition,
    Leg,
    LookBackAnswer,
    Measure,
)
from grandtour.models.editions import Figure
from grandtour.models.expectations import Side
from grandtour.models.looking_back import FEWEST
from grandtour.reports import outcomes
from grandtour.reports.gathered import Gathered, Place

UNITS: dict[str, str] = {
    Figure.COUNTRIES: "",
    Figure.CARBON: "kg",
    Figure.CARBON_A_DAY: "kg",
    Figure.COST_A_DAY: "",
    Figure.ANSWERED: "",  # its name says that it is days
    Figure.SPREAD: "/ 100",
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


def held(edition: Edition, counted: Counts) -> list[Held]:
    """Hold each measure against what happened: counted here, or written down by organisers."""
    found = counted[edition.pk]
    return [
        Held(row, found.get(row.figure) if row.figure else row.reached)
        for row in edition.measures.order_by("number")
    ]


def unit(figure: str, currency: str = "") -> str:
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


def currencies(rows: Gathered) -> dict[int, str]:
    """Give the currency of each edition whose costs are all in one; others cannot be added."""
    return {key: next(iter(of)) for key, of in rows.spent.items() if len(of) == 1}


def figures(rows: Gathered) -> Counts:
    """Count all figures of some editions, one statement for each further kind of row."""
    found: Counts = {key: dict.fromkeys(Figure.values) for key in rows.editions}
    of_rows = (_people, _ways, _money, _reports, outcomes.answered, outcomes.came_of_it)
    for of in of_rows:
        for key, counted in of(rows).items():
            found[key].update(counted)
    for of_keys in (_answers, outcomes.spread):
        for key, counted in of_keys(rows.editions).items():
            found[key].update(counted)
    return found


def _share(part: int, whole: int) -> Decimal | None:
    """Give a share in percent, with one decimal."""
    return round(Decimal(100 * part) / whole, 1) if whole else None


def _people(rows: Gathered) -> Counts:
    """Count who applied, who goes, for the first time, and from how many countries a group."""
    found: Counts = defaultdict(dict)
    for key in rows.editions:
        sent = [one for one in rows.sent if one.edition == key]
        going = [one for one in rows.places if one.edition == key]
        if sent:
            firsts = sum(one.first_time for one in sent)
            found[key][Figure.FIRST_APPLIED] = _of_enough(firsts, len(sent))
        if going:
            lands = {(one.journey, one.country) for one in going}
            groups = {one.journey for one in going}
            firsts = sum(one.first_time for one in going)
            found[key] |= {
                Figure.PLACED: _share(len(going), len(sent)),
                Figure.FIRST_TIME: _of_enough(firsts, len(going)),
                Figure.COUNTRIES: round(Decimal(len(lands)) / len(groups), 1),
            }
    return found


def _ways(rows: Gathered) -> Counts:
    """Count kilometres by land and grams of each traveller, those of the group as well."""
    groups = rows.groups()
    km: dict[int, Decimal] = defaultdict(Decimal)
    land: dict[int, Decimal] = defaultdict(Decimal)
    grams: dict[int, int] = defaultdict(int)
    seats = [one.key for one in rows.places]
    legs = Leg.objects.filter(Q(seat=None, journey__in=groups) | Q(seat__in=seats))
    sums = legs.values("journey", "journey__edition", "mode", alone=ALONE)
    for row in sums.annotate(km=Sum("km"), grams=Sum("grams")):
        key, times = row["journey__edition"], 1 if row["alone"] else groups[row["journey"]]
        km[key] += times * row["km"]
        grams[key] += times * row["grams"]
        if row["mode"] in {"rail", "coach", "ferry"}:
            land[key] += times * row["km"]
    kilos = {key: Decimal(sum_) / 1000 for key, sum_ in grams.items()}
    days = {key: rows.days(key) for key in km}
    return {
        key: {
            Figure.LAND: round(100 * land[key] / km[key], 1) if km[key] else None,
            Figure.CARBON: round(kilos[key], 1),
            Figure.CARBON_A_DAY: round(kilos[key] / days[key], 1) if days[key] else None,
        }
        for key in km
    }


def _money(rows: Gathered) -> Counts:
    """Share what is approved and paid among the days of all who travel.

    In units of the currency; nothing where costs are in several, or of so few travellers that
    it would tell what one of them was given.
    """
    heads, found = Counter(one.edition for one in rows.places), {}
    for key, code in currencies(rows).items():
        days = rows.days(key)
        if days and heads[key] >= FEWEST:
            units = Decimal(rows.spent[key][code]).scaleb(-get_currency_precision(code))
            found[key] = {str(Figure.COST_A_DAY): round(units / days, 1)}
    return {key: dict[str, Decimal | None](row) for key, row in found.items()}


def _reports(rows: Gathered) -> Counts:
    """Count who reported in time, and who passed it on, of those who came home."""
    home: dict[int, list[Place]] = defaultdict(list)
    for one in rows.places:
        if one.is_home:
            home[one.edition].append(one)
    return {
        key: {
            Figure.REPORTED: _share(sum(one.reported for one in those), len(those)),
            Figure.SHARED: _share(sum(one.shared for one in those), len(those)),
        }
        for key, those in home.items()
    }


def _answers(keys: list[int]) -> Counts:
    """Count what people said half a year later, where enough of them did.

    Of those without a name, and of those with one: organisers read the latter, and would find
    by subtraction what few others said.
    """
    rows = LookBackAnswer.objects.filter(edition__in=keys)
    travelled, hosted = Q(side=Side.TRAVELLER), Q(side=Side.HOST)
    signed = Q(person__isnull=False)
    counted = {
        "travellers": Count("pk", filter=travelled),
        "travellers_signed": Count("pk", filter=travelled & signed),
        "hosts": Count("pk", filter=hosted),
        "hosts_signed": Count("pk", filter=hosted & signed),
        "stuck": Count("pk", filter=travelled & ~Q(stuck="nothing")),
        "done": Count("pk", filter=travelled & Q(action="done")),
        "offered": Count("pk", filter=travelled & Q(offered=True)),
        "again": Count("pk", filter=hosted & Q(again=True)),
    }
    grouped = rows.values("edition").annotate(**counted).order_by("edition")
    return {
        key: {
            Figure.STUCK: _of_both(row, "stuck", "travellers"),
            Figure.ACTION: _of_both(row, "done", "travellers"),
            Figure.OFFERED: _of_both(row, "offered", "travellers"),
            Figure.HOST_AGAIN: _of_both(row, "again", "hosts"),
        }
        for key, row in ((one["edition"], cast("dict[str, int]", one)) for one in grouped)
    }


def _of_enough(part: int, whole: int) -> Decimal | None:
    """Give a share only of so many that nobody is recognised."""
    return _share(part, whole) if whole >= FEWEST else None


def _of_both(row: dict[str, int], part: str, side: str) -> Decimal | None:
    """Give a share of one side where those with a name, and without, are none or enough."""
    signed = row[f"{side}_signed"]
    few = any(0 < number < FEWEST for number in (signed, row[side] - signed))
    return None if few else _of_enough(row[part], row[side])
