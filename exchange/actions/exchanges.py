"""Asking, answering, talking, letting go."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from capx.states import IllegalMove
from exchange.actions import commitments, handing_on, inviting, seats
from exchange.models import Event, Exchange, Invitation, Listing, Message, OpenCall
from exchange.notices import exchanges as notices
from volunteers import gate
from volunteers.load import weekly
from volunteers.models import Affiliate, Person
from volunteers.models.bandwidth import today

State = Exchange.State
Verb = Event.Verb
A_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)
ASKS_A_DAY = 20
MESSAGES_AN_HOUR = 60
DOUBLE_CLICK = timedelta(minutes=1)
LOOK_AHEAD = 4  # weeks over which hours without days are spread


class NotOpen(Exception):
    """The listing cannot be answered now."""


class AskedAlready(Exception):
    """These two already talk about this listing; `exchange` says where."""

    def __init__(self, exchange: Exchange) -> None:
        """Remember where they talk."""
        super().__init__(str(exchange))
        self.exchange = exchange


class TooMany(Exception):
    """More asks or messages than anybody can mean in so short a time."""


class ConversationOver(Exception):
    """Nothing more can be written here."""


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody says when they answer a listing."""

    message: str
    why: str = ""
    first_day: date | None = None
    last_day: date | None = None
    hours: Decimal | None = None
    affiliate: Affiliate | None = None


NOTHING_NAMED = Words("")


def wish_of(listing: Listing, words: Words, *, at: datetime) -> gate.Wish:
    """Say what an answer to this listing would take of its author."""
    if listing.invites:
        return gate.Wish(words.first_day, words.last_day, invited=True)
    return taking(listing, words, at=at)


def taking(listing: Listing, words: Words = NOTHING_NAMED, *, at: datetime) -> gate.Wish:
    """Say what it would take of anybody who helped with what a listing is about."""
    first, last = _days(listing, words, at)
    hours = words.hours or listing.hours or Decimal(0)
    if hours and first and last:
        return gate.Wish(first, last, weekly(hours, first, last))
    return gate.Wish(first, last, hours / LOOK_AHEAD)


def _days(listing: Listing, words: Words, at: datetime) -> tuple[date | None, date | None]:
    """Give the days to come on which it would take them."""
    day = today(listing.author, at)
    return commitments.days_to_come(listing, words.first_day, words.last_day, day)


@transaction.atomic
def ask(listing: Listing, counterpart: Person, words: Words, *, at: datetime) -> Exchange:
    """Answer a listing: ask about an offer, or offer help with a request.

    Raises NotOpen, AskedAlready, TooMany, gate.NotTakingRequests, gate.Tight.
    """
    listing = seats.hold(listing.pk)
    may_answer(listing, counterpart, at=at)
    wish = wish_of(listing, words, at=at)
    first, last = _days(listing, words, at)
    passed = gate.admit(listing.author, asker=counterpart, now=at, wish=wish, why=words.why)
    helped, helping = counterpart, listing.author
    if not listing.is_offer:
        helped, helping = helping, helped
    exchange = Exchange.objects.create(
        listing=listing,
        provider=helping,
        receiver=helped,
        counterpart=counterpart,
        counterpart_affiliate=words.affiliate,
        ask=passed,
        asked_at=at,
        wished_first_day=first if words.first_day or words.last_day else None,
        wished_last_day=last if words.last_day else None,
        wished_hours=words.hours,
    )
    Message.objects.create(
        exchange=exchange, author=counterpart, body=words.message, created_at=at
    )
    commitments.pencil_in(exchange)
    note(exchange, Verb.ASKED, counterpart, at=at)
    take_call(listing, at=at)
    notices.asked(exchange, words.message)
    return exchange


def take_call(listing: Listing, *, at: datetime) -> None:
    """End an open call about a listing that somebody answers; with the listing's row locked."""
    open_ones = OpenCall.objects.open().filter(listing=listing)
    # Locked: it may lapse or be stopped at this moment, and that stops nobody's ask.
    if call := open_ones.select_for_update(no_key=True).first():
        call.move(OpenCall.State.TAKEN, ended_at=at)


def may_answer(listing: Listing, counterpart: Person, *, at: datetime) -> None:
    """Check what does not depend on the author's room; with the listing's row locked.

    Both people are locked, in the order of their keys: asks sent at once, to different people,
    are counted one after the other, and two who ask each other do not wait in a ring.
    Raises NotOpen, AskedAlready, TooMany.
    """
    both = Person.objects.filter(pk__in=[listing.author_id, counterpart.pk]).order_by("pk")
    list(both.select_for_update(no_key=True).values_list("pk", flat=True))
    live = Exchange.objects.in_the_way().filter(listing=listing, counterpart=counterpart)
    if existing := live.first():
        raise AskedAlready(existing)
    if listing.state == Listing.State.TAKEN:
        raise seats.NoSeat
    if listing.state != Listing.State.OPEN or listing.hidden_at:
        raise NotOpen
    if counterpart.asks_made.filter(asked_at__gte=at - A_DAY).count() >= ASKS_A_DAY:
        raise TooMany


