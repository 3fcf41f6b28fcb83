"""What a person has in the Grand Tour, to take away."""

import re
from collections.abc import Iterable, Iterator

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q

from grandtour.models import (
    Answer,
    Application,
    ChecklistItem,
    Completion,
    Conflict,
    Consent,
    Cost,
    Decision,
    ExerciseAnswer,
    Expectation,
    JourneyEvent,
    Leg,
    LessonDone,
    LookBack,
    LookBackAnswer,
    Plan,
    Receipt,
    Review,
    Reviewer,
    ReviewEvent,
    Score,
    Seat,
    Sharing,
    SignUp,
    Stop,
    StopEvent,
    StopNote,
    TravelReport,
)
from volunteers.models import Person

APPLICATION = [
    *("id", "edition__slug", "state", "country", "place__name", "affiliate__name", "purpose"),
    *("way", "goals", "brings", "spreads", "voice_note"),
    *("languages", "travels_by", "first_time", "nights"),
    *("peer_role", "partner__affiliate__name", "partner_agrees", "partner_answered_at"),
    *("consented_at", "created_at", "changed_at", "submitted_at", "ended_at"),
]
READING = [
    *("edition__slug", "state", "reviews", "decides", "most", "asked_at", "answered_at"),
]
REVIEW = [
    *("id", "reviewer__edition__slug", "state", "recommendation", "confidence", "words"),
    *("score", "begun_at", "changed_at", "given_at", "others_seen_at"),
]
SEAT = [
    *("id", "journey_id", "edition__slug", "state", "country", "period", "reason", "words"),
    *("reply_by", "offered_at", "accepted_at", "ended_at"),
]
LEG = [
    *("journey_id", "mode", "km", "grams", "grams_plain", "factor", "factor_kg"),
    *("factor_kg_plain", "source", "year", "because"),
]
EXPECTATION = [
    *("seat_id", "stop_id", "version", "side", "proposed_at"),
    *("goals", "programme", "questions", "afterwards", "arrive", "leave"),
]
NOTE = ["stop_id", "seat_id", "written_at", "good", "better", "again", "passed_on"]
REPORT = ["seat_id", "submitted_at", "learnt", "changes", "for_next", "voice_note"]
STUCK = ["seat_id", "stop_id", "stuck", "action", "offered", "again", "words"]
COST = [
    *("id", "seat__journey_id", "kind", "state", "what", "day", "amount", "currency"),
    *("claimed_amount", "claimed_currency", "words", "created_at", "decided_at", "paid_at"),
]
SIGN_UP = ["event__title", "event__begins_at", "place", "signed_up_at"]
EVENT = ["title", "words", "begins_at", "announced_at", "called_off_because"]
NEEDS = {
    f"needs_{name}": F(f"needs__{name}")
    for name in ("step_free", "access", "diet", "visa", "other", "shown_to_hosts_at")
}


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
        "answers": Answer.objects.filter(application__person=person)
        .in_order()
        .values("application_id", "question__words", "words"),
        **_journeys(person),
        **_understandings(person),
        **_afterwards(person),
        **_money(person),
        **_trainings(person),
        **_events(person),
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


def _understandings(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    """Give what they and their hosts, or their guests, expected of each other."""
    about = Expectation.objects.filter(Q(seat__person=person) | Q(proposed_by=person))
    consents = Consent.objects.filter(person=person).order_by("pk")
    return {
        "expectations": about.order_by("pk").values(*EXPECTATION),
        "what-i-agreed-to": consents.values(
            "expectation__seat_id", "expectation__stop_id", "expectation__version", "at"
        ),
    }


def _events(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    """Give the events they come to, and those they announced for a host."""
    comes = SignUp.objects.filter(person=person).order_by("pk")
    announced = StopEvent.objects.filter(announced_by=person).order_by("pk")
    return {
        "events-i-come-to": comes.values(*SIGN_UP),
        "events-i-announced": announced.values(*EVENT),
    }


def _trainings(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    """Give what they passed, what they are through with, and what they wrote to questions."""
    passed = Completion.objects.filter(person=person).order_by("pk")
    done = LessonDone.objects.filter(person=person).order_by("pk")
    said = ExerciseAnswer.objects.filter(person=person).order_by("pk")
    version = ("version__training__slug", "version__number")
    return {
        "trainings-passed": passed.values(*version, "day", "last_day"),
        "lessons-done": done.values(*(f"lesson__{name}" for name in version), "done_at"),
        "answers-in-trainings": said.values("exercise__question", "words"),
    }


def _afterwards(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    """Give what they saw to, wrote, passed on, and said half a year later with their name."""
    items = ChecklistItem.objects.filter(seat__person=person).order_by("pk")
    notes = StopNote.objects.filter(person=person).order_by("pk")
    reports = TravelReport.objects.filter(seat__person=person).order_by("pk")
    sharings = Sharing.objects.filter(seat__person=person).order_by("pk")
    asked = LookBack.objects.filter(person=person).order_by("pk")
    answers = LookBackAnswer.objects.filter(person=person).order_by("pk")
    skills = ArrayAgg("skills__slug", distinct=True, default=[])
    return {
        "things-to-see-to": items.values("seat_id", "what", "due", "done_at"),
        "notes-about-stops": notes.values(*NOTE),
        "reports": reports.values(*REPORT).annotate(learnt_skills=skills),
        "shared-at-home": sharings.values("seat_id", "day", "what", "link"),
        "asked-what-stuck": asked.values("seat_id", "stop_id", "asked_at", "state"),
        "what-stuck": answers.values(*STUCK),
    }


def _money(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    """Give somebody's costs, and what they decided about others'."""
    decided = Cost.objects.filter(decided_by=person).order_by("pk")
    paid = Cost.objects.filter(paid_by=person).order_by("pk")
    return {
        "costs": Cost.objects.filter(seat__person=person).order_by("pk").values(*COST),
        "costs-i-decided": decided.values("id", "edition__slug", "decided_at"),
        "costs-i-paid": paid.values("id", "edition__slug", "paid_at"),
    }


def files(person: Person) -> Iterator[tuple[str, bytes]]:
    """Give somebody's receipts, as they sent them."""
    mine = Receipt.objects.filter(cost__seat__person=person).order_by("pk")
    for one in mine.iterator(1):
        name = re.sub(r"[^\w.-]+", "_", one.file_name)
        yield f"receipt-{one.cost_id}-{name}", bytes(one.content)
