"""What applicants hear of a decision: the letter as organisers have read it."""

from collections.abc import Iterable

from grandtour.models import Decision
from volunteers import mailbox
from volunteers.models.notices import NoticeKind


def decided(decisions: Iterable[Decision]) -> None:
    """Send the letter of each of these just as it stands."""
    letters = [
        mailbox.Letter(
            one.application.person,
            f"decision:{one.pk}",
            one.application.get_absolute_url(),
            {"letter": one.letter},
        )
        for one in decisions
    ]
    mailbox.post_all(letters, kind=NoticeKind.TOUR, template="grandtour/mail/decision.txt")
