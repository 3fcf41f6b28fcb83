"""When the clock ends an invitation; nobody is reminded of one."""

from datetime import datetime

from exchange.actions import invitations as actions
from exchange.models import Invitation
from exchange.notices.exchanges import ANSWER_WITHIN
from volunteers.reminders.rows import each
from volunteers.reminders.waits import Wait, awake


def remind(now: datetime) -> None:
    """Let go what nobody has answered for a week, days of rest aside, or leads nowhere."""
    long_ago = now - ANSWER_WITHIN
    unanswered = awake(
        Invitation.objects.sent_since(long_ago),
        Wait("person", "invited_at"),
        long_ago,
        now.date(),
    )
    each(unanswered, lambda row: actions.lapse(row, at=now))
    each(Invitation.objects.in_vain(), lambda row: actions.lapse(row, at=now))
