"""Reading and scoring: kept while one thinks, given, taken back to change it, abstaining."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from capx.states import IllegalMove
from grandtour.actions.history import note_all
from grandtour.models import Assignment, Edition, Phase, Review, ReviewEvent, Score

State = Review.State
Verb = ReviewEvent.Verb


class NotNow(Exception):
    """No reviews are given on this day."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a reviewer wrote: by the key of a criterion its score, and the rest."""

    scores: Mapping[int, int] = field(default_factory=dict)
    recommendation: str = ""
    confidence: int | None = None
    words: str = ""


@transaction.atomic
def keep(assignment: Assignment, written: Written, *, at: datetime, day: date) -> Review:
    """Keep what somebody thinks so far; what has no score any more loses it.

    Raises NotNow, and IllegalMove where it has been given or the reviewer must not read it.
    """
    _open(assignment, day)
    review = _held(assignment, at)
    if review.state != State.DRAFT:
        raise IllegalMove(f"{review} has been given")
    review.recommendation = written.recommendation
    review.confidence = written.confidence
    review.words = written.words
    review.changed_at = at
    review.save(update_fields=["recommendation", "confidence", "words", "changed_at"])
    review.scores.exclude(criterion__in=written.scores).delete()
    Score.objects.bulk_create(
        [
            Score(review=review, criterion_id=criterion, value=value)
            for criterion, value in sorted(written.scores.items())
        ],
        update_conflicts=True,
        unique_fields=["review", "criterion"],
        update_fields=["value"],
    )
    return review


def _open(assignment: Assignment, day: date) -> None:
    """Stop where nothing is scored on this day."""
    edition = assignment.application.edition
    reading = edition.state == Edition.State.REVIEWING
    if not (reading and Phase.objects.in_force(edition, day).may_score):
        raise NotNow


def _held(assignment: Assignment, at: datetime) -> Review:
    """Lock the assignment, and find the review that stands, or begin one."""
    rows = Assignment.objects.select_for_update(of=("self",))
    held = rows.readable_by(assignment.reviewer.person).filter(pk=assignment.pk).first()
    if held is None:
        raise IllegalMove(f"{assignment} has ended")
    return Review.objects.standing().get_or_create(
        application_id=held.application_id,
        reviewer_id=held.reviewer_id,
        defaults={"begun_at": at, "changed_at": at},
    )[0]


@transaction.atomic
def give(assignment: Assignment, written: Written, *, at: datetime, day: date) -> Review:
    """Give a review that is whole; raises what `keep` raises.

    IntegrityError where a score, the recommendation or how sure one is has been left out.
    """
    review = keep(assignment, written, at=at, day=day)
    score = 0  # PostgreSQL works it out
    review.move(State.GIVEN, given_at=at, score=score)
    review.refresh_from_db(fields=["score"])
    about = {
        "scores": {str(key): value for key, value in written.scores.items()},
        "score": review.score,
        "recommendation": written.recommendation,
        "confidence": written.confidence,
    }
    note_all(Verb.GIVEN, [review], assignment.reviewer.person, at=at, **about)
    return review


@transaction.atomic
def reopen(assignment: Assignment, *, at: datetime, day: date) -> None:
    """Take a review back to change it; what was given stays in the history.

    Raises NotNow, and IllegalMove where others' have been read: it stands then.
    """
    _open(assignment, day)
    review = _held(assignment, at)
    if review.others_seen_at:
        raise IllegalMove(f"{review} stands")
    review.move(State.DRAFT, given_at=None, score=None, changed_at=at)
    note_all(Verb.REOPENED, [review], assignment.reviewer.person, at=at)


@transaction.atomic
def abstain(assignment: Assignment, *, at: datetime, day: date) -> None:
    """Leave an application to others, without a reason; raises NotNow, IllegalMove."""
    _open(assignment, day)
    review = _held(assignment, at)
    review.move(State.ABSTAINED, changed_at=at)
    note_all(Verb.ABSTAINED, [review], assignment.reviewer.person, at=at)


@transaction.atomic
def read_others(assignment: Assignment, *, at: datetime, day: date) -> None:
    """Let somebody read what others think: from then on their own review stands as it is.

    Raises NotNow, and IllegalMove where they have not given their own.
    """
    if Phase.objects.in_force(assignment.application.edition, day).others != Phase.Others.OWN:
        raise NotNow
    review = _held(assignment, at)
    if review.state != State.GIVEN:
        raise IllegalMove(f"{review} has not been given")
    if (
        Review.objects.given()
        .filter(pk=review.pk, others_seen_at=None)
        .update(others_seen_at=at)
    ):
        note_all(Verb.OTHERS_READ, [review], assignment.reviewer.person, at=at)
