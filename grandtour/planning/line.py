"""Who fits a free place in a journey that stands: the line of those who wait, best first."""

from dataclasses import replace

from grandtour.planning.journeys import Chosen, earlier, journeys_of
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
