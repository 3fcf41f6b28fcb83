"""That somebody was shown a listing, or told no about it: marks that cannot be forged."""

from datetime import timedelta

from django.core import signing

from exchange.models import Listing
from exchange.models.listings import ListingQuerySet
from volunteers.models import Person

REFUSED, SHOWN = "exchange.refused", "exchange.shown"
HOLD = {REFUSED: timedelta(hours=1), SHOWN: timedelta(days=1)}


def mark(listing: Listing, asker: Person, what: str = REFUSED) -> str:
    """Give the mark that the page with the refusal, or with the form, carries."""
    return signing.dumps([listing.pk, asker.pk], salt=what)


def was(what: str, told: str, pk: int, asker: Person) -> bool:
    """Say whether this mark is of such a page about this listing, to this person, of late."""
    try:
        return bool(signing.loads(told, salt=what, max_age=HOLD[what]) == [pk, asker.pk])
    except signing.BadSignature:  # made up, or an old page
        return False


def answerable(pk: int, asker: Person, *, known: bool) -> ListingQuerySet:
    """Keep a listing that this person may answer: one they see, or have seen of late.

    Whoever had it before them learns nothing of why its author cannot be asked now.
    """
    rows: ListingQuerySet = Listing.objects.visible_to(asker)
    if known:
        rows = rows | Listing.objects.shown()
    return rows.filter(pk=pk).exclude(author=asker)
