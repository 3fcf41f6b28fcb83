"""Every message about one's own listings: one function, one template each."""

from django.core import signing
from django.db.models import CharField, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from exchange.models import Listing
from volunteers import mailbox
from volunteers.models import Notice
from volunteers.models.notices import NoticeKind

SALT = "exchange.still_true"


def still_true(listing: Listing, *, nth: int) -> None:
    """Ask the author whether it is still true: one button, no sign-in."""
    mailbox.post(
        listing.author,
        key=still_true_key(listing, nth),
        kind=NoticeKind.LISTING,
        template=f"exchange/mail/listing_still_true_{nth}.txt",
        link=still_true_path(listing),
        listing=listing,
    )


def paused(listing: Listing) -> None:
    """Tell the author that their silence has paused it, and how to open it again."""
    mailbox.post(
        listing.author,
        key=f"listing-paused:{listing.pk}:{_round(listing)}",
        kind=NoticeKind.LISTING,
        template="exchange/mail/listing_paused.txt",
        link=still_true_path(listing),
        listing=listing,
    )


def expired(listing: Listing) -> None:
    """Tell the author that its last day has passed, and where to renew it."""
    mailbox.post(
        listing.author,
        key=f"listing-expired:{listing.pk}:{listing.last_day:%Y%m%d}",
        kind=NoticeKind.LISTING,
        template="exchange/mail/listing_expired.txt",
        link=reverse("exchange:renew", args=[listing.pk]),
        listing=listing,
    )


def still_true_key(listing: Listing, nth: int) -> str:
    """Name a reminder: once for each time that somebody had said it is true."""
    return f"listing-still-true:{nth}:{listing.pk}:{_round(listing)}"


def still_true_path(listing: Listing) -> str:
    """Give the address where one button says that it is still true."""
    return reverse("exchange:still_true", args=[signing.dumps(listing.pk, salt=SALT)])


def still_true_listing(token: str) -> int:
    """Read which listing a mail was about; raises signing.BadSignature for any other text."""
    pk: int = signing.loads(token, salt=SALT)
    return pk


def with_letters(listings: QuerySet[Listing]) -> QuerySet[Listing]:
    """Add `first_letter` and `second_letter`: when they were written since the last yes."""
    confirmed = Func(
        "confirmed_at",
        function="to_char",
        template="%(function)s(%(expressions)s AT TIME ZONE 'UTC', 'YYYYMMDD\"T\"HH24MISS')",
        output_field=CharField(),
    )
    for nth, name in ((1, "first"), (2, "second")):
        start = Value(f"listing-still-true:{nth}:")
        key = Concat(start, Cast("pk", CharField()), Value(":"), confirmed)
        letter = Notice.objects.filter(key=OuterRef(f"{name}_key")).values("created_at")
        listings = listings.alias(**{f"{name}_key": key})
        listings = listings.annotate(**{f"{name}_letter": Subquery(letter)})
    return listings


def _round(listing: Listing) -> str:
    return f"{listing.confirmed_at:%Y%m%dT%H%M%S}"
