"""Candidate routes: one to five stops whose dates chain, with a way between any two.

For each order of stays and each first day there is one candidate: the one that ends first,
with as few nights as the hosts' windows allow. More nights are worth nothing to the matching,
unless somebody wishes for them (see `lengths`), or they make room where groups share a host
(see `dates`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from grandtour.planning import carbon
from grandtour.planning.problem import Leg, Problem, Rules, Stay, Stop

FEW_LENGTHS = 5
Masks = dict[int, int]  # nights -> the days on which one can arrive for so many, as bits


@dataclass(frozen=True, slots=True)
class Route:
    """Stays by number, days of arrival and leaving counted from the edition's first day.

    One group travels it; `twin` numbers the same route of others, where hosts take several.
    """

    stays: tuple[int, ...]
    arrive: tuple[int, ...]
    leave: tuple[int, ...]
    language: str = ""
    twin: int = 0

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
        self.open = [arrivals(stay, self.rules) for stay in self.stays]
        self.masks = [
            with_beds(masks, stay, self.rules)
            for masks, stay in zip(self.open, self.stays, strict=True)
        ]
        shut = {pin.stay for pin in problem.locks.exclude if pin.stay and not pin.traveller}
        self.usable = [
            stay.key not in shut and stay.limit >= self.rules.group_min and stay.groups > 0
            for stay in self.stays
        ]
        self.legs: dict[tuple[int, int], Leg] = {}
        self.near: list[list[int]] = [[] for _stay in self.stays]
        self.wishes = {start: wishes(problem, start) for start in self.starts()}
        # Where guests of one group may stand in the way of another's.
        self.shared = [stay.groups > 1 or bool(stay.taken) for stay in self.stays]
        self.alone = self.rules.stops_max == 1
        if not self.alone:
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

    def allowed(self, stay: int, start: int) -> list[int]:
        """Give how many nights one can stay from a day on, the fewest first."""
        return [nights for nights, mask in self.masks[stay].items() if mask >> start & 1]

    def lengths(self, stay: int, start: int) -> list[int]:
        """Give how many nights of a journey of one stop are worth a candidate, fewest first.

        Where somebody wishes for some: as near to it as their days and the host's allow. What
        a stay is worth falls from there on both sides, so for one guest no other is better, but
        where guests stand in each other's way (see `dates`). For a group any can be the best.
        """
        allowed = self.allowed(stay, start)
        wishes = self.wishes[start] if allowed else set()
        if wishes and (len(allowed) <= FEW_LENGTHS or self.rules.group_max > 1):
            return allowed
        chosen = set(allowed[:1])
        for wish, most in wishes:
            within = allowed[: bisect_right(allowed, most)]
            at = bisect_left(within, wish)
            chosen.update(within[max(0, at - 1) : at + 1])
        return sorted(chosen)

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


def wishes(problem: Problem, start: int) -> set[tuple[int, int]]:
    """Give how long travellers who can on a day wish to stay, and could at most, in nights."""
    first = day(problem.rules.first_day, start)
    return {
        (one.nights, (window.last - first).days)
        for one in problem.travellers
        for window in one.windows
        if one.nights and window.holds(first, first)
    }


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


def with_beds(masks: Masks, stay: Stay, rules: Rules) -> Masks:
    """Keep the days on which the smallest group finds a bed in each night."""
    least = stay.limit - rules.group_min
    nights = [(night - rules.first_day).days for night, there in stay.taken if there > least]
    full = sum(1 << number for number in nights if number >= 0)
    kept: Masks = {}
    for length, mask in masks.items():
        kept[length] = mask
        for number in range(length):
            kept[length] &= ~(full >> number)
    return kept


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
                # The shortest of one stop is among the above.
                for nights in atlas.lengths(first, start)[1:] if atlas.alone else ():
                    yield from _spoken(atlas, Route((first,), (start,), (start + nights,)))


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
