"""Places of a listing: who takes one, who frees one, and what it does to the catalogue.

Call these with the listing's row locked (`hold`), always before an exchange's and a person's.
"""

from datetime import datetime

from django.db.models import Q

from exchange.models import Exchange, Listing, SearchDocument
from exchange.models.exchanges import SEATED
from volunteers.models.bandwidth import today


class NoSeat(Exception):
    """All places of the listing are taken."""


def hold(listing_pk: int) -> Listing:
    """Lock a listing until the transaction ends, so that places are given one by one."""
    rows = Listing.objects.select_related("author", "affiliate", "place")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=listing_pk)


def takes_seats(listing: Listing) -> bool:
    """Tell a training, whose terms are written, from what has to be agreed on."""
    return listing.is_offer and listing.of == Listing.Of.TRAINING


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
    if has_room(listing):
        return False
    if listing.state == Listing.State.OPEN:
        listing.move(Listing.State.TAKEN)
        SearchDocument.objects.write(listing)
    return True


def note_freed(listing: Listing, *, at: datetime) -> None:
    """Bring a listing back when a place is free again and its time is not over."""
    if listing.state != Listing.State.TAKEN or not has_room(listing):
        return
    if listing.last_day is None or listing.last_day >= today(listing.author, at):
        listing.move(Listing.State.OPEN, confirmed_at=at)
        SearchDocument.objects.write(listing)


def has_room(listing: Listing) -> bool:
    """Tell whether somebody more can take it; a request is answered by one."""
    most = listing.seats or (None if listing.is_offer else 1)
    return most is None or len(_taken(listing)) < most


def begin_again(listing: Listing, *, at: datetime) -> None:
    """Free the places of what is over, for those who come the next time."""
    seated = Exchange.objects.filter(listing=listing, place__isnull=False)
    over = Q(ends_day__lt=today(listing.author, at))
    seated.filter(over | ~Q(state=Exchange.State.AGREED)).update(place=None)


def _taken(listing: Listing) -> list[int]:
    rows = Exchange.objects.filter(listing=listing, state__in=SEATED, place__isnull=False)
    return [place for place in rows.values_list("place", flat=True) if place is not None]
