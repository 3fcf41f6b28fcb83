"""When somebody hears again of what they are asked to take on, and when the clock ends it."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from exchange.actions import hand_overs as actions
from exchange.models import HandOver
from exchange.notices import hand_overs as notices
from exchange.notices.exchanges import ANSWER_WITHIN
from volunteers.reminders.rows import each
from volunteers.reminders.waits import Wait, awake

REMIND_AFTER = timedelta(days=3)
TOLD_WITHIN = timedelta(days=2)  # more than a night in which nobody reminds


def remind(now: datetime) -> None:
    """Let go what is over or nobody has answered for a week, and remind once before."""
    each(
        HandOver.objects.in_full().in_vain(now.date()), lambda row: actions.let_go(row, at=now)
    )
    each(HandOver.objects.in_full().gone_since(now - TOLD_WITHIN), notices.gone)
    each(_offered(now, ANSWER_WITHIN), lambda row: actions.expire(row, at=now))
    each(_undecided(now, ANSWER_WITHIN), lambda row: actions.stay(row, at=now))
    each(_offered(now, REMIND_AFTER), notices.unanswered)


def _offered(now: datetime, long: timedelta) -> QuerySet[HandOver]:
    """Keep what has waited so long for who is asked, not counting their days of rest."""
    rows = HandOver.objects.in_full().offered_since(now - long)
    return awake(rows, Wait("ask__person", "offered_at"), now - long, now.date())


def _undecided(now: datetime, long: timedelta) -> QuerySet[HandOver]:
    """Keep what has waited so long for who is helped, not counting their days of rest."""
    rows = HandOver.objects.in_full().undecided_since(now - long)
    return awake(rows, Wait("exchange__receiver", "answered_at"), now - long, now.date())
