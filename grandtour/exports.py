"""What a person has in the Grand Tour, to take away."""

from collections.abc import Iterable

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F

from grandtour.models import (
    Application,
    Conflict,
    Decision,
    JourneyEvent,
    Leg,
    Plan,
    Review,
    Reviewer,
    ReviewEvent,
    Score,
    Seat,
    Stop,
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
SEAT = [
    *("id", "journey_id", "edition__slug", "state", "country", "period", "reason", "words"),
    *("reply_by", "offered_at", "accepted_at", "ended_at"),
]
LEG = [
    *("journey_id", "mode", "km", "grams", "grams_plain", "factor", "factor_kg"),
    *("factor_kg_plain", "source", "year", "because"),
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
        **_journeys(person),
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


def _journeys(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    """Give where somebody travelled or was to, and what they did about others' journeys."""
    seats = Seat.objects.filter(person=person)
    legs = Leg.objects.filter(seat__in=seats).order_by("pk")
    welcomed = Stop.objects.filter(accepted_by=person).order_by("pk")
    planned = Plan.objects.filter(asked_by=person) | Plan.objects.filter(accepted_by=person)
    return {
        "places": seats.order_by("pk").values(*SEAT),
        "legs": legs.values(*LEG),
        "places-i-took-from-journeys": Seat.objects.filter(ended_by=person)
        .order_by("pk")
        .values("id", "journey_id", "state", "reason", "ended_at"),
        "stops-i-said-yes-to": welcomed.values("id", "journey_id", "arrive", "accepted_at"),
        "plans": planned.order_by("pk").values(
            "id", "edition__slug", "asked_at", "accepted_at"
        ),
        "what-i-did-in-journeys": JourneyEvent.objects.filter(by=person)
        .order_by("pk")
        .values("journey_id", "what", "at"),
    }
