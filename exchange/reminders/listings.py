"""When somebody hears about their own listings again, and when we stop asking."""

from datetime import datetime, timedelta

from django.db.models import Q

from capx.zones import still_day
from exchange.actions import listings as actions
from exchange.models import Listing
from exchange.notices import listings as notices
from volunteers.reminders.rows import each

QUIET = timedelta(days=90)
AGAIN = timedelta(days=14)


def remind(now: datetime) -> None:
    """Ask whether listings are still true, pause those of the silent, end what is over."""
    end(now)
    ask_whether_true(now)


def end(now: datetime) -> None:
    """Expire what has passed its last day, and tell its author."""
    day = still_day(now)
    each(Listing.objects.ending_before(day), lambda row: actions.expire(row, day=day))


def ask_whether_true(now: datetime) -> None:
    """Ask once, ask again two weeks later, and two weeks after that take silence for a no.

    Nobody can be asked whose account is closed: what they left open is paused unasked.
    """
    since = now - QUIET
    left = Listing.objects.unconfirmed_since(since, here=False)
    each(left, lambda row: actions.fall_silent(row, since=since))
    quiet = notices.with_letters(Listing.objects.unconfirmed_since(since))
    patience = now - AGAIN
    fresh = Q(first_letter=None)
    again = Q(first_letter__lte=patience, second_letter=None)
    silent = Q(second_letter__lte=patience)
    due = quiet.filter(fresh | again | silent).select_related("author")
    each(due, lambda listing: _next_step(listing, since))


def _next_step(listing: Listing, since: datetime) -> None:
    """Write the next letter, or pause where two had no answer."""
    letters = (listing.first_letter, listing.second_letter)  # type: ignore[attr-defined]  # of with_letters()
    if None in letters:
        notices.still_true(listing, nth=letters.index(None) + 1)
    else:
        actions.fall_silent(listing, since=since)
