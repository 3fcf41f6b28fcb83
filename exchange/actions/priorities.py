"""Writing down the priorities of a year, so that nobody's words are lost to somebody else's."""

from collections.abc import Iterable
from hashlib import sha256

from django.db import transaction

from exchange.models import Priority
from volunteers.models import Affiliate

WRITTEN = ["hours", "amount", "currency", "words"]


class Changed(Exception):
    """Somebody else has written meanwhile."""


def mark_of(rows: Iterable[Priority]) -> str:
    """Give a mark that differs when anything in these rows does; empty ones do not count."""
    told = sorted(
        (
            row.kind,
            str(row.hours and f"{row.hours:.1f}"),
            str(row.amount),
            row.currency,
            row.words,
        )
        for row in filled(rows)
    )
    return sha256(repr(told).encode()).hexdigest()[:22]


def filled(rows: Iterable[Priority]) -> list[Priority]:
    """Keep the rows in which something is written."""
    return [
        row
        for row in rows
        if row.hours is not None or row.amount is not None or row.words.strip()
    ]


@transaction.atomic
def write(affiliate: Affiliate, year: int, rows: list[Priority], *, read: str) -> None:
    """Keep the priorities of a year; `read` is the mark of those the form was filled from.

    Raises Changed when they are others by now; a form sent twice changes nothing.
    """
    Affiliate.objects.select_for_update(no_key=True).get(pk=affiliate.pk)
    kept = Priority.objects.of(affiliate, year)
    now, written = mark_of(kept), filled(rows)
    if now == mark_of(written):
        return
    if now != read:
        raise Changed
    kept.exclude(kind__in=[row.kind for row in written]).delete()
    for row in written:
        row.affiliate, row.year = affiliate, year
    Priority.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["affiliate", "year", "kind"],
        update_fields=WRITTEN,
    )
