"""Every message about one's own listings: one function, one template each."""

from datetime import timedelta

from django.core import signing
from django.db.models import CharField, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from exchange.models import Listing
from volunteers import mailbox
from volunteers.models import Notice
from volunteers.models.notices import NoticeKind

SALT = "exchange.still_true"
# A mail can be answered for so long.
ANSWERABLE = timedelta(days=60)


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
        key=_paused_key(listing),
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
    token = signing.dumps([listing.pk, _round(listing)], salt=SALT)
    return reverse("exchange:still_true", args=[token])


def still_true_listing(token: str) -> tuple[int, str]:
    """Read which listing a mail was about, and the mark of when it was written.

    Raises signing.SignatureExpired for an old mail, signing.BadSignature for any other text.
    """
    pk, mark = signing.loads(token, salt=SALT, max_age=ANSWERABLE)
    return pk, mark


def still_asks(listing: Listing, mark: str) -> bool:
    """Tell whether a mail with this mark still waits for an answer.

    It does not where somebody has said since that it is true, nor where its author, and not
    silence, has paused the listing.
    """
    if mark != _round(listing):
        return False
    if listing.state == Listing.State.PAUSED:
        return Notice.objects.filter(key=_paused_key(listing)).exists()
    return listing.state == Listing.State.OPEN


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


def _paused_key(listing: Listing) -> str:
    return f"listing-paused:{listing.pk}:{_round(listing)}"


def _round(listing: Listing) -> str:
    return f"{listing.confirmed_at:%Y%m%dT%H%M%S}"
