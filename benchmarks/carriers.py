"""People who carry skills, in forty countries and two hundred affiliates; all are counted.

Each has as many commitments that name a skill, a few skills far more often than the others,
spread over two years as in life, or crowded into the weeks that are looked at, the worst there
can be; nine in ten people belong to an affiliate of their country.
"""

import random
import sys
from datetime import timedelta
from http import HTTPStatus

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from benchmarks import clock
from benchmarks.corpus import copy
from volunteers.actions.bottlenecks import be_counted, be_left_out, take_snapshot
from volunteers.models import Person, Skill

ROUNDS, PAGES, LEAVING = 3, 40, 20
COUNTRIES = (
    *("DE", "FR", "GB", "ES", "IT", "PL", "NL", "SE", "UA", "PT", "CZ", "AT", "CH", "BE", "IN"),
    *("US", "BR", "NG", "ID", "EG", "JP", "MX", "AR", "KE", "TR", "FI", "NO", "DK", "GR", "HU"),
    *("RS", "RO", "BG", "GE", "AM", "EE", "LV", "LT", "SK", "SI"),
)
FILL = """
INSERT INTO volunteers_affiliate (kind, name, slug, about, website, countries, languages,
    has_office)
SELECT 'chapter', 'Affiliate ' || n, 'affiliate-' || n, '', '',
    ARRAY[(ARRAY[{countries}])[1 + n % 40]], '{{}}', false
FROM generate_series(1, 200) n;
INSERT INTO volunteers_membership (person_id, affiliate_id, role, confirmed_at)
SELECT p.id, a.id, 'member', now() FROM (
    SELECT id, country, random() < 0.1 AS abroad, 1 + floor(5 * random())::int AS nth,
        1 + floor(200 * random())::int AS anywhere FROM volunteers_person
) p JOIN (
    SELECT id, countries[1] AS country, row_number() OVER (ORDER BY id) AS place,
        row_number() OVER (PARTITION BY countries[1] ORDER BY id) AS nth
    FROM volunteers_affiliate
) a ON CASE WHEN p.abroad THEN a.place = p.anywhere
    ELSE a.country = p.country AND a.nth = p.nth END;
INSERT INTO volunteers_bandwidth (person_id, period, weekly_hours)
SELECT id, daterange(current_date - 200, NULL), 1 + floor(random() * 10)
FROM volunteers_person WHERE random() < 0.7;
INSERT INTO volunteers_rest (person_id, period, words)
SELECT id, daterange(current_date - 5, current_date + 9), ''
FROM volunteers_person WHERE random() < 0.1;
INSERT INTO volunteers_commitment (person_id, what, source, key, skill_id, period,
    weekly_hours, state)
SELECT p.id, 'Something', 'by_hand', n::text, s.id,
    daterange(current_date - c.ago, current_date - c.ago + 20 + (n * 7) % 60), 0.2 + 2 * c.much,
    (ARRAY['planned', 'running', 'done', 'done', 'tentative'])[1 + n % 5]
FROM volunteers_person p CROSS JOIN generate_series(1, {each}) n
CROSS JOIN LATERAL (
    SELECT floor(random() * {days})::int - 20 AS ago, random() AS much, p.id + n AS draw,
        1 + floor({skills} * random() ^ 3)::int AS nth
) c JOIN (
    SELECT id, row_number() OVER (ORDER BY md5(slug)) AS nth FROM volunteers_skill
) s ON s.nth = c.nth;
"""


def fill(people: int, commitments: int, days: int) -> None:
    """Fill an empty database; commitments begin on the days up to twenty from now."""
    call_command("reference", verbosity=0)
    draw = random.Random(20)  # noqa: S311 -- the same people every time
    now = timezone.now()
    copy(
        Person,
        (
            {
                "username": f"person-{n}",
                "password": "!",
                "country": COUNTRIES[int(len(COUNTRIES) * draw.random() ** 2)],
                "counted_at": now,
            }
            for n in range(people)
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.2)")
        countries = ", ".join(f"'{code}'" for code in COUNTRIES)
        numbers = {"each": commitments // people, "skills": Skill.objects.count(), "days": days}
        cursor.execute(FILL.format(countries=countries, **numbers))
        cursor.execute("VACUUM ANALYZE")


def nightly() -> None:
    """Take the snapshot of today again and again; print seconds, and the rows at the end."""
    day = timezone.now().date()
    take_snapshot(day - timedelta(weeks=1))
    for _ in range(ROUNDS):
        start = clock.now()
        take_snapshot(day)
        sys.stdout.write(f"{clock.now() - start}\n")


def leaving() -> None:
    """Let some leave the sums, each after the last, and print milliseconds."""
    take_snapshot(timezone.now().date())
    for person in Person.objects.counted().order_by("pk")[:LEAVING]:
        start = clock.now()
        be_left_out(person)
        sys.stdout.write(f"{(clock.now() - start) * 1000}\n")
        be_counted(person, at=timezone.now())


def page() -> None:
    """Open the page of all, and print milliseconds."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(Person.objects.order_by("pk")[0])
    for _ in range(PAGES):
        start = clock.now()
        answer = client.get("/bottlenecks/")
        sys.stdout.write(f"{(clock.now() - start) * 1000}\n")
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(answer.status_code)
