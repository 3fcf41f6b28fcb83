"""One figure, one line of JSON."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured, and whether it is what was promised; no target, no promise."""

    name: str
    value: float
    unit: str
    target: str = ""
    ok: bool = True

    def __str__(self) -> str:
        """Return the figure as one line of JSON."""
        return json.dumps({**asdict(self), "value": round(self.value, 3)}, ensure_ascii=False)


def at_most(limit: float, name: str, value: float, unit: str) -> Figure:
    """Make a figure that must not be larger than a limit."""
    return Figure(name, value, unit, f"≤ {limit:g}", value <= limit)


def at_least(limit: float, name: str, value: float, unit: str) -> Figure:
    """Make a figure that must not be smaller than a limit."""
    return Figure(name, value, unit, f"≥ {limit:g}", value >= limit)


def percentile(values: Sequence[float], share: int) -> float:
    """Return the value that `share` percent of all values do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]
