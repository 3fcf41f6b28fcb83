"""Writes what came of journeys: offers, practices and exchanges of those who came home."""

from datetime import datetime, timedelta

from exchange.models import Exchange, Listing, Practice
from grandtour.models import Seat
from volunteers.models import Origin

Made = Origin.Made
WEEKS = timedelta(days=40)


def write(at: datetime) -> None:
    """Let each who came home have offered, and some written down, what they learnt."""
    home = list(
        Seat.objects.filter(state__in=["returned", "reported", "closed"])
        .select_related("person")
        .order_by("pk")
    )
    people = [seat.person_id for seat in home]
    shown = Listing.objects.filter(author__in=people, kind="offer", published_at__isnull=False)
    offers = {row.author_id: row for row in shown.order_by("-pk")}
    notes = Practice.objects.filter(author__in=people, state="published").order_by("-pk")
    practices = {row.author_id: row for row in notes}
    done = Exchange.objects.filter(
        listing__in=[row.pk for row in offers.values()], done_at__isnull=False
    )
    exchanges = {row.listing.author_id: row for row in done.select_related("listing")}
    seats = {seat.person_id: seat for seat in home}
    made = [
        *((person, Made.OFFER, row.pk) for person, row in offers.items()),
        *((person, Made.PRACTICE, row.pk) for person, row in practices.items()),
        *((person, Made.EXCHANGE, row.pk) for person, row in exchanges.items()),
    ]
    Origin.objects.bulk_create(
        Origin(
            source=Origin.Source.PLACE,
            source_key=seats[person].pk,
            made=what,
            made_key=key,
            person_id=person,
            made_at=at - WEEKS,
            told_at=at - WEEKS,
        )
        for person, what, key in made
    )
