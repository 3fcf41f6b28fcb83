"""What is told when somebody says that they have agreed with a host, and when it answers."""

from collections import defaultdict
from datetime import datetime

from django.db.models import QuerySet

from grandtour.models import Application
from volunteers import gate, mailbox
from volunteers.models import Membership, Notice, Person
from volunteers.models.notices import NoticeKind


def asked(applications: QuerySet[Application], *, at: datetime) -> None:
    """Ask those who speak for each partner whether it is so, where it has not answered.

    The gate decides as about an answer that was invited: nobody is written to who rests, is to
    be left alone or has blocked the applicant, nor for whom organisers have hidden. Whoever was
    asked about an application as it was sent is asked again only once it is sent anew.
    """
    letters = _unwritten(applications)
    pairs = [(one.to, one.about["application"].person) for one in letters]
    said = gate.invited(pairs, now=at)
    mailbox.post_all(
        [one for one, open_to in zip(letters, said, strict=True) if open_to],
        kind=NoticeKind.TOUR,
        template="grandtour/mail/partner_asked.txt",
    )


def _unwritten(applications: QuerySet[Application]) -> list[mailbox.Letter]:
    """List the letters to all who speak for a partner and were not asked yet."""
    waiting = applications.filter(partner__isnull=False, partner_agrees=None)
    seen = waiting.filter(person__hidden_at=None).order_by("pk")
    rows = list(seen.select_related("person", "partner__affiliate", "partner__edition"))
    speaking = _speaking({one.partner.affiliate_id for one in rows if one.partner})
    letters = [
        mailbox.Letter(
            person,
            f"partner-asked:{one.pk}:{one.submitted_at:%Y%m%d%H%M%S}:{person.pk}",
            one.partner.get_absolute_url(),
            {"host": one.partner, "application": one},
        )
        for one in rows
        if one.partner
        for person in speaking[one.partner.affiliate_id]
    ]
    keys = Notice.objects.filter(key__in=[one.key for one in letters])
    written = set(keys.values_list("key", flat=True))
    return [one for one in letters if one.key not in written]


def _speaking(affiliates: set[int]) -> dict[int, list[Person]]:
    """Give who speaks for each of these affiliates."""
    rows = Membership.objects.speaking().filter(affiliate__in=affiliates)
    here = rows.filter(person__in=Person.objects.here()).select_related("person")
    found = defaultdict(list)
    for row in here.order_by("person"):
        found[row.affiliate_id].append(row.person)
    return found


def answered(application: Application) -> None:
    """Tell an applicant what their partner said."""
    mailbox.post(
        application.person,
        key=f"partner-answered:{application.pk}:{application.partner_answered_at:%Y%m%d%H%M%S}",
        kind=NoticeKind.TOUR,
        template="grandtour/mail/partner_answered.txt",
        link=application.get_absolute_url(),
        application=application,
        host=application.partner,
    )
