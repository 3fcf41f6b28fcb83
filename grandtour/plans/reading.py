"""Reads an edition into a problem of the planner: who may travel, who hosts, which rules hold.

Keys are 'a' and the number of an application, 'h' and that of a host: no name goes in, and no
word that anybody wrote. Money counts in cents of the euro, as Erasmus+ pays.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, OuterRef, Q, QuerySet

from grandtour.models import Application, Edition, Host, Journey, Seat, beds
from grandtour.models.applications import ApplicationQuerySet
from grandtour.planning import problem as asked
from grandtour.planning.agreed import pinned
from grandtour.planning.line import priced
from grandtour.planning.problem import Mode, Problem, Rules, Share, Weights
from grandtour.plans import budget, private, standing
from grandtour.plans.traits import FIRST_TIME, chosen_before, shares_of, traits_of
from grandtour.reports.overview import given_in
from grandtour.scoring import numbers
from volunteers.models import Place, Skill
from volunteers.models.bandwidth import joined

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
A_DAY = timedelta(days=1)
EVERY = 7  # journeys that a plan makes anew begin on the same day of the week
MENTOR, MENTEE = Application.PeerRole.MENTOR, Application.PeerRole.MENTEE
NOTHING = standing.Used()
Places = QuerySet[Seat] | None


def problem_of(
    edition: Edition, seed: int, locks: asked.Locks, day: date, places: Places = None
) -> Problem:
    """Read an edition as it stands on a day; no journey of a plan begins until then.

    Its open journeys are those to change as little as possible, but one to which a host said
    no: that is begun anew. What is settled stays out of it, with what it uses.
    `places`: those in other editions that are looked at; None: all.
    """
    first = first_day(edition, day)
    stands = standing.standing(edition, first)
    used = standing.used(stands.settled, chosen_before(edition))
    people = tuple(travellers(edition, in_line(edition, first), places))
    hosts = {one.key: one for one in stays(edition, used) if one.groups}
    keys = frozenset(one.key for one in people)
    held = replace(rules(edition, seed, used), first_day=first)
    held = replace(held, money_budget=_money(edition, stands))
    before = standing.as_planned(row for row in stands.open if not standing.is_refused(row))
    bound, promised = standing.answered(stands.open, hosts)
    agreed = with_agreements(edition, locks, keys, hosts)
    problem = Problem(
        travellers=standing.on_their_days(people, before, bound),
        stays=tuple(hosts.values()),
        rules=held,
        locks=agreed,
        before=before,
        bound=bound & keys,
        promised=promised & keys,
    )
    problem = replace(problem, private=private.pairs(problem))
    return pinned(problem, agreed.keep[len(locks.keep) :])


def _money(edition: Edition, stands: standing.Standing) -> int | None:
    """Give the money a plan may use, in cents: what settled journeys still cost is spent."""
    money = budget.to_plan_with(edition, stands.open)
    return None if money is None else max(0, money - still_to_pay(edition, stands.settled))


def still_to_pay(edition: Edition, journeys: Iterable[Journey]) -> int:
    """Give what journeys cost beyond what is set aside for each place, in cents of the euro.

    Reckoned like a plan; once a journey is closed, the books say what it cost.
    """
    ahead = [one for one in journeys if one.state != Journey.State.CLOSED]
    if not ahead:
        return 0
    taken = [seat for journey in ahead for seat in standing.seated(journey)]
    who = edition.applications.filter(pk__in=[seat.application_id for seat in taken])
    visited = {stop.stay for journey in ahead for stop in standing.stops_of(journey)}
    problem = Problem(
        tuple(travellers(edition, who)),
        tuple(one for one in stays(edition) if one.key in visited),
        rules(edition, 1),
        before=standing.as_planned(ahead),
    )
    # Where a host has gone, what was promised is set aside, and nothing more is known.
    stands, _unpriced = priced(problem)
    given = budget.set_aside_for(taken)
    places = sum(
        max(0, seat.cost - given.get(int(seat.traveller[1:]), 0))
        for journey in stands
        for seat in journey.seats
    )
    return places + sum(journey.venue_cost for journey in stands)


def with_agreements(
    edition: Edition,
    locks: asked.Locks,
    people: Collection[str],
    hosts: Collection[str],
    loose: Collection[asked.Pin] = (),
) -> asked.Locks:
    """Add to locks who has agreed with a host beforehand, and whom a host has said no to.

    `loose`: pairs that have agreed, and of which it is known that they cannot be.
    """
    no = [pin for pin in standing.refused(edition, locks) if pin not in locks.exclude]
    exclude = (*locks.exclude, *no)
    first = [pin for pin in agreed_pairs(edition, people, hosts) if pin not in locks.keep]
    out = (*exclude, *loose)
    pairs = tuple(pin for pin in first if not _is_out(pin, out))
    return replace(locks, keep=(*locks.keep, *pairs), exclude=exclude)


def agreed_pairs(
    edition: Edition, people: Collection[str], hosts: Collection[str]
) -> list[asked.Pin]:
    """Give who has agreed with a host beforehand, of those who are planned for."""
    rows = edition.applications.agreed_beforehand().order_by("pk")
    pins = [asked.Pin(f"a{a}", f"h{h}") for a, h in rows.values_list("pk", "partner")]
    return [pin for pin in pins if pin.traveller in people and pin.stay in hosts]


def _is_out(pin: asked.Pin, exclude: Collection[asked.Pin]) -> bool:
    """Say whether a pair is left out: one of both by a lock, or together, by a host's no."""
    return any(
        out.traveller in {"", pin.traveller} and out.stay in {"", pin.stay} for out in exclude
    )


