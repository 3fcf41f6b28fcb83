"""How the documents are asked: bounded, so that a page costs the same whatever is typed.

Nothing here reads more than a few thousand documents. Where more would fit, the planner's
estimate says so beforehand; then facets are counted in a sample, and those whose turn it is
today stand for the rest.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.errors import QueryCanceled

from capx.prepared import prepared_cursor
from exchange.models.cards import CARD, Card, read_cards
from exchange.models.rooms import AS_NOTED, ROOM, Room, names_in
from exchange.models.samples import (
    BOUND,
    EXACT,
    Sample,
    mended,
    rounded,
    share_for,
    slot,
    windows,
)
from exchange.models.understanding import Understood, understand
from exchange.search import both, either, facet, quote
from volunteers.models import Person

PAGE = 20
LAST_PAGE = 5
ENOUGH = 400  # in a window of time
# Facets of which several values widen what is found; they are counted without themselves.
LOOSE = {"kind", "of", "resource", "skill", "country", "language", "mode", "by"}
FIRST = (-(2**63),) * 5

ESTIMATE = "SELECT 1 FROM exchange_searchdocument WHERE vector @@ %s::tsquery"
# Where the rows lie: what reads them again need not look through the index again, which is
# what costs most. Of each list also those that fit a further condition.
GATHER = """
SELECT %s::text, COALESCE(array_agg(ctid)::text, '{{}}'),
    COALESCE((array_agg(ctid) FILTER (WHERE facets @@ %s::tsquery))::text, '{{}}')
FROM (
    SELECT ctid, facets FROM exchange_searchdocument
    WHERE vector @@ %s::tsquery {with_room} LIMIT %s
) AS found
"""
# A row may have been written over since: whether it is to be seen is asked again.
GATHERED = "ctid = ANY({tids}::tid[]) AND marks @@ {see}::tsquery"
# `ts_stat` counts five times quicker than `unnest` and `GROUP BY`; it takes a query as text.
COUNT = """
SELECT %s::text, word, ndoc FROM ts_stat(format(
    'SELECT facets FROM exchange_searchdocument WHERE {where}', %s::text, %s::text
))
""".format(where=GATHERED.format(tids="%%L", see="%%L"))  # noqa: S608 -- fixed text
COUNT_ANEW = """
SELECT %s::text, word, ndoc FROM ts_stat(format(
    'SELECT CASE WHEN now = room THEN facets WHEN now
        THEN facets || array_to_tsvector(ARRAY[''/room=yes''])
        ELSE ts_delete(facets, ''/room=yes'') END
    FROM (
        SELECT facets, room, {room} AS now FROM exchange_searchdocument WHERE {where} OFFSET 0
    ) AS found',
    {values}
))
""".format(  # noqa: S608 -- fixed text; values are parameters
    room=ROOM.format(**dict.fromkeys(names_in(ROOM), "%%L")),
    where=GATHERED.format(tids="%%L", see="%%L"),
    values=", ".join(["%s::text"] * (len(names_in(ROOM)) + 2)),
)
RANK = """
WITH found AS MATERIALIZED (
    SELECT listing_id, author_id, published_at, title, {fit} AS fit, {room} AS room,
        hashint8extended(listing_id, %(day)s) AS turn
    FROM exchange_searchdocument WHERE {where} {bound}
),
ordered AS (SELECT listing_id, title, room, {order} FROM found),
page AS (
    SELECT * FROM ordered
    WHERE (k1, k2, k3, k4, k5) > (%(k1)s, %(k2)s, %(k3)s, %(k4)s, %(k5)s)
    ORDER BY k1, k2, k3, k4, k5 LIMIT %(most)s OFFSET %(offset)s
),
source AS (
    SELECT listing_id, room, row_number() OVER (ORDER BY k1, k2, k3, k4, k5) AS nth,
        concat_ws('.', k1, k2, k3, k4, k5) AS key,
        ARRAY(
            SELECT DISTINCT place FROM unnest(title) AS t(lexeme, places, weights)
            CROSS JOIN unnest(places) AS place WHERE lexeme = ANY(%(lexemes)s::text[])
        ) AS marked
    FROM page
)
"""
# How many there are to read, up to the last page that is numbered.
REACHED = """
SELECT count(*) FROM (
    SELECT FROM exchange_searchdocument WHERE {where} LIMIT %(all_pages)s
) AS found
"""
# Fit, room, everybody's first before anybody's second, and then whose turn it is today.
BY_FIT = """
    -fit AS k1, -room::integer AS k2,
    row_number() OVER (PARTITION BY author_id, fit, room ORDER BY turn, listing_id) AS k3,
    turn AS k4, listing_id AS k5
"""
BY_DATE = """
    -(extract(epoch FROM published_at) * 1000000)::bigint AS k1, -listing_id AS k2,
    0::bigint AS k3, 0::bigint AS k4, 0::bigint AS k5
