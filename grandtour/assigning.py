"""Who reads what: as many reviewers for each application as wished, all with like loads.

Each application takes whoever has least to read among those who may. Then applications change
hands along chains of reviewers until no chain makes loads more even: no way to give the same
applications out is more even then (Harvey, Ladner, Lovász, Tamir 2006: semi-matchings).
"""

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be given out: to each application `wanted` reviewers.

    `held` are the pairs of application and reviewer that stand already and do not move;
    `barred` those that must not be; `most` how many somebody reads at most, held ones included.
    """

    applications: tuple[int, ...]
    reviewers: tuple[int, ...]
    wanted: int
    held: frozenset[tuple[int, int]] = frozenset()
    barred: frozenset[tuple[int, int]] = frozenset()
    most: Mapping[int, int] = field(default_factory=dict)


def assign(task: Task) -> frozenset[tuple[int, int]]:
    """Give the new pairs of application and reviewer; fewer than wanted where nobody may."""
    table = _Table(task)
    for application in sorted(task.applications, key=lambda a: (len(table.may(a)), a)):
        missing = task.wanted - len(table.readers[application])
        for _seat in range(missing):
            if not table.seat(application):
                break
    table.even_out()
    return frozenset(table.given)


class _Table:
    """Who has what at the moment."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.given: set[tuple[int, int]] = set()
        self.readers: dict[int, set[int]] = {a: set() for a in task.applications}
        self.load = dict.fromkeys(task.reviewers, 0)
        self.moving: dict[int, set[int]] = {r: set() for r in task.reviewers}
        for application, reviewer in task.held:
            if reviewer in self.load:
                self.load[reviewer] += 1
            if application in self.readers:
                self.readers[application].add(reviewer)

    def may(self, application: int) -> Collection[int]:
        """Give who could read an application besides those who do, the least loaded first."""
        free = [
            r
            for r in self.task.reviewers
            if r not in self.readers[application] and (application, r) not in self.task.barred
        ]
        return sorted(free, key=lambda r: (self.load[r], r))

    def has_room(self, reviewer: int) -> bool:
        """Say whether somebody may take one more."""
        return self.load[reviewer] < self.task.most.get(reviewer, len(self.task.applications))

    def seat(self, application: int) -> bool:
        """Find one more reader, if need be by passing another application on."""
        willing = self.may(application)
        for reviewer in willing:
            if self.has_room(reviewer):
                self._give(application, reviewer)
                return True
        for reviewer in willing:
            chain = self._chain(reviewer, lighter_than=None)
            if chain:
                self._pass_on(chain)
                self._give(application, reviewer)
                return True
        return False

    def even_out(self) -> None:
        """Pass applications on while somebody has two more than another who could take one."""
        again = True
        while again:
            again = False
            for reviewer in sorted(self.load, key=lambda r: (-self.load[r], r)):
                chain = self._chain(reviewer, lighter_than=self.load[reviewer] - 1)
                if chain:
                    self._pass_on(chain)
                    again = True
                    break

    def _chain(self, start: int, *, lighter_than: int | None) -> list[tuple[int, int, int]]:
        """Find the shortest chain of hand-overs from a reviewer to one who can take one more.

        Each is an application, from whom, and to whom.
        """
        came: dict[int, tuple[int, int, int] | None] = {start: None}
        queue = deque([start])
        while queue:
            giver = queue.popleft()
            for taker in sorted(set(self.load) - set(came), key=lambda r: (self.load[r], r)):
                application = self._movable(giver, taker)
                if application is None:
                    continue
                came[taker] = (application, giver, taker)
                light = lighter_than is None or self.load[taker] < lighter_than
                if light and self.has_room(taker):
                    return _back(came, taker)
                queue.append(taker)
        return []

    def _movable(self, giver: int, taker: int) -> int | None:
        """Find an application that one could pass on to another."""
        for application in sorted(self.moving[giver]):
            if taker in self.readers[application]:
                continue
            if (application, taker) not in self.task.barred:
                return application
        return None

    def _pass_on(self, chain: list[tuple[int, int, int]]) -> None:
        for application, giver, taker in chain:
            self.given.discard((application, giver))
            self.readers[application].discard(giver)
            self.moving[giver].discard(application)
            self.load[giver] -= 1
            self._give(application, taker)

    def _give(self, application: int, reviewer: int) -> None:
        self.given.add((application, reviewer))
        self.readers[application].add(reviewer)
        self.moving[reviewer].add(application)
        self.load[reviewer] += 1


def _back(
    came: Mapping[int, tuple[int, int, int] | None], last: int
) -> list[tuple[int, int, int]]:
    """Walk a chain back to where it began; the last hand-over comes first."""
    chain, at = [], last
    while step := came[at]:
        chain.append(step)
        at = step[1]
    return chain
