"""What people hear who are invited to learn something."""

from exchange.models import Invitation
from exchange.notices.exchanges import ANSWER_WITHIN
from volunteers import mailbox
from volunteers.models.notices import NoticeKind


def key_of(invitation: Invitation) -> str:
    """Name the notice about an invitation."""
    return f"invited:{invitation.pk}"


def invited(invitation: Invitation) -> None:
    """Ask somebody who wants to learn it to come."""
    mailbox.post(
        invitation.person,
        key=key_of(invitation),
        kind=NoticeKind.ASK,
        template="exchange/mail/invited.txt",
        link=invitation.get_absolute_url(),
        listing=invitation.listing,
        why=invitation.ask.why,
        until=(invitation.invited_at + ANSWER_WITHIN).date(),
    )
