"""When somebody hears again of what they are asked to take on, and when the clock ends it."""

from datetime import datetime, timedelta

from capx.zones import still_day
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
    rows, long_ago = HandOver.objects.in_full(), now - ANSWER_WITHIN
    each(rows.in_vain(still_day(now)), lambda row: actions.let_go(row, at=now))
    each(rows.gone_since(now - TOLD_WITHIN), notices.gone)
    each(rows.offered_since(long_ago), lambda row: actions.expire(row, at=now))
    undecided = rows.undecided_since(long_ago) | rows.outlived()
    each(undecided, lambda row: actions.stay(row, at=now))
    lately = now - REMIND_AFTER
    away = Wait("ask__person", "offered_at")
    each(awake(rows.offered_since(lately), away, lately, now.date()), notices.unanswered)
