"""Who carries how much of each skill, summed up by scope in SQL, however many people there are.

What is looked at: nine whole weeks back and four ahead, from Monday to Monday; people who let
themselves be counted; what they have agreed to (D also holds what they are asked and have not
answered). A row is a skill of the second level of the tree with all that is below it, so that
every hour is in one row only and no two rows can be subtracted from each other; what is noted
for a whole branch is the row of the branch.
"""

import sys
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from psycopg import sql

from volunteers.load import monday_of
from volunteers.models import Commitment, Person, Region, Skill
from volunteers.scoring import EXACT, LEAST_HOURS, Part, Weights, together

BACK, AHEAD = timedelta(weeks=9), timedelta(weeks=4)
WEEKS = (BACK + AHEAD).days // 7

# Hours are floats from here on: they are rounded before anybody sees them.
# One pass over the commitments; then one over somebody's skills, and one over the people of a
# kind: those of one country and the same affiliates, who are in the same scopes. Where all that
# somebody said is one stretch of days, two comparisons tell how much of it is taken.
PARTS = """
WITH counted AS MATERIALIZED ({people}),
declared AS MATERIALIZED (
    SELECT b.person_id, b.weekly_hours::float8 / 7 AS daily,
        GREATEST(lower(b.period), {first}) AS first, LEAST(upper(b.period), {end}) AS until
    FROM volunteers_bandwidth b JOIN counted p ON p.id = b.person_id
    WHERE b.period && daterange({first}, {end})
),
said AS MATERIALIZED (
    SELECT person_id, sum(until - first) AS days, sum((until - first) * daily) AS hours,
        min(first) AS first, max(until) AS until, range_agg(daterange(first, until)) AS told
    FROM declared GROUP BY person_id
),
rested AS (
    SELECT d.person_id, sum(
        (LEAST(d.until, upper(r.period)) - GREATEST(d.first, lower(r.period))) * d.daily
    ) AS hours
    FROM declared d JOIN volunteers_rest r ON r.person_id = d.person_id
    WHERE r.period && daterange(d.first, d.until) GROUP BY d.person_id
),
taken AS (
    SELECT c.person_id, c.skill_id, c.weekly_hours::float8 / 7 AS daily,
        c.state = 'tentative' AS asked,
        GREATEST(lower(c.period), {first}) AS first, LEAST(upper(c.period), {end}) AS until
    FROM volunteers_commitment c
    WHERE c.state <> 'dropped' AND c.period && daterange({first}, {end})
),
carried AS MATERIALIZED (
    SELECT t.person_id, COALESCE(k.path[2], k.path[1]) AS skill_id,
        sum((t.until - t.first) * t.daily) AS asked,
        sum((t.until - t.first) * t.daily) FILTER (WHERE NOT t.asked) AS hours,
        sum(t.daily * CASE WHEN s.days = s.until - s.first
            THEN GREATEST(0, LEAST(s.until, t.until) - GREATEST(s.first, t.first))
            ELSE (SELECT COALESCE(sum(upper(part) - lower(part)), 0)
                FROM unnest(s.told * datemultirange(daterange(t.first, t.until))) part)
            END) FILTER (WHERE NOT t.asked AND s.days IS NOT NULL) AS loaded
    FROM taken t JOIN counted p ON p.id = t.person_id
    LEFT JOIN volunteers_skill k ON k.id = t.skill_id
    LEFT JOIN said s ON s.person_id = t.person_id
    GROUP BY t.person_id, COALESCE(k.path[2], k.path[1])
),
busy AS (
    SELECT person_id, sum(loaded) AS loaded,
        count(*) FILTER (WHERE hours > 0 AND skill_id IS NOT NULL) AS skills
    FROM carried GROUP BY person_id
),
able AS (
    SELECT s.person_id, (s.hours - COALESCE(r.hours, 0)) * 7 / s.days / b.skills AS room,
        COALESCE(b.loaded, 0) > s.hours - COALESCE(r.hours, 0) + 1e-6 AS over
    FROM busy b JOIN said s USING (person_id) LEFT JOIN rested r USING (person_id)
    WHERE b.skills > 0
),
belonging AS (
    SELECT p.id, p.country, array_agg(m.affiliate_id ORDER BY m.affiliate_id)
        FILTER (WHERE m.confirmed_at IS NOT NULL) AS affiliates
    FROM counted p LEFT JOIN volunteers_membership m ON m.person_id = p.id
    GROUP BY p.id, p.country
),
kinds AS MATERIALIZED (
    SELECT country, affiliates, min(id) AS kind, array_agg(id) AS people
    FROM belonging GROUP BY country, affiliates
),
grouped AS (
    SELECT k.kind, c.skill_id, count(*), sum(c.hours) AS hours, sum(c.hours ^ 2) AS squares,
        sum(c.asked) / {weeks} AS demand, COALESCE(sum(a.room), 0) AS room,
        COALESCE(sum(c.hours) FILTER (WHERE a.over), 0) AS over,
        COALESCE(sum(c.hours) FILTER (WHERE a.person_id IS NOT NULL), 0) AS known,
        string_agg(float8send(c.hours), '') AS each
    FROM carried c JOIN (SELECT kind, unnest(people) AS person_id FROM kinds) k
        USING (person_id)
    LEFT JOIN able a USING (person_id)
    WHERE c.hours > 0 AND c.skill_id IS NOT NULL GROUP BY k.kind, c.skill_id
)
SELECT k.country, k.affiliates, g.* FROM grouped g JOIN kinds k USING (kind)
"""
# What aggregates will give cannot be estimated: left alone, PostgreSQL tries each pair.
PLANNED = """
SET LOCAL work_mem = '512MB'; SET LOCAL jit = off; SET LOCAL enable_nestloop = off;
SET LOCAL enable_mergejoin = off
"""

