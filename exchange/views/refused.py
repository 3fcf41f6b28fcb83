"""That somebody was told no about a listing: a mark that cannot be forged."""

from datetime import timedelta

from django.core import signing

from exchange.models import Listing
from volunteers.models import Person

SALT = "exchange.refused"
HOLDS = timedelta(hours=1)


def mark(listing: Listing, asker: Person) -> str:
    """Give the mark that the page with the refusal carries."""
    return signing.dumps([listing.pk, asker.pk], salt=SALT)


def was_refused(told: str, listing: Listing, asker: Person) -> bool:
    """Say whether this mark is of a refusal about this listing, to this person, of late."""
    try:
        return bool(signing.loads(told, salt=SALT, max_age=HOLDS) == [listing.pk, asker.pk])
    except signing.BadSignature:  # made up, or an old page
        return False
