"""Places of a listing: who takes one, who frees one, and what it does to the catalogue.

Call these with the listing's row locked (`hold`), always before an exchange's and a person's.
"""

from datetime import datetime

from exchange.models import Exchange, Listing, SearchDocument
from exchange.models.exchanges import SEATED


class NoSeat(Exception):
    """All places of the listing are taken."""


def hold(listing_pk: int) -> Listing:
    """Lock a listing until the transaction ends, so that places are given one by one."""
    rows = Listing.objects.select_related("author", "affiliate", "place")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=listing_pk)


def next_place(listing: Listing) -> int | None:
    """Give the lowest free place; None where the listing has room for as many as ask.

    Raises NoSeat when all are taken. A request is answered by one, unless it says otherwise.
    """
    if listing.seats is None:
        if listing.is_offer:
            return None
        listing.seats = 1
        listing.save(update_fields=["seats"])
    taken = set(_taken(listing))
    free = (n for n in range(1, listing.seats + 1) if n not in taken)
    place = next(free, None)
    if place is None:
        raise NoSeat
    return place


def note_taken(listing: Listing) -> bool:
    """Take a listing out of the catalogue when its last place has gone; say whether it has."""
    if listing.seats is None or len(_taken(listing)) < listing.seats:
        return False
    if listing.state == Listing.State.OPEN:
        listing.move(Listing.State.TAKEN)
        SearchDocument.objects.write(listing)
    return True


def note_freed(listing: Listing, *, at: datetime) -> None:
    """Bring a listing back when a place is free again and its time is not over."""
    over = listing.last_day is not None and listing.last_day < at.date()
    if listing.state == Listing.State.TAKEN and not over:
        listing.move(Listing.State.OPEN, confirmed_at=at)
        SearchDocument.objects.write(listing)


def _taken(listing: Listing) -> list[int]:
    rows = Exchange.objects.filter(listing=listing, state__in=SEATED, place__isnull=False)
    return [place for place in rows.values_list("place", flat=True) if place is not None]