@transaction.atomic
def say(exchange: Exchange, author: Person, body: str, *, at: datetime) -> Message:
    """Write to the other side; a second press of the button writes nothing twice.

    Raises ConversationOver, TooMany.
    """
    exchange = hold(exchange)
    if not talks(exchange, at):
        raise ConversationOver
    mine = Message.objects.filter(exchange=exchange, author=author)
    if twin := mine.filter(body=body, created_at__gte=at - DOUBLE_CLICK).first():
        return twin
    if mine.filter(created_at__gte=at - AN_HOUR).count() >= MESSAGES_AN_HOUR:
        raise TooMany
    message = Message.objects.create(exchange=exchange, author=author, body=body, created_at=at)
    if author.pk != exchange.counterpart_id:
        answered(exchange, author, at=at)
    notices.said(exchange, message)
    return message


@transaction.atomic
def decline(exchange: Exchange, by: Person, words: str, *, at: datetime) -> None:
    """Say no to an ask, with a kind word; raises IllegalMove when it is no longer asked."""
    exchange = hold(exchange)
    if by.pk == exchange.counterpart_id or exchange.state != State.ASKED:
        raise IllegalMove
    gate.settle(exchange.ask, at=at, declined=True)
    words = _write(exchange, by, words, at)
    over(exchange, State.DECLINED, by, at=at)
    notices.declined(exchange, words)


@transaction.atomic
def withdraw(exchange: Exchange, by: Person, words: str, *, at: datetime) -> None:
    """Let go of an ask, or of what was agreed, with a kind word.

    Raises IllegalMove when it cannot be let go of: it is over, or this person was asked (they
    decline).
    """
    exchange = hold(exchange)
    mine = exchange.state == State.ASKED and by.pk == exchange.counterpart_id
    if not mine and exchange.state != State.AGREED:
        raise IllegalMove
    was_agreed = exchange.state == State.AGREED
    words = _write(exchange, by, words, at)
    over(exchange, State.WITHDRAWN, by, at=at)
    notices.withdrawn(exchange, by, words, was_agreed=was_agreed)


@transaction.atomic
def expire(exchange: Exchange, *, at: datetime) -> None:
    """Let an ask go that nobody has answered; raises IllegalMove when somebody has."""
    exchange = hold(exchange)
    if exchange.state != State.ASKED or exchange.answered_at:
        raise IllegalMove
    over(exchange, State.EXPIRED, None, at=at)
    notices.expired(exchange)


@transaction.atomic
def let_go_of(listing: Listing, *, at: datetime) -> None:
    """End the asks about a listing that was withdrawn; what is agreed goes on."""
    listing = seats.hold(listing.pk)
    inviting.lapse(Invitation.objects.filter(listing=listing), at=at)
    asked = Exchange.objects.filter(listing=listing, state=State.ASKED)
    for exchange in asked.order_by("pk"):
        gone = hold(exchange)
        if gone.state == State.ASKED:
            over(gone, State.EXPIRED, None, at=at)
            notices.listing_gone(gone)


def hold(exchange: Exchange) -> Exchange:
    """Lock the listing, then the exchange, and read it as it is now; call in a transaction.

    Everybody locks in this order (listing, exchange, person), so that nobody waits in a ring.
    """
    seats.hold(exchange.listing_id)
    rows = Exchange.objects.select_related(
        *("listing__affiliate", "listing__author", "provider", "receiver", "counterpart"),
        *("ask", "hand_over"),
    )
    return rows.select_for_update(of=("self",), no_key=True).get(pk=exchange.pk)


def note(
    exchange: Exchange, verb: str, person: Person | None, *, at: datetime, version: int = 0
) -> None:
    """Write down that something happened."""
    Event.objects.create(
        exchange=exchange, verb=verb, person=person, at=at, version=version or None
    )


def answered(exchange: Exchange, by: Person, *, at: datetime) -> None:
    """Note the first word of the person who was asked: they have room for another ask.

    What is said after the end is no answer any more.
    """
    if exchange.answered_at or exchange.state != State.ASKED:
        return
    moment = Coalesce(F("answered_at"), Value(at))
    Exchange.objects.filter(pk=exchange.pk).update(answered_at=moment)
    exchange.answered_at = at
    gate.settle(exchange.ask, at=at)
    note(exchange, Verb.ANSWERED, by, at=at)


def over(exchange: Exchange, state: str, by: Person | None, *, at: datetime) -> None:
    """End an exchange that was not done: free its place, its ask, and the helper's weeks.

    What was done of it before this day stays in them.
    """
    gate.settle(exchange.ask, at=at)
    if exchange.state == State.AGREED:
        commitments.let_go(exchange, today(exchange.provider, at))
    else:
        commitments.rub_out(exchange)
    had_a_place = exchange.place is not None
    exchange.move(state, ended_at=at, ended_by=by, place=None)
    note(exchange, state, by, at=at)
    handing_on.kept(exchange, at=at)
    if had_a_place:
        seats.note_freed(exchange.listing, at=at)


def talks(exchange: Exchange, at: datetime) -> bool:
    """Tell whether words of one side still reach the other."""
    return Exchange.objects.talking(at).filter(pk=exchange.pk).exists()


def _write(exchange: Exchange, author: Person, body: str, at: datetime) -> str:
    """Keep a kind word as a message, where both look for it; give what reaches the other."""
    if not body or not talks(exchange, at):
        return ""
    Message.objects.create(exchange=exchange, author=author, body=body, created_at=at)
    return body
