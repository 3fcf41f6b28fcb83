"""What the gate reads, in statements of fixed text: of people, and of those who could help too.

Whatever a person's reason, each statement does the same work for them: every column is computed
before anybody looks at one. The comments say which index each part rests on.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from volunteers.load import Calendar, Span

# Of each row p of a person: what closes the gate or makes it tight, and what fills the weeks.
OF_EACH = """
    p.id, p.time_zone, p.open_asks, p.last_asked_at, p.shares,
    NOT (p.may_be_asked AND p.is_active AND p.hidden_at IS NULL AND p.visibility <> 'hidden'),
    EXISTS (
        SELECT FROM volunteers_block WHERE person_id = p.id AND blocked_id = %(asker)s
    ),
    EXISTS (
        SELECT FROM volunteers_block WHERE person_id = %(asker)s AND blocked_id = p.id
    ),
    EXISTS (
        SELECT FROM volunteers_ask
        WHERE person_id = p.id AND asker_id = %(asker)s AND declined AND answered_at >= %(lately)s
    ),
    EXISTS (
        SELECT FROM volunteers_ask
        WHERE person_id = p.id AND NOT invited AND asked_at >= %(lately)s
    ),
    (SELECT count(*) FROM volunteers_ask
        WHERE person_id = p.id AND answered_at IS NULL AND NOT invited),
    span.what, span.first_day, span.end_day, span.weekly_hours
"""
SPANS = """
    LEFT JOIN LATERAL (
        SELECT 'declared', lower(period), upper(period), weekly_hours
        FROM volunteers_bandwidth WHERE person_id = p.id AND period && %(period)s
        UNION ALL
        SELECT 'rest', lower(period), upper(period), 0
        FROM volunteers_rest WHERE person_id = p.id AND period && %(period)s
        UNION ALL
        SELECT 'taken', lower(period), upper(period), weekly_hours
        FROM volunteers_commitment
        WHERE person_id = p.id AND state IN ('planned', 'running') AND period && %(period)s
            AND key <> %(instead_of)s
    ) AS span (what, first_day, end_day, weekly_hours) ON true
"""
NAMED = f"""
    SELECT {OF_EACH}
    FROM (SELECT *, false AS shares FROM volunteers_person WHERE id = ANY(%(people)s)) AS p
    {SPANS}
"""
# The skills with all below them, the asker's languages, and whether more people than `few`
# have one of the skills: then it is quicker to go through the people in the order of asking.
WANTED = """
    WITH wanted AS MATERIALIZED (
        SELECT id FROM volunteers_skill WHERE path && %(skills)s
    )
    SELECT ARRAY(SELECT id FROM wanted),
        ARRAY(SELECT language FROM volunteers_personlanguage WHERE person_id = %(asker)s),
        (SELECT count(*) FROM (
            SELECT FROM volunteers_personskill
            WHERE skill_id IN (SELECT id FROM wanted) AND how <> 'wants' LIMIT %(few)s
        ) AS able) < %(few)s
"""
# Who cannot be asked is left out before anybody is counted; what their weeks hold is looked at
# afterwards. `OFFSET 0` keeps each question a look at an index for one person at a time.
COULD_BE_SEEN = """
    p.is_active AND NOT p.unconfirmed AND p.may_be_asked AND p.hidden_at IS NULL
    AND p.visibility <> 'hidden' AND p.id <> ALL(%(without)s)
"""
COULD_BE_ASKED = """
    NOT EXISTS (
        SELECT FROM volunteers_rest WHERE person_id = p.id AND period @> %(day)s OFFSET 0
    )
    AND NOT EXISTS (
        SELECT FROM volunteers_block
        WHERE person_id = p.id AND blocked_id = %(asker)s OFFSET 0
    )
    AND NOT EXISTS (
        SELECT FROM volunteers_block
        WHERE person_id = %(asker)s AND blocked_id = p.id OFFSET 0
    )
    AND NOT EXISTS (
        SELECT FROM volunteers_ask
        WHERE person_id = p.id AND asker_id = %(asker)s AND declined
            AND answered_at >= %(lately)s OFFSET 0
    )
    AND p.open_asks > (
        SELECT count(*) FROM volunteers_ask
        WHERE person_id = p.id AND answered_at IS NULL AND NOT invited
    )
"""
SPEAKS = """
    EXISTS (
        SELECT FROM volunteers_personlanguage AS spoken
        WHERE spoken.person_id = p.id AND spoken.language = ANY(%(languages)s) {once}
    )
"""
ABLE = """
    EXISTS (
        SELECT FROM volunteers_personskill AS able
        WHERE able.person_id = p.id AND able.skill_id = ANY(%(wanted)s)
            AND able.how <> 'wants' {once}
    )
