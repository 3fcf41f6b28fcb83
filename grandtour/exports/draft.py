"""The draft of an application for money: who, theme, hosts, route, carbon, budget.

It is meant for a public wiki, so travellers are in it by country only, never by name. The same
sections are written as wikitext and printed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from capx.names import country_name, listed
from capx.templatetags.wording import kilograms, money
from capx.wikitext import plain
from grandtour.exports import books
from grandtour.models import BudgetLine, Edition, Host, Journey, Leg, Seat
from grandtour.planning.support import EURO
from grandtour.reports.evaluation import meant


@dataclass(frozen=True, slots=True)
class Point:
    """A line of a list, and the lines below it."""

    words: str
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its head, its rows, and the sums below them."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sums: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the draft: words, a list or a table below a title."""

    title: str
    words: str = ""
    points: tuple[Point, ...] = ()
    grid: Grid | None = None


def sections(edition: Edition) -> list[Section]:
    """Say everything in the reader's language."""
    journeys = list(
        edition.journeys.live()
        .prefetch_related("seats", "legs", "stops__host__affiliate", "stops__host__place")
        .order_by("number")
    )
    return [
        Section(_("What it is about"), edition.about),
        Section(_("Who travels"), points=tuple(_travellers(journeys))),
        Section(_("Hosts"), points=tuple(_hosts(edition))),
        Section(_("Route"), points=tuple(map(_route, journeys))),
        Section(_("Carbon"), _carbon(journeys)),
        Section(_("Budget"), grid=_budget(edition)),
        _unit_costs(edition),
        Section(_("What success means"), edition.success, tuple(_measures(edition))),
    ]


def _measures(edition: Edition) -> Iterator[Point]:
    """List what is measured, with what is meant to be reached."""
    for row in edition.measures.order_by("number"):
        yield Point(f"{row.name}: {meant(row)}")


def _seats(journey: Journey) -> list[Seat]:
    return [seat for seat in journey.seats.all() if seat.number]


def _travellers(journeys: list[Journey]) -> Iterator[Point]:
    """Count those who travel by the country they live in."""
    found = Counter(seat.country for journey in journeys for seat in _seats(journey))
    for country, number in sorted(found.items(), key=lambda pair: country_name(pair[0])):
        yield Point(f"{country_name(country)}: {number}")


def _hosts(edition: Edition) -> Iterator[Point]:
    """List the hosts with their cities."""
    rows = edition.hosts.filter(state=Host.State.ACCEPTED).select_related("affiliate", "place")
    for host in rows.order_by("affiliate__name", "pk"):
        words = [str(host.affiliate), *([str(host.place)] if host.place else [])]
        yield Point(listed(words))


def _route(journey: Journey) -> Point:
    """List the stops of a journey with their days."""
    stops = []
    for stop in sorted(journey.stops.all(), key=lambda stop: stop.number):
        days = [date_format(day, "DATE_FORMAT") for day in (stop.arrive, stop.leave)]
        stops.append(f"{stop.host.place or stop.host.affiliate}: {days[0]} – {days[1]}")  # noqa: RUF001 -- a span
    return Point(str(journey), tuple(stops))


def _carbon(journeys: list[Journey]) -> str:
    """Add up all ways of all travellers: a way of the group counts once for each."""
    grams = grams_plain = 0
    for journey in journeys:
        number = len(_seats(journey))
        for leg in journey.legs.all():
            times = _times(leg, journey, number)
            grams += times * leg.grams
            grams_plain += times * leg.grams_plain
    words = _("%(with)s of CO₂e with the radiative forcing of flights, %(without)s without")
    return words % {"with": kilograms(grams), "without": kilograms(grams_plain)}


def _times(leg: Leg, journey: Journey, number: int) -> int:
    """Say how many travel a way."""
    if leg.seat_id is None:
        return number
    return int(leg.seat_id in {seat.pk for seat in _seats(journey)})


def _budget(edition: Edition) -> Grid:
    """Write the lines of all sources as a table, and a sum for each currency."""
    asked: Counter[str] = Counter()
    granted: Counter[str] = Counter()
    rows = []
    for line in BudgetLine.objects.filter(fund__edition=edition).in_order():
        code = line.fund.currency
        asked[code] += line.requested
        granted[code] += line.granted
        sums = (money(line.requested, code), money(line.granted, code))
        rows.append((str(line.fund), line.what_for, *sums))
    together = [
        (_("Together"), listed([code]), money(asked[code], code), money(granted[code], code))
        for code in sorted(asked)
    ]
    head = (_("Funding source"), _("What for"), _("Requested"), _("Granted"))
    return Grid(head, tuple(rows), tuple(together))


def _unit_costs(edition: Edition) -> Section:
    """Work out what Erasmus+ pays for everybody who has a place: the way, and the days."""
    rows = list(books.expected(edition))
    travel = sum(one.travel.cents for one in rows)
    stay = sum(one.support.cents for one in rows)
    paid = [one.support for one in rows]
    days = sum(one.full_days + one.later_days + one.travel_days for one in paid)
    said = [(_("Travel"), str(len(rows)), money(travel, EURO))]
    if stay:
        number = _("%(days)s days") % {"days": days}
        said.append((_("Individual support"), number, money(stay, EURO)))
    together = (_("Together"), "", money(travel + stay, EURO))
    grid = Grid((_("What for"), _("How many"), _("Sum")), tuple(said), (together,))
    outside = any(one.outside for one in paid)
    words = _("Some days are not counted: no rate is written down for the country.")
    return Section(
        _("By the unit costs of Erasmus+"),
        words if stay and outside else "",
        grid=grid if rows else None,
    )


def wikitext(edition: Edition) -> str:
    """Write the draft for a wiki, in the reader's language."""
    parts = [f"== {plain(str(edition))} ==", plain(edition.theme)]
    for section in sections(edition):
        parts += ["", f"=== {plain(section.title)} ===", *_written(section)]
    return "\n".join(parts) + "\n"


def _written(section: Section) -> Iterator[str]:
    """Write what stands below a title."""
    if paragraphs := list(filter(None, map(plain, section.words.split("\n\n")))):
        yield "\n\n".join(paragraphs)
    for point in section.points:
        yield f"* {plain(point.words)}"
        yield from (f"** {plain(words)}" for words in point.below)
    if section.grid:
        yield from _table(section.grid)


def _table(grid: Grid) -> Iterator[str]:
    """Write a table; nothing where there is no row."""
    if grid.rows:
        yield '{| class="wikitable"'
        yield f"! {_row(grid.head, '!!')}"
        yield from (f"|-\n| {_row(row, '||')}" for row in grid.rows)
        yield from (f"|-\n! {_row(row, '!!')}" for row in grid.sums)
        yield "|}"


def _row(cells: Iterable[str], sign: str) -> str:
    return f" {sign} ".join(map(plain, cells))
