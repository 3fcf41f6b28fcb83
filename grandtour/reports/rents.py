"""What hosts ask for the venues they would rent: for each group, and for all that come."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from grandtour.models import Edition, Host, Journey, Stop

ASKING = [Host.State.OFFERED, Host.State.ACCEPTED]
NOT_CONFIRMED = [Journey.State.PROPOSED, Journey.State.OFFERED]


@dataclass(frozen=True, slots=True)
class Rent:
    """What a host asks for each group, in a currency's smallest unit, and how many come.

    `planned`: how many more would, by journeys that are not confirmed yet.
    """

    host: Host
    each: int
    currency: str
    groups: int
    planned: int = 0

    @property
    def together(self) -> int:
        """Give what is asked for all groups that come."""
        return self.each * self.groups

    @property
    def at_most(self) -> int:
        """Give what is asked for these and those that are planned."""
        return self.each * (self.groups + self.planned)


def rents(edition: Edition) -> list[Rent]:
    """List what hosts ask for that take part, or to which groups came, by their names."""
    come = Q(stops__in=Stop.objects.begun()) | Q(stops__journey__state=Journey.State.CONFIRMED)
    would = Q(stops__journey__state__in=NOT_CONFIRMED, stops__refused_at=None)
    added: dict[str, Any] = {
        "coming": Count("stops", filter=come, distinct=True),
        "would": Count("stops", filter=would, distinct=True),
    }
    asks = edition.hosts.filter(venue_cost__isnull=False).annotate(**added)
    rows: Any = asks.filter(Q(state__in=ASKING) | Q(coming__gt=0)).select_related("affiliate")
    return [
        Rent(row, row.venue_cost, row.venue_currency, row.coming, row.would)
        for row in rows.order_by("affiliate__name", "pk")
    ]


def sums(rows: Iterable[Rent]) -> list[tuple[str, int, int]]:
    """Add up, by currency, what is asked for groups that come, and with those planned."""
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        come, most = found.get(row.currency, (0, 0))
        found[row.currency] = come + row.together, most + row.at_most
    return sorted((currency, *both) for currency, both in found.items())
