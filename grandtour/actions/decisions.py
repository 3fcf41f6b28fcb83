"""Deciding: pending until it is published; letters are read before they go."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from capx.states import IllegalMove
from grandtour.actions import needs
from grandtour.actions.history import note, note_each
from grandtour.models import (
    Application,
    ApplicationEvent,
    Decision,
    DecisionLetter,
    Edition,
    Needs,
    Phase,
    Reviewer,
    ReviewEvent,
    Seat,
    barred_to,
    wishes_to_travel,
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
    """Say whether somebody decides in an edition; to see is another right.

    Nobody does who wishes to travel in it.
    """
    if wishes_to_travel(person, edition):
        return False
    if person.has_perm("grandtour.decide_application"):
        return True
    return Reviewer.objects.deciding().filter(edition=edition, person=person).exists()


def _must_decide(edition: Edition, ruling: Ruling) -> None:
    """Stop whoever may not, and on days on which nobody may; with the edition held."""
    Edition.objects.hold(edition.pk)
    if not may_decide(ruling.by, edition):
        raise NotYours
    if not Phase.objects.in_force(edition, ruling.day).may_decide:
        raise NotNow


@transaction.atomic
def decide(rows: Iterable[int], edition: Edition, outcome: str, ruling: Ruling) -> int:
    """Decide about these, so that nobody hears of it yet; say about how many.

    What is one's own, and what one has a conflict with, is left to others, as is what has
    been taken back; nobody is declined for whom a journey has a place. Raises NotYours, NotNow.
    """
    _must_decide(edition, ruling)
    open_ones = edition.applications.without(barred_to(ruling.by, edition)).filter(
        pk__in=list(rows), state__in=DECIDABLE[Outcome(outcome)]
    )
    keys = _held(open_ones)
    if outcome == Outcome.DECLINED:
        keys = _without_a_place(keys)
    Decision.objects.pending().filter(application__in=keys).delete()
    made = {"outcome": outcome, "by": ruling.by, "decided_at": ruling.at}
    Decision.objects.bulk_create(Decision(application_id=key, **made) for key in keys)
    note_each(Verb.PENDING, keys, ruling.by, at=ruling.at, outcome=outcome)
    return len(keys)


def _held(applications: QuerySet[Application]) -> list[int]:
    """Hold these in their state, all in one order, before anything about them changes."""
    held = applications.select_for_update(no_key=True).order_by("pk")
    return list(held.values_list("pk", flat=True))


def _without_a_place(keys: list[int]) -> list[int]:
    """Give those of some locked applications for whom no journey has a place, or proposes one.

    Or an offer would go to somebody who was declined.
    """
    live = Seat.objects.live().filter(application__in=keys)
    placed = set(live.values_list("application", flat=True))
    return [key for key in keys if key not in placed]


@transaction.atomic
def clear(rows: Iterable[int], edition: Edition, ruling: Ruling) -> int:
    """Take back what was decided about these and nobody has heard of; as `decide`."""
    _must_decide(edition, ruling)
    theirs = edition.applications.without(barred_to(ruling.by, edition))
    keys = _held(theirs.filter(pk__in=list(rows)))
    pending = Decision.objects.pending().filter(application__in=keys)
    decided = dict(pending.values_list("application", "outcome"))
    for outcome in Outcome.values:
        those = [key for key in keys if decided.get(key) == outcome]
        note_each(Verb.CLEARED, those, ruling.by, at=ruling.at, outcome=outcome)
    pending.delete()
    return len(decided)


@transaction.atomic
def write_letters(edition: Edition, ruling: Ruling) -> int:
    """Write a letter for each decision that has none, to be read before it goes."""
    _must_decide(edition, ruling)
    rows = waiting(edition, barred_to(ruling.by, edition)).filter(letter=None)
    decisions = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    DecisionLetter.objects.bulk_create(letter_of(decision, ruling.at) for decision in decisions)
    keys = [decision.application_id for decision in decisions]
    note_each(Verb.WRITTEN, keys, ruling.by, at=ruling.at)
    return len(decisions)


def waiting(edition: Edition, barred: Collection[int] = ()) -> QuerySet[Decision]:
    """Give the decisions that nobody has heard of, about what has not been taken back."""
    rows = Decision.objects.pending().filter(application__edition=edition)
    rows = rows.exclude(application__in=barred)
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
    _must_decide_about(application, ruling)
    rows = DecisionLetter.objects.exclude(state=DecisionLetter.State.SENT)
    if not rows.filter(pk=letter.pk).update(subject=subject, body=body, edited_at=ruling.at):
        raise IllegalMove(f"{letter.pk} has gone")
    note(Verb.EDITED, application.pk, ruling.by, at=ruling.at)


def _must_decide_about(application: Application, ruling: Ruling) -> None:
    """Stop whoever may not decide, and about one's own or in a conflict everybody."""
    _must_decide(application.edition, ruling)
    if application.pk in barred_to(ruling.by, application.edition):
        raise NotYours


