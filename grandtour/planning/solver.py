"""Solve a problem: relaxation first, prices decide what stays in, an exact solver closes it.

Prune pairs → relaxation (`sifting` or `generation`) → keep the pairs of least loss → CP-SAT
(`closing`) → where a dropped pair might still do better than the gap allows, keep twice as
many. The bound is the relaxation's, or the exact solver's where no dropped pair could beat it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from grandtour.planning import closing
from grandtour.planning.closing import Closed, close
from grandtour.planning.generation import generate, prices_among
from grandtour.planning.groups import Stretches
from grandtour.planning.journeys import Chosen, Looked, every_route, journeys_of, prices_of
from grandtour.planning.limits import Cancelled, Infeasible, Limits, Progress
from grandtour.planning.pairing import pair_up
from grandtour.planning.pairs import Flags, Pairs, Table, Whole
from grandtour.planning.problem import Ended, Plan, Problem
from grandtour.planning.relaxation import CLOSE, OF_GAP, Relaxed, Watch, priced
from grandtour.planning.routes import Atlas
from grandtour.planning.rows import Rows
from grandtour.planning.sifting import sift

FEW_PAIRS = 400_000  # up to here sifting is quicker
FEWEST, SPARE = 800, 1.3  # pairs to begin with: so many, or as often those that lose nothing
NOTHING = 1e-7  # of the bound
LEAST_EFFORT = 0.01
RELAXING = 0.75  # of the time
GRACE = 0.5  # of the time, for a first plan where there is none when it is over
NEVER = Limits()


class Search:
    """One run: the clock, whom to tell, and whether somebody cancelled."""

    def __init__(
        self,
        limits: Limits,
        progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
    ) -> None:
        """Start the clock."""
        self.limits, self.progress, self.cancelled = limits, progress, cancelled
        self.began = monotonic()

    def seconds(self) -> float:
        """Give the seconds since the start."""
        return monotonic() - self.began

    def late(self) -> bool:
        """Say whether the time is over."""
        return self.seconds() > self.limits.seconds

    def goes_on(self, *, first: bool) -> bool:
        """Say whether to go on: for a first plan a while longer than the time that was given.

        The bound is there by then, and a machine that is busy with other work is no reason
        to throw it away.
        """
        most = self.limits.seconds * (1 + GRACE if first else 1)
        return not self.cancelled() and self.seconds() <= most

    def relaxed(self) -> bool:
        """Say whether the relaxation has had its part of the time.

        It gets the larger one: at bad prices nothing that is closed is worth much.
        """
        return self.seconds() > RELAXING * self.limits.seconds

    def closing(self, bound: float, *, first: bool) -> closing.Watch:
        """Give what the exact solver asks and tells, under a bound that holds for all pairs."""
        none = first

        def found(worth: int) -> None:
            nonlocal none
            none = False
            self.progress(Progress("closing", worth, bound))

        def stop() -> bool:
            return not self.goes_on(first=none)

        return closing.Watch(found, stop, bound - self.limits.gap * abs(bound))

    def watch(self) -> Watch:
        """Give what the relaxation asks and tells."""

        def told(_value: float, bound: float) -> None:
            self.progress(Progress("relaxation", bound=bound))

        near = max(CLOSE, OF_GAP * self.limits.gap)
        return Watch(told, self.cancelled, self.relaxed, near)


@dataclass(frozen=True)
class Found:
    """The best choice so far, what nothing can beat, and the relaxation behind it."""

    chosen: tuple[int, ...]
    bound: float
    ended: Ended
    relaxed: Relaxed


def solve(
    problem: Problem,
    progress: Callable[[Progress], None] = lambda _progress: None,
    cancelled: Callable[[], bool] = lambda: False,
    limits: Limits = NEVER,
) -> Plan:
    """Give the best plan that the limits allow to find, with its bound.

    Raises Infeasible where no plan keeps all rules and locks, and Cancelled where somebody
    cancelled before there was any.
    """
    search = Search(limits, progress, cancelled)
    atlas, table = Atlas(problem), Table(problem)
    progress(Progress("routes"))
    looked = every_route(problem, atlas, limits.routes, cancelled)
    stage = staged(search, problem, table, atlas, looked)
    chosen = Chosen(problem, atlas, stage.rows.pairs, stage.found.chosen)
    return Plan(
        journeys_of(chosen),
        stage.found.bound,
        round(search.seconds(), 3),
        problem.rules.seed,
        problem.fingerprint(),
        stage.found.ended,
        looked.complete,
        prices_of(stage.rows, stage.found.relaxed),
        stage.dated and wished_exactly(problem),
    )


def wished_exactly(problem: Problem) -> bool:
    """Say whether no other length of a stay could be better than those that were looked at.

    With money to share out, one between what somebody wishes and the shortest might be.
    """
    rules = problem.rules
    wishes = any(one.nights for one in problem.travellers)
    return not wishes or (rules.stops_max == 1 and rules.money_budget is None)


@dataclass(frozen=True)
class Stage:
    """What was found among some routes, and whether it holds for all dates."""

    rows: Rows
    found: Found
    dated: bool


def staged(
    search: Search, problem: Problem, table: Table, atlas: Atlas, looked: Looked
) -> Stage:
    """Solve with the routes that end first; then look whether other dates could do better."""
    dates = looked.dates or []
    pairs = pair_up(table, atlas, looked.routes, search.cancelled)
    if search.cancelled():
        raise Cancelled
    try:
        rows = rows_of(search, problem, pairs)
        stage = Stage(rows, searched(search, rows), looked.dates == [])
    except Infeasible:
        if not dates:
            raise
        every = pair_up(table, atlas, [*looked.routes, *dates], search.cancelled)
        rows = rows_of(search, problem, every)
        return Stage(rows, searched(search, rows), dated=True)
    if not dates or not search.goes_on(first=False):
        return stage
    return widened(search, stage, pair_up(table, atlas, [*pairs.routes, *dates]))


def rows_of(search: Search, problem: Problem, pairs: Pairs) -> Rows:
    """Give the rows over some pairs; in a re-plan as many places stay as can."""
    stay_as = same_places(problem, pairs)
    least = most_kept(search, problem, pairs, stay_as)
    return Rows(problem, pairs, stay_as if stay_as.any() else None, least)


def widened(search: Search, stage: Stage, pairs: Pairs) -> Stage:
    """Prove for all dates what was found for some, or solve anew with any that could matter.

    The pairs of the stage come first among all. At its prices each further pair has a loss: a
    plan with it is worth that much less than these prices prove of all.
    """
    problem, found, limits = stage.rows.problem, stage.found, search.limits
    stay_as = same_places(problem, pairs)
    least = int(stay_as[list(found.chosen)].sum())
    rows = Rows(problem, pairs, stay_as if stay_as.any() else None, least)
    prices = prices_among(rows, stage.rows, found.relaxed.prices)
    relaxed = priced(rows, Stretches(pairs, problem.rules.group_min), prices)
    losses, old = relaxed.losses(), len(stage.rows.pairs.route)
    bound = max(found.bound, relaxed.bound - float(losses[old:].min(initial=np.inf)))
    if gap(rows, found.chosen, bound) <= limits.gap:
        return replace(stage, found=replace(found, bound=bound), dated=True)
    could = losses < relaxed.bound - worth(pairs, found.chosen)
    could[:old] = True
    some, number = pairs.of_routes(np.unique(pairs.route[could]))
    place: Whole = np.zeros(len(pairs.route), dtype=np.int64)
    place[number] = np.arange(len(number))
    first = tuple(int(one) for one in place[list(found.chosen)])
    kept = stay_as[number] if stay_as.any() else None
    fewer = Rows(problem, some, kept, least)
    try:
        again = searched(search, fewer, first)
    except Infeasible:  # the relaxation lost its way: the plan that is known keeps all rules
        return stage
    gaps = [gap(one, f.chosen, f.bound) for one, f in ((fewer, again), (stage.rows, found))]
    better = worth(some, again.chosen) > worth(pairs, found.chosen)
    if better or gaps[0] <= max(limits.gap, gaps[1]):
        return Stage(fewer, again, dated=True)
    return stage


def same_places(problem: Problem, pairs: Pairs) -> Flags:
    """Mark the pairs in which a traveller keeps what they had: that very journey, or any one.

    Any one is what those keep who said yes to a journey that cannot be as it was.
    """
    before = {
        (traveller, journey.stops, journey.language)
        for journey in problem.before
        for traveller in journey.travellers
    }
    had = {stops for _traveller, stops, _language in before}
    stops = [route.stops(problem) if had else () for route in pairs.routes]
    people = [one.key in problem.promised for one in problem.travellers]
    marked: Flags = np.array(people, dtype=bool)[pairs.traveller]
    if had:
        for at, (route, one) in enumerate(zip(pairs.route, pairs.traveller, strict=True)):
            key = problem.travellers[one].key, stops[route], pairs.routes[route].language
            marked[at] |= key in before
    return marked


def most_kept(search: Search, problem: Problem, pairs: Pairs, stay_as: Flags) -> int:
    """Give how many places can stay as they were at most."""
    if not stay_as.any():
        return 0
    counted = replace(
        pairs, worth=stay_as.astype(np.int64), venue_worth=np.zeros_like(pairs.venue_worth)
    )
    found = searched(search, Rows(problem, counted))
    return int(stay_as[list(found.chosen)].sum())


def searched(search: Search, rows: Rows, first: tuple[int, ...] | None = None) -> Found:
    """Relax, keep, close, and keep more until the gap is proven or the limits are met.

    `first`: a choice that keeps all rules, where one is known.
    """
    stretches = Stretches(rows.pairs, rows.rules.group_min)
    few = len(rows.pairs.route) <= FEW_PAIRS
    relaxed = (sift if few else generate)(rows, stretches, search.watch())
    losses = relaxed.losses()
    order = np.argsort(losses, kind="stable")
    best = first
    bound, number, effort = relaxed.bound, fewest(relaxed), search.limits.effort
    while search.goes_on(first=best is None) and effort > LEAST_EFFORT:
        kept = np.zeros(len(order), dtype=bool)
        kept[order[:number]] = True
        kept[[pair for group in relaxed.groups for pair in group]] = True
        kept[list(best or ())] = True
        whole = number >= len(order)
        left = replace(search.limits, effort=effort if whole else effort / 2)
        closed = close(rows, kept, best, left, search.closing(bound, first=best is None))
        effort -= closed.effort
        rest = losses[order[number]] if number < len(order) else np.inf
        best, bound = better(rows, best, closed), tightened(relaxed, closed, rest, bound)
        told(search, rows, best, bound)
        if rest == np.inf or (best is not None and gap(rows, best, bound) <= search.limits.gap):
            break
        number *= 2
    return ended(search, rows, relaxed, best, bound)


def fewest(relaxed: Relaxed) -> int:
    """Give with how many pairs to begin: few are closed sooner, and give a first plan."""
    idle = relaxed.losses() <= NOTHING * abs(relaxed.bound)
    return max(FEWEST, round(SPARE * float(idle.sum())))


def better(rows: Rows, best: tuple[int, ...] | None, closed: Closed) -> tuple[int, ...] | None:
    """Give the better of two choices."""
    choices = [one for one in (best, closed.chosen) if one is not None]
    return max(choices, key=lambda one: worth(rows.pairs, one), default=None)


def tightened(relaxed: Relaxed, closed: Closed, rest: float, bound: float) -> float:
    """Give the bound after closing: a plan is of kept pairs, or has a dropped one."""
    among = -np.inf if closed.impossible else closed.bound
    return float(min(bound, max(among, relaxed.bound - rest)))


def worth(pairs: Pairs, chosen: tuple[int, ...]) -> int:
    """Give the worth of a choice."""
    some = list(chosen)
    routes = np.unique(pairs.route[some])
    return int(pairs.worth[some].sum() + pairs.venue_worth[routes].sum())


def gap(rows: Rows, chosen: tuple[int, ...], bound: float) -> float:
    """Give how far a choice is from a bound, as a part of it."""
    return (bound - worth(rows.pairs, chosen)) / max(1.0, abs(bound))


def told(search: Search, rows: Rows, best: tuple[int, ...] | None, bound: float) -> None:
    """Tell how far the search is."""
    value = None if best is None else worth(rows.pairs, best)
    search.progress(Progress("closing", value, bound))


def ended(
    search: Search,
    rows: Rows,
    relaxed: Relaxed,
    best: tuple[int, ...] | None,
    bound: float,
) -> Found:
    """Say how it ended; without a plan, say why there is none."""
    if best is None:
        raise Cancelled if search.cancelled() or search.late() else Infeasible
    if gap(rows, best, bound) <= search.limits.gap:
        how = Ended.PROVEN
    elif search.cancelled():
        how = Ended.CANCELLED
    else:
        how = Ended.TIME if search.late() else Ended.EFFORT
    return Found(best, bound, how, relaxed)
