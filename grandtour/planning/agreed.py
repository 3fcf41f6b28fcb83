"""Which pairs that agreed beforehand can be planned at all, and what is in the way of others.

A pair that no plan could bring together is no lock: it would leave everybody without a plan.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from grandtour.planning.conflicts import Rule, without
from grandtour.planning.journeys import every_route
from grandtour.planning.limits import Limits
from grandtour.planning.pairing import pair_up
from grandtour.planning.pairs import Flags, Pairs, Table
from grandtour.planning.problem import Pin, Problem
from grandtour.planning.routes import Atlas

Loose = tuple[tuple[Pin, tuple[str, ...]], ...]
RULES = (
    *("access", "window", "language", "own_country", "reach"),
    *("group_size", "carbon_budget", "money_budget", "beds"),
)
PRIVATE = "access"  # what somebody needs is no reason that is told or kept
ROUTES = Limits().routes
NOTHING: frozenset[Rule] = frozenset()


def loose(problem: Problem, pins: Sequence[Pin]) -> Loose:
    """Give the pairs that cannot be, each with the rules that are in the way together.

    No rules: something else is, as days on which a host takes nobody, or what somebody needs.
    """
    if not pins:
        return ()
    there = _together(problem, pins, NOTHING)
    return tuple((pin, _in_the_way(problem, pin)) for pin in pins if pin not in there)


def _in_the_way(problem: Problem, pin: Pin) -> tuple[str, ...]:
    """Give a smallest set of rules without which a pair could be: each of it is in the way."""
    out = frozenset(map(Rule, RULES))
    if not _together(problem, [pin], out):
        return ()
    for name in RULES:
        if _together(problem, [pin], out - {Rule(name)}):
            out -= {Rule(name)}
    left = tuple(name for name in RULES if Rule(name) in out)
    return () if PRIVATE in left else left


def _together(problem: Problem, pins: Sequence[Pin], out: frozenset[Rule]) -> set[Pin]:
    """Give the pairs for which there is some journey without some rules."""
    lax, ignore = without(problem, out)
    person = {one.key: number for number, one in enumerate(lax.travellers)}
    host = {stay.key: number for number, stay in enumerate(lax.stays)}
    wanted = {host[pin.stay] for pin in pins}
    atlas = Atlas(lax)
    routes = every_route(lax, atlas, ROUTES).few
    pairs = pair_up(Table(lax, ignore), atlas, [one for one in routes if wanted & {*one.stays}])
    affordable = _affordable(lax, pairs)
    found = {
        (int(who), stay)
        for who, route in zip(pairs.traveller[affordable], pairs.route[affordable], strict=True)
        for stay in pairs.routes[route].stays
    }
    return {pin for pin in pins if (person[pin.traveller], host[pin.stay]) in found}


def _affordable(problem: Problem, pairs: Pairs) -> Flags:
    """Say which pairs keep within carbon and money when nobody else travels."""
    rules = problem.rules
    flags: Flags = np.ones(len(pairs.route), dtype=bool)
    if rules.carbon_budget is not None:
        flags &= pairs.grams <= rules.carbon_budget
    if rules.money_budget is not None:
        flags &= pairs.cost + pairs.venue_cost[pairs.route] <= rules.money_budget
    return flags


def pinned(problem: Problem, pins: Sequence[Pin]) -> Problem:
    """Of some locks that are pairs let go which cannot be; write down what is in their way."""
    locks = problem.locks
    bare = replace(locks, keep=tuple(pin for pin in locks.keep if pin not in pins))
    apart = loose(replace(problem, locks=bare), pins)
    out = {pin for pin, _rules in apart}
    kept = tuple(pin for pin in locks.keep if pin not in out)
    return replace(problem, locks=replace(locks, keep=kept), loose=apart)
