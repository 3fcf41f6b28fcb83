"""What sentences claim, tried by solving anew: somebody put in by a lock, a rule taken out."""

from dataclasses import replace

from grandtour.planning.conflicts import without
from grandtour.planning.deciding import rules_in_turn
from grandtour.planning.limits import Infeasible, Limits
from grandtour.planning.problem import MOST_GUESTS, Pin
from grandtour.planning.solver import solve
from grandtour.planning.why import VISITED, Code

EXACT = Limits(gap=0, effort=20)
ALONE = {Code.NO_STAY, Code.LOCKED, Code.CLOSED, Code.FULL}  # whatever others do
NOWHERE = {*ALONE, Code.NO_ROUTE, Code.NO_GROUP, Code.NO_PLAN}


def best(given):
    """Give the worth of the best plan; None where there is none."""
    try:
        return solve(given, limits=EXACT).worth
    except Infeasible:
        return None


def forced(given, key):
    """Put a traveller or a stay in."""
    stay = any(one.key == key for one in given.stays)
    pin = Pin("", key) if stay else Pin(key)
    return replace(given, locks=replace(given.locks, keep=(*given.locks.keep, pin)))


def barred(given, key):
    """Leave a traveller or a stay out."""
    stay = any(one.key == key for one in given.stays)
    pin = Pin("", key) if stay else Pin(key)
    return replace(given, locks=replace(given.locks, exclude=(*given.locks.exclude, pin)))


def free_of(given, rule):
    """Take a rule out, in the words of the problem alone."""
    if rule.name == "group_most":
        return replace(given, rules=replace(given.rules, group_max=MOST_GUESTS))
    if rule.name != "countries":
        return without(given, frozenset({rule}))[0]
    home = tuple(
        Pin(one.key, stay.key)
        for one in given.travellers
        for stay in given.stays
        if one.country == stay.country and one.key not in given.rules.excepted
    )
    keys = frozenset(one.key for one in given.travellers)
    locks = replace(given.locks, exclude=(*given.locks.exclude, *home))
    return replace(given, rules=replace(given.rules, excepted=keys), locks=locks)


def false_claims(given, plan, whys):
    """Name what is claimed and does not hold."""
    wrong = []
    without_rule = {rule: free_of(given, rule) for rule in rules_in_turn(given)}
    worths = {rule: best(lax) for rule, lax in without_rule.items()}
    for why in whys:
        if why.code in VISITED:
            there = best(barred(given, why.key))
            lack = None if there is None else plan.worth - there
            code = Code.NEEDED if there is None else Code.USED
            if (why.code, why.lack) != (code, (lack, lack)):
                wrong.append((why, there))
        if why.code in {Code.PLACED, Code.EXCLUDED, *VISITED}:
            continue
        there = best(forced(given, why.key))
        if there is None:
            holds = why.code in NOWHERE
        else:
            lack = plan.worth - there
            holds = why.lack == (lack, lack) and why.code == (Code.OUTBID if lack else Code.TIE)
        if not holds:
            wrong.append((why, there))
        if why.code in ALONE:
            continue
        tie = there == plan.worth
        decided = {
            rule
            for rule, lax in without_rule.items()
            if best(forced(lax, why.key)) == worths[rule]
            and not (tie and best(barred(lax, why.key)) == worths[rule])
        }
        if set(why.deciding) != decided:
            wrong.append((why, decided))
    return wrong
