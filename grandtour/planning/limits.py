"""How long a search may go on, how far it is, and the two ways in which it gives no plan."""

from dataclasses import dataclass


class Infeasible(Exception):
    """No plan keeps all rules and locks; `conflicts.collisions` says which of them collide."""


class Cancelled(Exception):
    """Somebody cancelled before there was a plan."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop: the gap that is enough, seconds at most, and work that can be repeated.

    `effort` is deterministic (about seconds of one free core): with the same seed it ends at
    the same plan; where `seconds` cut it short, `Plan.ended` says so. `routes` is how many
    routes are looked at.
    """

    gap: float = 0.0005
    seconds: float = 120
    effort: float = 60
    routes: int = 300_000
    workers: int = 2


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the search is: the step, the best worth and the bound so far.

    While reasons are looked for: of how many it is `done`, and of how many in all.
    """

    step: str
    worth: int | None = None
    bound: float | None = None
    done: int = 0
    of: int = 0
