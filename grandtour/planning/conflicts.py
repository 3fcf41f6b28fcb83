"""Which rules and locks collide where no plan keeps them all: a smallest set, by deletion.

Each rule is left out in turn, those of one kind first all at once; where there is still no plan
without, it is not to blame and stays out. What is left collides, and would not if any one of it
were given up.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from grandtour.planning.journeys import every_route
from grandtour.planning.limits import Infeasible, Limits
from grandtour.planning.pairing import pair_up
from grandtour.planning.pairs import Table
from grandtour.planning.problem import Locks, Problem, Rules
from grandtour.planning.routes import Atlas
from grandtour.planning.rows import Rows
from grandtour.planning.solver import Search, searched

SUITING = ("window", "language", "own_country", "access", "reach")
NEVER = Limits()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its name, and whom or what it is about: a lock's keys, a share's trait."""

    name: str
    about: tuple[str, ...] = ()


def rules_of(problem: Problem) -> Iterator[Rule]:
    """Yield all rules that could be given up; those an organiser sets most lightly come first.

    What comes first is also left out first, so that the answer rather names what was asked
    for in this plan (locks) than what holds for all.
    """
    rules, locks = problem.rules, problem.locks
    if problem.private:
        yield Rule("private")
    yield from (Rule(name) for name in SUITING)
    if any(stay.taken for stay in problem.stays):
        yield Rule("beds")
    yield Rule("countries")
    yield Rule("group_size")
    if rules.groups_max is not None:
        yield Rule("groups_max")
    if rules.carbon_budget is not None:
        yield Rule("carbon_budget")
    if rules.money_budget is not None:
        yield Rule("money_budget")
    yield from (Rule("share", (share.trait,)) for share in rules.shares)
    if rules.groups_min:
        yield Rule("groups_min")
    for name in ("together", "apart"):
        yield from (Rule(name, tuple(sorted(party))) for party in getattr(locks, name))
    for name in ("exclude", "keep"):
        yield from (Rule(name, (pin.traveller, pin.stay)) for pin in getattr(locks, name))
    yield from (Rule("stands", (key,)) for key in sorted(problem.bound))


def without(problem: Problem, out: frozenset[Rule]) -> tuple[Problem, frozenset[str]]:
    """Give a problem without some rules, and the names of those that pairs shall ignore."""
    names = {rule.name for rule in out}
    return (
        replace(
            problem,
            stays=tuple(replace(stay, taken=()) for stay in problem.stays)
            if "beds" in names
            else problem.stays,
            rules=_rules(problem, names, out),
            locks=_locks(problem, out),
            private=() if "private" in names else problem.private,
            bound=frozenset(key for key in problem.bound if Rule("stands", (key,)) not in out),
        ),
        frozenset(names & {*SUITING}),
    )


def _rules(problem: Problem, names: set[str], out: frozenset[Rule]) -> Rules:
    rules = problem.rules
    kept = tuple(one for one in rules.shares if Rule("share", (one.trait,)) not in out)
    lax = replace(rules, shares=kept)
    if "language" in names:
        lax = replace(lax, one_language=False)
    if "group_size" in names:
        lax = replace(lax, group_min=1)
    if "groups_max" in names:
        lax = replace(lax, groups_max=None)
    if "groups_min" in names:
        lax = replace(lax, groups_min=0)
    if "carbon_budget" in names:
        lax = replace(lax, carbon_budget=None)
    return replace(lax, money_budget=None) if "money_budget" in names else lax


def _locks(problem: Problem, out: frozenset[Rule]) -> Locks:
    locks = problem.locks
    return Locks(
        tuple(p for p in locks.keep if Rule("keep", (p.traveller, p.stay)) not in out),
        tuple(p for p in locks.exclude if Rule("exclude", (p.traveller, p.stay)) not in out),
        tuple(p for p in locks.together if Rule("together", tuple(sorted(p))) not in out),
        tuple(p for p in locks.apart if Rule("apart", tuple(sorted(p))) not in out),
    )


def possible(
    problem: Problem, out: frozenset[Rule], limits: Limits, cancelled: Callable[[], bool]
) -> bool:
    """Say whether there is any plan without some rules."""
    lax, ignore = without(problem, out)
    atlas = Atlas(lax)
    routes = every_route(lax, atlas, limits.routes, cancelled).few
    pairs = pair_up(Table(lax, ignore), atlas, routes, cancelled)
    kind = np.arange(len(pairs.kind)) if Rule("countries") in out else pairs.kind
    some = replace(
        pairs,
        worth=np.zeros_like(pairs.worth),
        venue_worth=np.zeros_like(pairs.venue_worth),
        kind=kind,
    )
    try:
        searched(Search(limits, lambda _progress: None, cancelled), Rows(lax, some))
    except Infeasible:
        return False
    return True


def collisions(
    problem: Problem,
    limits: Limits = NEVER,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Rule, ...]:
    """Give a smallest set of rules that collide; nothing where there is a plan.

    Smallest means that none of it can be left out of it, not that no other set is shorter.
    Raises Cancelled where somebody cancelled or the time was over before it was known.
    """
    out: frozenset[Rule] = frozenset()
    if possible(problem, out, limits, cancelled):
        return ()
    for _name, alike in groupby(rules_of(problem), key=lambda rule: rule.name):
        rules = frozenset(alike)
        if not possible(problem, out | rules, limits, cancelled):
            out |= rules  # none of them is to blame
            continue
        for rule in sorted(rules, key=lambda rule: rule.about) if len(rules) > 1 else ():
            if not possible(problem, out | {rule}, limits, cancelled):
                out |= {rule}
    return tuple(rule for rule in rules_of(problem) if rule not in out)
