"""What an ask or an agreement puts into the helper's weeks, and takes out of them again."""

from datetime import date
from decimal import Decimal

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from exchange.models import Agreement, Exchange, Listing
from volunteers.gate import Wish
from volunteers.load import most_weekly, weekly
from volunteers.models import Affiliate, Commitment
from volunteers.models.bandwidth import days

State = Commitment.State


def is_seat(exchange: Exchange) -> bool:
    """Tell a seat of a training, whose terms are the same for all, from what two agree on."""
    return exchange.listing.of == Listing.Of.TRAINING and exchange.listing.is_offer


def key_of(exchange: Exchange) -> str:
    """Name the commitment: one for each exchange, but one for all seats of a training."""
    seat = is_seat(exchange)
    return f"listing:{exchange.listing_id}" if seat else f"exchange:{exchange.pk}"


def for_affiliate(affiliate: Affiliate) -> Q:
    """Keep the commitments for an affiliate: of exchanges in its name, and of its files."""
    rows = Exchange.objects.concerning(affiliate)
    one = rows.values(key=Concat(Value("exchange:"), Cast("pk", CharField())))
    seats = rows.values(key=Concat(Value("listing:"), Cast("listing_id", CharField())))
    exchanged = Q(source=Commitment.Source.EXCHANGE) & (Q(key__in=one) | Q(key__in=seats))
    return exchanged | Q(affiliate=affiliate)


def wish_of(agreement: Agreement) -> Wish:
    """Say what an agreement asks of who helps."""
    hours = agreement.hours or Decimal(0)
    first, last = agreement.first_day, agreement.last_day
    return Wish(first, last, weekly(hours, first, last) if hours else Decimal(0))


def spread(hours: Decimal, first: date, last: date) -> Decimal:
    """Give hours a week, at most what these days can hold."""
    return min(weekly(hours, first, last), most_weekly(first, last))


def promise(exchange: Exchange, agreement: Agreement) -> None:
    """Write the helper's commitment, in place of the one of an earlier agreement."""
    if not agreement.hours:
        rub_out(exchange)
        end(exchange, State.DROPPED)
        return
    terms = (agreement.hours, agreement.first_day, agreement.last_day)
    _write(exchange, *terms, state=State.PLANNED)


def pencil_in(
    exchange: Exchange, hours: Decimal | None, first: date | None, last: date | None
) -> None:
    """Note in the helper's weeks what is asked for, or on the table, and not agreed yet.

    Without hours and days there is nothing to note.
    """
    if hours and first and last and first <= last:
        _write(exchange, hours, first, last, state=State.TENTATIVE)
    else:
        rub_out(exchange)


def rub_out(exchange: Exchange) -> None:
    """Forget what was only pencilled in: of what was never agreed nothing is kept."""
    Commitment.objects.tentative().filter(
        person=exchange.provider, source=Commitment.Source.EXCHANGE, key=key_of(exchange)
    ).delete()


def end(exchange: Exchange, state: str) -> None:
    """End the helper's commitment; that of a training lives while anybody has a seat."""
    if is_seat(exchange) and _others_are_seated(exchange):
        return
    taken = Commitment.objects.live().filter(person=exchange.provider, key=key_of(exchange))
    taken.filter(source=Commitment.Source.EXCHANGE).update(state=state)


def _write(exchange: Exchange, hours: Decimal, first: date, last: date, *, state: str) -> None:
    Commitment.objects.update_or_create(
        person=exchange.provider,
        source=Commitment.Source.EXCHANGE,
        key=key_of(exchange),
        defaults={
            "what": exchange.listing.title,
            "skill": exchange.listing.skills.order_by("pk").first(),
            "period": days(first, last),
            "weekly_hours": spread(hours, first, last),
            "state": state,
        },
    )


def _others_are_seated(exchange: Exchange) -> bool:
    rows = Exchange.objects.filter(listing=exchange.listing_id, state=Exchange.State.AGREED)
    return rows.exclude(pk=exchange.pk).exists()
