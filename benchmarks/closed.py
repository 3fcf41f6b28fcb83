"""Somebody for each reason why nobody can be asked, and asks that are refused for it."""

import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exchange.models import Listing
from volunteers.models import Ask, Bandwidth, Block, Person, PersonSkill, Rest, Skill
from volunteers.models.bandwidth import days

ABOUT = "Cutting films"
WARM = 20
DAY = timedelta(days=1)


def rests(person: Person, _asker: Person, day: date) -> None:
    """Let somebody rest."""
    Rest.objects.create(person=person, period=days(day - DAY, day + DAY))


def full(person: Person, _asker: Person, day: date) -> None:
    """Let somebody have no hours to give."""
    Bandwidth.objects.create(person=person, period=days(day, day + 90 * DAY), weekly_hours=0)


def unwilling(person: Person, _asker: Person, _day: date) -> None:
    """Let somebody not wish to be asked."""
    Person.objects.filter(pk=person.pk).update(may_be_asked=False)


def waited_for(person: Person, _asker: Person, _day: date) -> None:
    """Let as many asks wait as somebody lets wait."""
    askers = Person.objects.order_by("pk")[10:13]
    ago = timezone.now() - 20 * DAY
    Ask.objects.bulk_create(Ask(person=person, asker=one, asked_at=ago) for one in askers)


def blocked(person: Person, asker: Person, _day: date) -> None:
    """Let somebody not wish to meet who asks."""
    Block.objects.create(person=person, blocked=asker)


def refused(person: Person, asker: Person, _day: date) -> None:
    """Let somebody have said no to who asks."""
    Ask.objects.create(
        person=person,
        asker=asker,
        asked_at=timezone.now() - 20 * DAY,
        answered_at=timezone.now(),
        declined=True,
    )


REASONS: dict[str, Callable[[Person, Person, date], None]] = {
    one.__name__: one for one in (rests, full, unwilling, waited_for, blocked, refused)
}


def run(requests: int) -> None:
    """Ask for each reason so many times, all mixed; print the reason and the milliseconds.

    The rows are gone afterwards.
    """
    draw = random.Random(5)  # noqa: S311 -- the same order every time
    with transaction.atomic():
        ways = _ways()
        for number in range(requests + WARM):
            for reason in draw.sample(sorted(ways), len(ways)):
                taken = _ask(*ways[reason])
                if number >= WARM:
                    sys.stdout.write(f"{reason} {taken}\n")
        transaction.set_rollback(True)


def _ways() -> dict[str, tuple[Client, str]]:
    """Make an offer for each reason, and sign in who will ask."""
    skill, now = Skill.objects.order_by("pk")[0], timezone.now()
    ways = {}
    for reason, close in REASONS.items():
        author, asker = (
            Person.objects.create(username=f"{reason} {role}", email=f"{reason}@{role}.example")
            for role in ("author", "asker")
        )
        PersonSkill.objects.create(person=author, skill=skill, how="has")
        offer = Listing.objects.create(
            author=author,
            title=ABOUT,
            body=ABOUT,
            language="en",
            state="open",
            kind="offer",
            of="skill",
            **dict.fromkeys(("published_at", "confirmed_at"), now),
        )
        offer.skills.set([skill])
        close(author, asker, now.date())
        client = Client(HTTP_HOST="localhost")
        client.force_login(asker)
        ways[reason] = client, reverse("exchange:ask", args=[offer.pk])
    return ways


def _ask(client: Client, address: str) -> float:
    """Ask for three hours; give the milliseconds until the page that says no."""
    with transaction.atomic():
        start = time.perf_counter()
        answer = client.post(address, {"message": "Hello", "hours": "3"})
        taken = (time.perf_counter() - start) * 1000
        transaction.set_rollback(True)
    if answer.status_code != 200 or b"is not taking requests now" not in answer.content:  # noqa: PLR2004
        raise RuntimeError(answer)
    return taken