def in_line(edition: Edition, first: date) -> ApplicationQuerySet:
    """Keep who is planned for: on the short list, or in a journey that is not settled.

    `first`: the day on which a journey of the plan could begin.
    """
    taken = Seat.objects.live().filter(edition=edition)
    still = standing.open_in(edition, first)
    return edition.applications.filter(
        Q(state__in=ON_THE_LIST)
        | Q(pk__in=taken.filter(journey__in=still).values("application"))
    ).exclude(pk__in=taken.exclude(journey__in=still).values("application"))


def first_day(edition: Edition, day: date) -> date:
    """Give the first day after this one on which journeys of an edition may begin."""
    begun = (day - edition.travel_first_day).days // EVERY + 1
    return edition.travel_first_day + timedelta(EVERY * max(0, begun))


def rules(edition: Edition, seed: int, used: standing.Used = NOTHING) -> Rules:
    """Read the rules and weights that everybody can read on the edition's page.

    A weight w is worth 10·w points for the best score and for a first journey, w points for a
    skill that fits, w/40 points less for a kilogram of CO2e, w/200 less for a euro. A night
    more or less than somebody wishes to stay takes ten points. What settled journeys have
    used of the carbon budget is taken off it.
    """
    exempt = Seat.objects.live().filter(edition=edition).exclude(same_country_because="")
    shares = shares_of(edition).items()
    return replace(
        bounds(edition),
        carbon_budget=max(0, edition.carbon_budget * 1000 - used.grams),
        shares=tuple(Share(trait, least, used.spare(trait, least)) for trait, least in shares),
        promised=budget.promised(edition),
        excepted=frozenset(f"a{pk}" for pk in exempt.values_list("application", flat=True)),
        seed=seed,
    )


def bounds(edition: Edition) -> Rules:
    """Read of the rules and weights what hangs on nothing but the edition's own row."""
    shares = shares_of(edition).items()
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
        shares=tuple(Share(trait, least) for trait, least in shares),
        one_language=edition.one_language,
        weights=Weights(
            score=edition.weight_review * POINTS / SCORE_MOST,
            fit=edition.weight_fit,
            first_time=edition.weight_first_time * POINTS,
            carbon=edition.weight_carbon / 40,
            cost=edition.weight_cost / 200,
            nights=POINTS,
        ),
    )


def travellers(
    edition: Edition, who: QuerySet[Application], places: Places = None
) -> Iterable[asked.Traveller]:
    """Read some of an edition, each with what reviewers and fairness give them.

    On days on which they travel in another edition they are away already.
    """
    places = Seat.objects.live() if places is None else places
    elsewhere = places.filter(person=OuterRef("person"), period__isnull=False)
    elsewhere = elsewhere.exclude(edition=edition).order_by("period")
    rows = (
        who.annotate(away=ArraySubquery(elsewhere.values("period")))
        .select_related("place", "needs", "affiliate")
        .prefetch_related("windows", "wants", "shares")
        .order_by("pk")
    )
    judged, chosen = scores(edition), chosen_before(edition)
    for row in rows:
        fairness = edition.weight_fairness * POINTS / (1 + chosen[row.country])
        yield traveller(
            row, judged.get(row.pk, SCORE_MOST / 2), round(fairness), traits_of(row, chosen)
        )


