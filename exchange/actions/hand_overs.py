"""Passing on what one cannot keep: through the gate, and nothing lost until it is taken."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from capx.states import IllegalMove
from capx.terms import Changed
from exchange.actions import agreements, commitments, exchanges
from exchange.models import Agreement, AgreementLine, Event, Exchange, HandOver
from exchange.models.hand_overs import ON_ITS_WAY, unblocked
from exchange.notices import hand_overs as notices
from volunteers import gate
from volunteers.models import Commitment, Membership, Person
from volunteers.models.bandwidth import today

State = HandOver.State
Thing = Exchange | Commitment
BY_HAND = [Commitment.Source.BY_HAND, Commitment.Source.IMPORT]
SUM = ("side", "amount", "currency", "what_for", "payer")


@dataclass(frozen=True, slots=True)
class Said:
    """Words to who is asked, and why it should be them where they have little room."""

    words: str
    why: str = ""


class OnItsWay(Exception):
    """Somebody has been asked to take it already."""


@transaction.atomic
def offer(thing: Thing, giver: Person, taker: Person, said: Said, *, at: datetime) -> HandOver:
    """Ask somebody to take on what one cannot keep: through the gate, like any other ask.

    Raises OnItsWay, IllegalMove (it is over, or not theirs), exchanges.TooMany,
    gate.NotTakingRequests, gate.Tight.
    """
    thing = _hold(thing, [giver, taker], at)
    helper = thing.provider_id if isinstance(thing, Exchange) else thing.person_id
    if helper != giver.pk:
        raise IllegalMove
    if thing.hand_overs.on_its_way().exists():
        raise OnItsWay
    if giver.asks_made.since(at - exchanges.A_DAY).count() >= exchanges.ASKS_A_DAY:
        raise exchanges.TooMany
    wish = replace(wish_of(thing, today(taker, at)), apart=not may_meet(thing, taker))
    ask = gate.admit(taker, asker=giver, now=at, wish=wish, why=said.why)
    hand_over = HandOver(giver=giver, taker=taker, ask=ask, words=said.words, offered_at=at)
    if isinstance(thing, Exchange):
        hand_over.exchange = thing
    else:
        hand_over.commitment = thing
    hand_over.save(force_insert=True)
    notices.offered(hand_over)
    return hand_over


@transaction.atomic
def take(
    hand_over: HandOver, *, at: datetime, knowingly: bool = False, read: str = ""
) -> HandOver:
    """Say yes. A commitment moves at once; in an exchange who is helped has to agree first.

    `read` is the mark of what this person has read. Raises Changed when it is
    something else by now, agreements.Overfull, IllegalMove, gate.NotTakingRequests (who is
    helped cannot be asked now; the offer stays).
    """
    hand_over = _held(hand_over, at)
    thing = thing_of(hand_over)
    if read and read != mark_of(thing):
        raise Changed
    wish = wish_of(thing, today(hand_over.taker, at))
    weeks = [] if knowingly else gate.overfull(hand_over.taker, now=at, wish=wish)
    if weeks:
        raise agreements.Overfull(weeks)
    gate.settle(hand_over.ask, at=at)
    if isinstance(thing, Exchange):
        successor = _propose(thing, hand_over.taker, at, knowingly=knowingly)
        hand_over.move(State.WAITING, successor=successor, answered_at=at)
        notices.waiting(hand_over)
    else:
        hand_over.move(State.TAKEN, answered_at=at, ended_at=at)
        _move(thing, hand_over, at)
        notices.taken(hand_over)
    return hand_over


@transaction.atomic
def decline(hand_over: HandOver, *, at: datetime) -> None:
    """Say no; raises IllegalMove when it is no longer offered."""
    hand_over = _held(hand_over, at, ended=True)
    hand_over.move(State.DECLINED, answered_at=at, ended_at=at)
    gate.settle(hand_over.ask, at=at, declined=True)
    notices.declined(hand_over)


@transaction.atomic
def withdraw(hand_over: HandOver, *, at: datetime) -> None:
    """Take the question back, from who is helped too; raises IllegalMove when it is decided."""
    hand_over = _held(hand_over, at, ON_ITS_WAY, ended=True)
    successor = hand_over.successor
    hand_over.move(State.WITHDRAWN, ended_at=at)
    gate.settle(hand_over.ask, at=at)
    notices.withdrawn(hand_over)
    if successor:
        exchanges.over(exchanges.hold(successor), Exchange.State.EXPIRED, None, at=at)
        if hand_over.goes_on:
            notices.stays_yours(hand_over)


@transaction.atomic
def expire(hand_over: HandOver, *, at: datetime) -> None:
    """Let a question go that nobody has answered; raises IllegalMove when somebody has."""
    hand_over = _held(hand_over, at, ended=True)
    hand_over.move(State.EXPIRED, ended_at=at)
    gate.settle(hand_over.ask, at=at)
    notices.expired(hand_over)


@transaction.atomic
def let_go(hand_over: HandOver, *, at: datetime) -> None:
    """End a question about what is over; raises IllegalMove when it is decided."""
    hand_over = _held(hand_over, at, ended=True)
    hand_over.move(State.GONE, ended_at=at)
    gate.settle(hand_over.ask, at=at)


@transaction.atomic
def stay(hand_over: HandOver, *, at: datetime) -> None:
    """End what who is helped has not answered, or need not any more; raises IllegalMove."""
    if hand_over.successor is None:
        raise IllegalMove
    successor = exchanges.hold(hand_over.successor)
    if successor.state != Exchange.State.ASKED:
        raise IllegalMove
    exchanges.over(successor, Exchange.State.EXPIRED, None, at=at)
    if HandOver.objects.in_full().get(pk=hand_over.pk).state == State.KEPT:
        notices.stays(hand_over)


def thing_of(hand_over: HandOver) -> Thing:
    """Give what is handed over."""
    thing = hand_over.exchange or hand_over.commitment
    if thing is None:
        raise IllegalMove
    return thing


def mark_of(thing: Thing) -> str:
    """Give a mark that differs when what one would take on does."""
    if isinstance(thing, Exchange):
        return f"version {thing.agreed_version}"
    return f"{thing.period.lower}/{thing.period.upper}/{thing.weekly_hours.normalize():f}"


def key_of(hand_over: HandOver) -> str:
    """Name the commitment that somebody has who took it on."""
    return f"hand-over:{hand_over.pk}"


def may_meet(thing: Thing, taker: Person) -> bool:
    """Tell whether the taker and who is helped wish to meet."""
    if not isinstance(thing, Exchange):
        return True
    if taker.pk == thing.receiver_id:
        return False
    return unblocked(Person.objects.filter(pk=taker.pk), thing.receiver).exists()


def wish_of(thing: Thing, day: date) -> gate.Wish:
    """Say what it would take from today on."""
    if isinstance(thing, Exchange):
        agreement = in_force(thing)
        return commitments.wish_of(agreement)
    last = thing.period.upper - exchanges.A_DAY if thing.period.upper else None
    return gate.Wish(max(thing.period.lower, day), last, thing.weekly_hours)


def in_force(exchange: Exchange) -> Agreement:
    """Give the terms that both have confirmed."""
    return exchange.agreements.get(version=exchange.agreed_version or 0)


def _hold(thing: Thing, people: list[Person], at: datetime) -> Thing:
    """Lock a thing and its people in the one order; raises IllegalMove when it is over."""
    held: Thing
    if isinstance(thing, Exchange):
        held = exchanges.hold(thing)
        _lock(people)
        seat = commitments.is_seat(held)
        if held.state != Exchange.State.AGREED or seat or held.happened_at:
            raise IllegalMove
        return held
    _lock(people)
    live = Commitment.objects.live().filter(source__in=BY_HAND)
    found = live.select_for_update().filter(pk=thing.pk).first()
    day = max(today(one, at) for one in people)  # over for one of them is over
    if found is None or (found.period.upper and found.period.upper <= day):
        raise IllegalMove
    return found


def _lock(people: list[Person]) -> None:
    """Lock people in the order of their keys, so that no two wait for each other."""
    keys = [one.pk for one in people]
    rows = Person.objects.filter(pk__in=keys).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def _held(
    hand_over: HandOver,
    at: datetime,
    states: Collection[str] = (State.OFFERED,),
    *,
    ended: bool = False,
) -> HandOver:
    """Lock what is handed over, then the hand-over in one of these states, or IllegalMove.

    Whether the thing itself is over does not matter where the hand-over ends.
    """
    thing = thing_of(hand_over)
    people = [hand_over.giver, hand_over.taker]
    if isinstance(thing, Exchange):
        people.append(thing.receiver)
    try:
        _hold(thing, people, at)
    except IllegalMove:
        if not ended:
            raise
    rows = HandOver.objects.in_full().select_for_update(of=("self",), no_key=True)
    found = rows.get(pk=hand_over.pk)
    if found.state not in states:
        raise IllegalMove
    return found


def _propose(former: Exchange, taker: Person, at: datetime, *, knowingly: bool) -> Exchange:
    """Put the same terms on the table, with another who helps and has confirmed them."""
    former = exchanges.hold(former)
    terms = in_force(former)
    wish = gate.Wish(terms.first_day, terms.last_day, invited=True)
    ask = gate.admit(former.receiver, asker=taker, now=at, wish=wish)
    gate.settle(ask, at=at)
    successor = Exchange.objects.create(
        listing=former.listing,
        provider=taker,
        receiver=former.receiver,
        counterpart=taker,
        ask=ask,
        asked_at=at,
        answered_at=at,
        version=1,
        provider_version=1,
        knowingly_full=knowingly,
    )
    _copy(terms, successor, taker, at)
    commitments.pencil_in(successor, terms)
    exchanges.note(successor, Event.Verb.PROPOSED, taker, at=at, version=1)
    return successor


def _copy(terms: Agreement, successor: Exchange, taker: Person, at: datetime) -> None:
    """Write the terms once more, sums and all."""
    lines = list(terms.lines.order_by("pk"))
    same = ("what", "hours", "first_day", "last_day", "where", "outcome")
    copied = Agreement.objects.create(
        exchange=successor,
        version=1,
        proposed_by=taker,
        proposed_at=at,
        **{name: getattr(terms, name) for name in same},
    )
    AgreementLine.objects.bulk_create(
        AgreementLine(agreement=copied, **{name: getattr(line, name) for name in SUM})
        for line in lines
    )


def _move(commitment: Commitment, hand_over: HandOver, at: datetime) -> None:
    """Give a commitment to the taker from today on; what was done so far stays the giver's."""
    day = today(hand_over.taker, at)
    first, end = commitment.period.lower, commitment.period.upper
    mine = Commitment.objects.filter(pk=commitment.pk)
    mine.update(let_go_at=at)  # no file and no second thought gives it back to the giver
    if first < day:
        mine.update(period=DateRange(first, day), state=Commitment.State.DONE)
    else:
        mine.update(state=Commitment.State.DROPPED)
    theirs = Membership.objects.confirmed().filter(person=hand_over.taker)
    stays = theirs.filter(affiliate=commitment.affiliate_id).exists()
    Commitment.objects.create(
        person=hand_over.taker,
        what=commitment.what,
        affiliate_id=commitment.affiliate_id if stays else None,
        source=Commitment.Source.BY_HAND,
        key=key_of(hand_over),
        skill_id=commitment.skill_id,
        period=DateRange(max(first, day), end),
        weekly_hours=commitment.weekly_hours,
    )
