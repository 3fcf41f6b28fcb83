"""Who has room, as the gate says at the moment of looking: what was noted, and what it is now.

The noted word stands in the index. Since then a few people may have changed something, or a day
has begun where they live: they are in doubt, and their word is asked anew for every list. So a
card, a facet and its number, and the order say what the page of the person says.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from capx.prepared import prepared_cursor
from exchange.search import both, either, facet, quote
from volunteers.models import Person

# About so many the gate is asked beside a search. Where more have changed within a minute, the
# others count as having no room until a worker has noted it; beyond so many, nobody has.
ASKED, NAMED = 200, 5_000
YES = quote(facet("room", "yes"))
# Requests and trainings invite answers: of them no list says more than whether seats are left.
TAKES = both([quote(facet("kind", "offer")), f"!{quote(facet('of', 'training'))}"])
SEATS = "COALESCE(seats_left > 0, TRUE)"
NOTED = "room"
# Whether what a row of the index offers is to be had: `{name}` are the values of a Room. For
# nearly all rows it is as it was noted, which one look into a hash tells.
ROOM = """
    CASE
        WHEN NOT {nobody}::boolean AND NOT author_id IN (SELECT unnest({other}::bigint[]))
            THEN room
        WHEN ({nobody}::boolean OR author_id IN (SELECT unnest({shut}::bigint[])))
            AND facets @@ {takes}::tsquery THEN FALSE
        ELSE {seats}
    END
""".replace("{seats}", SEATS)
# `OFFSET 0` keeps each question a look at an index for one person at a time.
AUTHORS = """
    SELECT DISTINCT person_id FROM exchange_doubt AS doubt
    WHERE (since IS NULL OR since <= %(now)s) AND EXISTS (
        SELECT FROM exchange_listing
        WHERE author_id = doubt.person_id AND state = 'open' OFFSET 0
    )
    ORDER BY person_id LIMIT %(most)s
"""


def _array(people: Collection[int]) -> str:
    return "{" + ",".join(map(str, people)) + "}"


@dataclass(frozen=True, slots=True)
class Room:
    """Whose room is another one for a reader than it was noted.

    `shut` are people who take nothing from them, `doubted` all about whom the noted word may
    not hold and the gate was asked. Visitors are not told who has room, so for them `everybody`
    has; for whom organisers have hidden, `nobody`. Of what somebody invites, a request or a
    training, all this says nothing.
    """

    shut: Collection[int] = ()
    doubted: Collection[int] = ()
    nobody: bool = False
    everybody: bool = False

    @property
    def words(self) -> str:
        """Write in SQL whether a row has room, as shortly as can be: it is asked of many."""
        if self.everybody:
            return SEATS
        return ROOM if self.nobody or self.shut or self.doubted else NOTED

    def values(self) -> dict[str, Any]:
        """Give what `words` ask for by name."""
        return {
            "nobody": self.nobody,
            "other": _array({*self.shut, *self.doubted}),
            "shut": _array(self.shut),
            "takes": TAKES,
        }

    def found(self) -> str:
        """Say to the index which rows may have room; ROOM says which of them do."""
        return either([YES, *(quote(facet("author", person)) for person in self.doubted)])


AS_NOTED = Room()


def names_in(words: str) -> list[str]:
    """Name what some words in SQL ask for, in their order, some of it twice."""
    return re.findall(r"\{(\w+)\}", words)


class DoubtQuerySet(models.QuerySet["Doubt"]):
    """Reads of doubts."""

    def due(self, now: datetime) -> "DoubtQuerySet":
        """Keep what has changed, and what time has changed by now."""
        return self.filter(Q(since=None) | Q(since__lte=now))

    def authors(self, now: datetime) -> list[int]:
        """Name those who have something in the catalogue, and may have another word by now."""
        with prepared_cursor() as cursor:
            cursor.execute(AUTHORS, {"now": now, "most": NAMED + 1})
            return [person for (person,) in cursor.fetchall()]


class Doubt(models.Model):
    """That the word noted about somebody may not hold, at once or from a moment on.

    Triggers write it where room changes, as part of that change; whoever notes the word anew
    deletes it.
    """

    person = models.ForeignKey(Person, models.DO_NOTHING, db_constraint=False, related_name="+")
    since = models.DateTimeField(null=True, db_index=True, help_text="Empty: at once.")

    objects = DoubtQuerySet.as_manager()

    def __str__(self) -> str:
        return f"doubt about {self.person_id}"