"""
ONCE = "OFFSET 0"
# Few are able: all of them in their order, and the first who could be asked.
AMONG_FEW = f"""
    WITH turn AS MATERIALIZED (
        SELECT * FROM (
            SELECT p.*, p.last_asked_at IS NULL AND {SPEAKS.format(once=ONCE)} AS shares
            FROM volunteers_person AS p
            WHERE {COULD_BE_SEEN} AND p.id IN (
                SELECT person_id FROM volunteers_personskill
                WHERE skill_id = ANY(%(wanted)s) AND how <> 'wants'
            )
            ORDER BY p.last_asked_at NULLS FIRST, shares DESC, p.id OFFSET 0
        ) AS p
        WHERE {COULD_BE_ASKED}
        LIMIT %(number)s
    )
    SELECT {OF_EACH} FROM turn AS p {SPANS}
"""
# Many are able: from the front of the queue, and those never asked who speak one's language.
AMONG_MANY = f"""
    WITH speaking AS MATERIALIZED (
        SELECT * FROM (
            SELECT p.*, true AS shares FROM volunteers_person AS p
            WHERE {COULD_BE_SEEN} AND p.last_asked_at IS NULL
                AND {SPEAKS.format(once="")} AND {ABLE.format(once="")}
            ORDER BY p.id OFFSET 0
        ) AS p
        WHERE {COULD_BE_ASKED}
        LIMIT %(number)s
    ), first AS MATERIALIZED (
        SELECT p.*, false AS shares FROM volunteers_person AS p
        WHERE {COULD_BE_SEEN} AND {ABLE.format(once=ONCE)} AND {COULD_BE_ASKED}
        ORDER BY p.last_asked_at NULLS FIRST, p.id
        LIMIT %(number)s
    ), turn AS (
        SELECT * FROM speaking
        UNION ALL
        SELECT * FROM first WHERE id NOT IN (SELECT id FROM speaking)
    )
    SELECT {OF_EACH} FROM turn AS p {SPANS}
"""
# Where so many are able, every fiftieth of a hundred thousand is: both ways are as quick.
FEW = 2000


@dataclass(slots=True)
class Standing:
    """All that decides whether one person may be asked."""

    person: int
    zone: str
    open_asks: int
    last_asked_at: datetime | None
    shares: bool
    shut: bool
    refused: bool
    asked_lately: bool
    waiting: int
    calendar: Calendar = field(default_factory=Calendar)

    def day(self, now: datetime) -> date:
        """Tell which day it is where the person lives."""
        return now.astimezone(ZoneInfo(self.zone)).date()


class Moment(NamedTuple):
    """For whom, from when, and about which days the gate reads."""

    asker: int | None
    lately: datetime
    period: DateRange
    instead_of: str = ""


def standings(people: Collection[int], moment: Moment) -> dict[int, Standing]:
    """Read of each of these people what decides, in one statement."""
    return {
        standing.person: standing
        for standing in _read(NAMED, {"people": list(people), **moment._asdict()})
    }


class Queue:
    """People with one of some skills who could be asked, least recently asked first.

    Of all who were never asked, those who speak the asker's language come first.
    """

    def __init__(
        self, skills: Collection[int], moment: Moment, day: date, without: Collection[int]
    ) -> None:
        """Look up what is below the skills, and what the asker speaks."""
        about = {"skills": list(skills), "few": FEW, "asker": moment.asker}
        with connection.cursor() as cursor:
            cursor.execute(WANTED, about)
            wanted, languages, few = cursor.fetchall()[0]
        self.text = AMONG_FEW if few else AMONG_MANY
        self.about: dict[str, Any] = {
            **moment._asdict(),
            "day": day,
            "wanted": wanted,
            "languages": languages,
            "without": [*without, moment.asker],
        }

    def first(self, number: int) -> list[Standing]:
        """Give so many from its front, in one statement."""
        return sorted(_read(self.text, {**self.about, "number": number}), key=_turn)[:number]


def _turn(standing: Standing) -> tuple[float, bool, int]:
    """Say when it is whose turn."""
    asked = standing.last_asked_at
    return asked.timestamp() if asked else 0, not standing.shares, standing.person


def _read(text: str, about: Mapping[str, Any]) -> Iterator[Standing]:
    """Put the rows of each person together."""
    found: dict[int, Standing] = {}
    with connection.cursor() as cursor:
        cursor.execute(text, about)
        for row in cursor.fetchall():
            person, zone, open_asks, asked, shares = row[:5]
            shut, blocked, blocks, refused, lately, waiting = row[5:11]
            if person not in found:
                found[person] = Standing(
                    *(person, zone, open_asks, asked, shares),
                    *(shut | blocked | blocks, refused, lately, waiting),
                )
            _note(found[person].calendar, *row[11:])
    yield from found.values()


def _note(calendar: Calendar, what: str | None, *span: Any) -> None:
    """Write one span of days into a calendar."""
    if what == "declared":
        calendar.declared.append(Span(*span))
    elif what == "rest":
        calendar.rests.append(Span(*span))
    elif what == "taken":
        calendar.commitments.append(Span(*span))
