"""Who carries how much of each skill, summed up by scope, however many people there are.

What is looked at: nine whole weeks back and four ahead, from Monday to Monday; people who let
themselves be counted; what they have agreed to (D also holds what they are asked and have not
answered). A row is a skill of the second level of the tree with all that is below it, so that
every hour is in one row only and no two rows can be subtracted from each other; what is noted
for a whole branch is the row of the branch.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import LiteralString, NamedTuple

import numpy as np
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from psycopg import sql

from volunteers.load import monday_of
from volunteers.models import Commitment, Person, Region, Skill
from volunteers.reports.carried import HOUR, Carried, Window, whole_numbers
from volunteers.scoring import EXACT, LEAST_HOURS, Column, Weights

BACK, AHEAD = timedelta(weeks=9), timedelta(weeks=4)
WEEKS = (BACK + AHEAD).days // 7
A_WEEK = 1 / HOUR / WEEKS  # hours a week that one of the smallest parts of an hour is

# People of one country and the same affiliates are in the same scopes.
KINDS: LiteralString = """
WITH belonging AS (
    SELECT p.id, p.country, array_agg(m.affiliate_id ORDER BY m.affiliate_id)
        FILTER (WHERE m.confirmed_at IS NOT NULL) AS affiliates
    FROM ({people}) p LEFT JOIN volunteers_membership m ON m.person_id = p.id
    GROUP BY p.id, p.country
)
SELECT country, affiliates, string_agg(int8send(id), '') FROM belonging
GROUP BY country, affiliates
"""
# It runs by night, on one of the processors.
PLANNED = """
SET LOCAL work_mem = '256MB'; SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0
"""

Groups = dict[frozenset[str], int]


class Crowd(NamedTuple):
    """The keys of all who are counted, in their order, the kind of each, and its scopes."""

    people: Column
    kind: Column
    kinds: list[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of one skill: its weights by scope, and who is in which scopes.

    `declared` are those of them who said what they can give.
    """

    skill: int
    by_scope: dict[str, Weights]
    groups: Groups
    declared: Groups


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
    with connection.cursor() as cursor:
        cursor.execute(PLANNED)
    first, end = monday_of(day) - BACK, monday_of(day) + AHEAD
    counted = Person.objects.counted()
    if skills is not None:
        counted = counted.filter(pk__in=_carrying(skills, DateRange(first, end)))
    crowd = _crowd(counted)
    found = Window(first, end, crowd.people, some=skills is not None).carried(_rows())
    if skills is not None:
        found = found.only(np.isin(found.skill, list(skills)))
    weighed, groups = _weighed(found, crowd), _groups(found, crowd)
    declared = _groups(found.only(found.carriers.known), crowd)
    for skill in sorted(weighed):
        yield Figures(skill, weighed[skill], groups[skill], declared[skill])


def _rows() -> Column:
    """Give for each key of a skill the key of the row that it is in: 0 for none."""
    paths = dict(Skill.objects.order_by().values_list("pk", "path"))
    rows = np.zeros(max(paths, default=0) + 1, int)
    for key, path in paths.items():
        rows[key] = path[min(1, len(path) - 1)]
    return rows


def _carrying(skills: Collection[int], period: DateRange) -> QuerySet[Commitment, int]:
    """Give the keys of those who have taken on anything of some rows in a period."""
    within = Skill.objects.filter(path__overlap=list(skills)).values("pk")
    taken = Commitment.objects.during(period).filter(skill__in=within)
    return taken.exclude(state=Commitment.State.DROPPED).values_list("person", flat=True)


def _crowd(some: QuerySet[Person]) -> Crowd:
    """Read who of these are in which scopes."""
    counted, values = some.order_by().values("id", "country").query.sql_with_params()
    regions = _regions()
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(KINDS).format(people=sql.SQL(counted)), values
        )  # the ORM's words
        rows = cursor.fetchall()
    kinds = [_scopes(country, affiliates or [], regions) for country, affiliates, _keys in rows]
    keys = [whole_numbers(sent) for _country, _affiliates, sent in rows]
    people = np.concatenate([np.zeros(0, int), *keys])
    kind = np.repeat(np.arange(len(kinds)), [len(some) for some in keys])
    order = np.argsort(people)
    return Crowd(people[order], kind[order], kinds)


def _weighed(found: Carried, crowd: Crowd) -> dict[int, dict[str, Weights]]:
    """Weigh each skill in each scope in which enough is asked for.

    Everybody stands once in each of their scopes, in the order of the hours they carry.
    """
    weighed: dict[int, dict[str, Weights]] = defaultdict(dict)
    entry, scope, names = _everywhere(crowd.kind[found.person], crowd.kinds)
    if not len(entry):
        return weighed
    most = found.skill.max() + 1
    places = (scope * most + found.skill[entry]) * len(found.skill) + entry
    places.sort()
    row, entry = np.divmod(places, len(found.skill))
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    each = found.carriers.sums(entry, starts).weights(A_WEEK)
    for place, weights in zip(row[starts].tolist(), each, strict=True):
        at, skill = divmod(place, int(most))
        if weights.carriers and weights.demand >= LEAST_HOURS / WEEKS - EXACT:
            weighed[skill][names[at]] = weights
    return weighed


def _everywhere(kind: Column, kinds: list[frozenset[str]]) -> tuple[Column, Column, list[str]]:
    """Put each entry, of a kind of people, into each scope of its kind; and name the scopes."""
    names = sorted({name for scopes in kinds for name in scopes})
    number = {name: n for n, name in enumerate(names)}
    scopes = np.array([number[name] for some in kinds for name in some], int)
    sizes = np.array([len(some) for some in kinds], int)
    times = sizes[kind]
    entry = np.repeat(np.arange(len(kind)), times)
    first = (np.cumsum(sizes) - sizes)[kind] - (np.cumsum(times) - times)
    return entry, scopes[np.arange(len(entry)) + first[entry]], names


def _groups(found: Carried, crowd: Crowd) -> dict[int, Groups]:
    """Count for each skill the people who are in the same scopes."""
    groups: dict[int, Groups] = defaultdict(dict)
    kinds = len(crowd.kinds)
    carried = found.only(found.carriers.hours > 0)
    pairs, people = np.unique(
        carried.skill * kinds + crowd.kind[carried.person], return_counts=True
    )
    for pair, number in zip(pairs.tolist(), people.tolist(), strict=True):
        skill, kind = divmod(pair, kinds)
        groups[skill][crowd.kinds[kind]] = number
    return groups


def _scopes(
    country: str, affiliates: list[int], regions: dict[str, list[str]]
) -> frozenset[str]:
    """List where people of a country and of these affiliates are counted."""
    here = [f"country:{country}", *regions.get(country, ())] if country else []
    return frozenset(("all", *here, *(f"affiliate:{key}" for key in affiliates)))


def _regions() -> dict[str, list[str]]:
    """Give the scopes of the regions that each country is in."""
    found: dict[str, list[str]] = defaultdict(list)
    for slug, countries in Region.objects.values_list("slug", "countries"):
        for country in countries:
            found[country].append(f"region:{slug}")
    return found
