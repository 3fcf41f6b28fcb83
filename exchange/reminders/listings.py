"""When somebody hears about their own listings again, and when we stop asking."""

from datetime import datetime, timedelta

from django.db.models import Q

from capx.states import IllegalMove
from exchange.actions import listings as actions
from exchange.models import Listing
from exchange.notices import listings as notices

QUIET = timedelta(days=90)
AGAIN = timedelta(days=14)
# A last day is not over before it is over everywhere on Earth.
LAST_ZONE = timedelta(hours=12)


def remind(now: datetime) -> None:
    """Ask whether listings are still true, pause those of the silent, end what is over."""
    end(now)
    ask_whether_true(now)


def end(now: datetime) -> None:
    """Expire what has passed its last day, and tell its author."""
    day = (now - LAST_ZONE).date()
    over = Listing.objects.ending_before(day).order_by("pk")
    for listing in over.iterator():
        try:
            actions.expire(listing, day=day)
        except IllegalMove:
            continue  # somebody else was faster


def ask_whether_true(now: datetime) -> None:
    """Ask once, ask again two weeks later, and two weeks after that take silence for a no."""
    quiet = notices.with_letters(Listing.objects.unconfirmed_since(now - QUIET))
    patience = now - AGAIN
    fresh = Q(first_letter=None)
    again = Q(first_letter__lte=patience, second_letter=None)
    silent = Q(second_letter__lte=patience)
    due = quiet.filter(fresh | again | silent).select_related("author").order_by("pk")
    for listing in due.iterator():
        _next_step(listing, now)


def _next_step(listing: Listing, now: datetime) -> None:
    """Write the next letter, or pause where two had no answer."""
    letters = (listing.first_letter, listing.second_letter)  # type: ignore[attr-defined]  # of with_letters()
    if None in letters:
        notices.still_true(listing, nth=letters.index(None) + 1)
        return
    try:
        actions.fall_silent(listing, since=now - QUIET)
    except IllegalMove:
        return  # its author has just answered
