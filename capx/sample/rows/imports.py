"""Brings two files of an affiliate: one that is done, one that waits for its steward."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial

from capx.sample.rows.known import Known
from capx.sample.rows.notices import post
from volunteers.imports import work, writing
from volunteers.imports.reading import Arrival, arrive
from volunteers.models import Affiliate, Membership, Person

AFFILIATE, STEWARD = "wikimedia-nederland", "maarten"
HEADER = [
    *("Activity ID", "Activity Type", "Subject", "Activity Date", "Duration"),
    *("Activity Status", "Target Contact ID", "Target Contact", "Target Contact Email"),
    *("Source Contact", "Campaign"),
]
# Weeks from today, what, how long as people write it.
YEAR = [
    (-40, "Volunteer", "Helpdesk of the library", "2:00"),
    (-33, "Meeting", "Preparing the writing week", "90"),
    (-26, "Volunteer", "Guided tour with writing afternoon", "3,5 h"),
    (-19, "Volunteer", "Cataloguing photographs", "150"),
    (-12, "Meeting", "Looking back at the writing week", "1:15"),
    (-5, "Volunteer", "Helpdesk of the library", "120 min"),
]
SOON = [
    (-2, "Volunteer", "Stand at the book market", "4:00"),
    (3, "Volunteer", "Helpdesk of the library", "2:00"),
    (3, "Volunteer", "Helpdesk of the library", "two hours"),
]


def write_imports(known: Known, at: datetime) -> None:
    """Bring both files, the first as it would have been three weeks ago."""
    affiliate, steward = known.affiliates[AFFILIATE], known.people[STEWARD]
    members = list(
        Person.objects.visible_to(steward)
        .filter(memberships__in=Membership.objects.confirmed().filter(affiliate=affiliate))
        .order_by("pk")[:6]
    )
    then = at - timedelta(weeks=3)
    year = [row for n, one in enumerate(members) for row in rows(YEAR, one, n, at.date())]
    soon = [
        row for n, one in enumerate(members[:3]) for row in rows(SOON, one, 50 + n, at.date())
    ]
    soon += strangers(soon)
    post(then, partial(bring, affiliate, steward, year, then), at)
    bring(affiliate, steward, soon, at, waits=True)


def rows(
    plan: list[tuple[int, str, str, str]], person: Person, number: int, today: date
) -> Iterable[list[object]]:
    """Give the lines about one person, of which each has done half."""
    for turn, (weeks, kind, subject, duration) in enumerate(plan):
        if (turn + number) % 2:
            day = today + timedelta(weeks=weeks, days=number % 10)
            status = "Completed" if day < today else "Scheduled"
            yield [
                *(number * 100 + turn, kind, subject, f"{day:%d.%m.%Y}", duration, status),
                *(700 + number, person.name, person.email, "Vermeer, Saskia", "Library"),
            ]


def strangers(lines: list[list[object]]) -> list[list[object]]:
    """Give the first lines once more, about a contact whom nobody here knows."""
    about = [790, "Bakker, Joost", "joost@example.net"]
    return [[9000 + n, *line[1:6], *about, *line[9:]] for n, line in enumerate(lines[:2])]


def bring(
    affiliate: Affiliate,
    steward: Person,
    lines: list[list[object]],
    at: datetime,
    *,
    waits: bool = False,
) -> None:
    """Bring a file; it is written at once, or waits."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([HEADER, *lines])
    name = f"CiviCRM {at:%Y-%m}.csv"
    one = arrive(Arrival(steward, affiliate, name, out.getvalue().encode("utf-8-sig")), at=at)
    work.begin(one.pk, at=at)
    one.refresh_from_db()
    if not waits:
        writing.confirm(one, partly=True)
        work.begin(one.pk, at=at)
