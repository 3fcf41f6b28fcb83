"""Says what each line of a file would do, in a few statements over all lines at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from volunteers.models import Import

# What was said about lines because of other lines, or of whom they are about, is said anew
# each time. The key of an export of ours holds for whom it was written about, not for others.
RESET = """
    UPDATE volunteers_importline AS line
    SET reason = '', about = '', outcome = '', before = NULL,
        key = CASE WHEN line.ours_key <> '' AND EXISTS (
            SELECT FROM volunteers_commitment AS there
            WHERE there.person_id = line.person_id
                AND there.source = 'import' AND there.key = line.ours_key
        ) THEN line.ours_key ELSE line.said_key END
    WHERE line.of_id = %(import)s
        AND line.reason IN ('', 'twice', 'contradicts', 'not_from_file')
"""
# What somebody has here from elsewhere their own export does not change: it says the same, to
# the minute, or is refused. What went on here meanwhile is not held against it.
FROM_ELSEWHERE = """
    UPDATE volunteers_importline AS line
    SET (key, reason) = (
        SELECT 'ours:' || there.id,
            CASE WHEN btrim(there.what, E' \\t\\r\\n') = line.what
                AND there.period = line.period
                AND abs(
                    there.weekly_hours * (upper(there.period) - lower(there.period)) * 60 / 7
                    - round(
                        line.weekly_hours * (upper(line.period) - lower(line.period)) * 60 / 7
                    )
                ) <= 0.5
                AND (there.state = line.becomes OR line.becomes IN ('planned', 'running')
                    AND there.state IN ('running', 'done'))
                THEN '' ELSE 'not_from_file' END
        FROM volunteers_commitment AS there WHERE there.id = line.ours_row
    )
    WHERE line.of_id = %(import)s AND line.reason = '' AND line.ours_key = ''
        AND line.person_id = (
            SELECT there.person_id FROM volunteers_commitment AS there
            WHERE there.id = line.ours_row
        )
"""
# Several lines about the same: all say the same, and the first of them stands; or they
# contradict each other, and none does.
TWICE = """
    UPDATE volunteers_importline AS line
    SET reason = CASE WHEN seen.least = seen.most THEN 'twice' ELSE 'contradicts' END,
        about = COALESCE(seen.earlier, seen.later)::text
    FROM (
        SELECT id, min(meaning) OVER every AS least, max(meaning) OVER every AS most,
            first_value(number) OVER before AS earlier, lead(number) OVER one_by_one AS later
        FROM (
            SELECT id, number, {same} AS same,
                concat_ws(
                    '|', what, period, weekly_hours, becomes, person_id, skill_id
                ) AS meaning
            FROM volunteers_importline
            WHERE of_id = %(import)s AND reason = '' AND {known}
        ) AS good
        WINDOW every AS (PARTITION BY same),
            one_by_one AS (PARTITION BY same ORDER BY number),
            before AS (one_by_one ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ) AS seen
    WHERE line.id = seen.id AND line.of_id = %(import)s
        AND (seen.earlier IS NOT NULL OR seen.least <> seen.most)
"""
# What a person let go of stays as they wish. What went on here is not set back to planned.
ACTIVITIES = """
    UPDATE volunteers_importline AS line
    SET (outcome, before) = (
        SELECT CASE
                WHEN line.key LIKE 'ours:%%' THEN 'unchanged'
                WHEN there.id IS NULL THEN 'new'
                WHEN there.let_go_at IS NOT NULL THEN 'unchanged'
                WHEN there.what = line.what AND there.period = line.period
                    AND there.weekly_hours = line.weekly_hours
                    AND there.skill_id IS NOT DISTINCT FROM line.skill_id
                    AND (there.state = line.becomes
                        OR line.becomes = 'planned' AND there.state IN ('running', 'done'))
                    THEN 'unchanged'
                ELSE 'changed'
            END,
            CASE WHEN there.id IS NOT NULL THEN jsonb_build_object(
                'what', there.what, 'first', lower(there.period), 'end', upper(there.period),
                'weekly_hours', there.weekly_hours::text, 'state', there.state,
                'skill', there.skill_id) END
        FROM (SELECT) AS one
        LEFT JOIN volunteers_commitment AS there ON there.person_id = line.person_id
            AND there.source = 'import' AND there.key = line.key
    )
    WHERE line.of_id = %(import)s AND line.reason = '' AND line.person_id IS NOT NULL {from}
"""
CONTACTS = """
    UPDATE volunteers_importline AS line
    SET (outcome, before) = (
        SELECT CASE
                WHEN there.id IS NULL THEN 'new'
                WHEN there.person_id = line.person_id THEN 'unchanged'
                ELSE 'changed'
            END,
            CASE WHEN there.id IS NOT NULL
                THEN jsonb_build_object('person', there.person_id) END
        FROM (SELECT) AS one
        LEFT JOIN volunteers_importmatch AS there
            ON there.affiliate_id = %(affiliate)s AND there.contact = line.contact
    )
    WHERE line.of_id = %(import)s AND line.reason = '' AND line.person_id IS NOT NULL {from}
"""


@contextmanager
def without(way: str) -> Iterator[None]:
    """Keep the planner from one way of finding rows, for some statements of a transaction.

    It knows nothing yet of lines and commitments that have just come: it takes fifty thousand
    for one, and compares each with each. What is here is therefore looked up line by line as
    well, in a subquery, and not joined: of three tables it would join the wrong two first.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL enable_{way} = off")
        yield
        cursor.execute(f"SET LOCAL enable_{way} = on")


def judge(one: Import) -> None:
    """Say of each line whether it is doubled, and what it would do to what is here."""
    if one.kind == Import.Kind.CONTACTS:
        twice = TWICE.format(same="contact", known="contact <> ''")
    else:
        twice = TWICE.format(same="ARRAY[person_id::text, key]", known="person_id IS NOT NULL")
    with connection.cursor() as cursor:
        with without("seqscan"):
            cursor.execute(RESET, {"import": one.pk})
            cursor.execute(FROM_ELSEWHERE, {"import": one.pk})
        with without("nestloop"):
            cursor.execute(twice, {"import": one.pk})
    compare(one)


def compare(one: Import, first: int = 0, last: int = 0) -> None:
    """Hold the good lines against what is here now; only those from one number to another."""
    statement = CONTACTS if one.kind == Import.Kind.CONTACTS else ACTIVITIES
    part = "AND line.number BETWEEN %(first)s AND %(last)s" if last else ""
    with without("seqscan"), connection.cursor() as cursor:
        cursor.execute(
            statement.replace("{from}", part),
            {"import": one.pk, "affiliate": one.affiliate_id, "first": first, "last": last},
        )
