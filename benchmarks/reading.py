"""An edition with very many applications that are read, and the pages that show them.

Runs inside `manage.py shell`, on a database of its own (see `review`).
"""

import random
import sys
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benchmarks import acquainted
from benchmarks.clock import now
from grandtour.models import (
    Application,
    Assignment,
    Criterion,
    Edition,
    Phase,
    Review,
    Reviewer,
    Score,
    barred_to,
)
from volunteers.actions.organisers import appoint
from volunteers.models import Affiliate, Person, Place

ORGANISER = "organiser"
ROUNDS = 20
COUNTRIES = ("PL", "DE", "ES", "UA", "TN", "FI", "CZ", "RS", "IT", "FR", "GB", "NL")
WORDS = "In our town a school would like to write its own street into Wikipedia. " * 8


@transaction.atomic
def fill(applications: int, reviewers: int, each: int) -> None:
    """Write an edition whose applications have been read by so many reviewers each."""
    dice = random.Random(applications)  # noqa: S311 -- the same edition every time
    edition = _edition()
    place = Place.objects.create(
        id=1, name="Gdynia", country="PL", latitude=54.5, longitude=18.5, population=1, names=""
    )
    affiliates = Affiliate.objects.bulk_create(
        Affiliate(kind="chapter", name=f"Wikimedia {n}", slug=f"wikimedia-{n}")
        for n in range(40)
    )
    people = Person.objects.bulk_create(
        Person(
            username=f"person{n}", name=f"Person {n}", email=f"p{n}@example.org", place=place
        )
        for n in range(applications + reviewers)
    )
    organiser = Person.objects.create(username=ORGANISER, email="o@example.org")
    appoint(organiser)
    at = timezone.now() - timedelta(days=3)
    made = Application.objects.bulk_create(
        Application(
            edition=edition,
            person=person,
            state="in_review",
            country=COUNTRIES[n % len(COUNTRIES)],
            place=place,
            affiliate=affiliates[n % 40] if n % 2 else None,
            purpose="editor",
            goals=WORDS,
            brings=WORDS,
            spreads=WORDS,
            languages=["en", "pl"] if n % 3 else ["de"],
            travels_by=["rail"],
            first_time=bool(n % 3),
            submitted_at=at,
            consented_at=at,
        )
        for n, person in enumerate(people[:applications])
    )
    readers = Reviewer.objects.bulk_create(
        Reviewer(edition=edition, person=person, state="reading", asked_at=at, answered_at=at)
        for person in people[applications:]
    )
    _read(edition, made, readers, each, dice)
    acquainted.fill(edition, people, organiser)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _edition() -> Edition:
    """Write an edition that is read, with three criteria and a phase."""
    edition = Edition.objects.create(
        name="Grand Tour",
        slug="grand-tour",
        state="reviewing",
        theme="All",
        about="All",
        how_chosen="So",
        success="That",
        applications_first_day=date(2026, 1, 1),
        applications_last_day=date(2026, 2, 1),
        travel_first_day=date(2040, 1, 1),
        travel_last_day=date(2040, 3, 1),
        carbon_budget=1,
    )
    for number, weight in enumerate((3, 2, 1), 1):
        Criterion.objects.create(
            edition=edition, number=number, name=f"C{number}", weight=weight
        )
    day = timezone.localdate()
    Phase.objects.create(
        edition=edition,
        name="Reading",
        first_day=day - timedelta(days=9),
        last_day=day + timedelta(days=900),
        may_decide=True,
    )
    return edition


def _read(
    edition: Edition,
    made: list[Application],
    readers: list[Reviewer],
    each: int,
    dice: random.Random,
) -> None:
    """Let reviewers score what was given out."""
    at = datetime.now(UTC)
    pairs = [(one, reader) for one in made for reader in dice.sample(readers, each)]
    Assignment.objects.bulk_create(
        Assignment(application=one, reviewer=reader, assigned_at=at) for one, reader in pairs
    )
    reviews = Review.objects.bulk_create(
        Review(application=one, reviewer=reader, begun_at=at, changed_at=at, words=WORDS[:300])
        for one, reader in pairs
    )
    criteria = list(edition.criteria.order_by("number"))
    Score.objects.bulk_create(
        Score(review=review, criterion=criterion, value=dice.randint(0, 4))
        for review in reviews
        for criterion in criteria
    )
    Review.objects.update(state="given", given_at=at, recommendation="yes", confidence=2)


def check() -> None:
    """Print milliseconds, statements and the address of each page, round by round."""
    client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
    client.force_login(Person.objects.get(username=ORGANISER))
    edition = Edition.objects.get(slug="grand-tour")
    organiser = Person.objects.get(username=ORGANISER)
    theirs = edition.applications.exclude(pk__in=barred_to(organiser, edition))
    keys = theirs.order_by("pk").values_list("pk", flat=True)[:4]
    chosen = "&".join(f"of={key}" for key in keys)
    desk, query = reverse("admin:grandtour_edition_review", args=[edition.pk]), f"?{chosen}"
    pages = {
        "list": desk,
        "recap": f"{desk}recap/",
        "letters": f"{desk}letters/",
        "compare": f"{desk}compare/{query}",
        "application": f"{desk}applications/{keys[0]}/",
    }
    for name, address in list(pages.items()) * ROUNDS:
        start = now()
        answer = client.get(address)
        took = (now() - start) * 1000
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{address}: {answer.status_code}")
        with CaptureQueriesContext(connection) as statements:
            client.get(address)
        sys.stdout.write(f"{name} {took:.1f} {len(statements)}\n")
