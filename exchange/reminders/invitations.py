"""When the clock ends an invitation; nobody is reminded of one."""

from datetime import datetime

from exchange.actions import invitations as actions
from exchange.models import Invitation
from exchange.notices.exchanges import ANSWER_WITHIN
from volunteers.reminders.rows import each


def remind(now: datetime) -> None:
    """Let go what nobody has answered for a week, or leads nowhere."""
    unanswered = Invitation.objects.sent_since(now - ANSWER_WITHIN)
    each(unanswered, lambda row: actions.lapse(row, at=now))
    each(Invitation.objects.in_vain(), lambda row: actions.lapse(row, at=now))
