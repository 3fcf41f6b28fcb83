"""The best plan of a small problem by trying everything, judged by the verifier alone."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations, pairwise, permutations, product

from grandtour.planning import carbon
from grandtour.planning.journeys import seat_of
from grandtour.planning.problem import Ended, Journey, Locks, Plan, Stop
from grandtour.planning.routes import Route
from grandtour.planning.verify import broken


def routes(problem):
    rules = problem.rules
    length = (rules.last_day - rules.first_day).days
    for number in range(rules.stops_min, rules.stops_max + 1):
        for stays in permutations(range(len(problem.stays)), number):
            for start in range(0, length + 1, rules.every):
                choices = range(rules.nights_min, rules.nights_max + 1)
                for nights in product(choices, repeat=number):
                    arrive = [start + sum(nights[:at]) for at in range(number)]
                    leave = [start + sum(nights[: at + 1]) for at in range(number)]
                    yield Route(stays, tuple(arrive), tuple(leave))


def journey(problem, route, who):
    stays = [problem.stays[at] for at in route.stays]
    shared = [carbon.between(a, b, problem.rules) for a, b in pairwise(stays)]
    own = []
    for one in who:
        out = carbon.leg(one, stays[0], problem.rules)
        home = carbon.leg(one, stays[-1], problem.rules)
        if not (out and home):
            return None
        own += [out, carbon.back(home)]
    if None in shared:
        return None
    first = problem.rules.first_day
    stops = tuple(
        Stop(stay.key, first + timedelta(arrive), first + timedelta(leave))
        for stay, arrive, leave in zip(stays, route.arrive, route.leave, strict=True)
    )
    venue = sum(stay.venue_cost for stay in stays)
    spoken = frozenset.intersection(*(one.languages for one in (*stays, *who)))
    return Journey(
        stops,
        tuple(seat_of(problem, route, one, shared) for one in who),
        (*shared, *own),
        min(spoken, default="") if problem.rules.one_language else "",
        venue_cost=venue,
        venue_worth=-round(problem.rules.weights.cost * venue / 100),
    )


def plan(problem, journeys):
    return Plan(tuple(journeys), float("inf"), 0, 0, "", Ended.PROVEN)


def journeys(problem):
    free = replace(
        problem,
        rules=replace(
            problem.rules, carbon_budget=None, money_budget=None, shares=(), groups_min=0
        ),
        locks=Locks(exclude=problem.locks.exclude),
    )
    for route in routes(problem):
        for size in range(problem.rules.group_min, problem.rules.group_max + 1):
            for who in combinations(problem.travellers, size):
                one = journey(problem, route, who)
                if one and not broken(free, plan(free, [one])):
                    yield one


def apart(some):
    who = [key for one in some for key in one.travellers]
    return len(who) == len(set(who))


def best_of_pairs(problem):
    """Give the worth of the best plan of two journeys at most: the best pairs come first."""
    possible = sorted(journeys(problem), key=lambda one: -plan(problem, [one]).worth)
    worths = [plan(problem, [one]).worth for one in possible]
    found = 0
    for at, one in enumerate(possible):
        if not broken(problem, plan(problem, [one])):
            found = max(found, worths[at])
        if at and worths[at] + worths[0] <= found:
            break
        for other in range(at):
            if worths[at] + worths[other] <= found:
                break
            some = [one, possible[other]]
            if apart(some) and not broken(problem, plan(problem, some)):
                found = worths[at] + worths[other]
    return found


def best(problem):
    """Give the worth of the best plan, or None where no plan keeps all rules."""
    possible = list(journeys(problem))
    worths = [
        plan(problem, some).worth
        for number in range(len(problem.travellers) // problem.rules.group_min + 1)
        for some in combinations(possible, number)
        if apart(some) and not broken(problem, plan(problem, some))
    ]
    return max(worths, default=None)
