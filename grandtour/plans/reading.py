"""Reads an edition into a problem of the planner: who may travel, who hosts, which rules hold.

Keys are 'a' and the number of an application, 'h' and that of a host: no name goes in, and no
word that anybody wrote. Money counts in cents of the euro, as Erasmus+ pays.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from grandtour.models import Application, Edition, Host, Journey, Seat
from grandtour.planning import problem as asked
from grandtour.planning.problem import Mode, Problem, Rules, Share, Weights
from grandtour.plans import standing
from grandtour.reports.overview import given_in
from grandtour.scoring import numbers
from volunteers.models import Place

# Who is planned for: those on the short list, and those who have a place already.
IN_LINE = [Application.State.SHORTLISTED, Application.State.PLACED, Application.State.CONFIRMED]
MODES = {
    "rail": Mode.RAIL,
    "coach": Mode.COACH,
    "ferry": Mode.FERRY,
    "car": Mode.CAR,
    "flight": Mode.PLANE,
}
EUROPE_AFRICA_ASIA = ""
# Where no train goes from the mainland; Great Britain has a tunnel.
ISLANDS = {
    **dict.fromkeys(("AG", "BB", "BS", "CU", "DM", "DO", "HT", "JM", "TT"), "caribbean"),
    **dict.fromkeys(
        (
            *("AR", "BO", "BR", "BZ", "CA", "CL", "CO", "CR", "EC", "GT", "GY", "HN", "MX"),
            *("NI", "PA", "PE", "PY", "SR", "SV", "US", "UY", "VE"),
        ),
        "americas",
    ),
    **{
        code: code
        for code in (
            *("AU", "CV", "CY", "FO", "GL", "ID", "IE", "IS", "JP", "LK", "MG", "MT"),
            *("MU", "NZ", "PG", "PH", "TW"),
        )
    },
}
SCORE_MOST = 100  # reviews count from 0 to 100
POINTS = 10  # of a weight of one, for a whole score or a trait
EVERY = 7  # journeys begin on the same day of the week


def problem_of(edition: Edition, seed: int, locks: asked.Locks) -> Problem:
    """Read an edition as it stands; its journeys are those to change as little as possible."""
    journeys = standing.live(edition)
    people, hosts = tuple(travellers(edition)), tuple(stays(edition))
    keys = {one.key for one in people} | {one.key for one in hosts}
    # Who is home again, and a host that has withdrawn, are planned for no more.
    taken = [pin for pin in standing.decided(journeys) if {pin.traveller, pin.stay} <= keys]
    return Problem(
        travellers=people,
        stays=hosts,
        rules=rules(edition, seed),
        locks=asked.Locks(
            keep=(*locks.keep, *(pin for pin in taken if pin not in locks.keep)),
            exclude=locks.exclude,
            together=locks.together,
            apart=locks.apart,
        ),
        before=standing.as_planned(journeys),
    )


def rules(edition: Edition, seed: int) -> Rules:
    """Read the rules and weights that everybody can read on the edition's page.

    A weight w is worth 10·w points for the best score and for a first journey, w points for a
    skill that fits, w/40 points less for a kilogram of CO2e, w/200 less for a euro.
    """
    exempt = Seat.objects.live().filter(edition=edition).exclude(same_country_because="")
    return Rules(
        first_day=edition.travel_first_day,
        last_day=edition.travel_last_day,
        every=EVERY,
        group_min=edition.smallest_group,
        group_max=edition.largest_group,
        stops_min=edition.fewest_stops,
        stops_max=edition.most_stops,
        nights_min=edition.fewest_nights,
        nights_max=edition.most_nights,
        carbon_budget=edition.carbon_budget * 1000,
        shares=(Share("first_time", edition.least_first_time),)
        if edition.least_first_time
        else (),
        weights=Weights(
            score=edition.weight_review * POINTS / SCORE_MOST,
            fit=edition.weight_fit,
            first_time=edition.weight_first_time * POINTS,
            under_represented=0,
            carbon=edition.weight_carbon / 40,
            cost=edition.weight_cost / 200,
        ),
        excepted=frozenset(f"a{pk}" for pk in exempt.values_list("application", flat=True)),
        seed=seed,
    )


def travellers(edition: Edition, states: Iterable[str] = IN_LINE) -> Iterable[asked.Traveller]:
    """Read those who are in line, each with what reviewers and fairness give them."""
    rows = (
        edition.applications.filter(state__in=states)
        .select_related("place")
        .prefetch_related("windows", "wants", "shares")
        .order_by("pk")
    )
    judged, chosen = scores(edition), chosen_before(edition)
    for row in rows:
        fairness = edition.weight_fairness * POINTS / (1 + chosen[row.country])
        yield traveller(row, judged.get(row.pk, SCORE_MOST / 2), round(fairness))


def traveller(row: Application, score: float, worth: int) -> asked.Traveller:
    """Turn an application into a traveller."""
    place = located(row)
    return asked.Traveller(
        key=f"a{row.pk}",
        country=row.country,
        latitude=place.latitude,
        longitude=place.longitude,
        languages=frozenset(row.languages),
        windows=windows(row.windows.all()),
        wants=frozenset(skill.slug for skill in row.wants.all()),
        brings=frozenset(skill.slug for skill in row.shares.all()),
        score=score,
        first_time=bool(row.first_time),
        modes=frozenset(MODES[mode] for mode in row.travels_by),
        worth=worth,
        land=ISLANDS.get(row.country, EUROPE_AFRICA_ASIA),
    )


def scores(edition: Edition) -> Mapping[int, float]:
    """Give what reviewers thought of each application, from 0 to 100, fair to the strict ones.

    An application that nobody has judged counts as one in the middle.
    """
    judged = numbers(given_in(edition))
    return {key: min(SCORE_MOST, round(one.fair, 3)) for key, one in judged.items()}


def chosen_before(edition: Edition) -> Counter[str]:
    """Count how many of each country travelled in other editions."""
    elsewhere = Seat.objects.live().exclude(edition=edition)
    return Counter(elsewhere.values_list("country", flat=True))


def stays(edition: Edition) -> Iterable[asked.Stay]:
    """Read the hosts that organisers accepted."""
    rows = edition.hosts.filter(state=Host.State.ACCEPTED).select_related("place")
    for row in rows.prefetch_related("stays", "shares", "wants").order_by("pk"):
        yield stay(row)


def stay(row: Host) -> asked.Stay:
    """Turn a host into a stay."""
    place = located(row)
    return asked.Stay(
        key=f"h{row.pk}",
        host=f"h{row.pk}",
        affiliate=f"f{row.affiliate_id}",
        country=place.country,
        latitude=place.latitude,
        longitude=place.longitude,
        languages=frozenset(row.languages),
        windows=windows(row.stays.all()),
        shares=frozenset(skill.slug for skill in row.shares.all()),
        wants=frozenset(skill.slug for skill in row.wants.all()),
        limit=row.most_guests,
        groups=row.groups,
        venue_cost=row.venue_cost or 0 if row.venue_currency == "EUR" else 0,
        land=ISLANDS.get(place.country, EUROPE_AFRICA_ASIA),
    )


def located(row: Application | Host) -> Place:
    """Give the city of somebody who is planned for: nothing is sent or offered without."""
    if row.place is None:
        raise ValueError(f"{row} has no place")
    return row.place


def windows(rows: Iterable[Any]) -> tuple[asked.Window, ...]:
    """Turn periods, which end before a day, into windows, which end on one."""
    pairs: list[tuple[date, date]] = sorted((row.period.lower, row.last_day) for row in rows)
    return tuple(asked.Window(*pair) for pair in pairs)


def shown(edition: Edition) -> dict[str, int]:
    """Count what a plan would be made of, to say so before it is begun."""
    return {
        "travellers": edition.applications.filter(state__in=IN_LINE).count(),
        "hosts": edition.hosts.filter(state=Host.State.ACCEPTED).count(),
        "journeys": Journey.objects.live().filter(edition=edition).count(),
    }
