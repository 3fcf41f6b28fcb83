"""What those hear whose draft waits while the days of an edition run out."""

from capx.zones import last_moment
from grandtour.models import Application, Host
from grandtour.notices.expectations import speaking_for
from volunteers import mailbox
from volunteers.models.notices import NoticeKind


def draft_closing(application: Application, days: int) -> None:
    """Tell an applicant until when their draft can be sent."""
    last = application.edition.applications_last_day
    letter = mailbox.Letter(
        application.person,
        f"draft-closing:{application.pk}:{days}",
        application.get_absolute_url(),
        {"edition": application.edition, "last": last},
        not_after=last_moment(last),
    )
    _post([letter], "draft_closing")


def host_closing(host: Host, days: int) -> None:
    """Tell those who speak for an affiliate that its offer to host is still a draft."""
    last = host.edition.applications_last_day
    letters = [
        mailbox.Letter(
            person,
            f"host-closing:{host.pk}:{days}:{person.pk}",
            host.get_absolute_url(),
            {"edition": host.edition, "host": host, "last": last},
            not_after=last_moment(last),
        )
        for person in speaking_for(host)
    ]
    _post(letters, "host_closing")


def _post(letters: list[mailbox.Letter], name: str) -> None:
    """Put letters into the box."""
    mailbox.post_all(letters, kind=NoticeKind.TOUR, template=f"grandtour/mail/{name}.txt")
