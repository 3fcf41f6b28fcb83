"""What the gate reads, in statements of fixed text: of people, and of those who could help too.

Whatever a person's reason, each statement does the same work for them: every column is computed
before anybody looks at one. The comments say which index each part rests on.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateRange

from capx.prepared import prepared_cursor
from capx.zones import elsewhere
from volunteers.load import Calendar, Span
from volunteers.models import calendars
from volunteers.models.abilities import PersonSkill

# Of each row p of a person: what closes the gate or makes it tight, and what fills the weeks.
# `OFFSET 0`, here and below, keeps each question a look at an index for one person at a time.
OF_EACH = """
    p.id, p.time_zone, p.open_asks, p.last_asked_at, p.shares,
    NOT (p.may_be_asked AND p.is_active AND p.hidden_at IS NULL AND p.visibility <> 'hidden')
        OR EXISTS (
            SELECT FROM volunteers_person WHERE id = %(asker)s AND hidden_at IS NOT NULL
        ),
    EXISTS (
        SELECT FROM volunteers_block WHERE person_id = p.id AND blocked_id = %(asker)s OFFSET 0
    ),
    EXISTS (
        SELECT FROM volunteers_block WHERE person_id = %(asker)s AND blocked_id = p.id OFFSET 0
    ),
    EXISTS (
        SELECT FROM volunteers_ask
        WHERE person_id = p.id AND asker_id = %(asker)s AND declined
            AND answered_at >= %(lately)s OFFSET 0
    ),
    (SELECT max(asked_at) FROM volunteers_ask
        WHERE person_id = p.id AND NOT invited AND asked_at >= %(lately)s),
    (SELECT count(*) FROM volunteers_ask
        WHERE person_id = p.id AND answered_at IS NULL AND NOT invited),
    (SELECT min(asked_at) FROM volunteers_ask
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
        SELECT state, lower(period), upper(period), weekly_hours
        FROM volunteers_commitment
        WHERE person_id = p.id AND state IN ('planned', 'running') AND period && %(period)s
            AND key <> %(instead_of)s
        UNION ALL
        SELECT state, lower(period), upper(period), weekly_hours
        FROM volunteers_commitment
        WHERE person_id = p.id AND state = 'done' AND period && %(period)s
            AND upper(period) > lower(%(period)s::daterange) AND key <> %(instead_of)s
    ) AS span (what, first_day, end_day, weekly_hours) ON true
"""
COLUMNS = """
    p.id, p.time_zone, p.open_asks, p.last_asked_at, p.may_be_asked, p.is_active, p.hidden_at,
    p.visibility
"""
NAMED = f"""
    SELECT {OF_EACH}
    FROM (
        SELECT {COLUMNS}, false AS shares FROM volunteers_person AS p
        WHERE p.id = ANY(%(people)s::bigint[])
    ) AS p
    {SPANS}
"""  # noqa: S608 -- fixed text; values are parameters
# Of each asker, those between whom and them a block stands, or a no of late.
SHUT = """
    SELECT blocked_id, person_id FROM volunteers_block
    WHERE blocked_id = ANY(%(askers)s::bigint[])
    UNION
    SELECT person_id, blocked_id FROM volunteers_block
    WHERE person_id = ANY(%(askers)s::bigint[])
    UNION
    SELECT asker_id, person_id FROM volunteers_ask
    WHERE asker_id = ANY(%(askers)s::bigint[]) AND declined AND answered_at >= %(lately)s
"""
# The skills with all below them, the asker's languages, how many people have one of the skills
# or speak one of the languages, counted up to `most`, and about how many people there are.
WANTED = """
    WITH wanted AS MATERIALIZED (
        SELECT id FROM volunteers_skill WHERE path && %(skills)s::bigint[]
    ), spoken AS MATERIALIZED (
        SELECT language FROM volunteers_personlanguage WHERE person_id = %(asker)s
    )
    SELECT ARRAY(SELECT id FROM wanted), ARRAY(SELECT language FROM spoken),
        (SELECT count(*) FROM (
            SELECT FROM volunteers_personskill
            WHERE skill_id IN (SELECT id FROM wanted) AND how <> 'wants' LIMIT %(most)s
        ) AS able),
        (SELECT count(*) FROM (
            SELECT FROM volunteers_personlanguage
            WHERE language IN (SELECT language FROM spoken) LIMIT %(most)s
        ) AS speaking),
        (SELECT reltuples FROM pg_class WHERE oid = 'volunteers_person'::regclass)
