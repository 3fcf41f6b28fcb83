"""What both sides agree on: proposed, changed, confirmed, kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from capx.states import IllegalMove
from capx.terms import Changed
from exchange.actions import commitments, handing_on, inviting, seats
from exchange.actions.exchanges import (
    AN_HOUR,
    ConversationOver,
    TooMany,
    Words,
    answered,
    hold,
    may_answer,
    note,
    over,
    talks,
)
from exchange.models import (
    Agreement,
    AgreementLine,
    Event,
    Exchange,
    Invitation,
    Listing,
    Message,
)
from exchange.models.money import Side
from exchange.notices import agreements as notices
from exchange.notices import exchanges as told
from volunteers import gate
from volunteers.models import Person

State = Exchange.State
Verb = Event.Verb
VERSIONS_AN_HOUR = 10


class Overfull(Exception):
    """It makes the helper's weeks fuller than they said; `weeks` are Mondays and ratios."""

    def __init__(self, weeks: list[tuple[date, Decimal]]) -> None:
        """Remember which weeks."""
        super().__init__(weeks)
        self.weeks = weeks


@dataclass(frozen=True, slots=True)
class Draft:
    """Terms somebody proposes: unsaved rows, and the version that they have read."""

    agreement: Agreement
    lines: Sequence[AgreementLine]
    read: int
    knowingly: bool = False


@transaction.atomic
def propose(exchange: Exchange, by: Person, draft: Draft, *, at: datetime) -> Agreement:
    """Put new terms on the table: who writes them has confirmed, the other side is asked.

    Raises Changed, Overfull, TooMany, IllegalMove, ConversationOver.
    """
    exchange = _negotiable(exchange, draft.read, at)
    side = exchange.side_of(by)
    lately = exchange.agreements.filter(proposed_by=by, proposed_at__gt=at - AN_HOUR)
    if lately.count() >= VERSIONS_AN_HOUR:
        raise TooMany
    if side == Side.PROVIDER and not draft.knowingly:
        _weigh(exchange, draft.agreement, at)
    agreement = _write(exchange, by, draft, at)
    Exchange.objects.filter(pk=exchange.pk).update(
        version=agreement.version,
        knowingly_full=side == Side.PROVIDER and draft.knowingly,
        **{f"{side}_version": agreement.version},
    )
    if exchange.state == State.ASKED:
        commitments.pencil_in(exchange, agreement)
    if by.pk != exchange.counterpart_id:
        answered(exchange, by, at=at)
    note(exchange, Verb.PROPOSED, by, at=at, version=agreement.version)
    notices.proposed(exchange, agreement)
    return agreement


@transaction.atomic
def confirm(
    exchange: Exchange, by: Person, version: int, *, at: datetime, knowingly: bool = False
) -> bool:
    """Say yes to the terms on the table; give whether both have now agreed.

    Raises Changed, Overfull (only to who helps), NoSeat, IllegalMove, ConversationOver.
    """
    exchange = _negotiable(exchange, version, at)
    side = exchange.side_of(by)
    agreement = exchange.agreements.get(version=version)
    if side == Side.PROVIDER and not knowingly:
        _weigh(exchange, agreement, at)
    _set(exchange, **{f"{side}_version": version})
    if side == Side.PROVIDER:
        _set(exchange, knowingly_full=knowingly)
    if by.pk != exchange.counterpart_id:
        answered(exchange, by, at=at)
    note(exchange, Verb.CONFIRMED, by, at=at, version=version)
    if exchange.provider_version != exchange.receiver_version:
        return False
    if side == Side.RECEIVER and not _still_fits(exchange, agreement, at):
        return False
    _agree(exchange, agreement, at)
    return True


@transaction.atomic
def keep(exchange: Exchange, by: Person, version: int, *, at: datetime) -> None:
    """Take a change off the table: what both had agreed on stays as it was.

    Raises Changed, IllegalMove, ConversationOver.
    """
    exchange = _negotiable(exchange, version, at)
    agreed = exchange.agreed_version
    if exchange.state != State.AGREED or agreed == exchange.version:
        raise IllegalMove
    _set(exchange, version=agreed, provider_version=agreed, receiver_version=agreed)
    note(exchange, Verb.KEPT, by, at=at, version=agreed or 0)
    notices.kept(exchange, by, version)


@transaction.atomic
def take_seat(listing: Listing, person: Person, words: Words, *, at: datetime) -> Exchange:
    """Give a seat of a training: its terms stand in the listing, and who teaches has agreed.

    Raises NotOpen, AskedAlready, TooMany, NoSeat, gate.NotTakingRequests.
    """
    listing = seats.hold(listing.pk)
    may_answer(listing, person, at=at)
    exchange = _seat(listing, person, at)
    exchange.place = seats.next_place(listing)
    wish = gate.Wish(listing.first_day, listing.last_day, invited=True)
    exchange.ask = gate.admit(listing.author, asker=person, now=at, wish=wish)
    gate.settle(exchange.ask, at=at)
    exchange.counterpart_affiliate = words.affiliate
    exchange.save(force_insert=True)
    _write_terms_of(exchange, listing, at)
    if words.message:
        Message.objects.create(
            exchange=exchange, author=person, body=words.message, created_at=at
        )
    note(exchange, Verb.SEATED, person, at=at, version=1)
    inviting.joined(listing, person, at=at)
    if seats.note_taken(listing):
        inviting.lapse(Invitation.objects.filter(listing=listing), at=at)
    notices.seat_taken(exchange, words.message)
    return exchange


