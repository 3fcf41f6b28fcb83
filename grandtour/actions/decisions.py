"""Deciding: pending until it is published; letters are read before they go."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from capx.states import IllegalMove
from grandtour.actions.history import note
from grandtour.models import (
    Application,
    ApplicationEvent,
    Conflict,
    Decision,
    DecisionLetter,
    Edition,
    Phase,
    Reviewer,
    ReviewEvent,
)
from grandtour.notices import decisions as notices
from volunteers.models import Person

State = Application.State
Verb = ReviewEvent.Verb
Outcome = Decision.Outcome
# From which states something is decided: a no needs no reading.
DECIDABLE = {
    Outcome.SHORTLISTED: {State.IN_REVIEW, State.WAITING},
    Outcome.WAITING: {State.IN_REVIEW, State.SHORTLISTED},
    Outcome.DECLINED: {
        *(State.SUBMITTED, State.INCOMPLETE, State.IN_REVIEW),
        *(State.SHORTLISTED, State.WAITING),
    },
}


class NotNow(Exception):
    """Nothing is decided on this day."""


class NotYours(Exception):
    """Somebody may see, but not decide."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """Who decides, when, and on which day of the edition."""

    by: Person
    at: datetime
    day: date


def may_decide(person: Person, edition: Edition) -> bool:
    """Say whether somebody decides in an edition; to see is another right."""
    if person.has_perm("grandtour.decide_application"):
        return True
    return Reviewer.objects.deciding().filter(edition=edition, person=person).exists()


def _must_decide(edition: Edition, ruling: Ruling) -> None:
    """Stop whoever may not, and on days on which nobody may."""
    if not may_decide(ruling.by, edition):
        raise NotYours
    if not Phase.objects.in_force(edition, ruling.day).may_decide:
        raise NotNow


@transaction.atomic
def decide(rows: Iterable[int], edition: Edition, outcome: str, ruling: Ruling) -> int:
    """Decide about these, so that nobody hears of it yet; say about how many.

    What is one's own, and what one has a conflict with, is left to others, as is what has
    been taken back. Raises NotYours, NotNow.
    """
    _must_decide(edition, ruling)
    conflicts = Conflict.objects.in_force().filter(reviewer__person=ruling.by)
    open_ones = (
        edition.applications.filter(pk__in=list(rows), state__in=DECIDABLE[Outcome(outcome)])
        .exclude(person=ruling.by)
        .exclude(pk__in=conflicts.values("application"))
    )
    decided = 0
    for application in open_ones.select_for_update(no_key=True).order_by("pk"):
        Decision.objects.pending().filter(application=application).delete()
        Decision.objects.create(
            application=application, outcome=outcome, by=ruling.by, decided_at=ruling.at
        )
        note(Verb.PENDING, application.pk, ruling.by, at=ruling.at, outcome=outcome)
        decided += 1
    return decided


@transaction.atomic
def clear(rows: Iterable[int], edition: Edition, ruling: Ruling) -> int:
    """Take back what was decided about these and nobody has heard of; raises as `decide`."""
    _must_decide(edition, ruling)
    pending = Decision.objects.pending().filter(
        application__edition=edition, application__in=list(rows)
    )
    cleared = 0
    for decision in pending.exclude(application__person=ruling.by).order_by("pk"):
        note(
            Verb.CLEARED,
            decision.application_id,
            ruling.by,
            at=ruling.at,
            outcome=decision.outcome,
        )
        decision.delete()
        cleared += 1
    return cleared


@transaction.atomic
def write_letters(edition: Edition, ruling: Ruling) -> int:
    """Write a letter for each decision that has none, to be read before it goes."""
    _must_decide(edition, ruling)
    rows = waiting(edition).filter(letter=None).select_for_update(of=("self",), no_key=True)
    decisions = list(rows.order_by("pk"))
    DecisionLetter.objects.bulk_create(letter_of(decision, ruling.at) for decision in decisions)
    for decision in decisions:
        note(Verb.WRITTEN, decision.application_id, ruling.by, at=ruling.at)
    return len(decisions)


def waiting(edition: Edition) -> QuerySet[Decision]:
    """Give the decisions that nobody has heard of, about what has not been taken back."""
    rows = Decision.objects.pending().filter(application__edition=edition)
    return rows.exclude(application__state__in=[State.WITHDRAWN, State.DRAFT]).select_related(
        "application__person", "application__edition"
    )


def letter_of(decision: Decision, at: datetime) -> DecisionLetter:
    """Write one letter in the language of its reader."""
    person, edition = decision.application.person, decision.application.edition
    about = {"recipient": person, "edition": edition, "outcome": decision.outcome}
    with translation.override(person.language):
        text = render_to_string("grandtour/mail/decision_draft.txt", about)
    subject, body = text.strip().split("\n", maxsplit=1)
    return DecisionLetter(
        decision=decision,
        language=person.language,
        subject=subject[:300],
        body=body.strip(),
        written_at=at,
    )


@transaction.atomic
def edit_letter(letter: DecisionLetter, subject: str, body: str, ruling: Ruling) -> None:
    """Change the words of a letter that has not gone; raises IllegalMove, NotYours, NotNow."""
    application = letter.decision.application
    _must_decide(application.edition, ruling)
    rows = DecisionLetter.objects.exclude(state=DecisionLetter.State.SENT)
    if not rows.filter(pk=letter.pk).update(subject=subject, body=body, edited_at=ruling.at):
        raise IllegalMove(f"{letter.pk} has gone")
    note(Verb.EDITED, application.pk, ruling.by, at=ruling.at)


@transaction.atomic
def discard_letter(letter: DecisionLetter, ruling: Ruling, *, back: bool = False) -> None:
    """Let no letter go for a decision, or let it go after all (`back`)."""
    application = letter.decision.application
    _must_decide(application.edition, ruling)
    states = DecisionLetter.State
    letter.move(states.DRAFT if back else states.DISCARDED)
    note(Verb.WRITTEN if back else Verb.DISCARDED, application.pk, ruling.by, at=ruling.at)


@transaction.atomic
def publish(edition: Edition, ruling: Ruling) -> Counter[str]:
    """Make every decision real that has a letter, and send the letters; say how many of each.

    Only those who are newly decided hear of it. Raises NotYours, NotNow.
    """
    _must_decide(edition, ruling)
    published: Counter[str] = Counter()
    rows = waiting(edition).filter(letter__isnull=False).select_related("letter")
    for decision in rows.select_for_update(of=("self",), no_key=True).order_by("pk"):
        if _make_real(decision, ruling):
            published[decision.outcome] += 1
    return published


def _make_real(decision: Decision, ruling: Ruling) -> bool:
    """Move one application as was decided; False where its applicant was faster."""
    application = decision.application
    ended = {"ended_at": ruling.at} if decision.outcome == Outcome.DECLINED else {}
    try:
        application.move(decision.outcome, **ended)
    except IllegalMove:
        return False
    Decision.objects.filter(pk=decision.pk).update(published_at=ruling.at)
    ApplicationEvent.objects.create(
        application=application, person=ruling.by, state=application.state, at=ruling.at
    )
    note(Verb.PUBLISHED, application.pk, ruling.by, at=ruling.at, outcome=decision.outcome)
    letter = decision.letter
    if letter.state == DecisionLetter.State.DRAFT:
        letter.move(DecisionLetter.State.SENT, sent_at=ruling.at)
        notices.decided(application, letter)
    return True
