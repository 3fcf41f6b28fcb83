"""What people hear of open calls."""

from exchange.models import Listing, OpenCall
from volunteers import mailbox
from volunteers.models import Person
from volunteers.models.notices import NoticeKind


def key_of(call: int, person: int) -> str:
    """Name the notice about a call to one person."""
    return f"called:{call}:{person}"


def called(call: OpenCall, listing: Listing, person: Person) -> None:
    """Tell somebody who can do it that help is wanted."""
    mailbox.post(
        person,
        key=key_of(call.pk, person.pk),
        kind=NoticeKind.CALL,
        template="exchange/mail/called.txt",
        link=call.get_absolute_url(),
        call=call,
        listing=listing,
    )


def lapsed(call: OpenCall) -> None:
    """Tell who called that the day has passed, and what else they can do."""
    over = call if call.addressed_to_id else call.listing
    mailbox.post(
        call.listing.author,
        key=f"call-lapsed:{call.pk}",
        kind=NoticeKind.ANSWER,
        template="exchange/mail/call_lapsed.txt",
        link=over.get_absolute_url(),
        call=call,
        listing=call.listing,
    )
