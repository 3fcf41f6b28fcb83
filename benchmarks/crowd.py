"""People by the hundred thousand, a fifth of them with one skill, and the gate before them."""

import random
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from benchmarks.corpus import copy
from volunteers import gate
from volunteers.models import (
    Ask,
    Bandwidth,
    Commitment,
    Person,
    PersonLanguage,
    PersonSkill,
    Rest,
    Skill,
)
from volunteers.models.bandwidth import days

LANGUAGES = ["en"] * 12 + ["de"] * 4 + ["fr"] * 3 + ["es", "pl", "uk"]
ASKED, ONE_IN, CHECKS = 0.3, 5, 300
DAY = timedelta(days=1)


def fill(number: int, seed: int = 20) -> None:
    """Fill an empty database: some rest, some are full, a third was asked before."""
    call_command("reference", verbosity=0)
    draw = random.Random(seed)  # noqa: S311 -- the same crowd every time
    with transaction.atomic():
        copy(Person, list(_people(number, draw)))
        people = list(Person.objects.order_by("pk").values_list("pk", "last_asked_at"))
        keys = [pk for pk, _asked in people]
        speaks = (
            {"person_id": pk, "language": draw.choice(LANGUAGES), "level": "4"} for pk in keys
        )
        copy(PersonLanguage, speaks)
        skill = Skill.objects.order_by("pk")[0].pk
        able = ({"person_id": pk, "skill_id": skill, "how": "has"} for pk in keys[::ONE_IN])
        copy(PersonSkill, able)
        copy(Ask, list(_asks(people, draw)))
        _write_weeks(keys, draw)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _people(number: int, draw: random.Random) -> Iterator[dict[str, object]]:
    """Make the people."""
    now = timezone.now()
    for n in range(number):
        asked = now - draw.randint(1, 400) * DAY if draw.random() < ASKED else None
        yield {"username": f"person-{n}", "password": "!", "last_asked_at": asked}


def _asks(people: list[tuple[int, object]], draw: random.Random) -> Iterator[dict[str, object]]:
    """Make the last ask of each who was asked; one in four still waits."""
    for person, asked in people:
        asker = draw.choice(people)[0]
        if asked and asker != person:
            answered = draw.choice([None, asked, asked, asked])
            row = {"person_id": person, "asker_id": asker, "asked_at": asked}
            yield {**row, "answered_at": answered}


def _write_weeks(people: list[int], draw: random.Random) -> None:
    """Let one in ten rest, half say what they can give, and each have two commitments."""
    day = timezone.now().date()
    rests = [
        Rest(person_id=pk, period=days(day - 3 * DAY, day + 9 * DAY)) for pk in people[::10]
    ]
    Rest.objects.bulk_create(rests, 2000)
    period = days(day - 90 * DAY, day + 200 * DAY)
    said = [Bandwidth(person_id=pk, period=period, weekly_hours=6) for pk in people[::2]]
    Bandwidth.objects.bulk_create(said, 2000)
    soon = days(day - 20 * DAY, day + 40 * DAY)
    taken = [
        Commitment(
            person_id=pk,
            what="Something",
            source="by_hand",
            key=key,
            period=soon,
            weekly_hours=Decimal(draw.randint(1, 4)),
        )
        for pk in people
        for key in "ab"
    ]
    Commitment.objects.bulk_create(taken, 2000)


def check() -> None:
    """Look at the room of many people, each time with others to turn to; print milliseconds."""
    draw = random.Random(7)  # noqa: S311 -- the same ones every time
    people = list(Person.objects.filter(pk__in=_some(draw, 2 * CHECKS)).order_by("pk"))
    skills = [Skill.objects.order_by("pk")[0]]
    for asked, asker in zip(people[::2], people[1::2], strict=False):
        start = time.perf_counter()
        wish = gate.Wish(weekly_hours=Decimal(20))
        about = {"viewer": asker, "now": timezone.now(), "wish": wish}
        gate.public_word_or_others(asked, skills, **about)
        sys.stdout.write(f"{(time.perf_counter() - start) * 1000}\n")


def _some(draw: random.Random, number: int) -> list[int]:
    keys = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    return draw.sample(keys, number)
