"""Who fits a free place in a journey that stands: the line of those who wait, best first."""

from dataclasses import replace
from itertools import pairwise

from grandtour.planning.journeys import Chosen, earlier, journeys_of, seat_of
from grandtour.planning.pairing import pair_up
from grandtour.planning.pairs import Table
from grandtour.planning.problem import Journey, Locks, Problem
from grandtour.planning.routes import Atlas


def line(problem: Problem, journey: Journey, waiting: frozenset[str]) -> list[Journey]:
    """Give for each of those who wait and fit the journey with them alone in it, best first.

    Everybody keeps the rules of the edition with each stop, and differs in country from those
    who travel already, unless they are excepted. Ties go by key.
    """
    seated = frozenset(journey.travellers)
    taken = {
        one.country
        for one in problem.travellers
        if one.key in seated and one.key not in problem.rules.excepted
    }
    those = tuple(
        one
        for one in problem.travellers
        if one.key in waiting - seated
        and (one.country not in taken or one.key in problem.rules.excepted)
    )
    alone = replace(
        problem,
        travellers=those,
        rules=replace(problem.rules, group_min=1),
        locks=Locks(),
        before=(journey,),
    )
    atlas = Atlas(alone)
    pairs = pair_up(Table(alone), atlas, list(earlier(alone, atlas))[:1])
    order = sorted(
        range(len(pairs.traveller)),
        key=lambda pair: (-pairs.worth[pair], those[pairs.traveller[pair]].key),
    )
    return [journeys_of(Chosen(alone, atlas, pairs, (pair,)))[0] for pair in order]


def priced(problem: Problem) -> tuple[tuple[Journey, ...], int]:
    """Give the journeys of before with what each place emits and costs.

    Those that cannot be as they are (a host has gone, a day is shut) are left out; beside the
    others stands how many places these have.
    """
    atlas = Atlas(problem)
    routes = {route.stops(problem): route for route in earlier(problem, atlas)}
    people = {one.key: one for one in problem.travellers}
    stands: list[Journey] = []
    for journey in problem.before:
        route = routes.get(journey.stops)
        if route is None or not people.keys() >= {*journey.travellers}:
            continue
        shared = [atlas.legs[way] for way in pairwise(route.stays)]
        seats = [seat_of(problem, route, people[key], shared) for key in journey.travellers]
        venue = sum(problem.stays[stay].venue_cost for stay in route.stays)
        stands.append(replace(journey, seats=tuple(seats), venue_cost=venue))
    missing = {one.stops for one in problem.before} - {one.stops for one in stands}
    return tuple(stands), sum(len(one.seats) for one in problem.before if one.stops in missing)
