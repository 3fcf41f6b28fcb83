"""Who carries how much of each skill, summed up by scope in SQL, however many people there are.

What is looked at: nine whole weeks back and four ahead, from Monday to Monday; people who let
themselves be counted; what they have agreed to (D also holds what they are asked and have not
answered). A row is a skill of the second level of the tree with all that is below it, so that
every hour is in one row only and no two rows can be subtracted from each other; what is noted
for a whole branch is the row of the branch.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from psycopg import sql

from volunteers.load import monday_of
from volunteers.models import Commitment, Person, Skill
from volunteers.scoring import LEAST_HOURS, Weights

BACK, AHEAD = timedelta(weeks=9), timedelta(weeks=4)
WEEKS = (BACK + AHEAD).days // 7

# Hours are floats from here on: they are rounded before anybody sees them.
CARRIERS = """
CREATE TEMP TABLE bottleneck_carrier ON COMMIT DROP AS
WITH counted AS MATERIALIZED ({people}),
taken AS MATERIALIZED (
    SELECT c.person_id, COALESCE(s.path[2], s.path[1]) AS skill_id, c.weekly_hours::float8 / 7
        AS daily, c.state = 'tentative' AS asked,
        GREATEST(lower(c.period), {first}) AS first, LEAST(upper(c.period), {end}) AS until
    FROM volunteers_commitment c JOIN counted p ON p.id = c.person_id
    LEFT JOIN volunteers_skill s ON s.id = c.skill_id
    WHERE c.state <> 'dropped' AND c.period && daterange({first}, {end})
),
declared AS MATERIALIZED (
    SELECT b.person_id, b.weekly_hours::float8 / 7 AS daily,
        GREATEST(lower(b.period), {first}) AS first, LEAST(upper(b.period), {end}) AS until
    FROM volunteers_bandwidth b JOIN counted p ON p.id = b.person_id
    WHERE b.period && daterange({first}, {end})
),
said AS (
    SELECT person_id, sum(until - first) AS days, sum((until - first) * daily) AS hours
    FROM declared GROUP BY person_id
),
rested AS (
    SELECT d.person_id, sum(
        (LEAST(d.until, upper(r.period)) - GREATEST(d.first, lower(r.period))) * d.daily
    ) AS hours
    FROM declared d JOIN volunteers_rest r ON r.person_id = d.person_id
    WHERE r.period && daterange(d.first, d.until) GROUP BY d.person_id
),
loaded AS (
    SELECT d.person_id,
        sum((LEAST(d.until, t.until) - GREATEST(d.first, t.first)) * t.daily) AS hours
    FROM declared d JOIN taken t ON t.person_id = d.person_id
    WHERE NOT t.asked AND t.first < d.until AND d.first < t.until GROUP BY d.person_id
),
able AS (
    SELECT s.person_id, s.hours - COALESCE(r.hours, 0) AS hours, s.days,
        COALESCE(l.hours, 0) > s.hours - COALESCE(r.hours, 0) + 1e-6 AS over
    FROM said s LEFT JOIN rested r USING (person_id) LEFT JOIN loaded l USING (person_id)
),
carried AS (
    SELECT person_id, skill_id, sum((until - first) * daily) AS asked,
        sum((until - first) * daily) FILTER (WHERE NOT asked) AS hours
    FROM taken WHERE skill_id IS NOT NULL GROUP BY person_id, skill_id
)
SELECT c.person_id, c.skill_id, c.hours, c.asked / {weeks} AS demand,
    a.hours * 7 / a.days / count(*) OVER (PARTITION BY c.person_id) AS room,
    COALESCE(a.over, false) AS over
