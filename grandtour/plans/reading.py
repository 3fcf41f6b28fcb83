"""Reads an edition into a problem of the planner: who may travel, who hosts, which rules hold.

Keys are 'a' and the number of an application, 'h' and that of a host: no name goes in, and no
word that anybody wrote. Money counts in cents of the euro, as Erasmus+ pays.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from grandtour.models import Application, Edition, Host, Journey, Seat
from grandtour.planning import problem as asked
from grandtour.planning.problem import Mode, Problem, Rules, Share, Weights
from grandtour.plans import standing
from grandtour.reports.overview import given_in
from grandtour.scoring import numbers
from volunteers.models import Place

ON_THE_LIST = [Application.State.SHORTLISTED, Application.State.PLACED]
STEP_FREE = frozenset({"step-free"})
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
NOTHING = standing.Used()


def problem_of(edition: Edition, seed: int, locks: asked.Locks, day: date) -> Problem:
    """Read an edition as it stands on a day; no journey of a plan begins until then.

    Its open journeys are those to change as little as possible; what is settled stays out of
    it, with what it uses.
    """
    stands = standing.standing(edition)
    used = standing.used(stands.settled)
    people = tuple(travellers(edition, in_line(edition)))
    hosts = {one.key: one for one in stays(edition, used) if one.groups}
    keys = frozenset(one.key for one in people)
    held = replace(rules(edition, seed, used), first_day=first_day(edition, day))
    bound, promised = standing.answered(stands.open, hosts, held.first_day)
    no = [pin for pin in standing.refused(edition, locks) if pin not in locks.exclude]
    return Problem(
        travellers=people,
        stays=tuple(hosts.values()),
        rules=held,
        locks=replace(locks, exclude=(*locks.exclude, *no)),
        before=standing.as_planned(stands.open),
        bound=bound & keys,
        promised=promised & keys,
    )


def in_line(edition: Edition) -> QuerySet[Application]:
    """Keep who is planned for: on the short list, or in a journey that is not settled."""
    taken = Seat.objects.live().filter(edition=edition)
    still_open = taken.filter(journey__state__in=standing.OPEN)
    return edition.applications.filter(
        Q(state__in=ON_THE_LIST) | Q(pk__in=still_open.values("application"))
    ).exclude(pk__in=taken.exclude(journey__state__in=standing.OPEN).values("application"))


def first_day(edition: Edition, day: date) -> date:
    """Give the first day after this one on which journeys of an edition may begin."""
    begun = (day - edition.travel_first_day).days // EVERY + 1
    return edition.travel_first_day + timedelta(EVERY * max(0, begun))


def rules(edition: Edition, seed: int, used: standing.Used = NOTHING) -> Rules:
    """Read the rules and weights that everybody can read on the edition's page.

    A weight w is worth 10·w points for the best score and for a first journey, w points for a
    skill that fits, w/40 points less for a kilogram of CO2e, w/200 less for a euro. What
    settled journeys have used of the carbon budget is taken off it.
    """
    least = edition.least_first_time
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
        carbon_budget=max(0, edition.carbon_budget * 1000 - used.grams),
        shares=(Share("first_time", least, used.spare(least)),) if least else (),
        weights=Weights(
            score=edition.weight_review * POINTS / SCORE_MOST,
            fit=edition.weight_fit,
            first_time=edition.weight_first_time * POINTS,
            carbon=edition.weight_carbon / 40,
            cost=edition.weight_cost / 200,
        ),
        excepted=frozenset(f"a{pk}" for pk in exempt.values_list("application", flat=True)),
        seed=seed,
    )


def travellers(edition: Edition, who: QuerySet[Application]) -> Iterable[asked.Traveller]:
    """Read some of an edition, each with what reviewers and fairness give them."""
    rows = (
        who.select_related("place", "needs")
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
        needs=STEP_FREE if needs_step_free(row) else frozenset(),
        worth=worth,
        land=ISLANDS.get(row.country, EUROPE_AFRICA_ASIA),
    )


def needs_step_free(row: Application) -> bool:
    """Say whether somebody has said that they cannot take steps."""
    needs = getattr(row, "needs", None)
    return needs is not None and needs.step_free


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


def stays(edition: Edition, used: standing.Used = NOTHING) -> Iterable[asked.Stay]:
    """Read the hosts that organisers accepted, with what settled journeys leave of them."""
    rows = edition.hosts.filter(state=Host.State.ACCEPTED).select_related("place")
    for row in rows.prefetch_related("stays", "shares", "wants").order_by("pk"):
        yield stay(row, used)


def stay(row: Host, used: standing.Used = NOTHING) -> asked.Stay:
    """Turn a host into a stay."""
    place, key = located(row), f"h{row.pk}"
    return asked.Stay(
        key=key,
        host=key,
        affiliate=f"f{row.affiliate_id}",
        country=place.country,
        latitude=place.latitude,
        longitude=place.longitude,
        languages=frozenset(row.languages),
        windows=windows(row.stays.all()),
        shares=frozenset(skill.slug for skill in row.shares.all()),
        wants=frozenset(skill.slug for skill in row.wants.all()),
        limit=row.most_guests,
        groups=max(0, row.groups - used.groups[key]),
        taken=used.taken(key),
        access=STEP_FREE if row.step_free else frozenset(),
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
    journeys = Journey.objects.live().filter(edition=edition)
    return {
        "travellers": in_line(edition).count(),
        "hosts": edition.hosts.filter(state=Host.State.ACCEPTED).count(),
        "journeys": journeys.count(),
        "settled": journeys.exclude(state__in=standing.OPEN).count(),
    }
