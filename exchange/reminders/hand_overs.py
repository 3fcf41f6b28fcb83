"""When somebody hears again of what they are asked to take on, and when the clock ends it."""

from datetime import datetime, timedelta

from exchange.actions import hand_overs as actions
from exchange.models import HandOver
from exchange.notices import hand_overs as notices
from exchange.notices.exchanges import ANSWER_WITHIN
from exchange.reminders.rows import each

REMIND_AFTER = timedelta(days=3)


def remind(now: datetime) -> None:
    """Let go what nobody has answered for a week, and remind once before."""
    rows = HandOver.objects.in_full()
    each(rows.offered_since(now - ANSWER_WITHIN), lambda row: actions.expire(row, at=now))
    undecided = rows.select_related("successor").undecided_since(now - ANSWER_WITHIN)
    each(undecided, lambda row: actions.stay(row, at=now))
    each(rows.offered_since(now - REMIND_AFTER), notices.unanswered)
