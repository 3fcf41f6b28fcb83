"""What applicants hear of a decision: the letter as organisers have read it."""

from grandtour.models import Application, DecisionLetter
from volunteers import mailbox
from volunteers.models.notices import NoticeKind


def decided(application: Application, letter: DecisionLetter) -> None:
    """Send a letter just as it stands."""
    mailbox.post(
        application.person,
        key=f"decision:{letter.decision_id}",
        kind=NoticeKind.TOUR,
        template="grandtour/mail/decision.txt",
        link=application.get_absolute_url(),
        letter=letter,
    )