@transaction.atomic
def discard_letter(letter: DecisionLetter, ruling: Ruling, *, back: bool = False) -> None:
    """Let no letter go for a decision, or let it go after all (`back`)."""
    application = letter.decision.application
    _must_decide_about(application, ruling)
    states = DecisionLetter.State
    letter.move(states.DRAFT if back else states.DISCARDED)
    note(Verb.WRITTEN if back else Verb.DISCARDED, application.pk, ruling.by, at=ruling.at)


@transaction.atomic
def publish(edition: Edition, ruling: Ruling) -> Counter[str]:
    """Make every decision real that has a letter, and send the letters; say how many of each.

    Only those who are newly decided hear of it; where an applicant was faster, or a place was
    proposed, nothing happens. What is one's own, or in a conflict, others publish. Of whoever
    is declined nobody has to know any more what they need. Raises NotYours, NotNow.
    """
    _must_decide(edition, ruling)
    rows = waiting(edition, barred_to(ruling.by, edition)).filter(letter__isnull=False)
    keys = list(rows.values_list("application", flat=True))
    needs.hold_editions(edition.applications.filter(pk__in=keys))
    _held(edition.applications.filter(pk__in=keys))
    held = rows.filter(application__in=keys).select_for_update(of=("self",), no_key=True)
    decided = list(held.select_related("letter").order_by("pk"))
    published: Counter[str] = Counter()
    for outcome in Outcome.values:
        those = [one for one in decided if one.outcome == outcome]
        published[outcome] = _make_real(those, outcome, ruling)
    return published


def _make_real(decided: list[Decision], outcome: str, ruling: Ruling) -> int:
    """Move the applications of one outcome as was decided; say how many moved."""
    ended = {"ended_at": ruling.at} if outcome == Outcome.DECLINED else {}
    wanted = [one.application_id for one in decided]
    if outcome == Outcome.DECLINED:
        wanted = _without_a_place(wanted)
    moved = Application.move_all(wanted, outcome, **ended)
    if outcome == Outcome.DECLINED:
        needs.let_go(Needs.objects.filter(application__in=moved))
    real = [one for one in decided if one.application_id in moved]
    rows = Decision.objects.filter(pk__in=[one.pk for one in real])
    rows.update(published_at=ruling.at)
    ApplicationEvent.objects.bulk_create(
        ApplicationEvent(application_id=key, person=ruling.by, state=outcome, at=ruling.at)
        for key in sorted(moved)
    )
    note_each(Verb.PUBLISHED, sorted(moved), ruling.by, at=ruling.at, outcome=outcome)
    letters = {one.letter.pk: one for one in real}
    sent = DecisionLetter.move_all(letters, DecisionLetter.State.SENT, sent_at=ruling.at)
    notices.decided(letters[key] for key in sorted(sent))
    return len(moved)
