"""What a person has in the Grand Tour, to take away."""

from collections.abc import Iterable

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F

from grandtour.models import Application
from volunteers.models import Person

APPLICATION = [
    *("id", "edition__slug", "state", "country", "place__name", "affiliate__name", "purpose"),
    *("goals", "brings", "spreads", "voice_note", "languages", "travels_by", "first_time"),
    *("consented_at", "created_at", "changed_at", "submitted_at", "ended_at"),
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
    }
