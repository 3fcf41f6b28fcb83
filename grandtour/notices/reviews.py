"""What reviewers hear."""

from collections.abc import Mapping
from datetime import date, datetime

from django.urls import reverse

from grandtour.models import Edition, Phase, Reviewer
from volunteers import mailbox
from volunteers.models import Person
from volunteers.models.notices import NoticeKind


def queue_of(edition: Edition) -> str:
    """Give the address where somebody finds what they read."""
    return reverse("grandtour:review", args=[edition.slug])


def _key(name: str, reviewer: Reviewer) -> str:
    return f"{name}:{reviewer.pk}:{reviewer.asked_at:%Y%m%d%H%M%S}"


def asked(reviewer: Reviewer, by: Person) -> None:
    """Ask somebody whether they would read."""
    mailbox.post(
        reviewer.person,
        key=_key("review-asked", reviewer),
        kind=NoticeKind.ASK,
        template="grandtour/mail/review_asked.txt",
        link=queue_of(reviewer.edition),
        reviewer=reviewer,
        edition=reviewer.edition,
        by=by,
        why=reviewer.ask.why if reviewer.ask else "",
    )


def waits(reviewer: Reviewer) -> None:
    """Remind somebody, once, that they are asked to read."""
    mailbox.post(
        reviewer.person,
        key=_key("review-waits", reviewer),
        kind=NoticeKind.ASK,
        template="grandtour/mail/review_waits.txt",
        link=queue_of(reviewer.edition),
        reviewer=reviewer,
        edition=reviewer.edition,
    )


def not_answered(reviewer: Reviewer) -> None:
    """Tell the organiser who asked that there was no answer, and nobody waits for it now.

    Letters that wait for the end of a rest ask for nothing any more.
    """
    for name in ("review-asked", "review-waits"):
        mailbox.take_back(_key(name, reviewer))
    if reviewer.ask:
        mailbox.post(
            reviewer.ask.asker,
            key=_key("review-not-answered", reviewer),
            kind=NoticeKind.TOUR,
            template="grandtour/mail/review_not_answered.txt",
            link=reverse("admin:grandtour_edition_readers", args=[reviewer.edition_id]),
            reviewer=reviewer,
            edition=reviewer.edition,
        )


def last_day(edition: Edition, day: date) -> date | None:
    """Give the last day on which reviews can be given, from this day on."""
    rows = Phase.objects.filter(edition=edition, may_score=True, last_day__gte=day)
    return rows.order_by("last_day").values_list("last_day", flat=True).first()


def assigned(edition: Edition, more: Mapping[Reviewer, int], *, at: datetime) -> None:
    """Tell reviewers how many applications came to them, and until when."""
    until = last_day(edition, at.date())
    letters = [
        mailbox.Letter(
            reviewer.person,
            f"reviews-assigned:{reviewer.pk}:{at:%Y%m%d%H%M%S%f}",
            queue_of(edition),
            {"edition": edition, "number": number, "until": until},
        )
        for reviewer, number in more.items()
    ]
    mailbox.post_all(
        letters, kind=NoticeKind.TOUR, template="grandtour/mail/reviews_assigned.txt"
    )


def due(phase: Phase, waiting: Mapping[Reviewer, int], *, left: int) -> None:
    """Remind reviewers of what they have not read, so many days before the last."""
    letters = [
        mailbox.Letter(
            reviewer.person,
            f"reviews-due:{phase.pk}:{left}:{reviewer.pk}",
            queue_of(phase.edition),
            {"edition": phase.edition, "number": number, "until": phase.last_day},
        )
        for reviewer, number in waiting.items()
    ]
    mailbox.post_all(letters, kind=NoticeKind.TOUR, template="grandtour/mail/reviews_due.txt")
