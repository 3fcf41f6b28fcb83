"""What an ask or an agreement puts into the helper's weeks, and takes out of them again."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from exchange.actions import seats
from exchange.models import Agreement, Exchange, HandOver, Listing
from exchange.models.exchanges import speaks_for
from volunteers.gate import Wish
from volunteers.load import Span, most_weekly, weekly
from volunteers.models import Affiliate, Commitment
from volunteers.models.bandwidth import days, today

State = Commitment.State


def is_seat(exchange: Exchange) -> bool:
    """Tell a seat of a training, whose terms are the same for all, from what two agree on."""
    return seats.takes_seats(exchange.listing)


def key_of(exchange: Exchange) -> str:
    """Name the commitment: one for each exchange, but one for all seats of a training's run."""
    if is_seat(exchange):
        return f"listing:{exchange.listing_id}:{exchange.run}"
    return f"exchange:{exchange.pk}"


def for_affiliate(affiliate: Affiliate) -> Q:
    """Keep what people do for an affiliate: to help in its name, and what its files say."""
    rows = Exchange.objects.filter(speaks_for(affiliate, "provider"))
    one = rows.values(key=Concat(Value("exchange:"), Cast("pk", CharField())))
    listing, run = Cast("listing_id", CharField()), Cast("run", CharField())
    seats = rows.values(key=Concat(Value("listing:"), listing, Value(":"), run))
    exchanged = Q(source=Commitment.Source.EXCHANGE) & (Q(key__in=one) | Q(key__in=seats))
    return exchanged | Q(affiliate=affiliate)


def spread(hours: Decimal, first: date, last: date) -> Decimal:
    """Give hours a week, at most what these days can hold."""
    return min(weekly(hours, first, last), most_weekly(first, last))


def promise(exchange: Exchange, agreement: Agreement) -> None:
    """Write the helper's commitment, in place of the one of an earlier agreement."""
    if terms := terms_of(exchange, agreement):
        _write(exchange, terms, state=State.PLANNED)
    else:
        rub_out(exchange)
        end(exchange, State.DROPPED)


@dataclass(frozen=True, slots=True)
class Terms:
    """The hours in all and the days that something would take of who helps."""

    hours: Decimal
    first: date
    last: date

    def wish(self) -> Wish:
        """Give it as the gate reads it."""
        return Wish(self.first, self.last, weekly(self.hours, self.first, self.last))


def days_to_come(
    listing: Listing, first: date | None, last: date | None, day: date
) -> tuple[date | None, date | None]:
    """Give the days that an answer to a listing would take, from a day on, as far as known.

    Days that it names go before the listing's. What has a last day and no first, or began
    before, begins on that day: hours that somebody asks for now are all still to come.
    """
    if not last and listing.last_day and listing.last_day >= max(first or day, day):
        last = listing.last_day
    if not first and listing.first_day and listing.first_day <= (last or date.max):
        first = listing.first_day
    if not (first or last):
        return None, None
    first = max(first or day, day)
    return first, max(last, first) if last else None


def wished_days(exchange: Exchange) -> tuple[date | None, date | None]:
    """Give the days that an ask would take, as they were to come when it was made."""
    asked = today(exchange.listing.author, exchange.asked_at)
    named = exchange.wished_first_day, exchange.wished_last_day
    return days_to_come(exchange.listing, *named, asked)


def terms_of(exchange: Exchange, agreement: Agreement | None = None) -> Terms | None:
    """Say what an agreement, or else an ask, would take; None where it does not say."""
    listing = exchange.listing
    first: date | None
    last: date | None
    if agreement:
        hours, first, last = agreement.hours, agreement.first_day, agreement.last_day
        if hours and (before := handed_on(exchange)):
            hours = max(hours - before.hours_before, Decimal(0))
            first = max(first, before.divided_day or first)
    else:
        hours = exchange.wished_hours or listing.hours
        first, last = wished_days(exchange)
    return Terms(hours, first, last) if hours and first and last and first <= last else None


