"""Afterwards: whether it happened, thanks, and closing."""

from datetime import datetime

from django.db import transaction

from capx.states import IllegalMove
from exchange.actions import commitments, seats
from exchange.actions.exchanges import ConversationOver, hold, note, talks
from exchange.models import Event, Exchange, FollowUp
from exchange.models.money import Side
from exchange.notices import follow_ups as notices
from volunteers.actions import origins
from volunteers.models import Commitment, Person, Thanks
from volunteers.models.bandwidth import today

State = Exchange.State
Verb = Event.Verb


class TooEarly(Exception):
    """It has not begun yet."""


@transaction.atomic
def tell(exchange: Exchange, by: Person, follow_up: FollowUp, *, at: datetime) -> None:
    """Say whether it happened, and how; an answer can be changed until both have said the same.

    How it went is left out where the two do not talk any more.
    Raises TooEarly, IllegalMove when it is settled.
    """
    exchange = hold(exchange)
    if exchange.state != State.AGREED:
        raise IllegalMove
    if exchange.starts_day is None or exchange.starts_day > today(by, at):
        raise TooEarly
    side = exchange.side_of(by)
    _keep(exchange, by, follow_up, at)
    said = {f"{side}_happened": follow_up.happened, "happened_at": exchange.happened_at or at}
    Exchange.objects.filter(pk=exchange.pk).update(**said)
    for name, value in said.items():
        setattr(exchange, name, value)
    note(exchange, Verb.HAPPENED if follow_up.happened else Verb.DID_NOT, by, at=at)
    _settle(exchange, by, follow_up, at)


@transaction.atomic
def settle_alone(exchange: Exchange, *, at: datetime) -> None:
    """Take one side's word where the other has stayed silent; raises IllegalMove if not so."""
    exchange = hold(exchange)
    answers = {exchange.provider_happened, exchange.receiver_happened}
    if exchange.state != State.AGREED or answers not in ({True, None}, {False, None}):
        raise IllegalMove
    finish(exchange, happened=True in answers, at=at, unconfirmed=True)


@transaction.atomic
def let_lapse(exchange: Exchange, *, at: datetime) -> None:
    """End what nobody has followed up, or on which both never said the same."""
    exchange = hold(exchange)
    if exchange.state != State.AGREED:
        raise IllegalMove
    commitments.end(exchange, Commitment.State.DROPPED)
    had_a_place = exchange.place is not None
    exchange.move(State.EXPIRED, ended_at=at, place=None)
    note(exchange, Verb.EXPIRED, None, at=at)
    if had_a_place:
        seats.note_freed(exchange.listing, at=at)
    notices.lapsed(exchange)


@transaction.atomic
def thank(exchange: Exchange, by: Person, words: str, *, at: datetime, shows: bool) -> Thanks:
    """Write the one thank-you of this side; it is never too late for it.

    Raises IllegalMove when it is not time or was done, ConversationOver.
    """
    exchange = _thankable(exchange, by)
    if not Exchange.objects.within_reach().filter(pk=exchange.pk).exists():
        raise ConversationOver
    thanks = Thanks.objects.create(
        giver=by,
        receiver=exchange.other(by),
        key=f"exchange:{exchange.pk}",
        about=exchange.listing.title,
        words=words,
        giver_shows=shows,
        created_at=at,
    )
    note(exchange, Verb.THANKED, by, at=at)
    notices.thanked(exchange, thanks)
    _close_side(exchange, by, at)
    return thanks


@transaction.atomic
def say_nothing_more(exchange: Exchange, by: Person, *, at: datetime) -> None:
    """Put the question of thanks away, without a thank-you; raises IllegalMove when thanked."""
    _close_side(_thankable(exchange, by), by, at)


@transaction.atomic
def close(exchange: Exchange, *, at: datetime) -> None:
    """Close what is done, whether or not both have said thanks."""
    exchange = hold(exchange)
    exchange.move(State.CLOSED, ended_at=at)
    note(exchange, Verb.CLOSED, None, at=at)


def finish(
    exchange: Exchange, *, happened: bool, at: datetime, unconfirmed: bool = False
) -> None:
    """Move a locked exchange to done or not done, and tell both."""
    state = Commitment.State.DONE if happened else Commitment.State.DROPPED
    commitments.end(exchange, state)
    if happened:
        exchange.move(State.DONE, done_at=at, unconfirmed=unconfirmed)
        origins.follow(exchange.listing_id, exchange.pk, at=at)
    else:
        had_a_place = exchange.place is not None
        exchange.move(State.NOT_DONE, ended_at=at, place=None)
        if had_a_place:
            seats.note_freed(exchange.listing, at=at)
    note(exchange, Verb.DONE if happened else Verb.NOT_DONE, None, at=at)
    if happened:
        notices.done(exchange)
    else:
        notices.not_done(exchange)


def _settle(exchange: Exchange, by: Person, follow_up: FollowUp, at: datetime) -> None:
    """Move on when both have said the same; else tell the other side what was said."""
    answers = {exchange.provider_happened, exchange.receiver_happened}
    if None in answers:
        notices.said_whether(exchange, by, happened=follow_up.happened)
    elif len(answers) == 1:
        finish(exchange, happened=follow_up.happened, at=at)
    else:
        notices.said_differently(exchange, by)


def _keep(exchange: Exchange, by: Person, follow_up: FollowUp, at: datetime) -> None:
    if not talks(exchange, at):
        follow_up.worked = follow_up.did_not = ""
    FollowUp.objects.update_or_create(
        exchange=exchange,
        person=by,
        defaults={
            "happened": follow_up.happened,
            "worked": follow_up.worked,
            "did_not": follow_up.did_not,
            "paid": follow_up.paid,
            "currency": follow_up.currency,
            "created_at": at,
        },
    )


def _thankable(exchange: Exchange, by: Person) -> Exchange:
    exchange = hold(exchange)
    if not Exchange.objects.thankable_by(by).filter(pk=exchange.pk).exists():
        raise IllegalMove
    return exchange


def _close_side(exchange: Exchange, by: Person, at: datetime) -> None:
    """Note that one side has said all; close the exchange when both have."""
    field = f"{exchange.side_of(by)}_closed_at"
    if getattr(exchange, field):
        return
    Exchange.objects.filter(pk=exchange.pk).update(**{field: at})
    setattr(exchange, field, at)
    both = all(getattr(exchange, f"{side}_closed_at") for side in Side.values)
    if both and exchange.state == State.DONE:
        exchange.move(State.CLOSED, ended_at=at)
        note(exchange, Verb.CLOSED, None, at=at)
