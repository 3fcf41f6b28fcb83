"""What hosts hear."""

from grandtour.models import Host
from volunteers import mailbox
from volunteers.models import Membership, Person
from volunteers.models.notices import NoticeKind


def decided(host: Host) -> None:
    """Tell those who speak for the affiliate what organisers answered."""
    speaking = Membership.objects.speaking().filter(affiliate=host.affiliate_id)
    letters = [
        mailbox.Letter(
            person,
            f"host-{host.state}:{host.pk}:{host.decided_at:%Y%m%d%H%M%S}:{person.pk}",
            host.get_absolute_url(),
            {"host": host},
        )
        for person in Person.objects.here().filter(pk__in=speaking.values("person"))
    ]
    mailbox.post_all(letters, kind=NoticeKind.TOUR, template="grandtour/mail/host_decided.txt")