Groups = dict[frozenset[str], int]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of one skill: its weights by scope, and who is in which scopes."""

    skill: int
    by_scope: dict[str, Weights]
    groups: Groups


def skills_carried_by(person: Person, day: date) -> list[Skill]:
    """List the skills for which somebody is counted, or would be, as rows name them."""
    period = DateRange(monday_of(day) - BACK, monday_of(day) + AHEAD)
    agreed = (
        person.commitments.during(period)
        .exclude(skill=None)
        .exclude(state__in=[Commitment.State.DROPPED, Commitment.State.TENTATIVE])
    )
    paths = agreed.values_list("skill__path", flat=True)
    rows = {path[min(1, len(path) - 1)] for path in paths}
    return list(Skill.objects.filter(pk__in=rows).by_label())


def figures(day: date, skills: Collection[int] | None = None) -> Iterator[Figures]:
    """Sum up every skill, or some, in every scope, as of a day; call it in a transaction."""
    parts: dict[int, dict[frozenset[str], Part]] = defaultdict(dict)
    for skill, scopes, part in _parts(day, skills):
        parts[skill][scopes] = part
    for skill in sorted(parts):
        by_scope = _weighed(parts[skill])
        if by_scope:
            groups = {scopes: part.people for scopes, part in parts[skill].items()}
            yield Figures(skill, by_scope, groups)


def _weighed(parts: dict[frozenset[str], Part]) -> dict[str, Weights]:
    """Weigh a skill in each scope in which enough is asked for."""
    inside: dict[str, list[Part]] = defaultdict(list)
    for scopes, part in parts.items():
        for scope in scopes:
            inside[scope].append(part)
    least = LEAST_HOURS / WEEKS - EXACT
    return {
        scope: together(some)
        for scope, some in inside.items()
        if sum(part.demand for part in some) >= least
    }


def _parts(
    day: date, skills: Collection[int] | None
) -> Iterator[tuple[int, frozenset[str], Part]]:
    """Read who carries what: one part for each skill and those who are in the same scopes."""
    people = Person.objects.counted().order_by().values("id", "country")
    if skills is not None:
        people = people.filter(commitments__skill__path__overlap=list(skills)).distinct()
    counted, values = people.query.sql_with_params()
    statement = sql.SQL(PARTS).format(
        people=sql.SQL(counted),  # the ORM's own words
        first=sql.Literal(monday_of(day) - BACK),
        end=sql.Literal(monday_of(day) + AHEAD),
        weeks=sql.Literal(float(WEEKS)),
    )
    regions = _regions()
    with connection.cursor() as cursor:
        cursor.execute(PLANNED)
        cursor.execute(statement, values)
        of_kind: dict[int, frozenset[str]] = {}
        for country, affiliates, kind, skill, *sums in cursor.fetchall():
            if skills is None or skill in skills:
                if kind not in of_kind:
                    of_kind[kind] = _scopes(country, affiliates or [], regions)
                sums[-1] = _floats(sums[-1])
                yield skill, of_kind[kind], Part(*sums)


def _scopes(
    country: str, affiliates: list[int], regions: dict[str, list[str]]
) -> frozenset[str]:
    """List where people of a country and of these affiliates are counted."""
    here = [f"country:{country}", *regions.get(country, ())] if country else []
    return frozenset(("all", *here, *(f"affiliate:{key}" for key in affiliates)))


def _floats(sent: bytes) -> "array[float]":
    """Read numbers as PostgreSQL sends them, eight bytes each, the highest first."""
    found = array("d", sent)
    if sys.byteorder == "little":
        found.byteswap()
    return found


def _regions() -> dict[str, list[str]]:
    """Give the scopes of the regions that each country is in."""
    found: dict[str, list[str]] = defaultdict(list)
    for slug, countries in Region.objects.values_list("slug", "countries"):
        for country in countries:
            found[country].append(f"region:{slug}")
    return found
