"""When somebody hears about their own listings again, and when we stop asking."""

from datetime import datetime, timedelta

from capx.states import IllegalMove
from exchange.actions import listings as actions
from exchange.models import Listing
from exchange.notices import listings as notices
from volunteers.models import Notice

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
    quiet = Listing.objects.unconfirmed_since(now - QUIET).select_related("author")
    for listing in quiet.order_by("pk").iterator():
        asked = dict(
            Notice.objects.filter(
                key__in=[notices.still_true_key(listing, nth) for nth in (1, 2)]
            ).values_list("key", "created_at")
        )
        _next_step(listing, [asked[key] for key in sorted(asked)], now)


def _next_step(listing: Listing, asked: list[datetime], now: datetime) -> None:
    """Write the next letter, or pause; never before the last letter had two weeks."""
    if asked and asked[-1] > now - AGAIN:
        return
    if len(asked) < 2:  # noqa: PLR2004 -- two letters
        notices.still_true(listing, nth=len(asked) + 1)
        return
    try:
        actions.fall_silent(listing, since=now - QUIET)
    except IllegalMove:
        return  # its author has just answered
