"""People by the hundred thousand with skills by Zipf's law, and the gate before them."""

import random
import sys
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import accumulate

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from benchmarks import clock
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
ASKED, CHECKS, HAD_EACH = 0.3, 300, 9
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
        copy(PersonSkill, list(_skills(keys, draw)))
        copy(Ask, list(_asks(people, draw)))
        _write_weeks(keys, draw)
        copy(Commitment, _taken_on(keys, draw))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _people(number: int, draw: random.Random) -> Iterator[dict[str, object]]:
    """Make the people."""
    now = timezone.now()
    for n in range(number):
        asked = now - draw.randint(1, 400) * DAY if draw.random() < ASKED else None
        yield {"username": f"person-{n}", "password": "!", "last_asked_at": asked}


def _skills(people: list[int], draw: random.Random) -> Iterator[dict[str, object]]:
    """Give each one to five skills: the first skill to one in three, most to very few."""
    skills = list(Skill.objects.order_by("slug").values_list("pk", flat=True))
    draw.shuffle(skills)
    weights = list(accumulate(1 / (rank + 1) for rank in range(len(skills))))
    for pk in people:
        for skill in set(draw.choices(skills, cum_weights=weights, k=draw.randint(1, 5))):
            how = draw.choice(["has", "has", "teaches", "wants"])
            yield {"person_id": pk, "skill_id": skill, "how": how}


def _asks(people: list[tuple[int, object]], draw: random.Random) -> Iterator[dict[str, object]]:
    """Make the last ask of each who was asked; one in four still waits."""
    for person, asked in people:
        asker = draw.choice(people)[0]
        if asked and asker != person:
            answered = draw.choice([None, asked, asked, asked])
            row = {"person_id": person, "asker_id": asker, "asked_at": asked}
            yield {**row, "answered_at": answered}


def _write_weeks(people: list[int], draw: random.Random) -> None:
    """Let one in ten rest, and half say what they can give."""
    day = timezone.now().date()
    rest = days(day - 3 * DAY, day + 9 * DAY)
    copy(Rest, ({"person_id": pk, "period": rest} for pk in people[::10]))
    period = days(day - 90 * DAY, day + 200 * DAY)
    said = (
        {"person_id": pk, "period": period, "weekly_hours": draw.randint(3, 9)}
        for pk in people[::2]
    )
    copy(Bandwidth, said)


def _taken_on(people: list[int], draw: random.Random) -> Iterator[dict[str, object]]:
    """Give each one commitment now and nine of the last years, half of them noted as done."""
    day = timezone.now().date()
    for pk in people:
        for n in range(HAD_EACH + 1):
            first = day - draw.randint(80, 900) * DAY if n else day - 20 * DAY
            yield {
                "person_id": pk,
                "what": "Something",
                "source": "by_hand",
                "key": f"{n}",
                "period": days(first, first + draw.randint(20, 70) * DAY),
                "weekly_hours": Decimal(draw.randint(1, 6)),
                "state": draw.choice(["done", "running"]) if n else "running",
            }


def check() -> None:
    """Look at the room of many people, each time with others to turn to; print milliseconds."""
    draw = random.Random(7)  # noqa: S311 -- the same ones every time
    able = PersonSkill.objects.exclude(how="wants").select_related("person", "skill")
    keys = list(able.order_by("pk").values_list("pk", flat=True))
    asked = list(able.filter(pk__in=draw.sample(keys, CHECKS)).order_by("pk"))
    askers = list(Person.objects.filter(pk__in=_some(draw, CHECKS)).order_by("pk"))
    wish = gate.Wish(weekly_hours=Decimal(20))
    for row, asker in zip(asked, askers, strict=True):
        start = clock.now()
        now = timezone.now()
        gate.check(row.person, asker=asker, now=now, wish=wish)
        without = [row.person_id]
        gate.others([row.skill], asker=asker, now=now, without=without)
        sys.stdout.write(f"{(clock.now() - start) * 1000}\n")


def _some(draw: random.Random, number: int) -> list[int]:
    keys = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    return draw.sample(keys, number)