"""
# Who cannot be asked is left out before anybody is counted; what their weeks hold is looked at
# afterwards. Which day it is where somebody lives is told by the zones where it is another one
# than in UTC: the names that Python knows need not be known to the database.
COULD_BE_SEEN = """
    p.is_active AND NOT p.unconfirmed AND p.may_be_asked AND p.hidden_at IS NULL
    AND p.visibility <> 'hidden' AND p.id <> ALL(%(without)s::bigint[])
"""
COULD_BE_ASKED = """
    NOT EXISTS (
        SELECT FROM volunteers_rest WHERE person_id = p.id AND period @> CASE
            WHEN p.time_zone = ANY(%(ahead)s::text[]) THEN %(day)s::date + 1
            WHEN p.time_zone = ANY(%(behind)s::text[]) THEN %(day)s::date - 1
            ELSE %(day)s::date
        END OFFSET 0
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
ABLE = """
    skill_id = ANY(%(wanted)s::bigint[]) AND how <> 'wants'
"""
# Of each `who`: whether they can do it, and whether they speak one of the languages.
ABLE_TOO = f"""
    EXISTS (
        SELECT FROM volunteers_personskill WHERE person_id = {{who}} AND {ABLE} OFFSET 0
    )
"""
SPEAKS_TOO = """
    EXISTS (
        SELECT FROM volunteers_personlanguage
        WHERE person_id = {who} AND language = ANY(%(languages)s::text[]) OFFSET 0
    )
"""
# Those of the able who share a language and were never asked come first. Along each language,
# and along each skill, an index gives people in the order of their turn: a walk along either
# ends as soon as it has met enough who are both.
ALONG = {
    "languages": (
        "unnest(%(languages)s::text[]) AS one (language)",
        f"""
            SELECT person_id FROM volunteers_personlanguage AS met
            WHERE language = one.language AND {ABLE_TOO.format(who="met.person_id")}
        """,  # noqa: S608 -- fixed text; values are parameters
    ),
    "skills": (
        "unnest(%(wanted)s::bigint[]) AS one (skill), unnest(%(hows)s::text[]) AS way (how)",
        f"""
            SELECT person_id FROM volunteers_personskill AS met
            WHERE skill_id = one.skill AND how = way.how
                AND {SPEAKS_TOO.format(who="met.person_id")}
        """,  # noqa: S608 -- fixed text; values are parameters
    ),
}
# Of all who are able, each is looked at, or everybody in the order of asking until enough of
# them are met. So the work stays small, however common or rare a skill or a language is.
ALL = {
    "people": ABLE_TOO.format(who="p.id"),
    "skills": f"p.id = ANY(ARRAY(SELECT person_id FROM volunteers_personskill WHERE {ABLE}))",  # noqa: S608 -- fixed text; values are parameters
}
FRONT = """
    WITH speaking AS MATERIALIZED (
        SELECT DISTINCT ON (first.id) first.*, true AS shares
        FROM {walks} CROSS JOIN LATERAL (
            SELECT {columns} FROM ({walk} ORDER BY person_id OFFSET 0) AS met
            CROSS JOIN LATERAL (
                SELECT {columns} FROM volunteers_person AS p
                WHERE p.id = met.person_id AND p.last_asked_at IS NULL AND {seen} OFFSET 0
            ) AS p
            WHERE {asked} ORDER BY met.person_id LIMIT %(number)s
        ) AS first
        ORDER BY first.id LIMIT %(number)s
    ), able AS MATERIALIZED (
        SELECT {columns}, false AS shares FROM (
            SELECT {columns} FROM volunteers_person AS p WHERE {all} AND {seen}
            ORDER BY p.last_asked_at NULLS FIRST, p.id OFFSET 0
        ) AS p
        WHERE {asked} LIMIT %(number)s
    ), turn AS (
        SELECT * FROM speaking
        UNION ALL
        SELECT * FROM able WHERE id NOT IN (SELECT id FROM speaking)
        ORDER BY last_asked_at NULLS FIRST, shares DESC, id LIMIT %(number)s
    )
    SELECT {each} FROM turn AS p {spans}
"""
# Beyond so many it makes no difference how many there are.
MOST = 5_000
A_TURN = 25
# To look somebody up costs so many steps of a walk along everybody.
LOOK_UP = 2
HOWS = [how for how in PersonSkill.How if how != PersonSkill.How.WANTS]
# The same queue, of those who want to learn it.
ABLE_TO, LEARNING = "how <> 'wants'", "how = 'wants'"


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
    asked_lately_at: datetime | None
    waiting: int
    waits_since: datetime | None
    calendar: Calendar = field(default_factory=Calendar)

    def day(self, now: datetime) -> date:
        """Tell which day it is where the person lives."""
        return now.astimezone(ZoneInfo(self.zone)).date()


class Moment(NamedTuple):
    """For whom, from when, and about which days the gate reads."""

    asker: int | None
    now: datetime
    lately: datetime
    period: DateRange
    instead_of: str = ""


def standings(people: Collection[int], moment: Moment) -> dict[int, Standing]:
    """Read of each of these people what decides, in one statement."""
    return {
        standing.person: standing
        for standing in _read(NAMED, {"people": list(people), **moment._asdict()})
    }


def shut_to(askers: Collection[int], lately: datetime) -> set[tuple[int, int]]:
    """Name (asker, person) wherever something stands between the two, in one statement."""
    with prepared_cursor() as cursor:
        cursor.execute(SHUT, {"askers": list(askers), "lately": lately})
        return set(cursor.fetchall())


class Crowd(NamedTuple):
    """How many are able, how many speak one of the asker's languages, how many there are.

    And how many walks there would be along the skills, and along the languages.
    """

    able: int
    speaking: int
    people: float
    skills: int
    languages: int

    def way_to_able(self) -> str:
        """Look at each who is able, or at everybody until enough of them are met."""
        many = A_TURN * self.people < LOOK_UP * self.able**2
        return "people" if many else "skills"

    def way_to_speaking(self) -> str:
        """Walk along the skills or along the languages, whichever is fewer steps.

        A walk ends after a turn: the more common the other thing is, the sooner.
        """
        turn = A_TURN * max(self.people, 1)
        along_skills = min(self.able, self.skills * turn / max(self.speaking, 1))
        along_languages = min(self.speaking, self.languages * turn / max(self.able, 1))
        return "skills" if along_skills < along_languages else "languages"


class Queue:
    """People with one of some skills who could be asked, least recently asked first.

    Of all who were never asked, those who speak the asker's language come first. `learning`
    means those who want to learn one of the skills instead.
    """

    def __init__(
        self,
        skills: Collection[int],
        moment: Moment,
        without: Collection[int],
        *,
        learning: bool = False,
    ) -> None:
        """Look up what is below the skills, what the asker speaks, and how many are able."""
        about: dict[str, Any] = {"skills": list(skills), "most": MOST, "asker": moment.asker}
        how, hows = (LEARNING, [PersonSkill.How.WANTS]) if learning else (ABLE_TO, HOWS)
        with prepared_cursor() as cursor:
            cursor.execute(WANTED.replace(ABLE_TO, how), about)
            wanted, languages, able, speaking, people = cursor.fetchall()[0]
        walks = len(wanted) * len(hows), len(languages)
        self.text = _front(Crowd(able, speaking, people, *walks)).replace(ABLE_TO, how)
        self.about: dict[str, Any] = {
            **moment._asdict(),
            **elsewhere(moment.now)._asdict(),
            "wanted": wanted,
            "hows": hows,
            "languages": languages,
            "without": [*without, moment.asker],
        }

    def first(self, number: int) -> list[Standing]:
        """Give so many from its front, in one statement."""
        return sorted(_read(self.text, {**self.about, "number": number}), key=_turn)[:number]


def _front(crowd: Crowd) -> str:
    """Choose the shortest way to the front of a queue."""
    walks, walk = ALONG[crowd.way_to_speaking()]
    return FRONT.format(
        walks=walks,
        walk=walk,
        all=ALL[crowd.way_to_able()],
        columns=COLUMNS,
        seen=COULD_BE_SEEN,
        asked=COULD_BE_ASKED,
        each=OF_EACH,
        spans=SPANS,
    )


def _turn(standing: Standing) -> tuple[float, bool, int]:
    """Say when it is whose turn."""
    asked = standing.last_asked_at
    return asked.timestamp() if asked else 0, not standing.shares, standing.person


def _read(text: str, about: Mapping[str, Any]) -> Iterator[Standing]:
    """Put the rows of each person together."""
    found: dict[int, Standing] = {}
    with prepared_cursor() as cursor:
        cursor.execute(text, about)
        for row in cursor.fetchall():
            person, zone, open_asks, asked, shares = row[:5]
            shut, blocked, blocks, refused, *asked_for = row[5:12]
            what, *span = row[12:]
            if person not in found:
                found[person] = Standing(
                    *(person, zone, open_asks, asked, shares),
                    *(shut | blocked | blocks, refused, *asked_for),
                )
            if what:
                standing = found[person]
                day = standing.day(about["now"])
                calendars.put(standing.calendar, Span(*span), what, day)
    yield from found.values()