def _seat(listing: Listing, person: Person, at: datetime) -> Exchange:
    """Make an exchange, not yet saved, in which both have said yes to what a training says."""
    return Exchange(
        listing=listing,
        provider=listing.author,
        receiver=person,
        counterpart=person,
        asked_at=at,
        answered_at=at,
        state=State.AGREED,
        run=listing.run,
        version=1,
        provider_version=1,
        receiver_version=1,
        agreed_version=1,
        agreed_at=at,
        starts_day=listing.first_day,
        ends_day=listing.last_day,
    )


def _negotiable(exchange: Exchange, read: int, at: datetime) -> Exchange:
    """Lock an exchange whose terms can still change, and that is as its reader knows it.

    The terms of a training are for all who come; nobody changes them for one seat.
    """
    exchange = hold(exchange)
    followed_up = exchange.happened_at is not None
    if exchange.state not in Exchange.LIVE or followed_up or commitments.is_seat(exchange):
        raise IllegalMove
    if exchange.version != read:
        raise Changed
    if not talks(exchange, at):
        raise ConversationOver
    return exchange


def _weigh(exchange: Exchange, agreement: Agreement, at: datetime) -> None:
    """Tell who helps, and only them, what it does to their weeks; raises Overfull."""
    terms = commitments.terms_of(exchange, agreement)
    if terms is None:
        return
    weeks = gate.overfull(
        exchange.provider,
        now=at,
        wish=terms.wish(),
        instead_of=commitments.key_of(exchange),
    )
    if weeks:
        raise Overfull(weeks)


def _still_fits(exchange: Exchange, agreement: Agreement, at: datetime) -> bool:
    """Look again at the helper's weeks; if they have filled up since, ask the helper again."""
    if exchange.knowingly_full:
        return True
    try:
        _weigh(exchange, agreement, at)
    except Overfull:
        _set(exchange, provider_version=exchange.agreed_version)
        notices.asked_again(exchange, agreement)
        return False
    return True


def _agree(exchange: Exchange, agreement: Agreement, at: datetime) -> None:
    """Seal the terms that both have confirmed: place, days, the helper's weeks."""
    terms = {
        "agreed_version": agreement.version,
        "agreed_at": at,
        "starts_day": agreement.first_day,
        "ends_day": agreement.last_day,
    }
    if exchange.state == State.AGREED:
        _set(exchange, **terms)
    else:
        if former := handing_on.former_of(exchange):
            handing_on.divide(former, exchange, at=at)
            over(former, State.WITHDRAWN, former.provider, at=at)
        place = seats.next_place(exchange.listing)
        exchange.move(State.AGREED, place=place, **terms)
        if seats.note_taken(exchange.listing) and not exchange.listing.is_offer:
            _tell_the_others(exchange, at)
    handing_on.taken(exchange, at=at)
    commitments.promise(exchange, agreement)
    note(exchange, Verb.AGREED, None, at=at, version=agreement.version)
    notices.agreed(exchange, agreement)


def _tell_the_others(exchange: Exchange, at: datetime) -> None:
    """Thank those who also offered to help, once a request has found who helps."""
    asked = Exchange.objects.filter(listing=exchange.listing, state=State.ASKED)
    for other in asked.order_by("pk"):
        gone = hold(other)
        over(gone, State.EXPIRED, None, at=at)
        told.found_elsewhere(gone)


def _write(exchange: Exchange, by: Person, draft: Draft, at: datetime) -> Agreement:
    """Save new terms under the next number."""
    last = exchange.agreements.aggregate(last=Max("version"))["last"] or 0
    agreement = draft.agreement
    agreement.exchange, agreement.version = exchange, last + 1
    agreement.proposed_by, agreement.proposed_at = by, at
    agreement.save(force_insert=True)
    for line in draft.lines:
        line.agreement = agreement
    AgreementLine.objects.bulk_create(draft.lines)
    return agreement


def _write_terms_of(exchange: Exchange, listing: Listing, at: datetime) -> None:
    """Make the first version of an agreement from what a training's listing says."""
    parts = [listing.title, listing.times]
    agreement = Agreement(
        what="\n".join(part for part in parts if part),
        hours=listing.hours,
        first_day=exchange.starts_day or at.date(),
        last_day=exchange.ends_day or at.date(),
        where=listing.where[:200],
        outcome=listing.takeaway,
    )
    lines = [
        AgreementLine(
            side=line.side,
            amount=line.amount,
            currency=line.currency,
            what_for=line.what_for,
            payer=line.payer,
        )
        for line in listing.budget.order_by("pk")
    ]
    _write(exchange, exchange.provider, Draft(agreement, lines, 0), at)
    commitments.promise(exchange, agreement)


def _set(exchange: Exchange, **fields: object) -> None:
    """Write these columns, here and in the database; the row is ours until the end."""
    Exchange.objects.filter(pk=exchange.pk).update(**fields)
    for name, value in fields.items():
        setattr(exchange, name, value)
