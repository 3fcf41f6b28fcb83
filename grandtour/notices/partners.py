"""What is told when somebody says that they have agreed with a host, and when it answers."""

from datetime import datetime

from grandtour.models import Application
from volunteers import gate, mailbox
from volunteers.models import Membership, Person
from volunteers.models.notices import NoticeKind


def asked(application: Application, *, at: datetime) -> None:
    """Ask those who speak for a partner whether it is so; nobody where there is no partner.

    The gate decides as about an answer that was invited: nobody is written to who rests, is to
    be left alone or has blocked the applicant, nor for whom organisers have hidden. Whoever was
    asked about this application before is not asked again.
    """
    partner, applicant = application.partner, application.person
    if partner is None or applicant.hidden_at or partner_has_answered(application):
        return
    speaking = Membership.objects.speaking().filter(affiliate=partner.affiliate_id)
    here = Person.objects.here().filter(pk__in=speaking.values("person"))
    people = list(here.order_by("pk"))
    wish = gate.Wish(invited=True)
    said = gate.answers(people, asker=applicant, now=at, wish=wish)
    letters = [
        mailbox.Letter(
            person,
            f"partner-asked:{application.pk}:{application.submitted_at:%Y%m%d%H%M%S}:{person.pk}",
            partner.get_absolute_url(),
            {"host": partner, "application": application},
        )
        for person in people
        if said[person.pk] != gate.Answer.CLOSED
    ]
    mailbox.post_all(letters, kind=NoticeKind.TOUR, template="grandtour/mail/partner_asked.txt")


def partner_has_answered(application: Application) -> bool:
    """Say whether the partner has said yes or no already."""
    rows = Application.objects.filter(pk=application.pk)
    return rows.filter(partner_agrees__isnull=False).exists()


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
