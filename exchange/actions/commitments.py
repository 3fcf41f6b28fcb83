"""What an agreement puts into the helper's weeks, and takes out of them again."""

from decimal import Decimal

from exchange.models import Agreement, Exchange, Listing
from volunteers.gate import Wish
from volunteers.load import weekly
from volunteers.models import Commitment
from volunteers.models.bandwidth import days

MOST_WEEKLY = Decimal(80)


def is_seat(exchange: Exchange) -> bool:
    """Tell a seat of a training, whose terms are the same for all, from what two agree on."""
    return exchange.listing.of == Listing.Of.TRAINING and exchange.listing.is_offer


def key_of(exchange: Exchange) -> str:
    """Name the commitment: one for each exchange, but one for all seats of a training."""
    seat = is_seat(exchange)
    return f"listing:{exchange.listing_id}" if seat else f"exchange:{exchange.pk}"


def wish_of(agreement: Agreement) -> Wish:
    """Say what an agreement asks of who helps."""
    hours = agreement.hours or Decimal(0)
    first, last = agreement.first_day, agreement.last_day
    return Wish(first, last, weekly(hours, first, last) if hours else Decimal(0))


def promise(exchange: Exchange, agreement: Agreement) -> None:
    """Write the helper's commitment, in place of the one of an earlier agreement."""
    if not agreement.hours:
        end(exchange, Commitment.State.DROPPED)
        return
    spread = weekly(agreement.hours, agreement.first_day, agreement.last_day)
    Commitment.objects.update_or_create(
        person=exchange.provider,
        source=Commitment.Source.EXCHANGE,
        key=key_of(exchange),
        defaults={
            "what": exchange.listing.title,
            "skill": exchange.listing.skills.order_by("pk").first(),
            "period": days(agreement.first_day, agreement.last_day),
            "weekly_hours": min(spread, MOST_WEEKLY),
            "state": Commitment.State.PLANNED,
        },
    )


def end(exchange: Exchange, state: str) -> None:
    """End the helper's commitment; that of a training lives while anybody has a seat."""
    if is_seat(exchange) and _others_are_seated(exchange):
        return
    taken = Commitment.objects.live().filter(person=exchange.provider, key=key_of(exchange))
    taken.filter(source=Commitment.Source.EXCHANGE).update(state=state)


def _others_are_seated(exchange: Exchange) -> bool:
    rows = Exchange.objects.filter(listing=exchange.listing_id, state=Exchange.State.AGREED)
    return rows.exclude(pk=exchange.pk).exists()
