"""What somebody had before them when they said yes: it is taken for nothing else."""

from collections.abc import Iterable

from django.db.models import QuerySet

from capx.terms import Changed
from grandtour.models import Stop


class OtherDays(Changed):
    """Some stops have other days than those that were seen."""

    def __init__(self, stops: list[Stop]) -> None:
        """Keep which."""
        super().__init__(", ".join(stop.mark for stop in stops))
        self.stops = stops


def mark_of(stops: Iterable[Stop], weeks: str = "") -> str:
    """Give a short mark of the days of stops, and of the weeks that they fill."""
    return " ".join([*(stop.mark for stop in stops), *weeks.split()])


def must_be(read: str, stops: QuerySet[Stop], weeks: str = "") -> None:
    """Compare the mark that a page carried; raises OtherDays, or Changed for all else."""
    rows = list(stops.select_related("host__affiliate").order_by("number"))
    if other := [stop for stop in rows if stop.mark not in read.split()]:
        raise OtherDays(other)
    if read != mark_of(rows, weeks):
        raise Changed
