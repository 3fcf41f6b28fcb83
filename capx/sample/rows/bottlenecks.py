"""Makes skills that hang on few: regular work by hand, who lets it count, and two snapshots."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange

from capx.sample import records
from capx.sample.accounts import USERNAMES
from capx.sample.rows.known import Known
from volunteers.actions.bottlenecks import take_snapshot
from volunteers.models import Commitment, Person
from volunteers.models.bandwidth import days

COUNTED = 0.85  # of those who said how much they can give
BACK, AHEAD = timedelta(weeks=11), timedelta(weeks=6)
A_WEEK = timedelta(weeks=1)
WORDS = {
    "en": "Regular help: {skill}",
    "de": "Regelmäßige Hilfe: {skill}",
    "es": "Ayuda regular: {skill}",
    "fr": "Aide régulière : {skill}",
}
SKILLS, CROWD = 34, 8  # in which there is regular work, and people in each; one skill each
LEADING = 2
# What part of their hours the first, the second and the others give: it hangs on one, on two,
# or on many.
PATTERNS = (
    *((Decimal("1.4"), Decimal("0.1"), Decimal("0.1")),) * 2,
    *((Decimal("0.95"), Decimal("0.95"), Decimal("0.75")),) * 3,
    *((Decimal("0.5"), Decimal("0.45"), Decimal("0.4")),) * 4,
)


def write_bottlenecks(people: tuple[records.Person, ...], known: Known, today: date) -> None:
    """Let people do what they are good at, most of them be counted, and sum it up twice."""
    dice = random.Random(3)  # noqa: S311 -- the same work every time
    saying = [one for one in people if one.weekly_hours and one.visibility != "hidden"]
    working = [one for one in saying if one.username not in USERNAMES]
    Commitment.objects.bulk_create(_work(working, dice, known, today))
    counted = [one for one in saying if dice.random() < COUNTED]
    for one in counted:
        known.people[one.username].counted_at = one.joined_at
    Person.objects.bulk_update([known.people[one.username] for one in counted], ["counted_at"])
    take_snapshot(today - 2 * A_WEEK)
    take_snapshot(today - A_WEEK)
    take_snapshot(today)


def _work(
    people: list[records.Person], dice: random.Random, known: Known, today: date
) -> Iterator[Commitment]:
    """Give each skill its people, with one pattern after another."""
    able: dict[str, list[records.Person]] = defaultdict(list)
    for one in sorted(people, key=lambda one: one.weekly_hours or 0, reverse=True):
        for ability in one.abilities:
            if ability.how == "has":
                able[ability.skill].append(one)
    busy: set[str] = set()
    slugs = sorted(able, key=lambda slug: (-len(able[slug]), slug))[:SKILLS]
    for number, slug in enumerate(slugs):
        free = [one for one in able[slug] if one.username not in busy]
        crowd = [*free[:LEADING], *free[LEADING:][LEADING - CROWD :]]
        busy.update(one.username for one in crowd)
        pattern = PATTERNS[number % len(PATTERNS)]
        for place, one in enumerate(crowd):
            part = pattern[min(place, LEADING)]
            begins = today - BACK + timedelta(days=dice.randint(0, 20))
            yield _taken(known, one, slug, part, days(begins, today + AHEAD))


def _taken(
    known: Known, one: records.Person, slug: str, part: Decimal, period: DateRange
) -> Commitment:
    """Make what somebody has taken on."""
    words = WORDS.get(one.language, WORDS["en"])
    return Commitment(
        person=known.people[one.username],
        what=words.format(skill=slug.replace("-", " ")),
        source=Commitment.Source.BY_HAND,
        key=f"regular-{slug}",
        skill=known.skills[slug],
        period=period,
        weekly_hours=max(Decimal("0.25"), (one.weekly_hours or Decimal(0)) * part),
        state=Commitment.State.RUNNING,
    )
