"""Whose mail goes next, in one statement of fixed text: it is asked once for each mail."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from capx.prepared import prepared_cursor
from volunteers.models.notices import Notice
from volunteers.models.people import Person

A_DAY = timedelta(days=1)
NOTICE = [field.attname for field in Notice._meta.concrete_fields]
PERSON = [field.attname for field in Person._meta.concrete_fields]
# What goes at once first (a code to sign in must not wait behind a thousand letters), then the
# oldest of those that are due, its row locked. What waited for the same person goes along
# with the first of it. Rests are those of about today: which day it is where the person lives
# is for Python to say.
NEXT = f"""
    SELECT {", ".join(f'n."{name}"' for name in NOTICE)},
        {", ".join(f'p."{name}"' for name in PERSON)},
        ARRAY(
            SELECT period FROM volunteers_rest
            WHERE person_id = p.id AND period && %(about)s::daterange
        )
    FROM volunteers_notice n LEFT JOIN volunteers_person p ON p.id = n.recipient_id
    WHERE n.sent_at IS NULL AND n.by_mail AND n.not_before <= %(now)s
        AND (NOT n.held OR NOT EXISTS (
            SELECT FROM volunteers_notice e
            WHERE e.recipient_id = n.recipient_id AND e.held
                AND e.sent_at IS NULL AND e.by_mail AND e.not_before <= %(now)s
                AND (e.not_before, e.id) < (n.not_before, n.id)
        ))
    ORDER BY n.at_once DESC, n.not_before, n.id LIMIT 1
    FOR UPDATE OF n SKIP LOCKED
"""  # noqa: S608 -- our own names; values are parameters


class Due(NamedTuple):
    """A notice whose turn it is, and when about today its recipient rests."""

    notice: Notice
    rests: list[DateRange]


def lock_next(now: datetime) -> Due | None:
    """Lock the mail that is due, goes next and is held by no other worker."""
    about = DateRange(now.date() - A_DAY, now.date() + 2 * A_DAY)
    with prepared_cursor() as cursor:
        cursor.execute(NEXT, {"now": now, "about": about})
        row = cursor.fetchone()
    if row is None:
        return None
    *columns, rests = row
    notice = Notice.from_db(connection.alias, NOTICE, columns[: len(NOTICE)])
    if notice.recipient_id is not None:
        notice.recipient = Person.from_db(connection.alias, PERSON, columns[len(NOTICE) :])
    return Due(notice, rests)
