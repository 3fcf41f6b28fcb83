"""More of what came of editions: answers, reviewers, offers, practices, exchanges, regions.

What is told of offers, practices, exchanges and visits is counted from what was published and
done, through the origins it has; nobody says it of themselves. Of fewer than five people
nothing is told.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean, median

from django.db.models import Count, Q, StdDev

from grandtour.models import Edition, Review
from grandtour.models.editions import Figure
from grandtour.reports.gathered import Gathered
from volunteers.models import Origin, Region

# Of fewer people nothing is told.
FEWEST = 5
OF_A_PLACE = {"offer": Figure.OFFERS, "practice": Figure.PRACTICES, "exchange": Figure.MADE}
A_DAY = 86_400
Counts = dict[int, dict[str, Decimal | None]]


def answered(rows: Gathered) -> Counts:
    """Say how many days the first answer took (the median), and how many have none."""
    took: dict[int, list[float]] = defaultdict(list)
    alone: Counter[int] = Counter()
    for one in rows.sent:
        if one.begun_at is None:
            continue
        if one.answered_at is None:
            alone[one.edition] += 1
        else:
            waited = (one.answered_at - one.begun_at).total_seconds()
            took[one.edition].append(max(0.0, waited / A_DAY))
    return {
        key: {
            Figure.ANSWERED: _tenth(median(took[key])) if len(took[key]) >= FEWEST else None,
            Figure.UNANSWERED: _share(alone[key], alone[key] + len(took[key])),
        }
        for key in {*took, *alone}
    }


def spread(keys: list[int]) -> Counts:
    """Say how far reviewers of one application stand apart: the mean of their deviations."""
    given = Review.objects.filter(application__edition__in=keys, state="given")
    each = given.order_by().values("application__edition", "application")
    apart = each.annotate(n=Count("pk"), apart=StdDev("score")).filter(n__gt=1)
    found: dict[int, list[float]] = defaultdict(list)
    for row in apart.exclude(apart=None):
        found[row["application__edition"]].append(float(row["apart"]))
    return {
        key: {Figure.SPREAD: _tenth(fmean(of)) if len(of) >= FEWEST else None}
        for key, of in found.items()
    }


def came_of_it(rows: Gathered) -> Counts:
    """Count the offers, practices and exchanges of those who came home, and their requests."""
    came_home = [one for one in rows.places if one.is_home]
    if not came_home:
        return {}
    home = {one.key: one.edition for one in came_home}
    asked = {one.application: one.edition for one in came_home}
    people = Counter(home.values())
    found: dict[int, Counter[str]] = {key: Counter() for key in people}
    came = Q(source="place", source_key__in=home, told_at__isnull=False)
    answered = Q(source="request", made="application", made_key__in=asked)
    origins = Origin.objects.filter(came | answered).order_by("pk")
    for source, key, made, made_key in origins.values_list(
        "source", "source_key", "made", "made_key"
    ):
        if source == "place":
            found[home[key]][OF_A_PLACE[made]] += 1
        else:
            found[asked[made_key]][Figure.VISITS] += 1
    figures = (*OF_A_PLACE.values(), Figure.VISITS)
    return {
        key: {
            figure: Decimal(found[key][figure]) if people[key] >= FEWEST else None
            for figure in figures
        }
        for key in people
    }


@dataclass(frozen=True, slots=True)
class Part:
    """A region: who applied from there and who travels; None: too few to tell."""

    region: Region | None
    applied: int
    placed: int | None

    @property
    def share(self) -> Decimal | None:
        """Say how many of those who applied travel, in percent."""
        return None if self.placed is None else _share(self.placed, self.applied)


def by_region(edition: Edition, rows: Gathered) -> list[Part]:
    """Count who applied and who travels by the part of the world they live in.

    Each country is in one part, the narrowest there is. Parts of fewer than five people are
    put together, and left out where that makes fewer than five. What hides one number by
    itself hides another with it, so that no sum gives it away.
    """
    applied = Counter(one.country for one in rows.sent if one.edition == edition.pk)
    placed = Counter(one.country for one in rows.places if one.edition == edition.pk)
    regions = _narrowest({*applied, *placed})
    sums: dict[Region | None, list[int]] = defaultdict(lambda: [0, 0])
    for nth, counted in enumerate((applied, placed)):
        for country, number in counted.items():
            sums[regions.get(country)][nth] += number
    rest = [0, 0]
    for region in [one for one, (n, _m) in sums.items() if n < FEWEST or one is None]:
        few = sums.pop(region)
        rest = [rest[0] + few[0], rest[1] + few[1]]
    parts = sorted(sums.items(), key=lambda row: str(row[0]))
    if rest[0] >= FEWEST:
        parts.append((None, rest))
    return _held_back(parts)


def _held_back(rows: Iterable[tuple[Region | None, list[int]]]) -> list[Part]:
    """Tell no number of travellers below five, and never leave just one such number out."""
    rows = list(rows)
    few = {nth for nth, (_region, (_n, placed)) in enumerate(rows) if placed < FEWEST}
    if len(few) == 1:
        others = [nth for nth in range(len(rows)) if nth not in few]
        few.update(sorted(others, key=lambda nth: rows[nth][1][1])[:1])
    return [
        Part(region, applied, None if nth in few else placed)
        for nth, (region, (applied, placed)) in enumerate(rows)
    ]


def _narrowest(countries: set[str]) -> dict[str, Region]:
    """Find for each country the smallest region that holds it."""
    regions = Region.objects.filter(countries__overlap=sorted(countries)).order_by("slug")
    found: dict[str, Region] = {}
    for region in sorted(regions, key=lambda one: -len(one.countries)):
        found.update(dict.fromkeys(region.countries, region))
    return found


def _share(part: int, whole: int) -> Decimal | None:
    """Give a share in percent, of enough people."""
    return round(Decimal(100 * part) / whole, 1) if whole >= FEWEST else None


def _tenth(value: float) -> Decimal:
    return round(Decimal(value), 1)