def traveller(
    row: Application, score: float, worth: int, traits: frozenset[str]
) -> asked.Traveller:
    """Turn an application into a traveller."""
    place = located(row)
    return asked.Traveller(
        key=f"a{row.pk}",
        country=row.country,
        latitude=place.latitude,
        longitude=place.longitude,
        languages=frozenset(row.languages),
        windows=without(windows(row.windows.all()), getattr(row, "away", ())),
        # In a peer exchange a mentor is matched by what they bring, a mentee by what they want.
        wants=skills(row.wants.all()) if row.peer_role != MENTOR else frozenset(),
        brings=skills(row.shares.all()) if row.peer_role != MENTEE else frozenset(),
        score=score,
        first_time=FIRST_TIME in traits,
        traits=traits - {FIRST_TIME},
        modes=frozenset(MODES[mode] for mode in row.travels_by),
        needs=STEP_FREE if needs_step_free(row) else frozenset(),
        worth=worth,
        land=ISLANDS.get(row.country, EUROPE_AFRICA_ASIA),
        nights=row.nights or 0,
    )


def skills(rows: Iterable[Skill]) -> frozenset[str]:
    """Name some skills as the planner does."""
    return frozenset(skill.slug for skill in rows)


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


def stays(edition: Edition, used: standing.Used = NOTHING) -> Iterable[asked.Stay]:
    """Read the hosts that organisers accepted, with what is left of them.

    Settled journeys take groups and beds, those of other editions beds alone.
    """
    rows = edition.hosts.filter(state=Host.State.ACCEPTED).select_related("place")
    there = standing.elsewhere(edition)
    for row in rows.prefetch_related("stays", "shares", "wants").order_by("pk"):
        yield stay(row, there, edition.night_cost, used)


def stay(
    row: Host, there: beds.Beds, night_cost: int = 0, used: standing.Used = NOTHING
) -> asked.Stay:
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
        shares=skills(row.shares.all()),
        wants=skills(row.wants.all()),
        limit=row.most_guests,
        groups=max(0, row.groups - used.groups[key]),
        taken=tuple(_taken(row, there, used.nights.get(key, {}))),
        access=STEP_FREE if row.step_free else frozenset(),
        night_cost=night_cost,
        venue_cost=row.venue_cost or 0,
        land=ISLANDS.get(place.country, EUROPE_AFRICA_ASIA),
    )


def _taken(row: Host, there: beds.Beds, used: Mapping[date, int]) -> Iterable[tuple[date, int]]:
    """Yield the nights of a host's open days in which some of its beds are gone.

    Each with how many of those it offers here: where somebody is there by an offer that takes
    fewer, that is all it can take.
    """
    for night, guests in used.items():
        there.add(row.affiliate_id, row.most_guests, guests, [night])
    days = there.nights.get(row.affiliate_id, {})
    for night in sorted(days):
        if any(one.period.lower <= night < one.period.upper for one in row.stays.all()):
            free = there.free(row.affiliate_id, row.most_guests, night)
            yield night, row.most_guests - free


def located(row: Application | Host) -> Place:
    """Give the city of somebody who is planned for: nothing is sent or offered without."""
    if row.place is None:
        raise ValueError(f"{row} has no place")
    return row.place


def windows(rows: Iterable[Any]) -> tuple[asked.Window, ...]:
    """Turn periods, which end before a day, into windows, which end on one."""
    periods = joined(row.period for row in rows)
    return tuple(asked.Window(one.lower, one.upper - A_DAY) for one in periods)


def without(
    own: tuple[asked.Window, ...], taken: Iterable[DateRange]
) -> tuple[asked.Window, ...]:
    """Cut out of windows what is taken already."""
    for away in taken:
        pieces = (
            piece
            for one in own
            for piece in (
                replace(one, last=min(one.last, away.lower - A_DAY)),
                replace(one, first=max(one.first, away.upper)),
            )
        )
        own = tuple(piece for piece in pieces if piece.first <= piece.last)
    return own


def shown(edition: Edition, day: date) -> dict[str, int]:
    """Count what a plan would be made of on a day, to say so before it is begun."""
    first = first_day(edition, day)
    journeys = Journey.objects.live().filter(edition=edition)
    hosts = edition.hosts.filter(state=Host.State.ACCEPTED)
    agreed = edition.applications.agreed_beforehand().filter(partner__in=hosts)
    people = in_line(edition, first).aggregate(
        travellers=Count("pk"), pairs=Count("pk", filter=Q(pk__in=agreed.values("pk")))
    )
    stand = journeys.aggregate(
        journeys=Count("pk"),
        settled=Count("pk", filter=~Q(pk__in=standing.open_in(edition, first).values("pk"))),
    )
    return {**people, **stand, "hosts": hosts.count()}