"""


class TookTooLong(Exception):
    """The database gave up on this search."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for.

    `see` and `filters` (by name of the facet) are conditions in PostgreSQL's writing; `room`
    says who has another one now than was noted; `day` decides whose turn it is; `after` is the
    key of the last card of the page before.
    """

    see: str
    day: date
    room: Room = AS_NOTED
    text: str = ""
    reading: str = "en"
    filters: Mapping[str, str] = field(default_factory=dict)
    skills: Sequence[str] = ()
    every_skill: bool = False
    newest: bool = False
    page: int = 1
    after: Sequence[int] = FIRST


@dataclass(slots=True)
class Found:
    """What was found: the cards of this page, and how many there are of what."""

    understood: Understood
    cards: list[Card]
    total: int
    # One in so many was counted; 1 means that the numbers are exact.
    share: int
    counts: dict[str, int]
    further: bool
    # The last page with something on it; asked only by those who went past it.
    last: int = LAST_PAGE

    @property
    def about(self) -> int:
        """Give the number of all, to two digits where it was not counted."""
        return rounded(self.total, self.share)


def sees(viewer: Person | AnonymousUser) -> str:
    """Say which documents this viewer can find: `Person.objects.visible_to`, as lexemes."""
    seen = [facet("see", Person.Visibility.PUBLIC)]
    if not isinstance(viewer, AnonymousUser):
        seen += [facet("see", Person.Visibility.MEMBERS), facet("author", viewer.pk)]
    return either(map(quote, seen))


@contextmanager
def bounded() -> Iterator[CursorWrapper]:
    """Open a transaction in which the database gives up after half a second.

    Its statements are prepared: to plan them costs more than to run them, and there is only
    one good plan for each, through the index.
    """
    try:
        with transaction.atomic(), prepared_cursor() as cursor:
            yield cursor
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TookTooLong from error
        raise


def find(wish: Wish) -> Found:
    """Find what fits; raises TookTooLong after half a second in any statement."""
    with bounded() as cursor:
        return Search(cursor, wish).run()


class Search:
    """One search in its transaction."""

    def __init__(self, cursor: CursorWrapper, wish: Wish) -> None:
        """Read what was typed, and put the conditions together."""
        self.cursor, self.wish = cursor, wish
        self.understood = understand(
            cursor, wish.text, see=wish.see, reading=wish.reading, chosen=wish.skills
        )
        self.query, self.room = self.understood.query, wish.room.values()
        self.looked_at: tuple[str, dict[str, Any]] = "", {}
        self.asks = names_in(wish.room.words)
        self.filters, self.with_room = dict(wish.filters), ""
        if "room" in self.filters:
            self.filters["room"], self.with_room = wish.room.found(), f"AND {wish.room.words}"
        if wish.skills:
            join = both if wish.every_skill else either
            chosen = self.understood.skills or wish.skills
            self.filters["skill"] = join(quote(facet("skill", slug)) for slug in chosen)

    def where(self, *more: str, without: str = "") -> str:
        """Give the whole condition, perhaps without the filter of one facet."""
        filters = (value for name, value in self.filters.items() if name != without)
        return both([self.query.match, self.wish.see, *filters, *more])

    def loose(self) -> list[str]:
        """Name the facets in use that are counted without their own filter."""
        narrow = {"skill"} if self.wish.every_skill else set()
        return [name for name in self.filters if name in LOOSE - narrow]

    def run(self) -> Found:
        """Estimate, gather, count, rank."""
        branches = {"": self.where()}
        branches |= {name: self.where(without=name) for name in self.loose()}
        titled = [self.where(self.query.titled)] if self.query.titled else []
        rows = self.estimate(*branches.values(), *titled)
        in_titles = rows.pop() if titled else 0
        samples = self.gather(dict(zip(branches, map(share_for, rows), strict=True)))
        counts, all_of_them = self.count(samples), samples[""]
        if self.wish.newest:
            cards = self.newest(all_of_them)
        else:
            cards = self.fitting(all_of_them, in_titles)
        further = len(cards) > PAGE
        total, share = all_of_them.total, all_of_them.share
        found = Found(self.understood, cards[:PAGE], total, share, counts, further)
        if total and not cards and self.wish.page > 1:
            found.last = self.last_page()
        return found

    def estimate(self, *conditions: str) -> list[int]:
        """Ask the planner how many documents fit each of these conditions."""
        arms = " UNION ALL ".join([ESTIMATE] * len(conditions))
        self.cursor.execute(f"EXPLAIN (FORMAT JSON) {arms}", conditions)
        plan = self.cursor.fetchall()[0][0][0]["Plan"]
        return [
            int(arm["Plan Rows"]) for arm in (plan["Plans"] if len(conditions) > 1 else [plan])
        ]

    def gather(self, shares: Mapping[str, int]) -> dict[str, Sample]:
        """Find the documents to count; once again where the estimate was far off.

        Each facet is counted without its own filter, the others ("") with all of them.
        """
        samples = self.gather_once(shares)
        better = {name: mended(some.share, some.seen) for name, some in samples.items()}
        better = {name: better.get(name, share) for name, share in shares.items()}
        again = {
            name: share
            for name, share in better.items()
            if name not in samples or share != samples[name].share
        }
        return samples | self.gather_once(again) if again else samples

    def gather_once(self, shares: Mapping[str, int]) -> dict[str, Sample]:
        """Look into the index once for each facet; among what one finds is all that fits."""
        holder = next((n for n, share in shares.items() if n and share == shares.get("")), "")
        values: list[Any] = []
        for name in (asked := [name for name in shares if name or not holder]):
            condition = both([self.where(without=name), slot(shares[name], 0)])
            values += [name, self.filters.get(name, self.wish.see), condition]
            values += [*map(self.room.get, names_in(self.with_room)), BOUND]
        asks = dict.fromkeys(self.asks, "%s")
        gather = GATHER.format(with_room=self.with_room.format(**asks))
        self.cursor.execute(" UNION ALL ".join([gather] * len(asked)), values)
        samples: dict[str, Sample] = {}
        for name, found, fitting in self.cursor.fetchall():
            samples[name] = Sample(found, shares[name])
            if holder and name == holder and samples[name].seen < BOUND:
                samples[""] = Sample(fitting, shares[""])
        return samples

    def count(self, samples: Mapping[str, Sample]) -> dict[str, int]:
        """Count the values of the facets among what was gathered for each."""
        values: list[Any] = []
        for name, some in samples.items():
            values += [name, *map(self.room.get, self.asks), some.tids, self.wish.see]
        count = COUNT_ANEW if self.asks else COUNT
        self.cursor.execute(" UNION ALL ".join([count] * len(samples)), values)
        counts: dict[str, int] = {}
        for name, value, number in self.cursor.fetchall():
            own = value[1:].partition("=")[0]
            if name == (own if own in samples else ""):
                share = samples[name].share
                counts[value] = rounded(number * share, share)
        return counts

    def fitting(self, found: Sample, in_titles: int) -> list[Card]:
        """Read one page in the order of fit.

        Of what is too much to rank, the best fits are left, and those whose turn it is today.
        """
        today, titled = self.wish.day.toordinal(), self.query.titled
        if found.share == 1:
            return self.page("", BY_FIT, "", found.tids)
        if titled and in_titles > EXACT:
            match = self.where(titled, slot(share_for(in_titles), today))
        else:
            match = self.where(either([titled, slot(share_for(found.total), today)]))
        return self.page(match, BY_FIT, f"LIMIT {BOUND}")

    def newest(self, found: Sample) -> list[Card]:
        """Read on from the newest, in windows of time that grow until the page is full."""
        if found.share == 1:
            return self.page("", BY_DATE, "", found.tids)
        until = self.wish.day
        if self.wish.after != FIRST:
            until = datetime.fromtimestamp(-self.wish.after[0] / 1_000_000, UTC).date()
        conditions = [self.where(window) for window in windows(until)]
        rows = self.estimate(*conditions)
        start = next((n for n, row in enumerate(rows) if row >= ENOUGH), len(rows))
        cards: list[Card] = []
        for condition in [*conditions[start:], self.where()]:
            cards = self.page(condition, BY_DATE, "")
            if len(cards) > PAGE:
                break
        return cards

    def page(self, match: str, order: str, bound: str, tids: str = "") -> list[Card]:
        """Read one page of cards, and one card more if there is one."""
        fit, values = self.fit()
        room = {name: f"%({name})s" for name in self.asks}
        where = f"vector @@ %(match)s::tsquery {self.with_room.format(**room)}"
        if tids:
            where = GATHERED.format(tids="%(tids)s", see="%(see)s")
        values |= {
            "day": self.wish.day.toordinal(),
            "match": match,
            "tids": tids,
            "see": self.wish.see,
            "lexemes": self.query.lexemes,
            "most": PAGE + 1,
            "offset": PAGE * (self.wish.page - 1),
            **{f"k{n}": key for n, key in enumerate(self.wish.after, 1)},
            **self.room,
        }
        self.looked_at = where, values
        now = self.wish.room.words.format(**room)
        rank = RANK.format(fit=fit, order=order, where=where, bound=bound, room=now)
        self.cursor.execute(rank + CARD, values)
        return read_cards(self.cursor.fetchall())

    def last_page(self) -> int:
        """Give the number of the last page of what was looked at last: numbers can be about."""
        where, values = self.looked_at
        self.cursor.execute(
            REACHED.format(where=where), values | {"all_pages": PAGE * LAST_PAGE}
        )
        rows: int = self.cursor.fetchall()[0][0]
        return max(1, -(-rows // PAGE))

    def fit(self) -> tuple[str, dict[str, Any]]:
        """Score each wanted part: 3 in the title, 2 as the name of a skill, 1 elsewhere."""
        cases = ["0"]
        values: dict[str, Any] = {}
        for n, part in enumerate(self.query.wanted):
            tagged = f"WHEN facets @@ %(s{n})s::tsquery THEN 2" if part.named else ""
            rest = 0 if part.optional else 1
            cases.append(
                f"CASE WHEN title @@ %(t{n})s::tsquery THEN 3 {tagged} ELSE {rest} END"
            )
            values |= {f"t{n}": part.words, f"s{n}": either(map(quote, part.named))}
        return " + ".join(cases), values
