"""What a person has in the Grand Tour, to take away."""

from collections.abc import Iterable

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F

from grandtour.models import (
    Application,
    Conflict,
    Decision,
    Review,
    Reviewer,
    ReviewEvent,
    Score,
)
from volunteers.models import Person

APPLICATION = [
    *("id", "edition__slug", "state", "country", "place__name", "affiliate__name", "purpose"),
    *("goals", "brings", "spreads", "voice_note", "languages", "travels_by", "first_time"),
    *("consented_at", "created_at", "changed_at", "submitted_at", "ended_at"),
]
READING = [
    *("edition__slug", "state", "reviews", "decides", "most", "asked_at", "answered_at"),
]
REVIEW = [
    *("id", "reviewer__edition__slug", "state", "recommendation", "confidence", "words"),
    *("score", "begun_at", "changed_at", "given_at"),
]
NEEDS = {f"needs_{name}": F(f"needs__{name}") for name in ("access", "diet", "visa", "other")}


def sheets(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    """Give each kind of row, read only when it is written."""
    mine = Application.objects.filter(person=person).order_by("pk")
    skills = {
        "wanted_skills": ArrayAgg("wants__slug", distinct=True, default=[]),
        "shared_skills": ArrayAgg("shares__slug", distinct=True, default=[]),
    }
    return {
        "applications": mine.values(*APPLICATION, **NEEDS).annotate(**skills),
        "days-away": mine.exclude(windows=None).values("id", period=F("windows__period")),
        "what-happened": mine.exclude(events=None).values(
            "id", happened=F("events__state"), at=F("events__at")
        ),
    } | _as_reviewer(person)


def _as_reviewer(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    """Give what somebody wrote and did about others' applications, without those."""
    mine = Review.objects.filter(reviewer__person=person).order_by("pk")
    scores = Score.objects.filter(review__in=mine).order_by("review", "criterion__number")
    conflicts = Conflict.objects.filter(reviewer__person=person).order_by("pk")
    decided = Decision.objects.filter(by=person).order_by("pk")
    done = ReviewEvent.objects.filter(person=person).order_by("at", "pk")
    return {
        "reading": Reviewer.objects.filter(person=person).order_by("pk").values(*READING),
        "reviews": mine.values(*REVIEW),
        "scores": scores.values("review", "criterion__name", "value"),
        "conflicts": conflicts.values("reviewer__edition__slug", "kind", "found_at"),
        "decisions-by-me": decided.values("outcome", "decided_at", "published_at"),
        "done-about-applications": done.values("verb", "at"),
    }
