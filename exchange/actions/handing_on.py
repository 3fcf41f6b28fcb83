"""What an exchange does to the hand-over that it came from: it settles it, either way.

Call these with the exchange's row locked.
"""

from datetime import datetime

from capx.states import IllegalMove
from exchange.actions import commitments
from exchange.models import Exchange, HandOver
from exchange.models.hand_overs import OVER_AND_DONE
from exchange.notices import hand_overs as notices
from volunteers.models.bandwidth import today

State = HandOver.State


def former_of(exchange: Exchange) -> Exchange | None:
    """Give the agreed exchange whose place this one takes, with its row locked; often none.

    Raises IllegalMove where the former was done or has lapsed meanwhile, or one side has said
    what became of it.
    """
    waiting = _waiting(exchange)
    if waiting is None or waiting.exchange_id is None:
        return None
    rows = Exchange.objects.select_related("provider", "receiver", "ask")
    former = rows.select_for_update(of=("self",), no_key=True).get(pk=waiting.exchange_id)
    if former.state in OVER_AND_DONE or former.happened_at is not None:
        raise IllegalMove
    former.listing = exchange.listing  # one listing, one row in memory: its state may change
    return former if former.state == Exchange.State.AGREED else None


def divide(former: Exchange, exchange: Exchange, *, at: datetime) -> None:
    """Leave with who helped what they have done so far, before this takes its place."""
    if waiting := _waiting(exchange):
        commitments.divide(waiting, former, today(former.provider, at))
        exchange.hand_over = waiting


def taken(exchange: Exchange, *, at: datetime) -> None:
    """Note that who is helped has said yes."""
    if waiting := _waiting(exchange):
        waiting.move(State.TAKEN, ended_at=at)
        notices.taken(waiting)


def kept(exchange: Exchange, *, at: datetime) -> None:
    """Note that nothing takes its place: it stays as it was, or has ended by itself."""
    waiting = _waiting(exchange)
    if waiting is None:
        return
    if waiting.goes_on:
        waiting.move(State.KEPT, ended_at=at)
        notices.kept(waiting)
    else:
        waiting.move(State.GONE, ended_at=at)
        notices.gone(waiting)


def _waiting(exchange: Exchange) -> HandOver | None:
    rows = HandOver.objects.in_full()
    return rows.filter(successor=exchange, state=State.WAITING).first()
