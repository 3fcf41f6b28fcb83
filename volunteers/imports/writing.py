"""Writes what a file says, chunk by chunk, tells people, and takes it back."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q, Subquery

from volunteers import notices
from volunteers.imports.judging import compare, without
from volunteers.imports.matching import takers
from volunteers.imports.reading import hold
from volunteers.models import (
    Affiliate,
    Commitment,
    Import,
    ImportLine,
    ImportMatch,
    Person,
)
from volunteers.models.imports import ImportLineQuerySet

CHUNK = 1000
PEOPLE = 100
DOES = [ImportLine.Outcome.NEW, ImportLine.Outcome.CHANGED]
FIELDS = ["what", "skill", "period", "weekly_hours", "state"]


class NotAll(Exception):
    """Lines are refused, and nobody said that the others shall be written without them."""


class SomethingStandsOnIt(Exception):
    """A later file changed the same again."""


@transaction.atomic
def confirm(one: Import, *, partly: bool) -> None:
    """Let a file that was read be written.

    Raises NotAll where lines are refused, or about nobody, and `partly` is not wished.
    """
    held = Import.objects.select_for_update().get(pk=one.pk)
    unmatched = held.lines.unmatched()
    if not partly and (held.lines.refused().exists() or unmatched.exists()):
        raise NotAll
    unmatched.update(reason=ImportLine.Reason.NOBODY)
    held.move(Import.State.WRITING, position=0, partly=partly)


@transaction.atomic
def write_on(one: Import, *, at: datetime) -> None:
    """Write the next lines; after the last, go on to telling people.

    Locks go from affiliate to people to the import, the way all others take them.
    """
    _lock_affiliate(one)
    batch = list(one.lines.good().filter(number__gt=one.position).order_by("number")[:CHUNK])
    people = (
        takers(one)
        .filter(pk__in={line.person_id for line in batch if line.person_id})
        .order_by("pk")
    )
    taking = {person.pk for person in people.select_for_update(of=("self",)).only("pk")}
    held = hold(one)
    if held is None:
        return
    lost = [line.pk for line in batch if line.person_id not in taking]
    if lost and not held.partly:
        _stop(held, lost, at)
        return
    ImportLine.objects.filter(pk__in=lost).update(
        reason=ImportLine.Reason.NOBODY, outcome="", before=None
    )
    if batch:
        _write(held, batch[0].number, batch[-1].number)
    if len(batch) < CHUNK:
        held.move(Import.State.TELLING, position=0)
        return
    held.position = batch[-1].number
    held.save(update_fields=["position"])


def _lock_affiliate(one: Import) -> None:
    """Let one import of an affiliate write at a time."""
    if one.affiliate_id:
        Affiliate.objects.select_for_update(no_key=True).get(pk=one.affiliate_id)


def _doing(lines: ImportLineQuerySet) -> ImportLineQuerySet:
    """Keep the lines that do something."""
    return lines.good().filter(outcome__in=DOES)


def _write(one: Import, first: int, last: int) -> None:
    """Write the lines from one number to another, held once more against what is here."""
    compare(one, first, last)
    batch = _doing(one.lines.filter(number__range=(first, last)))
    if one.kind == Import.Kind.CONTACTS:
        ImportMatch.objects.bulk_create(
            [
                ImportMatch(
                    affiliate_id=one.affiliate_id,  # type: ignore[misc]  # contacts have one
                    contact=line.contact,
                    person_id=line.person_id,
                )
                for line in batch
            ],
            update_conflicts=True,
            unique_fields=["affiliate", "contact"],
            update_fields=["person"],
        )
        return
    Commitment.objects.bulk_create(
        [_commitment(one, line) for line in batch],
        update_conflicts=True,
        unique_fields=["person", "source", "key"],
        update_fields=FIELDS,
    )


def _commitment(one: Import, line: ImportLine) -> Commitment:
    return Commitment(
        person_id=line.person_id,  # type: ignore[misc]  # of a good line
        affiliate_id=one.affiliate_id,
        source=Commitment.Source.IMPORT,
        key=line.key,
        what=line.what,
        skill_id=line.skill_id,
        period=line.period,
        weekly_hours=line.weekly_hours or Decimal(0),
        state=line.becomes,
    )


def _stop(one: Import, lost: list[int], at: datetime) -> None:
    """Take back what was written: somebody it was about is not there any more."""
    with without("seqscan"):
        _take_back(one, one.lines.filter(number__lte=one.position))
    ImportLine.objects.filter(pk__in=lost).update(reason=ImportLine.Reason.NOBODY)
    one.move(Import.State.STOPPED, ended_at=at)


@transaction.atomic
def tell_on(one: Import, *, at: datetime) -> None:
    """Tell the next people what was written down about them; after the last, be done."""
    touched = _doing(one.lines.all()).order_by("person").values_list("person", flat=True)
    told = one.affiliate_id is not None and one.kind == Import.Kind.ACTIVITIES
    keys = list(touched.distinct()[one.position : one.position + PEOPLE]) if told else []
    held = hold(one)
    if held is None:
        return
    for person in Person.objects.filter(pk__in=keys).order_by("pk"):
        notices.imported(held, person)
    if len(keys) < PEOPLE:
        held.move(Import.State.DONE, ended_at=at)
        return
    held.position += len(keys)
    held.save(update_fields=["position"])


@transaction.atomic
def undo(one: Import, *, at: datetime) -> None:
    """Take a whole import back; raises SomethingStandsOnIt where a later one changed it again.

    What people let go of stays let go.
    """
    _lock_affiliate(one)
    held = Import.objects.select_for_update().get(pk=one.pk)
    writing = Q(of__state__in=[Import.State.WRITING, Import.State.TELLING])
    ended = held.ended_at or at
    since = Q(of__ended_at__gt=ended) | Q(of__ended_at=ended, of__gt=held.pk)
    done = Q(of__state=Import.State.DONE) & since
    later = _doing(ImportLine.objects.filter(writing | done, of__kind=held.kind))
    if held.kind == Import.Kind.CONTACTS:
        later = later.filter(of__affiliate=held.affiliate_id, contact=OuterRef("contact"))
    else:
        later = later.filter(person=OuterRef("person"), key=OuterRef("key"))
    with without("seqscan"):
        again = _doing(held.lines.all()).filter(Exists(later)).exists()
    if again:
        raise SomethingStandsOnIt
    held.move(Import.State.UNDONE, ended_at=at)
    with without("seqscan"):
        _take_back(held, held.lines.all())


def _take_back(one: Import, lines: ImportLineQuerySet) -> None:
    """Delete what lines made, and put back what they changed."""
    done = _doing(lines)
    if one.kind == Import.Kind.CONTACTS:
        _take_back_matches(one, done)
        return
    same = done.filter(person=OuterRef("person"), key=OuterRef("key"))
    written = Commitment.objects.filter(source=Commitment.Source.IMPORT, let_go_at=None)
    written.filter(Exists(same.filter(outcome=ImportLine.Outcome.NEW))).delete()
    changed = same.filter(outcome=ImportLine.Outcome.CHANGED)
    rows = written.filter(Exists(changed)).annotate(
        before=Subquery(changed.values("before")[:1])
    )
    back = [_as_before(row, vars(row)["before"]) for row in rows]
    Commitment.objects.bulk_update(back, FIELDS, batch_size=CHUNK)


def _as_before(row: Any, before: dict[str, Any]) -> Commitment:
    """Put a commitment back to what it was before the import."""
    row.what, row.state = before["what"], before["state"]
    row.weekly_hours = Decimal(before["weekly_hours"])
    row.skill_id = before["skill"]
    first, end = before["first"], before["end"]
    row.period = DateRange(date.fromisoformat(first), end and date.fromisoformat(end))
    put_back: Commitment = row
    return put_back


def _take_back_matches(one: Import, done: ImportLineQuerySet) -> None:
    """Forget the matches an import made, and put back those it changed."""
    matches = ImportMatch.objects.filter(affiliate=one.affiliate_id)
    for line in done:
        here = matches.filter(contact=line.contact, person=line.person_id)
        if line.before:
            here.update(person=line.before["person"])
        else:
            here.delete()
