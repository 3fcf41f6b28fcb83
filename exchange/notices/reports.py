"""What people hear about reports: those who look after them, who reported, who wrote."""

from datetime import datetime

from django.urls import reverse

from exchange.models import Message, Report
from exchange.models.reports import Target, author_of, kind_of
from volunteers import mailbox
from volunteers.models import Person
from volunteers.models.notices import NoticeKind

KIND = NoticeKind.MODERATION


def reported(report: Report) -> None:
    """Tell the organisers that something waits for them; what it is they read there."""
    written_by = author_of(report.target)
    for to in Person.objects.organisers().exclude(pk__in=[report.reporter_id, written_by.pk]):
        mailbox.post(
            to,
            key=f"reported:{report.pk}:{to.pk}",
            kind=KIND,
            template="exchange/mail/reported.txt",
            link=reverse(
                "admin:exchange_report_about", args=[kind_of(report.target), report.target.pk]
            ),
            report=report,
        )


def decided(report: Report, at: datetime) -> None:
    """Tell who reported something what was decided, and why."""
    mailbox.post(
        report.reporter,
        key=f"decided:{report.pk}:{at.isoformat()}",
        kind=KIND,
        template="exchange/mail/report_decided.txt",
        link=report.get_absolute_url(),
        report=report,
    )


def hidden(target: Target, why: str, at: datetime) -> None:
    """Tell who wrote it that it is hidden, why, and how to answer."""
    _tell_author("hidden_by_organiser", target, why, at)


def restored(target: Target, why: str, at: datetime) -> None:
    """Tell who wrote it that it can be seen again."""
    _tell_author("restored_by_organiser", target, why, at)


def _tell_author(name: str, target: Target, why: str, at: datetime) -> None:
    what, author = kind_of(target), author_of(target)
    answer = reverse("exchange:report", args=[what, key_of(target)])
    mailbox.post(
        author,
        key=f"{name}:{what}:{target.pk}:{at.isoformat()}",
        kind=KIND,
        template=f"exchange/mail/{name}.txt",
        link=answer if name == "hidden_by_organiser" else _page_of(target),
        what=what,
        target=target,
        why=why,
    )


def key_of(target: Target) -> str:
    """Tell by what an address names it."""
    return target.username if isinstance(target, Person) else str(target.pk)


def _page_of(target: Target) -> str:
    """Give the page on which it stands."""
    on = target.exchange if isinstance(target, Message) else target
    return on.get_absolute_url()
