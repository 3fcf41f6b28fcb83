"""What hosts ask for the venues they would rent: for each group, and for all that come."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from grandtour.models import Edition, Host, Journey


@dataclass(frozen=True, slots=True)
class Rent:
    """What a host asks for each group, in a currency's smallest unit, and how many come."""

    host: Host
    each: int
    currency: str
    groups: int

    @property
    def together(self) -> int:
        """Give what is asked for all groups that come."""
        return self.each * self.groups


def rents(edition: Edition) -> list[Rent]:
    """List what hosts ask for that have offered or were accepted, by their names.

    Groups are those of journeys that are proposed or take place.
    """
    come = Q(stops__journey__in=Journey.objects.live())
    asks = edition.hosts.filter(
        state__in=[Host.State.OFFERED, Host.State.ACCEPTED], venue_cost__isnull=False
    )
    added: dict[str, Any] = {"coming": Count("stops", filter=come, distinct=True)}
    rows = asks.select_related("affiliate").annotate(**added)
    return [
        Rent(row, row.venue_cost or 0, row.venue_currency, row.coming)
        for row in rows.order_by("affiliate__name", "pk")
    ]


def sums(rows: Iterable[Rent]) -> list[tuple[str, int]]:
    """Add up what is asked for all groups that come: a currency, and how much of it."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.currency] = found.get(row.currency, 0) + row.together
    return sorted(found.items())
