"""The costs of an edition as the desk lists them: so many of each kind, and if that is all."""

from typing import Any

from grandtour.models import Cost
from grandtour.models.money import CostQuerySet

EACH = 100
WAITS = [Cost.State.CLAIMED, Cost.State.COMMITTED]


def shown(costs: CostQuerySet) -> dict[str, Any]:
    """Give what waits, what is approved and what is over; `cut` names what is not all of it."""
    kinds = {
        "waiting": costs.filter(state=Cost.State.CLAIMED),
        "approved": costs.filter(state=Cost.State.COMMITTED),
        "over": costs.exclude(state__in=WAITS),
    }
    found = {name: list(rows[: EACH + 1]) for name, rows in kinds.items()}
    cut = {name: len(rows) > EACH for name, rows in found.items()}
    return {name: rows[:EACH] for name, rows in found.items()} | {"cut": cut, "each": EACH}