def wish_of(agreement: Agreement) -> Wish:
    """Say what an agreement asks of who helps."""
    terms = terms_of(agreement.exchange, agreement)
    return terms.wish() if terms else Wish(agreement.first_day, agreement.last_day)


def pencil_in(exchange: Exchange, agreement: Agreement | None = None) -> None:
    """Note in the helper's weeks what is asked for, or on the table, and not agreed yet."""
    if terms := terms_of(exchange, agreement):
        _write(exchange, terms, state=State.TENTATIVE)
    else:
        rub_out(exchange)


def rub_out(exchange: Exchange) -> None:
    """Forget what was only pencilled in: of what was never agreed nothing is kept."""
    Commitment.objects.tentative().filter(
        person=exchange.provider, source=Commitment.Source.EXCHANGE, key=key_of(exchange)
    ).delete()


def handed_on(exchange: Exchange) -> HandOver | None:
    """Give the hand-over by which somebody else had begun this, if it came by one."""
    came_by: HandOver | None = getattr(exchange, "hand_over", None)
    return came_by if came_by and came_by.divided_day else None


def divide(hand_over: HandOver, former: Exchange, day: date) -> None:
    """Leave what was done until this day with who did it, and note it: the rest passes on.

    What had not begun passes on whole, and so does what nobody did while its days lasted.
    """
    earlier = handed_on(former)
    minutes = earlier.minutes_before if earlier else 0
    since = earlier.divided_day if earlier else None
    rows = Commitment.objects.live().filter(person=former.provider, key=key_of(former))
    taken = rows.filter(source=Commitment.Source.EXCHANGE).first()
    if taken and taken.period.lower < day < taken.period.upper:
        done = Span(taken.period.lower, day, taken.weekly_hours).minutes(day)
        minutes, since = minutes + done, day
        period = DateRange(taken.period.lower, day)
        rows.filter(pk=taken.pk).update(period=period, state=State.DONE)
    else:
        end(former, State.DROPPED)
    hand_over.minutes_before, hand_over.divided_day = minutes, since
    hand_over.save(update_fields=["minutes_before", "divided_day"])


def end(exchange: Exchange, state: str) -> None:
    """End the helper's commitment; that of a training lives while anybody has a seat."""
    if is_seat(exchange) and _others_are_seated(exchange):
        return
    taken = Commitment.objects.live().filter(person=exchange.provider, key=key_of(exchange))
    taken.filter(source=Commitment.Source.EXCHANGE).update(state=state)


def let_go(exchange: Exchange, day: date) -> None:
    """End the helper's commitment on a day: what was before it is done, the rest is dropped.

    Who lets go once its days are over says that it did not happen: all of it is dropped.
    That of a training lives while anybody has a seat.
    """
    if is_seat(exchange) and _others_are_seated(exchange):
        return
    taken = Commitment.objects.live().filter(person=exchange.provider, key=key_of(exchange))
    for row in taken.filter(source=Commitment.Source.EXCHANGE):
        if row.period.lower < day < row.period.upper:
            row.period = DateRange(row.period.lower, day)
            row.state = State.DONE
        else:
            row.state = State.DROPPED
        row.save(update_fields=["period", "state"])


def _write(exchange: Exchange, terms: Terms, *, state: str) -> None:
    Commitment.objects.update_or_create(
        person=exchange.provider,
        source=Commitment.Source.EXCHANGE,
        key=key_of(exchange),
        defaults={
            "what": exchange.listing.title,
            "skill": exchange.listing.skills.order_by("pk").first(),
            "period": days(terms.first, terms.last),
            "weekly_hours": spread(terms.hours, terms.first, terms.last),
            "state": state,
        },
    )


def _others_are_seated(exchange: Exchange) -> bool:
    rows = Exchange.objects.filter(listing=exchange.listing_id, run=exchange.run)
    return rows.filter(state=Exchange.State.AGREED).exclude(pk=exchange.pk).exists()
