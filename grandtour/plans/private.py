"""Who does not meet: pairs with a block between them, which no page names and no row keeps."""

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import replace

from django.db.models import Q

from grandtour.models import Application, Host
from grandtour.planning.problem import Journey, Problem
from volunteers.models import Block, Membership

Pairs = tuple[frozenset[str], ...]


def pairs(problem: Problem) -> Pairs:
    """Give whom of a problem a block stands between, whoever has made it.

    Two travellers, or a traveller and a host to whose affiliate the other one belongs. Whoever
    said yes to a journey keeps it, with the others who did and its hosts.
    """
    found = _between({one.key for one in problem.travellers}, {s.key for s in problem.stays})
    return without(found, problem.before, problem.bound)


def without(
    some: Pairs, journeys: Iterable[Journey], bound: Container[str] | None = None
) -> Pairs:
    """Leave out whoever meets in some journeys; of their travellers, those who are `bound`."""
    there = [
        {key for key in one.travellers if bound is None or key in bound}
        | {stop.stay for stop in one.stops}
        for one in journeys
    ]
    return tuple(pair for pair in some if not any(pair <= keys for keys in there))


def fingerprint(problem: Problem) -> str:
    """Give a digest of all of a problem but of who does not meet.

    Pages show it, and it is the same whatever block comes or goes. Which pairs that agreed can
    be together follows from the rest, and from blocks: all of them count as to be kept.
    """
    pins = {*problem.locks.keep, *(pin for pin, _rules in problem.loose)}
    keep = tuple(sorted(pins, key=lambda pin: (pin.traveller, pin.stay or "")))
    locks = replace(problem.locks, keep=keep)
    return replace(problem, private=(), loose=(), locks=locks).fingerprint()


def meet(problem: Problem, journeys: Iterable[Journey]) -> bool:
    """Say whether two who do not meet would in one of some journeys."""
    return without(problem.private, journeys) != problem.private


def _between(people: set[str], hosts: set[str]) -> Pairs:
    rows = Application.objects.filter(pk__in=[int(key[1:]) for key in people])
    of = {person: f"a{pk}" for pk, person in rows.values_list("pk", "person")}
    blocks = Block.objects.filter(Q(person__in=of) | Q(blocked__in=of))
    both = list(blocks.values_list("person", "blocked"))
    if not both:
        return ()
    at = _hosts_of({one for block in both for one in block}, hosts)
    found = {
        frozenset({of[one], key})
        for block in both
        for one, other in (block, block[::-1])
        if one in of
        for key in (*at[other], *([of[other]] if other in of else []))
    }
    return tuple(sorted(found, key=sorted))


def _hosts_of(people: set[int], hosts: set[str]) -> defaultdict[int, list[str]]:
    """Give the hosts of whose affiliates some people are members."""
    rows = Host.objects.filter(
        pk__in=[int(key[1:]) for key in hosts],
        affiliate__memberships__in=Membership.objects.confirmed().filter(person__in=people),
    )
    at: defaultdict[int, list[str]] = defaultdict(list)
    for pk, person in rows.values_list("pk", "affiliate__memberships__person"):
        at[person].append(f"h{pk}")
    return at
