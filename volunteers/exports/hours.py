"""Hours as CSV in the columns of CiviCRM's activities; what is written can be read in again."""

import csv
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db.models import OuterRef, Subquery, Value
from django.utils.translation import gettext as _
from django.utils.translation import override

from volunteers.load import Span
from volunteers.models import (
    Affiliate,
    Commitment,
    Import,
    ImportMatch,
    ImportRefusal,
    Person,
)
from volunteers.models.bandwidth import CommitmentQuerySet
from volunteers.models.marks import Mark
from volunteers.models.skills import label_of

HEADER = [
    *("Activity ID", "Activity Type", "Subject", "Activity Date", "Duration"),
    *("Activity Status", "Target Contact ID", "Target Contact"),
    *("Username", "Last Day", "Capacity Exchange ID"),
]
STATES = {
    "planned": "Scheduled",
    "running": "In Progress",
    "done": "Completed",
    "dropped": "Cancelled",
}
NUMBERLESS = Value("")
AT_ONCE = 1000
# A spreadsheet runs a cell that begins so; an apostrophe before it stops that.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def own(person: Person) -> Iterator[bytes]:
    """Write all that a person has taken on and has an end; in nobody's system, so no number."""
    return _write(person.commitments.kept(), NUMBERLESS)


def of_affiliate(affiliate: Affiliate, viewer: Person) -> Iterator[bytes]:
    """Write the hours that an affiliate's files brought, of whom they may be about now."""
    seen = ImportRefusal.objects.takers(affiliate.pk, viewer)
    brought = Commitment.objects.kept().filter(source=Commitment.Source.IMPORT)
    known = ImportMatch.objects.of_affiliate(affiliate, viewer).filter(
        person=OuterRef("person")
    )
    number = Subquery(known.order_by("pk").values("contact")[:1])
    return _write(brought.filter(affiliate=affiliate, person__in=seen), number)


def _write(rows: CommitmentQuerySet, contact: Subquery | Value) -> Iterator[bytes]:
    """Write the lines; what has no end has no duration and is left out.

    `contact` is the number by which the affiliate's system knows whom a line is about.
    """
    ended = rows.filter(period__endswith__isnull=False, state__in=STATES)
    ordered = ended.select_related("person").order_by("period", "pk")
    with override("en"):
        labelled = ordered.annotate(label=label_of("skill_id", "en"), contact=contact)
        yield line(HEADER)
        for row in labelled.iterator(AT_ONCE):
            yield line(_cells(row))


def line(cells: Iterable[object]) -> bytes:
    """Write one line; the first begins with no mark, for CiviCRM would read it as a name."""
    out = Piece()
    csv.writer(out, lineterminator="\r\n").writerow([disarmed(str(cell)) for cell in cells])
    return out.text.encode()


class Piece:
    """Takes what a writer writes."""

    text = ""

    def write(self, text: str) -> int:
        """Keep it."""
        self.text += text
        return len(text)


def disarmed(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run; an import takes it off again."""
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA) else cell


def _cells(row: "Commitment") -> list[object]:
    first, end = row.period.lower, row.period.upper
    _scope, _colon, number = row.key.partition(":")
    theirs = row.source == Commitment.Source.IMPORT and not number.startswith("#")
    return [
        number if theirs else "",
        getattr(row, "label") or "Volunteer",  # noqa: B009 -- an annotation
        row.what,
        f"{first} 00:00:00",
        Span(first, end, row.weekly_hours).minutes(end),
        STATES[row.state],
        vars(row)["contact"] or "",
        row.person,
        row.person.username,
        end - timedelta(days=1),
        Mark.of(row),
    ]


def refused(one: Import) -> Iterator[bytes]:
    """Write the refused lines as they stood, each with its number and why it was refused."""
    yield line([_("Line"), _("Why"), *one.header])
    for each in one.lines.refused().iterator(AT_ONCE):
        yield line([each.number, each.why(), *each.cells])
