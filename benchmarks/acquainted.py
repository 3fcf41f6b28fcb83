"""How people of an edition know each other: what conflicts of interest are found in."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from grandtour.models import (
    Application,
    Conflict,
    Decision,
    DecisionLetter,
    Edition,
    Host,
    Journey,
    Reviewer,
    Seat,
    Stop,
)
from volunteers.models import Affiliate, Ask, Membership, Person

AFFILIATES, EACH_IN = 300, 2
ASKS, JOURNEYS, GROUP, HOSTS = 20_000, 100, 4, 40
OUTCOMES = ("shortlisted", "waiting", "declined")


def fill(edition: Edition, people: Sequence[Person], organiser: Person) -> None:
    """Give everybody affiliates, asks and earlier journeys, and decide about everybody."""
    dice = random.Random(len(people))  # noqa: S311 -- the same people every time
    everybody = [*people, organiser]
    _join(everybody, dice)
    _ask(everybody, dice)
    _travel(people, dice)
    _declare(edition, dice)
    _decide(edition, people[-1])


def _join(people: Sequence[Person], dice: random.Random) -> None:
    """Let everybody belong to some affiliates."""
    affiliates = Affiliate.objects.bulk_create(
        Affiliate(kind="user_group", name=f"User group {n}", slug=f"user-group-{n}")
        for n in range(AFFILIATES)
    )
    Membership.objects.bulk_create(
        Membership(person=person, affiliate=affiliate, confirmed_at=timezone.now())
        for person in people
        for affiliate in dice.sample(affiliates, EACH_IN)
    )


def _ask(people: Sequence[Person], dice: random.Random) -> None:
    """Let people have asked each other, and three of four have heard a yes."""
    at = timezone.now() - timedelta(days=40)
    pairs = [dice.sample(people, 2) for _one in range(ASKS)]
    Ask.objects.bulk_create(
        Ask(person=one, asker=other, asked_at=at, answered_at=at, declined=not n % 4)
        for n, (one, other) in enumerate(pairs)
    )


def _travel(people: Sequence[Person], dice: random.Random) -> None:
    """Let many have travelled in a round before, to hosts among the affiliates."""
    former = Edition.objects.get()
    former.pk, former.slug, former.name, former.state = None, "former", "Former tour", "closed"
    former.save(force_insert=True)
    affiliates = Affiliate.objects.filter(slug__startswith="user-group").order_by("pk")[:HOSTS]
    days, at = DateRange(date(2025, 5, 1), date(2025, 5, 9)), timezone.now()
    travellers = dice.sample(people, JOURNEYS * GROUP)
    with connection.cursor() as cursor:  # what was long ago breaks rules of today
        cursor.execute("SET LOCAL session_replication_role = replica")
    hosts = Host.objects.bulk_create(
        Host(
            edition=former,
            affiliate=one,
            state="accepted",
            place_id=1,
            programme="We scan.",
            venue="own",
            languages=["en"],
            offered_at=at,
            decided_at=at,
        )
        for one in affiliates
    )
    journeys = Journey.objects.bulk_create(
        Journey(edition=former, number=n + 1, state="closed", period=days)
        for n in range(JOURNEYS)
    )
    applications = Application.objects.bulk_create(
        Application(
            edition=former,
            person=person,
            state="completed",
            country="PL",
            place_id=1,
            purpose="editor",
            goals="To teach.",
            brings="Lessons.",
            spreads="At home.",
            languages=["en"],
            travels_by=["rail"],
            first_time=True,
            ended_at=at,
            submitted_at=at,
            consented_at=at,
        )
        for person in travellers
    )
    Stop.objects.bulk_create(
        Stop(journey=journey, host=host, number=1, arrive=days.lower, leave=days.upper)
        for journey in journeys
        for host in dice.sample(hosts, 1)
    )
    Seat.objects.bulk_create(
        Seat(
            journey=journeys[n // GROUP],
            application=application,
            edition=former,
            person=application.person,
            period=days,
            number=n % GROUP + 1,
            country=("PL", "DE", "ES", "IT")[n % GROUP],
            state="closed",
            accepted_at=at,
        )
        for n, application in enumerate(applications)
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")


def _declare(edition: Edition, dice: random.Random) -> None:
    """Let each reviewer have said of some that they know them."""
    keys = list(edition.applications.values_list("pk", flat=True))
    read = set(edition.applications.values_list("assignments__reviewer", "pk"))
    pairs = [
        (reviewer, key)
        for reviewer in Reviewer.objects.filter(edition=edition).order_by("pk")
        for key in dice.sample(keys, 10)
    ]
    Conflict.objects.bulk_create(
        Conflict(application_id=key, reviewer=who, kind="declared", found_at=timezone.now())
        for who, key in pairs
        if (who.pk, key) not in read
    )


def _decide(edition: Edition, by: Person) -> None:
    """Decide about everybody, so that nobody has heard of it yet."""
    at = timezone.now()
    made = Decision.objects.bulk_create(
        Decision(application=one, outcome=OUTCOMES[n % 3], by=by, decided_at=at)
        for n, one in enumerate(edition.applications.order_by("pk"))
    )
    DecisionLetter.objects.bulk_create(
        DecisionLetter(
            decision=one, language="en", subject="About you", body="Hello. " * 99, written_at=at
        )
        for one in made
    )
