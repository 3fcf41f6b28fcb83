"""Putting a request to all who can do it and have room, a few each day, until one takes it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from capx.states import IllegalMove
from exchange.actions import exchanges, listings, seats
from exchange.actions.exchanges import Words
from exchange.models import CallLetter, Exchange, Listing, OpenCall
from exchange.notices import calls as notices
from volunteers import gate
from volunteers.models import Affiliate, Notice, NoticePreference, Person, Rest, Skill
from volunteers.models.notices import NoticeKind

State = OpenCall.State
A_DAY = timedelta(days=1)
BEGUN_A_WEEK = 5
HELP = (Listing.Of.SKILL, Listing.Of.SERVICE)


class NotCallable(Exception):
    """Only an open request that says which skills it takes can be put to everybody."""


class AlreadyOpen(Exception):
    """Everybody is being asked about this already."""


class NobodySees(Exception):
    """Who is hidden, or wishes to be left alone, is named in no letter."""


class StandsAlready(Exception):
    """They ask for this already: `listing` can be put to others."""

    def __init__(self, listing: Listing) -> None:
        """Name the request that stands."""
        super().__init__(listing)
        self.listing = listing


class TooMany(Exception):
    """More calls than anybody can mean in a week."""


@transaction.atomic
def begin(
    listing: Listing, reply_by: date, *, at: datetime, addressed_to: Affiliate | None = None
) -> OpenCall:
    """Put a request to all who can do it, or to those of one affiliate's people who can.

    Raises NotCallable, NobodySees, AlreadyOpen, TooMany.
    """
    listing = _hold(listing.pk)
    if OpenCall.objects.open().filter(listing=listing).exists():
        raise AlreadyOpen
    Person.objects.select_for_update(no_key=True).get(pk=listing.author_id)
    begun = OpenCall.objects.filter(listing__author=listing.author_id)
    if begun.filter(begun_at__gt=at - CallLetter.A_WEEK).count() >= BEGUN_A_WEEK:
        raise TooMany
    return OpenCall.objects.create(
        listing=listing,
        addressed_to=addressed_to,
        reply_by=reply_by,
        begun_at=at,
        next_letters_at=at,
    )


def _hold(key: int) -> Listing:
    """Lock a request that others may be asked about; raises NotCallable, NobodySees."""
    listing = seats.hold(key)
    answerable = listing.state == Listing.State.OPEN and not listing.hidden_at
    if listing.is_offer or not answerable or not listing.skills.exists():
        raise NotCallable
    if not is_found(listing):
        raise NobodySees
    return listing


@transaction.atomic
def ask_people_of(
    affiliate: Affiliate,
    written: listings.Written,
    reply_by: date,
    *,
    at: datetime,
    beside: int | None = None,
) -> OpenCall:
    """Publish a request and put it to the people of one affiliate, or do neither.

    Raises StandsAlready unless it is knowingly written `beside` what stands; what `begin`,
    `listings.keep` and `listings.publish` raise; IllegalMove when this very form did it before.
    """
    new = written.listing
    author = Person.objects.select_for_update(no_key=True).get(pk=new.author_id)
    stands = standing(author, written.skills or [], new.affiliate)
    if stands and stands.pk != beside and stands.revision != new.revision:
        raise StandsAlready(stands)
    listing = listings.keep(written, at=at)
    listings.publish(listing, at=at)
    return begin(listing, reply_by, at=at, addressed_to=affiliate)


def standing(
    author: Person, skills: Collection[Skill], affiliate: Affiliate | None
) -> Listing | None:
    """Find the newest open request for help with all of these skills that somebody has."""
    rows = Listing.objects.open().filter(author=author, affiliate=affiliate)
    rows = rows.filter(kind=Listing.Kind.REQUEST, of__in=HELP)
    for skill in skills:
        rows = rows.filter(skills=skill)
    return rows.order_by("-pk").first() if skills else None


@transaction.atomic
def open_to_all(call: OpenCall, reply_by: date) -> None:
    """Put to all what was put to one affiliate's people.

    Its letters go on day by day, so that nobody gets a second one and no day has more than ten.
    Raises NotCallable and NobodySees as `begin` does, and IllegalMove when it is over.
    """
    _hold(call.listing_id)
    live = OpenCall.objects.open().filter(pk=call.pk)
    if not live.update(addressed_to=None, reply_by=reply_by):
        raise IllegalMove


@transaction.atomic
def answer(call: OpenCall, person: Person, words: Words, *, at: datetime) -> Exchange:
    """Take a call: the first does (see `ask`); raises IllegalMove for all who come later.

    Raises also what an ask raises.
    """
    seats.hold(call.listing_id)
    held = OpenCall.objects.select_for_update(no_key=True).get(pk=call.pk)
    if held.state != State.OPEN:
        raise IllegalMove
    return exchanges.ask(held.listing, person, words, at=at)


@transaction.atomic
def stop(call: OpenCall, *, at: datetime) -> None:
    """Ask nobody any more; raises IllegalMove when it is over."""
    call.move(State.STOPPED, ended_at=at)


@transaction.atomic
def lapse(call: OpenCall, *, at: datetime) -> None:
    """End a call that nobody took, and tell the caller; raises IllegalMove when it is over."""
    call.move(State.LAPSED, ended_at=at)
    notices.lapsed(call)


@transaction.atomic
def write(key: int, *, at: datetime) -> None:
    """Write to the next few who can do it and have room; two workers write to nobody twice.

    A call whose request is answered or gone by another way ends without a word. While its
    author is hidden or left alone, nobody is written to.
    """
    due = OpenCall.objects.due(at).filter(pk=key)
    rows = due.select_related("addressed_to")
    call = rows.select_for_update(skip_locked=True, of=("self",), no_key=True).first()
    if call is None:
        return
    listing = Listing.objects.select_related("author").get(pk=call.listing_id)
    if not Listing.objects.filter(pk=listing.pk).open().filter(hidden_at=None).exists():
        call.move(State.STOPPED, ended_at=at)
        return
    people = _next(call, listing, at) if is_found(listing) else []
    CallLetter.objects.bulk_create(
        CallLetter(call=call, person=person, written_at=at) for person in people
    )
    for person in people:
        notices.called(call, listing, person)
    OpenCall.objects.filter(pk=call.pk).update(next_letters_at=at + A_DAY)


def is_found(listing: Listing) -> bool:
    """Tell whether those who are written to could find the request by themselves."""
    shown = Person.objects.shown_to_members().filter(pk=listing.author_id)
    return bool(shown.exclude(pk__in=Rest.objects.alone().values("person")).exists())


def _next(call: OpenCall, listing: Listing, at: datetime) -> list[Person]:
    """Find who has room and has heard of no call too often, nor wishes to hear of none."""
    unwilling = NoticePreference.objects.filter(kind=NoticeKind.CALL)
    without = {
        *CallLetter.objects.heard_before(call).values_list("person", flat=True),
        *CallLetter.objects.written_enough(at),
        *unwilling.values_list("person", flat=True),
        *Exchange.objects.filter(listing=listing).values_list("counterpart", flat=True),
    }
    skills, wish = list(listing.skills.all()), exchanges.taking(listing, at=at)
    if call.addressed_to:
        able = Person.objects.shown_to_members().doing(skills).exclude(pk__in=without)
        people = able.belonging_to(call.addressed_to)
        return gate.with_room_among(people, asker=listing.author, now=at, wish=wish)
    return gate.with_room(skills, asker=listing.author, now=at, wish=wish, without=without)


def forget(letters: QuerySet[CallLetter]) -> None:
    """Forget who was written to, and what they were told."""
    pairs = letters.values_list("call", "person")
    keys = [notices.key_of(call, person) for call, person in pairs]
    Notice.objects.filter(key__in=keys).delete()
    letters.delete()
