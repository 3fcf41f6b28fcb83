"""Candidate routes: one to five stops whose dates chain, with a way between any two.

For each order of stays and each first day there is one candidate: the one that ends first,
with as few nights as the hosts' windows allow. More nights are worth nothing to the matching.
Where two groups share a host, a night more on the way could make room for both: that is not
tried, so what is proven is proven of journeys with the fewest nights.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from grandtour.planning import carbon
from grandtour.planning.problem import Leg, Problem, Rules, Stay, Stop

Masks = dict[int, int]  # nights -> the days on which one can arrive for so many, as bits


@dataclass(frozen=True, slots=True)
class Route:
    """Stays by number, days of arrival and leaving counted from the edition's first day."""

    stays: tuple[int, ...]
    arrive: tuple[int, ...]
    leave: tuple[int, ...]
    language: str = ""

    def nights(self) -> Iterator[tuple[int, int]]:
        """Yield each stay with each day whose night is spent there."""
        for stay, arrive, leave in zip(self.stays, self.arrive, self.leave, strict=True):
            for day in range(arrive, leave):
                yield stay, day

    def stops(self, problem: Problem) -> tuple[Stop, ...]:
        """Give its stops with dates."""
        first = problem.rules.first_day
        return tuple(
            Stop(problem.stays[stay].key, day(first, arrive), day(first, leave))
            for stay, arrive, leave in zip(self.stays, self.arrive, self.leave, strict=True)
        )


def day(first: date, number: int) -> date:
    """Give the date so many days after the first."""
    return first + timedelta(days=number)


class Atlas:
    """The stays of a problem: when they are open, and which are near which."""

    def __init__(self, problem: Problem) -> None:
        """Work out open days and legs once."""
        self.problem, self.rules, self.stays = problem, problem.rules, problem.stays
        self.masks = [arrivals(stay, self.rules) for stay in self.stays]
        shut = {pin.stay for pin in problem.locks.exclude if pin.stay and not pin.traveller}
        self.usable = [
            stay.key not in shut and stay.limit >= self.rules.group_min and stay.groups > 0
            for stay in self.stays
        ]
        self.legs: dict[tuple[int, int], Leg] = {}
        self.near: list[list[int]] = [[] for _stay in self.stays]
        if self.rules.stops_max > 1:
            self._connect()

    def _connect(self) -> None:
        for a, origin in enumerate(self.stays):
            for b, target in enumerate(self.stays):
                if self.usable[a] and self.usable[b] and origin.host != target.host:
                    leg = carbon.between(origin, target, self.rules)
                    if leg:
                        self.legs[a, b] = leg
                        self.near[a].append(b)

    def starts(self) -> range:
        """Give the days on which a journey may begin."""
        length = (self.rules.last_day - self.rules.first_day).days
        return range(0, length + 1, self.rules.every)

    def after(self, stay: int, arrivals: int) -> int:
        """Give the days, as bits, on which one can leave a stay after arriving on some."""
        leaving = 0
        for nights, mask in self.masks[stay].items():
            leaving |= (mask & arrivals) << nights
        return leaving

    def route(self, stays: Sequence[int], reached: Sequence[int]) -> Route:
        """Choose the dates that end first from the days on which each stop can be reached."""
        leaving = self.after(stays[-1], reached[-1])
        end = (leaving & -leaving).bit_length() - 1
        arrive, leave = [], []
        for stay, days in zip(reversed(stays), reversed(reached), strict=True):
            begin = next(
                end - nights
                for nights, mask in self.masks[stay].items()
                if end >= nights and mask & days & (1 << (end - nights))
            )
            arrive.append(begin)
            leave.append(end)
            end = begin
        return Route(tuple(stays), tuple(reversed(arrive)), tuple(reversed(leave)))


def arrivals(stay: Stay, rules: Rules) -> Masks:
    """Give for each number of nights the days on which a stay can be reached, as bits."""
    length = (rules.last_day - rules.first_day).days
    days = [day(rules.first_day, number) for number in range(length + 1)]
    is_open = sum(1 << number for number, one in enumerate(days) if open_on(stay, one))
    masks: Masks = {}
    whole = is_open  # days from which the stay is open for so many days in a row
    for nights in range(1, rules.nights_max + 1):
        whole &= is_open >> nights
        if nights >= rules.nights_min:
            masks[nights] = whole
    return masks


def open_on(stay: Stay, one: date) -> bool:
    """Say whether a stay takes guests on a day."""
    return any(window.holds(one, one) for window in stay.windows) and not any(
        window.holds(one, one) for window in stay.blocked
    )


def candidates(
    atlas: Atlas, most: int, cancelled: Callable[[], bool] | None = None
) -> tuple[list[Route], bool]:
    """Give the candidate routes, and whether these are all."""
    found = list(islice(walk(atlas, cancelled or (lambda: False)), most + 1))
    return found[:most], len(found) <= most


def walk(atlas: Atlas, cancelled: Callable[[], bool]) -> Iterator[Route]:
    """Yield every route by first day and stays, once for each language where that counts."""
    for start in atlas.starts():
        for first, usable in enumerate(atlas.usable):
            if cancelled():
                return
            if usable:
                for route in _extend(atlas, [first], [1 << start]):
                    yield from _spoken(atlas, route)


def _extend(atlas: Atlas, stays: list[int], reached: list[int]) -> Iterator[Route]:
    leaving = atlas.after(stays[-1], reached[-1])
    if not leaving:
        return
    if len(stays) >= atlas.rules.stops_min:
        yield atlas.route(stays, reached)
    if len(stays) == atlas.rules.stops_max:
        return
    hosts = {atlas.stays[stay].host for stay in stays}
    for target in atlas.near[stays[-1]]:
        if atlas.stays[target].host not in hosts:
            yield from _extend(atlas, [*stays, target], [*reached, leaving])


def _spoken(atlas: Atlas, route: Route) -> Iterator[Route]:
    if not atlas.rules.one_language:
        yield route
        return
    shared = frozenset.intersection(*(atlas.stays[stay].languages for stay in route.stays))
    for language in sorted(shared):
        yield Route(route.stays, route.arrive, route.leave, language)
