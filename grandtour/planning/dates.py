"""Other dates for a route: a night more on the way, so that a host has a bed free further on.

The candidate of a route ends first. Nothing else is better for its travellers, but where it
comes to a host who takes several groups, or has guests already, another one may find room where
it finds none. Of all dates with one first day those are left out that can never be needed: some
other dates are in no such host's house in any further night, end no later and cost no more.
"""

from collections.abc import Iterator
from dataclasses import replace

from grandtour.planning.routes import Atlas, Route

Ends = tuple[int, ...]  # the day on which each stop is left
Nights = tuple[tuple[int, int], ...]  # arrival and leaving of each stop with a shared host


def others(atlas: Atlas, route: Route) -> Iterator[Route]:
    """Yield the dates of a route that may be needed beside its own."""
    if atlas.alone:
        yield from _lengths(atlas, route)
        return
    at = [number for number, stay in enumerate(route.stays) if atlas.shared[stay]]
    if not at or at[-1] == 0:  # who begins with the only one is there from the first day on
        return
    found: dict[Nights, list[tuple[int, int, Ends]]] = {}
    for ends in _chains(atlas, route, (), last=at[-1]):
        begins = (route.arrive[0], *ends)
        nights = tuple((begins[number], ends[number]) for number in at)
        found.setdefault(nights, []).append((ends[-1], _cost(atlas, route, begins), ends))
    best = [
        (nights, *one)
        for nights, same in found.items()
        for number, one in enumerate(sorted(same))
        if all(one[1] < other[1] for other in sorted(same)[:number])
    ]
    for one in best:
        if one[3] != route.leave and not any(_spares(other, one) for other in best):
            yield replace(route, arrive=(route.arrive[0], *one[3][:-1]), leave=one[3])


def _lengths(atlas: Atlas, route: Route) -> Iterator[Route]:
    """Yield other lengths of a stay that somebody wishes for, where guests share the host."""
    stay, start = route.stays[0], route.arrive[0]
    known = atlas.lengths(stay, start)
    if atlas.shared[stay] and atlas.wishes[start] and route.leave[0] - start == known[0]:
        for nights in sorted({*atlas.allowed(stay, start)} - {*known}):
            yield replace(route, leave=(start + nights,))


def _chains(atlas: Atlas, route: Route, ends: Ends, last: int) -> Iterator[Ends]:
    """Yield all ways to go on; after the `last` shared host one that nobody can do without."""
    number = len(ends)
    if number == len(route.stays):
        yield ends
        return
    begin = ends[-1] if ends else route.arrive[0]
    for nights, mask in atlas.masks[route.stays[number]].items():
        if not mask >> begin & 1:
            continue
        least = False
        for chain in _chains(atlas, route, (*ends, begin + nights), last):
            yield chain
            least = all(
                b - a == atlas.rules.nights_min for a, b in _pairs(begin, chain[number:])
            )
        if number > last and least:
            return


def _pairs(begin: int, ends: Ends) -> Iterator[tuple[int, int]]:
    return zip((begin, *ends), ends, strict=False)


def _cost(atlas: Atlas, route: Route, begins: Ends) -> int:
    """Give what the nights cost a guest."""
    spans = zip(route.stays, begins, begins[1:], strict=False)
    return sum(atlas.stays[stay].night_cost * (end - begin) for stay, begin, end in spans)


def _spares(one: tuple[Nights, int, int, Ends], other: tuple[Nights, int, int, Ends]) -> bool:
    """Say whether nobody needs the other dates, having these."""
    (ours, end, cost, _), (theirs, later, more, _) = one, other
    within = all(a >= c and b <= d for (a, b), (c, d) in zip(ours, theirs, strict=True))
    return within and end <= later and cost <= more and ours != theirs
