"""What applicants hear."""

from datetime import datetime

from grandtour.models import Application
from volunteers import mailbox
from volunteers.models.notices import NoticeKind


def submitted(application: Application) -> None:
    """Confirm that it has arrived, and say what comes next."""
    _tell(application, "submitted", f"{application.submitted_at:%Y%m%d%H%M%S}")


def withdrawn(application: Application) -> None:
    """Confirm that it is taken back, and what was deleted."""
    _tell(application, "withdrawn", f"{application.ended_at:%Y%m%d%H%M%S}")


def incomplete(application: Application, words: str, *, at: datetime) -> None:
    """Say what organisers need to know before anybody reads it."""
    _tell(application, "incomplete", f"{at:%Y%m%d%H%M%S}", words=words)


def _tell(application: Application, what: str, when: str, **about: str) -> None:
    """Write to the applicant; `when` tells one time from the next."""
    mailbox.post(
        application.person,
        key=f"application-{what}:{application.pk}:{when}",
        kind=NoticeKind.TOUR,
        template=f"grandtour/mail/application_{what}.txt",
        link=application.get_absolute_url(),
        application=application,
        edition=application.edition,
        **about,
    )
