"""People by the hundred thousand who wish to be asked today, and whose weeks are too full.

A tenth of them rest.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from benchmarks.corpus import copy
from volunteers.models import Bandwidth, CheckInRhythm, Commitment, Person, Rest
from volunteers.models.bandwidth import days

ZONES = [
    "Europe/Berlin",
    "Europe/Madrid",
    "Africa/Tunis",
    "Asia/Kolkata",
    "America/Lima",
    "UTC",
]
LANGUAGES = ["en", "en", "en", "de", "es", "ar"]
RESTS = 10  # one in so many


def fill(number: int) -> None:
    """Fill an empty database."""
    copy(Person, _people(number))
    day = timezone.now().date() - timedelta(days=1)
    keys = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    wishes = ({"person_id": pk, "every": "month", "next_day": day} for pk in keys)
    copy(CheckInRhythm, wishes)
    ahead = days(day, day + timedelta(weeks=8))
    said = {"period": ahead, "weekly_hours": 4}
    copy(Bandwidth, ({"person_id": pk, **said} for pk in keys))
    taken = {"what": "Something", "source": "by_hand", "key": "1", "state": "running"}
    full = {"period": ahead, "weekly_hours": 6, **taken}
    copy(Commitment, ({"person_id": pk, **full} for pk in keys))
    period = days(day - timedelta(days=9), day + timedelta(days=9))
    Rest.objects.bulk_create((Rest(person_id=pk, period=period) for pk in keys[::RESTS]), 2000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _people(number: int) -> Iterator[dict[str, object]]:
    for n in range(number):
        yield {
            "username": f"person-{n}",
            "name": f"Person {n}",
            "password": "!",
            "email": f"person-{n}@example.org",
            "time_zone": ZONES[n % len(ZONES)],
            "language": LANGUAGES[n % len(LANGUAGES)],
        }