FROM carried c LEFT JOIN able a USING (person_id) WHERE c.hours > 0
"""

# Scopes and skills become one number each: rows are sorted by it several times as quickly.
SCOPES = """
CREATE TEMP TABLE bottleneck_scope ON COMMIT DROP AS
WITH carrying AS (
    SELECT p.id, p.country FROM volunteers_person p
    WHERE EXISTS (SELECT FROM bottleneck_carrier c WHERE c.person_id = p.id)
), named AS (
    SELECT id AS person_id, 'all' AS name FROM carrying
    UNION ALL SELECT id, 'country:' || country FROM carrying WHERE country <> ''
    UNION ALL SELECT p.id, 'region:' || r.slug
        FROM carrying p JOIN volunteers_region r ON p.country = ANY (r.countries)
    UNION ALL SELECT p.id, 'affiliate:' || m.affiliate_id
        FROM carrying p JOIN volunteers_membership m ON m.person_id = p.id
        WHERE m.confirmed_at IS NOT NULL
), numbered AS (
    SELECT name, row_number() OVER (ORDER BY name) AS scope
    FROM (SELECT DISTINCT name FROM named) AS names
)
SELECT person_id, name, scope FROM named JOIN numbered USING (name)
"""

FIGURES = """
WITH ranked AS (
    SELECT s.scope << 32 | c.skill_id AS one, c.hours, c.demand, c.room, c.over,
        sum(c.hours) OVER (PARTITION BY s.scope << 32 | c.skill_id) AS total,
        sum(c.hours) OVER (
            PARTITION BY s.scope << 32 | c.skill_id ORDER BY c.hours DESC
            ROWS UNBOUNDED PRECEDING
        ) AS carried
    FROM bottleneck_carrier c JOIN bottleneck_scope s USING (person_id)
)
SELECT one >> 32, one & 4294967295, count(*), sum((hours / total) ^ 2),
    count(*) FILTER (WHERE carried - hours < total * (0.5 - 1e-9)), sum(demand),
    COALESCE(sum(room), 0), COALESCE(sum(hours / total) FILTER (WHERE over), 0),
    COALESCE(sum(hours / total) FILTER (WHERE room IS NOT NULL), 0)
FROM ranked GROUP BY one HAVING sum(demand) * {weeks} >= {least}
"""

GROUPS = """
WITH belonging AS (
    SELECT person_id, string_agg(scope::text, ' ' ORDER BY scope) COLLATE "C" AS scopes
    FROM bottleneck_scope GROUP BY person_id
), kinds AS (
    SELECT scopes, row_number() OVER () AS kind
    FROM (SELECT DISTINCT scopes FROM belonging) AS all_kinds
), grouped AS (
    SELECT c.skill_id, k.kind, count(*) AS people
    FROM bottleneck_carrier c JOIN belonging b USING (person_id) JOIN kinds k USING (scopes)
    GROUP BY c.skill_id, k.kind
)
SELECT k.scopes, array_agg(g.skill_id), array_agg(g.people)
FROM grouped g JOIN kinds k USING (kind) GROUP BY k.scopes
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


def figures(day: date) -> Iterator[Figures]:
    """Sum up every skill in every scope, as of a day; call it in a transaction."""
    first, end = monday_of(day) - BACK, monday_of(day) + AHEAD
    counted, values = Person.objects.counted().order_by().values("id").query.sql_with_params()
    period = {"first": sql.Literal(first), "end": sql.Literal(end)}
    numbers = {"weeks": sql.Literal(float(WEEKS)), "least": sql.Literal(float(LEAST_HOURS))}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '512MB'")
        people = sql.SQL(counted)  # the ORM's own words
        cursor.execute(sql.SQL(CARRIERS).format(people=people, **period, **numbers), values)
        cursor.execute(SCOPES)
        cursor.execute("ANALYZE bottleneck_carrier")
        cursor.execute("ANALYZE bottleneck_scope")
        cursor.execute("SELECT DISTINCT scope, name FROM bottleneck_scope")
        names = dict(cursor.fetchall())
        cursor.execute(sql.SQL(FIGURES).format(**numbers))
        weights: dict[int, dict[str, Weights]] = defaultdict(dict)
        for scope, skill, *sums in cursor.fetchall():
            weights[skill][names[scope]] = Weights(*sums)
        cursor.execute(GROUPS)
        groups: dict[int, Groups] = defaultdict(dict)
        for scopes, skills, people_in in cursor.fetchall():
            group = frozenset(names[int(scope)] for scope in scopes.split())
            for skill, number in zip(skills, people_in, strict=True):
                groups[skill][group] = number
        cursor.execute("DROP TABLE bottleneck_carrier, bottleneck_scope")
    return (Figures(skill, weights[skill], groups[skill]) for skill in sorted(weights))
